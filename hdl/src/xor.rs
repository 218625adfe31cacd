//! A matrix of parities: `y[i]` is the parity of the bits of `a` that row i names.
//!
//! ```text
//!          +---XorMatrix---+
//!  W<NI> --| a           y |-- W<NO>
//!          +---------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational |
//! | levels   | one LUT4 level for each factor of four in a row's terms; rows share gates |
//!
//! One table drives simulation and Verilog. On the iCE40 target every level but the last is an explicit `SB_LUT4`,
//! because the mapper undoes trees that were balanced by hand; the generic target writes plain expressions.

use crate::shared_sums::{SharedSums, xor_gate};
use crate::target::Target;
use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// `y[i] = ^(a & rows[i])`.
pub struct XorMatrix<const NI: usize, const NO: usize> {
    pub a: Signal<In, W<NI>>,
    pub y: Signal<Out, W<NO>>,
    _rows: Vec<u64>,
    _by_byte: Vec<u64>,
    _last: (u64, u64),
    _target: Target,
}

crate::leaf!(any [const NI: usize, const NO: usize] XorMatrix<NI, NO>: a => y);

impl<const NI: usize, const NO: usize> XorMatrix<NI, NO> {
    /// `rows[i]` masks the inputs of output i.
    pub fn new(rows: &[u64], target: Target) -> Self {
        assert_eq!(rows.len(), NO);
        Self {
            a: Default::default(),
            y: Default::default(),
            _rows: rows.to_vec(),
            _by_byte: parity_by_byte(rows, NI),
            _last: (0, 0),
            _target: target,
        }
    }
}

impl<const NI: usize, const NO: usize> Logic for XorMatrix<NI, NO> {
    fn update(&mut self) {
        let a = self.a.val().get();
        if a != self._last.0 {
            self._last = (a, parities(&self._by_byte, a));
        }
        self.y.next = W::new(self._last.1);
    }
    fn connect(&mut self) {
        self.y.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut cells = String::new();
        let mut sums = String::from("always @(*) begin\n");
        let rows: Vec<u128> = self._rows.iter().map(|row| u128::from(*row)).collect();
        let shared = SharedSums::new(&rows, TERMS);
        let first = shared.write(&terms("a", W::<NI>::MASK), "s", self._target, &mut cells);
        let (second, rows) = common_quads(shared.rows);
        let gate = |(n, quad): (usize, &[usize; 4])| {
            xor_gate(&format!("q_{n}"), &quad.map(|s| first[s].as_str()), self._target, &mut cells)
        };
        let second: Vec<String> = second.iter().enumerate().map(gate).collect();
        for (i, (quads, rest)) in rows.into_iter().enumerate() {
            let mut late: Vec<String> = quads.into_iter().map(|q| second[q].clone()).collect();
            let mut early: Vec<&str> = rest.into_iter().map(|s| first[s].as_str()).collect();
            while late.len() + early.len() > 4 {
                let at = early.len().saturating_sub(4);
                let quad = early.split_off(at);
                late.push(xor_gate(&format!("x{i}_{at}"), &quad, self._target, &mut cells));
            }
            late.extend(early.into_iter().map(String::from));
            let sum = if late.is_empty() { "1'b0".into() } else { late.join(" ^ ") };
            writeln!(sums, "   y[{i}] = {sum};").unwrap();
        }
        Verilog::Custom(format!("{cells}{sums}end\n"))
    }
}

/// Sums that a row may have: two more levels of LUT4.
const TERMS: usize = 16;

/// Of each row, the quads of sums that it shares with another one, and the other sums.
type Split = Vec<(Vec<usize>, Vec<usize>)>;

/// Quads of sums that two rows have in common: each saves both rows a gate.
fn common_quads(rows: Vec<Vec<usize>>) -> (Vec<[usize; 4]>, Split) {
    let (mut quads, mut split): (Vec<[usize; 4]>, Split) = (vec![], rows.into_iter().map(|r| (vec![], r)).collect());
    for i in 0..split.len() {
        for j in 0..i {
            loop {
                let both = split[i].1.iter().filter(|s| split[j].1.contains(s)).take(4).copied().collect::<Vec<_>>();
                let is_long = |row: &(Vec<usize>, Vec<usize>)| row.0.len() + row.1.len() > 4;
                let Ok(quad) = <[usize; 4]>::try_from(both) else { break };
                if !is_long(&split[i]) || !is_long(&split[j]) {
                    break;
                }
                for row in [i, j] {
                    split[row].0.push(quads.len());
                    split[row].1.retain(|s| !quad.contains(s));
                }
                quads.push(quad);
            }
        }
    }
    (quads, split)
}

/// Table for [`parities`]: for each byte of the input, what each of its 256 values adds to the output.
pub fn parity_by_byte(rows: &[u64], inputs: usize) -> Vec<u64> {
    let mut table = vec![0u64; inputs.div_ceil(8) * 256];
    for (k, entry) in table.iter_mut().enumerate() {
        let x = ((k & 255) as u64) << (8 * (k >> 8));
        *entry = rows.iter().enumerate().fold(0, |y, (i, row)| y | ((row & x).count_ones() as u64 & 1) << i);
    }
    table
}

/// All parities of `a` at once.
#[inline]
pub fn parities(table: &[u64], a: u64) -> u64 {
    (0..table.len() / 256).fold(0, |y, k| y ^ table[k << 8 | (a >> (8 * k)) as usize & 255])
}

/// Rows of the linear map `f` from `inputs` bits to `outputs` bits.
pub fn rows_of(inputs: usize, outputs: usize, f: impl Fn(u64) -> u64) -> Vec<u64> {
    let mut rows = vec![0; outputs];
    for j in 0..inputs {
        let column = f(1 << j);
        for (i, row) in rows.iter_mut().enumerate() {
            *row |= (column >> i & 1) << j;
        }
    }
    rows
}

/// Names of the bits of `name` that `mask` selects.
pub fn terms(name: &str, mask: u64) -> Vec<String> {
    (0..64).filter(|i| mask >> i & 1 != 0).map(|i| format!("{name}[{i}]")).collect()
}

/// The sum of `terms` as an expression of at most four; the levels below it are written to `cells`.
pub fn xor_tree(mut terms: Vec<String>, name: &str, target: Target, cells: &mut String) -> String {
    let mut n = 0;
    while terms.len() > 4 {
        terms = terms
            .chunks(4)
            .map(|group| {
                if group.len() == 1 {
                    return group[0].clone();
                }
                let wire = format!("{name}_{n}");
                n += 1;
                let inputs: Vec<&str> = group.iter().map(String::as_str).collect();
                target.lut(&wire, &inputs, |bits| bits.iter().filter(|b| **b).count() % 2 == 1, cells);
                wire
            })
            .collect();
    }
    if terms.is_empty() { "1'b0".into() } else { terms.join(" ^ ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_table_agrees_with_the_rows() {
        let rows = rows_of(40, 8, |x| x.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56);
        let table = parity_by_byte(&rows, 40);
        for a in [0, 1, 0x12_3456_789a, (1 << 40) - 1] {
            let want = rows.iter().enumerate().fold(0, |y, (i, r)| y | ((r & a).count_ones() as u64 & 1) << i);
            assert_eq!(parities(&table, a), want);
        }
    }

    #[test]
    fn a_long_sum_becomes_levels_of_four() {
        let mut cells = String::new();
        let top = xor_tree(terms("a", 0x1ffff), "x", Target::Ice40, &mut cells);
        assert_eq!((cells.matches("SB_LUT4").count(), top.matches('^').count()), (5, 1), "{cells}{top}");
    }
}
