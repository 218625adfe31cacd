//! The tables as files: `csr.csv` for LiteX tools, documentation, C header, JSON.
//!
//! Pure functions of the tables; equal tables give equal text.

use crate::regs::{Access, Field, GROUPS, REGIONS, Reg, Region, SPACE_WORDS, SPEC_HASH, events, id};
use crate::{budget, control, limits, slot};
use std::fmt::Write;

/// Numbers that clients want beside the registers: name, value, meaning.
pub const CONSTANTS: &[(&str, u64, &str)] = &[
    ("magic", id::MAGIC_VALUE as u64, "Value of id_magic."),
    ("spec_hash", SPEC_HASH as u64, "Value of id_spec_hash."),
    ("clock_hz", budget::CLOCK_HZ, "Datapath clock of the Alchitry Cu top."),
    ("client_to_client_cycles", budget::CLIENT_TO_CLIENT_CYCLES, "Accepted beat to valid beat."),
    ("wire_to_wire_cycles", budget::WIRE_TO_WIRE_CYCLES, "Repeater, line in to line out."),
    ("frame_overhead_slots", budget::FRAME_OVERHEAD_SLOTS, "Slots that a frame adds on the line."),
    ("frame_overhead_parity_slots", budget::FRAME_OVERHEAD_PARITY_SLOTS, "The same with tail parity."),
    ("slot_bits", slot::SLOT_BITS as u64, "Bits of one slot on the line."),
    ("beat_bytes", slot::BEAT_BYTES as u64, "Bytes of one beat."),
    ("kind_end", control::END as u64, "Byte 0 of END."),
    ("kind_idle", control::IDLE as u64, "Byte 0 of IDLE."),
    ("frame_memory_bytes", limits::FRAME_MEMORY_BYTES as u64, "Longest frame that the frame memories hold."),
    ("generator_max_bytes", limits::GENERATOR_MAX_BYTES as u64, "Longest frame of the generator."),
    ("bone_timeout_ms", limits::BONE_TIMEOUT_MS, "Deadline of one UARTBone command."),
    ("uart_baud", limits::UART_BAUD, "Bit rate of the control UART."),
];

const ORIGIN: &str = "Generated from the tables of firstlight-spec by `firstlight export`; not edited by hand.";

