//! The checker at the rx client: payload against PRBS-31, gaps and repetitions in the sequence numbers.
//!
//! ```text
//!              +------Checker-----+
//!  beats ------| tdata tvalid tlast first
//!  verdicts ---| frame_done, frame_good, frame_sequence
//!  Bit --------| check            |--- lost, repeated, wrong_word, bad_frame
//!  BusRequest -| bus_request      |
//!              +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | compared    | every word, unused bytes included, with what PRBS-31 says follows the word before it; all zeros are wrong |
//! | first words | compared only when the good frame before was the one before in number, with no bad one between |
//! | counted     | wrong words of good frames, at most 255 a frame, one strobe each once the verdict is known |
//! | lost        | numbers missing between two good frames, less the bad frames between them, one strobe each |
//! | repeated    | a good frame whose number is not ahead of the last good one: seen twice or out of order |
//! | start       | the first good frame after power-on or a clear sets the number that is expected |
//! | verdicts    | a good one every three cycles, 4 cycles or more behind its frame's last beat and before the next frame's is 2 cycles old |
//! | a read      | none: its counts are events; a clear by `link_command` starts anew |

use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::word::*;
use firstlight_spec::regs::link;

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct CheckerState {
    commanded: Bit,
    clear: Bit,
    // words: the state that a word left, its difference, folded twice
    before: W<31>,
    before_zero: W<4>,
    valid_1: Bit,
    first_1: Bit,
    last_1: Bit,
    difference: W<64>,
    no_state: Bit,
    valid_2: Bit,
    first_2: Bit,
    last_2: Bit,
    folded: W<16>,
    valid_3: Bit,
    first_3: Bit,
    last_3: Bit,
    wrong_3: Bit,
    // of the frame that arrives, of the last whole one
    count: W<8>,
    first_wrong: Bit,
    whole_count: W<8>,
    whole_first_wrong: Bit,
    // verdicts
    good_1: Bit,
    bad_1: Bit,
    sequence_1: W<16>,
    good_2: Bit,
    ahead: W<16>,
    good_3: Bit,
    good_4: Bit,
    held_count: W<8>,
    held_first_wrong: Bit,
    misses: Bit,
    first_counts: Bit,
    /// Bad frames less missing numbers.
    surplus: W<17>,
    lost_more: W<17>,
    wrong_more: W<11>,
    expects: W<16>,
    known: Bit,
    bads: W<8>,
    // still to be reported, negative
    lost_left: W<17>,
    wrong_left: W<11>,
    lost: Bit,
    repeated: Bit,
    wrong_word: Bit,
    bad_frame: Bit,
}

/// Compares and counts.
#[derive(LogicBlock)]
pub struct Checker {
    pub clock: Signal<In, Clock>,
    pub tdata: Signal<In, W<64>>,
    pub tvalid: Signal<In, Bit>,
    pub tlast: Signal<In, Bit>,
    /// This beat is the first of its frame.
    pub first: Signal<In, Bit>,
    pub frame_done: Signal<In, Bit>,
    pub frame_good: Signal<In, Bit>,
    pub frame_sequence: Signal<In, W<16>>,
    /// Compare payload.
    pub check: Signal<In, Bit>,
    pub bus_request: Signal<In, BusRequest>,
    pub lost: Signal<Out, Bit>,
    pub repeated: Signal<Out, Bit>,
    pub wrong_word: Signal<Out, Bit>,
    pub bad_frame: Signal<Out, Bit>,
    r: DFF<CheckerState>,
    address: Signal<Local, W<13>>,
    data: Signal<Local, W<32>>,
    word: Signal<Local, W<64>>,
    earlier: Signal<Local, W<31>>,
    zeros: Signal<Local, W<4>>,
    difference: Signal<Local, W<64>>,
    earlier_word: Signal<Local, W<64>>,
    before_31: Signal<Local, W<64>>,
    before_28: Signal<Local, W<64>>,
    folded: Signal<Local, W<16>>,
    counted: Signal<Local, W<8>>,
    ahead: Signal<Local, W<16>>,
    wide_ahead: Signal<Local, W<17>>,
    wide_bads: Signal<Local, W<17>>,
    surplus: Signal<Local, W<17>>,
    lost_left: Signal<Local, W<17>>,
    lost_more: Signal<Local, W<17>>,
    wrong_left: Signal<Local, W<11>>,
    wrong_more: Signal<Local, W<11>>,
    first_counts: Signal<Local, W<11>>,
    first_now: Signal<Local, Bit>,
    behind: Signal<Local, Bit>,
    wide_count: Signal<Local, W<11>>,
    command: Constant<W<13>>,
    all_ones: Constant<W<11>>,
}

