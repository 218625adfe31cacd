//! PairGap's memory: two tables of past gaps, the learner that keeps them, the late credit.
//!
//! ```text
//!                +---------GapTables---------+
//!  Bit ----------| was_idle                  |--- entry_b, entry_s  W<16>
//!  Bit ----------| sample past late looked   |--- fits_b            Bit
//!  Bit ----------| outlived second           |--- learning, taken, ends  Bit
//!  W<9> ---------| code                      |--- credit            W<8>
//!                +---------------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | `sample`    | a burst has started after a gap that counts; ignored while `learning` |
//! | learning    | 16 cycles from the one after `taken`; the tables answer lookups outside it |
//! | entry       | bits 8..0 complement of the code, 11..9 confidence, 14..12 tag, 15 gaps vary widely |
//! | memories    | two of 256 x 16; an entry of zeros is empty: its code exceeds every gap's |
//! | after reset | credit back to 64; the tables stay |

use crate::memory::Memory;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// The learner.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LearnState {
    /// Five steps for each of three entries, one for the history.
    step: W<5>,
    /// Class of the burst before the gap.
    burst: W<6>,
    /// The gap that is being learned.
    gap: W<9>,
    is_real: Bit,
    entry: W<16>,
    difference: W<10>,
    change: W<10>,
    fits: Bit,
    fresh: W<16>,
    write_b: Bit,
    write_s: Bit,
    /// XOR 64.
    credit: W<8>,
    /// XOR 1.
    lfsr: W<9>,
    last: W<9>,
    signs: W<3>,
}

#[derive(LogicBlock, Default)]
pub struct GapTables {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    /// Not busy in the cycle before.
    pub was_idle: Signal<In, Bit>,
    pub sample: Signal<In, Bit>,
    /// The gap was longer than `t_on`.
    pub past: Signal<In, Bit>,
    /// A prediction made the burst late.
    pub late: Signal<In, Bit>,
    /// The gap was looked up.
    pub looked: Signal<In, Bit>,
    /// The gap has outlived its entry.
    pub outlived: Signal<In, Bit>,
    /// Of the burst while there is one, then of the gap beyond `t_on`.
    pub code: Signal<In, W<9>>,
    pub entry_b: Signal<Out, W<16>>,
    pub entry_s: Signal<Out, W<16>>,
    pub fits_b: Signal<Out, Bit>,
    pub learning: Signal<Out, Bit>,
    pub taken: Signal<Out, Bit>,
    pub ends: Signal<Out, Bit>,
    pub credit: Signal<Out, W<8>>,
    learn: DFF<LearnState>,
    table_b: Memory<16, 8>,
    table_s: Memory<16, 8>,
    step: Signal<Local, W<5>>,
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
    word_b: Signal<Local, W<16>>,
    word_s: Signal<Local, W<16>>,
    credit_now: Signal<Local, W<8>>,
    credit_next: Signal<Local, W<8>>,
    lfsr: Signal<Local, W<9>>,
    lfsr_next: Signal<Local, W<9>>,
    step_more: Signal<Local, W<5>>,
    is_s: Signal<Local, Bit>,
    fits: Signal<Local, Bit>,
    entry: Signal<Local, W<16>>,
    stored: Signal<Local, W<9>>,
    value: Signal<Local, W<9>>,
    value_word: Signal<Local, W<10>>,
    gap_word: Signal<Local, W<10>>,
    last_word: Signal<Local, W<10>>,
    conf: Signal<Local, W<3>>,
    difference: Signal<Local, W<10>>,
    octaves: Signal<Local, W<4>>,
    eighths: Signal<Local, W<3>>,
    below: Signal<Local, Bit>,
    by_one: Signal<Local, Bit>,
    above: Signal<Local, Bit>,
    spared: Signal<Local, Bit>,
    conf_zero: Signal<Local, Bit>,
    conf_low: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    rises: Signal<Local, Bit>,
    stored_less: Signal<Local, W<9>>,
    stored_new: Signal<Local, W<9>>,
    conf_more: Signal<Local, W<3>>,
    conf_less: Signal<Local, W<3>>,
    conf_drop: Signal<Local, W<3>>,
    conf_new: Signal<Local, W<3>>,
    tag_new: Signal<Local, W<3>>,
    wide: Signal<Local, Bit>,
    wide_new: Signal<Local, Bit>,
    value_place: Signal<Local, W<16>>,
    conf_word: Signal<Local, W<16>>,
    conf_place: Signal<Local, W<16>>,
    tag_word: Signal<Local, W<16>>,
    tag_place: Signal<Local, W<16>>,
    fresh: Signal<Local, W<16>>,
    change: Signal<Local, W<10>>,
    change_high: Signal<Local, W<7>>,
    near: Signal<Local, Bit>,
    rising: Signal<Local, Bit>,
    signs_more: Signal<Local, W<3>>,
}

