//! The transmitter's CRC loop, and the next word that is not the client's: IDLE, or END from the same sums.
//!
//! ```text
//!           +--------EndBuilder--------+
//!  W<32> -- | state, data_term   moved | -- W<32>  state after the word in the line register
//!  Bit   -- | ending                   |
//!  W<16> -- | sequence        prepared | -- W<64>  ending ? END : IDLE
//!  Bit   -- | stomp, parity            |
//!  W<40> -- | end_term  prepared_check | -- W<8>
//!  W<15> -- | tail_terms               |
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
//! The select has no level of its own: `(ending & (a ^ b)) ^ x` is one gate, a and b sum four terms each, and x is
//! what END adds, or IDLE. What END's first four bytes add to CRC and check bits comes registered: `end_term` from
//! sequence and parity flag ([`end_term_rows`]), `tail_terms` from `keep` and the stomp flag ([`tail_term_rows`]).

use super::crc::step_rows;
use crate::fec::encoder::COUNT_MASKS;
use crate::shared_sums::{SharedSums, xor_gate};
use crate::target::Target;
use crate::word::W;
use crate::xor::{parities, parity_by_byte, rows_of, terms};
use firstlight_spec::control::{END, EndFlags, IDLE, IDLE_FIXED_MASK};
use firstlight_spec::crc::{INITIAL, step};
use firstlight_spec::slot::{COSET, parity};
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Sums that a row may have: two second-level gates of four; of check bits, three of three that are gated each.
const SUMS: usize = 8;
const CHECK_SUMS: usize = 9;

/// What `lower`, the first four bytes of END, adds: 32 CRC bits, then 8 check bits.
fn lower_term(lower: u32) -> u64 {
    with_check(step(0, lower as u64, 32), lower)
}

/// 32 CRC bits and the check bits of the END word that carries them and `lower`.
fn with_check(crc: u32, lower: u32) -> u64 {
    crc as u64 | (parity((crc as u64) << 32 | lower as u64, 0) as u64) << 32
}

/// The bit of a flag of END in its first four bytes.
fn flag(bit: u8) -> u32 {
    (bit as u32) << 8
}

/// Rows from {sequence 16, parity follows} to `end_term`.
pub fn end_term_rows() -> Vec<u64> {
    rows_of(17, 40, |x| match x {
        0x1_0000 => lower_term(flag(EndFlags::PARITY)),
        sequence_bit => lower_term((sequence_bit as u32) << 16),
    })
}

/// Rows from {`keep`, stomp} to `tail_terms`: bit m - 1 is the parity of {bytes - 1, stomp} & m.
pub fn tail_term_rows() -> Vec<u64> {
    let field = |i: usize| if i == 3 { 1 << 8 } else { COUNT_MASKS[i] };
    (1..16u64).map(|m| (0..4).filter(|i| m >> i & 1 != 0).fold(0, |row, i| row ^ field(i))).collect()
}

/// `tail_terms` of a frame that the transmitter ended itself: stomped, the count of one byte.
pub const STALLED_TERMS: u64 = 0x7f80;

/// The CRC loop and the prepared word.
pub struct EndBuilder {
    pub state: Signal<In, W<32>>,
    pub data_term: Signal<In, W<32>>,
    pub ending: Signal<In, Bit>,
    pub frame_number: Signal<In, W<16>>,
    pub stomp: Signal<In, Bit>,
    pub parity: Signal<In, Bit>,
    pub end_term: Signal<In, W<40>>,
    pub tail_terms: Signal<In, W<15>>,
    pub idle: Signal<In, W<64>>,
    pub idle_parity: Signal<In, W<8>>,
    pub moved: Signal<Out, W<32>>,
    pub prepared: Signal<Out, W<64>>,
    pub prepared_check: Signal<Out, W<8>>,
    _step: SharedSums,
    _check: SharedSums,
    /// For each output bit, the one of `tail_terms` that it takes.
    _tails: [u64; 40],
    _constants: Constants,
    _target: Target,
}

crate::leaf!(EndBuilder: state, data_term, ending, frame_number, stomp, parity, end_term, tail_terms, idle, idle_parity => moved, prepared, prepared_check);

