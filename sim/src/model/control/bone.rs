//! UARTBone byte by byte: what a command does on the bus and what is answered.

use firstlight_spec::regs::SPACE_WORDS;

/// Bytes of a command before its data: kind, length, word address.
const HEADER_BYTES: usize = 6;

/// What a command asks of the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `data` to a word address.
    Write { word: u32, data: u32 },
    /// The word at an address.
    Read { word: u32 },
}

/// The registers behind the bone; the value is looked at for reads only.
pub trait Bus {
    /// Does it, and gives the word of a read.
    fn access(&mut self, access: Access) -> u32;
}

impl<F: FnMut(Access) -> u32> Bus for F {
    fn access(&mut self, access: Access) -> u32 {
        self(access)
    }
}

/// A decoded header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Command {
    is_read: bool,
    is_fixed: bool,
    length: u8,
    word: u32,
}

impl Command {
    fn decode(header: &[u8]) -> Option<Command> {
        let (kind, length) = (header[0], header[1]);
        let word = u32::from_be_bytes([header[2], header[3], header[4], header[5]]);
        let known = (1..=4).contains(&kind) && length > 0;
        known.then_some(Command { is_read: kind % 2 == 0, is_fixed: kind > 2, length, word })
    }

    /// Address of word `n`, which may lie outside of the space.
    fn word(&self, n: usize) -> u64 {
        self.word as u64 + if self.is_fixed { 0 } else { n as u64 }
    }
}

/// The state between bytes.
#[derive(Clone, Debug, Default)]
pub struct Bone {
    bytes: Vec<u8>,
}

impl Bone {
    /// Takes a byte in; returns the bytes that it makes the bone send.
    pub fn take(&mut self, byte: u8, bus: &mut impl Bus) -> Vec<u8> {
        self.bytes.push(byte);
        if self.bytes.len() < HEADER_BYTES {
            return vec![];
        }
        let Some(command) = Command::decode(&self.bytes) else {
            self.bytes.clear();
            return vec![];
        };
        let mut access = |n: usize, data: Option<u32>| match (u32::try_from(command.word(n)), data) {
            (Ok(word), Some(data)) if word < SPACE_WORDS => bus.access(Access::Write { word, data }),
            (Ok(word), None) if word < SPACE_WORDS => bus.access(Access::Read { word }),
            _ => 0,
        };
        if command.is_read {
            self.bytes.clear();
            return (0..command.length as usize).flat_map(|n| access(n, None).to_be_bytes()).collect();
        }
        let data = &self.bytes[HEADER_BYTES..];
        if let Some(word) = data.rchunks_exact(4).next().filter(|_| data.len().is_multiple_of(4)) {
            access(data.len() / 4 - 1, Some(u32::from_be_bytes([word[0], word[1], word[2], word[3]])));
        }
        if data.len() == 4 * command.length as usize {
            self.bytes.clear();
        }
        vec![]
    }

    /// A command is under way.
    pub fn is_active(&self) -> bool {
        !self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(bytes: &[u8]) -> (Vec<Access>, Vec<u8>, bool) {
        let (mut seen, mut bone, mut sent) = (vec![], Bone::default(), vec![]);
        for byte in bytes {
            let mut bus = |a: Access| {
                seen.push(a);
                0xdead_beef
            };
            sent.extend(bone.take(*byte, &mut bus));
        }
        (seen, sent, bone.is_active())
    }

    #[test]
    fn the_commands_of_the_format() {
        let (seen, sent, active) = run(&[1, 2, 0, 0, 0, 0x10, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4]);
        let writes = [Access::Write { word: 16, data: 0xdead_beef }, Access::Write { word: 17, data: 0x0102_0304 }];
        assert_eq!((seen, sent, active), (writes.to_vec(), vec![], false));
        let (seen, sent, _) = run(&[2, 2, 0, 0, 0, 0x10]);
        assert_eq!(seen, [Access::Read { word: 16 }, Access::Read { word: 17 }]);
        assert_eq!(sent, [0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef]);
        let (seen, _, _) = run(&[4, 2, 0, 0, 0, 0x10]);
        assert_eq!(seen, [Access::Read { word: 16 }; 2]);
    }

    #[test]
    fn nothing_happens_for_unknown_kinds_length_zero_and_outside_addresses() {
        for header in [[0, 1], [5, 1], [0xff, 1], [1, 0], [2, 0]] {
            let (seen, sent, active) = run(&[header[0], header[1], 0, 0, 0, 0]);
            assert_eq!((seen, sent, active), (vec![], vec![], false), "{header:?}");
        }
        let (seen, sent, _) = run(&[2, 2, 0, 0, 0x1f, 0xff]);
        assert_eq!((seen, sent), (vec![Access::Read { word: 0x1fff }], vec![0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0]));
        assert_eq!(run(&[1, 1, 0, 1, 0, 0, 1, 2, 3, 4]), (vec![], vec![], false));
    }
}
