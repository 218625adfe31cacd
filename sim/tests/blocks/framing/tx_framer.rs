//! The transmitter.

use crate::link::looped::{Offer, frame};
use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::tx_framer::TxFramer;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_spec::control::Idle;
use firstlight_spec::slot::Slot;
use proptest::prelude::*;
use std::collections::VecDeque;

/// What the transmitter is set to.
#[derive(Clone, Copy, Debug, Default)]
struct Settings {
    parity: bool,
    stall_limit: u64,
    idle: Idle,
}

struct Rig {
    bench: Bench<TxFramer>,
    settings: Settings,
    reset: bool,
    /// The slot in the line register, cycle by cycle; accepted beats with their cycle.
    line: Vec<Slot>,
    sent: Vec<(usize, Offer)>,
}

impl Rig {
    fn new(target: Target, settings: Settings) -> Self {
        let bench = Bench::new(TxFramer::new(target), |u| &mut u.clock).recording();
        let mut rig = Rig { bench, settings, reset: false, line: vec![], sent: vec![] };
        // the registers of IDLE fill
        (0..4).for_each(|_| {
            rig.cycle(None, true);
        });
        rig
    }

    fn cycle(&mut self, offer: Option<Offer>, hold: bool) -> bool {
        let (settings, reset) = (self.settings, self.reset);
        let (ready, slot) = self.bench.cycle(
            |u| {
                let beat = offer.unwrap_or_default();
                u.reset.next = reset;
                u.s_axis_tvalid.next = offer.is_some();
                u.s_axis_tdata.next = W::new(beat.data);
                u.s_axis_tkeep.next = W::new((1 << beat.bytes) - 1);
                u.s_axis_tlast.next = beat.last;
                u.s_axis_tuser.next = beat.abort;
                u.hold.next = hold;
                u.parity.next = settings.parity;
                u.stall_limit.next = W::new(settings.stall_limit);
                u.idle_state.next = W::new(settings.idle.state as u64);
                u.idle_request.next = W::new(settings.idle.request as u64);
                u.idle_hint.next = W::new(settings.idle.hint as u64);
            },
            |u| {
                let line = u.line.val();
                let (kind, check) = (line.kind.get() as u8, line.check.get() as u8);
                (u.s_axis_tready.val(), Slot { data: line.data.get(), kind, check })
            },
        );
        if ready && let Some(beat) = offer {
            self.sent.push((self.line.len(), beat));
        }
        self.line.push(slot);
        ready
    }

    /// Sends frames with pauses within and without, and holds between them.
    fn send(&mut self, frames: &[Vec<Offer>], random: &mut impl FnMut() -> u64) {
        let mut beats: VecDeque<Offer> = frames.iter().flatten().copied().collect();
        while let Some(beat) = beats.front() {
            let x = random();
            let offer = (x & 3 != 0).then_some(*beat);
            if self.cycle(offer, x & 0x70 == 0) && offer.is_some() {
                beats.pop_front();
            }
        }
        (0..8).for_each(|_| {
            self.cycle(None, true);
        });
    }

    /// All but the IDLEs, which must be as set.
    fn without_idles(&self) -> Vec<Slot> {
        let wanted = self.settings.idle;
        let is_idle = |slot: &&Slot| match Idle::from_data(slot.data).filter(|_| slot.kind == 0) {
            Some(idle) => {
                assert_eq!((Idle { prbs: 0, ..idle }, slot.syndrome()), (wanted, 0));
                true
            }
            None => false,
        };
        self.line[4..].iter().filter(|slot| !is_idle(slot)).copied().collect()
    }
}

fn expected(frames: &[Vec<Offer>], parity: bool) -> Vec<Slot> {
    let of_frame = |(n, frame): (usize, &Vec<Offer>)| {
        let words: Vec<u64> = frame.iter().map(|b| b.data).collect();
        let last = frame.last().expect("a frame has a beat");
        let ending = if last.abort { Ending::Aborted } else { Ending::Last };
        slots(&words, last.bytes, n as u16, parity, ending)
    };
    frames.iter().enumerate().flat_map(of_frame).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(
        seed in 1u64..,
        lengths in prop::collection::vec((1usize..90, prop::bool::weighted(0.2)), 1..8),
        parity: bool,
        fields: u32,
    ) {
        let idle = Idle { state: fields as u8 & 7, request: (fields >> 8) as u8 & 3, hint: (fields >> 16) as u16, prbs: 0 };
        let mut rig = Rig::new(Target::Generic, Settings { parity, stall_limit: 0, idle });
        let mut random = numbers(seed);
        let mut frames = vec![];
        for (bytes, abort) in lengths {
            let mut beats = frame(bytes, &mut random);
            beats.last_mut().expect("a frame has a beat").abort = abort;
            frames.push(beats);
        }
        rig.send(&frames, &mut random);
        prop_assert_eq!(rig.without_idles(), expected(&frames, parity));
        for (cycle, beat) in &rig.sent {
            prop_assert_eq!(rig.line[cycle + 1].data, beat.data, "one cycle to the line");
        }
    }
}

