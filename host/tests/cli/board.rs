//! `list`, `doctor`, `flash` and the serial line, without a board.
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use crate::fake::{Board, Faults, ReadAfter};
use crate::run::{command, done, firstlight};

/// A device tree with boards of these serial numbers, under `root`.
fn boards(root: &Path, serials: &[&str]) {
    let put = |path: String, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("sys/bus/usb/devices/usb1/idVendor".into(), "1d6b\n");
    for (i, serial) in serials.iter().enumerate() {
        let device = format!("sys/bus/usb/devices/1-{i}");
        for (name, text) in [("idVendor", "0403"), ("idProduct", "6010"), ("busnum", "1"), ("product", "Alchitry Cu")] {
            put(format!("{device}/{name}"), text);
        }
        put(format!("{device}/serial"), serial);
        put(format!("{device}/devnum"), &(i + 4).to_string());
        put(format!("{device}/1-{i}:1.1/bInterfaceNumber"), "01\n");
        put(format!("{device}/1-{i}:1.1/ttyUSB{i}/latency_timer"), "1\n");
        put(format!("dev/ttyUSB{i}"), "");
        put(format!("dev/bus/usb/001/{:03}", i + 4), "");
    }
}

fn tool(root: &Path, name: &str, script: &str) {
    let path = root.join("bin").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn at(root: &Path, args: &[&str]) -> crate::run::Done {
    let mut run = command();
    run.env("FIRSTLIGHT_SYSTEM_ROOT", root).env("PATH", root.join("bin")).args(args);
    done(run.output().unwrap())
}

fn bitstream(root: &Path) -> String {
    let path = root.join("a.bin");
    fs::write(&path, b"\xff\x00\x00\xff\x7e\xaa\x99\x7e").unwrap();
    path.display().to_string()
}

#[test]
fn a_dry_run_names_the_command_and_runs_nothing() {
    let root = tempfile::tempdir().unwrap();
    let file = bitstream(root.path());
    boards(root.path(), &["FT1"]);
    tool(root.path(), "openFPGALoader", "touch \"${0%/*}/ran\"\n");
    let said = at(root.path(), &["flash", "--dry-run", &file]).succeeds();
    assert!(said.contains("board       FT1\n"), "{said}");
    assert!(
        said.contains(&format!("openFPGALoader -b ice40_generic --ftdi-serial FT1 --write-flash {file}\n")),
        "{said}"
    );
    assert!(said.contains("timing      not known"), "{said}");
    assert!(!root.path().join("bin/ran").exists());
}

#[test]
fn flashing_runs_the_programmer_with_the_serial_number() {
    let root = tempfile::tempdir().unwrap();
    let file = bitstream(root.path());
    boards(root.path(), &["FT1", "FT2"]);
    tool(root.path(), "iceprog", "echo \"$@\" > \"${0%/*}/ran\"\n");
    at(root.path(), &["flash", &file]).fails(3, "more than one board matches");
    let said = at(root.path(), &["flash", "--serial", "FT2", &file]).succeeds();
    assert!(said.contains("dev/ttyUSB1"), "{said}");
    assert_eq!(fs::read_to_string(root.path().join("bin/ran")).unwrap(), format!("-d s:0x0403:0x6010:FT2 {file}\n"));
    tool(root.path(), "iceprog", "echo no flash found >&2; exit 2\n");
    let failed = at(root.path(), &["flash", "--serial", "FT2", &file]);
    assert_eq!(failed.code, 3, "{}", failed.err);
    assert!(failed.err.contains("no flash found") && failed.err.contains("exit status: 2"), "{}", failed.err);
}

#[test]
fn flashing_without_programmer_board_or_file_says_which() {
    let root = tempfile::tempdir().unwrap();
    let file = bitstream(root.path());
    boards(root.path(), &[]);
    at(root.path(), &["flash", &file]).fails(2, "neither openFPGALoader nor iceprog is on PATH");
    let dry = at(root.path(), &["flash", "--dry-run", &file]).succeeds();
    assert!(dry.contains("a real run ends here"), "{dry}");
    tool(root.path(), "iceprog", "exit 0\n");
    at(root.path(), &["flash", &file]).fails(3, "no board on USB");
    at(root.path(), &["flash", "none.bin"]).fails(2, "cannot read none.bin");
}

#[test]
fn a_slow_bitstream_is_named_before_it_is_written() {
    let root = tempfile::tempdir().unwrap();
    let file = bitstream(root.path());
    let report = |bytes: u64| {
        let clock = r#"{"mhz": {"max": 99.8}, "target_mhz": 156.25}"#;
        let text = format!(r#"{{"size_bytes": {bytes}, "timing_met": false, "clocks": {{"datapath": {clock}}}}}"#);
        fs::write(root.path().join("a.json"), text).unwrap();
    };
    report(8);
    let said = at(root.path(), &["flash", "--dry-run", &file]).succeeds();
    assert!(said.contains("MISSED, the board may fail: datapath 99.8 of 156.25 MHz"), "{said}");
    report(9);
    at(root.path(), &["flash", "--dry-run", &file]).fails(2, "describes other bytes");
    report(0);
    fs::remove_file(&file).unwrap();
    let none = at(root.path(), &["flash", "--dry-run", &file]);
    assert!(none.err.contains("next:     firstlight build --seeds 10, or --allow-slow"), "{}", none.err);
    none.fails(2, "the last build missed its clock and wrote none");
}

#[test]
fn list_and_doctor_look_at_the_machine() {
    let root = tempfile::tempdir().unwrap();
    boards(root.path(), &[]);
    at(root.path(), &["list"]).fails(3, "no board among 1 USB devices");
    let doctor = at(root.path(), &["doctor"]);
    assert_eq!(doctor.code, 3);
    assert!(doctor.out.contains("FAIL  absent: 1 USB devices"), "{}", doctor.out);
    boards(root.path(), &["FT1"]);
    let said = at(root.path(), &["list", "--no-probe"]).succeeds();
    assert!(said.starts_with("FT1  Alchitry Cu") && said.contains("B  control"), "{said}");
    tool(root.path(), "iceprog", "exit 0\n");
    let doctor = at(root.path(), &["doctor"]).succeeds();
    assert!(doctor.contains("ok    1 of 2 USB devices are boards"), "{doctor}");
    let rule = at(root.path(), &["doctor", "--rule"]).succeeds();
    assert_eq!(rule, include_str!("../../../constraints/99-firstlight.rules"));
}

/// A board on a pseudo terminal that answers the connection's questions and is then pulled in mid-command.
#[test]
fn a_cable_pulled_in_mid_command_is_a_clear_end() {
    let (mut master, device) = pty();
    let mut info =
        command().args(["info", "--port", &device]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 6];
    master.read_exact(&mut head).unwrap();
    assert_eq!(head, [2, 2, 0, 0, 0, 0], "the magic word and the hash are asked for");
    // half an answer, then nothing is there any more
    master.write_all(&[0x46, 0x4c, 0x54]).unwrap();
    drop(master);
    info.wait().unwrap();
    let ended = done(info.wait_with_output().unwrap());
    ended.fails(3, &format!("the connection to {device} broke"));
}

/// A board on a serial device that goes away at the next such read after `commands`, and comes back on another one of
/// the same name, as a replugged cable does; without its settings when its power was lost.
fn replugged(commands: usize, dies_in: ReadAfter, loses_power: bool, args: &[&str]) -> crate::run::Done {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("board");
    let plug = |device: &str| std::os::unix::fs::symlink(device, &name).unwrap();
    // both are opened here, so that no other test gets the number of the first one
    let ((first, device), (second, device_again)) = (pty(), pty());
    plug(&device);
    let mut run = command();
    run.args(args).args(["--port", name.to_str().unwrap()]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = run.spawn().unwrap();
    let dies_in = Some(dies_in);
    let mut board = Board::new(Faults { dies_after: commands, dies_in, latency: |_| 3, ..Faults::default() });
    board.serve(&first).unwrap();
    fs::remove_file(&name).unwrap();
    drop(first);
    plug(&device_again);
    if loses_power {
        board = Board::new(Faults::default());
    }
    board.faults.dies_after = usize::MAX;
    // ends when the command closes the device
    let served = std::thread::spawn(move || board.serve(&second));
    child.wait().unwrap();
    let ended = done(child.wait_with_output().unwrap());
    // or when this does, should the command not have opened it
    drop(fs::OpenOptions::new().read(true).write(true).open(&device_again));
    assert!(served.join().unwrap().is_err(), "the far end hangs up");
    ended
}

/// Commands that opening a board takes.
const OPENING: usize = 13;
const MEASURE: [&str; 5] = ["measure", "--frames", "2000", "--length", "64"];

#[test]
fn a_long_measurement_goes_on_when_the_cable_comes_back() {
    for commands in [OPENING + 3, OPENING + 20, OPENING + 30] {
        let ended = replugged(commands, ReadAfter::Read, false, &[&MEASURE[..], &["--json"]].concat());
        let report = ended.succeeds();
        assert!(report.contains("\"latency_cycles\"") || report.contains("2000"), "{report}");
    }
}

#[test]
fn a_cable_pulled_after_a_command_does_not_hide_that_it_may_be_lost() {
    let ended = replugged(OPENING + 3, ReadAfter::Write, false, &MEASURE);
    ended.fails(3, "and the command before may not have arrived");
}

#[test]
fn a_board_that_comes_back_without_its_power_is_not_believed() {
    let ended = replugged(OPENING + 25, ReadAfter::Read, true, &MEASURE);
    ended.fails(3, "came back without its settings");
}

#[test]
fn a_silent_serial_device_is_said_in_time() {
    let (master, device) = pty();
    let silent = firstlight(&["info", "--port", &device]);
    silent.fails(3, "does not answer");
    drop(master);
}

/// Both ends of a pseudo terminal, raw.
fn pty() -> (fs::File, String) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let mut settings = tcgetattr(&master).unwrap();
    settings.make_raw();
    tcsetattr(&master, OptionalActions::Now, &settings).unwrap();
    let device = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    (fs::File::from(master), device)
}
