//! A board of plain Rust behind a TCP port: registers, a generator whose frames arrive at once, chosen faults.
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;

use firstlight_spec::control::{EndFlags, end};
use firstlight_spec::crc;
use firstlight_spec::regs::{self, GROUPS, Reg, Region, events, generator, id, latency, link, memory};
use firstlight_spec::slot::slot_type;

/// What is wrong with the board.
#[derive(Clone)]
pub struct Faults {
    pub magic: u32,
    pub hash: u32,
    /// Bits of `id_features`.
    pub features: u32,
    /// Bytes that arrive unasked when somebody connects.
    pub noise: &'static [u8],
    /// The scratch register keeps this bit low.
    pub scratch_stuck: u32,
    /// No answer to anything.
    pub silent: bool,
    /// Hangs up after so many commands.
    pub dies_after: usize,
    /// Then still waits for the next such read, and hangs up without an answer.
    pub dies_in: Option<ReadAfter>,
    pub locked: bool,
    /// The generator never ends.
    pub endless: bool,
    /// Latency of frame n.
    pub latency: fn(u32) -> u32,
    /// Frames that get lost, one of so many; 0 = none.
    pub loses_one_of: u32,
    /// XORed onto the first word of every frame from the tx memory.
    pub flips: u64,
}

/// The command before a read.
#[derive(Clone, Copy, PartialEq)]
pub enum ReadAfter {
    Read,
    Write,
}

impl Default for Faults {
    fn default() -> Self {
        Faults {
            magic: id::MAGIC_VALUE,
            hash: regs::SPEC_HASH,
            features: 0b1_1111_0011,
            noise: &[],
            scratch_stuck: 0,
            silent: false,
            dies_after: usize::MAX,
            dies_in: None,
            locked: true,
            endless: false,
            latency: |_| 3,
            loses_one_of: 0,
            flips: 0,
        }
    }
}

/// Serves one connection after the other; returns the `--port` to reach it.
pub fn serve(faults: Faults) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp:{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // a client that hangs up in the middle is its own affair
            let _ = Board::new(faults.clone()).serve(stream);
        }
    });
    port
}

pub struct Board {
    pub faults: Faults,
    words: HashMap<u32, u32>,
    counts: Vec<u64>,
}

impl Board {
    pub fn new(faults: Faults) -> Self {
        let mut board = Board { words: HashMap::new(), counts: vec![0; events::EVENTS.len()], faults };
        for (_, regs) in GROUPS {
            regs.iter().for_each(|reg| board.put(reg, reg.reset));
        }
        let Faults { magic, hash, features, locked, .. } = board.faults;
        board.put(&id::MAGIC, magic);
        board.put(&id::SPEC_HASH, hash);
        board.put(&id::CLOCK_HZ, 156_250_000);
        board.put(&id::FEATURES, features);
        board.put(&link::STATUS, link::LOCKED.set(link::LIGHT.set(0, 1), locked as u32));
        for (n, c) in b"fake, of tests".iter().enumerate() {
            board.words.insert(id::IDENT.word + n as u32, *c as u32);
        }
        board
    }

