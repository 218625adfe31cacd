//! The CRC as matrices over GF(2), in a basis of the receiver's and in the transmitter's.
//!
//! The transmitter keeps its state 32 bits ahead (powers of one matrix commute, so the step is the same): END's first
//! four bytes are then a plain term of the sum, and END costs no extra level.
//!
//! The receiver only asks whether the state is the residue, so its state may stand in any basis. In that of one vector
//! and what the step makes of it, again and again, the step is a shift with feedback: [`CrcStep`] is a gate a bit
//! instead of a matrix. The data matrix takes the change of basis in.

use crate::word::W;
use crate::xor::{parities, parity_by_byte, rows_of, terms};
use firstlight_spec::crc::{INITIAL, RESIDUE, step};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Rows of one step of 64 bits on the state.
pub fn step_rows() -> Vec<u64> {
    rows_of(32, 32, |state| step(state as u32, 0, 64) as u64)
}

/// Rows from a data word to its term in the transmitter's sum.
pub fn tx_data_rows() -> Vec<u64> {
    rows_of(64, 32, |data| step(step(0, data, 64), 0, 32) as u64)
}

/// Rows from a data word to its term in the receiver's sum.
pub fn rx_data_rows() -> Vec<u64> {
    let basis = RxBasis::default();
    rows_of(64, 32, |data| basis.stored(step(0, data, 64)) as u64)
}

/// What the receiver's state is after a frame and its END, when nothing is wrong.
pub fn rx_residue() -> u32 {
    RxBasis::default().stored(RESIDUE)
}

/// The basis of the receiver's state.
pub struct RxBasis {
    /// Row i: the bits of a CRC that sum to stored bit i.
    rows: Vec<u64>,
}

impl Default for RxBasis {
    fn default() -> Self {
        let vectors: Vec<u32> = std::iter::successors(Some(1), |v| Some(step(*v, 0, 64))).take(32).collect();
        // rows of the matrix whose columns are the vectors, and of the unit matrix beside it; then elimination
        let row = |i: usize| (0..32).fold(1 << (32 + i), |row, j| row | (vectors[j] as u64 >> i & 1) << j);
        let mut rows: Vec<u64> = (0..32).map(row).collect();
        for i in 0..32 {
            let pivot =
                (i..32).find(|r| rows[*r] >> i & 1 != 0).expect("the step has one cycle through all of its space");
            rows.swap(i, pivot);
            let from = rows[i];
            rows.iter_mut()
                .enumerate()
                .filter(|(r, row)| *r != i && **row >> i & 1 != 0)
                .for_each(|(_, row)| *row ^= from);
        }
        Self { rows: rows.into_iter().map(|row| row >> 32).collect() }
    }
}

impl RxBasis {
    /// A CRC as it is stored.
    pub fn stored(&self, crc: u32) -> u32 {
        let bit = |(i, row): (usize, &u64)| ((row & crc as u64).count_ones() & 1) << i;
        self.rows.iter().enumerate().map(bit).sum()
    }

    /// Rows of one step of 64 bits on the stored state.
    fn step_rows(&self) -> Vec<u64> {
        let vectors = std::iter::successors(Some(1), |v| Some(step(*v, 0, 64)));
        let stepped: Vec<u32> = vectors.skip(1).take(32).map(|v| self.stored(v)).collect();
        rows_of(32, 32, |stored| stepped[stored.trailing_zeros() as usize] as u64)
    }
}

/// `moved = (more ? state : INITIAL)` moved on by one word of zeros; add the data term to complete the step.
pub struct CrcStep {
    pub state: Signal<In, W<32>>,
    pub more: Signal<In, Bit>,
    pub moved: Signal<Out, W<32>>,
    _rows: Vec<u64>,
    _table: Vec<u64>,
    /// The step from the initial state.
    _first: u32,
}

crate::leaf!(CrcStep: state, more => moved);

impl Default for CrcStep {
    fn default() -> Self {
        let basis = RxBasis::default();
        let rows = basis.step_rows();
        assert!(rows.iter().all(|row| row.count_ones() <= 2), "a shift with feedback");
        Self {
            state: Default::default(),
            more: Default::default(),
            moved: Default::default(),
            _table: parity_by_byte(&rows, 32),
            _rows: rows,
            _first: basis.stored(step(INITIAL, 0, 64)),
        }
    }
}

impl Logic for CrcStep {
    fn update(&mut self) {
        let stepped = parities(&self._table, self.state.val().get());
        self.moved.next = W::new(if self.more.val() { stepped } else { self._first as u64 });
    }
    fn connect(&mut self) {
        self.moved.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut body = String::new();
        for (i, row) in self._rows.iter().enumerate() {
            let (sum, first) = (terms("state", *row).join(" ^ "), self._first >> i & 1);
            writeln!(body, "   moved[{i}] = more ? {sum} : 1'b{first};").unwrap();
        }
        Verilog::Custom(format!("always @(*) begin\n{body}end\n"))
    }
}
