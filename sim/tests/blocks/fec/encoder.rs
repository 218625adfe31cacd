//! Check bits of the slot to send.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::fec::encoder::Encoder;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::slot::{check, slot_type};
use proptest::prelude::*;

/// What a client offers, and the prepared check bits.
#[derive(Clone, Copy, Debug)]
struct Offer {
    data: u64,
    bytes: u8,
    last: bool,
    first: bool,
    client: bool,
    prepared: u8,
}

impl Offer {
    fn of(data: u64, random: u64) -> Self {
        let bit = |k: u64| random >> k & 1 != 0;
        Offer {
            data,
            bytes: 1 + (random & 7) as u8,
            last: bit(8),
            first: bit(9),
            client: bit(10) || bit(11),
            prepared: (random >> 16) as u8,
        }
    }

    /// Kind and check bits in the same cycle.
    fn encode(self, bench: &mut Bench<Encoder>) -> (u8, u8) {
        bench.cycle(
            |u| {
                u.data.next = W::new(self.data);
                u.keep.next = W::new((1 << self.bytes) - 1);
                u.last.next = self.last;
                u.opened.next = !self.first;
                u.client.next = self.client;
                u.prepared.next = W::new(self.prepared as u64);
            },
            |u| (u.kind.val().get() as u8, u.check.val().get() as u8),
        )
    }

    fn expected(self) -> (u8, u8) {
        let kind = match (self.last, self.first) {
            (true, _) => slot_type::last(self.bytes as usize),
            (false, true) => slot_type::FIRST,
            (false, false) => slot_type::MORE,
        };
        (kind, if self.client { check(self.data, kind) } else { self.prepared })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(words in prop::collection::vec(any::<(u64, u64)>(), 1..60)) {
        let mut bench = Bench::combinational(Encoder::new(Target::Generic));
        for (data, random) in words {
            let offer = Offer::of(data, random);
            prop_assert_eq!(offer.encode(&mut bench), offer.expected(), "{:x?}", offer);
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(Encoder::new(target)).recording();
        let mut random = numbers(3);
        (0..400).for_each(|_| {
            Offer::of(random(), random()).encode(&mut bench);
        });
        bench
    };
    proves_for_both(record, "encoder", &["keep", "last", "opened", "client", "prepared", "kind", "check"]);
}
