//! `doctor`: what stands between this machine and a board, with evidence.
use super::Context;
use crate::transport::serial;
use crate::usb::{Board, LATENCY_MS, Port, RULE, RULE_NAME, System};
use crate::{Error, Result};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Print the udev rule and nothing else
    #[arg(long)]
    rule: bool,
}

/// One finding: what was looked at, what was seen, what to do when it is not as it should be.
struct Finding {
    is_fine: bool,
    what: String,
    next: String,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    if args.rule {
        return Ok(context.out.write_all(RULE.as_bytes())?);
    }
    report(&examine(&System::default(), find_program, &open), &mut context.out)
}

fn report(findings: &[Finding], out: &mut dyn Write) -> Result<()> {
    for finding in findings {
        writeln!(out, "{}  {}", if finding.is_fine { "ok  " } else { "FAIL" }, finding.what)?;
        if !finding.is_fine {
            writeln!(out, "      next: {}", finding.next)?;
        }
    }
    match findings.iter().filter(|f| !f.is_fine).count() {
        0 => Ok(()),
        n => Err(Error::no_board(
            format!("{n} of {} checks failed", findings.len()),
            "all of them ok",
            "follow the lines marked `next`, then run firstlight doctor again",
        )),
    }
}

/// Tries to open a device.
type Opener<'a> = &'a dyn Fn(&Path) -> Result<(), ErrorKind>;

fn examine(system: &System, program: impl Fn(&str) -> Option<PathBuf>, open: Opener) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (devices, boards) = system.boards();
    match boards.len() {
        0 => findings.push(bad(
            format!(
                "absent: {devices} USB devices in {}, none is 0403:6010",
                system.sys.join("bus/usb/devices").display()
            ),
            "plug the board in; try another cable, some carry power only",
        )),
        n => findings.push(good(format!("{n} of {devices} USB devices are boards"))),
    }
    for board in &boards {
        findings.push(node(board, open));
        findings.extend(control(board, open));
    }
    findings.push(rule(system, findings.iter().all(|f| f.is_fine)));
    let programmers = ["openFPGALoader", "iceprog"].map(|name| (name, program(name)));
    findings.push(match programmers.iter().find_map(|(_, path)| path.as_ref()) {
        Some(path) => good(format!("a programmer: {}", path.display())),
        None => bad(
            "no programmer: neither openFPGALoader nor iceprog is on PATH".into(),
            "install openfpgaloader (or fpga-icestorm for iceprog)",
        ),
    });
    findings
}

fn good(what: String) -> Finding {
    Finding { is_fine: true, what, next: String::new() }
}

fn bad(what: String, next: &str) -> Finding {
    Finding { is_fine: false, what, next: next.into() }
}

const INSTALL: &str = "firstlight doctor --rule | sudo tee /etc/udev/rules.d/99-firstlight.rules, then `sudo udevadm control --reload` and plug the board in again";

/// May a programmer open the board?
fn node(board: &Board, open: Opener) -> Finding {
    let path = board.node.display();
    match open(&board.node) {
        Ok(()) => good(format!("board {}: {path} may be opened for programming", board.serial)),
        Err(ErrorKind::PermissionDenied) => bad(format!("permission: {path} may not be opened by this user"), INSTALL),
        Err(ErrorKind::NotFound) => {
            bad(format!("absent: {path} is not there although /sys shows the board"), "plug the board in again")
        }
        Err(kind) => bad(format!("{path} cannot be opened: {kind}"), "plug the board in again"),
    }
}

