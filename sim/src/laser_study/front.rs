//! Late bursts against light: a point a policy, the front of those that no other beats, and the limits.

use super::Row;
use crate::plot::escape;
use std::fmt::Write;

const SIZE: (f64, f64) = (760.0, 400.0);
/// Edges of the plotted area.
const LEFT: f64 = 70.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 340.0;
/// Share of late bursts at the lowest decade, in per cent; what is below stands on the line of zero.
const LEAST: f64 = 0.01;
/// Where `LEAST` is; zero is at the bottom.
const FLOOR: f64 = BOTTOM - 28.0;
const LETTER: f64 = 6.6;
const LINE: f64 = 14.0;

/// Policies with foresight: limits, not members of the front.
fn is_limit(row: &Row) -> bool {
    row.policy == "oracle" || row.policy == "quantile"
}

/// Is without foresight, and better in both.
fn beats(row: &Row, other: &Row) -> bool {
    !is_limit(row) && row.duty < other.duty && row.on_time > other.on_time
}

fn late_percent(row: &Row) -> f64 {
    100.0 * (1.0 - row.on_time)
}

fn x(row: &Row) -> f64 {
    LEFT + row.duty * (RIGHT - LEFT)
}

fn y(percent: f64) -> f64 {
    if percent < LEAST {
        return BOTTOM;
    }
    let decades = (100.0 / LEAST).log10();
    FLOOR - (percent / LEAST).log10() / decades * (FLOOR - TOP)
}

/// The policies without foresight that no other one beats in both, by light.
pub fn unbeaten(rows: &[Row]) -> Vec<&Row> {
    let mut sorted: Vec<&Row> = rows.iter().filter(|r| !is_limit(r)).collect();
    sorted.sort_by(|a, b| a.duty.total_cmp(&b.duty).then(late_percent(a).total_cmp(&late_percent(b))));
    let mut least = f64::INFINITY;
    sorted.retain(|r| {
        let better = late_percent(r) < least;
        least = least.min(late_percent(r));
        better
    });
    sorted
}

/// The plot as a whole SVG.
pub fn front(rows: &[Row]) -> String {
    let (width, height) = SIZE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    axes(&mut svg);
    let put = |svg: &mut String, text: String| writeln!(svg, "{text}").expect("a string takes all");
    // the front, in steps
    let points: Vec<(f64, f64)> = unbeaten(rows).iter().map(|r| (x(r), y(late_percent(r)))).collect();
    if points.len() > 1 {
        let mut path = format!("M{:.1},{:.1}", points[0].0, points[0].1);
        for (x, y) in &points[1..] {
            write!(path, "H{x:.1}V{y:.1}").expect("a string takes all");
        }
        put(
            &mut svg,
            format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"1.5\" stroke-opacity=\"0.5\"/>"
            ),
        );
    }
    if let Some(oracle) = rows.iter().find(|r| r.policy == "oracle") {
        let x = x(oracle);
        put(
            &mut svg,
            format!(
                "<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{BOTTOM}\" stroke=\"#009e73\" stroke-dasharray=\"5 4\"/>"
            ),
        );
    }
    let mut taken: Vec<[f64; 4]> = rows.iter().map(|r| around(x(r), y(late_percent(r)))).collect();
    for row in rows {
        let (x, y) = (x(row), y(late_percent(row)));
        let color = match row.policy.as_str() {
            "oracle" => "#009e73",
            "quantile" => "#cc79a7",
            "pair-gap" => "#d55e00",
            _ => "#0072b2",
        };
        let mark = if is_limit(row) {
            format!(
                "<path d=\"M{:.1},{y:.1}L{x:.1},{:.1}L{:.1},{y:.1}L{x:.1},{:.1}Z\" fill=\"white\" stroke=\"{color}\" stroke-width=\"2\"/>",
                x - 6.0,
                y - 6.0,
                x + 6.0,
                y + 6.0
            )
        } else {
            format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{color}\"/>")
        };
        let light = 100.0 * row.duty;
        let hover = format!("{}: late {:.3} %, light {light:.1} %", row.policy, late_percent(row));
        put(&mut svg, format!("<g>{mark}<title>{}</title></g>", escape(&hover)));
        let name = match row.policy.as_str() {
            "oracle" => "oracle (offline limit)",
            // of a trace, whose kinds of gaps nobody knows, it can be beaten: no limit then
            "quantile" if rows.iter().any(|other| beats(other, row)) => "quantile",
            "quantile" => "quantile (online limit)",
            other => other,
        };
        let (at, label) = place(x, y, name.len() as f64 * LETTER, &taken);
        taken.push(label);
        if let Some((near, level)) = lead((x, y), label) {
            put(
                &mut svg,
                format!(
                    "<line x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{near:.1}\" y2=\"{level:.1}\" stroke=\"{color}\" stroke-width=\"0.7\"/>"
                ),
            );
        }
        put(
            &mut svg,
            format!(
                "<text x=\"{at:.1}\" y=\"{:.1}\" fill=\"{color}\" stroke=\"white\" stroke-width=\"4\" paint-order=\"stroke\">{}</text>",
                label[3] - 3.0,
                escape(name)
            ),
        );
    }
    svg + "</svg>\n"
}

/// The box of a mark.
fn around(x: f64, y: f64) -> [f64; 4] {
    [x - 7.0, y - 7.0, x + 7.0, y + 7.0]
}

