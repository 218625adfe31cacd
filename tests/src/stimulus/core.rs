//! Register traffic for the whole core: measurements set up, run, read out and changed, over a looped line.
//!
//! Inputs: reset, wb_cyc, wb_stb, wb_we, wb_adr, wb_dat_w, line_in_data, line_in_tc, line_in_light, bone_error.

use super::Random;
use firstlight_hdl::control::fabric::{READ_ACK_CYCLES, WRITE_ACK_CYCLES};
use firstlight_spec::limits::{LOCK_IDLES, SCHEDULE_ENTRIES};
use firstlight_spec::regs::{
    GROUPS, REGIONS, Reg, SPACE_WORDS, generator, injector, ladder, laser, latency, link, memory,
};
use std::collections::VecDeque;

/// Frames that a phase may send at most.
const MOST_FRAMES: u64 = 40;

/// One transfer: address, and data of a write; then so many cycles without one.
struct Transfer {
    word: u32,
    data: Option<u32>,
    pause: u64,
}

fn write(reg: &Reg, data: u64, pause: u64) -> Transfer {
    Transfer { word: reg.word, data: Some(data as u32), pause }
}

/// The writes of a new measurement.
fn measurement(random: &mut Random) -> Vec<Transfer> {
    let mut below = |most: u64| random.below(most);
    let (kind, bursts, hits) = (below(4), below(3), below(6));
    let rate = 1 << [18, 24, 27][below(3) as usize];
    let length = [8, 9, 64, 300, 1600][below(5) as usize];
    let mode = below(5);
    let times = [4, 30, 100][below(3) as usize];
    let mut plan = vec![
        write(&generator::COMMAND, 2, 20 + length / 8),
        write(&link::CONTROL, below(64) & !(if below(4) == 0 { 0 } else { 0x38 }), 0),
        write(&link::SILENCE_SLOTS, if below(4) == 0 { 20 + below(300) } else { 0 }, 0),
        write(&link::IDLE_SEND, below(4), 0),
        write(&ladder::WINDOW, 1 << (5 + below(6)), 0),
        write(&ladder::UP, below(6), 0),
        write(&ladder::DOWN, below(4), 0),
        write(&ladder::BURST_UP, below(4), 0),
        write(&ladder::HOLD, below(3), 0),
        write(&laser::MODE, mode, 0),
        write(&laser::T_ON, below(times), 0),
        write(&laser::MIN_ON, below(times), 0),
        write(&laser::MIN_OFF, below(times), 0),
        write(&laser::TIMEOUT, below(4 * times), 0),
        write(&laser::STALL_LIMIT, if below(3) == 0 { 1 + below(9) } else { 0 }, 0),
        write(&generator::CONTROL, 8 | kind | below(2) << 2, 0),
        write(&generator::FRAMES, if below(4) == 0 { 0 } else { 1 + below(MOST_FRAMES) }, 0),
        write(&generator::LENGTH, 1 + below(length), 0),
        write(&generator::GAP, [0, 1, below(20), below(200)][below(4) as usize], 0),
        write(&generator::BURST_FRAMES, if bursts == 0 { 1 + below(6) } else { 0 }, 0),
        write(&generator::BURST_GAP, below(400), 0),
        write(&generator::NOTICE, below(120), 0),
        write(&generator::SCHEDULE_COUNT, [0, 1 + below(8), 1 + below(SCHEDULE_ENTRIES as u64)][below(3) as usize], 0),
        write(&latency::BASE, [0, 0, 2, below(4096)][below(4) as usize], 0),
        write(&injector::SEED, below(1 << 32), 0),
        write(&injector::RATE, below(rate), 0),
        write(&injector::MASK_HIGH, if below(2) == 0 { 0 } else { 1 << below(12) }, 0),
        write(&injector::MASK_DATA_HIGH, if below(2) == 0 { 0 } else { 1 << below(32) }, 0),
        write(&injector::MASK_DATA_LOW, if below(2) == 0 { 0 } else { below(1 << 32) }, 0),
        write(&injector::SLOT, 1 + below(200), 0),
        write(&injector::CONTROL, if hits < 3 { hits + 1 } else { 0 }, 0),
        write(&memory::RX_CONTROL, below(2), 0),
    ];
    for entry in 0..below(12) as u32 {
        let place = if below(4) == 0 { below(SCHEDULE_ENTRIES as u64) as u32 } else { entry };
        let pair = below(60) << 16 | (1 + below(90));
        plan.push(Transfer { word: generator::SCHEDULE.word + place, data: Some(pair as u32), pause: 0 });
        let word = memory::TX.word + 2 * place + below(2) as u32;
        plan.push(Transfer { word, data: Some(below(1 << 32) as u32), pause: 0 });
    }
    plan.push(write(&generator::SCHEDULE_FILLED, below(4), 0));
    plan.push(write(&generator::COMMAND, 1, below(2_500)));
    plan
}

/// What is done while and after frames run: snapshots, reads of everything, doorbells, sometimes a disturbance.
fn visit(random: &mut Random) -> Transfer {
    let pause = if random.one_in(3) { random.below(60) } else { 0 };
    let group = GROUPS[random.below(GROUPS.len() as u64) as usize].1;
    let reg = &group[random.below(group.len() as u64) as usize];
    let region = &REGIONS[random.below(REGIONS.len() as u64) as usize];
    match random.below(40) {
        0..=2 => write(&link::COMMAND, 2, 70 + pause),
        3 => write(&link::COMMAND, random.below(8), pause),
        4..=5 => write(&laser::HINT, random.below(200), pause),
        6 => write(&generator::SCHEDULE_FILLED, random.below(4), pause),
        7 => write(&link::CONTROL, 2 | random.below(8), pause),
        8 => write(reg, random.below(1 << 32), pause),
        9 => Transfer { word: random.below(SPACE_WORDS as u64) as u32, data: None, pause },
        10..=19 => Transfer { word: reg.word + reg.words - 1, data: None, pause },
        _ => {
            let most = if random.one_in(3) { region.words as u64 } else { 24.min(region.words as u64) };
            Transfer { word: region.word + random.below(most) as u32, data: None, pause }
        }
    }
}

/// Phases of a measurement and many visits.
pub fn core(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let mut plan: VecDeque<Transfer> = VecDeque::new();
    let (mut visits, mut left, mut pause) = (0u64, 0u64, 2 * LOCK_IDLES as u64);
    let mut now: Option<Transfer> = None;
    Box::new(move || {
        if left == 0 && pause == 0 {
            if plan.is_empty() && visits == 0 {
                plan.extend(measurement(&mut random));
                visits = 20 + random.below(150);
            } else if plan.is_empty() {
                plan.push_back(visit(&mut random));
                visits -= 1;
            }
            now = plan.pop_front();
            left = 1 + if now.as_ref().is_some_and(|t| t.data.is_some()) { WRITE_ACK_CYCLES } else { READ_ACK_CYCLES };
            pause = 1 + now.as_ref().map_or(0, |t| t.pause);
        }
        let is_on = left > 0;
        if is_on {
            left -= 1;
        } else {
            pause -= 1;
        }
        let transfer = now.as_ref().filter(|_| is_on);
        [
            random.one_in(30_000) as u64,
            is_on as u64,
            is_on as u64,
            transfer.is_some_and(|t| t.data.is_some()) as u64,
            transfer.map_or(0, |t| t.word as u64),
            transfer.and_then(|t| t.data).unwrap_or(0) as u64,
            random.bits(),
            random.below(1 << 12),
            random.below(2),
            random.one_in(1_000) as u64,
        ]
        .map(u128::from)
        .to_vec()
    })
}
