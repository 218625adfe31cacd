//! A block on the register bus: one request at a time, as the fabric gives them.

use firstlight_hdl::control::bus::{BusRequest, READ_CYCLES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{Access, Reg};
use rust_hdl::prelude::*;

/// Sets the request of a block.
pub type SetRequest<U> = fn(&mut U, BusRequest);
/// Looks at the answer of a block.
pub type Answer<U> = fn(&U) -> u64;

/// Writes a word; returns after the time that the fabric grants.
pub fn write<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, word: u32, data: u32) {
    let address = W::new(word as u64);
    let data = W::new(data as u64);
    bench.cycle(|u| set(u, BusRequest { strobe: true, write: true, address, data }), |_| {});
    for _ in 0..READ_CYCLES {
        bench.cycle(|u| set(u, BusRequest { strobe: false, write: true, address, data }), |_| {});
    }
}

/// Reads a word; with it the cycles from the strobe until the answer stood, at most [`READ_CYCLES`].
pub fn read<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, answer: Answer<U>, word: u32) -> (u32, u64) {
    let address = W::new(word as u64);
    let data = W::new(0xaaaa_5555);
    bench.cycle(|u| set(u, BusRequest { strobe: true, write: false, address, data }), |_| {});
    let seen: Vec<u64> = (0..READ_CYCLES)
        .map(|_| bench.cycle(|u| set(u, BusRequest { strobe: false, write: false, address, data }), answer))
        .collect();
    let last = seen[seen.len() - 1];
    let stable = seen.iter().rev().take_while(|a| **a == last).count() as u64;
    (last as u32, READ_CYCLES + 1 - stable)
}

/// Reads and writes a group of registers in turn, as random numbers say, against a list of words cut to their widths.
/// `sees` compares what the block shows to others with the words after every step.
pub struct Words<'a, U: Block> {
    pub regs: &'a [Reg],
    /// Bits that a register keeps.
    pub kept: fn(&Reg) -> u32,
    pub set: SetRequest<U>,
    pub answer: Answer<U>,
    pub sees: fn(&U, &dyn Fn(Reg) -> u64),
}

impl<U: Block> Words<'_, U> {
    pub fn agree(&self, bench: &mut Bench<U>, steps: usize, mut random: impl FnMut() -> u64) {
        let first = self.regs[0].word;
        let span = self.regs.len() as u32 + 3;
        let at = |n: u32| self.regs.iter().find(|r| r.word == first + n);
        let mut words: Vec<u32> = (0..span).map(|n| at(n).map_or(0, |r| r.reset)).collect();
        for step in 0..steps {
            let x = random();
            let n = x as u32 % span;
            let is_kept = at(n).filter(|r| r.access == Access::Rw);
            if x >> 32 & 1 != 0 {
                let data = random() as u32;
                write(bench, self.set, first + n, data);
                if let Some(reg) = is_kept {
                    words[n as usize] = data & (self.kept)(reg);
                }
            } else if is_kept.is_some() || at(n).is_none() {
                let word = first + n;
                assert_eq!(
                    read(bench, self.set, self.answer, word).0,
                    words[n as usize],
                    "step {step}, word {word:#x}"
                );
            }
            (self.sees)(&bench.uut, &|reg| words[(reg.word - first) as usize] as u64);
        }
    }
}
