//! Tells a correctable syndrome from the others: a table of 256 entries.
//!
//! ```text
//!          +---Classifier---+
//!  W<8> -- | syndrome single| -- Bit   a column of H: one wrong bit
//!          +----------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, three LUT4 levels |
//!
//! The rows are split so that the columns fall into few classes: those of one class have the same low rows.

use crate::target::Target;
use crate::word::W;
use firstlight_spec::slot::COLUMNS;
use rust_hdl::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The split of the rows with the fewest classes.
const HIGH_ROWS: [usize; 4] = [1, 2, 4, 7];
const LOW_ROWS: [usize; 4] = [0, 3, 5, 6];
/// Classes that three levels hold.
const CLASSES: usize = 8;

/// Is the syndrome a column?
pub struct Classifier {
    pub syndrome: Signal<In, W<8>>,
    pub single: Signal<Out, Bit>,
    _table: [bool; 256],
    _target: Target,
}

crate::leaf!(Classifier: syndrome => single);

impl Classifier {
    pub fn new(target: Target) -> Self {
        let mut table = [false; 256];
        COLUMNS.iter().for_each(|c| table[*c as usize] = true);
        Self { syndrome: Default::default(), single: Default::default(), _table: table, _target: target }
    }

    /// For each set of low rows that goes with some high rows, those high rows; both as tables of 16 entries.
    fn classes(&self) -> BTreeMap<u16, u16> {
        let place = |rows: [usize; 4], x: usize| (0..4).fold(0, |s, k| s | (x >> k & 1) << rows[k]);
        let mut classes = BTreeMap::new();
        for high in 0..16 {
            let is = |low: &usize| self._table[place(HIGH_ROWS, high) | place(LOW_ROWS, *low)];
            let lows = (0..16).filter(is).fold(0, |set: u16, low| set | 1 << low);
            *classes.entry(lows).or_default() |= 1u16 << high;
        }
        classes.remove(&0);
        classes
    }
}

impl Logic for Classifier {
    fn update(&mut self) {
        self.single.next = self._table[self.syndrome.val().index()];
    }
    fn connect(&mut self) {
        self.single.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut v = String::new();
        let classes = self.classes();
        assert!(classes.len() <= CLASSES, "the split holds in three levels");
        let rows = |rows: [usize; 4]| rows.map(|r| format!("syndrome[{r}]"));
        let mut products = vec![];
        for (n, (lows, highs)) in classes.into_iter().enumerate() {
            for (name, set, rows) in [("h", highs, rows(HIGH_ROWS)), ("l", lows, rows(LOW_ROWS))] {
                let is = move |b: &[bool]| set >> b.iter().rev().fold(0, |x, bit| x << 1 | *bit as u32) & 1 != 0;
                self._target.lut(&format!("{name}{n}"), &rows.each_ref().map(String::as_str), is, &mut v);
            }
            products.extend([format!("h{n}"), format!("l{n}")]);
        }
        let mut any = vec![];
        for (n, pairs) in products.chunks(4).enumerate() {
            let inputs: Vec<&str> = pairs.iter().map(String::as_str).collect();
            self._target.lut(&format!("p{n}"), &inputs, |b| b.chunks(2).any(|pair| pair[0] && pair[1]), &mut v);
            any.push(format!("p{n}"));
        }
        writeln!(v, "always @(*) single = {};", any.join(" | ")).unwrap();
        Verilog::Custom(v)
    }
}