impl Logic for GapTables {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, learn);
        clock!(self, clock, table_b, table_s);
        self.step.next = self.learn.q.val().step;
        self.learning_now.next = self.step.val().any();
        self.event_now.next = self.sample.val() & !self.learning_now.val();
        self.ends_now.next = self.step.val() == 16;

        // the context: burst before the gap, gap before that, last signs
        if !self.was_idle.val() & !self.learning_now.val() & !self.event_now.val() {
            self.learn.d.next.burst = self.code.val().get_bits::<6>(3);
        }
        self.burst.next = self.learn.q.val().burst;
        self.last.next = self.learn.q.val().last;
        self.signs.next = self.learn.q.val().signs;
        self.second.next = self.outlived.val();
        if self.learning_now.val() {
            self.second.next = self.step.val() > 9;
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
        self.tag.next = self.burst.val().get_bits::<3>(0);
        if self.second.val() {
            self.tag.next = !self.burst.val().get_bits::<3>(0);
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
        self.table_b.write_data.next = self.learn.q.val().fresh;
        self.table_s.write_data.next = self.learn.q.val().fresh;
        self.table_b.write_enable.next = self.learn.q.val().write_b;
        self.table_s.write_enable.next = self.learn.q.val().write_s;
        self.word_b.next = self.table_b.read_data.val();
        self.word_s.next = self.table_s.read_data.val();
        self.fits.next = self.word_b.val().get_bits::<3>(12) == self.tag.val();

        // learning: credit and sample at once
        self.credit_now.next = self.learn.q.val().credit ^ 64;
        self.credit_next.next = self.credit_now.val();
        if self.late.val() {
            self.credit_next.next = self.credit_now.val() - 64;
        } else if !self.credit_now.val().all() {
            self.credit_next.next = self.credit_now.val() + 1;
        }
        self.lfsr.next = self.learn.q.val().lfsr ^ 1;
        self.lfsr_next.next = self.lfsr.val() >> 1;
        if self.lfsr.val().get_bit(0) {
            self.lfsr_next.next = (self.lfsr.val() >> 1) ^ 272;
        }
        if self.event_now.val() {
            self.learn.d.next.gap = 0.into();
            if self.past.val() {
                self.learn.d.next.gap = self.code.val();
            }
            self.learn.d.next.is_real = self.past.val();
            self.learn.d.next.credit = self.credit_next.val() ^ 64;
            if self.looked.val() {
                self.learn.d.next.lfsr = self.lfsr_next.val() ^ 1;
            }
        }
        self.step_more.next = self.step.val() + 1;
        if self.ends_now.val() {
            self.learn.d.next.step = 0.into();
        } else if self.learning_now.val() | self.event_now.val() {
            self.learn.d.next.step = self.step_more.val();
        }

        // learning: one entry after the other
        self.is_s.next = (self.step.val() == 6) | (self.step.val() == 7) | (self.step.val() == 8);
        self.learn.d.next.entry = self.word_b.val();
        if self.is_s.val() {
            self.learn.d.next.entry = self.word_s.val();
        }
        self.entry.next = self.learn.q.val().entry;
        self.learn.d.next.fits = self.is_s.val() | (self.entry.val().get_bits::<3>(12) == self.tag.val());
        self.stored.next = self.entry.val().get_bits::<9>(0);
        self.value.next = !self.stored.val();
        self.value_word.next = bit_cast_w::<10, 9>(self.value.val());
        self.conf.next = self.entry.val().get_bits::<3>(9);
        self.wide.next = self.entry.val().get_bit(15);
        self.gap_word.next = bit_cast_w::<10, 9>(self.learn.q.val().gap);
        self.last_word.next = bit_cast_w::<10, 9>(self.last.val());
        self.learn.d.next.difference = self.gap_word.val() - self.value_word.val();
        self.learn.d.next.change = self.gap_word.val() - self.last_word.val();
        self.difference.next = self.learn.q.val().difference;
        self.octaves.next = self.difference.val().get_bits::<4>(5);
        self.eighths.next = self.difference.val().get_bits::<3>(2);
        self.below.next = self.difference.val().get_bit(9);
        self.by_one.next = self.difference.val().all();
        self.above.next = !self.below.val() & self.octaves.val().any();
        self.spared.next = self.outlived.val() & !self.second.val();
        self.conf_zero.next = self.conf.val() == 0;
        self.conf_low.next = self.conf.val() < 2;
        self.takes.next = (!self.learn.q.val().fits & self.conf_zero.val())
            | (self.learn.q.val().fits & self.below.val())
            | (self.learn.q.val().fits & self.above.val() & !self.spared.val() & self.conf_low.val());
        self.rises.next = !self.below.val()
            & !self.above.val()
            & self.learn.q.val().fits
            & (self.lfsr.val() == 1)
            & self.difference.val().any();
        self.stored_less.next = self.stored.val() - 1;
        self.stored_new.next = self.stored.val();
        if self.takes.val() {
            self.stored_new.next = !self.learn.q.val().gap;
        } else if self.rises.val() {
            self.stored_new.next = self.stored_less.val();
        }
        self.conf_more.next = self.conf.val() + 1;
        self.conf_less.next = self.conf.val() - 1;
        self.conf_drop.next = self.conf.val() - 2;
        self.conf_new.next = self.conf.val();
        self.wide_new.next = self.wide.val();
        if self.learn.q.val().fits & self.below.val() {
            self.conf_new.next = self.conf_drop.val();
            if self.conf_low.val() {
                self.conf_new.next = 0.into();
            }
            self.wide_new.next = !self.conf_zero.val() & (self.wide.val() | !self.by_one.val());
        } else if !self.learn.q.val().fits | self.above.val() {
            if !self.conf_zero.val() & !(self.learn.q.val().fits & self.spared.val()) {
                self.conf_new.next = self.conf_less.val();
            }
            self.wide_new.next = self.wide.val() & !self.takes.val();
        } else {
            if !self.conf.val().all() {
                self.conf_new.next = self.conf_more.val();
            }
            self.wide_new.next = self.wide.val() | self.eighths.val().any();
        }
        self.tag_new.next = self.entry.val().get_bits::<3>(12);
        if !self.learn.q.val().fits & self.conf_zero.val() {
            self.tag_new.next = self.tag.val();
        }
        self.value_place.next = bit_cast_w::<16, 9>(self.stored_new.val());
        self.conf_word.next = bit_cast_w::<16, 3>(self.conf_new.val());
        self.conf_place.next = self.conf_word.val() << 9;
        self.tag_word.next = bit_cast_w::<16, 3>(self.tag_new.val());
        self.tag_place.next = self.tag_word.val() << 12;
        self.fresh.next = self.value_place.val() | self.conf_place.val() | self.tag_place.val();
        self.learn.d.next.fresh = self.fresh.val().replace_bit(15, self.wide_new.val());
        self.learn.d.next.write_b =
            self.looked.val() & ((self.step.val() == 4) | ((self.step.val() == 13) & self.outlived.val()));
        self.learn.d.next.write_s = self.looked.val() & (self.step.val() == 8);

        // learning: the history, last
        self.change.next = self.learn.q.val().change;
        self.change_high.next = self.change.val().get_bits::<7>(3);
        self.near.next = self.change_high.val().all() | !self.change_high.val().any();
        self.rising.next = !self.change.val().get_bit(9);
        self.signs_more.next = self.signs.val() << 1;
        if self.ends_now.val() & self.learn.q.val().is_real {
            self.learn.d.next.last = self.learn.q.val().gap;
            if !self.near.val() {
                self.learn.d.next.signs = self.signs_more.val().replace_bit(0, self.rising.val());
            }
        }

        self.entry_b.next = self.word_b.val();
        self.entry_s.next = self.word_s.val();
        self.fits_b.next = self.fits.val();
        self.learning.next = self.learning_now.val();
        self.taken.next = self.event_now.val();
        self.ends.next = self.ends_now.val();
        self.credit.next = self.credit_now.val();
        if self.reset.val() {
            self.learn.d.next.credit = 0.into();
        }
    }
}
