//! `list`: boards on USB, by serial number.
use super::Context;
use crate::transport;
use crate::usb::{Board, System};
use crate::{Error, Result};
use firstlight_spec::regs::id;
use std::io::Write;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Do not ask the boards who they are
    #[arg(long)]
    no_probe: bool,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let probe = |device: &str| answer(device);
    list(&System::default(), (!args.no_probe).then_some(&probe), &mut context.out)
}

/// Says who answers behind a serial device.
type Probe<'a> = &'a dyn Fn(&str) -> String;

fn list(system: &System, probe: Option<Probe>, out: &mut dyn Write) -> Result<()> {
    let (devices, boards) = system.boards();
    if boards.is_empty() {
        let what = format!("no board among {devices} USB devices");
        return Err(Error::no_board(what, "a USB device 0403:6010", "plug the board in; firstlight doctor says more"));
    }
    for Board { serial, product, node, ports } in &boards {
        writeln!(
            out,
            "{}  {product}  {}",
            if serial.is_empty() { "(no serial number)" } else { serial },
            node.display()
        )?;
        for port in ports {
            let role = if port.channel == 'B' { "control" } else { "flash" };
            let latency = port.latency_ms.map_or(String::new(), |ms| format!("  latency timer {ms} ms"));
            write!(out, "  {}  {role:7}  {}{latency}", port.channel, port.device.display())?;
            if let (Some(probe), 'B') = (probe, port.channel) {
                write!(out, "  {}", probe(&port.device.to_string_lossy()))?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

fn answer(device: &str) -> String {
    let read = transport::open(device).and_then(|mut port| port.read(id::MAGIC.word, 1, transport::Step::Incrementing));
    match read {
        Ok(words) if words == [id::MAGIC_VALUE] => "firstlight".into(),
        Ok(words) => format!("something else (magic word 0x{:08x})", words.first().copied().unwrap_or(0)),
        Err(error) => error.what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usb::tests::system;

    #[test]
    fn two_boards_are_told_apart_by_serial_number() {
        let (root, system) = system(&[("FT2", 16), ("FT1", 1)]);
        let mut out = Vec::new();
        list(&system, Some(&|device: &str| format!("probed {}", device.ends_with("ttyUSB3"))), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap().replace(&root.path().display().to_string(), "");
        assert_eq!(
            text,
            "FT1  Alchitry Cu  /dev/bus/usb/001/005\n  A  flash    /dev/ttyUSB2  latency timer 1 ms\n  \
             B  control  /dev/ttyUSB3  latency timer 1 ms  probed true\n\
             FT2  Alchitry Cu  /dev/bus/usb/001/004\n  A  flash    /dev/ttyUSB0  latency timer 16 ms\n  \
             B  control  /dev/ttyUSB1  latency timer 16 ms  probed false\n"
        );
    }

    #[test]
    fn no_board_is_no_board() {
        let (_root, system) = system(&[]);
        let error = list(&system, None, &mut Vec::new()).unwrap_err();
        assert_eq!((error.exit, error.what.as_str()), (crate::Exit::NoBoard, "no board among 1 USB devices"));
    }
}
