//! The register map: one table per group of registers, 32-bit words, word addresses.
//!
//! Registers of two words hold the most significant word at the lower address. No register has a read side effect;
//! snapshots and clears happen on writes. Gateware and host name a register by its constant, never by its number.

pub mod events;
pub mod generator;
pub mod id;
pub mod injector;
pub mod ladder;
pub mod laser;
pub mod latency;
pub mod link;
pub mod memory;

/// Who may do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read only.
    Ro,
    /// Read and write.
    Rw,
    /// Write only: bits are strobes, reads give zero.
    Wo,
}

/// Some bits of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub lsb: u32,
    pub width: u32,
    pub doc: &'static str,
}

/// One register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reg {
    pub name: &'static str,
    /// Word address (byte address / 4).
    pub word: u32,
    /// 32-bit words: 1, or 2 with the most significant first.
    pub words: u32,
    pub access: Access,
    /// Value after power-on.
    pub reset: u32,
    /// Bits of a register without fields.
    pub bits: u32,
    pub fields: &'static [Field],
    pub doc: &'static str,
}

/// A block of consecutive words that is not a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    pub name: &'static str,
    pub word: u32,
    pub words: u32,
    pub access: Access,
    pub doc: &'static str,
}

impl Reg {
    pub const fn ro(name: &'static str, word: u32, doc: &'static str) -> Self {
        Reg { name, word, words: 1, access: Access::Ro, reset: 0, bits: 32, fields: &[], doc }
    }
    pub const fn rw(name: &'static str, word: u32, reset: u32, doc: &'static str) -> Self {
        Reg { name, word, words: 1, access: Access::Rw, reset, bits: 32, fields: &[], doc }
    }
    pub const fn wo(name: &'static str, word: u32, doc: &'static str) -> Self {
        Reg { name, word, words: 1, access: Access::Wo, reset: 0, bits: 32, fields: &[], doc }
    }
    /// The same register, two words wide.
    pub const fn wide(mut self) -> Self {
        self.words = 2;
        self
    }
    /// The same register, of so many bits.
    pub const fn bits(mut self, bits: u32) -> Self {
        self.bits = bits;
        self
    }
    pub const fn with(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }
    /// Bits that keep what was written; the others, and all of a register that is not `Rw`, keep nothing.
    pub const fn kept(&self) -> u32 {
        if !matches!(self.access, Access::Rw) {
            return 0;
        }
        let mut mask = 0;
        let mut k = 0;
        while k < self.fields.len() {
            mask |= self.fields[k].mask();
            k += 1;
        }
        if self.fields.is_empty() { ((1u64 << self.bits) - 1) as u32 } else { mask }
    }
    /// Byte address, as LiteX tools count.
    pub const fn address(&self) -> u32 {
        self.word * 4
    }
}

/// A field.
pub const fn field(name: &'static str, lsb: u32, width: u32, doc: &'static str) -> Field {
    Field { name, lsb, width, doc }
}

impl Field {
    /// The field's bits in place.
    pub const fn mask(&self) -> u32 {
        (((1u64 << self.width) - 1) << self.lsb) as u32
    }
    /// The field's value in a register.
    pub const fn get(&self, register: u32) -> u32 {
        (register & self.mask()) >> self.lsb
    }
    /// The register with the field set; bits beyond the field's width are cut off.
    pub const fn set(&self, register: u32, value: u32) -> u32 {
        register & !self.mask() | value << self.lsb & self.mask()
    }
}

/// Words of the whole address space.
pub const SPACE_WORDS: u32 = 0x2000;
/// Words of one group; a group's registers share the address bits above.
pub const GROUP_WORDS: u32 = 16;

/// All registers, by group, ascending.
pub const GROUPS: &[(&str, &[Reg])] = &[
    ("id", id::REGS),
    ("link", link::REGS),
    ("ladder", ladder::REGS),
    ("laser", laser::REGS),
    ("generator", generator::REGS),
    ("latency", latency::REGS),
    ("injector", injector::REGS),
    ("memory", memory::REGS),
];

/// All regions, ascending.
pub const REGIONS: &[Region] = &[
    latency::BINS,
    latency::WAIT_BINS,
    generator::SCHEDULE,
    events::SNAPSHOT,
    latency::OUTLIERS,
    id::IDENT,
    memory::TX,
    memory::RX,
];

