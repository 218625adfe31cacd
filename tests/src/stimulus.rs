//! Random inputs for the listed designs, shaped so that they reach every part of them.

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
/// Inputs: reset, client_valid, in_frame, hint_valid, hint_count, hint_enable, hint_drop, want, t_on, min_on, min_off,
/// hint_margin, no_min_off.
pub fn laser_switch(seed: u64) -> Box<dyn FnMut() -> Vec<u128>> {
    let mut random = Random::new(seed);
    let (mut left, mut times, mut busy, mut client, mut want) = (0u64, [0u64; 3], 0u64, false, false);
    let (mut hints, mut longest) = (60, 30);
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
        let hint_count = if random.one_in(2) { random.below(1 << 17) } else { random.below(2 * times[0] + 200) };
        let [t_on, min_on, min_off] = times;
        [
            random.one_in(2_000) as u64,
            client as u64,
            (client && random.one_in(2)) as u64,
            random.one_in(hints) as u64,
            hint_count,
            !random.one_in(9) as u64,
            random.one_in(90) as u64,
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
