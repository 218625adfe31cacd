//! Classic pcap files, both byte orders, micro- and nanoseconds.
use super::{Capture, Fault, Frame, Order, known_link_type, take};

const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
const HEADER_BYTES: usize = 24;
const RECORD_BYTES: usize = 16;
/// The upper bits of the last header field hold other things.
const LINK_TYPE_MASK: u32 = 0xffff;
const SNAP_BYTES: u32 = 262_144;

pub fn read(mut bytes: &[u8]) -> Result<Capture, Fault> {
    let kind = |order: Order| match bytes.get(..4).map(|magic| order.u32(magic)) {
        Some(MICROSECONDS) => Some((order, 1000)),
        Some(NANOSECONDS) => Some((order, 1)),
        _ => None,
    };
    let (order, unit_ns) = kind(Order::Little)
        .or_else(|| kind(Order::Big))
        .ok_or_else(|| Fault::new("it is neither pcap nor pcapng", "a pcap or pcapng file, plain or gzipped"))?;
    let header = take(&mut bytes, HEADER_BYTES, "the file header")?;
    let link_type = known_link_type(order.u32(&header[20..]) & LINK_TYPE_MASK)?;
    let mut frames = vec![];
    while !bytes.is_empty() {
        let place = format!("frame {}", frames.len() + 1);
        let record = take(&mut bytes, RECORD_BYTES, &place)?;
        let field = |n: usize| order.u32(&record[4 * n..]);
        let data = take(&mut bytes, field(2) as usize, &place)?.to_vec();
        let time_ns = field(0) as u64 * 1_000_000_000 + field(1) as u64 * unit_ns;
        frames.push(Frame { time_ns, data, wire_bytes: field(3) });
    }
    Ok(Capture { link_type, frames })
}

/// The capture as a file, in microseconds when its time stamps are whole ones, else in nanoseconds.
pub fn write(capture: &Capture) -> Vec<u8> {
    let mut out = vec![];
    let whole = capture.frames.iter().all(|frame| frame.time_ns.is_multiple_of(1000));
    let (magic, unit_ns) = if whole { (MICROSECONDS, 1000) } else { (NANOSECONDS, 1) };
    for field in [magic, 2 | 4 << 16, 0, 0, SNAP_BYTES, capture.link_type] {
        out.extend(field.to_le_bytes());
    }
    for frame in &capture.frames {
        let (seconds, rest) = (frame.time_ns / 1_000_000_000, frame.time_ns % 1_000_000_000);
        for field in [seconds as u32, (rest / unit_ns) as u32, frame.data.len() as u32, frame.wire_bytes] {
            out.extend(field.to_le_bytes());
        }
        out.extend(&frame.data);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_microseconds_stay_microseconds() {
        let frame = |time_ns| Frame { time_ns, data: vec![1], wire_bytes: 1 };
        for (time_ns, magic) in [(1_000_002_000, MICROSECONDS), (1_000_002_001, NANOSECONDS)] {
            let capture = Capture { link_type: 1, frames: vec![frame(time_ns)] };
            let bytes = write(&capture);
            assert_eq!(bytes[..4], magic.to_le_bytes());
            assert_eq!(read(&bytes).ok(), Some(capture));
        }
    }

    #[test]
    fn both_byte_orders_and_both_units_are_read() {
        for (order, magic, unit) in
            [(Order::Little, MICROSECONDS, 1000), (Order::Big, MICROSECONDS, 1000), (Order::Big, NANOSECONDS, 1)]
        {
            let put = |value: u32| if order == Order::Little { value.to_le_bytes() } else { value.to_be_bytes() };
            let fields = [magic, 2 | 4 << 16, 0, 0, 65_535, 197, 5, 7, 3, 99];
            let mut bytes: Vec<u8> = fields.into_iter().flat_map(put).collect();
            bytes.extend(b"abc");
            let capture = read(&bytes).ok().expect("a capture");
            let frame = Frame { time_ns: 5_000_000_000 + 7 * unit, data: b"abc".to_vec(), wire_bytes: 99 };
            assert_eq!(capture, Capture { link_type: 197, frames: vec![frame] });
        }
    }
}
