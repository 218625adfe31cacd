//! Why a frame is bad: the code that stands beside `frame_done`.
//!
//! The first that applies, in the order below from `LINK_DOWN` down to `CRC`.

/// Nothing is wrong.
pub const GOOD: u8 = 0;
/// The CRC does not leave the residue, and nothing else explains it.
pub const CRC: u8 = 1;
/// END's count of bytes differs from the last word's type.
pub const COUNT: u8 = 2;
/// A word of the frame was flagged, or a slot stood where it does not belong.
pub const FLAGGED: u8 = 3;
/// END came without a last word; the client saw a null closing beat.
pub const NO_LAST: u8 = 4;
/// Stomped upstream: only line errors did it.
pub const STOMPED_SOFT: u8 = 5;
/// Stomped upstream: the source aborted.
pub const STOMPED_HARD: u8 = 6;
/// END was lost: another frame, or two IDLEs after a bad slot, came instead.
pub const END_LOST: u8 = 7;
/// A first word inside the frame; the client saw a null closing beat, the new frame is dropped.
pub const FIRST_INSIDE: u8 = 8;
/// Lock, light or signal was lost inside the frame.
pub const LINK_DOWN: u8 = 9;

/// A code in words.
pub const fn describe(reason: u8) -> &'static str {
    match reason {
        GOOD => "good",
        CRC => "CRC wrong",
        COUNT => "byte count wrong",
        FLAGGED => "word flagged",
        NO_LAST => "no last word",
        STOMPED_SOFT => "stomped upstream for line errors",
        STOMPED_HARD => "stomped upstream by the source",
        END_LOST => "END lost",
        FIRST_INSIDE => "a frame began inside",
        LINK_DOWN => "link lost",
        _ => "unknown",
    }
}
