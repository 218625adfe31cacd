//! The frame generator: fixed frames, bursts, a schedule, PRBS-31 or frames of a memory.
//!
//! ```text
//!              +-----Generator-----+
//!  BusRequest -| bus_request       |--- tdata W<64>, tkeep W<8>, tvalid, tlast
//!  Bit --------| tready            |--- hint_valid, hint_slots W<16>
//!  W<64> ------| memory_word       |--- memory_address W<10>, memory_busy
//!              |                   |--- check
//!              |          bus_read |--- Bit  
//!              +-------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | gap           | exactly that many cycles without an offered beat; 0 offers the next frame in the cycle after the last beat |
//! | one-word frames | one in three cycles: what two slots of overhead leave |
//! | hint          | `hint_slots` cycles after `hint_valid` the burst is offered (later only while the beat before waits); a notice of less than 3 gives none |
//! | memory        | `memory_word` is the word at `memory_address` of the cycle before |
//! | a length of 0 | counts as 8 |
//! | without a schedule | `scheduled` changes nothing |
//! | start         | waits until the frame in hand has been taken; a beat that is offered never changes |
//! | holds         | 2 beats, the second without payload |
//! | a new burst   | the frame after its first follows five cycles later at the earliest |
//! | comb. paths   | `tready` to `memory_address` |
//!
//! The frame in hand goes on by one beat, or one cycle of its gap, in each cycle in which nothing waits: what `tready`
//! says reaches it a cycle later, and one beat without payload waits meanwhile. Payload follows the beats taken. The next
//! frame is prepared while the present one is sent; a stop lets the frame in hand end, and a frame whose gap runs is in
//! hand.

mod logic;

use super::generator_regs::GeneratorRegs;
use super::generator_state::GeneratorState;
use super::{offset, prbs};
use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::target::Target;
use crate::word::*;
use crate::xor::XorMatrix;
use firstlight_spec::regs::generator as map;

/// Offers frames to a link.
#[derive(LogicBlock)]
pub struct Generator {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub tready: Signal<In, Bit>,
    pub tdata: Signal<Out, W<64>>,
    pub tkeep: Signal<Out, W<8>>,
    pub tvalid: Signal<Out, Bit>,
    pub tlast: Signal<Out, Bit>,
    pub memory_address: Signal<Out, W<10>>,
    pub memory_word: Signal<In, W<64>>,
    /// Frames from the memory are being sent.
    pub memory_busy: Signal<Out, Bit>,
    pub hint_valid: Signal<Out, Bit>,
    pub hint_slots: Signal<Out, W<16>>,
    /// The host asked for a check of received payload.
    pub check: Signal<Out, Bit>,
    regs: Quiet<GeneratorRegs>,
    schedule: Memory<32, 8>,
    prbs: XorMatrix<31, 64>,
    r: DFF<GeneratorState>,
    address: Signal<Local, W<13>>,
    advance: Signal<Local, Bit>,
    fetches: Signal<Local, Bit>,
    item_beat: Signal<Local, Bit>,
    item_last: Signal<Local, Bit>,
    item_tail: Signal<Local, W<3>>,
    is_short: Signal<Local, Bit>,
    item_keep: Signal<Local, W<8>>,
    loads: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    frees: Signal<Local, Bit>,
    no_gap: Signal<Local, Bit>,
    ready: Signal<Local, Bit>,
    word_load: Signal<Local, W<13>>,
    gap_load: Signal<Local, W<12>>,
    left_low: Signal<Local, W<11>>,
    left_mid: Signal<Local, W<11>>,
    left_high: Signal<Local, W<10>>,
    left_load: Signal<Local, W<11>>,
    at_most_one: Signal<Local, Bit>,
    low_borrows: Signal<Local, Bit>,
    burst_load: Signal<Local, W<16>>,
    low: Signal<Local, W<12>>,
    high: Signal<Local, W<12>>,
    small_bits: Signal<Local, W<3>>,
    next_small_bits: Signal<Local, W<3>>,
    few_bits: Signal<Local, W<2>>,
    few_next: Signal<Local, Bit>,
    next_words: Signal<Local, W<13>>,
    words: Signal<Local, W<13>>,
    gap: Signal<Local, W<24>>,
    next_gap: Signal<Local, W<24>>,
    fires: Signal<Local, Bit>,
    leaves_half: Signal<Local, Bit>,
    commands: Signal<Local, Bit>,
    new_burst: Signal<Local, Bit>,
    prepares: Signal<Local, Bit>,
    prepares_entry: Signal<Local, Bit>,
    scheduled: Signal<Local, Bit>,
    permitted: Signal<Local, Bit>,
    more: Signal<Local, Bit>,
    low_after: Signal<Local, W<11>>,
    mid_after: Signal<Local, W<11>>,
    high_after: Signal<Local, W<10>>,
    excess: Signal<Local, W<17>>,
    slots: Signal<Local, W<16>>,
    wide_notice: Signal<Local, W<17>>,
    place: Signal<Local, W<4>>,
    kept: Signal<Local, W<32>>,
    entry: Signal<Local, W<32>>,
    index: Signal<Local, W<8>>,
    index_after: Signal<Local, W<9>>,
    differs: Signal<Local, W<9>>,
    pairs: Signal<Local, W<5>>,
    burst: Signal<Local, W<16>>,
    left: Signal<Local, W<32>>,
    word: Signal<Local, W<64>>,
    pointer_after: Signal<Local, W<10>>,
    status: Signal<Local, W<3>>,
    has_memory: Constant<Bit>,
    has_schedule: Constant<Bit>,
    region: Constant<W<5>>,
    all_ones: Constant<W<64>>,
    frames_at: Constant<W<4>>,
    length_at: Constant<W<4>>,
    gap_at: Constant<W<4>>,
    burst_at: Constant<W<4>>,
    burst_gap_at: Constant<W<4>>,
    entries_at: Constant<W<4>>,
}

