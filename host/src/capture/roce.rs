//! A small capture of our own: RDMA over Ethernet (RoCE v2) with valid checks, and a little other traffic.
use super::{Capture, Frame};

const ETHERNET: u32 = 1;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ARP: u16 = 0x0806;
const UDP: u8 = 17;
/// UDP port of RoCE v2.
const ROCE_PORT: u16 = 4791;
/// Opcodes of a reliable connection.
const SEND_FIRST: u8 = 0x00;
const SEND_MIDDLE: u8 = 0x01;
const SEND_LAST: u8 = 0x02;
const WRITE_ONLY: u8 = 0x0a;
const READ_REQUEST: u8 = 0x0c;
const READ_RESPONSE_ONLY: u8 = 0x10;
const ACKNOWLEDGE: u8 = 0x11;
/// Bytes of the invariant check that ends every packet.
const ICRC_BYTES: usize = 4;
/// Reflected polynomial of Ethernet's CRC-32.
const CRC_POLYNOMIAL: u32 = 0xedb8_8320;

/// The capture: every opcode class, the smallest and the largest frame at an MTU of 4,096 bytes.
pub fn sample() -> Capture {
    let mut frames = vec![arp()];
    let mut sequence = 0x00_1234;
    let mut send = |opcode: u8, header: &[u8], payload: usize, is_v6: bool| {
        let frame = packet(opcode, sequence, header, payload, is_v6);
        sequence += 1;
        frame
    };
    for is_v6 in [false, true] {
        for payload in [4096, 1024, 256] {
            frames.push(send(SEND_FIRST, &[], payload, is_v6));
            frames.push(send(SEND_MIDDLE, &[], payload, is_v6));
            frames.push(send(SEND_LAST, &[], payload / 2 + 3, is_v6));
            frames.push(send(ACKNOWLEDGE, &acknowledge(), 0, is_v6));
        }
        frames.push(send(WRITE_ONLY, &remote(0x7f00_0000_1000, 1001), 1001, is_v6));
        frames.push(send(READ_REQUEST, &remote(0x7f00_0000_2000, 64), 0, is_v6));
        frames.push(send(READ_RESPONSE_ONLY, &acknowledge(), 64, is_v6));
    }
    let frames = frames.into_iter().enumerate().map(|(n, data)| {
        // 2026-01-01, then a frame every 1.7 us
        let time_ns = 1_767_225_600_000_000_000 + 1_700 * n as u64;
        Frame { time_ns, wire_bytes: data.len() as u32, data }
    });
    Capture { link_type: ETHERNET, frames: frames.collect() }
}

fn ethernet(kind: u16) -> Vec<u8> {
    // locally administered addresses
    let mut out = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    out.extend(kind.to_be_bytes());
    out
}

/// Who has 10.0.0.2? Padded to the smallest frame, as on a wire.
fn arp() -> Vec<u8> {
    let mut out = ethernet(ARP);
    out[..6].fill(0xff);
    out.extend([0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]);
    out.resize(60, 0);
    out
}

/// Syndrome "all well" and a message number.
fn acknowledge() -> [u8; 4] {
    [0x1f, 0, 0, 7]
}

/// Address, key and length of remote memory.
fn remote(address: u64, length: u32) -> Vec<u8> {
    [address.to_be_bytes().as_slice(), &0x0102_0304u32.to_be_bytes(), &length.to_be_bytes()].concat()
}

/// One packet: Ethernet, IP, UDP, base transport header, extended header, payload, invariant check.
fn packet(opcode: u8, sequence: u32, header: &[u8], payload: usize, is_v6: bool) -> Vec<u8> {
    let pad = payload.wrapping_neg() % 4;
    let transport_bytes = 8 + 12 + header.len() + payload + pad + ICRC_BYTES;
    let mut out = ethernet(if is_v6 { IPV6 } else { IPV4 });
    let ip = if is_v6 { ip_v6(transport_bytes) } else { ip_v4(transport_bytes) };
    out.extend(&ip);
    for field in [0xc123, ROCE_PORT, transport_bytes as u16, 0] {
        out.extend(field.to_be_bytes());
    }
    let ack_request = if matches!(opcode, SEND_LAST | WRITE_ONLY | READ_REQUEST) { 0x80u32 << 24 } else { 0 };
    out.extend([opcode, (pad as u8) << 4, 0xff, 0xff]);
    // reserved byte and queue pair, then the request for an acknowledge and the sequence number
    out.extend(0x0000_0011u32.to_be_bytes());
    out.extend((ack_request | sequence & 0x00ff_ffff).to_be_bytes());
    out.extend(header);
    out.extend((0..payload).map(|n| (n as u32).wrapping_mul(sequence | 1) as u8));
    out.extend(vec![0; pad]);
    if is_v6 {
        // IPv6 demands it; IPv4 leaves it zero as RoCE v2 does
        let sum = udp_checksum(&out[14..]);
        out[14 + 40 + 6..][..2].copy_from_slice(&sum.to_be_bytes());
    }
    let check = invariant_check(&out[14..], ip.len());
    out.extend(check.to_le_bytes());
    out
}

