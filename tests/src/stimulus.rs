//! Inputs for the listed designs: random ones, shaped so that they reach every part of them, and directed ones.

mod bone_directed;
mod core;
pub use bone_directed::bone_directed;
pub use core::{core, directed as core_directed};

use std::collections::VecDeque;

/// A small reproducible source of numbers.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        (self.bits() >> 16) % n
    }
    /// True once in `n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// Bytes for the UARTBone: whole commands, each byte for the three cycles that one takes and then a pause until they
/// are done; at other times any bytes, such that wherever a command begins it is likely to be one. The bus is sometimes
/// slow, and a far end sometimes stops. Inputs: rx_data, rx_valid, rx_error, tx_ready, dat_r, ack.
pub fn bone(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let (mut left, mut byte, mut ack, mut ready, mut offer) = (0, 0, 1, 1, 1);
    // bytes to come, with the cycles that each is offered and those of silence after it
    let (mut is_whole, mut bytes, mut held, mut pause) = (false, VecDeque::new(), 0, 0);
    Box::new(move || {
        if left == 0 {
            left = 500 + random.below(1500);
            (ack, ready, offer) = (1 + random.below(5), 1 + random.below(5), 1 + random.below(4));
            is_whole = !random.one_in(3);
            if random.one_in(5) {
                // somebody hangs until the deadline
                *[&mut ack, &mut ready, &mut offer][random.below(3) as usize] = 100_000;
                left = 3_000;
            }
        }
        left -= 1;
        let mut is_offered = random.one_in(offer);
        if !is_whole && random.one_in(3) {
            byte = match random.below(8) {
                0..=2 => 0,
                3..=5 => random.below(6),
                6 => [0x1f, 0xff, 0xfe][random.below(3) as usize],
                _ => random.below(256),
            };
        }
        if is_whole {
            if held == 0 && pause == 0 {
                if bytes.is_empty() {
                    bytes = command(&mut random, 8 * ack.min(8), 4 * ready.min(8));
                }
                (byte, pause) = bytes.pop_front().unwrap_or_default();
                held = 3;
            }
            is_offered = held > 0;
            if is_offered { held -= 1 } else { pause -= 1 }
        }
        let word = random.bits() as u32 as u128;
        let mut once = |n| random.one_in(n) as u128;
        vec![byte as u128, is_offered as u128, once(50), once(ready), word, once(ack)]
    })
}

/// One command for the UARTBone: bytes, each with the pause after it.
fn command(random: &mut Random, transfer: u64, byte_out: u64) -> VecDeque<(u64, u64)> {
    let kind = if random.one_in(8) { random.below(256) } else { 1 + random.below(4) };
    let words = if random.one_in(12) { random.below(256) } else { random.below(4) };
    let address = match random.below(4) {
        // over the end of the address space
        0 => 0x1ffd + random.below(4),
        1 => 1 << random.below(32),
        _ => random.below(1 << 13),
    };
    let header = [kind, words].into_iter().chain((0..4).rev().map(|n| address >> (8 * n) & 0xff));
    let mut bytes: VecDeque<_> = header.map(|byte| (byte, 0)).collect();
    let is_write = kind % 2 == 1;
    if is_write {
        (0..4 * words).for_each(|n| bytes.push_back((random.below(256), (n % 4 / 3) * (8 + transfer))));
    } else {
        bytes[5].1 = words.min(4) * (8 + transfer + 4 * (2 + byte_out));
    }
    bytes
}

/// Clients, frames and hints with times that stay for a while.
/// Inputs: reset, client_valid, in_frame, hint_soon, hint_valid, hint_lag, hint_enable, want, t_on, min_on, min_off,
/// hint_margin, no_min_off.
pub fn laser_switch(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let (mut left, mut times, mut busy, mut client, mut want) = (0u64, [0u64; 3], 0u64, false, false);
    let (mut hints, mut longest, mut hinted) = (60, 30, false);
    let (mut afar, mut rest, mut pauses, mut in_frame) = (0, 3, 3, false);
    Box::new(move || {
        if left == 0 {
            let most = [3, 8, 40, 300, 4096][random.below(5) as usize];
            times = std::array::from_fn(|_| random.below(most));
            left = 40 + random.below(8 * most);
            longest = [2, 30, times[0] + times[2] + 30][random.below(3) as usize];
            hints = [60, 600, 40_000][random.below(3) as usize];
            (afar, rest, pauses) = (0, 3, [3, 30][random.below(2) as usize]);
            if random.one_in(4) {
                // light that goes off often, near where a hint is just too far away to matter
                times = [random.below(8), random.below(8), 240 + random.below(300)];
                (left, longest, hints) = (2_000 + random.below(8_000), 20, 20);
            } else if most == 4096 && random.one_in(2) {
                times[2] = 4095 - random.below(10);
            } else if random.one_in(20) {
                // a hint from afar, and little else until it is due
                afar = (1 + random.below(3)) << 14 | random.below(1 << 10);
                times = std::array::from_fn(|_| random.below(40));
                (left, longest, hints, rest) = (afar + 200, 10, 1 << 40, 4_000);
            } else if random.one_in(3) {
                // on again at once
                times[2] = random.below(2);
                longest = 2;
            }
        }
        left -= 1;
        if busy == 0 {
            client = random.one_in(rest);
            want = random.one_in(2 * rest + 2);
            busy = 1 + random.below(longest);
        }
        busy -= 1;
        in_frame = if client { random.one_in(2) } else { in_frame && !random.one_in(pauses) };
        let [t_on, min_on, min_off] = times;
        // anywhere, near, and where a hint is just too far away to matter
        let slots = match random.below(3) {
            _ if afar > 0 => afar,
            0 => random.below(1 << 16),
            1 => random.below(2 * t_on + 200),
            _ => t_on + min_off + random.below(32),
        };
        let (hint_valid, hint_soon) = (hinted, random.one_in(hints) || (afar > 0 && left == afar + 150));
        hinted = hint_soon;
        let hint_lag = if hint_valid { t_on.wrapping_sub(slots) & 0x1_ffff } else { 0 };
        [
            (afar == 0 && random.one_in(2_000)) as u64,
            client as u64,
            in_frame as u64,
            hint_soon as u64,
            hint_valid as u64,
            hint_lag,
            !random.one_in(9) as u64,
            want as u64,
            t_on,
            min_on,
            min_off,
            min_off + 8,
            (min_off < 2) as u64,
        ]
        .map(u128::from)
        .to_vec()
    })
}

