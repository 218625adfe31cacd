//! Check bits of the slot to send: client word and prepared word side by side, selected in the last gates.
//!
//! ```text
//!           +------Encoder------+
//!  W<64> -- | data         kind | -- W<4>  of the client word: first, further, or last with its bytes
//!  W<8>  -- | keep              |
//!  Bit   -- | last, opened      |
//!  Bit   -- | client      check | -- W<8>  client ? of data and kind : prepared
//!  W<8>  -- | prepared          |
//!           +-------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, three LUT4 levels |
//!
//! `keep` is a thermometer, so that the number of valid bytes less one is linear in it: no priority logic in front of
//! the parity. Selecting after the parity instead of before it is worth 25 MHz on an HX8K.

use crate::shared_sums::{SharedSums, xor_gate};
use crate::target::Target;
use crate::word::W;
use crate::xor::{parities, parity_by_byte, terms};
use firstlight_spec::slot::{COSET, DATA_MASKS, TYPE_MASKS, slot_type};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Bits of `keep` that sum to bit i of (valid bytes - 1).
pub const COUNT_MASKS: [u64; 3] = [0b1111_1110, 0b0101_0100, 0b0001_0000];

/// Sums of data bits that a row may have.
const DATA_SUMS: usize = 8;
/// Terms of a row: two gates of four, and two in the gate that selects the prepared bit.
const TERMS: usize = 10;

/// Encodes one slot.
pub struct Encoder {
    pub data: Signal<In, W<64>>,
    pub keep: Signal<In, W<8>>,
    pub last: Signal<In, Bit>,
    /// Not the first word of its frame.
    pub opened: Signal<In, Bit>,
    pub client: Signal<In, Bit>,
    pub prepared: Signal<In, W<8>>,
    pub kind: Signal<Out, W<4>>,
    pub check: Signal<Out, W<8>>,
    _table: Vec<u64>,
    _kinds: [u64; 16],
    _last: (u64, u64),
    _target: Target,
}

crate::leaf!(Encoder: data, keep, last, opened, client, prepared => kind, check);

impl Encoder {
    pub fn new(target: Target) -> Self {
        Self {
            data: Default::default(),
            keep: Default::default(),
            last: Default::default(),
            opened: Default::default(),
            client: Default::default(),
            prepared: Default::default(),
            kind: Default::default(),
            check: Default::default(),
            _table: parity_by_byte(&DATA_MASKS, 64),
            _kinds: std::array::from_fn(|kind| firstlight_spec::slot::check(0, kind as u8) as u64),
            _last: (0, 0),
            _target: target,
        }
    }
}

/// The type of a client word.
fn kind_of(keep: u64, last: bool, opened: bool) -> u8 {
    if last {
        COUNT_MASKS.iter().enumerate().fold(slot_type::LAST, |k, (i, m)| k | ((keep & m).count_ones() as u8 & 1) << i)
    } else if opened {
        slot_type::MORE
    } else {
        slot_type::FIRST
    }
}

