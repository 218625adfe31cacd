//! A slot and its alignment mark as the five 16-bit words of a lane cell, and back.
//!
//! Cell bit p < 76 is line position p, bits 76..79 are the mark. Lane l carries bits 10 l .. 10 l + 9 in order, so that
//! a burst on one lane hits neighbouring line positions, of which no three are ever miscorrected. Word k holds what
//! all lanes send in clock cycle k: bit l on the rising edge, bit 8 + l on the falling one.

use crate::word::W;
use firstlight_spec::slot::{CHECK_BITS, CHECK_POSITIONS, DATA_BITS, INFO_POSITIONS, SLOT_BITS, TYPE_BITS};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Lanes of each direction.
pub const LANES: usize = 8;
/// Clock cycles, and words, of one cell.
pub const WORDS: usize = 5;
/// Bits of the alignment mark.
pub const MARK_BITS: usize = 4;
/// Bits of one cell.
pub const CELL_BITS: usize = 2 * LANES * WORDS;
/// Bits that one lane carries of a cell.
const LANE_BITS: usize = CELL_BITS / LANES;

const _: () = assert!(CELL_BITS == SLOT_BITS + MARK_BITS);

/// The words of one cell.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Words {
    pub word_0: W<16>,
    pub word_1: W<16>,
    pub word_2: W<16>,
    pub word_3: W<16>,
    pub word_4: W<16>,
}

/// Bit of (word, bit of word) that carries cell bit p.
pub const fn place(p: usize) -> (usize, usize) {
    let (lane, time) = (p / LANE_BITS, p % LANE_BITS);
    (time / 2, lane + LANES * (time % 2))
}

/// Field names of a slot and mark with the cell bit of each of their bits.
fn fields() -> Vec<(String, usize)> {
    let data = (0..DATA_BITS).map(|i| (format!("data[{i}]"), INFO_POSITIONS[TYPE_BITS + i]));
    let kind = (0..TYPE_BITS).map(|i| (format!("tail[{i}]"), INFO_POSITIONS[i]));
    let check = (0..CHECK_BITS).map(|i| (format!("tail[{}]", TYPE_BITS + i), CHECK_POSITIONS[i]));
    let mark = (0..MARK_BITS).map(|i| (format!("mark[{i}]"), SLOT_BITS + i));
    data.chain(kind).chain(check).chain(mark).collect()
}

fn gather(data: u64, tail: u64, mark: u64) -> [u64; WORDS] {
    let mut words = [0; WORDS];
    let mut put = |p: usize, bit: u64| {
        let (word, at) = place(p);
        words[word] |= bit << at;
    };
    (0..DATA_BITS).for_each(|i| put(INFO_POSITIONS[TYPE_BITS + i], data >> i & 1));
    (0..TYPE_BITS).for_each(|i| put(INFO_POSITIONS[i], tail >> i & 1));
    (0..CHECK_BITS).for_each(|i| put(CHECK_POSITIONS[i], tail >> (TYPE_BITS + i) & 1));
    (0..MARK_BITS).for_each(|i| put(SLOT_BITS + i, mark >> i & 1));
    words
}

fn scatter(words: [u64; WORDS]) -> (u64, u64) {
    let bit = |p: usize| {
        let (word, at) = place(p);
        words[word] >> at & 1
    };
    let data = (0..DATA_BITS).fold(0, |d, i| d | bit(INFO_POSITIONS[TYPE_BITS + i]) << i);
    let kind = (0..TYPE_BITS).fold(0, |t, i| t | bit(INFO_POSITIONS[i]) << i);
    let tail = (0..CHECK_BITS).fold(kind, |t, i| t | bit(CHECK_POSITIONS[i]) << (TYPE_BITS + i));
    (data, tail)
}

/// Slot and mark to words: wires only.
#[derive(LogicBlock, Default)]
pub struct Pack {
    pub data: Signal<In, W<64>>,
    /// Type in bits 3..0, check in bits 11..4.
    pub tail: Signal<In, W<12>>,
    pub mark: Signal<In, W<4>>,
    pub word_0: Signal<Out, W<16>>,
    pub word_1: Signal<Out, W<16>>,
    pub word_2: Signal<Out, W<16>>,
    pub word_3: Signal<Out, W<16>>,
    pub word_4: Signal<Out, W<16>>,
    _last: (u64, u64, u64),
    _words: [u64; WORDS],
}

impl Logic for Pack {
    fn update(&mut self) {
        let now = (self.data.val().get(), self.tail.val().get(), self.mark.val().get());
        if now != self._last {
            self._last = now;
            self._words = gather(now.0, now.1, now.2);
        }
        self.word_0.next = W::new(self._words[0]);
        self.word_1.next = W::new(self._words[1]);
        self.word_2.next = W::new(self._words[2]);
        self.word_3.next = W::new(self._words[3]);
        self.word_4.next = W::new(self._words[4]);
    }
    fn connect(&mut self) {
        self.word_0.connect();
        self.word_1.connect();
        self.word_2.connect();
        self.word_3.connect();
        self.word_4.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::from("always @(*) begin\n");
        for (name, p) in fields() {
            let (word, at) = place(p);
            writeln!(text, "   word_{word}[{at}] = {name};").unwrap();
        }
        Verilog::Custom(text + "end\n")
    }
}

/// Words to slot: wires only.
#[derive(LogicBlock, Default)]
pub struct Unpack {
    pub words: Signal<In, Words>,
    pub data: Signal<Out, W<64>>,
    /// Type in bits 3..0, check in bits 11..4.
    pub tail: Signal<Out, W<12>>,
    pub mark: Signal<Out, W<4>>,
}

impl Logic for Unpack {
    fn update(&mut self) {
        let w = self.words.val();
        let words = [w.word_0, w.word_1, w.word_2, w.word_3, w.word_4].map(W::get);
        let (data, tail) = scatter(words);
        self.data.next = W::new(data);
        self.tail.next = W::new(tail);
        let mark = (0..MARK_BITS).fold(0, |m, i| {
            let (word, at) = place(SLOT_BITS + i);
            m | (words[word] >> at & 1) << i
        });
        self.mark.next = W::new(mark);
    }
    fn connect(&mut self) {
        self.data.connect();
        self.tail.connect();
        self.mark.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::from("always @(*) begin\n");
        for (name, p) in fields() {
            let (word, at) = place(p);
            writeln!(text, "   {name} = words[{}];", 16 * word + at).unwrap();
        }
        Verilog::Custom(text + "end\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_spec::slot::Slot;

    #[test]
    fn words_carry_every_bit_once() {
        let mut seen = [[false; 16]; WORDS];
        for (_, p) in fields() {
            let (word, at) = place(p);
            assert!(!seen[word][at], "cell bit {p}");
            seen[word][at] = true;
        }
        assert!(seen.iter().flatten().all(|s| *s));
    }

    #[test]
    fn a_slot_survives_packing() {
        let slot = Slot::new(0x0123_4567_89ab_cdef, 9);
        let tail = slot.kind as u64 | (slot.check as u64) << 4;
        assert_eq!(scatter(gather(slot.data, tail, 5)), (slot.data, tail));
    }

    #[test]
    fn one_lane_carries_neighbouring_line_positions() {
        let slot = Slot::new(0xfeed_f00d_1234_5678, 2);
        let words = gather(slot.data, slot.kind as u64 | (slot.check as u64) << 4, 0);
        let lane_3: u128 = (0..10).fold(0, |b, t| b | ((words[t / 2] >> (3 + 8 * (t % 2)) & 1) as u128) << t);
        assert_eq!(lane_3, slot.to_line() >> 30 & 0x3ff);
    }
}
