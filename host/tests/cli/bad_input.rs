//! Each wrong request ends with one error, its exit code, and no file.
use std::process::Stdio;
use std::time::{Duration, Instant};

use firstlight::capture::{self, roce};

use firstlight_spec::regs::id;

use crate::fake::{Faults, serve};
use crate::run::{Done, command, done, firstlight};

const NO_BOARD: i32 = 3;
const WRONG_GATEWARE: i32 = 4;
const INTERRUPTED: i32 = 130;

#[test]
fn requests_that_contradict_themselves_are_refused_before_a_board_is_asked() {
    // a port where nobody listens: asking it would end with another code
    let measure = |more: &[&str]| firstlight(&[&["measure", "--port", "tcp:127.0.0.1:1"], more].concat());
    measure(&["--frames", "0"]).refused("0 is not in 1..");
    measure(&["--frames=-1"]).refused("-1 is not in 1..");
    measure(&["--length", "0"]).refused("0 is not in 1..");
    measure(&["--length", "65536"]).refused("65536 is not in 1..");
    measure(&["--loads", "0"]).refused("above 0 and at most 100");
    measure(&["--loads", "101"]).refused("above 0 and at most 100");
    measure(&["--loads", "50", "--gap", "3"]).refused("cannot be used with");
    measure(&["--rung", "L4"]).refused("L0, L1, L2 or L3");
    measure(&["--errors", "1e-4", "--flip", "3"]).refused("cannot be used with");
    measure(&["--errors", "0.5"]).fails(2, "cannot be injected");
    measure(&["--errors", "0"]).fails(2, "cannot be injected");
    measure(&["--flip", "76"]).refused("76 is not in");
    measure(&["--flip", "3,3"]).fails(2, "a position twice");
    measure(&["--every", "5"]).refused("required");
    measure(&["--seed", "2"]).refused("required");
    measure(&["--set", "id_magic=1"]).refused("read only");
    measure(&["--set", "gen_lenght_bytes=1"]).refused("perhaps gen_length_bytes");
    measure(&["--set", "gen_frames"]).refused("REGISTER=VALUE");
    measure(&["--max-ns", "0"]).fails(2, "can never hold");
    measure(&["--max-ns", "NaN"]).fails(2, "can never hold");
    measure(&["--max-ns", "20", "--max-jitter-cycles", "100"]).fails(2, "contradict each other");
    measure(&["--loads", "0.01", "--length", "65535"]).fails(2, "needs gaps of");
    measure(&["--csv", "/no/such/folder/table.csv"]).fails(2, "cannot write /no/such/folder/table.csv");
    measure(&["--vcd", "waves.vcd"]).fails(2, "--vcd cannot look into tcp:127.0.0.1:1");
}

#[test]
fn a_board_without_schedule_memory_refuses_what_needs_it_and_says_what_to_type() {
    let features = Faults::default().features & !id::SCHEDULE.mask();
    let port = serve(Faults { features, ..Faults::default() });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schedule.csv");
    std::fs::write(&path, "1,64\n").unwrap();
    let measure = firstlight(&["measure", "--port", &port, "--schedule", path.to_str().unwrap()]);
    let laser = firstlight(&["laser", "--on", "board", "--port", &port, "--traffic", "moe", "--bursts", "20"]);
    for done in [measure, laser] {
        for part in ["built without: Schedule memory", "bit \"schedule\" of id_features", "use --port sim:"] {
            assert!(done.err.contains(part), "{}", done.err);
        }
        done.fails(WRONG_GATEWARE, "Schedule memory");
    }
    firstlight(&["measure", "--port", &port, "--frames", "10", "--loads", "50"]).succeeds();
}

