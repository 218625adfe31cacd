//! Slot and mark to words and back.

use super::carried;
use crate::support::{damaged, numbers, proves, tail};
use firstlight_hdl::phy::cell::{Pack, Unpack};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::*;

/// Packed and unpacked again.
#[derive(LogicBlock, Default)]
struct ThereAndBack {
    pub data: Signal<In, W<64>>,
    pub tail: Signal<In, W<12>>,
    pub mark: Signal<In, W<4>>,
    pub word_0: Signal<Out, W<16>>,
    pub word_1: Signal<Out, W<16>>,
    pub word_2: Signal<Out, W<16>>,
    pub word_3: Signal<Out, W<16>>,
    pub word_4: Signal<Out, W<16>>,
    pub data_out: Signal<Out, W<64>>,
    pub tail_out: Signal<Out, W<12>>,
    pub mark_out: Signal<Out, W<4>>,
    pack: Pack,
    unpack: Unpack,
}

impl Logic for ThereAndBack {
    #[hdl_gen]
    fn update(&mut self) {
        self.pack.data.next = self.data.val();
        self.pack.tail.next = self.tail.val();
        self.pack.mark.next = self.mark.val();
        self.word_0.next = self.pack.word_0.val();
        self.word_1.next = self.pack.word_1.val();
        self.word_2.next = self.pack.word_2.val();
        self.word_3.next = self.pack.word_3.val();
        self.word_4.next = self.pack.word_4.val();
        self.unpack.words.next.word_0 = self.pack.word_0.val();
        self.unpack.words.next.word_1 = self.pack.word_1.val();
        self.unpack.words.next.word_2 = self.pack.word_2.val();
        self.unpack.words.next.word_3 = self.pack.word_3.val();
        self.unpack.words.next.word_4 = self.pack.word_4.val();
        self.data_out.next = self.unpack.data.val();
        self.tail_out.next = self.unpack.tail.val();
        self.mark_out.next = self.unpack.mark.val();
    }
}

#[test]
fn a_cell_is_carried_as_its_contract_says_and_comes_back() {
    let mut b = Bench::combinational(ThereAndBack::default()).recording();
    let mut random = numbers(7);
    for _ in 0..200 {
        let (slot, mark) = (damaged(random(), random()), random() & 15);
        let (words, back) = b.cycle(
            |u| {
                u.data.next = W::new(slot.data);
                u.tail.next = tail(slot);
                u.mark.next = W::new(mark);
            },
            |u| {
                let words = [&u.word_0, &u.word_1, &u.word_2, &u.word_3, &u.word_4].map(|w| w.val().get());
                (words, (u.data_out.val().get(), u.tail_out.val(), u.mark_out.val().get()))
            },
        );
        assert_eq!(words.map(|w| (w & 0xff, w >> 8)), carried(slot, mark as u128));
        assert_eq!(back, (slot.data, tail(slot), mark));
    }
    proves(&b, "cell", &["data", "tail", "mark", "word_0", "word_4", "data_out"]);
}
