//! Mutated inputs from a corpus: every file of `corpus/TARGET`, and what becomes of it under bit flips, cuts and splices.
//!
//! Reproducible: the same seed gives the same inputs. An input that breaks its target is written beside the corpus under
//! a name of its own, so that it is tried first from then on.

pub mod targets;

use crate::stimulus::Random;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use targets::Target;

/// Changes to one input.
const MOST_CHANGES: u64 = 6;
/// Longest input.
const MOST_BYTES: usize = 1 << 16;
/// Values that parsers stumble on.
const NASTY: [&[u8]; 12] = [
    b"",
    b"-",
    b"0",
    b"18446744073709551616",
    b"1e999",
    b"nan",
    b"\n",
    b",,",
    b"\"",
    b"[[",
    b"\xff\xfe",
    b"\xff\xff\xff\xff",
];

/// A folder of `tests/corpus`.
pub fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

fn corpus(target: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let folder = folder(target);
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        std::fs::read(&path).map(|bytes| (name, bytes)).map_err(|e| format!("{}: {e}", path.display()))
    };
    files.into_iter().map(read).collect()
}

fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = |length: usize, random: &mut Random| random.below(length as u64 + 1) as usize;
    let place = at(bytes.len(), random);
    match random.below(7) {
        0 if !bytes.is_empty() => {
            let place = place.min(bytes.len() - 1);
            bytes[place] ^= 1 << random.below(8);
        }
        1 if !bytes.is_empty() => {
            let place = place.min(bytes.len() - 1);
            bytes[place] = random.bits() as u8;
        }
        2 => bytes.truncate(place),
        3 => {
            let end = at(bytes.len() - place, random) + place;
            bytes.drain(place..end.min(place + 64));
        }
        4 => {
            let nasty = NASTY[random.below(NASTY.len() as u64) as usize];
            bytes.splice(place..place, nasty.iter().copied());
        }
        5 => {
            let end = (place + 1 + random.below(64) as usize).min(bytes.len());
            let again: Vec<u8> = bytes[place..end].to_vec();
            bytes.splice(place..place, again);
        }
        _ => {
            bytes.truncate(place);
            bytes.extend(&other[at(other.len(), random)..]);
        }
    }
    bytes.truncate(MOST_BYTES);
}

/// Inputs made of a corpus by chance alone.
pub struct Blind {
    corpus: Vec<Vec<u8>>,
    random: Random,
}

impl Blind {
    /// Of the corpus of this target.
    pub fn new(target: &str, seed: u64) -> Result<Self, String> {
        let corpus: Vec<Vec<u8>> = corpus(target)?.into_iter().map(|(_, bytes)| bytes).collect();
        if corpus.is_empty() {
            return Err(format!("{} is empty", folder(target).display()));
        }
        Ok(Blind { corpus, random: Random::new(seed) })
    }

    fn pick(&mut self) -> usize {
        self.random.below(self.corpus.len() as u64) as usize
    }

    /// One more input.
    pub fn draw(&mut self) -> Vec<u8> {
        let first = self.pick();
        let mut bytes = self.corpus[first].clone();
        for _ in 0..1 + self.random.below(MOST_CHANGES) {
            let other = self.pick();
            change(&mut bytes, &self.corpus[other], &mut self.random);
        }
        bytes
    }
}

/// Tries every file of the corpus and `executions` inputs made from them.
pub fn run(target: &Target, executions: u64, seed: u64) -> Result<(), String> {
    let name = target.name;
    let broken = |bytes: &[u8]| match catch_unwind(AssertUnwindSafe(|| (target.run)(bytes))) {
        Ok(outcome) => outcome.err(),
        Err(panic) => Some(panic.downcast_ref::<String>().cloned().unwrap_or("a panic".into())),
    };
    for (file, bytes) in corpus(name)? {
        if let Some(what) = broken(&bytes) {
            return Err(format!("{name}: corpus file {file}: {what}"));
        }
    }
    let mut blind = Blind::new(name, seed)?;
    for n in 0..executions {
        let bytes = blind.draw();
        if let Some(what) = broken(&bytes) {
            let path = folder(name).join(format!("broken-{seed:x}-{n}"));
            let kept = std::fs::write(&path, &bytes).map_or_else(|e| e.to_string(), |()| path.display().to_string());
            return Err(format!("{name}: seed {seed:#x}, input {n}, kept as {kept}: {what}"));
        }
    }
    Ok(())
}
