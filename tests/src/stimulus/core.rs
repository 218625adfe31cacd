//! Sessions with the whole core: measurements set up, run, disturbed and read out in full, over a line with a delay.
//!
//! Inputs: reset, wb_cyc, wb_stb, wb_we, wb_adr, wb_dat_w, delay, mask_data, mask_tc, light, bone_error.

mod directed;
mod session;

pub use directed::directed;

use super::Random;
use firstlight_hdl::control::fabric::{READ_ACK_CYCLES, WRITE_ACK_CYCLES};
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::regs::Reg;
use std::collections::VecDeque;

/// Data, type and check bits.
const SLOT_BITS: u64 = 76;

/// One transfer: address, and what stands at the data of a write; then so many cycles without one.
#[derive(Clone, Copy, Debug)]
struct Transfer {
    word: u32,
    is_write: bool,
    data: u32,
    pause: u64,
}

/// The line from now on.
#[derive(Clone, Copy, Debug)]
struct Line {
    delay: u64,
    /// A slot in so many has errors, of at most so many bits; 0 is none.
    errors: u64,
    weight: u64,
    /// Positions that are inverted in every slot.
    mask: u128,
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

fn put(word: u32, data: u64) -> Step {
    Step::Transfer(Transfer { word, is_write: true, data: data as u32, pause: 0 })
}

fn write(reg: &Reg, data: u64) -> Step {
    put(reg.word, data)
}

fn read(word: u32) -> Step {
    Step::Transfer(Transfer { word, is_write: false, data: 0, pause: 0 })
}

/// From steps to rows.
struct Rows {
    random: Random,
    plan: VecDeque<Step>,
    left: u64,
    pause: u64,
    line: Line,
    now: Option<Transfer>,
}

impl Rows {
    fn new(seed: u64, plan: Vec<Step>) -> Self {
        let line = Line { delay: 1, errors: 0, weight: 1, mask: 0, dark: 0, bone: 1_000 };
        Rows { random: Random::new(seed), plan: plan.into(), left: 0, pause: 0, line, now: None }
    }

    /// The next one; `None` where the plan ends.
    fn row(&mut self) -> Option<Vec<u128>> {
        let mut resets = false;
        while self.left == 0 && self.pause == 0 {
            match self.plan.pop_front()? {
                Step::Transfer(t) => {
                    self.left = 1 + if t.is_write { WRITE_ACK_CYCLES } else { READ_ACK_CYCLES };
                    self.pause = 1 + t.pause + self.random.one_in(16) as u64;
                    self.now = Some(t);
                }
                Step::Line(changed) => self.line = changed,
                Step::Pause(cycles) => self.pause = cycles,
                Step::Reset => (resets, self.pause) = (true, 1),
            }
        }
        let is_on = self.left > 0;
        if is_on {
            self.left -= 1;
        } else {
            self.pause -= 1;
        }
        let (random, line) = (&mut self.random, &mut self.line);
        let transfer = self.now.as_ref().filter(|_| is_on);
        let mut mask = line.mask;
        if line.errors > 0 && random.one_in(line.errors) {
            for _ in 0..1 + random.below(line.weight) {
                mask ^= 1 << random.below(SLOT_BITS);
            }
        }
        let light = line.dark == 0;
        line.dark = line.dark.saturating_sub(1);
        Some(vec![
            resets as u128,
            is_on as u128,
            is_on as u128,
            transfer.is_some_and(|t| t.is_write) as u128,
            transfer.map_or(0, |t| t.word as u128),
            transfer.map_or(0, |t| t.data as u128),
            line.delay as u128,
            mask & u64::MAX as u128,
            mask >> 64,
            light as u128,
            random.one_in(line.bone) as u128,
        ])
    }
}

/// Sessions without end.
pub fn core(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut rows = Rows::new(seed, vec![Step::Pause(2 * LOCK_IDLES as u64)]);
    let mut number = 0;
    Box::new(move || {
        loop {
            if let Some(row) = rows.row() {
                return row;
            }
            rows.plan.extend(session::session(&mut rows.random, number));
            number += 1;
        }
    })
}
