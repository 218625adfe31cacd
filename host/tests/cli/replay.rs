//! `replay` against a board that gives back what it got, or not quite.
use std::path::{Path, PathBuf};

use firstlight::capture::{self, Capture, Frame, roce};

use crate::fake::{Faults, serve};
use crate::run::{Done, firstlight};

fn file(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("in.pcap");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn replay(port: &str, folder: &Path, bytes: &[u8]) -> Done {
    let (from, to) = (file(folder, bytes), folder.join("out.pcap"));
    firstlight(&["replay", "--port", port, from.to_str().unwrap(), "-o", to.to_str().unwrap()])
}

fn of_lengths(link_type: u32, lengths: &[usize]) -> Capture {
    let frame = |(n, bytes): (usize, &usize)| Frame {
        time_ns: 1_000_003 * n as u64,
        data: (0..*bytes).map(|k| (k * 7 + n) as u8).collect(),
        wire_bytes: *bytes as u32,
    };
    Capture { link_type, frames: lengths.iter().enumerate().map(frame).collect() }
}

#[test]
fn what_arrives_is_what_was_sent_for_every_link_type_and_length() {
    let folder = tempfile::tempdir().unwrap();
    let port = serve(Faults::default());
    for capture in [of_lengths(1, &[1, 7, 8, 9, 60, 64, 4352]), of_lengths(197, &[100]), of_lengths(247, &[290])] {
        let out = replay(&port, folder.path(), &capture::write(&capture)).succeeds();
        assert!(out.contains(&format!("{0} of {0} frames bit-exact", capture.frames.len())), "{out}");
        assert!(out.contains("every one 3 cycles (19.20 ns)"), "{out}");
        assert_eq!(capture::read(&folder.path().join("out.pcap")).unwrap(), capture);
    }
}

#[test]
fn the_json_report_lists_every_frame() {
    let folder = tempfile::tempdir().unwrap();
    let port = serve(Faults::default());
    let capture = file(folder.path(), &capture::write(&roce::sample()));
    let out = firstlight(&["replay", "--json", "--port", &port, capture.to_str().unwrap()]).succeeds();
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let frames = report["frames"].as_array().unwrap();
    assert_eq!(frames.len(), roce::sample().frames.len());
    assert!(frames.iter().all(|f| f["bit_exact"] == true && f["good"] == true && f["latency_cycles"] == 3));
}

#[test]
fn a_changed_bit_is_found_and_no_file_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let port = serve(Faults { flips: 1 << 40, ..Faults::default() });
    let done = replay(&port, folder.path(), &capture::write(&of_lengths(1, &[64, 65])));
    done.fails(1, "2 of 2 frames did not arrive as they were sent");
    assert!(done.out.contains("DIFFERS"), "{}", done.out);
    assert!(!folder.path().join("out.pcap").exists());
}

#[test]
fn captures_that_cannot_be_replayed_are_refused_before_a_board_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |bytes: &[u8]| replay("tcp:127.0.0.1:1", folder.path(), bytes);
    refused(b"").fails(2, "the file is empty");
    refused(b"\x1f\x8bnot really gzip").fails(2, "cannot be read");
    refused(b"no capture at all, just text").fails(2, "neither pcap nor pcapng");
    let whole = capture::write(&of_lengths(1, &[64, 64]));
    refused(&whole[..whole.len() - 1]).fails(2, "the file ends within frame 2");
    refused(&whole[..24]).fails(2, "it holds no frames");
    refused(&capture::write(&of_lengths(113, &[64]))).fails(2, "unknown link type 113");
    refused(&capture::write(&of_lengths(1, &[64, 0]))).fails(2, "frame 2 has no bytes");
    let long = refused(&capture::write(&of_lengths(1, &[64, 64, 4353])));
    long.fails(2, "frame 3 has 4353 bytes");
    assert!(long.err.contains("at most 4352 bytes, the size of the frame memory"), "{}", long.err);
    firstlight(&["replay", "/no/such.pcap"]).fails(2, "/no/such.pcap: cannot be read: entity not found");
    firstlight(&["replay", folder.path().to_str().unwrap()]).fails(2, "cannot be read: is a directory");
    let good = file(folder.path(), &whole);
    let nowhere = ["replay", good.to_str().unwrap(), "--port", "tcp:127.0.0.1:1", "-o", "/no/such/out.pcap"];
    firstlight(&nowhere).fails(2, "cannot write /no/such/out.pcap");
    firstlight(&["replay"]).refused("required");
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let port = serve(Faults::default());
    let good = file(folder.path(), &capture::write(&of_lengths(1, &[64])));
    let args = ["replay", good.to_str().unwrap(), "--port", &port, "-o", "/dev/full"];
    firstlight(&args).fails(2, "cannot write /dev/full: no storage space");
}

/// tshark finds the same packets in what was sent and what arrived, nothing malformed, and the checks right.
#[test]
#[cfg(feature = "sim")]
fn tshark_reads_what_was_written() {
    let Some(tshark) = firstlight_sim::tools::Tool::for_test("tshark", "tshark_reads_what_was_written") else { return };
    let folder = tempfile::tempdir().unwrap();
    let port = serve(Faults::default());
    replay(&port, folder.path(), &capture::write(&roce::sample())).succeeds();
    let packets = |file: &str, filter: &str| {
        let checks = ["-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"];
        let args = [&["-r", file, "-t", "e", "-Y", filter][..], &checks].concat();
        tshark.run(folder.path(), &args).expect("tshark")
    };
    let count = |text: &str| text.lines().filter(|l| l.contains("RRoCE") || l.contains("ARP")).count();
    let (sent, arrived) = (packets("in.pcap", "frame"), packets("out.pcap", "frame"));
    assert_eq!(count(&sent), roce::sample().frames.len(), "{sent}");
    assert_eq!(sent, arrived);
    let roce = packets("out.pcap", "infiniband");
    assert_eq!(count(&roce), roce::sample().frames.len() - 1, "all but one are RoCE v2");
    let bad = packets("out.pcap", "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0");
    assert_eq!(count(&bad), 0, "{bad}");
}
