//! Puts an IDLE together: the word and the linear part of its check bits.
//!
//! ```text
//!           +-IdleBuilder-+
//!  W<3>  -- | state   word| -- W<64>
//!  W<2>  -- | request     |
//!  W<16> -- | hint  parity| -- W<8>   check bits of the fields alone
//!  W<16> -- | prbs        |
//!           +-------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational |

use crate::target::Target;
use crate::word::W;
use crate::xor::{parities, parity_by_byte, xor_tree};
use firstlight_spec::control::{IDLE, IDLE_FIXED_MASK};
use firstlight_spec::slot::DATA_MASKS;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Fields to word.
pub struct IdleBuilder {
    pub state: Signal<In, W<3>>,
    pub request: Signal<In, W<2>>,
    pub hint: Signal<In, W<16>>,
    pub prbs: Signal<In, W<16>>,
    pub word: Signal<Out, W<64>>,
    pub parity: Signal<Out, W<8>>,
    _table: Vec<u64>,
    _last: (u64, u64),
    _target: Target,
}

crate::leaf!(IdleBuilder: state, request, hint, prbs => word, parity);

/// First bit and width of each field.
const FIELDS: [(&str, usize, usize); 4] = [("state", 8, 3), ("request", 16, 2), ("hint", 32, 16), ("prbs", 48, 16)];

impl IdleBuilder {
    pub fn new(target: Target) -> Self {
        Self {
            state: Default::default(),
            request: Default::default(),
            hint: Default::default(),
            prbs: Default::default(),
            word: Default::default(),
            parity: Default::default(),
            _table: parity_by_byte(&DATA_MASKS.map(|m| m & !IDLE_FIXED_MASK), 64),
            _last: (0, 0),
            _target: target,
        }
    }
}

impl Logic for IdleBuilder {
    fn update(&mut self) {
        let fields = self.state.val().get() << FIELDS[0].1
            | self.request.val().get() << FIELDS[1].1
            | self.hint.val().get() << FIELDS[2].1
            | self.prbs.val().get() << FIELDS[3].1;
        if fields != self._last.0 {
            self._last = (fields, parities(&self._table, fields));
        }
        self.word.next = W::new(fields | IDLE as u64);
        self.parity.next = W::new(self._last.1);
    }
    fn connect(&mut self) {
        self.word.connect();
        self.parity.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut v, mut body) = (String::new(), format!("   word = 64'h{:x};\n", IDLE));
        for (name, lsb, width) in FIELDS {
            writeln!(body, "   word[{}:{lsb}] = {name};", lsb + width - 1).unwrap();
        }
        for (row, mask) in DATA_MASKS.iter().enumerate() {
            let bits_of = |&(name, lsb, width): &(&'static str, usize, usize)| {
                (0..width).filter(move |i| mask >> (lsb + i) & 1 != 0).map(move |i| format!("{name}[{i}]"))
            };
            // the state is known late: it is added last
            let early = FIELDS[1..].iter().flat_map(bits_of).collect();
            let sum = xor_tree(early, &format!("i{row}"), self._target, &mut v);
            let sum: Vec<String> = std::iter::once(sum).chain(bits_of(&FIELDS[0])).collect();
            writeln!(body, "   parity[{row}] = {};", sum.join(" ^ ")).unwrap();
        }
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}
