//! What the generator does in each cycle: beats out, payload, frame in hand, hint, next frame, schedule, commands.

use super::Generator;
use crate::prelude::*;
use crate::word::*;

impl Logic for Generator {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, regs, schedule);
        self.regs.bus_request.next = self.bus_request.val();
        self.bus_read.next = self.regs.bus_read.val();
        self.check.next = self.regs.settings.val().check;
        self.scheduled.next = self.regs.settings.val().scheduled & self.has_schedule.val();
        self.permitted.next = self.r.q.val().permitted;
        self.kept.next = self.regs.kept.val();

        // what is offered: the beat that waits goes first
        self.advance.next = self.tready.val() | !self.r.q.val().valid;
        self.item_beat.next = self.r.q.val().active;
        self.item_last.next = self.r.q.val().last;
        self.item_tail.next = self.r.q.val().tail;
        if !self.r.q.val().steps {
            self.item_beat.next = self.r.q.val().held_beat;
            self.item_last.next = self.r.q.val().held_last;
            self.item_tail.next = self.r.q.val().held_tail;
        }
        if self.r.q.val().steps {
            self.r.d.next.held_beat = self.r.q.val().active;
            self.r.d.next.held_last = self.r.q.val().last;
            self.r.d.next.held_tail = self.r.q.val().tail;
        }
        // as many as the tail has, 0 is all eight; in gates: an `if` becomes a set that comes late
        self.is_short.next = self.item_last.val() & (self.item_tail.val() != 0);
        self.item_keep.next = 1.into();
        self.item_keep.next = self.item_keep.val().replace_bit(1, !self.is_short.val() | (self.item_tail.val() > 1));
        self.item_keep.next = self.item_keep.val().replace_bit(2, !self.is_short.val() | (self.item_tail.val() > 2));
        self.item_keep.next = self.item_keep.val().replace_bit(3, !self.is_short.val() | (self.item_tail.val() > 3));
        self.item_keep.next = self.item_keep.val().replace_bit(4, !self.is_short.val() | (self.item_tail.val() > 4));
        self.item_keep.next = self.item_keep.val().replace_bit(5, !self.is_short.val() | (self.item_tail.val() > 5));
        self.item_keep.next = self.item_keep.val().replace_bit(6, !self.is_short.val() | (self.item_tail.val() > 6));
        self.item_keep.next = self.item_keep.val().replace_bit(7, !self.is_short.val());
        self.r.d.next.steps = self.advance.val();
        if self.advance.val() {
            self.r.d.next.valid = self.item_beat.val();
            self.r.d.next.is_last = self.item_last.val();
            self.r.d.next.keep = self.item_keep.val();
        }
        self.tkeep.next = self.r.q.val().keep;
        self.tvalid.next = self.r.q.val().valid;
        self.tlast.next = self.r.q.val().is_last;

        // the payload
        self.fetches.next = (self.tready.val() & self.r.q.val().valid) | self.r.q.val().step_3;
        self.word.next = self.r.q.val().word;
        self.prbs.a.next = self.word.val().get_bits::<31>(33);
        self.pointer_after.next = self.r.q.val().pointer + 1;
        self.memory_address.next = self.r.q.val().pointer;
        self.r.d.next.restarts = self.r.q.val().begins | self.r.q.val().step_1;
        if self.fetches.val() {
            self.memory_address.next = self.pointer_after.val();
        }
        if self.fetches.val() | self.r.q.val().step_1 {
            self.r.d.next.pointer = self.pointer_after.val();
            self.r.d.next.word = self.prbs.y.val();
            if self.regs.settings.val().from_memory & self.has_memory.val() {
                self.r.d.next.word = self.memory_word.val();
            }
            if self.r.q.val().restarts {
                self.r.d.next.pointer = 0.into();
                self.r.d.next.word = self.all_ones.val();
            }
        }
        self.tdata.next = self.word.val();

        // the frame in hand; a down counter's addend of all ones is zero while it loads, so that a bit is one LUT
        self.words.next = self.r.q.val().words;
        self.next_words.next = self.r.q.val().next_words;
        self.next_gap.next = self.r.q.val().next_gap;
        self.low.next = self.r.q.val().gap_low;
        self.high.next = self.r.q.val().gap_high;
        self.few_bits.next = self.words.val().get_bits::<2>(0);
        self.small_bits.next = self.low.val().get_bits::<3>(0);
        self.next_small_bits.next = self.next_gap.val().get_bits::<3>(0);
        self.loads.next = !self.r.q.val().stays;
        self.takes.next = self.loads.val() & self.r.q.val().steps;
        self.word_load.next = 0.into();
        self.gap_load.next = 0.into();
        if self.r.q.val().stays {
            self.word_load.next = bit_cast_w::<13, 64>(self.all_ones.val());
            self.gap_load.next = bit_cast_w::<12, 64>(self.all_ones.val());
        }
        self.ends.next = self.r.q.val().few_words
            & (((self.few_bits.val() == 2) & self.r.q.val().whole)
                | ((self.few_bits.val() == 1) & !self.r.q.val().whole));
        self.frees.next = self.ends.val();
        self.no_gap.next = self.r.q.val().next_small & (self.next_small_bits.val() == 0);
        if self.r.q.val().gapping {
            self.frees.next = self.r.q.val().gap_ends & self.r.q.val().last;
        }
        if self.r.q.val().steps {
            self.r.d.next.occupied = self.r.q.val().occupied & !self.frees.val();
            self.r.d.next.active =
                (self.r.q.val().active & !self.r.q.val().last) | (self.r.q.val().gapping & self.r.q.val().gap_ends);
            self.r.d.next.gapping = self.r.q.val().gapping & !self.r.q.val().gap_ends;
            self.r.d.next.ticks = self.r.q.val().gapping & !self.r.q.val().gap_ends;
            self.r.d.next.gap_first = self.loads.val();
            self.r.d.next.gap_small = (self.low.val().get_bits::<9>(3) == 0) & (self.high.val() == 0);
            self.r.d.next.gap_ends = self.r.q.val().gap_small
                & (self.small_bits.val().get_bits::<2>(1) == 1)
                & (self.small_bits.val().get_bit(0) ^ self.r.q.val().gap_first);
            self.r.d.next.gap_borrows = self.r.q.val().ticks & (self.low.val() == 0);
            if self.loads.val() {
                self.r.d.next.occupied = !self.no_gap.val() | !self.r.q.val().next_is_one;
                self.r.d.next.active = self.no_gap.val();
                self.r.d.next.gapping = !self.no_gap.val();
                self.r.d.next.tail = self.r.q.val().next_tail;
                self.r.d.next.whole = self.r.q.val().next_tail == 0;
                self.r.d.next.gap_small = self.r.q.val().next_small;
                self.r.d.next.gap_ends = self.r.q.val().next_small & (self.next_small_bits.val() == 1);
            }
            if self.loads.val() | (self.r.q.val().occupied & !self.r.q.val().gapping) {
                self.r.d.next.words = self.words.val() + self.word_load.val();
                self.r.d.next.few_words = self.words.val().get_bits::<11>(2) == 0;
                self.r.d.next.last = self.ends.val();
                if self.loads.val() {
                    self.r.d.next.words = self.next_words.val();
                    self.r.d.next.few_words = self.r.q.val().next_few;
                    self.r.d.next.last = self.r.q.val().next_is_one;
                }
            }
            if self.loads.val() | self.r.q.val().ticks {
                self.r.d.next.gap_low = self.low.val() + self.gap_load.val();
                if self.loads.val() {
                    self.r.d.next.gap_low = self.next_gap.val().get_bits::<12>(0);
                }
            }
            if self.loads.val() | self.r.q.val().gap_borrows {
                self.r.d.next.gap_high = self.high.val() + self.gap_load.val();
                if self.loads.val() {
                    self.r.d.next.gap_high = self.next_gap.val().get_bits::<12>(12);
                }
            }
        }

        // announcing a burst; while the upper half of the gap is late, nothing is announced
        self.gap.next = bit_cast_w::<24, 12>(self.high.val());
        self.gap.next = self.gap.val() << 12;
        self.gap.next = self.gap.val() | bit_cast_w::<24, 12>(self.low.val());
        self.slots.next = self.gap.val().get_bits::<16>(0);
        self.hint_slots.next = self.slots.val();
        self.excess.next = bit_cast_w::<17, 16>(self.slots.val());
        self.wide_notice.next = bit_cast_w::<17, 16>(self.regs.settings.val().notice_inverted);
        self.excess.next = self.excess.val() + self.wide_notice.val();
        self.r.d.next.near = !self.excess.val().get_bit(16);
        self.r.d.next.not_far = self.gap.val().get_bits::<8>(16) == 0;
        self.fires.next = self.r.q.val().announces
            & self.r.q.val().ticks
            & self.r.q.val().near
            & self.r.q.val().not_far
            & (!self.r.q.val().gap_small | (self.small_bits.val() != 0));
        self.r.d.next.hint_valid = self.fires.val();
        self.hint_valid.next = self.r.q.val().hint_valid;
        self.r.d.next.announces = (self.takes.val() & self.r.q.val().next_announces)
            | (!self.takes.val() & self.r.q.val().announces & !self.fires.val());

        // frames still to begin: three parts, so that carry chains are short, count in the cycle after a frame was taken
        self.left_low.next = self.r.q.val().left_low;
        self.left_mid.next = self.r.q.val().left_mid;
        self.left_high.next = self.r.q.val().left_high;
        self.r.d.next.low_but_one_zero = self.left_low.val().get_bits::<10>(1) == 0;
        self.r.d.next.mid_zero = self.left_mid.val() == 0;
        self.r.d.next.high_zero = self.left_high.val() == 0;
        self.at_most_one.next = self.r.q.val().low_but_one_zero & self.r.q.val().mid_zero & self.r.q.val().high_zero;
        self.low_borrows.next = self.r.q.val().low_but_one_zero & !self.left_low.val().get_bit(0);
        self.r.d.next.left_counts = !self.r.q.val().step_1;
        self.r.d.next.left_moves = self.takes.val() | self.r.q.val().step_1;
        self.left_load.next = 0.into();
        if self.r.q.val().left_counts {
            self.left_load.next = bit_cast_w::<11, 64>(self.all_ones.val());
        }
        self.low_after.next = self.left_low.val() + self.left_load.val();
        self.mid_after.next = self.left_mid.val() + self.left_load.val();
        self.high_after.next = self.left_high.val() + bit_cast_w::<10, 11>(self.left_load.val());
        if self.r.q.val().left_moves {
            self.r.d.next.left_low = self.kept.val().get_bits::<11>(0);
            if self.r.q.val().left_counts {
                self.r.d.next.left_low = self.low_after.val();
            }
        }
        if self.r.q.val().left_moves & (!self.r.q.val().left_counts | self.low_borrows.val()) {
            self.r.d.next.left_mid = self.kept.val().get_bits::<11>(11);
            if self.r.q.val().left_counts {
                self.r.d.next.left_mid = self.mid_after.val();
            }
        }
        if self.r.q.val().left_moves
            & (!self.r.q.val().left_counts | (self.low_borrows.val() & self.r.q.val().mid_zero))
        {
            self.r.d.next.left_high = self.kept.val().get_bits::<10>(22);
            if self.r.q.val().left_counts {
                self.r.d.next.left_high = self.high_after.val();
            }
        }
        if self.r.q.val().step_4 & self.r.q.val().first {
            self.r.d.next.no_limit = self.at_most_one.val() & !self.left_low.val().get_bit(0);
        }
        if self.takes.val() {
            self.r.d.next.was_last = self.at_most_one.val() & self.left_low.val().get_bit(0);
        }
        if self.r.q.val().step_1 {
            self.r.d.next.was_last = false;
        }
        self.more.next = self.r.q.val().no_limit | !self.r.q.val().was_last;

        // the next frame: which setting is read, and when
        self.prepares.next = self.r.q.val().wants & self.permitted.val() & !self.r.q.val().settling;
        self.place.next = self.gap_at.val();
        if self.r.q.val().burst_ends {
            self.place.next = self.burst_gap_at.val();
        }
        if self.scheduled.val() {
            self.place.next = self.entries_at.val();
        }
        if self.r.q.val().step_1 {
            self.place.next = self.frames_at.val();
        }
        if self.r.q.val().step_2 {
            self.place.next = self.length_at.val();
        }
        if self.r.q.val().step_4 {
            self.place.next = self.burst_at.val();
        }
        self.regs.place.next = self.place.val();
        self.new_burst.next = self.prepares.val() & self.r.q.val().burst_ends & !self.scheduled.val();
        self.r.d.next.step_1 = self.r.q.val().begins;
        self.r.d.next.step_2 = self.r.q.val().step_1;
        self.r.d.next.step_3 = self.r.q.val().step_2;
        self.r.d.next.step_4 = self.r.q.val().step_3 | self.new_burst.val();
        self.r.d.next.step_5 = self.r.q.val().step_4;
        self.r.d.next.step_6 = self.r.q.val().step_5;
        self.r.d.next.step_7 = self.r.q.val().step_6;
        self.r.d.next.settling =
            self.r.q.val().begins | self.new_burst.val() | (self.r.q.val().settling & !self.r.q.val().step_7);
        self.r.d.next.wants = self.r.q.val().begins | self.takes.val() | (self.r.q.val().wants & !self.prepares.val());
        self.r.d.next.first = self.r.q.val().begins | (self.r.q.val().first & !self.prepares.val());
        self.r.d.next.loaded = self.prepares.val() & !self.r.q.val().begins;
        self.commands.next = self.regs.strobes.val().start | self.regs.strobes.val().stop;
        self.ready.next = !self.commands.val()
            & ((self.r.q.val().loaded & self.more.val() & self.r.q.val().running) | self.r.q.val().next_ready);
        self.r.d.next.next_ready = self.ready.val() & !self.takes.val();
        self.r.d.next.stays = !self.ready.val()
            | self.takes.val()
            | (self.r.q.val().occupied & !(self.r.q.val().steps & self.frees.val()));

        // its length and gap
        self.schedule.read_address.next = self.r.q.val().index;
        self.entry.next = self.schedule.read_data.val();
        if self.r.q.val().step_3 | (self.prepares.val() & self.scheduled.val()) {
            self.r.d.next.next_words = self.kept.val().get_bits::<13>(3);
            self.r.d.next.next_tail = self.kept.val().get_bits::<3>(0);
            if self.scheduled.val() {
                self.r.d.next.next_words = self.entry.val().get_bits::<13>(3);
                self.r.d.next.next_tail = self.entry.val().get_bits::<3>(0);
            }
        }
        if self.prepares.val() {
            self.r.d.next.next_gap = self.kept.val().get_bits::<24>(0);
            if self.scheduled.val() {
                self.r.d.next.next_gap = bit_cast_w::<24, 16>(self.entry.val().get_bits::<16>(16));
            }
            if self.r.q.val().first & !self.scheduled.val() {
                self.r.d.next.next_gap = 0.into();
            }
            self.r.d.next.next_announces = self.regs.settings.val().hints
                & (self.scheduled.val() | self.r.q.val().no_bursts | self.r.q.val().burst_ends);
        }
        self.few_next.next = self.next_words.val().get_bits::<11>(2) == 0;
        self.r.d.next.next_few = self.few_next.val();
        self.r.d.next.next_is_one = self.few_next.val()
            & !self.next_words.val().get_bit(1)
            & (!self.next_words.val().get_bit(0) | (self.r.q.val().next_tail == 0));
        self.r.d.next.next_small = self.next_gap.val().get_bits::<21>(3) == 0;

        // bursts
        self.burst.next = self.r.q.val().burst;
        self.r.d.next.burst_counts = !self.r.q.val().step_4;
        self.burst_load.next = 0.into();
        if self.r.q.val().burst_counts {
            self.burst_load.next = bit_cast_w::<16, 64>(self.all_ones.val());
        }
        if !self.r.q.val().burst_counts | (self.prepares.val() & !self.r.q.val().first & !self.r.q.val().no_bursts) {
            self.r.d.next.burst = self.kept.val().get_bits::<16>(0);
            if self.r.q.val().burst_counts {
                self.r.d.next.burst = self.burst.val() + self.burst_load.val();
            }
        }
        self.r.d.next.burst_ends = (self.burst.val().get_bits::<15>(1) == 0) & self.burst.val().get_bit(0);
        self.r.d.next.no_bursts = (self.burst.val().get_bits::<15>(1) == 0) & !self.burst.val().get_bit(0);

        // the schedule
        self.index.next = self.r.q.val().index;
        self.index_after.next = bit_cast_w::<9, 8>(self.index.val());
        self.index_after.next = self.index_after.val() + 1;
        self.differs.next = self.index_after.val() ^ self.kept.val().get_bits::<9>(0);
        self.pairs.next = 0.into();
        for i in 0..4 {
            self.pairs.next = self
                .pairs
                .val()
                .replace_bit(i, self.differs.val().get_bit(2 * i) | self.differs.val().get_bit(2 * i + 1));
        }
        self.pairs.next = self.pairs.val().replace_bit(4, self.differs.val().get_bit(8));
        self.r.d.next.differing_pairs = self.pairs.val();
        self.r.d.next.wraps = self.r.q.val().differing_pairs == 0;
        self.r.d.next.endless = self.kept.val().get_bits::<9>(0) == 0;
        self.r.d.next.permitted = !self.scheduled.val()
            | !self.r.q.val().endless
            | (self.index.val().get_bit(7) & self.r.q.val().filled_upper)
            | (!self.index.val().get_bit(7) & self.r.q.val().filled_lower);
        self.prepares_entry.next = self.prepares.val() & self.scheduled.val();
        if self.prepares_entry.val() | self.r.q.val().step_1 {
            self.r.d.next.index = self.index.val() + 1;
            if self.r.q.val().wraps | self.r.q.val().step_1 {
                self.r.d.next.index = 0.into();
            }
        }
        self.r.d.next.half_ends = self.index.val().get_bits::<7>(0) == 127;
        self.leaves_half.next = self.prepares_entry.val() & self.r.q.val().half_ends;
        self.r.d.next.filled_lower = self.regs.strobes.val().filled_lower
            | (self.r.q.val().filled_lower & !(self.leaves_half.val() & !self.index.val().get_bit(7)));
        self.r.d.next.filled_upper = self.regs.strobes.val().filled_upper
            | (self.r.q.val().filled_upper & !(self.leaves_half.val() & self.index.val().get_bit(7)));
        self.r.d.next.lacks =
            self.r.q.val().running & self.r.q.val().wants & !self.r.q.val().settling & !self.permitted.val();
        self.r.d.next.underrun = !self.r.q.val().begins
            & (self.r.q.val().underrun
                | (self.r.q.val().lacks & self.more.val() & !self.r.q.val().active & !self.r.q.val().gapping));

        // start and stop
        self.r.d.next.begins = self.r.q.val().pending
            & !self.commands.val()
            & !self.r.q.val().begins
            & !self.r.q.val().settling
            & !self.r.q.val().active
            & !self.r.q.val().gapping
            & !self.r.q.val().valid
            & self.r.q.val().steps;
        self.r.d.next.pending =
            self.regs.strobes.val().start | (self.r.q.val().pending & !self.r.q.val().begins & !self.commands.val());
        self.r.d.next.running = !self.commands.val() & (self.r.q.val().begins | self.r.q.val().running);

        // registers
        self.address.next = self.bus_request.val().address;
        self.r.d.next.schedule_writes = self.bus_request.val().strobe
            & self.bus_request.val().write
            & (self.address.val().get_bits::<5>(8) == self.region.val());
        self.schedule.write_enable.next = self.r.q.val().schedule_writes;
        self.schedule.write_address.next = self.address.val().get_bits::<8>(0);
        self.schedule.write_data.next = self.bus_request.val().data;
        self.status.next = 0.into();
        self.status.next = self
            .status
            .val()
            .replace_bit(
                0,
                (self.r.q.val().running & (self.more.val() | self.r.q.val().first))
                    | self.r.q.val().pending
                    | self.r.q.val().active
                    | self.r.q.val().gapping
                    | self.r.q.val().valid
                    | !self.r.q.val().steps,
            )
            .replace_bit(1, self.index.val().get_bit(7))
            .replace_bit(2, self.r.q.val().underrun);
        self.r.d.next.status = self.status.val();
        self.r.d.next.in_use = self.status.val().get_bit(0);
        self.memory_busy.next = self.regs.settings.val().from_memory & self.r.q.val().in_use;
        self.regs.status.next = self.r.q.val().status;
        self.left.next = bit_cast_w::<32, 10>(self.left_high.val());
        self.left.next = (self.left.val() << 11) | bit_cast_w::<32, 11>(self.left_mid.val());
        self.left.next = (self.left.val() << 11) | bit_cast_w::<32, 11>(self.left_low.val());
        self.regs.left.next = self.left.val();
    }
}
