//! The link: rung, lock, IDLE fields.

use super::{Field, Reg, field};

pub const CONTROL: Reg =
    Reg::rw("link_control", 0x10, 2, "How the link runs.").with(&[RUNG, TX_PARITY, ADAPTIVE, REPEAT, DARK]);
pub const RUNG: Field =
    field("rung", 0, 2, "What the receiver does: 0 forward, 1 detect, 2 correct, 3 correct and keep parity.");
pub const TX_PARITY: Field = field("tx_parity", 2, 1, "Send two tail-parity words after END (rung L3).");
pub const ADAPTIVE: Field = field("adaptive", 3, 1, "The ladder controller moves the rung; `rung` is where it starts.");
pub const REPEAT: Field = field("repeat", 4, 1, "Lanes only: send the corrected received line on, as a repeater.");
pub const DARK: Field = field("dark", 5, 1, "Loopback only: the line is dark (tests loss of light).");
pub const STATUS: Reg =
    Reg::ro("link_status", 0x11, "How the link is.").with(&[LOCKED, LIGHT, HOLDING, RX_IN_FRAME, RUNG_NOW]);
pub const LOCKED: Field = field("locked", 0, 1, "Enough good IDLEs in a row; clients are served.");
pub const LIGHT: Field = field("light", 1, 1, "Light is seen.");
pub const HOLDING: Field = field("holding", 2, 1, "The transmitter holds its client: laser not ready.");
pub const RX_IN_FRAME: Field = field("rx_in_frame", 3, 1, "Between a frame's first word and its END.");
pub const RUNG_NOW: Field = field("rung_now", 4, 2, "Rung in use.");
pub const COMMAND: Reg = Reg::wo("link_command", 0x12, "Acts on the write.").with(&[CLEAR, SNAPSHOT, RELOCK]);
pub const CLEAR: Field = field("clear", 0, 1, "Clears bins, extremes, sums and event counters.");
pub const SNAPSHOT: Field =
    field("snapshot", 1, 1, "Copies event counters, number and sum of latencies to where they are read.");
pub const RELOCK: Field = field("relock", 2, 1, "Drops the lock; a cold lock follows.");
pub const SILENCE_SLOTS: Reg = Reg::rw(
    "link_silence_slots",
    0x13,
    4096,
    "Slots without a good IDLE or END after which the client side is shut (0 = never); 16 bits. A frame longer than this shuts it too.",
).bits(16);
pub const IDLE_SEND: Reg = Reg::rw("link_idle_send", 0x14, 0, "Fields of the IDLEs that are sent.").with(&[REQUEST]);
pub const REQUEST: Field = field("request", 0, 2, "Rung asked of the far end (3 = send tail parity).");
pub const IDLE_SEEN: Reg =
    Reg::ro("link_idle_seen", 0x15, "Fields of the last good IDLE.").with(&[SEEN_STATE, SEEN_REQUEST, SEEN_HINT]);
pub const SEEN_STATE: Field = field("state", 0, 3, "Bit 0 far end locked, bit 1 sees light, bit 2 holds its client.");
pub const SEEN_REQUEST: Field = field("request", 8, 2, "Rung that the far end asks for.");
pub const SEEN_HINT: Field = field("hint", 16, 16, "Slots until the far end's next burst, 0 = unknown.");
pub const STATE: Reg = Reg::ro("link_snapshot_state", 0x16, "Bit 0: the last snapshot or clear is still under way.");

pub const REGS: &[Reg] = &[CONTROL, STATUS, COMMAND, SILENCE_SLOTS, IDLE_SEND, IDLE_SEEN, STATE];
