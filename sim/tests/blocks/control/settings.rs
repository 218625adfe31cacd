//! The memory that settings are read back from.

use super::bus::{read_bits, write};
use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::control::settings::Settings;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{GROUPS, Reg, SPACE_WORDS, id, laser, link};

const HELD: [&[Reg]; 3] = [id::REGS, link::REGS, laser::REGS];

fn bench() -> Bench<Settings> {
    Bench::new(Settings::new(&HELD), |u| &mut u.clock).recording()
}

fn set(u: &mut Settings, request: BusRequest) {
    u.request.next = request;
}

fn answer(u: &Settings) -> bool {
    u.bus_read.val()
}

fn held(word: u32) -> Option<&'static Reg> {
    HELD.iter().flat_map(|regs| regs.iter()).find(|reg| reg.word == word)
}

#[test]
fn every_setting_powers_on_as_the_map_says_and_groups_that_are_not_held_read_zero() {
    let mut b = bench();
    for reg in GROUPS.iter().flat_map(|(_, regs)| regs.iter()) {
        let want = held(reg.word).map_or(0, |reg| reg.reset);
        assert_eq!(read_bits(&mut b, set, answer, reg.word), want, "{}", reg.name);
    }
}

/// Random writes anywhere; a register shows what it keeps of the last one.
fn agree(seed: u64) -> Bench<Settings> {
    let (mut b, mut random) = (bench(), numbers(seed));
    let mut words: Vec<u32> = (0..256).map(|word| held(word).map_or(0, |reg| reg.reset)).collect();
    for _ in 0..60 {
        let (x, data) = (random(), random() as u32);
        let word = if x & 7 == 0 { (x >> 8) as u32 % SPACE_WORDS } else { (x >> 8) as u32 % 0x40 };
        if x & 0x10 != 0 {
            write(&mut b, set, word, data);
            if let Some(reg) = held(word) {
                words[word as usize] = data & reg.kept();
            }
        } else {
            let want = words.get(word as usize).map_or(0, |w| *w);
            assert_eq!(read_bits(&mut b, set, answer, word), want, "word {word:#x}");
        }
    }
    b
}

agrees_with_the_model!(8, agree);

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    proves(&agree(3), "settings", &["request", "bus_read"]);
}
