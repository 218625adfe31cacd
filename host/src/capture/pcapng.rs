//! pcapng files: sections, interfaces, packets of all three kinds; other blocks are skipped.
use super::{Capture, Fault, Frame, Order, known_link_type, take};

const SECTION: u32 = 0x0a0d_0d0a;
const ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const PACKET: u32 = 6;
/// Options of an interface.
const TIME_RESOLUTION: u16 = 9;
const TIME_OFFSET: u16 = 14;
/// Type, length, and the length again at the end.
const FRAME_BYTES: usize = 12;

/// One interface of a section.
struct Interface {
    link_type: u32,
    snap_bytes: u32,
    /// Units of a time stamp in a second.
    per_second: u64,
    offset_s: u64,
}

/// Does it start like one?
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&SECTION.to_be_bytes())
}

pub fn read(mut bytes: &[u8]) -> Result<Capture, Fault> {
    let mut order = Order::Little;
    let mut interfaces: Vec<Interface> = vec![];
    let mut link_type = None;
    let mut frames = vec![];
    while !bytes.is_empty() {
        let place = format!("the block after frame {}", frames.len());
        if is_one(bytes) {
            let magic = bytes.get(8..12).ok_or_else(|| Fault::cut("a section header"))?;
            order = if Order::Little.u32(magic) == ORDER_MAGIC { Order::Little } else { Order::Big };
            if order.u32(magic) != ORDER_MAGIC {
                return Err(Fault::new("a section without byte order mark", "a pcapng file"));
            }
            interfaces.clear();
        }
        let length = bytes.get(4..8).map(|l| order.u32(l) as usize).ok_or_else(|| Fault::cut(&place))?;
        if length < FRAME_BYTES || length % 4 != 0 {
            return Err(Fault::new(format!("{place} claims {length} bytes"), "a multiple of 4 from 12 on"));
        }
        let block = take(&mut bytes, length, &place)?;
        if order.u32(&block[length - 4..]) as usize != length {
            return Err(Fault::new(format!("{place} gives two different lengths"), "a pcapng file without damage"));
        }
        let body = &block[8..length - 4];
        let found = match order.u32(block) {
            INTERFACE => {
                interfaces.push(interface(order, body).ok_or_else(|| Fault::cut("an interface"))?);
                continue;
            }
            PACKET => packet(order, body, false),
            OLD_PACKET => packet(order, body, true),
            SIMPLE_PACKET => simple(order, body, &interfaces),
            _ => continue,
        };
        let place = format!("frame {}", frames.len() + 1);
        let (number, stamp, wire_bytes, data) = found.ok_or_else(|| Fault::cut(&place))?;
        let Some(interface) = interfaces.get(number) else {
            return Err(Fault::new(format!("{place} names an interface that is not there"), "a complete pcapng file"));
        };
        let kind = known_link_type(interface.link_type)?;
        if *link_type.get_or_insert(kind) != kind {
            let expected = "one link type; tshark -r IN -w OUT frame.interface_id==0 keeps one interface";
            return Err(Fault::new(format!("{place} is of another link type than those before"), expected));
        }
        frames.push(Frame { time_ns: interface.time_ns(stamp), data: data.to_vec(), wire_bytes });
    }
    Ok(Capture { link_type: link_type.unwrap_or(1), frames })
}

type Packet<'a> = (usize, u64, u32, &'a [u8]);

fn packet(order: Order, body: &[u8], is_old: bool) -> Option<Packet<'_>> {
    let head = body.get(..20)?;
    let number = if is_old { order.u16(head) as usize } else { order.u32(head) as usize };
    let stamp = (order.u32(&head[4..]) as u64) << 32 | order.u32(&head[8..]) as u64;
    let data = body.get(20..)?.get(..order.u32(&head[12..]) as usize)?;
    Some((number, stamp, order.u32(&head[16..]), data))
}

fn simple<'a>(order: Order, body: &'a [u8], interfaces: &[Interface]) -> Option<Packet<'a>> {
    let wire_bytes = order.u32(body.get(..4)?);
    let snap = interfaces.first().map_or(0, |i| i.snap_bytes);
    let held = if snap == 0 { wire_bytes } else { wire_bytes.min(snap) };
    Some((0, 0, wire_bytes, body.get(4..)?.get(..held as usize)?))
}