fn ip_v4(bytes: usize) -> Vec<u8> {
    let total = (20 + bytes) as u16;
    let mut out = vec![0x45, 0x02];
    out.extend(total.to_be_bytes());
    // no fragments, 64 hops
    out.extend([0, 1, 0x40, 0, 64, UDP, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    let sum = ones_complement(&out, 0);
    out[10..12].copy_from_slice(&sum.to_be_bytes());
    out
}

fn ip_v6(bytes: usize) -> Vec<u8> {
    let mut out = vec![0x60, 0x20, 0, 0];
    out.extend((bytes as u16).to_be_bytes());
    out.extend([UDP, 64]);
    for last in [1, 2] {
        out.extend([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    }
    out
}

/// Over the pseudo header, UDP and the invariant check, which masks this field and so can be computed first.
fn udp_checksum(ip: &[u8]) -> u16 {
    let udp = &ip[40..];
    let check = invariant_check(ip, 40).to_le_bytes();
    let bytes = (udp.len() + ICRC_BYTES) as u32;
    let pseudo = [&ip[8..40], bytes.to_be_bytes().as_slice(), &[0, 0, 0, UDP]].concat();
    let sum = ones_complement(&[pseudo.as_slice(), udp, &check].concat(), 0);
    if sum == 0 { 0xffff } else { sum }
}

fn ones_complement(bytes: &[u8], start: u32) -> u16 {
    let words = bytes.chunks(2).map(|pair| (pair[0] as u32) << 8 | pair.get(1).copied().unwrap_or(0) as u32);
    let mut sum = words.fold(start, |sum, word| sum + word);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// CRC-32 from the IP header on, with eight bytes of ones before it and ones in every field that a router may change.
pub fn invariant_check(ip: &[u8], ip_bytes: usize) -> u32 {
    let mut masked = vec![0xff; 8];
    masked.extend(ip);
    let packet = &mut masked[8..];
    if ip_bytes == 40 {
        // traffic class, flow label, hops
        packet[0] |= 0x0f;
        packet[1..4].fill(0xff);
        packet[7] = 0xff;
    } else {
        // type of service, hops, header checksum
        packet[1] = 0xff;
        packet[8] = 0xff;
        packet[10..12].fill(0xff);
    }
    // UDP checksum; the reserved byte of the base transport header, which carries congestion marks
    packet[ip_bytes + 6..ip_bytes + 8].fill(0xff);
    packet[ip_bytes + 12] = 0xff;
    !masked.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ *byte as u32, |crc, _| crc >> 1 ^ if crc & 1 != 0 { CRC_POLYNOMIAL } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_long_as_their_headers_say() {
        let capture = sample();
        let lengths: Vec<usize> = capture.frames.iter().map(|f| f.data.len()).collect();
        // Ethernet 14, IPv4 20, UDP 8, transport header 12, payload 4096, check 4
        assert_eq!((lengths[0], lengths[1], lengths.iter().max()), (60, 4154, Some(&4174)));
        assert!(lengths.iter().max() <= Some(&firstlight_spec::limits::FRAME_MEMORY_BYTES));
    }

    #[test]
    fn the_invariant_check_is_that_of_another_implementation() {
        // zlib's crc32 over the masked bytes of the first acknowledges, one of each IP version
        for (n, check) in [(4, 0x3f8e_358fu32), (19, 0x12de_326e)] {
            let frame = &sample().frames[n].data;
            assert_eq!(frame[frame.len() - 4..], check.to_le_bytes());
        }
    }

    #[test]
    fn checksums_close_to_zero() {
        for frame in &sample().frames[1..] {
            let ip = &frame.data[14..];
            if ip[0] >> 4 == 4 {
                assert_eq!(ones_complement(&ip[..20], 0), 0);
            } else {
                let pseudo = [&ip[8..40], &(ip.len() as u32 - 40).to_be_bytes(), &[0, 0, 0, UDP]].concat();
                assert_eq!(ones_complement(&[pseudo.as_slice(), &ip[40..]].concat(), 0), 0);
            }
        }
    }
}