#[test]
fn schedules_are_read_before_a_board_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = |text: &str| {
        let path = folder.path().join("schedule.csv");
        std::fs::write(&path, text).unwrap();
        firstlight(&["measure", "--port", "tcp:127.0.0.1:1", "--schedule", path.to_str().unwrap()])
    };
    file("").fails(2, "is empty");
    file("# only a comment\n").fails(2, "is empty");
    file("1,64\n2\n").fails(2, "line 2: \"2\"");
    file("1,0\n").fails(2, "line 1");
    file("70000,64\n").fails(2, "line 1");
    file(&"0,64\n".repeat(257)).fails(2, "has 257 entries");
    file(&"0,64\n".repeat(256)).fails(NO_BOARD, "nobody listens");
    firstlight(&["measure", "--schedule", "/no/such/file"]).fails(2, "cannot read the schedule /no/such/file");
}

#[test]
fn ports_that_lead_nowhere_are_told_apart() {
    let info = |port: &str| firstlight(&["info", "--port", port]);
    info("usb:").fails(2, "unknown port \"usb:\"");
    info("").fails(2, "unknown port \"\"");
    info("tcp:localhost").fails(2, "names no host and port");
    info("tcp:127.0.0.1:1").fails(NO_BOARD, "nobody listens at tcp:127.0.0.1:1");
    info("/dev/no-such-device").fails(NO_BOARD, "no device /dev/no-such-device");
    info("/dev/null").fails(NO_BOARD, "cannot open /dev/null");
}

#[test]
fn another_gateware_is_refused_with_what_to_flash() {
    let port = serve(Faults { hash: 0x1234_5678, ..Faults::default() });
    let answer = firstlight(&["measure", "--port", &port]);
    answer.fails(WRONG_GATEWARE, "register map 0x12345678");
    assert!(answer.err.contains("flash the bitstream of release"));
    let port = serve(Faults { magic: 0, ..Faults::default() });
    firstlight(&["info", "--port", &port]).fails(WRONG_GATEWARE, "answers 0x00000000");
}

#[test]
fn a_bad_line_is_found_at_the_connection() {
    let port = serve(Faults { scratch_stuck: 0x100, ..Faults::default() });
    firstlight(&["info", "--port", &port]).fails(NO_BOARD, "wrote 0x5a5aa5a5 to id_scratch and read 0x5a5aa4a5");
    let port = serve(Faults { noise: b"\x00\xffboot message\r\n", ..Faults::default() });
    let early = firstlight(&["info", "--port", &port]);
    // what stood in the line before the first command is dropped; later noise is caught by magic or echo
    assert!(early.code == 0 || early.code == NO_BOARD || early.code == WRONG_GATEWARE, "{}", early.err);
}

#[test]
fn a_board_that_hangs_up_or_never_locks_is_said() {
    let port = serve(Faults { dies_after: 20, ..Faults::default() });
    firstlight(&["measure", "--port", &port]).fails(NO_BOARD, "the connection to tcp:127.0.0.1:");
    let port = serve(Faults { locked: false, ..Faults::default() });
    firstlight(&["measure", "--port", &port]).fails(NO_BOARD, "does not lock");
}

#[test]
fn a_silent_board_is_given_up() {
    let port = serve(Faults { silent: true, ..Faults::default() });
    firstlight(&["info", "--port", &port]).fails(NO_BOARD, "does not answer (read of byte address 0x0000)");
}

