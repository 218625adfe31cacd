//! A block on the register bus: one request at a time, as the fabric gives them.

use firstlight_hdl::control::bus::{BIT_CYCLES, BusRequest, READ_CYCLES, SETTLE_CYCLES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{Access, Reg};
use rust_hdl::prelude::*;

/// Sets the request of a block.
pub type SetRequest<U> = fn(&mut U, BusRequest);
/// Looks at the answer of a block that answers in words.
pub type Answer<U> = fn(&U) -> u64;
/// Looks at the answer of a block that answers bit by bit.
pub type AnswerBit<U> = fn(&U) -> bool;

/// Writes a word; returns after the time that the fabric grants.
pub fn write<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, word: u32, data: u32) {
    let address = W::new(word as u64);
    let data = W::new(data as u64);
    bench.cycle(|u| set(u, BusRequest { strobe: true, write: true, address, data, ..Default::default() }), |_| {});
    for _ in 0..READ_CYCLES {
        bench.cycle(|u| set(u, BusRequest { strobe: false, write: true, address, data, ..Default::default() }), |_| {});
    }
}

/// Reads a word; with it the cycles from the strobe until the answer stood, at most [`READ_CYCLES`].
pub fn read<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, answer: Answer<U>, word: u32) -> (u32, u64) {
    let address = W::new(word as u64);
    let data = W::new(0xaaaa_5555);
    bench.cycle(|u| set(u, BusRequest { strobe: true, write: false, address, data, ..Default::default() }), |_| {});
    let seen: Vec<u64> = (0..READ_CYCLES)
        .map(|_| {
            bench.cycle(
                |u| set(u, BusRequest { strobe: false, write: false, address, data, ..Default::default() }),
                answer,
            )
        })
        .collect();
    let last = seen[seen.len() - 1];
    let stable = seen.iter().rev().take_while(|a| **a == last).count() as u64;
    (last as u32, READ_CYCLES + 1 - stable)
}

/// Reads a word bit by bit; every bit stands in its own cycle.
pub fn read_bits<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, answer: AnswerBit<U>, word: u32) -> u32 {
    let asked = BusRequest { address: W::new(word as u64), data: W::new(0xaaaa_5555), ..Default::default() };
    bench.cycle(|u| set(u, BusRequest { strobe: true, ..asked }), |_| {});
    bench.cycle(|u| set(u, asked), |_| {});
    bench.run(SETTLE_CYCLES - 2);
    let mut bits = vec![];
    for n in 0..32 + BIT_CYCLES {
        // any order will do
        let step = W::new((12 + n) & 31);
        bits.push(bench.cycle(|u| set(u, BusRequest { step, ..asked }), answer));
    }
    (0..32).fold(0, |read, n| read | (bits[n + BIT_CYCLES as usize] as u32) << ((12 + n) & 31))
}

/// Writes (and reads) a group of registers in turn, as random numbers say, against a list of words cut to their widths.
/// `sees` compares what the block shows to others with the words after every write.
pub struct Words<'a, U: Block> {
    pub regs: &'a [Reg],
    pub set: SetRequest<U>,
    /// Of a block in words that reads its settings back itself.
    pub answer: Option<Answer<U>>,
    pub sees: fn(&U, &dyn Fn(Reg) -> u64),
}

impl<U: Block> Words<'_, U> {
    pub fn agree(&self, bench: &mut Bench<U>, steps: usize, mut random: impl FnMut() -> u64) {
        let first = self.regs[0].word;
        let span = self.regs.len() as u32 + 3;
        let at = |n: u32| self.regs.iter().find(|r| r.word == first + n);
        let mut words: Vec<u32> = (0..span).map(|n| at(n).map_or(0, |r| r.reset)).collect();
        for _ in 0..steps {
            let n = random() as u32 % span;
            let data = random() as u32;
            write(bench, self.set, first + n, data);
            if let Some(reg) = at(n).filter(|r| r.access == Access::Rw) {
                words[n as usize] = data & reg.kept();
            }
            if let Some(answer) = self.answer
                && at(n).is_none_or(|r| r.access == Access::Rw)
            {
                assert_eq!(read(bench, self.set, answer, first + n).0, words[n as usize], "word {:#x}", first + n);
            }
            (self.sees)(&bench.uut, &|reg| words[(reg.word - first) as usize] as u64);
        }
    }
}
