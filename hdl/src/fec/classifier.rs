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
//! | latency  | combinational |

use crate::word::W;
use firstlight_spec::slot::COLUMNS;
use rust_hdl::prelude::*;

/// Is the syndrome a column?
pub struct Classifier {
    pub syndrome: Signal<In, W<8>>,
    pub single: Signal<Out, Bit>,
    _table: [bool; 256],
}

crate::leaf!(Classifier: syndrome => single);

impl Default for Classifier {
    fn default() -> Self {
        let mut table = [false; 256];
        COLUMNS.iter().for_each(|c| table[*c as usize] = true);
        Self { syndrome: Default::default(), single: Default::default(), _table: table }
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
        let bits: String = self._table.iter().rev().map(|b| if *b { '1' } else { '0' }).collect();
        Verilog::Custom(format!("wire [255:0] table_ = 256'b{bits};\nalways @(*) single = table_[syndrome];\n"))
    }
}