const _: () = assert!(map::SCHEDULE.words == 256 && map::SCHEDULE.word.is_multiple_of(256));

impl Default for Generator {
    fn default() -> Self {
        Self::new(true, true)
    }
}

impl Generator {
    /// Without a memory all payload is PRBS-31; without a schedule frames go by length, gap and bursts alone.
    pub fn new(has_memory: bool, has_schedule: bool) -> Self {
        Self {
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            tready: Default::default(),
            tdata: Default::default(),
            tkeep: Default::default(),
            tvalid: Default::default(),
            tlast: Default::default(),
            memory_address: Default::default(),
            memory_word: Default::default(),
            memory_busy: Default::default(),
            hint_valid: Default::default(),
            hint_slots: Default::default(),
            check: Default::default(),
            regs: Default::default(),
            schedule: Default::default(),
            prbs: XorMatrix::new(&prbs::rows(), Target::Generic),
            r: Default::default(),
            address: Default::default(),
            advance: Default::default(),
            fetches: Default::default(),
            item_beat: Default::default(),
            item_last: Default::default(),
            item_tail: Default::default(),
            is_short: Default::default(),
            item_keep: Default::default(),
            loads: Default::default(),
            takes: Default::default(),
            ends: Default::default(),
            frees: Default::default(),
            no_gap: Default::default(),
            ready: Default::default(),
            word_load: Default::default(),
            gap_load: Default::default(),
            left_low: Default::default(),
            left_mid: Default::default(),
            left_high: Default::default(),
            left_load: Default::default(),
            at_most_one: Default::default(),
            low_borrows: Default::default(),
            burst_load: Default::default(),
            low: Default::default(),
            high: Default::default(),
            small_bits: Default::default(),
            next_small_bits: Default::default(),
            few_bits: Default::default(),
            few_next: Default::default(),
            next_words: Default::default(),
            words: Default::default(),
            gap: Default::default(),
            next_gap: Default::default(),
            fires: Default::default(),
            leaves_half: Default::default(),
            commands: Default::default(),
            new_burst: Default::default(),
            prepares: Default::default(),
            prepares_entry: Default::default(),
            scheduled: Default::default(),
            permitted: Default::default(),
            more: Default::default(),
            low_after: Default::default(),
            mid_after: Default::default(),
            high_after: Default::default(),
            excess: Default::default(),
            slots: Default::default(),
            wide_notice: Default::default(),
            place: Default::default(),
            kept: Default::default(),
            entry: Default::default(),
            index: Default::default(),
            index_after: Default::default(),
            differs: Default::default(),
            pairs: Default::default(),
            burst: Default::default(),
            left: Default::default(),
            word: Default::default(),
            pointer_after: Default::default(),
            status: Default::default(),
            has_memory: Constant::new(has_memory),
            has_schedule: Constant::new(has_schedule),
            region: Constant::new(W::new((map::SCHEDULE.word / 256) as u64)),
            all_ones: Constant::new(W::new(u64::MAX)),
            frames_at: offset(map::FRAMES.word),
            length_at: offset(map::LENGTH.word),
            gap_at: offset(map::GAP.word),
            burst_at: offset(map::BURST_FRAMES.word),
            burst_gap_at: offset(map::BURST_GAP.word),
            entries_at: offset(map::SCHEDULE_COUNT.word),
        }
    }
}

crate::inputs!(Generator: bus_request, tready, memory_word; regs, schedule, r; prbs);
