//! `reg`: reads and writes registers by name.
use clap::Subcommand;
use firstlight_spec::regs::{self, Access, REGIONS, Reg, Region, events};

use super::Context;
use crate::device::{Device, register};
use crate::{Error, Result};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Read a register, a field or a word of a region: NAME, NAME.FIELD, REGION[INDEX]
    Get { name: String },
    /// Write a register or a field: NAME VALUE, NAME.FIELD VALUE (decimal or 0x...)
    Set {
        name: String,
        #[arg(value_parser = number)]
        value: u64,
    },
    /// Read all registers, or those whose name starts with PREFIX; then a snapshot of the event counters
    Dump {
        #[arg(default_value = "")]
        prefix: String,
    },
}

/// A number, decimal or hexadecimal.
pub fn number(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    value.map_err(|_| "a number is expected, such as 42 or 0x2a".to_owned())
}

/// What a name means.
enum Place {
    Register(&'static Reg),
    Field(&'static Reg, regs::Field),
    Word(&'static Region, usize),
}

fn place(name: &str) -> Result<Place> {
    if let Some((region, index)) = name.strip_suffix(']').and_then(|n| n.split_once('[')) {
        let found = REGIONS.iter().find(|r| r.name == region);
        let names: Vec<&str> = REGIONS.iter().map(|r| r.name).collect();
        let next = "firstlight export docs lists all";
        let found = found.ok_or_else(|| {
            Error::usage(format!("no region \"{region}\""), format!("one of {}", names.join(", ")), next)
        })?;
        return match number(index) {
            Ok(index) if index < found.words as u64 => Ok(Place::Word(found, index as usize)),
            _ => Err(Error::usage(
                format!("no word \"{index}\" in {region}"),
                format!("an index from 0 to {}", found.words - 1),
                format!("firstlight reg get {region}[0]"),
            )),
        };
    }
    let Some((name, field)) = name.split_once('.') else { return Ok(Place::Register(register(name)?)) };
    let reg = register(name)?;
    let found = reg.fields.iter().find(|f| f.name == field);
    let fields: Vec<&str> = reg.fields.iter().map(|f| f.name).collect();
    let expected = if fields.is_empty() { "no field: it is one number".into() } else { fields.join(", ") };
    let found = found.ok_or_else(|| {
        Error::usage(format!("{name} has no field \"{field}\""), expected, format!("firstlight reg get {name}"))
    })?;
    Ok(Place::Field(reg, *found))
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    match &args.action {
        Action::Get { name } => {
            let place = place(name)?;
            let mut device = context.connect()?;
            let text = match place {
                Place::Register(reg) => line(reg, device.get(reg)?),
                Place::Field(reg, field) => format!("{name} {}", device.field(reg, &field)?),
                Place::Word(region, index) => format!("{name} 0x{:08x}", device.region(region, index, 1)?[0]),
            };
            Ok(writeln!(context.out, "{text}")?)
        }
        Action::Set { name, value } => set(name, *value, context),
        Action::Dump { prefix } => dump(prefix, context),
    }
}

fn set(name: &str, value: u64, context: &mut Context) -> Result<()> {
    let place = place(name)?;
    writable(&place, name)?;
    if let Place::Field(_, field) = place
        && value >> field.width != 0
    {
        let expected = format!("at most {} in {} bits", (1u64 << field.width) - 1, field.width);
        return Err(Error::usage(
            format!("{value} does not fit {name}"),
            expected,
            format!("firstlight reg get {name}"),
        ));
    }
    let mut device = context.connect()?;
    match place {
        Place::Register(reg) => device.set(reg, value)?,
        Place::Field(reg, field) => device.set_fields(reg, &[(field, value as u32)])?,
        Place::Word(region, index) => {
            let word = u32::try_from(value).map_err(|_| {
                Error::usage(format!("{value:#x} does not fit {name}"), "at most 32 bits", "give a smaller value")
            })?;
            device.fill(region, index, &[word])?;
        }
    }
    if let Place::Register(reg) | Place::Field(reg, _) = place
        && reg.access == Access::Rw
    {
        writeln!(context.out, "{}", line(reg, device.get(reg)?))?;
    }
    Ok(())
}

fn writable(place: &Place, name: &str) -> Result<()> {
    let access = match place {
        Place::Register(reg) | Place::Field(reg, _) => reg.access,
        Place::Word(region, _) => region.access,
    };
    if access == Access::Ro {
        let next = format!("firstlight reg get {name}");
        return Err(Error::usage(format!("{name} is read only"), "a register that can be written", next));
    }
    Ok(())
}

fn dump(prefix: &str, context: &mut Context) -> Result<()> {
    let chosen: Vec<&Reg> = regs::all().filter(|r| r.name.starts_with(prefix) && r.access != Access::Wo).collect();
    let counters = events::SNAPSHOT.name;
    if chosen.is_empty() && !counters.starts_with(prefix) {
        let next = "firstlight reg dump lists all";
        return Err(Error::usage(format!("no register starts with \"{prefix}\""), "a prefix such as lat_", next));
    }
    let mut device = context.connect()?;
    for reg in chosen {
        let value = device.get(reg)?;
        writeln!(context.out, "0x{:04x}  {}", reg.address(), line(reg, value))?;
    }
    if counters.starts_with(prefix) {
        dump_events(&mut device, context)?;
    }
    Ok(())
}

fn dump_events(device: &mut Device, context: &mut Context) -> Result<()> {
    let snapshot = device.snapshot()?;
    for (name, _) in events::EVENTS {
        writeln!(context.out, "event   {name} {}", snapshot.get(name))?;
    }
    Ok(())
}

/// Name, value in hexadecimal and decimal, fields.
fn line(reg: &Reg, value: u64) -> String {
    let mut text = format!("{} 0x{value:0width$x} {value}", reg.name, width = 8 * reg.words as usize);
    for field in reg.fields {
        text += &format!(" {}={}", field.name, field.get(value as u32));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_or_hexadecimal() {
        assert_eq!((number("42"), number("0x2a"), number("1_000")), (Ok(42), Ok(42), Ok(1000)));
        assert!(number("").is_err() && number("0x").is_err() && number("-1").is_err() && number("1.5").is_err());
    }

    #[test]
    fn places_are_checked_before_a_board_is_asked() {
        assert!(matches!(place("id_magic"), Ok(Place::Register(_))));
        assert!(matches!(place("link_control.rung"), Ok(Place::Field(..))));
        assert!(matches!(place("latency_bins[255]"), Ok(Place::Word(_, 255))));
        for name in ["latency_bins[256]", "latency_bins[x]", "no[0]", "id_magic.x", "link_control.no", "nothing"] {
            assert!(place(name).is_err(), "{name}");
        }
    }
}