#[test]
fn a_client_that_stalls_too_long_has_its_frame_ended_stomped_and_the_rest_swallowed() {
    let mut rig = Rig::new(Target::Generic, Settings { stall_limit: 5, ..Settings::default() });
    let mut random = numbers(5);
    let (stalled, next) = (frame(80, &mut random), frame(24, &mut random));
    for beat in &stalled[..3] {
        assert!(rig.cycle(Some(*beat), false));
    }
    (0..12).for_each(|_| {
        rig.cycle(None, false);
    });
    rig.send(&[stalled[3..].to_vec(), next.clone()], &mut random);
    let words: Vec<u64> = stalled[..3].iter().map(|b| b.data).collect();
    let mut want = slots(&words, 8, 0, false, Ending::Stalled);
    want.extend(slots(&next.iter().map(|b| b.data).collect::<Vec<_>>(), 8, 1, false, Ending::Last));
    assert_eq!(rig.without_idles(), want);
}

/// Three beats of a frame of ten words, `pause` cycles with `limit(cycle)`, and the rest of it with pauses of three
/// cycles; the slots sent, and those of the frame if it is sent whole, or given up after three words.
fn interrupted(pause: u64, limit: impl Fn(u64) -> u64) -> (Vec<Slot>, [Vec<Slot>; 2]) {
    let mut rig = Rig::new(Target::Generic, Settings { stall_limit: limit(0), ..Settings::default() });
    let words = frame(80, &mut numbers(8));
    words[..3].iter().for_each(|beat| assert!(rig.cycle(Some(*beat), false)));
    for cycle in 0..pause {
        rig.settings.stall_limit = limit(cycle);
        rig.cycle(None, false);
    }
    rig.settings.stall_limit = limit(0);
    for beat in &words[3..] {
        while !rig.cycle(Some(*beat), false) {}
        (0..3).for_each(|_| {
            rig.cycle(None, false);
        });
    }
    (0..8).for_each(|_| {
        rig.cycle(None, false);
    });
    let data: Vec<u64> = words.iter().map(|b| b.data).collect();
    let whole = slots(&data, 8, 0, false, Ending::Last);
    (rig.without_idles(), [whole, slots(&data[..3], 8, 0, false, Ending::Stalled)])
}

#[test]
fn a_client_that_resumes_while_the_limit_strikes_keeps_its_frame() {
    let limit = 5;
    for pause in 0..20 {
        let (sent, [whole, given_up]) = interrupted(pause, |_| limit);
        let want = if pause <= limit + 2 { whole } else { given_up };
        assert_eq!(sent, want, "a pause of {pause} cycles");
    }
}

#[test]
fn a_limit_that_changes_while_it_strikes_gives_a_frame_up_once() {
    let mut both = [0, 0];
    for change in 4..16 {
        for other in 1..16 {
            let (sent, frames) = interrupted(30, |cycle| if cycle < change { 5 } else { other });
            let which = frames.iter().position(|f| *f == sent);
            both[which.unwrap_or_else(|| panic!("limit {other} from cycle {change} on: {sent:x?}"))] += 1;
        }
    }
    assert!(both.iter().sum::<u32>() == 180 && both[1] > 100, "{both:?}");
}

#[test]
fn a_reset_in_a_tail_sends_no_damaged_word_and_leaves_nothing_behind() {
    for cut in 0..9 {
        let mut rig = Rig::new(Target::Generic, Settings { parity: true, ..Settings::default() });
        let mut random = numbers(9);
        let (first, second) = (frame(40, &mut random), frame(24, &mut random));
        first.iter().for_each(|beat| assert!(rig.cycle(Some(*beat), false)));
        for cycle in 0..12 {
            rig.reset = cycle == cut;
            rig.cycle(None, true);
        }
        assert!(rig.line.iter().skip(4).all(|slot| slot.syndrome() == 0), "reset {cut} cycles after the last beat");
        let data = |frame: &[Offer]| frame.iter().map(|b| b.data).collect::<Vec<_>>();
        let whole = slots(&data(&first), 8, 0, true, Ending::Last);
        // five words, END and two parity words, as far as they were on their way
        let sent = rig.without_idles();
        assert!(sent.len() == (cut as usize + 5).clamp(6, 8) && whole.starts_with(&sent), "{cut}: {sent:x?}");
        rig.send(std::slice::from_ref(&second), &mut random);
        assert_eq!(rig.without_idles()[sent.len()..], slots(&data(&second), 8, 1, true, Ending::Last), "{cut}");
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut rig = Rig::new(target, Settings { parity: true, stall_limit: 6, ..Settings::default() });
        let mut random = numbers(6);
        let frames: Vec<_> = (0..30).map(|n| frame(1 + n * 5, &mut random)).collect();
        rig.send(&frames[..1], &mut random);
        rig.send(&frames[1..], &mut random);
        rig.bench
    };
    let view = ["s_axis_tvalid", "s_axis_tready", "s_axis_tkeep", "s_axis_tlast", "hold"];
    proves_for_both(record, "tx_framer", &view);
}
