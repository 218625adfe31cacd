//! `flash`: writes a bitstream into a board's flash, with openFPGALoader or iceprog.
use super::Context;
use super::doctor::find_program;
use crate::usb::{Board, PRODUCT, System, VENDOR};
use crate::{Error, Result};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Bitstream that `firstlight build` wrote
    #[arg(default_value = "target/flow/cu_loopback/cu_loopback.bin")]
    file: PathBuf,
    /// Board, by the serial number that `firstlight list` shows
    #[arg(long)]
    serial: Option<String>,
    /// Say what would be run, and run nothing
    #[arg(long)]
    dry_run: bool,
}

/// Programs that can write the flash, the preferred one first.
const PROGRAMMERS: [&str; 2] = ["openFPGALoader", "iceprog"];
/// First bytes after an iCE40 bitstream's comment.
const PREAMBLE: [u8; 4] = [0x7e, 0xaa, 0x99, 0x7e];

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let size = check(&args.file)?;
    let program = PROGRAMMERS.iter().find_map(|name| find_program(name));
    let (_, boards) = System::default().boards();
    let board = choose(&boards, args.serial.as_deref());
    let out = &mut context.out;
    writeln!(out, "bitstream   {} ({size} bytes)", args.file.display())?;
    writeln!(out, "timing      {}", timing(&args.file)?)?;
    if args.dry_run {
        return explain(args, program.as_deref(), board, out);
    }
    let (program, board) = (program.ok_or_else(no_programmer)?, board?);
    writeln!(out, "board       {}", board.serial)?;
    let words = arguments(&program, &board.serial, &args.file);
    let status = Command::new(&program).args(&words).status().map_err(|error| {
        Error::usage(
            format!("cannot start {}: {error}", program.display()),
            "a program that starts",
            "firstlight doctor",
        )
    })?;
    if !status.success() {
        let what = format!("{} ended with {status}; its own words stand above", program.display());
        return Err(Error::no_board(what, "exit code 0", "firstlight doctor"));
    }
    let device = board.control().map_or("its second serial port".into(), |p| p.device.display().to_string());
    writeln!(out, "written     next: firstlight info --port {device}")?;
    Ok(())
}

/// Size of the file, when it is an iCE40 bitstream.
fn check(file: &Path) -> Result<usize> {
    let bytes = fs::read(file).map_err(|error| {
        let what = format!("cannot read {}: {error}", file.display());
        if missed_its_clock(file) {
            let what = format!("{what}; the last build missed its clock and wrote none");
            return Error::usage(
                what,
                "a bitstream",
                "firstlight build --seeds 10, or --allow-slow to try it all the same",
            );
        }
        Error::usage(what, "a bitstream", "firstlight build")
    })?;
    let head = &bytes[..bytes.len().min(256)];
    if !head.windows(PREAMBLE.len()).any(|w| w == PREAMBLE) {
        let what = format!("{} is no iCE40 bitstream: no 7e aa 99 7e in its first bytes", file.display());
        return Err(Error::usage(what, "a .bin that icepack wrote", "firstlight build"));
    }
    Ok(bytes.len())
}

/// Does the report of a build without bitstream stand there?
fn missed_its_clock(file: &Path) -> bool {
    let report = fs::read(file.with_extension("json")).ok();
    let report = report.and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok());
    report.is_some_and(|report| report["timing_met"] == false && report["size_bytes"] == 0)
}

/// What the report beside the bitstream says of its clocks; refuses a report of other bytes.
fn timing(file: &Path) -> Result<String> {
    let path = file.with_extension("json");
    let Ok(text) = fs::read(&path) else {
        return Ok(format!("not known: no report {}", path.display()));
    };
    let wrong = |what: &str| {
        let what = format!("{} {what} {}", path.display(), file.display());
        Error::usage(what, "the report that was written with the bitstream", "firstlight build")
    };
    let report: serde_json::Value = serde_json::from_slice(&text).map_err(|_| wrong("is no report of"))?;
    let size = report["size_bytes"].as_u64().ok_or_else(|| wrong("is no report of"))?;
    if fs::metadata(file).map_or(0, |m| m.len()) != size {
        return Err(wrong("describes other bytes than those of"));
    }
    let clocks = report["clocks"].as_object().ok_or_else(|| wrong("is no report of"))?;
    let clocks: Vec<String> = clocks
        .iter()
        .map(|(name, clock)| {
            format!(
                "{name} {:.1} of {:.2} MHz",
                clock["mhz"]["max"].as_f64().unwrap_or(0.0),
                clock["target_mhz"].as_f64().unwrap_or(0.0)
            )
        })
        .collect();
    let verdict = if report["timing_met"] == true { "met" } else { "MISSED, the board may fail" };
    Ok(format!("{verdict}: {}", clocks.join(", ")))
}

