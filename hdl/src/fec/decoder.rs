//! Capture register, correction, output register: the receiver's two words.
//!
//! ```text
//!            +------Decoder------+
//!  W<64> --> | line_in_data  cut | --> Cut      the capture register, uncorrected
//!  W<12> --> | line_in_tc        |
//!  Bit   --> | shut          out | --> Decoded  the corrected word
//!  Bit   --> | correct_data      |
//!            |             flags | --> Flags    of the slot that was `out` one cycle before
//!            +-------------------+
//! ```
//!
//! | contract  | value |
//! |-----------|-------|
//! | latency   | 1 cycle to `cut`, 2 to `out` with `bad_even`, 3 to `flags` |
//! | holds     | 2 words |
//! | `shut`    | registered, stands with `cut`; that slot leaves as a control word with bit 0 set, which closes whatever is open |

use super::classifier::Classifier;
use super::corrector::Corrector;
use super::folder::Folder;
use crate::prelude::*;
use crate::target::Target;
use crate::word::W;

/// The captured slot and its partial syndrome.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Cut {
    pub data: W<64>,
    pub tc: W<12>,
    partial: W<16>,
}

/// The corrected slot.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Decoded {
    pub data: W<64>,
    /// Type; a control word while shut.
    pub kind: W<4>,
    /// Type, whatever `shut` says.
    pub line_kind: W<4>,
    /// Bit 0 of the data, set while shut: of control words it tells END from IDLE.
    pub bit0: Bit,
    pub bad_even: Bit,
    pub shut: Bit,
    syndrome: W<8>,
}

/// What is known one cycle later.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Flags {
    /// One wrong bit.
    pub single: Bit,
    /// Any wrong bit.
    pub wrong: Bit,
    /// An even number of wrong bits.
    pub even: Bit,
}

/// Two registers and the logic between.
#[derive(LogicBlock)]
pub struct Decoder {
    pub clock: Signal<In, Clock>,
    pub line_in_data: Signal<In, W<64>>,
    pub line_in_tc: Signal<In, W<12>>,
    pub shut: Signal<In, Bit>,
    pub correct_data: Signal<In, Bit>,
    pub cut: Signal<Out, Cut>,
    pub out: Signal<Out, Decoded>,
    pub flags: Signal<Out, Flags>,
    captured: DFF<Cut>,
    decoded: DFF<Decoded>,
    late: DFF<Flags>,
    folder: Folder,
    corrector: Corrector,
    classifier: Classifier,
    kind_in: Signal<Local, W<12>>,
    syndrome: Signal<Local, W<8>>,
}

impl Decoder {
    pub fn new(target: Target) -> Self {
        Self {
            clock: Default::default(),
            line_in_data: Default::default(),
            line_in_tc: Default::default(),
            shut: Default::default(),
            correct_data: Default::default(),
            cut: Default::default(),
            out: Default::default(),
            flags: Default::default(),
            captured: Default::default(),
            decoded: Default::default(),
            late: Default::default(),
            folder: Folder::new(target),
            corrector: Corrector::new(target),
            classifier: Classifier::new(target),
            kind_in: Default::default(),
            syndrome: Default::default(),
        }
    }
}

crate::inputs!(Decoder: line_in_data, line_in_tc, shut, correct_data; captured, decoded, late; folder, corrector, classifier);

impl Logic for Decoder {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, captured, decoded, late);
        self.folder.data.next = self.line_in_data.val();
        self.folder.tc.next = self.line_in_tc.val();
        self.captured.d.next.data = self.line_in_data.val();
        self.captured.d.next.tc = self.line_in_tc.val();
        self.captured.d.next.partial = self.folder.partial.val();
        self.cut.next = self.captured.q.val();
        self.kind_in.next = self.captured.q.val().tc;
        self.corrector.data.next = self.captured.q.val().data;
        self.corrector.kind.next = self.kind_in.val().get_bits::<4>(0);
        self.corrector.check.next = self.kind_in.val().get_bits::<8>(4);
        self.corrector.partial.next = self.captured.q.val().partial;
        self.corrector.correct_data.next = self.correct_data.val();
        self.decoded.d.next.data = self.corrector.fixed_data.val();
        self.decoded.d.next.line_kind = self.corrector.fixed_kind.val();
        self.decoded.d.next.kind = self.corrector.same_kind.val();
        self.decoded.d.next.bit0 = self.corrector.same_bit0.val();
        self.decoded.d.next.bad_even = self.corrector.bad_even.val();
        self.decoded.d.next.shut = self.shut.val();
        self.decoded.d.next.syndrome = self.corrector.syndrome.val();
        // a registered condition: a synchronous reset costs no gate
        if self.shut.val() {
            self.decoded.d.next.kind = 0.into();
            self.decoded.d.next.bit0 = true;
            self.decoded.d.next.bad_even = false;
        }
        self.out.next = self.decoded.q.val();
        self.classifier.syndrome.next = self.decoded.q.val().syndrome;
        self.syndrome.next = self.decoded.q.val().syndrome;
        self.late.d.next.single = self.classifier.single.val();
        self.late.d.next.wrong = self.syndrome.val().any();
        self.late.d.next.even = !self.syndrome.val().xor();
        self.flags.next = self.late.q.val();
    }
}
