//! The transmitter's CRC loop, and the next word that is not the client's: IDLE, or END from the same sums.
//!
//! ```text
//!           +--------EndBuilder--------+
//!  W<32> -- | state, data_term   moved | -- W<32>  state after the word in the line register
//!  Bit   -- | ending                   |
//!  W<16> -- | sequence        prepared | -- W<64>  ending ? END : IDLE
//!  Bit   -- | stomp, parity            |
//!  W<40> -- | end_term  prepared_check | -- W<8>
//!  W<7>  -- | count_terms              |
//!  W<64> -- | idle                     |
//!  W<8>  -- | idle_parity              |
//!           +--------------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, three LUT4 levels |
//! | state    | 32 bits ahead (see [`super::crc`]) and stored XOR the initial state: resets to 0 |
//!
//! The select has no level of its own: second-level gates XOR three sums and gate them. What END's first four bytes
//! add to CRC and check bits comes registered: `end_term` from sequence and flags ([`end_term_rows`]), `count_terms`
//! from `keep` ([`count_term_rows`]).

use super::crc::{first_level, second_level, step_rows};
use crate::fec::encoder::COUNT_MASKS;
use crate::target::Target;
use crate::word::W;
use crate::xor::{parities, parity_by_byte, rows_of, terms};
use firstlight_spec::control::{END, EndFlags, IDLE, IDLE_FIXED_MASK};
use firstlight_spec::crc::{INITIAL, step};
use firstlight_spec::slot::{COSET, parity};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Terms of the check rows that are gated; the rest joins in the last gates.
const GATED_TERMS: usize = 36;

/// What `lower`, the first four bytes of END, adds: 32 CRC bits, then 8 check bits.
fn lower_term(lower: u32) -> u64 {
    with_check(step(0, lower as u64, 32), lower)
}

/// 32 CRC bits and the check bits of the END word that carries them and `lower`.
fn with_check(crc: u32, lower: u32) -> u64 {
    crc as u64 | (parity((crc as u64) << 32 | lower as u64, 0) as u64) << 32
}

/// Rows from {sequence 16, stomp, parity follows} to `end_term`.
pub fn end_term_rows() -> Vec<u64> {
    let flag = |bit: u8| (bit as u32) << 8;
    rows_of(18, 40, |x| match x {
        0x1_0000 => lower_term(flag(EndFlags::STOMP)) ^ with_check(!0, 0),
        0x2_0000 => lower_term(flag(EndFlags::PARITY)),
        sequence_bit => lower_term((sequence_bit as u32) << 16),
    })
}

/// Rows from `keep` to `count_terms`: bit m - 1 is the parity of (bytes - 1) & m.
pub fn count_term_rows() -> Vec<u64> {
    (1..8u64).map(|m| (0..3).filter(|i| m >> i & 1 != 0).fold(0, |k, i| k ^ COUNT_MASKS[i])).collect()
}

/// The CRC loop and the prepared word.
pub struct EndBuilder {
    pub state: Signal<In, W<32>>,
    pub data_term: Signal<In, W<32>>,
    pub ending: Signal<In, Bit>,
    pub frame_number: Signal<In, W<16>>,
    pub stomp: Signal<In, Bit>,
    pub parity: Signal<In, Bit>,
    pub end_term: Signal<In, W<40>>,
    pub count_terms: Signal<In, W<7>>,
    pub idle: Signal<In, W<64>>,
    pub idle_parity: Signal<In, W<8>>,
    pub moved: Signal<Out, W<32>>,
    pub prepared: Signal<Out, W<64>>,
    pub prepared_check: Signal<Out, W<8>>,
    _step: Vec<u64>,
    _check: (Vec<u64>, Vec<u64>),
    /// For each output bit, the one of `count_terms` that it takes.
    _counts: [u64; 40],
    _constants: Constants,
    _target: Target,
}

crate::leaf!(EndBuilder: state, data_term, ending, frame_number, stomp, parity, end_term, count_terms, idle, idle_parity => moved, prepared, prepared_check);

#[derive(Clone)]
struct Constants {
    step_table: Vec<u64>,
    check_table: Vec<u64>,
    count_table: Vec<u64>,
    /// What the stored state misses after a step.
    next: u32,
    /// Fixed part of END's CRC and check bits.
    end: u64,
    /// Fixed part of IDLE's check bits.
    idle_check: u8,
}

