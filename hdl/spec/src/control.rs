//! Control words: END closes a frame, IDLE carries the state of the link.
//!
//! | END byte | meaning |
//! |----------|---------|
//! | 0        | kind [`END`] |
//! | 1        | flags: bit 0 stomp, bit 1 soft, bit 2 parity follows, bits 5..3 valid bytes of the last word less one |
//! | 2, 3     | sequence number, low byte first |
//! | 4..7     | CRC-32C, complemented (see [`crate::crc`]) |
//!
//! | IDLE byte | meaning |
//! |-----------|---------|
//! | 0         | kind [`IDLE`] |
//! | 1         | link state: bit 0 locked (lasers may sleep: or aligned in darkness), bit 1 light seen, bit 2 transmitter holds its client; bits 7..3 zero |
//! | 2         | rung asked of the far end (0 = none, 3 = send tail parity); bits 7..2 zero |
//! | 3         | zero |
//! | 4, 5      | hint: slots until the next burst, low byte first, 0 = unknown |
//! | 6, 7      | 16 PRBS bits, ignored on receipt |
//!
//! IDLE is state, never an event: any IDLE may be dropped or doubled.

use crate::slot::{Slot, slot_type};

/// Byte 0 of END.
pub const END: u8 = 0x69;
/// Byte 0 of IDLE.
pub const IDLE: u8 = 0x96;
/// Bits of IDLE whose value is fixed: kind, the zero bits of bytes 1 to 3.
pub const IDLE_FIXED_MASK: u64 = 0xff_fc_f8_ff;
/// What those bits hold.
pub const IDLE_FIXED: u64 = IDLE as u64;

/// The code word that a forwarder XORs onto an END: sets stomp and inverts the CRC as adjusted for that flag.
pub const STOMP_HARD: Slot = stomp(EndFlags::STOMP);
/// The same with `soft` set too: only line errors did it.
pub const STOMP_SOFT: Slot = stomp(EndFlags::STOMP | EndFlags::SOFT);

const fn stomp(flags: u8) -> Slot {
    let lower = (flags as u64) << 8;
    let crc = !crate::crc::step(0, lower, 32);
    let data = lower | (crc as u64) << 32;
    // a difference of two code words: no coset
    Slot { data, kind: 0, check: crate::slot::parity(data, 0) }
}

/// Flags of END, byte 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct EndFlags {
    /// The frame is bad upstream; its CRC is inverted.
    pub stomp: bool,
    /// Only line errors did it (repairable); otherwise the source aborted.
    pub soft: bool,
    /// Two parity words follow.
    pub parity: bool,
    /// Valid bytes of the last word, 1..=8.
    pub last_bytes: u8,
}

impl EndFlags {
    pub const STOMP: u8 = 1;
    pub const SOFT: u8 = 2;
    pub const PARITY: u8 = 4;
    /// Bit position of the three count bits.
    pub const COUNT_LSB: u32 = 3;

    pub const fn to_byte(self) -> u8 {
        (self.stomp as u8)
            | (self.soft as u8) << 1
            | (self.parity as u8) << 2
            | (self.last_bytes.wrapping_sub(1) & 7) << Self::COUNT_LSB
    }
    pub const fn from_byte(byte: u8) -> Self {
        EndFlags {
            stomp: byte & Self::STOMP != 0,
            soft: byte & Self::SOFT != 0,
            parity: byte & Self::PARITY != 0,
            last_bytes: (byte >> Self::COUNT_LSB & 7) + 1,
        }
    }
}

/// The first four bytes of END.
pub const fn end_lower(flags: EndFlags, sequence: u16) -> u32 {
    END as u32 | (flags.to_byte() as u32) << 8 | (sequence as u32) << 16
}

/// END of a frame whose CRC state after its last data word is `state`. A stomped END carries the inverted CRC.
pub const fn end(flags: EndFlags, sequence: u16, state: u32) -> Slot {
    let lower = end_lower(flags, sequence);
    let crc = !crate::crc::step(state, lower as u64, 32);
    let crc = if flags.stomp { !crc } else { crc };
    Slot::new(lower as u64 | (crc as u64) << 32, slot_type::CONTROL)
}

/// What an IDLE says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Idle {
    /// [`Idle::LOCKED`], [`Idle::LIGHT`], [`Idle::HOLDING`].
    pub state: u8,
    /// Rung asked of the far end.
    pub request: u8,
    /// Slots until the next burst, 0 = unknown.
    pub hint: u16,
    /// Filler.
    pub prbs: u16,
}

impl Idle {
    pub const LOCKED: u8 = 1;
    pub const LIGHT: u8 = 2;
    pub const HOLDING: u8 = 4;

    pub const fn to_slot(self) -> Slot {
        let data = IDLE as u64
            | (self.state as u64 & 7) << 8
            | (self.request as u64 & 3) << 16
            | (self.hint as u64) << 32
            | (self.prbs as u64) << 48;
        Slot::new(data, slot_type::CONTROL)
    }
    /// `None` when a fixed field does not match.
    pub const fn from_data(data: u64) -> Option<Self> {
        if data & IDLE_FIXED_MASK != IDLE_FIXED {
            return None;
        }
        Some(Idle {
            state: (data >> 8) as u8 & 7,
            request: (data >> 16) as u8 & 3,
            hint: (data >> 32) as u16,
            prbs: (data >> 48) as u16,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crc;

    #[test]
    fn an_idle_says_what_was_put_in() {
        let idle = Idle { state: Idle::LOCKED | Idle::LIGHT, request: 3, hint: 1234, prbs: 0xbeef };
        assert_eq!(Idle::from_data(idle.to_slot().data), Some(idle));
        assert_eq!(Idle::from_data(idle.to_slot().data | 1 << 24), None, "byte 3 is fixed");
        assert_eq!(Idle::from_data(end(EndFlags::default(), 0, 0).data), None);
    }

    #[test]
    fn a_good_end_leaves_the_residue_and_a_stomped_one_does_not() {
        let state = crc::word(crc::INITIAL, 42);
        let flags = EndFlags { last_bytes: 5, ..EndFlags::default() };
        assert_eq!(crc::word(state, end(flags, 7, state).data), crc::RESIDUE);
        let stomped = EndFlags { stomp: true, ..flags };
        assert_ne!(crc::word(state, end(stomped, 7, state).data), crc::RESIDUE);
    }

    #[test]
    fn a_forwarder_turns_a_good_end_into_a_stomped_one_by_xor() {
        let state = crc::word(crc::INITIAL, 42);
        let flags = EndFlags { last_bytes: 5, ..EndFlags::default() };
        for (soft, word) in [(false, STOMP_HARD), (true, STOMP_SOFT)] {
            let good = end(flags, 7, state);
            let want = end(EndFlags { stomp: true, soft, ..flags }, 7, state);
            let got = Slot { data: good.data ^ word.data, kind: good.kind ^ word.kind, check: good.check ^ word.check };
            assert_eq!(got, want);
            assert_eq!(got.syndrome(), 0);
        }
    }
}
