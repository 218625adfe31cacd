//! What single slots do: silence, other control words, one wrong bit at every place of a frame.

use super::{CLEAN, Line, Step, all, frames, mask, snapshot, stop, twice, write};
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::regs::{injector, latency, link, memory};
use firstlight_spec::slot;

/// Events that the line's slots cause.
const EVENTS: [&str; 12] = [
    "slots",
    "corrected",
    "bad_even",
    "bad_odd",
    "frames_good",
    "frames_bad_own",
    "frames_bad_foreign",
    "null_closed",
    "ignored_words",
    "misplaced",
    "lock_losses",
    "silence",
];

/// The difference between two code words, of one data or type bit.
fn code(bit: u32) -> u128 {
    let difference = 1u128 << bit;
    difference | (slot::parity(difference as u64, (difference >> 64) as u8) as u128) << 68
}

/// Silence that only ENDs break, as every other control word is bad; silence of every length.
pub fn silence(plan: &mut Vec<Step>) {
    let words = 30;
    plan.push(write(&link::SILENCE_SLOTS, 2 * words + 5));
    plan.extend(mask(0b11));
    plan.extend(frames(0, words, 0));
    plan.push(write(&injector::SLOT, words + 2));
    for place in 0..words + 3 {
        plan.extend([write(&injector::CONTROL, 3), Step::Pause(6 * words), write(&injector::CONTROL, 0)]);
        plan.push(Step::Pause(3 * LOCK_IDLES as u64 + place % 2));
    }
    stop(plan, 200);
    // no IDLE is a good one, but none is bad
    for slots in (0..16).flat_map(|bit| [1 << bit, 1 << bit | 0x2aaa >> (15 - bit)]) {
        plan.extend([
            write(&link::SILENCE_SLOTS, slots),
            Step::Line(Line { mask: code(24), ..CLEAN }),
            Step::Pause(slots + 40),
            Step::Line(CLEAN),
            Step::Pause(2 * LOCK_IDLES as u64),
        ]);
    }
    snapshot(plan, &EVENTS);
}

/// IDLEs with each bit inverted, and what the host sees of them.
pub fn idles(plan: &mut Vec<Step>) {
    for bit in 0..64 {
        plan.extend([Step::Line(Line { mask: code(bit), ..CLEAN }), Step::Pause(30)]);
        plan.extend(twice([link::IDLE_SEEN.word].into_iter()));
        plan.extend([Step::Line(CLEAN), Step::Pause(3 * LOCK_IDLES as u64)]);
    }
}

/// Code words that differ from those that were sent, at every rung, with and without frames, also while they are shut out.
pub fn control_words(plan: &mut Vec<Step>) {
    for rung in 0..4 {
        plan.push(write(&link::CONTROL, rung));
        for bit in 0..68 {
            let masked = Step::Line(Line { mask: code(bit), ..CLEAN });
            let dark = Step::Line(Line { mask: code(bit), dark: 30, ..CLEAN });
            plan.extend(frames(0, 3, 5));
            plan.extend([masked, Step::Pause(30), dark, Step::Pause(40), Step::Line(CLEAN), Step::Pause(150)]);
            plan.extend([write(&link::COMMAND, 4), masked, Step::Pause(90), Step::Line(CLEAN), Step::Pause(150)]);
        }
        stop(plan, 50);
        snapshot(plan, &EVENTS);
    }
    plan.extend(twice(all(link::REGS)));
}

/// One bit, then one difference of code words, then two bits, on each slot of frames one after the other.
pub fn masks(plan: &mut Vec<Step>) {
    plan.push(write(&memory::RX_CONTROL, 1));
    for rung in 0..4 {
        plan.extend([write(&link::CONTROL, rung | (rung & 1) << 2), write(&injector::SLOT, 1)]);
        plan.extend(frames(0, 3, 4));
        for bit in 0..76 {
            for wrong in [1 << bit, if bit < 68 { code(bit) } else { 1 << bit | 1 }, 1 << bit | 1 << ((bit + 37) % 76)]
            {
                plan.extend(mask(wrong));
                // a frame and its overhead is shorter than this many places
                for place in 0..10 {
                    plan.extend([write(&injector::CONTROL, 2), Step::Pause(9 + place)]);
                }
            }
        }
        stop(plan, 200);
        snapshot(plan, &EVENTS);
    }
    plan.extend(twice(all(latency::REGS).chain(all(memory::REGS))));
}

#[cfg(test)]
mod tests {
    use super::code;
    use firstlight_spec::slot::Slot;

    #[test]
    fn differences_of_code_words_leave_code_words() {
        for bit in 0..68 {
            let (wrong, idle) = (code(bit), Slot::new(0x96, 0));
            let kind = idle.kind ^ (wrong >> 64) as u8 & 15;
            let masked = Slot { data: idle.data ^ wrong as u64, kind, check: idle.check ^ (wrong >> 68) as u8 };
            assert!(masked != idle && masked.syndrome() == 0, "bit {bit}");
        }
    }
}