impl Default for Checker {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            tdata: Default::default(),
            tvalid: Default::default(),
            tlast: Default::default(),
            first: Default::default(),
            frame_done: Default::default(),
            frame_good: Default::default(),
            frame_sequence: Default::default(),
            check: Default::default(),
            bus_request: Default::default(),
            lost: Default::default(),
            repeated: Default::default(),
            wrong_word: Default::default(),
            bad_frame: Default::default(),
            r: Default::default(),
            address: Default::default(),
            data: Default::default(),
            word: Default::default(),
            earlier: Default::default(),
            zeros: Default::default(),
            difference: Default::default(),
            earlier_word: Default::default(),
            before_31: Default::default(),
            before_28: Default::default(),
            folded: Default::default(),
            counted: Default::default(),
            ahead: Default::default(),
            wide_ahead: Default::default(),
            wide_bads: Default::default(),
            surplus: Default::default(),
            lost_left: Default::default(),
            lost_more: Default::default(),
            wrong_left: Default::default(),
            wrong_more: Default::default(),
            first_counts: Default::default(),
            first_now: Default::default(),
            behind: Default::default(),
            wide_count: Default::default(),
            command: Constant::new(W::new(link::COMMAND.word as u64)),
            all_ones: Constant::new(W::new(0x7ff)),
        }
    }
}

crate::inputs!(Checker: tdata, tvalid, tlast, first, frame_done, frame_good, frame_sequence, check, bus_request; r);

