//! PairGap's memory: two tables of past gaps, the learner that keeps them, the late credit.
//!
//! ```text
//!                +-----------GapTables-----------+
//!  Bit ----------| was_idle started              |--- sure_b, sure_s      Bit
//!  Bit ----------| sample past late looked       |--- entry               W<16>
//!  Bit ----------| outlived load                 |--- outlives            Bit
//!  W<9> ---------| code                          |--- learning, taken, ends  Bit
//!                +-------------------------------+--- credit              W<8>
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | `sample`    | a burst has started after a gap that counts; ignored while `learning` |
//! | learning    | 14 cycles from the one after `taken`; the tables answer lookups outside it |
//! | `sure_*`    | of the entries, two cycles after their context stands |
//! | `load`      | `entry` becomes that of B if it is sure or a second one, else that of S |
//! | `outlives`  | the code of two cycles ago exceeds the entry's by an octave |
//! | entry       | bits 8..0 complement of the code, 11..9 confidence, 14..12 tag, 15 gaps vary widely |
//! | memories    | two of 256 x 16; an entry of zeros is empty: its code exceeds every gap's |
//! | after reset | credit back to 64; the tables stay |

use crate::laser::learn_state::LearnState;
use crate::memory::Memory;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

#[derive(LogicBlock, Default)]
pub struct GapTables {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    /// Not busy in the cycle before.
    pub was_idle: Signal<In, Bit>,
    /// A burst started in the cycle before.
    pub started: Signal<In, Bit>,
    pub sample: Signal<In, Bit>,
    /// The gap was longer than `t_on`.
    pub past: Signal<In, Bit>,
    /// A prediction made the burst late.
    pub late: Signal<In, Bit>,
    /// The gap was looked up.
    pub looked: Signal<In, Bit>,
    /// The gap has outlived its entry.
    pub outlived: Signal<In, Bit>,
    pub load: Signal<In, Bit>,
    /// Of the burst while there is one, then of the gap beyond `t_on`.
    pub code: Signal<In, W<9>>,
    pub sure_b: Signal<Out, Bit>,
    pub sure_s: Signal<Out, Bit>,
    pub entry: Signal<Out, W<16>>,
    pub outlives: Signal<Out, Bit>,
    pub learning: Signal<Out, Bit>,
    pub taken: Signal<Out, Bit>,
    pub ends: Signal<Out, Bit>,
    pub credit: Signal<Out, W<8>>,
    learn: DFF<LearnState>,
    table_b: Memory<16, 8>,
    table_s: Memory<16, 8>,
    step: Signal<Local, W<4>>,
    is_s: Signal<Local, Bit>,
    begins: Signal<Local, Bit>,
    learning_now: Signal<Local, Bit>,
    event_now: Signal<Local, Bit>,
    ends_now: Signal<Local, Bit>,
    burst: Signal<Local, W<6>>,
    last: Signal<Local, W<9>>,
    signs: Signal<Local, W<3>>,
    second: Signal<Local, Bit>,
    address_b: Signal<Local, W<8>>,
    address_s: Signal<Local, W<8>>,
    tag: Signal<Local, W<3>>,
    known_burst: Signal<Local, W<6>>,
    learnt_tag: Signal<Local, W<3>>,
    word_b: Signal<Local, W<16>>,
    word_s: Signal<Local, W<16>>,
    conf_s: Signal<Local, W<3>>,
    sure_now: Signal<Local, Bit>,
    pick_s: Signal<Local, Bit>,
    credit_now: Signal<Local, W<8>>,
    on_time: Signal<Local, Bit>,
    credit_step: Signal<Local, W<8>>,
    credit_next: Signal<Local, W<8>>,
    lfsr: Signal<Local, W<9>>,
    lfsr_next: Signal<Local, W<9>>,
    step_more: Signal<Local, W<4>>,
    now: Signal<Local, W<16>>,
    now_tag: Signal<Local, W<3>>,
    stored: Signal<Local, W<9>>,
    value: Signal<Local, W<9>>,
    value_word: Signal<Local, W<10>>,
    gap_word: Signal<Local, W<10>>,
    last_word: Signal<Local, W<10>>,
    conf: Signal<Local, W<3>>,
    wide: Signal<Local, Bit>,
    difference: Signal<Local, W<10>>,
    octaves: Signal<Local, W<4>>,
    quarters: Signal<Local, W<2>>,
    eighths: Signal<Local, W<2>>,
    far: Signal<Local, Bit>,
    fits: Signal<Local, Bit>,
    below: Signal<Local, Bit>,
    above: Signal<Local, Bit>,
    was_above: Signal<Local, Bit>,
    spared: Signal<Local, Bit>,
    conf_zero: Signal<Local, Bit>,
    conf_low: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    stored_less: Signal<Local, W<9>>,
    conf_more: Signal<Local, W<3>>,
    conf_less: Signal<Local, W<3>>,
    tag_new: Signal<Local, W<3>>,
    value_place: Signal<Local, W<16>>,
    conf_word: Signal<Local, W<16>>,
    conf_place: Signal<Local, W<16>>,
    tag_word: Signal<Local, W<16>>,
    tag_place: Signal<Local, W<16>>,
    fresh: Signal<Local, W<16>>,
    written: Signal<Local, W<16>>,
    change: Signal<Local, W<10>>,
    change_high: Signal<Local, W<7>>,
    rising: Signal<Local, Bit>,
    signs_more: Signal<Local, W<3>>,
}

