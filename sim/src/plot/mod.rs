//! Charts as SVG text, and the HTML page that shows them.

mod draw;
mod page;

pub use page::{escape, html_page, html_table};

use anyhow::{Result, ensure};
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use std::ops::Range;

/// How an axis divides its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Decades; every value must be positive.
    Log,
}

/// One axis; without a range it spans the points.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Quantity and unit.
    pub label: String,
    /// How the range is divided.
    pub scale: Scale,
    /// Ends of the axis, instead of those of the points.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// Spans the points in equal steps.
    pub fn linear(label: &str) -> Self {
        Axis { label: label.into(), scale: Scale::Linear, range: None }
    }
    /// Spans the points in decades.
    pub fn log(label: &str) -> Self {
        Axis { label: label.into(), scale: Scale::Log, range: None }
    }
    /// The same between two ends.
    pub fn within(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Value to place on the axis.
    fn place(&self, value: f64) -> f64 {
        if self.scale == Scale::Log { value.log10() } else { value }
    }

    /// Placed range and the placed positions of the labels.
    fn span(&self, values: &[f64]) -> Result<Span> {
        let (low, high) = match self.range {
            Some(range) => range,
            None => values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v))),
        };
        ensure!(low.is_finite() && high.is_finite(), "axis `{}` has no finite value to show", self.label);
        ensure!(self.scale == Scale::Linear || low > 0.0, "axis `{}` is logarithmic, but holds {low:e}", self.label);
        let (mut low, mut high) = (self.place(low), self.place(high));
        if self.scale == Scale::Log && self.range.is_none() {
            (low, high) = (low.floor(), high.ceil());
        }
        if low == high {
            (low, high) = (low - 0.5, high + 0.5);
        }
        let step = if self.scale == Scale::Log { ((high - low) / 10.0).ceil() } else { round_step(high - low) };
        let first = (low / step).ceil() as i64;
        let ticks = (first..).map(|k| k as f64 * step).take_while(|t| *t <= high + step * 1e-6).collect();
        Ok(Span { low, high, ticks })
    }

    fn text(&self, placed: f64) -> String {
        match self.scale {
            Scale::Log if placed == 0.0 => "1".into(),
            Scale::Log => format!("1e{placed:.0}"),
            Scale::Linear if placed.abs() >= 1e6 || (placed != 0.0 && placed.abs() < 1e-3) => format!("{placed:e}"),
            Scale::Linear => format!("{}", (placed * 1e6).round() / 1e6),
        }
    }
}

/// Placed range of an axis and where its labels stand.
#[derive(Clone)]
struct Span {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Ranged for Span {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;
    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        limit.0 + ((value - self.low) / (self.high - self.low) * f64::from(limit.1 - limit.0)).round() as i32
    }
    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.clone()
    }
    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

/// 1, 2 or 5 times a power of ten, for five to ten steps.
fn round_step(span: f64) -> f64 {
    let decade = 10f64.powf((span / 8.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|m| m * decade).into_iter().find(|s| span / s <= 10.0).unwrap_or(decade * 10.0)
}

/// A measured or computed point; `interval` is drawn as a bar.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Place along the first axis.
    pub x: f64,
    /// Place along the second.
    pub y: f64,
    /// Ends of its bar.
    pub interval: Option<(f64, f64)>,
}

impl Point {
    /// Without a bar.
    pub fn new(x: f64, y: f64) -> Self {
        Point { x, y, interval: None }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Joined.
    Line,
    /// A marker at each point.
    Markers,
    /// Joined markers.
    Both,
    /// Upper bounds: an arrow down.
    Bounds,
}

/// Points under one name. Series of equal name share their line in the legend, of equal `color` or `dash` the look.
#[derive(Clone, Debug)]
pub struct Series {
    /// Name in the legend.
    pub name: String,
    /// How it is drawn.
    pub style: Style,
    /// Number of the colour, modulo the palette.
    pub color: usize,
    /// Pattern of the line and form of the markers.
    pub dash: usize,
    /// In the order in which they are joined.
    pub points: Vec<Point>,
}

/// A chart with its axes.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Stands above it.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Drawn in this order.
    pub series: Vec<Series>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(y: f64) -> Chart {
        let points = vec![Point::new(1e-5, 1e-7), Point { x: 1e-4, y, interval: Some((y / 2.0, y * 2.0)) }];
        let series = vec![Series { name: "L2 <exact>".into(), style: Style::Both, color: 0, dash: 0, points }];
        Chart { title: "FER".into(), x: Axis::log("BER"), y: Axis::log("frame error rate"), series }
    }

    #[test]
    fn a_log_chart_labels_its_decades_and_names_its_series() {
        let svg = chart(1e-3).to_svg().unwrap();
        for want in ["<svg", "1e-5", "1e-4", "1e-7", "1e-3", "frame error rate", "L2 &lt;exact&gt;", "</svg>"] {
            assert!(svg.contains(want), "{want} is missing");
        }
    }

    /// Values of an attribute of all tags of this kind.
    fn values(svg: &str, tag: &str, attribute: &str) -> Vec<f64> {
        let open = format!("<{tag} ");
        let tags = svg.split(&open).skip(1);
        let quoted = |t: &str| t.split(&format!("{attribute}=\"")).nth(1)?.split('"').next()?.parse().ok();
        tags.filter_map(quoted).collect()
    }

    #[test]
    fn the_legend_stands_beside_the_plot_and_names_each_curve_once() {
        let mut chart = chart(1e-3);
        let measured = Series { name: "L2 <exact>".into(), style: Style::Markers, ..chart.series[0].clone() };
        let bound = Series { style: Style::Bounds, points: vec![Point::new(1e-5, 1e-4)], ..measured.clone() };
        chart.series.extend([measured, bound]);
        let svg = chart.to_svg().unwrap();
        assert_eq!(svg.matches("L2 &lt;exact&gt;").count(), 1);
        let legend = values(svg.split("L2 &lt;exact&gt;").next().unwrap(), "text", "x").pop().unwrap();
        // two points twice in the plot, the second at its right edge; then the two samples of the legend
        let mut circles = values(&svg, "circle", "cx");
        circles.sort_by(f64::total_cmp);
        let [.., edge, sample, _] = circles[..] else { panic!("{circles:?}") };
        assert!(circles.len() == 6 && edge < sample && sample < legend, "{circles:?} and {legend}");
        assert!(svg.starts_with("<svg width=\"") && svg.contains("viewBox=\"0 0 "), "drawn fine, shown smaller");
    }

    #[test]
    fn a_log_axis_refuses_zero_by_name() {
        let error = chart(-1.0).to_svg().unwrap_err().to_string();
        assert!(error.contains("frame error rate") && error.contains("logarithmic"), "{error}");
    }

    #[test]
    fn steps_are_round() {
        for (span, want) in [(1.0, 0.1), (100.0, 10.0), (7.0, 1.0), (0.35, 0.05)] {
            assert!((round_step(span) - want).abs() < want * 1e-9, "{span}: {}", round_step(span));
        }
    }

    #[test]
    fn a_page_escapes_what_it_is_given() {
        let page = html_page("a<b", &[("x & y".into(), html_table(&["h"], &[vec!["<1".into()]]))]);
        assert!(page.contains("a&lt;b") && page.contains("x &amp; y") && page.contains("<td>&lt;1</td>"));
    }
}