impl Logic for Checker {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);

        // words: what differs from the continuation of the word before
        self.word.next = self.tdata.val();
        self.earlier.next = self.r.q.val().before;
        if self.tvalid.val() {
            self.r.d.next.before = self.word.val().get_bits::<31>(33);
        }
        // each bit is the sum of those 31 and 28 before it, taken from the word itself: a word in which every sum is
        // right is the expected one
        self.earlier_word.next = bit_cast_w::<64, 31>(self.earlier.val());
        self.before_31.next = self.word.val() << 31;
        self.before_31.next = self.before_31.val() | self.earlier_word.val();
        self.before_28.next = self.word.val() << 28;
        self.before_28.next = self.before_28.val() | (self.earlier_word.val() >> 3);
        self.r.d.next.difference = self.word.val() ^ self.before_31.val() ^ self.before_28.val();
        self.zeros.next = 0.into();
        self.zeros.next = self
            .zeros
            .val()
            .replace_bit(0, self.earlier.val().get_bits::<8>(0).any())
            .replace_bit(1, self.earlier.val().get_bits::<8>(8).any())
            .replace_bit(2, self.earlier.val().get_bits::<8>(16).any())
            .replace_bit(3, self.earlier.val().get_bits::<7>(24).any());
        self.r.d.next.before_zero = self.zeros.val();
        self.r.d.next.valid_1 = self.tvalid.val();
        self.r.d.next.first_1 = self.first.val();
        self.r.d.next.last_1 = self.tlast.val();
        self.difference.next = self.r.q.val().difference;
        self.folded.next = self.difference.val().get_bits::<16>(0)
            | self.difference.val().get_bits::<16>(16)
            | self.difference.val().get_bits::<16>(32)
            | self.difference.val().get_bits::<16>(48);
        self.r.d.next.folded = self.folded.val();
        self.r.d.next.no_state = self.r.q.val().before_zero == 0;
        self.r.d.next.valid_2 = self.r.q.val().valid_1;
        self.r.d.next.first_2 = self.r.q.val().first_1;
        self.r.d.next.last_2 = self.r.q.val().last_1;
        self.r.d.next.wrong_3 = ((self.r.q.val().folded != 0) | self.r.q.val().no_state) & self.check.val();
        self.r.d.next.valid_3 = self.r.q.val().valid_2;
        self.r.d.next.first_3 = self.r.q.val().first_2;
        self.r.d.next.last_3 = self.r.q.val().last_2;

        // of the frame: wrong words after the first, and the first
        self.counted.next = self.r.q.val().count;
        self.first_now.next = self.r.q.val().first_wrong;
        if self.r.q.val().valid_3 {
            if self.r.q.val().first_3 {
                self.counted.next = 0.into();
                self.first_now.next = self.r.q.val().wrong_3;
            } else if self.r.q.val().wrong_3 & (self.r.q.val().count != 255) {
                self.counted.next = self.r.q.val().count + 1;
            }
            if self.r.q.val().last_3 {
                self.r.d.next.whole_count = self.counted.val();
                self.r.d.next.whole_first_wrong = self.first_now.val();
            }
        }
        self.r.d.next.count = self.counted.val();
        self.r.d.next.first_wrong = self.first_now.val();

        // verdicts: how far ahead of the expected number
        self.r.d.next.good_1 = self.frame_done.val() & self.frame_good.val();
        self.r.d.next.bad_1 = self.frame_done.val() & !self.frame_good.val();
        if self.frame_done.val() & self.frame_good.val() {
            self.r.d.next.sequence_1 = self.frame_sequence.val();
        }
        self.r.d.next.ahead = self.r.q.val().sequence_1 - self.r.q.val().expects;
        self.r.d.next.good_2 = self.r.q.val().good_1;
        if self.r.q.val().good_1 {
            self.r.d.next.held_count = self.r.q.val().whole_count;
            self.r.d.next.held_first_wrong = self.r.q.val().whole_first_wrong;
        }
        self.ahead.next = self.r.q.val().ahead;
        self.behind.next = self.r.q.val().known & self.ahead.val().get_bit(15);
        self.wide_ahead.next = bit_cast_w::<17, 16>(self.ahead.val());
        self.wide_bads.next = bit_cast_w::<17, 8>(self.r.q.val().bads);
        self.r.d.next.surplus = self.wide_bads.val() - self.wide_ahead.val();
        self.r.d.next.good_3 = self.r.q.val().good_2;
        self.r.d.next.misses = self.r.q.val().good_2 & self.r.q.val().known & !self.ahead.val().get_bit(15);
        self.r.d.next.first_counts = self.r.q.val().held_first_wrong
            & self.r.q.val().known
            & (self.ahead.val() == 0)
            & (self.r.q.val().bads == 0);
        self.r.d.next.repeated = self.r.q.val().good_2 & self.behind.val();
        if self.r.q.val().good_2 & !self.behind.val() {
            self.r.d.next.expects = self.r.q.val().sequence_1 + 1;
            self.r.d.next.known = true;
            self.r.d.next.bads = 0.into();
        }
        if self.r.q.val().bad_1 & (self.r.q.val().bads != 255) {
            self.r.d.next.bads = self.r.q.val().bads + 1;
        }
        self.r.d.next.bad_frame = self.r.q.val().bad_1;

        // what is still to be reported, one a cycle: negative numbers, so that the sign says that something is left
        self.surplus.next = self.r.q.val().surplus;
        self.r.d.next.lost_more = 0.into();
        if self.r.q.val().misses & self.surplus.val().get_bit(16) {
            self.r.d.next.lost_more = self.surplus.val();
        }
        self.lost_left.next = self.r.q.val().lost_left;
        self.lost_more.next = self.r.q.val().lost_more;
        self.r.d.next.lost = self.lost_left.val().get_bit(16) & !self.lost_more.val().get_bit(16);
        if !self.lost_more.val().get_bit(16) {
            self.lost_more.next = 0.into();
            self.lost_more.next = self.lost_more.val().replace_bit(0, self.lost_left.val().get_bit(16));
        }
        self.r.d.next.lost_left = self.lost_left.val() + self.lost_more.val();
        self.wide_count.next = bit_cast_w::<11, 8>(self.r.q.val().held_count);
        self.first_counts.next = 0.into();
        if self.r.q.val().first_counts {
            self.first_counts.next = self.all_ones.val();
        }
        self.r.d.next.wrong_more = 0.into();
        if self.r.q.val().good_3 {
            self.r.d.next.wrong_more = self.first_counts.val() - self.wide_count.val();
        }
        self.r.d.next.good_4 = self.r.q.val().good_3;
        self.wrong_left.next = self.r.q.val().wrong_left;
        self.wrong_more.next = self.r.q.val().wrong_more;
        self.r.d.next.wrong_word = self.wrong_left.val().get_bit(10) & !self.r.q.val().good_4;
        if !self.r.q.val().good_4 {
            self.wrong_more.next = 0.into();
            self.wrong_more.next = self.wrong_more.val().replace_bit(0, self.wrong_left.val().get_bit(10));
        }
        self.r.d.next.wrong_left = self.wrong_left.val() + self.wrong_more.val();
        self.lost.next = self.r.q.val().lost;
        self.repeated.next = self.r.q.val().repeated;
        self.wrong_word.next = self.r.q.val().wrong_word;
        self.bad_frame.next = self.r.q.val().bad_frame;

        // a clear forgets the number
        self.address.next = self.bus_request.val().address;
        self.data.next = self.bus_request.val().data;
        self.r.d.next.commanded =
            self.bus_request.val().strobe & self.bus_request.val().write & (self.address.val() == self.command.val());
        self.r.d.next.clear = self.r.q.val().commanded & self.data.val().get_bit(0);
        if self.r.q.val().clear {
            self.r.d.next.known = false;
            self.r.d.next.bads = 0.into();
            self.r.d.next.lost_left = 0.into();
            self.r.d.next.wrong_left = 0.into();
        }
    }
}