/// The only board, or the named one; never a guess.
fn choose<'a>(boards: &'a [Board], serial: Option<&str>) -> Result<&'a Board> {
    let found: Vec<&Board> = boards.iter().filter(|b| serial.is_none_or(|s| b.serial == s)).collect();
    match (found.as_slice(), serial) {
        ([board], _) => Ok(board),
        ([], Some(serial)) => {
            Err(Error::no_board(format!("no board with serial number {serial}"), have(boards), "firstlight list"))
        }
        ([], None) => Err(Error::no_board("no board on USB", "one board", "firstlight doctor")),
        _ => Err(Error::no_board("more than one board matches", have(boards), "name one with --serial")),
    }
}

fn have(boards: &[Board]) -> String {
    let names: Vec<&str> = boards.iter().map(|b| b.serial.as_str()).collect();
    if names.is_empty() { "a board; none is connected".into() } else { format!("one of {}", names.join(", ")) }
}

fn no_programmer() -> Error {
    Error::usage(
        "neither openFPGALoader nor iceprog is on PATH",
        "one of them",
        "install openfpgaloader, or fpga-icestorm for iceprog",
    )
}

fn arguments(program: &Path, serial: &str, file: &Path) -> Vec<String> {
    let file = file.display().to_string();
    let text = |words: &[&str]| words.iter().map(|w| w.to_string()).collect();
    if program.ends_with("iceprog") {
        return text(&["-d", &format!("s:0x{VENDOR}:0x{PRODUCT}:{serial}"), &file]);
    }
    text(&["-b", "ice40_generic", "--ftdi-serial", serial, "--write-flash", &file])
}

fn explain(args: &Args, program: Option<&Path>, board: Result<&Board>, out: &mut dyn Write) -> Result<()> {
    let (serial, note) = match &board {
        Ok(board) => (board.serial.clone(), board.serial.clone()),
        Err(error) => {
            (args.serial.clone().unwrap_or("SERIAL".into()), format!("{} (a real run ends here)", error.what))
        }
    };
    writeln!(out, "board       {note}")?;
    match program {
        Some(program) => {
            writeln!(out, "would run   {} {}", program.display(), arguments(program, &serial, &args.file).join(" "))?
        }
        None => writeln!(out, "would run   {} (a real run ends here)", no_programmer().what)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usb::tests::system;

    #[test]
    fn one_board_is_taken_and_several_are_listed() {
        let (_root, two) = system(&[("FT1", 1), ("FT2", 1)]);
        let (_, boards) = two.boards();
        assert_eq!(choose(&boards[..1], None).unwrap().serial, "FT1");
        assert_eq!(choose(&boards, Some("FT2")).unwrap().serial, "FT2");
        assert_eq!(choose(&boards, None).unwrap_err().expected, "one of FT1, FT2");
        assert!(choose(&boards, Some("FT3")).unwrap_err().what.contains("FT3"));
        assert_eq!(choose(&[], None).unwrap_err().exit, crate::Exit::NoBoard);
    }

    #[test]
    fn only_a_bitstream_is_flashed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), b"\xff\x00no bitstream").unwrap();
        assert!(check(file.path()).unwrap_err().what.contains("no iCE40 bitstream"));
        fs::write(file.path(), b"\xff\x00\x00\xff\x7e\xaa\x99\x7e\x51").unwrap();
        assert_eq!(check(file.path()).unwrap(), 9);
        assert!(check(Path::new("/no/such.bin")).unwrap_err().what.contains("cannot read"));
    }

    #[test]
    fn each_programmer_is_told_the_serial_number() {
        let words = arguments(Path::new("/usr/bin/iceprog"), "FT1", Path::new("a.bin"));
        assert_eq!(words, ["-d", "s:0x0403:0x6010:FT1", "a.bin"]);
        let words = arguments(Path::new("/usr/bin/openFPGALoader"), "FT1", Path::new("a.bin"));
        assert_eq!(words, ["-b", "ice40_generic", "--ftdi-serial", "FT1", "--write-flash", "a.bin"]);
    }
}
