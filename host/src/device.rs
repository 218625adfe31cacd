//! A board by the names of its registers.
use firstlight_spec::regs::{Access, Field, REGIONS, Reg, Region, SPEC_HASH, events, find, id, link};

use crate::transport::{self, Step, Transport};
use crate::{Error, Exit, Result};

/// Cycles to wait between two looks at a snapshot.
const SNAPSHOT_CYCLES: u64 = 64;
/// Snapshots before a clock counts as stopped.
const PASS_LOOKS: u32 = 1000;
/// Looks before a snapshot counts as stuck.
const SNAPSHOT_LOOKS: u32 = 1000;

/// Width of the event counters; what a broken line says above it is no count.
const COUNTER_MASK: u64 = (1 << 48) - 1;

/// What stands in the scratch register while a serial board is in use; after power-on it is zero.
const PLEDGE: u32 = 0x7e57_ab1e;

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Port as asked for.
    pub port: String,
    /// What runs the gateware, as far as the transport knows.
    pub engine: String,
    /// Name that the gateware gives itself.
    pub gateware: String,
    /// Its datapath clock in hertz.
    pub clock_hz: u64,
    /// Bits of `id_features`.
    pub features: u32,
}

/// A connected board with our register map.
pub struct Device {
    transport: Box<dyn Transport>,
    /// Who answers.
    pub identity: Identity,
}

impl Device {
    /// Opens `port` and makes sure that a board with this register map answers, and that words arrive unharmed.
    pub fn open(port: &str) -> Result<Self> {
        Self::connect(transport::open(port)?, port)
    }

    /// The same over an open transport.
    pub fn connect(mut transport: Box<dyn Transport>, port: &str) -> Result<Self> {
        let head = transport.read(id::MAGIC.word, 2, Step::Incrementing)?;
        let (magic, hash) = (head[0], head[1]);
        if magic != id::MAGIC_VALUE {
            return Err(Error::new(
                Exit::WrongGateware,
                format!("{port} answers 0x{magic:08x} where a Firstlight board says 0x{:08x}", id::MAGIC_VALUE),
                "a board that runs Firstlight's gateware",
                "load the bitstream of this release, or check that this port is the board's UART",
            ));
        }
        if hash != SPEC_HASH {
            return Err(Error::new(
                Exit::WrongGateware,
                format!("{port} runs gateware with register map 0x{hash:08x}"),
                format!("register map 0x{SPEC_HASH:08x}, that of firstlight {}", env!("CARGO_PKG_VERSION")),
                format!(
                    "flash the bitstream of release {}, or use the firstlight that came with the board's gateware",
                    env!("CARGO_PKG_VERSION")
                ),
            ));
        }
        let engine = transport.engine();
        let identity = Identity { port: port.to_owned(), engine, gateware: String::new(), clock_hz: 0, features: 0 };
        let mut device = Device { transport, identity };
        device.echo()?;
        let name = device.region(&id::IDENT, 0, id::IDENT.words as usize)?;
        let characters = name.iter().take_while(|w| **w != 0).map(|w| char::from(*w as u8));
        device.identity.gateware = characters.filter(|c| !c.is_control()).collect();
        device.identity.features = device.get(&id::FEATURES)? as u32;
        device.identity.clock_hz = device.get(&id::CLOCK_HZ)?;
        if device.identity.clock_hz == 0 {
            return Err(Error::new(
                Exit::WrongGateware,
                format!("{port} says that its clock is 0 Hz"),
                "the clock in id_clock_hz",
                "load the bitstream of this release",
            ));
        }
        device.transport.pledge(id::SCRATCH.word, PLEDGE)?;
        Ok(device)
    }

    /// Writes words to the scratch register and reads them back: the line carries no checksum.
    fn echo(&mut self) -> Result<()> {
        for word in [0x5a5a_a5a5, 0x0123_4567, 0xffff_ffff, 0] {
            self.set(&id::SCRATCH, word)?;
            let got = self.get(&id::SCRATCH)?;
            if got != word {
                return Err(Error::no_board(
                    format!("{}: wrote 0x{word:08x} to id_scratch and read 0x{got:08x}", self.identity.port),
                    "the word that was written",
                    "check cable and ground, and that no other program talks to this board",
                ));
            }
        }
        Ok(())
    }

    /// The value of a register; two words make one value.
    pub fn get(&mut self, reg: &Reg) -> Result<u64> {
        let words = self.transport.read(reg.word, reg.words as usize, Step::Incrementing)?;
        Ok(words.iter().fold(0, |value, word| value << 32 | *word as u64))
    }

    /// Writes a register of one word.
    pub fn set(&mut self, reg: &Reg, value: u64) -> Result<()> {
        if reg.access == Access::Ro {
            let next = format!("firstlight reg get {}", reg.name);
            return Err(Error::usage(format!("{} is read only", reg.name), "a register that can be written", next));
        }
        let word = u32::try_from(value).map_err(|_| {
            let next = format!("firstlight reg set {} 0xffffffff", reg.name);
            Error::usage(format!("{value:#x} does not fit {}", reg.name), "a value of at most 32 bits", next)
        })?;
        self.transport.write(reg.word, &[word], Step::Incrementing)
    }

    /// Value of one field.
    pub fn field(&mut self, reg: &Reg, field: &Field) -> Result<u32> {
        Ok(field.get(self.get(reg)? as u32))
    }

    /// Sets fields and leaves the others; bits of a write-only register are strobes that stand alone.
    pub fn set_fields(&mut self, reg: &Reg, values: &[(Field, u32)]) -> Result<()> {
        let old = if reg.access == Access::Wo { 0 } else { self.get(reg)? as u32 };
        self.set(reg, values.iter().fold(old, |word, (field, value)| field.set(word, *value)) as u64)
    }

