//! Sessions with the whole core: measurements set up, run, disturbed and read out in full, over a line with a delay.
//!
//! Inputs: reset, wb_cyc, wb_stb, wb_we, wb_adr, wb_dat_w, delay, mask_data, mask_tc, light, bone_error.

mod session;

use super::Random;
use firstlight_hdl::control::fabric::{READ_ACK_CYCLES, WRITE_ACK_CYCLES};
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::regs::Reg;
use std::collections::VecDeque;

/// One transfer: address, and data of a write; then so many cycles without one.
#[derive(Clone, Copy, Debug)]
struct Transfer {
    word: u32,
    data: Option<u32>,
    pause: u64,
}

/// The line from now on.
#[derive(Clone, Copy, Debug)]
struct Line {
    delay: u64,
    /// A slot in so many has errors, of at most so many bits; 0 is none.
    errors: u64,
    weight: u64,
    /// It is dark for so many cycles.
    dark: u64,
    /// An error of the UARTBone once in so many cycles.
    bone: u64,
}

/// What a session consists of.
#[derive(Clone, Copy, Debug)]
enum Step {
    Transfer(Transfer),
    Line(Line),
    Pause(u64),
    Reset,
}

fn write(reg: &Reg, data: u64) -> Step {
    Step::Transfer(Transfer { word: reg.word, data: Some(data as u32), pause: 0 })
}

fn read(word: u32) -> Step {
    Step::Transfer(Transfer { word, data: None, pause: 0 })
}

/// Sessions without end.
pub fn core(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let mut plan: VecDeque<Step> = VecDeque::from([Step::Pause(2 * LOCK_IDLES as u64)]);
    let (mut number, mut left, mut pause) = (0u64, 0u64, 0u64);
    let mut line = Line { delay: 1, errors: 0, weight: 1, dark: 0, bone: 1_000 };
    let mut now: Option<Transfer> = None;
    Box::new(move || {
        let mut resets = false;
        while left == 0 && pause == 0 {
            if plan.is_empty() {
                plan.extend(session::session(&mut random, number));
                number += 1;
            }
            match plan.pop_front() {
                Some(Step::Transfer(t)) => {
                    left = 1 + if t.data.is_some() { WRITE_ACK_CYCLES } else { READ_ACK_CYCLES };
                    pause = 1 + t.pause + random.one_in(16) as u64;
                    now = Some(t);
                }
                Some(Step::Line(changed)) => line = changed,
                Some(Step::Pause(cycles)) => pause = cycles,
                Some(Step::Reset) => (resets, pause) = (true, 1),
                None => {}
            }
        }
        let is_on = left > 0;
        if is_on {
            left -= 1;
        } else {
            pause -= 1;
        }
        let transfer = now.as_ref().filter(|_| is_on);
        let (mut mask_data, mut mask_tc) = (0u64, 0u64);
        if line.errors > 0 && random.one_in(line.errors) {
            for _ in 0..1 + random.below(line.weight) {
                let position = random.below(76);
                if position < 64 { mask_data ^= 1 << position } else { mask_tc ^= 1 << (position - 64) }
            }
        }
        let light = line.dark == 0;
        line.dark = line.dark.saturating_sub(1);
        [
            resets as u64,
            is_on as u64,
            is_on as u64,
            transfer.is_some_and(|t| t.data.is_some()) as u64,
            transfer.map_or(0, |t| t.word as u64),
            transfer.and_then(|t| t.data).unwrap_or(0) as u64,
            line.delay,
            mask_data,
            mask_tc,
            light as u64,
            random.one_in(line.bone) as u64,
        ]
        .map(u128::from)
        .to_vec()
    })
}
