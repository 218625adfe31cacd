//! `replay`: sends the frames of a capture over the link and compares what arrives.
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::Context;
use super::measure::{random_errors, rung};
use crate::capture::{self, Capture, Frame};
use crate::device::Device;
use crate::measure::LineErrors;
use crate::output::{Output, Report};
use crate::progress::Progress;
use crate::replay::{self, Arrival, Fate, Setup};
use crate::report::text;
use crate::{Error, Result};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// pcap or pcapng, plain or gzipped; Ethernet, ERF or InfiniBand
    capture: PathBuf,
    /// Writes what arrived, as pcap
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What the receiver does: L0 forwards, L1 detects, L2 corrects, L3 repairs by tail parity too
    #[arg(long, default_value = "L2", value_parser = rung)]
    rung: u32,
    /// Random line errors of this bit error rate while a frame is on the line
    #[arg(long, value_name = "RATE")]
    errors: Option<f64>,
    /// Start of the random errors
    #[arg(long, default_value_t = 1, requires = "errors", value_parser = clap::value_parser!(u32).range(1..))]
    seed: u32,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// One line of the report.
struct Line {
    bytes: usize,
    is_exact: bool,
    fate: Fate,
    cycles: Option<u64>,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let capture = capture::read(&args.capture)?;
    let name = args.capture.display().to_string();
    refuse_unfit(&capture, &name)?;
    let errors = args.errors.map_or(Ok(LineErrors::None), |rate| random_errors(rate, args.seed))?;
    let setup = Setup { rung: args.rung, errors };
    let output = args.output.as_deref().map(Output::create).transpose()?;
    let mut device = context.connect()?;
    replay::prepare(&mut device, &setup)?;
    let progress = Progress::new("frames", capture.frames.len() as u64, context.global.quiet);
    let (mut lines, mut arrived) = (vec![], vec![]);
    for (n, frame) in capture.frames.iter().enumerate() {
        progress.at(n as u64);
        let Arrival { data, fate, latency_cycles } = replay::send(&mut device, &setup, &frame.data)?;
        lines.push(Line { bytes: frame.data.len(), is_exact: data == frame.data, fate, cycles: latency_cycles });
        arrived.push(Frame { data, ..*frame });
    }
    progress.done();
    let wrong = lines.iter().filter(|l| !l.arrived()).count();
    let mut out = Report::new(context.out, true);
    if args.json {
        report_json(&lines, &name, &device, &mut out)?;
    } else {
        report_text(&lines, &capture, &name, &device, &mut out)?;
    }
    out.flush()?;
    if wrong > 0 {
        return Err(Error::limit(
            format!("{wrong} of {} frames did not arrive as they were sent", lines.len()),
            "every frame bit-exact and with a good verdict",
            "--rung L3 repairs damaged words, firstlight measure counts them; no output file was written",
        ));
    }
    if let Some(output) = output {
        output.fill(&capture::write(&Capture { frames: arrived, ..capture }))?;
    }
    Ok(())
}

/// All frames fit, or none is sent.
fn refuse_unfit(capture: &Capture, name: &str) -> Result<()> {
    for (n, frame) in capture.frames.iter().enumerate() {
        if let Some((what, expected)) = replay::unfit(&frame.data) {
            let next = format!("tshark -r {name} -Y '!(frame.number == {})' -w OUT.pcap leaves it out", n + 1);
            return Err(Error::usage(format!("{name}: frame {} {what}", n + 1), expected, next));
        }
    }
    Ok(())
}

fn report_text(lines: &[Line], capture: &Capture, name: &str, device: &Device, out: &mut dyn Write) -> Result<()> {
    text::head(out, &device.identity)?;
    writeln!(out, "capture    {name}: {} frames, {}", lines.len(), capture.link_name())?;
    writeln!(out, "\n   frame   bytes  cycles        ns  far end")?;
    for (n, line) in lines.iter().enumerate() {
        let cycles = line.cycles.map_or("-".to_owned(), |c| c.to_string());
        let ns = line.cycles.map_or("-".to_owned(), |c| format!("{:.2}", c as f64 * device.cycle_ns()));
        writeln!(out, "{:>8}{:>8}{cycles:>8}{ns:>10}  {}", n + 1, line.bytes, line.verdict())?;
    }
    let exact = lines.iter().filter(|l| l.arrived()).count();
    let bytes: usize = lines.iter().map(|l| l.bytes).sum();
    let cycles = || lines.iter().filter_map(|l| l.cycles);
    let range = match (cycles().min(), cycles().max()) {
        (Some(min), Some(max)) if min == max => {
            format!("every one {min} cycles ({:.2} ns)", min as f64 * device.cycle_ns())
        }
        (Some(min), Some(max)) => format!("{min} to {max} cycles"),
        _ => "unknown".to_owned(),
    };
    let repaired = lines.iter().filter(|l| l.arrived() && l.fate != Fate::Good).count();
    let how = if repaired > 0 { format!(" ({repaired} after repair)") } else { String::new() };
    writeln!(out, "\n{exact} of {} frames bit-exact{how}, {bytes} bytes; latency {range}", lines.len())?;
    Ok(())
}

fn report_json(lines: &[Line], name: &str, device: &Device, out: &mut dyn Write) -> Result<()> {
    let frames: Vec<_> = lines
        .iter()
        .map(|l| {
            let repaired_words = if let Fate::Repaired { words, .. } = l.fate { Some(words) } else { None };
            json!({
                "bytes": l.bytes, "latency_cycles": l.cycles, "bit_exact": l.is_exact,
                "good": l.fate == Fate::Good, "repaired_words": repaired_words, "aborted": l.fate == Fate::Aborted,
            })
        })
        .collect();
    let report = json!({
        "schema": "firstlight-replay-1",
        "tool": concat!("firstlight ", env!("CARGO_PKG_VERSION")),
        "port": device.identity.port,
        "engine": device.identity.engine,
        "gateware": device.identity.gateware,
        "cycle_ns": device.cycle_ns(),
        "capture": name,
        "frames": frames,
    });
    Ok(writeln!(out, "{report}")?)
}

impl Line {
    /// Delivered, and as it was sent.
    fn arrived(&self) -> bool {
        self.is_exact && self.fate.is_delivered()
    }

    fn verdict(&self) -> String {
        match (self.is_exact, self.fate) {
            (true, Fate::Good) => "bit-exact".into(),
            (true, Fate::Repaired { words: 0, .. }) => "bit-exact; damage beside its words".into(),
            (true, Fate::Repaired { words, was_soft }) => {
                let upstream = if was_soft { ", damaged upstream" } else { "" };
                format!("bit-exact, {words} {} repaired{upstream}", if words == 1 { "word" } else { "words" })
            }
            (true, Fate::Bad) => "bit-exact, but verdict bad".into(),
            (false, Fate::Good) => "DIFFERS, with a good verdict".into(),
            (false, Fate::Repaired { .. }) => "DIFFERS after repair".into(),
            (false, Fate::Bad) => "differs, verdict bad".into(),
            (_, Fate::Aborted) => "aborted by its source".into(),
        }
    }
}
