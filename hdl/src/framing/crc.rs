//! The CRC as matrices over GF(2), in the receiver's basis and in the transmitter's.
//!
//! The transmitter keeps its state 32 bits ahead of the receiver's (powers of one matrix commute, so the step is the
//! same): END's first four bytes are then a plain term of the sum, and END costs no extra level.
//!
//! [`CrcStep`] is the receiver's loop. Its select costs no level: first-level gates XOR four, second-level gates XOR
//! three and gate, the caller adds the data term.

use crate::target::Target;
use crate::word::W;
use crate::xor::{parities, parity_by_byte, rows_of, terms};
use firstlight_spec::crc::{INITIAL, step};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Rows of one step of 64 bits on the state.
pub fn step_rows() -> Vec<u64> {
    rows_of(32, 32, |state| step(state as u32, 0, 64) as u64)
}

/// Rows from a data word to its term in the receiver's sum.
pub fn rx_data_rows() -> Vec<u64> {
    rows_of(64, 32, |data| step(0, data, 64) as u64)
}

/// Rows from a data word to its term in the transmitter's sum.
pub fn tx_data_rows() -> Vec<u64> {
    rows_of(64, 32, |data| step(step(0, data, 64), 0, 32) as u64)
}

/// `moved = (more ? state : INITIAL)` moved on by one word of zeros; add the data term to complete the step.
pub struct CrcStep {
    pub state: Signal<In, W<32>>,
    pub more: Signal<In, Bit>,
    pub moved: Signal<Out, W<32>>,
    _rows: Vec<u64>,
    _table: Vec<u64>,
    _target: Target,
}

crate::leaf!(CrcStep: state, more => moved);

/// The step from the initial state.
const FROM_INITIAL: u32 = step(INITIAL, 0, 64);

impl CrcStep {
    pub fn new(target: Target) -> Self {
        let rows = step_rows();
        Self {
            state: Default::default(),
            more: Default::default(),
            moved: Default::default(),
            _table: parity_by_byte(&rows, 32),
            _rows: rows,
            _target: target,
        }
    }
}

impl Logic for CrcStep {
    fn update(&mut self) {
        let stepped = parities(&self._table, self.state.val().get());
        self.moved.next = W::new(if self.more.val() { stepped } else { FROM_INITIAL as u64 });
    }
    fn connect(&mut self) {
        self.moved.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut v, mut body) = (String::new(), String::new());
        for (i, row) in self._rows.iter().enumerate() {
            let sums = first_level(terms("state", *row), &format!("s{i}"), self._target, &mut v);
            let otherwise = FROM_INITIAL >> i & 1 != 0;
            let gated = second_level(&sums, "more", otherwise, &format!("g{i}"), self._target, &mut v);
            writeln!(body, "   moved[{i}] = {};", gated.join(" ^ ")).unwrap();
        }
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}

/// First-level gates: sums of four.
pub fn first_level(terms: Vec<String>, name: &str, target: Target, v: &mut String) -> Vec<String> {
    let sum = |n: usize, group: &[String], v: &mut String| {
        let wire = format!("{name}_{n}");
        let inputs: Vec<&str> = group.iter().map(String::as_str).collect();
        target.lut(&wire, &inputs, |b| b.iter().filter(|b| **b).count() % 2 == 1, v);
        wire
    };
    terms.chunks(4).enumerate().map(|(n, group)| sum(n, group, v)).collect()
}

/// Second-level gates: sums of three while `gate`; their total is `otherwise` while not.
pub fn second_level(
    sums: &[String],
    gate: &str,
    otherwise: bool,
    name: &str,
    target: Target,
    v: &mut String,
) -> Vec<String> {
    let mut wires = vec![];
    for (n, group) in sums.chunks(3).enumerate() {
        let mut inputs: Vec<&str> = group.iter().map(String::as_str).collect();
        inputs.push(gate);
        let off = otherwise && n == 0;
        let wire = format!("{name}_{n}");
        target.lut(
            &wire,
            &inputs,
            move |b| {
                let (gate, sum) = b.split_last().expect("a group is not empty");
                if *gate { sum.iter().filter(|b| **b).count() % 2 == 1 } else { off }
            },
            v,
        );
        wires.push(wire);
    }
    wires
}
