//! Sums the words of even and of odd index for the two parity words after END (rung L3).
//!
//! ```text
//!              +-----TailParity-----+
//!  W<64,4,8> --| sent         word  |-- W<64>  even sum, then odd sum, each without END
//!  Bit       --| add_even, add_odd  |
//!  Bit       --| shift, shift_check |
//!  Bit       --| clear       check  |-- W<8>   check bits of the parity word, END included, one cycle later
//!  Bit       --| end_here           |
//!  W<8>      --| end_check          |
//!              +--------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | holds    | two sums of a frame's words; no word |
//!
//! Check bits are linear: the sums of the words' check bits are kept instead of being computed again.

use crate::prelude::*;
use crate::target::Target;
use crate::word::W;
use crate::xor::XorMatrix;
use firstlight_spec::slot::{COSET, TYPE_MASKS, parity, slot_type};

/// The slot in the line register.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct SentSlot {
    pub data: W<64>,
    pub kind: W<4>,
    pub check: W<8>,
}

/// One class of words.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Sums {
    check: W<8>,
    kind: W<4>,
}

/// Accumulates what the line register holds.
#[derive(LogicBlock)]
pub struct TailParity {
    pub clock: Signal<In, Clock>,
    pub sent: Signal<In, SentSlot>,
    pub add_even: Signal<In, Bit>,
    pub add_odd: Signal<In, Bit>,
    /// The odd sums move into the place of the even ones.
    pub shift: Signal<In, Bit>,
    pub shift_check: Signal<In, Bit>,
    pub clear: Signal<In, Bit>,
    /// END belongs to the class whose check bits are computed now.
    pub end_here: Signal<In, Bit>,
    pub end_check: Signal<In, W<8>>,
    pub word: Signal<Out, W<64>>,
    pub check: Signal<Out, W<8>>,
    even: DFF<W<64>>,
    odd: DFF<W<64>>,
    even_sums: DFF<Sums>,
    odd_sums: DFF<Sums>,
    parity_check: DFF<W<8>>,
    kinds: XorMatrix<4, 8>,
    linear: Signal<Local, W<8>>,
    coset: Constant<W<8>>,
    parity_kind: Constant<W<8>>,
}

impl TailParity {
    pub fn new(target: Target) -> Self {
        Self {
            clock: Default::default(),
            sent: Default::default(),
            add_even: Default::default(),
            add_odd: Default::default(),
            shift: Default::default(),
            shift_check: Default::default(),
            clear: Default::default(),
            end_here: Default::default(),
            end_check: Default::default(),
            word: Default::default(),
            check: Default::default(),
            even: Default::default(),
            odd: Default::default(),
            even_sums: Default::default(),
            odd_sums: Default::default(),
            parity_check: Default::default(),
            kinds: XorMatrix::new(&TYPE_MASKS.map(u64::from), target),
            linear: Default::default(),
            coset: Constant::new(W::new(COSET as u64)),
            parity_kind: Constant::new(W::new(parity(0, slot_type::PARITY) as u64 ^ COSET as u64)),
        }
    }
}

crate::inputs!(TailParity: sent, add_even, add_odd, shift, shift_check, clear, end_here, end_check; even, odd, even_sums, odd_sums, parity_check; kinds);

impl Logic for TailParity {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, even, odd, even_sums, odd_sums, parity_check);
        if self.shift.val() {
            self.even.d.next = self.odd.q.val();
        } else if self.add_even.val() {
            self.even.d.next = self.even.q.val() ^ self.sent.val().data;
        }
        if self.add_odd.val() {
            self.odd.d.next = self.odd.q.val() ^ self.sent.val().data;
        }
        // check and type bits of the same words, without the coset
        self.linear.next = self.sent.val().check ^ self.coset.val();
        if self.shift_check.val() {
            self.even_sums.d.next = self.odd_sums.q.val();
        } else if self.add_even.val() {
            self.even_sums.d.next.check = self.even_sums.q.val().check ^ self.linear.val();
            self.even_sums.d.next.kind = self.even_sums.q.val().kind ^ self.sent.val().kind;
        }
        if self.add_odd.val() {
            self.odd_sums.d.next.check = self.odd_sums.q.val().check ^ self.linear.val();
            self.odd_sums.d.next.kind = self.odd_sums.q.val().kind ^ self.sent.val().kind;
        }
        if self.clear.val() {
            self.even.d.next = 0.into();
            self.odd.d.next = 0.into();
            self.even_sums.d.next.check = 0.into();
            self.even_sums.d.next.kind = 0.into();
            self.odd_sums.d.next.check = 0.into();
            self.odd_sums.d.next.kind = 0.into();
        }
        // the parity word's own check bits: take the types of the summed words out, put its own type in
        self.kinds.a.next = self.even_sums.q.val().kind;
        self.parity_check.d.next = self.even_sums.q.val().check ^ self.kinds.y.val() ^ self.parity_kind.val();
        if self.end_here.val() {
            self.parity_check.d.next = self.even_sums.q.val().check
                ^ self.kinds.y.val()
                ^ self.parity_kind.val()
                ^ self.end_check.val()
                ^ self.coset.val();
        }
        self.word.next = self.even.q.val();
        self.check.next = self.parity_check.q.val();
    }
}
