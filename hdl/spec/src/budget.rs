//! The latency budget: every latency of the design, in cycles of the datapath clock.

/// Datapath clock of the Alchitry Cu top: 64 data bits a cycle are 10 Gb/s.
pub const CLOCK_HZ: u64 = 156_250_000;
/// One cycle of [`CLOCK_HZ`].
pub const CYCLE_PS: u64 = 1_000_000_000_000 / CLOCK_HZ;

/// Accepted beat at the tx client to valid beat at the rx client: line, capture and corrected-output register.
pub const CLIENT_TO_CLIENT_CYCLES: u64 = 3;
/// Repeater, line in to line out: capture and line register.
pub const WIRE_TO_WIRE_CYCLES: u64 = 2;
/// Accepted beat to captured data before correction.
pub const CUT_TAP_CYCLES: u64 = 2;
/// Words that the datapath holds in one direction.
pub const HELD_WORDS: u64 = 3;
/// Last beat at the rx client to `frame_done`.
pub const VERDICT_CYCLES: u64 = 5;
/// Slots that a frame adds on the line: IDLE and END.
pub const FRAME_OVERHEAD_SLOTS: u64 = 2;
/// Slots that a frame adds on the line when tail parity is sent.
pub const FRAME_OVERHEAD_PARITY_SLOTS: u64 = 4;

const _: () = assert!(CYCLE_PS * CLOCK_HZ == 1_000_000_000_000);
