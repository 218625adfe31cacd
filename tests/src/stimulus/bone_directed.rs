//! Fixed rows for the UARTBone: transfers that end around the deadline, and reads of every power of two of words.
//!
//! Inputs: rx_data, rx_valid, rx_error, tx_ready, dat_r, ack.

use super::Random;

/// Cycles from the first byte of a command to the deadline, as the design `bone_1001` has it.
const DEADLINE_CYCLES: usize = 1_001;
/// Cycles that one byte is offered.
const BYTE_CYCLES: usize = 3;
/// An acknowledgement that comes so much before or after the deadline is tried, in all cycles between.
const AROUND_CYCLES: usize = 12;
/// Until the bytes of one word are out, and some more.
const PAUSE_CYCLES: usize = 60;

/// The rows, once.
pub fn bone_directed() -> Box<dyn Iterator<Item = Vec<u128>>> {
    let mut rows = vec![];
    for late in 0..2 * AROUND_CYCLES {
        for kind in 1..=4 {
            let (ack_at, first) = (DEADLINE_CYCLES - AROUND_CYCLES + late, rows.len());
            command(&mut rows, kind, 3);
            rows.resize(first + ack_at, row(None, false));
            rows.push(row(None, true));
            rows.resize(rows.len() + PAUSE_CYCLES + 2 * AROUND_CYCLES, row(None, false));
            // the next one is as if nothing had been
            command(&mut rows, 2, 1);
            rows.resize(rows.len() + PAUSE_CYCLES, row(None, true));
        }
    }
    for bit in 0..8 {
        command(&mut rows, 2, 1 << bit);
        rows.resize(rows.len() + DEADLINE_CYCLES + PAUSE_CYCLES, row(None, true));
    }
    let mut random = Random::new(1);
    Box::new(rows.into_iter().map(move |mut row| {
        row[4] = (random.bits() as u32).into();
        row
    }))
}

/// Kind, words and an address; what a write has to write.
fn command(rows: &mut Vec<Vec<u128>>, kind: u8, words: u8) {
    let data = if kind % 2 == 1 { 4 } else { 0 };
    for byte in [kind, words, 0, 0, 0x12, 0x34].into_iter().chain(0..data) {
        rows.resize(rows.len() + BYTE_CYCLES, row(Some(byte), false));
    }
}

fn row(byte: Option<u8>, ack: bool) -> Vec<u128> {
    [byte.unwrap_or(0) as u64, byte.is_some() as u64, 0, 1, 0, ack as u64].map(u128::from).to_vec()
}
