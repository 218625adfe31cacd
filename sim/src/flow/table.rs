//! The figures of a build as Markdown: the whole top, its parts, its block memories.

use super::report::{Mhz, Report};
use std::fmt::Write;

/// Table of a top and its parts.
pub fn markdown(report: &Report) -> String {
    let mut text = format!(
        "`{}` on {}, {}, {}, best of {} seeds:\n\n| clock | min | median | max | needs |\n|---|---|---|---|---|\n",
        report.top,
        report.device,
        report.tools.get("yosys").map_or("", String::as_str),
        report.tools.get("nextpnr-ice40").map_or("", String::as_str),
        report.seeds.len()
    );
    let mut line = |cells: &[String]| writeln!(text, "| {} |", cells.join(" | ")).expect("into a string");
    for (name, clock) in &report.clocks {
        let Mhz { min, median, max } = clock.mhz;
        let missed = if clock.mhz.max < clock.target_mhz { ", **missed**" } else { "" };
        let needs = format!("{:.2} MHz{missed}", clock.target_mhz);
        line(&[name.clone(), format!("{min:.1}"), format!("{median:.1}"), format!("{max:.1}"), needs]);
    }
    for (path, ns) in &report.crossings_ns {
        writeln!(text, "\nSlowest path {path}: {ns:.2} ns.").expect("into a string");
    }
    let timed = report.blocks.values().any(|part| part.clocks.contains_key("clock"));
    text.push_str(if timed {
        "\n| part | LUT4 | FF | BRAM | MHz alone |\n|---|---|---|---|---|\n"
    } else {
        "\n| part | LUT4 | FF | BRAM |\n|---|---|---|---|\n"
    });
    let mut line = |cells: &[String]| writeln!(text, "| {} |", cells.join(" | ")).expect("into a string");
    for (name, part) in &report.blocks {
        let u = &part.utilisation;
        let mut cells = vec![name.clone(), u.lut4.used.to_string(), u.ff.used.to_string(), u.bram.used.to_string()];
        if timed {
            cells.push(part.clocks.get("clock").map_or(String::new(), |c| format!("{:.1}", c.mhz.median)));
        }
        line(&cells);
    }
    let u = &report.utilisation;
    let of = |used, available| format!("**{used}** of {available}");
    let kinds = [u.lut4, u.ff, u.bram];
    let mut cells = vec!["whole".to_string()];
    cells.extend(kinds.iter().map(|kind| of(kind.used, kind.available)));
    if timed {
        cells.push(String::new());
    }
    line(&cells);
    writeln!(
        text,
        "\nLogic cells after packing: {} of {} ({} %).",
        u.logic_cells.used,
        u.logic_cells.available,
        100 * u.logic_cells.used / u.logic_cells.available.max(1)
    )
    .expect("into a string");
    text
}

/// Table of the block memories: which part has how many.
pub fn memories(report: &Report) -> String {
    let mut text = String::from("| part | block memories | what they hold |\n|---|---|---|\n");
    for (name, part) in report.blocks.iter().filter(|(_, part)| part.utilisation.bram.used > 0) {
        writeln!(text, "| {name} | {} | {} |", part.utilisation.bram.used, contents(name, part.utilisation.bram.used))
            .expect("into a string");
    }
    let bram = report.utilisation.bram;
    writeln!(text, "| free | {} | |\n| device | {} | |", bram.available - bram.used, bram.available)
        .expect("into a string");
    text
}

/// What the block memories of a part hold.
fn contents(part: &str, memories: u64) -> &'static str {
    match part {
        "core" => "settings, as the host reads them back",
        "counters" => "event counters, 48 bits each, and their snapshot",
        "generator" if memories <= 4 => "settings; frames left, as they were at a read",
        "generator" => "schedule: 256 pairs of gap and length; settings; frames left, as they were at a read",
        "histograms" => "bins of latency and of waiting, 256 each, and their twins that the host reads",
        "id" => "the gateware's name, its registers",
        "laser" => "PairGap: two gap tables",
        "latency" => "stamps of the frames on their way, outliers",
        "memories" => "frames to send, slots received",
        "totals" => "number and sum of latencies, snapshot",
        "phy" => "elastic buffer: slots between two clocks",
        _ => "",
    }
}
