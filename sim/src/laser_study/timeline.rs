//! Light over time: the last gaps of a traffic under some policies.

use super::policy;
use crate::model::laser::policy::Setting;
use crate::model::laser::switch::Switch;
use crate::plot::escape;
use crate::traffic::Burst;
use std::fmt::Write;

const WIDTH: f64 = 900.0;
const LEFT: f64 = 140.0;
const RIGHT: f64 = 880.0;
const BAR: f64 = 16.0;
const STEP: f64 = 24.0;
/// Colours of bursts, light, darkness, and of bursts that are held.
const BUSY: &str = "#333333";
const LIT: &str = "#f0a830";
const DARK: &str = "#e4e4e4";
const HELD: &str = "#c01818";

/// Light of the policies over the last `gaps` gaps, below the traffic itself; none for an unknown policy.
pub fn timeline(bursts: &[Burst], names: &[String], setting: &Setting, gaps: usize, cycle_ns: f64) -> Option<String> {
    let first = bursts.len().saturating_sub(gaps + 1);
    let shown: u64 = bursts[first + 1..].iter().map(|b| u64::from(b.gap) + u64::from(b.busy)).sum();
    let scale = (RIGHT - LEFT) / shown as f64;
    let height = 16.0 + STEP * (names.len() + 1) as f64 + 36.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    let mut put = |text: String| writeln!(svg, "{text}").expect("a string takes all");
    let top = |line: usize| 8.0 + STEP * line as f64;
    let bar = |line: usize, (from, to): (u64, u64), color: &str| {
        let (x, w) = (LEFT + from as f64 * scale, ((to - from) as f64 * scale).max(0.3));
        format!("<rect x=\"{x:.2}\" y=\"{:.1}\" width=\"{w:.2}\" height=\"{BAR}\" fill=\"{color}\"/>", top(line))
    };
    let label = |line: usize, name: &str| {
        format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", LEFT - 10.0, top(line) + 12.0, escape(name))
    };
    put(label(0, "bursts"));
    let mut at = 0;
    for burst in &bursts[first + 1..] {
        at += u64::from(burst.gap);
        put(bar(0, (at, at + u64::from(burst.busy)), BUSY));
        at += u64::from(burst.busy);
    }
    for (line, name) in names.iter().enumerate() {
        let line = line + 1;
        put(label(line, name));
        put(bar(line, (0, shown), LIT));
        let (mut policy, mut switch) = (policy(name, setting, 1, bursts)?, Switch::lit());
        let mut at = 0;
        for (k, pair) in bursts.windows(2).enumerate() {
            let (gap, busy) = (u64::from(pair[1].gap), u64::from(pair[1].busy));
            let plan = policy.plan(setting, u64::from(pair[0].busy), gap);
            let mut dark = vec![];
            let out = switch.gap_shown(setting, &plan, gap, busy, |from, lit| dark.push((from, lit)));
            policy.learn(setting, &out);
            if k < first {
                continue;
            }
            for (from, to) in dark {
                put(bar(line, (at + from, at + to.min(gap + busy)), DARK));
            }
            if out.held > 0 {
                put(bar(line, (at + gap, at + gap + out.held.min(busy)), HELD));
            }
            at += gap + busy;
        }
    }
    let (low, step) = (top(names.len() + 1), round_step(shown as f64 * cycle_ns / 1000.0));
    let mut us = 0.0;
    while us <= shown as f64 * cycle_ns / 1000.0 {
        let x = LEFT + us * 1000.0 / cycle_ns * scale;
        put(format!(
            "<line x1=\"{x:.1}\" y1=\"4\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#888888\" stroke-width=\"0.5\"/>",
            low + 2.0
        ));
        put(format!("<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{us}</text>", low + 16.0));
        us += step;
    }
    put(format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">time, us</text>", LEFT - 10.0, low + 16.0));
    put(format!(
        "<text x=\"{LEFT}\" y=\"{:.1}\" fill=\"#555555\">orange: light, grey: dark, red: the burst is held</text>",
        low + 32.0
    ));
    Some(svg + "</svg>\n")
}

/// 1, 2 or 5 times a power of ten, for at most ten steps.
fn round_step(span: f64) -> f64 {
    let decade = 10f64.powf((span / 10.0).log10().floor());
    [1.0, 2.0, 5.0].map(|m| m * decade).into_iter().find(|s| span / s <= 10.0).unwrap_or(10.0 * decade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_the_darkness_and_the_holds_of_the_last_gaps() {
        let bursts: Vec<Burst> = (0..40).map(|_| Burst { gap: 500, busy: 100, class: 0 }).collect();
        let names = ["always-on", "reactive", "oracle"].map(String::from);
        let svg = timeline(&bursts, &names, &Setting::of(52), 10, 10.0).expect("known policies");
        let count = |color: &str| svg.matches(&format!("fill=\"{color}\"")).count();
        // bursts, light, darkness of two policies, holds of one
        assert_eq!([BUSY, LIT, DARK, HELD].map(count), [10, 3, 20, 10]);
        // 10 gaps and bursts are 740 units wide: darkness of all but t_on, holds of t_on
        let width = |cycles: f64| format!("width=\"{:.2}\"", cycles * 740.0 / 6_000.0);
        assert_eq!(svg.matches(&width(52.0)).count(), 10, "{svg}");
        assert_eq!(svg.matches(&width(448.0)).count(), 10, "{svg}");
        assert!(timeline(&bursts, &["best".into()], &Setting::of(52), 10, 10.0).is_none());
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([9.0, 10.0, 24.0, 130.0].map(round_step), [1.0, 1.0, 5.0, 20.0]);
    }
}
