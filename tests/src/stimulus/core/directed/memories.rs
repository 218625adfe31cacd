//! Both frame memories, every word: written, sent, stored, read.

use super::{Step, all, frames, put, read, region, stop, twice, write};
use firstlight_spec::limits::FRAME_MEMORY_WORDS;
use firstlight_spec::regs::{generator, memory};

pub fn memories(plan: &mut Vec<Step>) {
    let word =
        |k: u32| put(memory::TX.word + k, (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24 & 0xffff_ffff);
    plan.extend((0..memory::TX.words).map(word));
    plan.push(write(&generator::CONTROL, generator::FROM_MEMORY.mask() as u64));
    let words = FRAME_MEMORY_WORDS as u64;
    // to the last place but one or two, to the last, and beyond
    for sent in [words - 3, words - 2, words - 1, words] {
        plan.push(write(&memory::RX_CONTROL, 1));
        plan.extend(frames(1, sent, 0));
        plan.push(Step::Pause(sent + 100));
        plan.extend(twice(all(memory::REGS)));
        plan.extend((memory::RX.words - 12..memory::RX.words).map(|k| read(memory::RX.word + k)));
    }
    plan.extend(region(&memory::RX).map(read));
    plan.extend(frames(300, 3, 1));
    stop(plan, 400);
    plan.extend(twice(all(memory::REGS)));
}