/// A free place for a label of that width beside a mark: its left edge and its box.
fn place(x: f64, y: f64, width: f64, taken: &[[f64; 4]]) -> (f64, [f64; 4]) {
    let sides = [(10.0, 0.0), (-10.0 - width, 0.0)];
    // beside the line of the front rather than on it
    let shifts = [-0.8, 0.8, 0.0, -1.8, 1.8, -2.8, -3.8, -4.8, -5.8].map(|lines| lines * LINE);
    let boxes = shifts
        .iter()
        .flat_map(|dy| sides.map(|(dx, _)| [x + dx, y + dy - LINE / 2.0, x + dx + width, y + dy + LINE / 2.0]));
    let inside = |b: &[f64; 4]| b[0] >= LEFT + 2.0 && b[2] <= RIGHT && b[1] >= 2.0 && b[3] <= BOTTOM + LINE / 2.0;
    let meets = |a: &[f64; 4], b: &[f64; 4]| a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
    let free = boxes.clone().find(|b| inside(b) && !taken.iter().any(|t| meets(b, t)));
    let label = free.or_else(|| boxes.clone().find(inside)).unwrap_or([x, y - LINE, x + width, y]);
    (label[0], label)
}

/// Where a line from the mark to its label ends, when the label is not beside it.
fn lead((x, y): (f64, f64), label: [f64; 4]) -> Option<(f64, f64)> {
    let level = (label[1] + label[3]) / 2.0;
    let near = if label[0] > x { label[0] - 2.0 } else { label[2] + 2.0 };
    ((level - y).abs() > LINE).then_some((near, level))
}

fn axes(svg: &mut String) {
    let mut put = |text: String| writeln!(svg, "{text}").expect("a string takes all");
    let grid = "stroke=\"#dddddd\"";
    for percent in (0..=100).step_by(10) {
        let x = LEFT + f64::from(percent) / 100.0 * (RIGHT - LEFT);
        put(format!("<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{BOTTOM}\" {grid}/>"));
        put(format!("<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{percent}</text>", BOTTOM + 18.0));
    }
    for percent in [0.0, 0.01, 0.1, 1.0, 10.0, 100.0] {
        let y = y(percent);
        put(format!("<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\" {grid}/>"));
        put(format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{percent}</text>", LEFT - 6.0, y + 4.0));
    }
    put(format!(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">time with light, %</text>",
        (LEFT + RIGHT) / 2.0,
        BOTTOM + 40.0
    ));
    let middle = (TOP + BOTTOM) / 2.0;
    put(format!(
        "<text transform=\"translate(18,{middle}) rotate(-90)\" text-anchor=\"middle\">late bursts, % (logarithmic above 0)</text>"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(policy: &str, duty: f64, late: f64) -> Row {
        Row {
            traffic: "t".into(),
            policy: policy.into(),
            bursts: 1,
            on_time: 1.0 - late,
            late: 0,
            late_by_prediction: 0,
            held_cycles_mean: 0.0,
            held_cycles_p99: None,
            held_cycles_max: None,
            duty,
            saving_of_oracle: 0.0,
            slowdown_ppm: 0.0,
            wake_ups: 0,
        }
    }

    #[test]
    fn the_front_holds_what_is_not_beaten_and_no_limit() {
        let rows = [
            row("timeout-1024", 1.0, 0.0),
            row("last-gap", 0.8, 0.5),
            row("oracle", 0.1, 0.0),
            row("pair-gap", 0.3, 0.001),
            row("reactive", 0.1, 1.0),
            row("always-on", 1.0, 0.0),
        ];
        let names: Vec<&str> = unbeaten(&rows).iter().map(|r| r.policy.as_str()).collect();
        assert_eq!(names, ["reactive", "pair-gap", "timeout-1024"]);
    }

    #[test]
    fn labels_do_not_cover_each_other() {
        let rows: Vec<Row> = (0..6).map(|k| row(&format!("timeout-{k}"), 0.999, 0.0)).collect();
        let svg = front(&rows);
        let places: Vec<(String, String)> = svg
            .lines()
            .filter(|l| l.starts_with("<text") && l.contains(">timeout-"))
            .map(|l| {
                let value = |name: &str| {
                    l.split(&format!("{name}=\"")).nth(1).and_then(|r| r.split('"').next()).unwrap_or("").to_string()
                };
                (value(" x"), value(" y"))
            })
            .collect();
        let distinct: std::collections::BTreeSet<_> = places.iter().collect();
        assert_eq!((places.len(), distinct.len()), (6, 6), "{places:?}");
    }

    #[test]
    fn a_label_away_from_its_mark_has_a_line_to_it() {
        // the marks of four policies lie within a letter
        let rows: Vec<Row> = (0..4).map(|k| row(&format!("timeout-{k}"), 0.5 + 0.002 * f64::from(k), 0.3)).collect();
        let leads = |rows: &[Row]| front(rows).matches("stroke-width=\"0.7\"").count();
        assert_eq!((leads(&rows[..2]), leads(&rows)), (0, 1), "{}", front(&rows));
        assert_eq!(lead((50.0, 50.0), [60.0, 43.0, 90.0, 57.0]), None);
        assert_eq!(lead((50.0, 50.0), [10.0, 73.0, 40.0, 87.0]), Some((42.0, 80.0)));
        assert!(front(&rows).contains("<title>timeout-3: late 30.000 %, light 50.6 %</title>"));
    }

    #[test]
    fn a_limit_that_a_policy_beats_is_not_called_one() {
        let with = |duty| front(&[row("quantile", 0.5, 0.01), row("timeout-1024", duty, 0.001)]);
        assert!(with(0.6).contains(">quantile (online limit)<") && with(0.4).contains(">quantile<"));
    }

    #[test]
    fn shares_below_the_scale_stand_on_zero() {
        assert_eq!((y(0.0), y(0.009), y(100.0)), (BOTTOM, BOTTOM, TOP));
        assert!(y(0.01) < BOTTOM && y(0.1) < y(0.01));
    }
}
