//! A board that answers anything: the host refuses it, or reports what it says, and never fails itself.
//!
//! Input: what the host does, then an answer for each of its reads; where the answers end, the line does.

use super::Bytes;
use firstlight::cmd::measure::Limits;
use firstlight::device::Device;
use firstlight::error_rate::Findings;
use firstlight::measure::{self, LineErrors, Plan, Traffic};
use firstlight::replay::{self, Setup};
use firstlight::report::{csv, json, text};
use firstlight::transport::{Step, Transport};
use firstlight::{Error, Result};
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::regs::{SPEC_HASH, id};
use std::cell::RefCell;
use std::rc::Rc;

/// Answers of the input, after those of a board that connects.
struct Anything {
    answers: Rc<RefCell<Vec<u8>>>,
    scratch: u32,
}

impl Anything {
    fn known(&self, word: u32) -> Option<u32> {
        match word {
            w if w == id::MAGIC.word => Some(id::MAGIC_VALUE),
            w if w == id::SPEC_HASH.word => Some(SPEC_HASH),
            w if w == id::SCRATCH.word => Some(self.scratch),
            w if w == id::FEATURES.word => Some(u32::MAX),
            w if w == id::CLOCK_HZ.word => Some(CLOCK_HZ as u32),
            _ => None,
        }
    }
}

impl Transport for Anything {
    /// The first byte says what kind of answer it is: one small number, one word and zeros, all words, ones.
    fn read(&mut self, word: u32, count: usize, _: Step) -> Result<Vec<u32>> {
        let mut answers = self.answers.borrow_mut();
        let mut input = Bytes(&answers);
        let (known, is_over) = (self.known(word), input.is_empty());
        let kind = if known.is_some() { 0 } else { input.byte() };
        let mut words = match kind >> 6 {
            0 => vec![kind as u32; count],
            1 => {
                let mut words = vec![0; count];
                let (at, value) = (kind as usize % count.max(1), input.word());
                words.iter_mut().skip(at).take(1).for_each(|w| *w = value);
                words
            }
            2 => (0..count).map(|_| input.word()).collect(),
            _ => vec![u32::MAX; count],
        };
        if let Some(value) = known {
            words[0] = value;
            (1..count).for_each(|k| words[k] = self.known(word + k as u32).unwrap_or(0));
        } else if is_over {
            return Err(Error::no_board("the line ended", "a board", "firstlight list"));
        }
        let rest = input.0.to_vec();
        *answers = rest;
        Ok(words)
    }
    fn write(&mut self, word: u32, data: &[u32], _: Step) -> Result<()> {
        if word == id::SCRATCH.word {
            self.scratch = data[0];
        }
        Ok(())
    }
    fn wait(&mut self, _: u64) -> Result<()> {
        Ok(())
    }
    fn engine(&self) -> String {
        "anything".into()
    }
}

fn measured(device: &mut Device, choice: u8) -> Result<()> {
    let traffic = if choice & 4 == 0 {
        Traffic::Steady { length_bytes: 64, gap_cycles: 3 }
    } else {
        Traffic::Schedule(vec![(5, 64), (9, 1518)])
    };
    let errors = if choice & 8 == 0 { LineErrors::None } else { LineErrors::Random { rate: 1000, seed: 1 } };
    let rung = (choice >> 4 & 3) as u32;
    let plan = Plan { frames: 20, traffic, rung, errors, settings: vec![] };
    let outcome = measure::run(device, &plan, &mut |_| ())?;
    let mut page = vec![];
    text::head(&mut page, &device.identity)?;
    text::run(&mut page, &device.identity, &outcome)?;
    csv::row(&device.identity, &outcome);
    json::run(&device.identity, &outcome, &Limits { max_ns: Some(1.0), max_jitter_cycles: Some(0) }, true);
    let findings = Findings::of(&outcome, None)?;
    findings.is_bursty();
    findings.line.text();
    findings.after.text();
    Ok(())
}

fn replayed(device: &mut Device, choice: u8) -> Result<()> {
    let setup = Setup { rung: (choice >> 4 & 3) as u32, errors: LineErrors::None };
    replay::prepare(device, &setup)?;
    replay::send(device, &setup, b"any frame will do")?;
    Ok(())
}

/// A board's answers.
pub fn run(bytes: &[u8]) -> std::result::Result<(), String> {
    let Some((choice, answers)) = bytes.split_first() else { return Ok(()) };
    let answers = Rc::new(RefCell::new(answers.to_vec()));
    let transport = Anything { answers, scratch: 0 };
    let Ok(mut device) = Device::connect(Box::new(transport), "fuzz") else { return Ok(()) };
    let outcome = match choice & 3 {
        0 => device.snapshot().map(|_| ()),
        1 => replayed(&mut device, *choice),
        _ => measured(&mut device, *choice),
    };
    match outcome {
        Err(error) if error.what.is_empty() || error.next.is_empty() => {
            Err(format!("an error that says nothing: {error:?}"))
        }
        _ => Ok(()),
    }
}
