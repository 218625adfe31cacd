//! Any bytes into the gateware's UARTBone: the transfers and answers are those of the model.
//!
//! Input: how slow bus and far end are, then the bytes of the line.

use super::Bytes;
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::control::bone::{Access, Bone as Model};

/// Longer than any command of an input: the model knows no time.
const DEADLINE_CYCLES: u64 = 1 << 25;
/// Cycles without any event after which nothing is under way.
const QUIET_CYCLES: u32 = 64;

fn answer(word: u32) -> u32 {
    word.wrapping_mul(0x9e37_79b9) ^ 0x0102_0304
}

/// What happened on the bus and on the way back.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    accesses: Vec<Access>,
    sent: Vec<u8>,
}

fn modelled(bytes: &[u8]) -> (Seen, bool) {
    let (mut bone, mut seen) = (Model::default(), Seen::default());
    for byte in bytes {
        let mut bus = |access: Access| {
            seen.accesses.push(access);
            if let Access::Read { word } = access { answer(word) } else { 0 }
        };
        seen.sent.extend(bone.take(*byte, &mut bus));
    }
    (seen, bone.is_active())
}

/// Transfers end after `ack_cycles`; a sent byte is taken every `pause` cycles.
fn simulated(bytes: &[u8], ack_cycles: u32, pause: u32) -> (Seen, bool) {
    let mut bench = Bench::new(Bone::new(DEADLINE_CYCLES), |u| &mut u.clock);
    let (mut seen, mut rest) = (Seen::default(), bytes);
    let (mut waited, mut quiet, mut cycle) = (0, 0, 0u32);
    while quiet < QUIET_CYCLES {
        let ack = waited >= ack_cycles;
        let wants = cycle.is_multiple_of(pause);
        let (taken, sent, access) = bench.cycle(
            |u| {
                u.rx_valid.next = !rest.is_empty();
                u.rx_data.next = W::new(rest.first().copied().unwrap_or(0) as u64);
                u.tx_ready.next = wants;
                u.ack.next = ack;
                u.dat_r.next = W::new(answer(u.adr.val().get() as u32) as u64);
            },
            |u| {
                let word = u.adr.val().get() as u32;
                let write = Access::Write { word, data: u.dat_w.val().get() as u32 };
                let access = u.cyc.val().then(|| if u.we.val() { write } else { Access::Read { word } });
                let sent = (u.tx_valid.val() && wants).then(|| u.tx_data.val().get() as u8);
                (u.rx_valid.val() && u.rx_ready.val(), sent, access)
            },
        );
        let is_quiet = !taken && sent.is_none() && access.is_none();
        rest = &rest[usize::from(taken)..];
        seen.sent.extend(sent);
        waited = if access.is_some() && !ack { waited + 1 } else { 0 };
        seen.accesses.extend(access.filter(|_| ack));
        quiet = if is_quiet && rest.is_empty() { quiet + 1 } else { 0 };
        cycle += 1;
    }
    (seen, bench.uut.active.val())
}

/// Bytes of a line.
pub fn run(bytes: &[u8]) -> Result<(), String> {
    let mut input = Bytes(bytes);
    let pace = input.byte();
    let (model, is_active) = modelled(input.0);
    let (gateware, active) = simulated(input.0, 1 + (pace & 7) as u32, 1 + (pace >> 4) as u32);
    if (&gateware, active) == (&model, is_active) {
        return Ok(());
    }
    Err(format!("{gateware:x?}, active {active}; expected {model:x?}, active {is_active}"))
}