impl Logic for GapTables {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, learn);
        clock!(self, clock, table_b, table_s);
        self.step.next = self.learn.q.val().step;
        self.begins.next = !self.step.val().get_bit(1) & !self.step.val().get_bit(0);
        self.is_s.next = !self.step.val().get_bit(3) & self.step.val().get_bit(2);
        self.learning_now.next = self.learn.q.val().learning;
        self.event_now.next = self.sample.val() & !self.learning_now.val();
        self.ends_now.next = self.step.val().get_bit(3) & self.step.val().get_bit(2) & self.step.val().get_bit(0);

        // the context: burst before the gap, gap before that, last signs
        self.burst.next = self.learn.q.val().burst;
        if !self.was_idle.val() & !self.learning_now.val() & !self.started.val() {
            self.burst.next = self.code.val().get_bits::<6>(3);
        }
        self.learn.d.next.burst = self.burst.val();
        self.last.next = self.learn.q.val().last;
        self.signs.next = self.learn.q.val().signs;
        self.second.next = self.outlived.val();
        if self.learning_now.val() {
            self.second.next = self.step.val().get_bit(3);
        }
        self.address_b.next = 0.into();
        self.address_b.next = self
            .address_b
            .val()
            .replace_bit(0, self.second.val() ^ self.signs.val().get_bit(0))
            .replace_bit(1, self.second.val() ^ self.signs.val().get_bit(1))
            .replace_bit(2, self.second.val() ^ self.signs.val().get_bit(2) ^ self.burst.val().get_bit(0))
            .replace_bit(3, self.second.val() ^ self.last.val().get_bit(4) ^ self.burst.val().get_bit(1))
            .replace_bit(4, self.second.val() ^ self.last.val().get_bit(5) ^ self.burst.val().get_bit(2))
            .replace_bit(
                5,
                self.second.val()
                    ^ self.last.val().get_bit(6)
                    ^ self.burst.val().get_bit(3)
                    ^ self.burst.val().get_bit(0),
            )
            .replace_bit(
                6,
                self.second.val()
                    ^ self.last.val().get_bit(7)
                    ^ self.burst.val().get_bit(4)
                    ^ self.burst.val().get_bit(1),
            )
            .replace_bit(
                7,
                self.second.val()
                    ^ self.last.val().get_bit(8)
                    ^ self.burst.val().get_bit(5)
                    ^ self.burst.val().get_bit(2),
            );
        // at a lookup's compare, and while an entry learns, the burst stands
        self.known_burst.next = self.learn.q.val().burst;
        self.tag.next = self.known_burst.val().get_bits::<3>(0);
        if self.outlived.val() {
            self.tag.next = !self.known_burst.val().get_bits::<3>(0);
        }
        self.learnt_tag.next = self.known_burst.val().get_bits::<3>(0);
        if self.step.val().get_bit(3) {
            self.learnt_tag.next = !self.known_burst.val().get_bits::<3>(0);
        }
        self.address_s.next = 0.into();
        self.address_s.next = self
            .address_s
            .val()
            .replace_bit(0, self.signs.val().get_bit(0))
            .replace_bit(1, self.last.val().get_bit(5))
            .replace_bit(2, self.last.val().get_bit(6))
            .replace_bit(3, self.last.val().get_bit(7))
            .replace_bit(4, self.last.val().get_bit(8))
            .replace_bit(5, self.burst.val().get_bit(3))
            .replace_bit(6, self.burst.val().get_bit(4))
            .replace_bit(7, self.burst.val().get_bit(5));

        // the tables
        self.table_b.read_address.next = self.address_b.val();
        self.table_s.read_address.next = self.address_s.val();
        self.table_b.write_address.next = self.address_b.val();
        self.table_s.write_address.next = self.address_s.val();
        self.table_b.write_enable.next = self.learn.q.val().write_b;
        self.table_s.write_enable.next = self.learn.q.val().write_s;
        self.word_b.next = self.table_b.read_data.val();
        self.word_s.next = self.table_s.read_data.val();
        self.sure_now.next = (self.word_b.val().get_bits::<3>(12) == self.tag.val()) & self.word_b.val().get_bit(11);
        self.learn.d.next.sure_b = self.sure_now.val();
        self.conf_s.next = self.word_s.val().get_bits::<3>(9);
        self.learn.d.next.sure_s = self.conf_s.val().all();

        // the entry of the gap, or the one that learns
        self.pick_s.next = !self.outlived.val() & !self.learn.q.val().sure_b;
        if self.learning_now.val() {
            self.pick_s.next = self.is_s.val();
        }
        if self.load.val() | (self.learning_now.val() & !self.step.val().get_bit(1) & self.step.val().get_bit(0)) {
            self.learn.d.next.entry = self.word_b.val();
            if self.pick_s.val() {
                self.learn.d.next.entry = self.word_s.val();
            }
        }

        // learning: credit and sample at once
        self.credit_now.next = self.learn.q.val().credit ^ 64;
        self.learn.d.next.credit_full = self.credit_now.val().all();
        self.on_time.next = !self.late.val();
        self.credit_step.next = 0.into();
        self.credit_step.next = self
            .credit_step
            .val()
            .replace_bit(0, self.on_time.val())
            .replace_bit(6, self.late.val())
            .replace_bit(7, self.late.val());
        self.credit_next.next = self.credit_now.val() + self.credit_step.val();
        self.lfsr.next = self.learn.q.val().lfsr ^ 1;
        self.lfsr_next.next = self.lfsr.val() >> 1;
        if self.lfsr.val().get_bit(0) {
            self.lfsr_next.next = (self.lfsr.val() >> 1) ^ 272;
        }
        if !self.learning_now.val() {
            self.learn.d.next.gap = self.code.val();
        }
        if self.event_now.val() {
            if !self.past.val() {
                self.learn.d.next.gap = 0.into();
            }
            self.learn.d.next.is_real = self.past.val();
            if self.late.val() | !self.learn.q.val().credit_full {
                self.learn.d.next.credit = self.credit_next.val() ^ 64;
            }
            if self.looked.val() {
                self.learn.d.next.lfsr = self.lfsr_next.val() ^ 1;
            }
        }
        self.learn.d.next.learning = self.event_now.val() | (self.learning_now.val() & !self.ends_now.val());
        self.step_more.next = self.step.val() + 1;
        self.learn.d.next.step = 0.into();
        if self.learning_now.val() {
            self.learn.d.next.step = self.step_more.val();
        }

        // learning: one entry after the other, compared
        self.now.next = self.learn.q.val().entry;
        self.now_tag.next = self.now.val().get_bits::<3>(12);
        self.learn.d.next.fits = self.is_s.val() | (self.now_tag.val() == self.learnt_tag.val());
        self.stored.next = self.now.val().get_bits::<9>(0);
        self.value.next = !self.stored.val();
        self.value_word.next = bit_cast_w::<10, 9>(self.value.val());
        self.conf.next = self.now.val().get_bits::<3>(9);
        self.wide.next = self.now.val().get_bit(15);
        self.gap_word.next = bit_cast_w::<10, 9>(self.learn.q.val().gap);
        self.last_word.next = bit_cast_w::<10, 9>(self.last.val());
        self.learn.d.next.difference = self.gap_word.val() - self.value_word.val();
        self.learn.d.next.change = self.gap_word.val() - self.last_word.val();
        self.difference.next = self.learn.q.val().difference;
        self.octaves.next = self.difference.val().get_bits::<4>(5);
        self.quarters.next = self.difference.val().get_bits::<2>(3);
        self.eighths.next = self.difference.val().get_bits::<2>(1);
        self.far.next = self.quarters.val().any() | self.eighths.val().all();
        self.below.next = self.difference.val().get_bit(9);
        self.above.next = !self.below.val() & self.octaves.val().any();
        self.learn.d.next.spared = self.outlived.val() & !self.second.val();

        // judged
        self.fits.next = self.learn.q.val().fits;
        self.spared.next = self.learn.q.val().spared;
        self.learn.d.next.above = self.above.val();
        self.was_above.next = self.learn.q.val().above;
        self.conf_zero.next = self.conf.val() == 0;
        self.conf_low.next = self.conf.val() < 2;
        self.takes.next = (!self.fits.val() & self.conf_zero.val())
            | (self.fits.val() & self.below.val())
            | (self.fits.val() & self.above.val() & !self.spared.val() & self.conf_low.val());
        self.learn.d.next.takes = self.takes.val();
        self.learn.d.next.takes_tag = !self.fits.val() & self.conf_zero.val();
        self.learn.d.next.rises = self.fits.val()
            & !self.below.val()
            & !self.above.val()
            & (self.lfsr.val() == 1)
            & self.difference.val().any();
        self.conf_more.next = self.conf.val() + 1;
        self.conf_less.next = self.conf.val() - 1;
        self.learn.d.next.conf = self.conf.val();
        self.learn.d.next.wide = self.wide.val();
        if self.fits.val() & self.below.val() {
            if !self.conf_zero.val() {
                self.learn.d.next.conf = self.conf_less.val();
            }
            self.learn.d.next.wide = !self.conf_zero.val() & (self.wide.val() | !self.difference.val().all());
        } else if !self.fits.val() | self.was_above.val() {
            if !self.conf_zero.val() & !(self.fits.val() & self.spared.val()) {
                self.learn.d.next.conf = self.conf_less.val();
            }
            self.learn.d.next.wide = self.wide.val() & !self.takes.val();
        } else {
            if !self.conf.val().all() {
                self.learn.d.next.conf = self.conf_more.val();
            }
            self.learn.d.next.wide = self.wide.val() | self.far.val();
        }

        // and written
        self.stored_less.next = self.stored.val() - 1;
        self.learn.d.next.stored = self.stored.val();
        if self.learn.q.val().takes {
            self.learn.d.next.stored = !self.learn.q.val().gap;
        } else if self.learn.q.val().rises {
            self.learn.d.next.stored = self.stored_less.val();
        }
        self.tag_new.next = self.now_tag.val();
        if self.learn.q.val().takes_tag {
            self.tag_new.next = self.learnt_tag.val();
        }
        self.value_place.next = bit_cast_w::<16, 9>(self.learn.q.val().stored);
        self.conf_word.next = bit_cast_w::<16, 3>(self.learn.q.val().conf);
        self.conf_place.next = self.conf_word.val() << 9;
        self.tag_word.next = bit_cast_w::<16, 3>(self.tag_new.val());
        self.tag_place.next = self.tag_word.val() << 12;
        self.fresh.next = self.value_place.val() | self.conf_place.val() | self.tag_place.val();
        self.written.next = self.fresh.val().replace_bit(15, self.learn.q.val().wide);
        self.table_b.write_data.next = self.written.val();
        self.table_s.write_data.next = self.written.val();
        self.learn.d.next.write_b = self.looked.val()
            & self.begins.val()
            & self.step.val().get_bit(2)
            & (!self.step.val().get_bit(3) | self.outlived.val());
        self.learn.d.next.write_s =
            self.looked.val() & self.begins.val() & self.step.val().get_bit(3) & !self.step.val().get_bit(2);

        // learning: the history, last
        self.change.next = self.learn.q.val().change;
        self.change_high.next = self.change.val().get_bits::<7>(3);
        self.learn.d.next.near = self.change_high.val().all() | !self.change_high.val().any();
        self.rising.next = !self.change.val().get_bit(9);
        self.signs_more.next = self.signs.val() << 1;
        if self.ends_now.val() & self.learn.q.val().is_real {
            self.learn.d.next.last = self.learn.q.val().gap;
            if !self.learn.q.val().near {
                self.learn.d.next.signs = self.signs_more.val().replace_bit(0, self.rising.val());
            }
        }

        self.sure_b.next = self.learn.q.val().sure_b;
        self.sure_s.next = self.learn.q.val().sure_s;
        self.entry.next = self.now.val();
        self.outlives.next = self.above.val();
        self.learning.next = self.learning_now.val();
        self.taken.next = self.event_now.val();
        self.ends.next = self.ends_now.val();
        self.credit.next = self.credit_now.val();
        if self.reset.val() {
            self.learn.d.next.credit = 0.into();
        }
    }
}
