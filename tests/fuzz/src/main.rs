//! libFuzzer's side: the target that `FUZZ_TARGET` names, on its inputs.
//!
//! `FUZZ_COMPARE=guided` and `=blind` measure what guidance is worth: blind inputs are those of the tests' mutator, which
//! nothing guides. Its own edges count in both, by one long use of it.
#![no_main]

use firstlight_tests::fuzz::Blind;
use firstlight_tests::fuzz::targets::{TARGETS, Target, find};
use std::cell::RefCell;
use std::sync::OnceLock;

/// Inputs of the mutator after which all of it was used.
const MUTATOR_INPUTS: u32 = 3_000;

static TARGET: OnceLock<&Target> = OnceLock::new();

thread_local! {
    /// The mutator that was not used yet.
    static UNUSED: RefCell<Option<Blind>> = const { RefCell::new(None) };
    static BLIND: RefCell<Option<Blind>> = const { RefCell::new(None) };
}

fn refuse(what: &str) -> ! {
    let names = TARGETS.map(|t| t.name).join(", ");
    eprintln!("{what}\nexpected: FUZZ_TARGET, one of {names}\nnext:     tests/fuzz/run");
    std::process::exit(2)
}

fn set_up() {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let Some(target) = find(&name) else { refuse(&format!("there is no fuzz target \"{name}\"")) };
    TARGET.get_or_init(|| target);
    let mutator = |seed| Blind::new(&name, seed).unwrap_or_else(|e| refuse(&e));
    let compare = std::env::var("FUZZ_COMPARE").unwrap_or_default();
    if !compare.is_empty() {
        UNUSED.set(Some(mutator(0)));
    }
    if compare == "blind" {
        BLIND.set(Some(mutator(1)));
    }
}

libfuzzer_sys::fuzz_target!(
    init: set_up(),
    |bytes: &[u8]| {
        let target = TARGET.get().expect("set up first");
        // of the first call, an empty input, libFuzzer counts nothing
        if !bytes.is_empty() && let Some(mut mutator) = UNUSED.take() {
            (0..MUTATOR_INPUTS).for_each(|_| drop(mutator.draw()));
        }
        let outcome = BLIND.with_borrow_mut(|blind| match blind {
            Some(blind) => {
                let mut bytes = blind.draw();
                bytes.truncate(target.longest);
                (target.run)(&bytes).map_err(|what| format!("{what}\ninput: {bytes:02x?}"))
            }
            None => (target.run)(bytes),
        });
        outcome.unwrap_or_else(|what| panic!("{what}"));
    }
);