#[test]
fn registers_that_do_not_exist_or_cannot_be_written_are_refused() {
    let reg = |more: &[&str]| firstlight(&[&["reg", "--port", "tcp:127.0.0.1:1"], more].concat());
    reg(&["get", "id_magik"]).fails(2, "no register \"id_magik\"");
    reg(&["get", "link_control.rang"]).fails(2, "link_control has no field \"rang\"");
    reg(&["get", "latency_bins[256]"]).fails(2, "no word \"256\" in latency_bins");
    reg(&["get", "bins[0]"]).fails(2, "no region \"bins\"");
    reg(&["set", "id_magic", "1"]).fails(2, "id_magic is read only");
    reg(&["set", "latency_bins[0]", "1"]).fails(2, "read only");
    reg(&["set", "link_control.rung", "4"]).fails(2, "4 does not fit link_control.rung");
    reg(&["set", "id_scratch", "ten"]).refused("a number is expected");
    reg(&["dump", "nothing_"]).fails(2, "no register starts with");
    let port = serve(Faults::default());
    firstlight(&["reg", "--port", &port, "set", "id_scratch", "0x100000000"]).fails(2, "does not fit id_scratch");
    let out = firstlight(&["reg", "--port", &port, "set", "id_scratch", "0xdeadbeef"]).succeeds();
    assert_eq!(out, "id_scratch 0xdeadbeef 3735928559\n");
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_takes_nothing_is_an_error_and_no_panic() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    for args in [&["--help"][..], &["measure", "--help"], &["export", "csr"]] {
        let run = command().args(args).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        done(run).fails(2, "cannot write to the standard output");
    }
    for args in [&["--helf"][..], &["reg", "get", "id_magik"]] {
        assert_eq!(command().args(args).stderr(full()).status().unwrap().code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_full_output_leaves_nothing_behind() {
    let port = serve(Faults::default());
    let full = ["measure", "-n", "10", "--port", &port, "--csv", "/dev/full"];
    firstlight(&full).fails(2, "cannot write /dev/full: no storage space");
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("table.csv");
    let port = serve(Faults { dies_after: 40, ..Faults::default() });
    firstlight(&["measure", "--port", &port, "--csv", csv.to_str().unwrap()]).fails(NO_BOARD, "the connection");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn of_an_export_all_files_appear_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let csr = folder.path().join("csr.csv");
    // the last file of the folder cannot be written
    std::os::unix::fs::symlink("/dev/full", folder.path().join("registers.md")).unwrap();
    firstlight(&["export", "map", folder.path().to_str().unwrap()]).fails(2, "registers.md: no storage space");
    assert!(!csr.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Starts the command and hangs up before it prints.
fn without_reader(args: &[&str]) -> Done {
    let mut child = command().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    done(child.wait_with_output().unwrap())
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let answer = without_reader(&["export", "docs"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
}

#[test]
fn files_and_exit_codes_do_not_depend_on_the_reader() {
    let port = serve(Faults::default());
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (table, sent, arrived) = (path("table.csv"), path("in.pcap"), path("out.pcap"));
    std::fs::write(&sent, capture::write(&roce::sample())).unwrap();
    assert_eq!(without_reader(&["measure", "--port", &port, "--csv", &table]).code, 0);
    assert_eq!(std::fs::read_to_string(&table).unwrap().lines().count(), 2);
    assert_eq!(without_reader(&["replay", "--port", &port, &sent, "-o", &arrived]).code, 0);
    assert_eq!(capture::read(arrived.as_ref()).unwrap(), roce::sample());
    without_reader(&["measure", "--port", &port, "--max-ns", "1"]).fails(1, "at most 1 ns");
    let wrong = serve(Faults { flips: 2, ..Faults::default() });
    without_reader(&["replay", "--port", &wrong, &sent]).fails(1, "did not arrive as they were sent");
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_with_one_message_and_no_file() {
    let (endless, patient) = (serve(Faults { endless: true, ..Faults::default() }), serve(Faults::default()));
    let folder = tempfile::tempdir().unwrap();
    let sent = folder.path().join("in.pcap");
    // long enough for Ctrl-C to come in the middle
    let mut long = roce::sample();
    let frames = long.frames.clone();
    long.frames.extend(frames.iter().cycle().take(20_000).cloned());
    std::fs::write(&sent, capture::write(&long)).unwrap();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("file");
    let file = file.to_str().unwrap();
    let replay = ["replay", sent.to_str().unwrap(), "-o", file];
    for (args, port) in [(["measure", "--csv", file].as_slice(), endless), (&replay, patient)] {
        let mut child = command();
        child.args(args).args(["--port", &port]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = child.spawn().unwrap();
        // the hidden file shows that it is under way
        let start = Instant::now();
        while std::fs::read_dir(out.path()).unwrap().count() == 0 {
            assert!(start.elapsed() < Duration::from_secs(30), "it never started");
            std::thread::sleep(Duration::from_millis(5));
        }
        let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(kill.expect("kill").success());
        done(child.wait_with_output().unwrap()).fails(INTERRUPTED, "interrupted");
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    }
}
