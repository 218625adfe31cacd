//! Random inputs for the listed designs, shaped so that they reach every part of them.

mod core;
pub use core::core;

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

/// Bytes for the UARTBone, such that wherever a command begins it is likely to be one, with a bus that is sometimes slow
/// and a far end that sometimes stops. Inputs: rx_data, rx_valid, rx_error, tx_ready, dat_r, ack.
pub fn bone(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let (mut left, mut byte, mut ack, mut ready, mut offer) = (0, 0, 1, 1, 1);
    Box::new(move || {
        if left == 0 {
            left = 500 + random.below(1500);
            (ack, ready, offer) = (1 + random.below(5), 1 + random.below(5), 1 + random.below(4));
            if random.one_in(5) {
                // somebody hangs until the deadline
                *[&mut ack, &mut ready, &mut offer][random.below(3) as usize] = 100_000;
                left = 3_000;
            }
        }
        left -= 1;
        if random.one_in(3) {
            byte = match random.below(8) {
                0..=2 => 0,
                3..=5 => random.below(6),
                6 => [0x1f, 0xff, 0xfe][random.below(3) as usize],
                _ => random.below(256),
            };
        }
        let word = random.bits() as u32 as u128;
        let mut once = |n| random.one_in(n) as u128;
        vec![byte as u128, once(offer), once(50), once(ready), word, once(ack)]
    })
}

/// Clients, frames and hints with times that stay for a while.
/// Inputs: reset, client_valid, in_frame, hint_soon, hint_valid, hint_lag, hint_enable, want, t_on, min_on, min_off,
/// hint_margin, no_min_off.
pub fn laser_switch(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let (mut left, mut times, mut busy, mut client, mut want) = (0u64, [0u64; 3], 0u64, false, false);
    let (mut hints, mut longest, mut hinted) = (60, 30, false);
    Box::new(move || {
        if left == 0 {
            let most = [3, 8, 40, 300, 4096][random.below(5) as usize];
            times = std::array::from_fn(|_| random.below(most));
            left = 40 + random.below(8 * most);
            longest = [2, 30, times[0] + times[2] + 30][random.below(3) as usize];
            hints = [60, 600, 40_000][random.below(3) as usize];
        }
        left -= 1;
        if busy == 0 {
            client = random.one_in(3);
            want = random.one_in(8);
            busy = 1 + random.below(longest);
        }
        busy -= 1;
        let [t_on, min_on, min_off] = times;
        // anywhere, near, and where a hint is just too far away to matter
        let slots = match random.below(3) {
            0 => random.below(1 << 16),
            1 => random.below(2 * t_on + 200),
            _ => t_on + min_off + random.below(64),
        };
        let (hint_valid, hint_soon) = (hinted, random.one_in(hints));
        hinted = hint_soon;
        let hint_lag = if hint_valid { t_on.wrapping_sub(slots) & 0x1_ffff } else { 0 };
        [
            random.one_in(2_000) as u64,
            client as u64,
            (client && random.one_in(2)) as u64,
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
            let silence = if random.one_in(3) { 20 + random.below(500) } else { 0 };
            let stall_limit = if random.one_in(3) { 1 + random.below(30) } else { 0 };
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
        let offers = quiet == 0 && if words > 0 { random.one_in(stalls) } else { random.one_in(load) };
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
        if stalls > 3 && random.one_in(8) {
            now ^= (1 + random.below(15)) << 37;
        }
        [
            random.one_in(2_000) as u64,
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