impl Logic for Encoder {
    fn update(&mut self) {
        let data = self.data.val().get();
        if data != self._last.0 {
            self._last = (data, parities(&self._table, data));
        }
        let kind = kind_of(self.keep.val().get(), self.last.val(), self.opened.val());
        self.kind.next = W::new(kind as u64);
        let check = self._last.1 ^ self._kinds[kind as usize];
        self.check.next = if self.client.val() { W::new(check) } else { self.prepared.val() };
    }
    fn connect(&mut self) {
        self.kind.connect();
        self.check.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut v, mut body) = (String::new(), String::new());
        for (bit, mask) in COUNT_MASKS.iter().enumerate() {
            let other = ["~opened", "opened", "1'b0"][bit];
            writeln!(body, "   kind[{bit}] = last ? {} : {other};", terms("keep", *mask).join(" ^ ")).unwrap();
        }
        writeln!(body, "   kind[3] = last;").unwrap();
        let shared = SharedSums::new(&DATA_MASKS.map(u128::from), DATA_SUMS);
        let sums = shared.write(&terms("data", !0), "s", self._target, &mut v);
        for (row, type_mask) in TYPE_MASKS.iter().enumerate() {
            // bits that stand alone can ride in a gate of the type
            let (mut alone, mut data): (Vec<String>, Vec<String>) =
                shared.rows[row].iter().map(|s| sums[*s].clone()).partition(|sum| sum.starts_with("data"));
            let mut cells = Cells { row, n: 0, target: self._target, v: &mut v };
            let mut row_terms = type_sums(*type_mask, &mut alone, &mut cells);
            row_terms.append(&mut data);
            row_terms.append(&mut alone);
            assert!(row_terms.len() <= TERMS, "row {row} fits three levels");
            // the prepared bit comes in where two terms are selected, the other two gates are off when it is chosen
            let invert = COSET >> row & 1 != 0;
            let prepared = format!("prepared[{row}]");
            let head = [&row_terms[0][..], &row_terms[1], &prepared, "client"];
            let head = cells.lut(&head, move |b| if b[3] { b[0] ^ b[1] ^ invert } else { b[2] });
            let halves: Vec<String> = row_terms[2..]
                .chunks(4)
                .enumerate()
                .map(|(n, quad)| {
                    let quad: Vec<&str> = quad.iter().map(String::as_str).collect();
                    xor_gate(&format!("h{row}_{n}"), &quad, self._target, cells.v)
                })
                .collect();
            writeln!(body, "   check[{row}] = (client & ({})) ^ {head};", halves.join(" ^ ")).unwrap();
        }
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}

/// First-level gates of one row.
struct Cells<'a> {
    row: usize,
    n: usize,
    target: Target,
    v: &'a mut String,
}

impl Cells<'_> {
    fn lut(&mut self, inputs: &[&str], f: impl Fn(&[bool]) -> bool) -> String {
        let name = format!("e{}_{}", self.row, self.n);
        self.n += 1;
        self.target.lut(&name, inputs, f, self.v);
        name
    }
}

/// What the type adds to a row, in first-level gates; one with an input to spare takes a data bit of `alone`.
fn type_sums(types: u8, alone: &mut Vec<String>, cells: &mut Cells) -> Vec<String> {
    let mut take = || alone.pop().unwrap_or("1'b0".into());
    match types {
        // bits 1 and 2: k2 ^ k6 of a last word, `further` otherwise
        0b0110 => vec![cells.lut(&["keep[2]", "keep[6]", "opened", "last"], |b| if b[3] { b[0] ^ b[1] } else { b[2] })],
        // bit 0, with or without bit 3
        0b0001 | 0b1001 => {
            let with_last = types == 0b1001;
            let third = |b: &[bool]| b[3] && (b[0] ^ b[1] ^ b[2]);
            let data_bit = take();
            vec![
                cells.lut(&["keep[1]", "keep[2]", "keep[3]", "last"], third),
                cells.lut(&["keep[4]", "keep[5]", "keep[6]", "last"], third),
                cells.lut(&["keep[7]", "opened", &data_bit, "last"], move |b| {
                    b[2] ^ if b[3] { b[0] ^ with_last } else { !b[1] }
                }),
            ]
        }
        // bit 3: the word is last
        0b1000 => vec!["last".into()],
        // bit 2
        0b0100 => vec![{
            let (x, y) = (take(), take());
            cells.lut(&["keep[4]", &x, &y, "last"], |b| (b[3] & b[0]) ^ b[1] ^ b[2])
        }],
        // all: k1 ^ k3 ^ k5 ^ k4 ^ k7 ^ 1 of a last word, 1 otherwise
        0b1111 => {
            let data_bit = take();
            vec![
                cells.lut(&["keep[1]", "keep[3]", "keep[5]", "last"], |b| b[3] && (b[0] ^ b[1] ^ b[2])),
                cells.lut(&["keep[4]", "keep[7]", &data_bit, "last"], |b| !((b[3] && (b[0] ^ b[1])) ^ b[2])),
            ]
        }
        _ => unreachable!("the type masks of the code are the six above"),
    }
}
