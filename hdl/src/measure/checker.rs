//! The checker at the rx client: payload against PRBS-31, gaps and repetitions in the sequence numbers.
//!
//! ```text
//!              +------Checker-----+
//!  beats ------| tdata tvalid tlast first
//!  verdicts ---| frame_done, frame_good, frame_sequence
//!  Bit --------| check            |--- lost, repeated, wrong_frame, bad_frame
//!  BusRequest -| bus_request      |
//!              +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | compared    | every word, unused bytes included, with what PRBS-31 says follows the word before it; all zeros are wrong |
//! | first words | compared only when the good frame before was the one before in number, with no bad one between |
//! | wrong frame | a good frame with a wrong word, one strobe once the verdict is known |
//! | lost        | numbers missing between two good frames, less the bad frames between them, one strobe each |
//! | repeated    | a good frame whose number is not ahead of the last good one: seen twice or out of order |
//! | start       | the first good frame after power-on or a clear sets the number that is expected |
//! | verdicts    | a good one every three cycles, 4 cycles or more behind its frame's last beat and before the next frame's is 2 cycles old |
//! | a read      | none: its counts are events; a clear by `link_command` starts anew |

use super::offset;
use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, link};

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct CheckerState {
    /// The address, compared in two halves: group, and place in it.
    in_link_group: Bit,
    is_command: Bit,
    is_written_command: Bit,
    strobe: Bit,
    write_now: Bit,
    clear: Bit,
    /// The same: `clear` may stand on a reset network, from which logic is reached late.
    clears: Bit,
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
    // of the frame that arrives, of the last whole one: the first word is wrong, a later one
    first_wrong: Bit,
    later_wrong: Bit,
    whole_first_wrong: Bit,
    whole_later_wrong: Bit,
    // verdicts
    good_1: Bit,
    bad_1: Bit,
    /// Number of the verdict less the expected one, inverted: so the sums below need no inverters.
    ahead_inverted: W<16>,
    good_2: Bit,
    held_first_wrong: Bit,
    held_later_wrong: Bit,
    in_order: Bit,
    misses: Bit,
    /// Bad frames less missing numbers.
    surplus: W<17>,
    expects_inverted: W<16>,
    known: Bit,
    bads: W<8>,
    bads_full: Bit,
    /// Still to be reported, negative.
    lost_left: W<17>,
    lost: Bit,
    repeated: Bit,
    wrong_frame: Bit,
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
    pub wrong_frame: Signal<Out, Bit>,
    pub bad_frame: Signal<Out, Bit>,
    r: DFF<CheckerState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    word: Signal<Local, W<64>>,
    earlier: Signal<Local, W<31>>,
    zeros: Signal<Local, W<4>>,
    difference: Signal<Local, W<64>>,
    earlier_word: Signal<Local, W<64>>,
    before_31: Signal<Local, W<64>>,
    before_28: Signal<Local, W<64>>,
    folded: Signal<Local, W<16>>,
    first_now: Signal<Local, Bit>,
    later_now: Signal<Local, Bit>,
    taken: Signal<Local, Bit>,
    ahead: Signal<Local, W<16>>,
    wide_ahead: Signal<Local, W<17>>,
    wide_bads: Signal<Local, W<17>>,
    surplus: Signal<Local, W<17>>,
    lost_left: Signal<Local, W<17>>,
    left_wide: Signal<Local, W<18>>,
    more_wide: Signal<Local, W<18>>,
    left_after: Signal<Local, W<18>>,
    expects: Signal<Local, W<16>>,
    distance: Signal<Local, W<16>>,
    holds: Signal<Local, Bit>,
    behind: Signal<Local, Bit>,
    command: Constant<W<4>>,
    link_group: Constant<W<9>>,
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
            wrong_frame: Default::default(),
            bad_frame: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            data: Default::default(),
            word: Default::default(),
            earlier: Default::default(),
            zeros: Default::default(),
            difference: Default::default(),
            earlier_word: Default::default(),
            before_31: Default::default(),
            before_28: Default::default(),
            folded: Default::default(),
            first_now: Default::default(),
            later_now: Default::default(),
            taken: Default::default(),
            ahead: Default::default(),
            wide_ahead: Default::default(),
            wide_bads: Default::default(),
            surplus: Default::default(),
            lost_left: Default::default(),
            left_wide: Default::default(),
            more_wide: Default::default(),
            left_after: Default::default(),
            expects: Default::default(),
            distance: Default::default(),
            holds: Default::default(),
            behind: Default::default(),
            command: offset(link::COMMAND.word),
            link_group: Constant::new(W::new((link::COMMAND.word / GROUP_WORDS) as u64)),
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

        // of the frame: its first word is wrong, a later one
        self.first_now.next = self.r.q.val().first_wrong;
        self.later_now.next = self.r.q.val().later_wrong;
        if self.r.q.val().valid_3 {
            self.later_now.next = !self.r.q.val().first_3 & (self.r.q.val().later_wrong | self.r.q.val().wrong_3);
            if self.r.q.val().first_3 {
                self.first_now.next = self.r.q.val().wrong_3;
            }
            if self.r.q.val().last_3 {
                self.r.d.next.whole_first_wrong = self.first_now.val();
                self.r.d.next.whole_later_wrong = self.later_now.val();
            }
        }
        self.r.d.next.first_wrong = self.first_now.val();
        self.r.d.next.later_wrong = self.later_now.val();

        // verdicts: how far ahead of the expected number
        self.r.d.next.good_1 = self.frame_done.val() & self.frame_good.val();
        self.r.d.next.bad_1 = self.frame_done.val() & !self.frame_good.val();
        self.expects.next = !self.r.q.val().expects_inverted;
        self.distance.next = self.frame_sequence.val() - self.expects.val();
        self.r.d.next.ahead_inverted = !self.distance.val();
        self.ahead.next = !self.r.q.val().ahead_inverted;
        self.behind.next = self.r.q.val().known & self.ahead.val().get_bit(15);
        self.taken.next = self.r.q.val().good_1 & !self.behind.val();
        self.r.d.next.repeated = self.r.q.val().good_1 & self.behind.val();
        self.r.d.next.bad_frame = self.r.q.val().bad_1;
        self.r.d.next.in_order = self.r.q.val().known & (self.ahead.val() == 0) & (self.r.q.val().bads == 0);
        self.r.d.next.good_2 = self.r.q.val().good_1;
        self.r.d.next.held_first_wrong = self.r.q.val().whole_first_wrong;
        self.r.d.next.held_later_wrong = self.r.q.val().whole_later_wrong;
        self.r.d.next.wrong_frame = self.r.q.val().good_2
            & (self.r.q.val().held_later_wrong | (self.r.q.val().held_first_wrong & self.r.q.val().in_order));
        self.wide_ahead.next = bit_cast_w::<17, 16>(self.ahead.val());
        self.wide_bads.next = bit_cast_w::<17, 8>(self.r.q.val().bads);
        self.r.d.next.misses = self.taken.val() & self.r.q.val().known;
        self.r.d.next.surplus = 0.into();
        if self.taken.val() & self.r.q.val().known {
            self.r.d.next.surplus = self.wide_bads.val() - self.wide_ahead.val();
        }
        if self.taken.val() {
            self.r.d.next.expects_inverted = self.r.q.val().expects_inverted + self.r.q.val().ahead_inverted;
        }
        self.r.d.next.known = (self.r.q.val().known | self.r.q.val().good_1) & !self.r.q.val().clears;
        self.r.d.next.bads_full = self.r.q.val().bads == 255;
        if self.taken.val() | (self.r.q.val().bad_1 & !self.r.q.val().bads_full) | self.r.q.val().clears {
            self.r.d.next.bads = self.r.q.val().bads + 1;
            if self.r.q.val().good_1 | self.r.q.val().clears {
                self.r.d.next.bads = 0.into();
            }
        }

        // what is still to be reported, one a cycle: a negative number, whose sign is the one that is reported and the
        // carry of the sum; more bad frames than missing numbers leave it alone
        self.surplus.next = self.r.q.val().surplus;
        self.lost_left.next = self.r.q.val().lost_left;
        self.holds.next = self.r.q.val().misses & !self.surplus.val().get_bit(16);
        self.left_wide.next = bit_cast_w::<18, 17>(self.lost_left.val());
        self.left_wide.next = self.left_wide.val() << 1;
        self.left_wide.next = self.left_wide.val().replace_bit(0, true);
        self.more_wide.next = bit_cast_w::<18, 17>(self.surplus.val());
        self.more_wide.next = self.more_wide.val() << 1;
        self.more_wide.next = self.more_wide.val().replace_bit(0, self.lost_left.val().get_bit(16));
        self.left_after.next = self.left_wide.val() + self.more_wide.val();
        self.r.d.next.lost = self.lost_left.val().get_bit(16) & !self.holds.val();
        if !self.holds.val() | self.r.q.val().clears {
            self.r.d.next.lost_left = self.left_after.val().get_bits::<17>(1);
            if self.r.q.val().clear {
                self.r.d.next.lost_left = 0.into();
            }
        }
        self.lost.next = self.r.q.val().lost;
        self.repeated.next = self.r.q.val().repeated;
        self.wrong_frame.next = self.r.q.val().wrong_frame;
        self.bad_frame.next = self.r.q.val().bad_frame;

        // a clear forgets the number
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
        self.r.d.next.in_link_group = self.address.val().get_bits::<9>(4) == self.link_group.val();
        self.r.d.next.is_command = self.index.val() == self.command.val();
        self.r.d.next.is_written_command = (self.index.val() == self.command.val()) & self.bus_request.val().write;
        self.r.d.next.strobe = self.bus_request.val().strobe;
        self.r.d.next.write_now = self.bus_request.val().strobe & self.bus_request.val().write;
        self.r.d.next.clear = self.r.q.val().in_link_group
            & self.r.q.val().is_command
            & self.r.q.val().write_now
            & self.data.val().get_bit(0);
        self.r.d.next.clears = self.r.q.val().in_link_group
            & self.r.q.val().is_written_command
            & self.r.q.val().strobe
            & self.data.val().get_bit(0);
    }
}