/// Every register of the map.
pub fn all() -> impl Iterator<Item = &'static Reg> {
    GROUPS.iter().flat_map(|(_, regs)| regs.iter())
}

/// Looks a register up by name.
pub fn find(name: &str) -> Option<&'static Reg> {
    all().find(|r| r.name == name)
}

/// Identifies the map: FNV-1a over names, places, widths, access rights and fields. The host refuses another.
pub const SPEC_HASH: u32 = spec_hash();

const fn mix(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    // a separator, so that neighbouring names do not run together
    (hash ^ 0xff).wrapping_mul(0x0100_0193)
}

const fn spec_hash() -> u32 {
    let mut hash = 0x811c_9dc5;
    let mut g = 0;
    while g < GROUPS.len() {
        let mut r = 0;
        while r < GROUPS[g].1.len() {
            let reg = GROUPS[g].1[r];
            hash = mix(hash, reg.name.as_bytes());
            hash = mix(hash, &reg.word.to_be_bytes());
            hash = mix(hash, &[reg.words as u8, reg.access as u8]);
            let mut f = 0;
            while f < reg.fields.len() {
                hash = mix(hash, reg.fields[f].name.as_bytes());
                hash = mix(hash, &[reg.fields[f].lsb as u8, reg.fields[f].width as u8]);
                f += 1;
            }
            r += 1;
        }
        g += 1;
    }
    let mut i = 0;
    while i < REGIONS.len() {
        hash = mix(hash, REGIONS[i].name.as_bytes());
        hash = mix(hash, &REGIONS[i].word.to_be_bytes());
        hash = mix(hash, &REGIONS[i].words.to_be_bytes());
        i += 1;
    }
    let mut e = 0;
    while e < events::EVENTS.len() {
        hash = mix(hash, events::EVENTS[e].0.as_bytes());
        e += 1;
    }
    hash
}

// The map is in order, without overlap, and each field fits.
const _: () = {
    let mut next = 0;
    let mut g = 0;
    while g < GROUPS.len() {
        let mut r = 0;
        while r < GROUPS[g].1.len() {
            let reg = GROUPS[g].1[r];
            assert!(reg.word >= next, "registers overlap or are out of order");
            assert!(reg.words == 1 || reg.words == 2);
            next = reg.word + reg.words;
            let mut f = 0;
            while f < reg.fields.len() {
                assert!(reg.fields[f].width > 0 && reg.fields[f].lsb + reg.fields[f].width <= 32);
                f += 1;
            }
            r += 1;
        }
        g += 1;
    }
    let mut i = 0;
    while i < REGIONS.len() {
        assert!(REGIONS[i].word >= next, "regions overlap or are out of order");
        next = REGIONS[i].word + REGIONS[i].words;
        i += 1;
    }
    assert!(next <= SPACE_WORDS);
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_speak_their_group() {
        let mut seen = HashSet::new();
        for (group, regs) in GROUPS {
            for reg in *regs {
                assert!(seen.insert(reg.name), "{} twice", reg.name);
                assert!(!reg.doc.is_empty() && !group.is_empty());
                let mut bits = 0u32;
                for field in reg.fields {
                    assert_eq!(bits & field.mask(), 0, "{}.{} overlaps", reg.name, field.name);
                    bits |= field.mask();
                }
            }
        }
    }

    #[test]
    fn a_setting_keeps_its_own_bits_and_its_reset_value_fits() {
        assert_eq!((link::CONTROL.kept(), link::STATUS.kept(), link::COMMAND.kept()), (0x3f, 0, 0));
        assert_eq!((laser::T_ON.kept(), laser::TIMEOUT.kept(), id::SCRATCH.kept()), (0xfff, 0xff_ffff, !0));
        for reg in all() {
            assert_eq!(reg.reset & !reg.kept(), 0, "{}", reg.name);
            // the text says the width as well
            for bits in [3, 8, 9, 12, 16, 24, 31] {
                if reg.access == Access::Rw && reg.doc.contains(&format!(" {bits} bits")) {
                    assert_eq!(reg.bits, bits, "{}", reg.name);
                }
            }
        }
    }

    #[test]
    fn a_field_keeps_its_neighbours() {
        let f = field("f", 4, 3, "");
        assert_eq!(f.set(0xffff_ffff, 2), 0xffff_ffaf);
        assert_eq!(f.get(0x20), 2);
    }
}
