//! Event counters: one bit of the event bundle each, counted to 64 bits.

use super::{Access, Region};

/// Event k is bit k of the bundle; its counter stands at two words, 2k and 2k + 1, of [`SNAPSHOT`].
pub const EVENTS: [(&str, &str); 32] = [
    ("slots", "Line slots, good or bad, while locked."),
    ("corrected", "Words with one wrong bit (corrected at L2 and L3, poisoned below)."),
    ("bad_even", "Uncorrectable words with an even syndrome."),
    ("bad_odd", "Uncorrectable words with an odd syndrome."),
    ("frames_sent", "Frames whose END was sent."),
    ("frames_stomped", "Frames ended stomped by this transmitter."),
    ("frames_good", "Frames received with a good verdict."),
    ("frames_bad_own", "Frames bad by this hop's line (stomp clear)."),
    ("frames_bad_foreign", "Frames stomped upstream."),
    ("null_closed", "Frames closed by a null beat (END without a last word)."),
    ("starts_dropped", "First words inside an open frame: the new frame is dropped."),
    ("ignored_words", "Further words while closed."),
    ("orphans", "Bad slots while closed."),
    ("misplaced", "END or parity out of place, control words of unknown kind, reserved types."),
    ("lock_losses", "Times the lock was lost."),
    ("silence", "Times the client side was shut for silence or loss of light."),
    ("overruns", "Beats that the client did not take."),
    ("payload_lost", "Frames that the checker missed (gap in sequence numbers)."),
    ("payload_repeated", "Frames seen twice or out of order."),
    ("payload_wrong_frames", "Frames of good verdict whose payload is not PRBS-31."),
    ("bursts", "Bursts that the laser saw."),
    ("bursts_late", "Bursts whose first beat was held."),
    ("held_cycles", "Cycles a client beat was held for the laser."),
    ("enabled_cycles", "Cycles with the laser enabled."),
    ("wake_ups", "Times the laser was turned on."),
    ("predictions_made", "Gaps for which PairGap had an opinion."),
    ("predictions_used", "Gaps in which it turned the laser off."),
    ("predictions_late", "Of those, late."),
    ("injected", "Slots that the injector changed."),
    ("payload_wrong_bad", "Frames of bad verdict that reached the checker."),
    ("cycles", "Cycles since clear."),
    ("frames_aborted", "Frames aborted by their client or for stalling."),
];

/// Bit of an event in the bundle.
pub const fn bit(name: &str) -> usize {
    let mut k = 0;
    while k < EVENTS.len() {
        if same(EVENTS[k].0.as_bytes(), name.as_bytes()) {
            return k;
        }
        k += 1;
    }
    panic!("no such event");
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

pub const SNAPSHOT: Region = Region {
    name: "event_counters",
    word: 0x400,
    words: 2 * EVENTS.len() as u32,
    access: Access::Ro,
    doc: "The snapshot of the event counters, two words each, most significant first.",
};
