//! Corrects one bit of the captured slot in one cycle, from the partial sums beside it.
//!
//! ```text
//!           +----Corrector----+
//!  W<64> -- | data  fixed_data| -- W<64>   corrected only while `correct_data`
//!  W<4>  -- | kind  fixed_kind| -- W<4>    always corrected
//!  W<8>  -- | check           | -- W<8>    fixed_check, always corrected
//!  W<16> -- | partial   same_*| --         copies with gates of their own
//!  Bit   -- | correct_data    |
//!           |         syndrome| -- W<8>
//!           |         bad_even| -- Bit     syndrome even and not zero
//!           +-----------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, three LUT4 levels: row sum, half match, flip |
//!
//! `same_kind` and `same_bit0` equal `fixed_kind` and bit 0 of `fixed_data`: registers with another reset need gates
//! of their own, or they cost a level.

use crate::target::Target;
use crate::word::W;
use firstlight_spec::slot::{CHECK_BITS, COLUMNS, COSET, INFO_POSITIONS, TYPE_BITS};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Row sums, matches of the syndrome's halves, flips.
pub struct Corrector {
    pub data: Signal<In, W<64>>,
    pub kind: Signal<In, W<4>>,
    pub check: Signal<In, W<8>>,
    pub partial: Signal<In, W<16>>,
    pub correct_data: Signal<In, Bit>,
    pub fixed_data: Signal<Out, W<64>>,
    pub fixed_kind: Signal<Out, W<4>>,
    pub fixed_check: Signal<Out, W<8>>,
    pub same_kind: Signal<Out, W<4>>,
    pub same_bit0: Signal<Out, Bit>,
    pub syndrome: Signal<Out, W<8>>,
    pub bad_even: Signal<Out, Bit>,
    /// Syndrome not zero; the wrong bit is data bit 8, END's stomp flag.
    pub wrong: Signal<Out, Bit>,
    pub hit8: Signal<Out, Bit>,
    /// For each syndrome, the data and type bits it flips.
    _flips: Vec<(u64, u64)>,
    _target: Target,
}

crate::leaf!(Corrector: data, kind, check, partial, correct_data => fixed_data, fixed_kind, fixed_check, same_kind, same_bit0, syndrome, bad_even, wrong, hit8);

impl Corrector {
    pub fn new(target: Target) -> Self {
        let mut flips = vec![(0, 0); 256];
        for (i, position) in INFO_POSITIONS.into_iter().enumerate() {
            flips[COLUMNS[position] as usize] = if i < TYPE_BITS { (0, 1 << i) } else { (1 << (i - TYPE_BITS), 0) };
        }
        Self {
            data: Default::default(),
            kind: Default::default(),
            check: Default::default(),
            partial: Default::default(),
            correct_data: Default::default(),
            fixed_data: Default::default(),
            fixed_kind: Default::default(),
            fixed_check: Default::default(),
            same_kind: Default::default(),
            same_bit0: Default::default(),
            syndrome: Default::default(),
            bad_even: Default::default(),
            wrong: Default::default(),
            hit8: Default::default(),
            _flips: flips,
            _target: target,
        }
    }
}

