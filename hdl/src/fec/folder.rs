//! Folds the first two XOR levels of the syndrome in front of the capture register.
//!
//! ```text
//!           +---Folder---+
//!  W<64> -- | data       |
//!  W<12> -- | tc  partial| -- W<16>
//!           +------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, two LUT4 levels |
//! | partial  | bits r and 8 + r sum to row r of H times the slot (coset included) |

use crate::target::Target;
use crate::word::W;
use crate::xor::{parities, parity_by_byte, terms, xor_tree};
use firstlight_spec::slot::{CHECK_BITS, DATA_MASKS, TYPE_BITS, TYPE_MASKS};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Line bits that one partial sum takes: two levels of LUT4.
const TERMS: u32 = 16;

/// 76 line bits to 16 partial sums.
pub struct Folder {
    pub data: Signal<In, W<64>>,
    pub tc: Signal<In, W<12>>,
    pub partial: Signal<Out, W<16>>,
    _rows: Vec<(u64, u64)>,
    _tables: [Vec<u64>; 2],
    _last: (u64, u64, u64),
    _target: Target,
}

crate::leaf!(Folder: data, tc => partial);

impl Folder {
    pub fn new(target: Target) -> Self {
        let mut rows = vec![(0u64, 0u64); 2 * CHECK_BITS];
        for r in 0..CHECK_BITS {
            // a data bit short of the full group, so that both groups stay within their terms
            rows[r].1 = TYPE_MASKS[r] as u64 | 1 << (TYPE_BITS + r);
            for bit in (0..64).filter(|bit| DATA_MASKS[r] >> bit & 1 != 0) {
                let used = rows[r].0.count_ones() + rows[r].1.count_ones();
                let group = if used < TERMS - 1 { r } else { CHECK_BITS + r };
                rows[group].0 |= 1 << bit;
            }
            assert!(rows[CHECK_BITS + r].0.count_ones() <= TERMS);
        }
        let masks = |pick: fn(&(u64, u64)) -> u64| rows.iter().map(pick).collect::<Vec<_>>();
        Self {
            data: Default::default(),
            tc: Default::default(),
            partial: Default::default(),
            _tables: [parity_by_byte(&masks(|r| r.0), 64), parity_by_byte(&masks(|r| r.1), 12)],
            _rows: rows,
            _last: (0, 0, 0),
            _target: target,
        }
    }
}

impl Logic for Folder {
    fn update(&mut self) {
        let (data, tc) = (self.data.val().get(), self.tc.val().get());
        if (data, tc) != (self._last.0, self._last.1) {
            self._last = (data, tc, parities(&self._tables[0], data) ^ parities(&self._tables[1], tc));
        }
        self.partial.next = W::new(self._last.2);
    }
    fn connect(&mut self) {
        self.partial.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut cells, mut sums) = (String::new(), String::from("always @(*) begin\n"));
        for (i, (data, tc)) in self._rows.iter().enumerate() {
            let mut bits = terms("data", *data);
            bits.extend(terms("tc", *tc));
            let sum = xor_tree(bits, &format!("p{i}"), self._target, &mut cells);
            writeln!(sums, "   partial[{i}] = {sum};").unwrap();
        }
        Verilog::Custom(format!("{cells}{sums}end\n"))
    }
}