fn interface(order: Order, body: &[u8]) -> Option<Interface> {
    let head = body.get(..8)?;
    let mut found = Interface {
        link_type: order.u16(head) as u32,
        snap_bytes: order.u32(&head[4..]),
        per_second: 1_000_000,
        offset_s: 0,
    };
    let mut options = &body[8..];
    while options.len() >= 4 {
        let (code, length) = (order.u16(options), order.u16(&options[2..]) as usize);
        let value = options.get(4..4 + length)?;
        match (code, length) {
            (0, _) => break,
            (TIME_RESOLUTION, 1) => found.per_second = resolution(value[0])?,
            (TIME_OFFSET, 8) => {
                let (a, b) = (order.u32(value) as u64, order.u32(&value[4..]) as u64);
                found.offset_s = if order == Order::Little { b << 32 | a } else { a << 32 | b };
            }
            _ => {}
        }
        options = options.get(4 + length.next_multiple_of(4)..).unwrap_or(&[]);
    }
    Some(found)
}

/// Units in a second: a power of ten, or of two with the top bit set.
fn resolution(code: u8) -> Option<u64> {
    let power = (code & 0x7f) as u32;
    if code & 0x80 == 0 { 10u64.checked_pow(power) } else { 1u64.checked_shl(power) }
}

impl Interface {
    fn time_ns(&self, stamp: u64) -> u64 {
        let whole = (stamp / self.per_second).wrapping_add(self.offset_s);
        let rest = (stamp % self.per_second) as u128 * 1_000_000_000 / self.per_second as u128;
        whole.wrapping_mul(1_000_000_000).wrapping_add(rest as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(order: Order, kind: u32, body: &[u8]) -> Vec<u8> {
        let put = |value: u32| if order == Order::Little { value.to_le_bytes() } else { value.to_be_bytes() };
        let length = (FRAME_BYTES + body.len().next_multiple_of(4)) as u32;
        let mut out = [put(kind), put(length)].concat();
        out.extend(body);
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend(put(length));
        out
    }

    /// A section with one interface of this resolution and three kinds of packet.
    fn sample(order: Order, resolution: u8) -> Vec<u8> {
        let put = |value: u32| if order == Order::Little { value.to_le_bytes() } else { value.to_be_bytes() };
        let half = |value: u16| if order == Order::Little { value.to_le_bytes() } else { value.to_be_bytes() };
        let mut out = block(order, SECTION, &[put(ORDER_MAGIC), put(1), put(!0), put(!0)].concat());
        let options = [half(TIME_RESOLUTION), half(1), [resolution, 0], [0, 0], half(0), half(0)].concat();
        out.extend(block(order, INTERFACE, &[half(1).to_vec(), vec![0, 0], put(2).to_vec(), options].concat()));
        out.extend(block(order, 0x0bad, b"unknown!"));
        let head = |number: [u8; 4]| [number, put(0), put(1_500_000), put(3), put(60)].concat();
        out.extend(block(order, PACKET, &[head(put(0)).as_slice(), b"abc"].concat()));
        let old = [half(0), half(7)].concat();
        out.extend(block(order, OLD_PACKET, &[head(old.try_into().unwrap()).as_slice(), b"def"].concat()));
        out.extend(block(order, SIMPLE_PACKET, &[put(60).as_slice(), b"gh"].concat()));
        out
    }

    #[test]
    fn all_kinds_of_packet_are_read_in_both_byte_orders() {
        for order in [Order::Little, Order::Big] {
            let capture = read(&sample(order, 6)).ok().expect("a capture");
            let frame = |time_ns, data: &[u8]| Frame { time_ns, data: data.to_vec(), wire_bytes: 60 };
            let want = vec![frame(1_500_000_000, b"abc"), frame(1_500_000_000, b"def"), frame(0, b"gh")];
            assert_eq!(capture, Capture { link_type: 1, frames: want });
        }
    }

    #[test]
    fn time_stamps_follow_the_interface() {
        for (resolution, want) in [(9, 1_500_000), (3, 1_500_000_000_000), (0x80 | 20, 1_430_511_474)] {
            let capture = read(&sample(Order::Little, resolution)).ok().expect("a capture");
            assert_eq!(capture.frames[0].time_ns, want, "resolution {resolution:#x}");
        }
    }

    #[test]
    fn damage_is_refused_wherever_it_is() {
        let whole = sample(Order::Little, 6);
        for length in 1..whole.len() {
            if let Ok(capture) = read(&whole[..length]) {
                assert!(capture.frames.len() < 3);
            }
        }
        let mut odd = whole.clone();
        odd[4] = 13;
        assert!(read(&odd).is_err());
        let mut huge = whole;
        huge[4..8].copy_from_slice(&0xffff_fffcu32.to_le_bytes());
        assert!(read(&huge).is_err());
    }
}