/// Does its control channel have a serial device, free and quick?
fn control(board: &Board, open: Opener) -> Vec<Finding> {
    let Some(Port { device, latency_ms, .. }) = board.control() else {
        return vec![bad(
            format!("absent: board {} has no serial device on channel B (driver ftdi_sio not bound)", board.serial),
            "plug the board in again; a programmer may have unbound the channel",
        )];
    };
    let path = device.display();
    let access = match (serial::holder(&device.to_string_lossy()), open(device)) {
        (Some(holder), _) => bad(format!("busy: {path} is open in {holder}"), "end that program"),
        (None, Ok(())) => good(format!("{path} may be opened and no other program holds it")),
        (None, Err(ErrorKind::PermissionDenied)) => {
            bad(format!("permission: {path} may not be opened by this user"), INSTALL)
        }
        (None, Err(kind)) => bad(format!("{path} cannot be opened: {kind}"), "plug the board in again"),
    };
    let latency = match latency_ms {
        Some(ms) if *ms <= LATENCY_MS => good(format!("{path}: latency timer {ms} ms")),
        Some(ms) => {
            bad(format!("slow: {path} has a latency timer of {ms} ms, so each register read takes that long"), INSTALL)
        }
        None => bad(format!("{path} shows no latency timer"), "use the kernel's driver ftdi_sio"),
    };
    vec![access, latency]
}

/// The rule is asked for only when something is wrong without it.
fn rule(system: &System, all_fine: bool) -> Finding {
    match system.rule() {
        Some((path, true)) => good(format!("{} is the shipped rule", path.display())),
        Some((path, false)) => bad(format!("{} differs from the shipped rule", path.display()), INSTALL),
        None if all_fine => good(format!("{RULE_NAME} is not installed, and nothing misses it")),
        None => bad(format!("{RULE_NAME} is not installed"), INSTALL),
    }
}

#[cfg(unix)]
fn open(path: &Path) -> Result<(), ErrorKind> {
    use std::os::unix::fs::OpenOptionsExt;
    // neither wait for a carrier nor become the controlling terminal
    const NONBLOCK_NOCTTY: i32 = 0o4000 | 0o400;
    let opened = OpenOptions::new().read(true).write(true).custom_flags(NONBLOCK_NOCTTY).open(path);
    opened.map(|_| ()).map_err(|e| e.kind())
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<(), ErrorKind> {
    OpenOptions::new().read(true).write(true).open(path).map(|_| ()).map_err(|e| e.kind())
}

/// Looks a program up on PATH.
pub(super) fn find_program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usb::tests::system;

    fn text(system: &System, programmer: bool) -> String {
        text_with(system, programmer, &open)
    }

    fn text_with(system: &System, programmer: bool, open: Opener) -> String {
        let mut out = Vec::new();
        let _ = report(&examine(system, |name| programmer.then(|| PathBuf::from(name)), open), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn permission_is_not_absence() {
        let (root, system) = system(&[("FT1", 1)]);
        let found = text_with(&system, true, &|_| Err(ErrorKind::PermissionDenied));
        for device in ["dev/bus/usb/001/004", "dev/ttyUSB1"] {
            let line = format!("FAIL  permission: {} may not be opened", root.path().join(device).display());
            assert!(found.contains(&line), "{found}");
        }
        assert!(!found.contains("absent") && found.contains("firstlight doctor --rule"), "{found}");
    }

    #[test]
    fn a_machine_that_is_fine_passes() {
        let (_root, system) = system(&[("FT1", 1)]);
        assert!(!text(&system, true).contains("FAIL"), "{}", text(&system, true));
    }

    #[test]
    fn absence_busy_and_a_slow_timer_are_told_apart() {
        let (_root, absent) = system(&[]);
        let absent = text(&absent, false);
        assert!(absent.contains("FAIL  absent: 1 USB devices") && absent.contains("no programmer"), "{absent}");
        let (root, slow) = system(&[("FT1", 16)]);
        let held = std::fs::File::open(root.path().join("dev/ttyUSB1")).unwrap();
        let mut sleeper = std::process::Command::new("sleep").arg("60").stdin(held).spawn().unwrap();
        let found = text(&slow, true);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(
            found.contains("latency timer of 16 ms") && found.contains("busy: ") && found.contains("sleep"),
            "{found}"
        );
        assert!(found.contains("99-firstlight.rules is not installed"), "{found}");
    }

    #[test]
    fn a_board_without_its_serial_device_is_named() {
        let (root, system) = system(&[("FT1", 1)]);
        std::fs::remove_file(root.path().join("dev/ttyUSB1")).unwrap();
        std::fs::remove_file(root.path().join("dev/bus/usb/001/004")).unwrap();
        let found = text(&system, true);
        assert!(found.contains("absent: ") && found.contains("cannot be opened"), "{found}");
    }
}
