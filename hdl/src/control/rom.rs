//! Constant words, addressed: read-only registers and texts as logic.
//!
//! ```text
//!          +---Rom<D, A>---+
//!  W<A> ---| address  data |--- W<D>
//!          +---------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational |
//! | elsewhere| zero |

use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// A table of `D`-bit words; what the table does not name is zero.
pub struct Rom<const D: usize, const A: usize> {
    pub address: Signal<In, W<A>>,
    pub data: Signal<Out, W<D>>,
    _words: Vec<u64>,
}

crate::leaf!(any [const D: usize, const A: usize] Rom<D, A>: address => data);

impl<const D: usize, const A: usize> Rom<D, A> {
    /// `words[i]` stands at address i; panics when a word or the table is too large.
    pub fn new(words: &[u64]) -> Self {
        assert!(words.len() <= 1 << A && words.iter().all(|w| *w <= W::<D>::MASK));
        let mut all = words.to_vec();
        all.resize(1 << A, 0);
        Self { address: Default::default(), data: Default::default(), _words: all }
    }
}

impl<const D: usize, const A: usize> Logic for Rom<D, A> {
    fn update(&mut self) {
        self.data.next = W::new(self._words[self.address.val().index()]);
    }
    fn connect(&mut self) {
        self.data.connect();
    }
    fn hdl(&self) -> Verilog {
        // bit by bit: a case statement would become a block memory
        let mut text = String::new();
        let mut bits = String::from("always @(*) begin\n");
        for i in 0..D {
            let table: String = self._words.iter().rev().map(|w| if w >> i & 1 != 0 { '1' } else { '0' }).collect();
            writeln!(text, "wire [{}:0] table_{i} = {}'b{table};", (1 << A) - 1, 1 << A).unwrap();
            writeln!(bits, "   data[{i}] = table_{i}[address];").unwrap();
        }
        Verilog::Custom(format!("{text}{bits}end\n"))
    }
}