    pub fn serve(&mut self, mut stream: impl Read + Write) -> std::io::Result<()> {
        stream.write_all(self.faults.noise)?;
        let mut before = ReadAfter::Write;
        for served in 0.. {
            let is_dying = served >= self.faults.dies_after;
            if is_dying && self.faults.dies_in.is_none() {
                break;
            }
            let mut head = [0; 6];
            stream.read_exact(&mut head)?;
            let is_read = matches!(head[0], 2 | 4);
            if is_dying && is_read && self.faults.dies_in == Some(before) {
                break;
            }
            before = if is_read { ReadAfter::Read } else { ReadAfter::Write };
            let at = u32::from_be_bytes([head[2], head[3], head[4], head[5]]);
            let step = (head[0] <= 2) as u32;
            match head[0] {
                1 | 3 => {
                    let mut data = vec![0; 4 * head[1] as usize];
                    stream.read_exact(&mut data)?;
                    for (n, word) in data.chunks_exact(4).enumerate() {
                        self.write(at + step * n as u32, u32::from_be_bytes(word.try_into().unwrap()));
                    }
                }
                2 | 4 if !self.faults.silent => {
                    let words = (0..head[1] as u32).flat_map(|n| self.read(at + step * n).to_be_bytes());
                    let answer: Vec<u8> = words.collect();
                    stream.write_all(&answer)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read(&self, word: u32) -> u32 {
        self.words.get(&word).copied().unwrap_or(0)
    }
    fn get(&self, reg: &Reg) -> u32 {
        self.read(reg.word)
    }
    fn put(&mut self, reg: &Reg, value: u32) {
        self.words.insert(reg.word, value);
    }
    fn fill(&mut self, region: &Region, values: impl Iterator<Item = u32>) {
        for (n, value) in values.enumerate().take(region.words as usize) {
            self.words.insert(region.word + n as u32, value);
        }
    }

    fn write(&mut self, word: u32, value: u32) {
        let value = if word == id::SCRATCH.word { value & !self.faults.scratch_stuck } else { value };
        self.words.insert(word, value);
        if word == link::COMMAND.word && link::CLEAR.get(value) != 0 {
            self.clear();
        }
        if word == link::COMMAND.word && link::SNAPSHOT.get(value) != 0 {
            // time passes between two snapshots
            self.counts[events::bit("cycles")] += 10_000;
            let counts: Vec<u32> = self.counts.iter().flat_map(|c| [(c >> 32) as u32, *c as u32]).collect();
            self.fill(&events::SNAPSHOT, counts.into_iter());
        }
        if word == generator::COMMAND.word && generator::START.get(value) != 0 {
            self.play();
        }
        if word == memory::RX_CONTROL.word && memory::ARM.get(value) != 0 {
            self.put(&memory::RX_COUNT, 0);
        }
    }

    fn clear(&mut self) {
        self.counts.fill(0);
        self.fill(&latency::BINS, std::iter::repeat(0));
        self.fill(&latency::WAIT_BINS, std::iter::repeat(0));
        for reg in [&latency::COUNT, &latency::SUM, &latency::OVERFLOW, &latency::MAX] {
            self.words.insert(reg.word, 0);
            self.words.insert(reg.word + reg.words - 1, 0);
        }
        self.put(&latency::MIN, 0xfff);
    }

    fn play(&mut self) {
        let frames = self.get(&generator::FRAMES);
        let (mut bins, mut waits) = (vec![0u32; 256], vec![0u32; 256]);
        let (mut min, mut max, mut sum, mut beyond, mut good) = (0xfff, 0, 0u64, 0, 0u32);
        for n in 0..frames {
            let wait = if n == 0 { 0 } else { 2 };
            waits[wait] = (waits[wait] + 1).min(65_535);
            if self.faults.loses_one_of > 0 && n % self.faults.loses_one_of == 0 {
                continue;
            }
            let cycles = (self.faults.latency)(n);
            (min, max, sum, good) = (min.min(cycles), max.max(cycles), sum + cycles as u64, good + 1);
            match bins.get_mut(cycles as usize) {
                Some(bin) => *bin += 1,
                None => beyond += 1,
            }
        }
        self.fill(&latency::BINS, bins.into_iter());
        self.fill(&latency::WAIT_BINS, waits.into_iter());
        self.put(&latency::MIN, min);
        self.put(&latency::MAX, max);
        self.put(&latency::OVERFLOW, beyond);
        self.words.insert(latency::COUNT.word + 1, good);
        self.words.insert(latency::SUM.word, (sum >> 32) as u32);
        self.words.insert(latency::SUM.word + 1, sum as u32);
        self.put(&latency::WAIT_MIN, 0);
        self.put(&latency::WAIT_MAX, if frames > 1 { 2 } else { 0 });
        self.put(&generator::LEFT, 0);
        self.put(&generator::STATUS, self.faults.endless as u32);
        self.counts[events::bit("frames_sent")] = frames as u64;
        self.counts[events::bit("frames_good")] = good as u64;
        self.counts[events::bit("slots")] = 10 * frames as u64;
        if generator::FROM_MEMORY.get(self.get(&generator::CONTROL)) != 0 {
            self.loop_back();
        }
    }

    /// One frame of the tx memory, as slots in the rx memory.
    fn loop_back(&mut self) {
        let bytes = self.get(&generator::LENGTH) as usize;
        let words = bytes.div_ceil(8);
        let mut state = crc::INITIAL;
        let mut slots: Vec<(u64, u8)> = vec![];
        for n in 0..words {
            let at = memory::TX.word + 2 * n as u32;
            let data = (self.read(at) as u64) << 32 | self.read(at + 1) as u64;
            let data = if n == 0 { data ^ self.faults.flips } else { data };
            state = crc::word(state, data);
            let kind = match n {
                n if n + 1 == words => slot_type::last(bytes - 8 * n),
                0 => slot_type::FIRST,
                _ => slot_type::MORE,
            };
            slots.push((data, kind));
        }
        let flags = EndFlags { last_bytes: (bytes - 8 * (words - 1)) as u8, ..EndFlags::default() };
        let closing = end(flags, 0, state);
        slots.push((closing.data, closing.kind));
        self.put(&memory::RX_COUNT, slots.len() as u32);
        let words: Vec<u32> = slots.iter().flat_map(|(d, k)| [(d >> 32) as u32, *d as u32, *k as u32, 0]).collect();
        self.fill(&memory::RX, words.into_iter());
    }
}