#[derive(Clone)]
struct Constants {
    step_table: Vec<u64>,
    check_table: Vec<u64>,
    tail_table: Vec<u64>,
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
        let wide = |rows: &[u64], lsb: u32| rows.iter().map(|row| u128::from(*row) << lsb).collect::<Vec<_>>();
        let both = wide(&check, 0).into_iter().zip(wide(&data_check, 32)).map(|(state, data)| state | data);
        let tails = rows_of(4, 40, |field| match field {
            8 => lower_term(flag(EndFlags::STOMP)) ^ with_check(!0, 0),
            count => lower_term((count as u32) << (8 + EndFlags::COUNT_LSB)),
        });
        let tails: [u64; 40] = std::array::from_fn(|i| if tails[i] == 0 { 0 } else { 1 << (tails[i] - 1) });
        let end = lower_term(END as u32) ^ with_check(stepped ^ !0, 0) ^ (COSET as u64) << 32;
        Self {
            state: Default::default(),
            data_term: Default::default(),
            ending: Default::default(),
            frame_number: Default::default(),
            stomp: Default::default(),
            parity: Default::default(),
            end_term: Default::default(),
            tail_terms: Default::default(),
            idle: Default::default(),
            idle_parity: Default::default(),
            moved: Default::default(),
            prepared: Default::default(),
            prepared_check: Default::default(),
            _constants: Constants {
                step_table: parity_by_byte(&step_rows(), 32),
                check_table: parity_by_byte(&data_check, 32),
                tail_table: parity_by_byte(&tails, 15),
                next: stepped ^ initial,
                end,
                idle_check: parity(IDLE as u64, 0) ^ COSET,
            },
            // the data term is one more
            _step: SharedSums::new(&wide(&step_rows(), 0), SUMS - 1),
            _check: SharedSums::new(&both.collect::<Vec<_>>(), CHECK_SUMS),
            _tails: tails,
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
            let tail_terms = self.tail_terms.val().get();
            let fixed = self.end_term.val().get() ^ parities(&k.tail_table, tail_terms) ^ k.end;
            let lower = END as u64
                | (self.stomp.val() as u64) << 8
                | (self.parity.val() as u64) << 10
                | (tail_terms & 3 | tail_terms >> 1 & 4) << (8 + EndFlags::COUNT_LSB)
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
        let state = terms("state", W::<32>::MASK);
        let steps = self._step.write(&state, "s", self._target, &mut v);
        for i in 0..32 {
            let mut sums: Vec<&str> = self._step.rows[i].iter().map(|s| steps[*s].as_str()).collect();
            let data_term = format!("data_term[{i}]");
            sums.push(&data_term);
            let [a, b] = self.halves(&sums, &format!("m{i}"), &mut v);
            let x = self.addend(i, &format!("idle[{}]", 32 + i), false, &mut v);
            writeln!(body, "   moved[{i}] = {a} ^ {b} ^ 1'b{};", k.next >> i & 1).unwrap();
            writeln!(body, "   prepared[{}] = (ending & ({a} ^ {b})) ^ {x};", 32 + i).unwrap();
        }
        let both: Vec<String> = state.into_iter().chain(terms("data_term", W::<32>::MASK)).collect();
        let checks = self._check.write(&both, "c", self._target, &mut v);
        for row in 0..8 {
            let sums: Vec<&str> = self._check.rows[row].iter().map(|s| checks[*s].as_str()).collect();
            let fixed = k.idle_check >> row & 1 != 0;
            let x = self.addend(32 + row, &format!("idle_parity[{row}]"), fixed, &mut v);
            let gated = self.gated(&sums, &format!("d{row}"), &mut v);
            writeln!(body, "   prepared_check[{row}] = {gated} ^ {x};").unwrap();
        }
        // END's first four bytes; IDLE's fixed bits are constants
        for i in 0..32 {
            let end = match i {
                8 => "stomp".into(),
                9 | 14 | 15 => "1'b0".into(),
                10 => "parity".into(),
                11 => "tail_terms[0]".into(),
                12 => "tail_terms[1]".into(),
                13 => "tail_terms[3]".into(),
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

impl EndBuilder {
    /// Two wires whose sum is that of `sums`: four of them, and the others.
    fn halves(&self, sums: &[&str], name: &str, v: &mut String) -> [String; 2] {
        let (rest, quad) = sums.split_at(sums.len() - sums.len().min(4));
        let quad = xor_gate(&format!("{name}_a"), quad, self._target, v);
        [quad, if rest.is_empty() { "1'b0".into() } else { xor_gate(&format!("{name}_b"), rest, self._target, v) }]
    }

    /// The sum of `sums` while `ending`, to be joined with one more wire.
    fn gated(&self, sums: &[&str], name: &str, v: &mut String) -> String {
        if sums.len() <= SUMS {
            let [a, b] = self.halves(sums, name, v);
            return format!("(ending & ({a} ^ {b}))");
        }
        let gate = |(n, sums): (usize, &[&str])| {
            let (wire, inputs) = (format!("{name}_{n}"), [sums, &["ending"]].concat());
            let all = |b: &[bool]| b[sums.len()] && b[..sums.len()].iter().filter(|b| **b).count() % 2 == 1;
            self._target.lut(&wire, &inputs, all, v);
            wire
        };
        sums.chunks(3).enumerate().map(gate).collect::<Vec<_>>().join(" ^ ")
    }

    /// What is added to output i: what END's first four bytes make, or the bit of IDLE.
    fn addend(&self, i: usize, idle: &str, idle_fixed: bool, v: &mut String) -> String {
        let (name, end_fixed) = (format!("x{i}"), self._constants.end >> i & 1 != 0);
        let end_term = format!("end_term[{i}]");
        let tail = match self._tails[i] {
            0 => "1'b0".into(),
            mask => format!("tail_terms[{}]", mask.trailing_zeros()),
        };
        let select = move |b: &[bool]| if b[0] { b[1] ^ b[2] ^ end_fixed } else { b[3] ^ idle_fixed };
        self._target.lut(&name, &["ending", &end_term, &tail, idle], select, v);
        name
    }
}
