//! A campaign as text, as a chart of FER against BER, and as an HTML page.

use super::merge::{ALPHA, MIN_EVENTS, Measured, Merged};
use super::stats::CONFIDENCE;
use crate::curves::frame_error_rate;
use crate::plot::{Axis, Chart, Point, Series, Style, html_page, html_table};
use anyhow::Result;

const HEAD: [&str; 10] =
    ["channel", "BER", "scheme", "bytes", "frames", "lost", "rate", "95 % interval", "exact", "p-value"];

fn row(m: &Measured) -> Vec<String> {
    let p_value = match m.p_value {
        Some(p) => format!("{p:.3}{}", if m.rejected { " rejected" } else { "" }),
        None => "few events".into(),
    };
    let frames = match m.point.importance_ber {
        Some(ber) => format!("{} at {ber:e}", m.counted),
        None => m.counted.to_string(),
    };
    // no event is a bound, not a zero
    let rate = if m.lost == 0 { format!("< {:.2e}", m.interval.1) } else { format!("{:.3e}", m.rate) };
    vec![
        m.point.channel.name(),
        format!("{:.0e}", m.point.channel.ber()),
        m.point.scheme.to_string(),
        m.point.frame_bytes.to_string(),
        frames,
        m.lost.to_string(),
        rate,
        format!("{:.2e} .. {:.2e}", m.interval.0, m.interval.1),
        format!("{:.3e}", m.exact),
        p_value,
    ]
}

/// Points of an exact curve.
const STEPS: u32 = 60;

/// What the joint test says, and what else a reader must know.
fn verdicts(merged: &Merged) -> Vec<String> {
    let tested = merged.points.iter().filter(|m| m.p_value.is_some()).count();
    let rejected = merged.points.iter().filter(|m| m.rejected).count();
    let silent: u64 = merged.points.iter().map(|m| m.silent).sum();
    let mut lines = vec![
        format!(
            "joint test (Holm, {} %): {rejected} of {tested} points with at least {MIN_EVENTS} events rejected",
            ALPHA * 100.0
        ),
        format!("frames delivered wrong as good: {silent}"),
    ];
    if !merged.missing.is_empty() {
        let n = merged.missing.len();
        lines.push(format!("{n} of {} shards are missing, the first is {}", merged.shards, merged.missing[0]));
    }
    lines
}

/// Table and verdicts.
pub fn text(merged: &Merged) -> String {
    let mut rows = vec![HEAD.map(String::from).to_vec()];
    rows.extend(merged.points.iter().map(row));
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let mut text = format!("campaign {} (spec {}, seed {})\n", merged.name, merged.spec, merged.seed);
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
        text += &format!("{}\n", cells.join("  "));
    }
    text + &verdicts(merged).join("\n") + "\n"
}

/// FER against BER, log-log: exact curves and measured points, one chart per frame length in bytes.
pub fn charts(merged: &Merged) -> Result<Vec<(usize, Chart)>> {
    let mut lengths: Vec<usize> = merged.points.iter().map(|m| m.point.frame_bytes).collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths.into_iter().map(|bytes| Ok((bytes, chart(merged, bytes)?))).collect()
}

/// Distinct values in the order in which they first come.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(vec![], |mut found, one| {
        if !found.contains(&one) {
            found.push(one);
        }
        found
    })
}

/// A colour for each scheme, a pattern for each channel.
fn chart(merged: &Merged, bytes: usize) -> Result<Chart> {
    let points: Vec<&Measured> = merged.points.iter().filter(|m| m.point.frame_bytes == bytes).collect();
    let bers = || points.iter().map(|m| m.point.channel.ber());
    let (low, high) = (bers().fold(1.0, f64::min), bers().fold(0.0, f64::max));
    let schemes = distinct(points.iter().map(|m| m.point.scheme));
    let channels = distinct(points.iter().map(|m| m.point.channel.name()));
    let mut series = vec![];
    for (dash, channel) in channels.iter().enumerate() {
        for (color, scheme) in schemes.iter().enumerate() {
            let here: Vec<&Measured> = points
                .iter()
                .filter(|m| m.point.scheme == *scheme && m.point.channel.name() == *channel)
                .copied()
                .collect();
            let Some(first) = here.first() else { continue };
            let exact = (0..=STEPS).map(|k| {
                let ber = low * (high / low).powf(f64::from(k) / f64::from(STEPS));
                let rate = frame_error_rate(&first.point.channel.with_ber(ber), *scheme, first.point.words());
                rate.map(|y| Point::new(ber, y)).map_err(anyhow::Error::msg)
            });
            let name = format!("{channel} {scheme}");
            let mut add = |style, points: Vec<Point>| {
                if !points.is_empty() {
                    series.push(Series { name: name.clone(), style, color, dash, points });
                }
            };
            add(Style::Line, exact.collect::<Result<_>>()?);
            let ber = |m: &Measured| m.point.channel.ber();
            let (seen, unseen): (Vec<&Measured>, Vec<_>) =
                here.iter().filter(|m| m.counted > 0).partition(|m| m.lost > 0);
            let marked = seen.iter().map(|m| Point { x: ber(m), y: m.rate, interval: Some(m.interval) });
            add(Style::Markers, marked.collect());
            add(Style::Bounds, unseen.iter().map(|m| Point::new(ber(m), m.interval.1)).collect());
        }
    }
    let confidence = CONFIDENCE * 100.0;
    let title = format!("{bytes}-byte frames: exact (lines), measured with {confidence:.0} % interval (points)");
    Ok(Chart { title, x: Axis::log("bit error rate on the line"), y: Axis::log("frame error rate"), series })
}

/// The page with table and charts.
pub fn html(merged: &Merged) -> Result<String> {
    let rows: Vec<Vec<String>> = merged.points.iter().map(row).collect();
    let mut sections = vec![("Points".to_string(), html_table(&HEAD, &rows))];
    let items: String = verdicts(merged).iter().map(|v| format!("<li>{}</li>", crate::plot::escape(v))).collect();
    sections.push(("Verdict".into(), format!("<ul>{items}</ul>")));
    for (_, chart) in charts(merged)? {
        sections.push((chart.title.clone(), chart.to_svg()?));
    }
    Ok(html_page(&format!("Campaign {}", merged.name), &sections))
}