impl Logic for Corrector {
    fn update(&mut self) {
        let (data, kind, partial) = (self.data.val().get(), self.kind.val().get(), self.partial.val().get());
        let syndrome = (partial ^ partial >> CHECK_BITS ^ COSET as u64) & 0xff;
        let (flip, flip_kind) = self._flips[syndrome as usize];
        let data = if self.correct_data.val() { data ^ flip } else { data };
        self.fixed_data.next = W::new(data);
        self.same_bit0.next = data & 1 != 0;
        self.fixed_kind.next = W::new(kind ^ flip_kind);
        self.same_kind.next = W::new(kind ^ flip_kind);
        self.syndrome.next = W::new(syndrome);
        // weight 1: a check bit
        let check_flip = if syndrome.is_power_of_two() { syndrome } else { 0 };
        self.fixed_check.next = W::new(self.check.val().get() ^ check_flip);
        self.wrong.next = syndrome != 0;
        self.hit8.next = flip == 1 << 8;
        self.bad_even.next = syndrome != 0 && syndrome.count_ones().is_multiple_of(2);
    }
    fn connect(&mut self) {
        self.fixed_data.connect();
        self.fixed_kind.connect();
        self.fixed_check.connect();
        self.wrong.connect();
        self.hit8.connect();
        self.same_kind.connect();
        self.same_bit0.connect();
        self.syndrome.connect();
        self.bad_even.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut v = String::new();
        let mut body = matches(self._target, "partial", &mut v);
        for (i, position) in INFO_POSITIONS.into_iter().enumerate() {
            let (high, low) = halves(COLUMNS[position]);
            if i >= TYPE_BITS {
                let bit = i - TYPE_BITS;
                let inputs = [&format!("data[{bit}]")[..], &high, &low, "correct_data"];
                let flip = |b: &[bool]| b[0] ^ (b[1] & b[2] & b[3]);
                self._target.lut(&format!("f{bit}"), &inputs, flip, &mut v);
                writeln!(body, "   fixed_data[{bit}] = f{bit};").unwrap();
                if bit == 0 {
                    self._target.lut("f0_same", &inputs, flip, &mut v);
                    writeln!(body, "   same_bit0 = f0_same;").unwrap();
                }
            } else {
                for copy in ["fixed", "same"] {
                    let inputs = [&format!("kind[{i}]")[..], &high, &low];
                    self._target.lut(&format!("k{i}_{copy}"), &inputs, |b| b[0] ^ (b[1] & b[2]), &mut v);
                    writeln!(body, "   {copy}_kind[{i}] = k{i}_{copy};").unwrap();
                }
            }
        }
        for row in 0..CHECK_BITS {
            let (high, low) = halves(1 << row);
            let inputs = [&format!("check[{row}]")[..], &high, &low];
            self._target.lut(&format!("c{row}"), &inputs, |b| b[0] ^ (b[1] & b[2]), &mut v);
            writeln!(body, "   fixed_check[{row}] = c{row};").unwrap();
        }
        let (high, low) = halves(COLUMNS[INFO_POSITIONS[TYPE_BITS + 8]]);
        writeln!(body, "   hit8 = {high} & {low};").unwrap();
        // even and not zero
        let parity = |b: &[bool]| b.iter().filter(|b| **b).count() % 2 == 1;
        let mut any = vec![];
        for group in 0..4 {
            let sums: Vec<String> = (0..4).map(|i| format!("partial[{}]", 4 * group + i)).collect();
            let sums: Vec<&str> = sums.iter().map(String::as_str).collect();
            self._target.lut(&format!("odd{group}"), &sums, parity, &mut v);
            let rows = [2 * group, 2 * group + 1];
            let pairs: Vec<String> =
                rows.iter().flat_map(|r| [format!("partial[{r}]"), format!("partial[{}]", r + CHECK_BITS)]).collect();
            let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
            let coset = rows.map(|r| COSET >> r & 1 != 0);
            self._target.lut(
                &format!("any{group}"),
                &pairs,
                move |b| (b[0] ^ b[1] ^ coset[0]) | (b[2] ^ b[3] ^ coset[1]),
                &mut v,
            );
            any.push(format!("any{group}"));
        }
        let odd_coset = COSET.count_ones() % 2 == 1;
        self._target.lut("odd", &["odd0", "odd1", "odd2", "odd3"], move |b| parity(b) ^ odd_coset, &mut v);
        self._target.lut("any", &["any0", "any1", "any2", "any3"], |b| b.contains(&true), &mut v);
        writeln!(body, "   bad_even = any & ~odd;\n   wrong = any;").unwrap();
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}

/// Names of the half matches of a column.
pub fn halves(column: u8) -> (String, String) {
    (format!("h{}", column >> 4), format!("l{}", column & 15))
}

/// Writes row sums `w0..w7` from `partial` and the half matches of all columns; returns the lines that
/// drive `syndrome`.
pub fn matches(target: Target, partial: &str, v: &mut String) -> String {
    let mut body = String::new();
    for r in 0..CHECK_BITS {
        let inputs = [format!("{partial}[{r}]"), format!("{partial}[{}]", r + CHECK_BITS)];
        let coset = COSET >> r & 1 != 0;
        target.lut(&format!("w{r}"), &[&inputs[0], &inputs[1]], move |b| b[0] ^ b[1] ^ coset, v);
        writeln!(body, "   syndrome[{r}] = w{r};").unwrap();
    }
    for nibble in 0..16u8 {
        for (name, lsb) in [("h", 4), ("l", 0)] {
            if COLUMNS.iter().any(|c| c >> lsb & 15 == nibble) {
                let rows: Vec<String> = (0..4).map(|i| format!("w{}", lsb + i)).collect();
                let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
                let is = move |b: &[bool]| (0..4).all(|i| b[i] == (nibble >> i & 1 != 0));
                target.lut(&format!("{name}{nibble}"), &rows, is, v);
            }
        }
    }
    body
}