/// Frames, gaps, stalls, aborts, errors of every weight, darkness, other rungs and limits, in phases; mostly such that the
/// link stays locked. Inputs: reset, s_axis_tdata, tkeep, tvalid, tlast, tuser, tx_hold, settings, mask_data, mask_tc,
/// light.
pub fn link_loop(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let (mut left, mut quiet, mut words) = (0u64, 100u64, 0u64);
    let (mut load, mut longest, mut errors, mut weight, mut stalls, mut dark, mut settings) = (0, 1, 0, 1, 1, 0, 0u64);
    let mut deep = 0;
    Box::new(move || {
        if left == 0 {
            left = 300 + random.below(3_000);
            // long enough for a cold lock, now and then
            quiet = if random.one_in(2) { 90 } else { 0 };
            load = [1, 1, 2, 8, 40][random.below(5) as usize];
            longest = [1, 2, 9, 60, 400][random.below(5) as usize];
            errors = [0, 0, 300, 40, 6][random.below(5) as usize];
            weight = 1 + random.below(4);
            stalls = [1, 1, 3, 50][random.below(4) as usize];
            dark = if random.one_in(6) { random.below(40) } else { 0 };
            let rung = [2, 2, 3, 0, 1][random.below(5) as usize];
            let most = [60, 500][random.below(2) as usize];
            let silence = if random.one_in(3) { 2 + random.below(most) } else { 0 };
            let mut stall_limit = if random.one_in(3) { 1 + random.below(30) } else { 0 };
            deep = 0;
            if random.one_in(100) {
                // a client that stalls in mid-frame for as long as the longest limits
                stall_limit = 1 << 15 | random.below(1 << 10);
                deep = stall_limit + 300;
                (left, quiet, load, longest) = (deep + 100, 0, 1, 400);
            }
            settings = rung
                | (random.one_in(3) as u64) << 2
                | silence << 3
                | random.below(4) << 19
                | random.below(1 << 16) << 21
                | stall_limit << 37
                | (random.one_in(12) as u64) << 53
                | (random.one_in(3) as u64) << 54;
        }
        left -= 1;
        quiet = quiet.saturating_sub(1);
        let is_stalled = left < deep;
        let offers = quiet == 0 && !is_stalled && random.one_in(if words > 0 { stalls } else { load });
        if offers && words == 0 {
            words = 1 + random.below(longest);
        }
        let last = words == 1;
        let keep = if last || random.one_in(9) { (1u64 << (1 + random.below(8))) - 1 } else { 0xff };
        let abort = random.one_in(if last { 20 } else { 4 });
        words -= (offers && words > 0) as u64;
        let (mut mask_data, mut mask_tc) = (0, 0);
        if errors > 0 && random.one_in(errors) {
            for _ in 0..weight {
                let position = random.below(76);
                if position < 64 { mask_data ^= 1 << position } else { mask_tc ^= 1 << (position - 64) }
            }
        }
        dark = if dark > 0 { dark - 1 } else { 0 };
        let mut now = settings & if random.one_in(3) { !0 } else { !(1 << 53) };
        // a limit that changes while the client stalls
        if stalls > 3 && deep == 0 && random.one_in(8) {
            now ^= (1 + random.below(15)) << 37;
        }
        [
            (deep == 0 && random.one_in(2_000)) as u64,
            random.bits(),
            keep,
            offers as u64,
            last as u64,
            abort as u64,
            random.one_in(30) as u64,
            now,
            mask_data,
            mask_tc,
            (dark == 0) as u64,
        ]
        .map(u128::from)
        .to_vec()
    })
}