    /// Words of a region.
    pub fn region(&mut self, region: &Region, first: usize, count: usize) -> Result<Vec<u32>> {
        debug_assert!(first + count <= region.words as usize);
        self.transport.read(region.word + first as u32, count, Step::Incrementing)
    }

    /// Writes words of a region.
    pub fn fill(&mut self, region: &Region, first: usize, words: &[u32]) -> Result<()> {
        debug_assert!(first + words.len() <= region.words as usize);
        self.transport.write(region.word + first as u32, words, Step::Incrementing)
    }

    /// Clears bins, extremes, sums and event counters.
    pub fn clear(&mut self) -> Result<()> {
        self.link_command(link::CLEAR)
    }

    /// Takes a snapshot and reads its event counters.
    pub fn snapshot(&mut self) -> Result<Events> {
        self.link_command(link::SNAPSHOT)?;
        let words = self.region(&events::SNAPSHOT, 0, events::SNAPSHOT.words as usize)?;
        Ok(Events(words.chunks_exact(2).map(count).collect()))
    }

    fn link_command(&mut self, command: Field) -> Result<()> {
        self.set_fields(&link::COMMAND, &[(command, 1)])?;
        for _ in 0..SNAPSHOT_LOOKS {
            if self.get(&link::STATE)? & 1 == 0 {
                return Ok(());
            }
            self.wait(SNAPSHOT_CYCLES)?;
        }
        Err(Error::no_board(
            format!("{}: the {} of the counters does not end", self.identity.port, command.name),
            "link_snapshot_state to fall to 0 within some hundred cycles",
            "reset the board; if it stays so, its gateware is broken",
        ))
    }

    /// Lets about `cycles` pass on the board.
    pub fn wait(&mut self, cycles: u64) -> Result<()> {
        self.transport.wait(cycles)
    }

    /// Cycles since the last clear, by the board's own count.
    fn board_cycles(&mut self) -> Result<u64> {
        self.link_command(link::SNAPSHOT)?;
        let words = self.region(&events::SNAPSHOT, 2 * events::bit("cycles"), 2)?;
        Ok(count(&words))
    }

    /// Makes sure that `cycles` pass on the board, however fast it runs.
    pub fn let_pass(&mut self, cycles: u64) -> Result<()> {
        let end = self.board_cycles()? + cycles;
        for _ in 0..PASS_LOOKS {
            self.wait(cycles)?;
            if self.board_cycles()? >= end {
                return Ok(());
            }
        }
        Err(Error::no_board(
            format!("{}: the cycle counter stands still", self.identity.port),
            format!("{cycles} cycles within {PASS_LOOKS} snapshots"),
            "reset the board; if it stays so, its clock or its gateware is broken",
        ))
    }

    /// The transport, for what only some of them can do.
    pub fn transport(&mut self) -> &mut dyn Transport {
        self.transport.as_mut()
    }

    /// Nanoseconds of one datapath cycle.
    pub fn cycle_ns(&self) -> f64 {
        1e9 / self.identity.clock_hz as f64
    }

    /// Refuses a build without `feature`.
    pub fn require(&self, feature: &Field) -> Result<()> {
        if feature.get(self.identity.features) != 0 {
            return Ok(());
        }
        Err(Error::new(
            Exit::WrongGateware,
            format!("the gateware of {} is built without: {}", self.identity.port, feature.doc.trim_end_matches('.')),
            format!("bit \"{}\" of id_features", feature.name),
            "use --port sim:, which has everything but lanes; firstlight info lists what a board has",
        ))
    }
}

/// A counter of two words, high word first.
fn count(words: &[u32]) -> u64 {
    ((words[0] as u64) << 32 | words[1] as u64) & COUNTER_MASK
}

/// A snapshot of the event counters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Events(pub Vec<u64>);

impl Events {
    /// Count of the event of this name.
    pub fn get(&self, name: &str) -> u64 {
        self.0.get(events::bit(name)).copied().unwrap_or(0)
    }
}

/// A register by name, or an error that lists similar ones.
pub fn register(name: &str) -> Result<&'static Reg> {
    find(name).ok_or_else(|| {
        let names = firstlight_spec::regs::all().map(|r| r.name).chain(REGIONS.iter().map(|r| r.name));
        let similar = similar(name, names);
        let expected = if similar.is_empty() { "a register name".into() } else { format!("perhaps {similar}") };
        Error::usage(format!("no register \"{name}\""), expected, "firstlight reg dump lists all")
    })
}

/// The names nearest to `name`, as text.
fn similar(name: &str, names: impl Iterator<Item = &'static str>) -> String {
    let name = name.to_ascii_lowercase();
    let mut ranked: Vec<(usize, &str)> = names.map(|n| (distance(&name, n), n)).collect();
    ranked.sort();
    let near = ranked.into_iter().filter(|(d, n)| *d <= 1 + n.len() / 3).take(3).map(|(_, n)| n);
    near.collect::<Vec<_>>().join(", ")
}

/// Edits between two names.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + (x != y) as usize;
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_register_names_its_neighbours() {
        let error = register("lat_mim_cycles").unwrap_err();
        assert!(error.expected.starts_with("perhaps lat_min_cycles"), "{error}");
        assert_eq!(register("zzzzzzzzzzzz").unwrap_err().expected, "a register name");
    }

    #[test]
    fn distance_counts_edits() {
        assert_eq!(
            (distance("abc", "abc"), distance("abc", "axc"), distance("", "ab"), distance("abcd", "bcd")),
            (0, 1, 2, 1)
        );
    }
}
