//! Who is there: magic word, map hash, clock.

use super::{Access, Field, Reg, Region, field};

/// "FLT1".
pub const MAGIC_VALUE: u32 = 0x464c_5431;
/// What `litex_cli --ident` shows; no commas, at most 255 characters.
pub const IDENT_TEXT: &str = "Firstlight link datapath";

pub const MAGIC: Reg = Reg::ro("id_magic", 0x00, "0x464c5431, \"FLT1\": read first.");
pub const SPEC_HASH: Reg = Reg::ro("id_spec_hash", 0x01, "Hash of this register map; a host refuses another.");
pub const FEATURES: Reg =
    Reg::ro("id_features", 0x02, "What this build contains; what it lacks reads as zero.").with(FEATURE_BITS);
const FEATURE_BITS: &[Field] = &[GENERATOR, MEMORIES, LASER, LANES, PREDICTOR, LADDER, TAIL_PARITY, INJECTOR, SCHEDULE];
pub const GENERATOR: Field = field("generator", 0, 1, "Frame generator, checker and latency bins.");
pub const MEMORIES: Field = field("memories", 1, 1, "Frame memories for replayed captures.");
pub const LASER: Field = field("laser", 2, 1, "Laser enable.");
pub const LANES: Field = field("lanes", 3, 1, "The line is on pins (DDR lanes); otherwise it loops inside.");
pub const PREDICTOR: Field = field("predictor", 4, 1, "PairGap prediction of the laser enable.");
pub const LADDER: Field = field("ladder", 5, 1, "The adaptive ladder.");
pub const TAIL_PARITY: Field = field("tail_parity", 6, 1, "Tail-parity words (rung L3).");
pub const INJECTOR: Field = field("injector", 7, 1, "Error injector on the line.");
pub const SCHEDULE: Field = field("schedule", 8, 1, "Schedule memory of the generator.");
pub const CLOCK_HZ: Reg = Reg::ro("id_clock_hz", 0x03, "Datapath clock in Hz.");
pub const SCRATCH: Reg = Reg::rw("id_scratch", 0x04, 0, "Free for the host: proves that reads and writes arrive.");
pub const BONE_ERRORS: Reg =
    Reg::ro("id_bone_errors", 0x05, "UARTBone framing errors and deadline resets since power-on.");

pub const REGS: &[Reg] = &[MAGIC, SPEC_HASH, FEATURES, CLOCK_HZ, SCRATCH, BONE_ERRORS];

pub const IDENT: Region = Region {
    name: "identifier_mem",
    word: 0x500,
    words: 64,
    access: Access::Ro,
    doc: "Name of the gateware, one character a word, ended by zero.",
};