/// All files: name and text.
pub fn files() -> [(&'static str, String); 4] {
    [
        ("csr.csv", csr_csv()),
        ("registers.md", registers_md()),
        ("firstlight.h", c_header()),
        ("registers.json", registers_json()),
    ]
}

/// The register map as LiteX tools read it.
///
/// Write-only registers are listed as `rw`: they read as zero, and `litex_cli --regs` reads all.
pub fn csr_csv() -> String {
    let mut out = format!("# {ORIGIN}\n");
    for (group, regs) in GROUPS {
        line(&mut out, &format!("csr_base,{group},0x{:08x},,", regs[0].address()));
    }
    line(&mut out, &format!("csr_base,{},0x{:08x},,", id::IDENT.name, id::IDENT.word * 4));
    for (_, regs) in GROUPS {
        for reg in *regs {
            let mode = if reg.access == Access::Ro { "ro" } else { "rw" };
            line(&mut out, &format!("csr_register,{},0x{:08x},{},{mode}", reg.name, reg.address(), reg.words));
        }
    }
    line(&mut out, &format!("constant,config_clock_frequency,{},,", budget::CLOCK_HZ));
    line(&mut out, "constant,config_csr_data_width,32,,");
    line(&mut out, "constant,config_bus_address_width,32,,");
    for (name, value, _) in CONSTANTS {
        line(&mut out, &format!("constant,firstlight_{name},{value},,"));
    }
    line(&mut out, &format!("memory_region,csr,0x00000000,{},io", SPACE_WORDS * 4));
    for region in REGIONS {
        line(&mut out, &format!("memory_region,{},0x{:08x},{},io", region.name, region.word * 4, region.words * 4));
    }
    out
}

/// The register map for readers.
pub fn registers_md() -> String {
    let mut out = format!(
        "# Registers\n\n{ORIGIN}\n\nMap hash `0x{SPEC_HASH:08x}`. Addresses are byte addresses of 32-bit words; a \
         register of two words has the most\nsignificant word at the lower address. No read has a side effect. \
         Write-only registers read as zero.\n"
    );
    for (group, regs) in GROUPS {
        let _ = write!(out, "\n## {group}\n\n");
        out += "| address | name | words | access | reset | meaning |\n|---|---|---|---|---|---|\n";
        for reg in *regs {
            let _ = writeln!(
                out,
                "| `0x{:04x}` | `{}` | {} | {} | `0x{:x}` | {} |",
                reg.address(),
                reg.name,
                reg.words,
                access(reg.access),
                reg.reset,
                cell(reg.doc)
            );
        }
        for reg in regs.iter().filter(|reg| !reg.fields.is_empty()) {
            let _ = write!(out, "\n`{}`:\n\n| bits | field | meaning |\n|---|---|---|\n", reg.name);
            for field in reg.fields {
                let _ = writeln!(out, "| {} | `{}` | {} |", bits(field), field.name, cell(field.doc));
            }
        }
    }
    out += "\n## Regions\n\n| address | name | words | access | meaning |\n|---|---|---|---|---|\n";
    for region in REGIONS {
        let _ = writeln!(
            out,
            "| `0x{:04x}` | `{}` | {} | {} | {} |",
            region.word * 4,
            region.name,
            region.words,
            access(region.access),
            cell(region.doc)
        );
    }
    let _ = write!(
        out,
        "\n## Event counters\n\nTwo words each in `{}`, most significant first.\n\n",
        events::SNAPSHOT.name
    );
    out += "| address | event | meaning |\n|---|---|---|\n";
    for (k, (name, doc)) in events::EVENTS.iter().enumerate() {
        let _ = writeln!(out, "| `0x{:04x}` | `{name}` | {} |", event_word(k) * 4, cell(doc));
    }
    out += "\n## Constants\n\n| name | value | meaning |\n|---|---|---|\n";
    for (name, value, doc) in CONSTANTS {
        let _ = writeln!(out, "| `{name}` | {value} | {} |", cell(doc));
    }
    out
}

/// The register map for C programs.
pub fn c_header() -> String {
    let mut out = format!("/* {ORIGIN} */\n#ifndef FIRSTLIGHT_H\n#define FIRSTLIGHT_H\n");
    out += "\n/* Constants */\n";
    for (name, value, doc) in CONSTANTS {
        // the two words of identity and everything that fits no signed int are unsigned
        let suffix = if *value > i32::MAX as u64 { "u" } else { "" };
        define(&mut out, &upper(name), &format!("{value}{suffix}"), doc);
    }
    for (group, regs) in GROUPS {
        let _ = write!(out, "\n/* {group}: byte addresses, then fields */\n");
        for reg in *regs {
            let name = upper(reg.name);
            define(&mut out, &name, &format!("0x{:04x}", reg.address()), reg.doc);
            if reg.words > 1 {
                define(&mut out, &format!("{name}_WORDS"), &reg.words.to_string(), "Most significant word first.");
            }
            for field in reg.fields {
                let name = format!("{name}_{}", upper(field.name));
                define(&mut out, &format!("{name}_LSB"), &field.lsb.to_string(), field.doc);
                define(&mut out, &format!("{name}_MASK"), &format!("0x{:08x}u", field.mask()), "");
            }
        }
    }
    out += "\n/* Regions: byte address, size in 32-bit words */\n";
    for region in REGIONS {
        let name = upper(region.name);
        define(&mut out, &name, &format!("0x{:04x}", region.word * 4), region.doc);
        define(&mut out, &format!("{name}_WORDS"), &region.words.to_string(), "");
    }
    out += "\n/* Event counters: byte address, two words each, most significant first */\n";
    for (k, (name, doc)) in events::EVENTS.iter().enumerate() {
        define(&mut out, &format!("EVENT_{}", upper(name)), &format!("0x{:04x}", event_word(k) * 4), doc);
    }
    out += "\n#endif\n";
    out
}

/// The register map for programs; addresses count 32-bit words.
pub fn registers_json() -> String {
    let groups: Vec<String> = GROUPS.iter().map(|(group, regs)| json_group(group, regs)).collect();
    let regions: Vec<String> = REGIONS.iter().map(json_region).collect();
    let counters: Vec<String> = events::EVENTS
        .iter()
        .enumerate()
        .map(|(k, (name, doc))| {
            format!(
                r#"    {{"name": {}, "word": {}, "words": 2, "doc": {}}}"#,
                quoted(name),
                event_word(k),
                quoted(doc)
            )
        })
        .collect();
    let constants: Vec<String> = CONSTANTS
        .iter()
        .map(|(name, value, doc)| {
            format!(r#"    {{"name": {}, "value": {value}, "doc": {}}}"#, quoted(name), quoted(doc))
        })
        .collect();
    format!(
        "{{\n  \"schema\": \"firstlight-registers-1\",\n  \"spec_hash\": \"0x{SPEC_HASH:08x}\",\n  \"groups\": [\n{}\n  ],\n  \
         \"regions\": [\n{}\n  ],\n  \"events\": [\n{}\n  ],\n  \"constants\": [\n{}\n  ]\n}}\n",
        groups.join(",\n"),
        regions.join(",\n"),
        counters.join(",\n"),
        constants.join(",\n")
    )
}

fn json_group(group: &str, regs: &[Reg]) -> String {
    let regs: Vec<String> = regs.iter().map(json_reg).collect();
    format!("    {{\"name\": {}, \"registers\": [\n{}\n    ]}}", quoted(group), regs.join(",\n"))
}

fn json_reg(reg: &Reg) -> String {
    let fields: Vec<String> = reg
        .fields
        .iter()
        .map(|f| {
            let (name, doc) = (quoted(f.name), quoted(f.doc));
            format!(r#"{{"name": {name}, "lsb": {}, "width": {}, "doc": {doc}}}"#, f.lsb, f.width)
        })
        .collect();
    format!(
        r#"      {{"name": {}, "word": {}, "words": {}, "access": "{}", "reset": {}, "doc": {}, "fields": [{}]}}"#,
        quoted(reg.name),
        reg.word,
        reg.words,
        access(reg.access),
        reg.reset,
        quoted(reg.doc),
        fields.join(", ")
    )
}

fn json_region(region: &Region) -> String {
    format!(
        r#"    {{"name": {}, "word": {}, "words": {}, "access": "{}", "doc": {}}}"#,
        quoted(region.name),
        region.word,
        region.words,
        access(region.access),
        quoted(region.doc)
    )
}

fn event_word(k: usize) -> u32 {
    events::SNAPSHOT.word + 2 * k as u32
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn define(out: &mut String, name: &str, value: &str, doc: &str) {
    let _ = write!(out, "#define FIRSTLIGHT_{name} {value}");
    if !doc.is_empty() {
        let _ = write!(out, " /* {doc} */");
    }
    out.push('\n');
}

fn access(access: Access) -> &'static str {
    match access {
        Access::Ro => "ro",
        Access::Rw => "rw",
        Access::Wo => "wo",
    }
}

fn bits(field: &Field) -> String {
    match field.width {
        1 => field.lsb.to_string(),
        width => format!("{}..{}", field.lsb + width - 1, field.lsb),
    }
}

/// Text inside a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn upper(name: &str) -> String {
    name.to_ascii_uppercase()
}

/// A JSON string; the tables hold no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
