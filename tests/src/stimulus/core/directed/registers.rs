//! Every bit of every setting alone; every address with one bit wrong.

use super::{Step, put, read, twice, write};
use firstlight_spec::regs::{self, SPACE_WORDS, generator, memory};

/// Each bit alone, read back in odd and in even cycles.
pub fn settings(plan: &mut Vec<Step>) {
    for reg in regs::all().filter(|reg| reg.kept() != 0) {
        for bit in (0..32).filter(|bit| reg.kept() >> bit & 1 != 0) {
            plan.push(write(reg, 1 << bit));
            plan.extend(twice([reg.word].into_iter()));
        }
        plan.extend([write(reg, u64::from(!reg.kept())), read(reg.word), write(reg, reg.reset.into())]);
    }
}

/// What is written and read one bit beside a register is not the register.
pub fn addresses(plan: &mut Vec<Step>) {
    for reg in regs::all() {
        for word in (0..SPACE_WORDS.ilog2()).map(|bit| reg.word ^ 1 << bit) {
            // nothing is to be sent
            if ![generator::COMMAND.word, memory::RX_CONTROL.word].contains(&word) {
                plan.push(put(word, 0xffff_ffff));
            }
            plan.extend([read(word), read(reg.word)]);
        }
    }
    plan.extend(regs::all().filter(|reg| reg.kept() != 0).map(|reg| write(reg, reg.reset.into())));
    plan.push(Step::Pause(400));
}
