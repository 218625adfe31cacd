//! What is fuzzed: by mutated inputs in the tests, and by libFuzzer in `tests/fuzz`. A new target is one line here.

pub mod board;
pub mod bone;
pub mod campaign;
pub mod capture;
pub mod repair;
pub mod slots;
pub mod trace;

/// Takes any bytes; an error or a panic when they broke it. Being refused is not broken.
pub type Run = fn(&[u8]) -> Result<(), String>;

/// One target.
pub struct Target {
    /// Folder of its inputs in `tests/corpus`.
    pub name: &'static str,
    pub run: Run,
    /// Longest input that libFuzzer makes, in bytes.
    pub longest: usize,
    /// Mutated inputs in the tests of continuous integration.
    pub inputs: u64,
}

const fn target(name: &'static str, run: Run, longest: usize, inputs: u64) -> Target {
    Target { name, run, longest, inputs }
}

/// All of them. Simulated gateware is slow: fewer inputs.
pub const TARGETS: [Target; 7] = [
    target("bone", bone::run, 256, 200),
    target("slots", slots::run, 384, 100),
    target("repair", repair::run, 192, 5_000),
    target("board", board::run, 512, 2_000),
    target("capture", capture::run, 1024, 5_000),
    target("trace_csv", trace::run, 512, 5_000),
    target("campaign_toml", campaign::run, 1024, 5_000),
];

/// The target of this name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|t| t.name == name)
}

/// The bytes of an input, one after the other; zeros beyond its end.
pub(crate) struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }
    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }
    pub fn long(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }
}