impl EndBuilder {
    pub fn new(target: Target) -> Self {
        let initial = step(INITIAL, 0, 32);
        let stepped = step(initial, 0, 64);
        let upper_parity = |crc: u64| parity(crc << 32, 0) as u64;
        let check = rows_of(32, 8, |state| upper_parity(step(state as u32, 0, 64) as u64));
        let data_check = rows_of(32, 8, upper_parity);
        let counts = rows_of(3, 40, |count| lower_term((count as u32) << (8 + EndFlags::COUNT_LSB)));
        let counts: [u64; 40] = std::array::from_fn(|i| if counts[i] == 0 { 0 } else { 1 << (counts[i] - 1) });
        let end = lower_term(END as u32) ^ with_check(stepped ^ !0, 0) ^ (COSET as u64) << 32;
        Self {
            state: Default::default(),
            data_term: Default::default(),
            ending: Default::default(),
            frame_number: Default::default(),
            stomp: Default::default(),
            parity: Default::default(),
            end_term: Default::default(),
            count_terms: Default::default(),
            idle: Default::default(),
            idle_parity: Default::default(),
            moved: Default::default(),
            prepared: Default::default(),
            prepared_check: Default::default(),
            _constants: Constants {
                step_table: parity_by_byte(&step_rows(), 32),
                check_table: parity_by_byte(&data_check, 32),
                count_table: parity_by_byte(&counts, 7),
                next: stepped ^ initial,
                end,
                idle_check: parity(IDLE as u64, 0) ^ COSET,
            },
            _step: step_rows(),
            _check: (check, data_check),
            _counts: counts,
            _target: target,
        }
    }
}

impl Logic for EndBuilder {
    fn update(&mut self) {
        let k = &self._constants;
        let sum = parities(&k.step_table, self.state.val().get()) ^ self.data_term.val().get();
        self.moved.next = W::new(sum ^ k.next as u64);
        if self.ending.val() {
            let count_terms = self.count_terms.val().get();
            let fixed = self.end_term.val().get() ^ parities(&k.count_table, count_terms) ^ k.end;
            let lower = END as u64
                | (self.stomp.val() as u64) << 8
                | (self.parity.val() as u64) << 10
                | (count_terms & 3 | count_terms >> 1 & 4) << (8 + EndFlags::COUNT_LSB)
                | self.frame_number.val().get() << 16;
            self.prepared.next = W::new(lower | ((sum ^ fixed) & 0xffff_ffff) << 32);
            self.prepared_check.next = W::new(parities(&k.check_table, sum) ^ fixed >> 32);
        } else {
            // IDLE's fixed bits are constants in the Verilog too, also while `idle` is still zero after power-on
            self.prepared.next = W::new((self.idle.val().get() & !IDLE_FIXED_MASK) | IDLE as u64);
            self.prepared_check.next = W::new(self.idle_parity.val().get() ^ k.idle_check as u64);
        }
    }
    fn connect(&mut self) {
        self.moved.connect();
        self.prepared.connect();
        self.prepared_check.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut v, mut body) = (String::new(), String::new());
        let k = &self._constants;
        let count = |i: usize| match self._counts[i] {
            0 => String::new(),
            mask => format!(" ^ count_terms[{}]", mask.trailing_zeros()),
        };
        for i in 0..32 {
            let mut bits = terms("state", self._step[i]);
            bits.push(format!("data_term[{i}]"));
            let sums = first_level(bits, &format!("s{i}"), self._target, &mut v);
            let gated = second_level(&sums, "ending", false, &format!("g{i}"), self._target, &mut v);
            let fixed = format!("end_term[{i}]{} ^ 1'b{}", count(i), k.end >> i & 1);
            writeln!(body, "   moved[{i}] = {} ^ 1'b{};", sums.join(" ^ "), k.next >> i & 1).unwrap();
            writeln!(body, "   prepared[{}] = {} ^ (ending ? {fixed} : idle[{}]);", 32 + i, gated.join(" ^ "), 32 + i)
                .unwrap();
        }
        for row in 0..8 {
            let mut bits = terms("state", self._check.0[row]);
            bits.extend(terms("data_term", self._check.1[row]));
            let sums = first_level(bits, &format!("c{row}"), self._target, &mut v);
            let (head, rest) = sums.split_at(sums.len().min(GATED_TERMS / 4));
            let gated = second_level(head, "ending", false, &format!("d{row}"), self._target, &mut v);
            let rest: String = rest.iter().map(|sum| format!(" ^ {sum}")).collect();
            writeln!(
                body,
                "   prepared_check[{row}] = {} ^ (ending ? end_term[{}]{} ^ 1'b{}{rest} : idle_parity[{row}] ^ 1'b{});",
                gated.join(" ^ "),
                32 + row,
                count(32 + row),
                k.end >> (32 + row) & 1,
                k.idle_check >> row & 1
            )
            .unwrap();
        }
        // END's first four bytes; IDLE's fixed bits are constants
        for i in 0..32 {
            let end = match i {
                8 => "stomp".into(),
                9 | 14 | 15 => "1'b0".into(),
                10 => "parity".into(),
                11 => "count_terms[0]".into(),
                12 => "count_terms[1]".into(),
                13 => "count_terms[3]".into(),
                16.. => format!("frame_number[{}]", i - 16),
                _ => format!("1'b{}", END >> i & 1),
            };
            let is_fixed = IDLE_FIXED_MASK >> i & 1 != 0;
            let idle = if is_fixed { format!("1'b{}", IDLE as u64 >> i & 1) } else { format!("idle[{i}]") };
            writeln!(body, "   prepared[{i}] = ending ? {end} : {idle};").unwrap();
        }
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}
