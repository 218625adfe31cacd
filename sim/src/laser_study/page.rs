//! The study as text and as a page: table, late share against duty, light over time.

use super::{Row, policy};
use crate::model::laser::policy::Setting;
use crate::model::laser::switch::Switch;
use crate::plot::{Axis, Chart, Point, Series, Style, escape, html_page, html_table};
use crate::traffic::Burst;
use anyhow::Result;
use std::fmt::Write;

const HEAD: [&str; 9] =
    ["traffic", "policy", "on time %", "held mean", "p99", "max", "duty %", "of oracle's saving %", "slowdown ppm"];

fn cells(row: &Row) -> Vec<String> {
    vec![
        row.traffic.clone(),
        row.policy.clone(),
        format!("{:.2}", 100.0 * row.on_time),
        format!("{:.2}", row.held_cycles_mean),
        row.held_cycles_p99.map_or("-".into(), |n| n.to_string()),
        row.held_cycles_max.map_or("-".into(), |n| n.to_string()),
        format!("{:.1}", 100.0 * row.duty),
        format!("{:.1}", 100.0 * row.saving_of_oracle),
        format!("{:.1}", row.slowdown_ppm),
    ]
}

/// The table in columns.
pub fn text(rows: &[Row]) -> String {
    let mut lines = vec![HEAD.map(String::from).to_vec()];
    lines.extend(rows.iter().map(cells));
    let widths: Vec<usize> =
        (0..HEAD.len()).map(|k| lines.iter().map(|l| l[k].chars().count()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for line in lines {
        for (k, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width - cell.chars().count());
            if k < 2 { write!(out, "{cell}{pad}  ") } else { write!(out, "{pad}{cell}  ") }.expect("a string");
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}

/// Late share against duty, one point a policy.
pub fn front(rows: &[Row]) -> Chart {
    let series = rows
        .iter()
        .enumerate()
        .map(|(color, row)| Series {
            name: row.policy.clone(),
            style: Style::Markers,
            color,
            dash: 0,
            points: vec![Point::new(100.0 * row.duty, 100.0 * (1.0 - row.on_time))],
        })
        .collect();
    Chart {
        title: rows.first().map_or(String::new(), |r| r.traffic.clone()),
        x: Axis::linear("time with light, %").within(0.0, 100.0),
        y: Axis::linear("late bursts, %").within(0.0, 100.0),
        series,
    }
}

/// Light of some policies over the last `gaps` gaps, above the traffic itself.
pub fn timeline(
    bursts: &[Burst],
    policies: &[String],
    setting: &Setting,
    gaps: usize,
    cycle_ns: f64,
) -> Option<String> {
    let first = bursts.len().saturating_sub(gaps + 1);
    let shown: u64 = bursts[first + 1..].iter().map(|b| (b.gap + b.busy) as u64).sum();
    let (width, left, bar) = (900.0, 150.0, 16.0);
    let scale = (width - left - 10.0) / shown as f64;
    let height = 30.0 + (bar + 8.0) * (policies.len() + 1) as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n"
    );
    let draw = |svg: &mut String, line: usize, name: &str, colour: &str, spans: &[(u64, u64)]| {
        let y = 8.0 + (bar + 8.0) * line as f64;
        writeln!(svg, "<text x=\"4\" y=\"{:.1}\">{}</text>", y + 12.0, escape(name)).expect("a string");
        for (from, to) in spans {
            let (x, w) = (left + *from as f64 * scale, ((to - from) as f64 * scale).max(0.2));
            writeln!(svg, "<rect x=\"{x:.2}\" y=\"{y:.1}\" width=\"{w:.2}\" height=\"{bar}\" fill=\"{colour}\"/>")
                .expect("a string");
        }
    };
    let mut at = 0;
    let mut busy = vec![];
    for burst in &bursts[first + 1..] {
        at += burst.gap as u64;
        busy.push((at, at + burst.busy as u64));
        at += burst.busy as u64;
    }
    draw(&mut svg, 0, "bursts", "#333333", &busy);
    for (line, name) in policies.iter().enumerate() {
        let (mut policy, mut switch) = (policy(name, setting, 1, bursts)?, Switch::lit());
        let (mut lit, mut at) = (vec![], 0u64);
        for (k, pair) in bursts.windows(2).enumerate() {
            let gap = pair[1].gap as u64;
            let plan = policy.plan(setting, pair[0].busy as u64, gap);
            let out = switch.gap(setting, &plan, gap, pair[1].busy as u64);
            policy.learn(setting, &out);
            if k >= first {
                // one bar for the light after the burst, one for that before the next
                let after = plan.first().map_or(gap, |d| d.from.min(gap));
                let before = (gap - after).saturating_sub(out.dark);
                lit.push((at, at + after));
                lit.push((at + gap - before.min(gap - after), at + gap + pair[1].busy as u64));
                at += gap + pair[1].busy as u64;
            }
        }
        draw(&mut svg, line + 1, name, "#d08020", &lit);
    }
    let label = format!("{:.1} us", shown as f64 * cycle_ns / 1000.0);
    writeln!(svg, "<text x=\"{left}\" y=\"{:.1}\">{label}</text>\n</svg>", height - 6.0).expect("a string");
    Some(svg)
}

/// The whole page; `plots` are titles and SVG texts.
pub fn html(title: &str, intro: &str, rows: &[Row], plots: &[(String, String)]) -> Result<String> {
    let table: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let mut sections =
        vec![("Policies".to_string(), format!("<p>{}</p>\n{}", escape(intro), html_table(&HEAD, &table)))];
    for (traffic, rows) in by_traffic(rows) {
        sections.push((format!("{traffic}: late against light"), front(&rows).to_svg()?));
    }
    sections.extend(plots.iter().cloned());
    Ok(html_page(title, &sections))
}

fn by_traffic(rows: &[Row]) -> Vec<(String, Vec<Row>)> {
    rows.chunk_by(|a, b| a.traffic == b.traffic).map(|r| (r[0].traffic.clone(), r.to_vec())).collect()
}
