//! Charts as SVG text, and the HTML page that shows them.

use anyhow::{Result, anyhow, ensure};
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::*;
use std::ops::Range;

/// How an axis divides its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Linear,
    /// Decades; every value must be positive.
    Log,
}

/// One axis; without a range it spans the points.
#[derive(Clone, Debug)]
pub struct Axis {
    pub label: String,
    pub scale: Scale,
    pub range: Option<(f64, f64)>,
}

impl Axis {
    pub fn linear(label: &str) -> Self {
        Axis { label: label.into(), scale: Scale::Linear, range: None }
    }
    pub fn log(label: &str) -> Self {
        Axis { label: label.into(), scale: Scale::Log, range: None }
    }
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
    pub x: f64,
    pub y: f64,
    pub interval: Option<(f64, f64)>,
}

impl Point {
    pub fn new(x: f64, y: f64) -> Self {
        Point { x, y, interval: None }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Line,
    Markers,
    Both,
}

/// Points under one name. Series of equal `color` share it.
#[derive(Clone, Debug)]
pub struct Series {
    pub name: String,
    pub style: Style,
    pub color: usize,
    pub points: Vec<Point>,
}

/// A chart with its axes.
#[derive(Clone, Debug)]
pub struct Chart {
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
}

const SIZE: (u32, u32) = (900, 560);
/// Colours that stay apart for colour-blind readers (Okabe and Ito).
const COLORS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
    RGBColor(0, 0, 0),
];

impl Chart {
    /// The chart as a whole SVG document.
    pub fn to_svg(&self) -> Result<String> {
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        self.draw(&area).map_err(|e| anyhow!("chart `{}`: {e}", self.title))?;
        drop(area);
        Ok(svg)
    }

    fn draw(&self, area: &DrawingArea<SVGBackend, plotters::coord::Shift>) -> Result<()> {
        let points = || self.series.iter().flat_map(|s| &s.points);
        let ys: Vec<f64> = points().flat_map(|p| [p.y, p.interval.map_or(p.y, |i| i.1)]).collect();
        let x_span = self.x.span(&points().map(|p| p.x).collect::<Vec<_>>())?;
        let y_span = self.y.span(&ys)?;
        let (y0, y1) = (y_span.low, y_span.high);
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, ("sans-serif", 20))
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(x_span, y_span)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE.mix(0.0))
            .x_desc(&self.x.label)
            .y_desc(&self.y.label)
            .x_label_formatter(&|v| self.x.text(*v))
            .y_label_formatter(&|v| self.y.text(*v))
            .label_style(("sans-serif", 14))
            .draw()?;
        for series in &self.series {
            let color = COLORS[series.color % COLORS.len()];
            let at = |x: f64, y: f64| (self.x.place(x), self.y.place(y).clamp(y0, y1));
            let shown = || series.points.iter().filter(|p| self.y.scale == Scale::Linear || p.y > 0.0);
            let entry = if series.style == Style::Markers {
                chart.draw_series(shown().map(|p| Circle::new(at(p.x, p.y), 4, color.filled())))?
            } else {
                chart.draw_series(LineSeries::new(shown().map(|p| at(p.x, p.y)), color.stroke_width(2)))?
            };
            let style = series.style;
            entry.label(&series.name).legend(move |(x, y)| {
                let width = if style == Style::Markers { 0 } else { 1 };
                let marker = if style == Style::Line { 0 } else { 4 };
                EmptyElement::at((x, y))
                    + PathElement::new(vec![(0, 0), (18 * width, 0)], color.stroke_width(2 * width as u32))
                    + Circle::new((9, 0), marker, color.filled())
            });
            if series.style == Style::Both {
                chart.draw_series(shown().map(|p| Circle::new(at(p.x, p.y), 4, color.filled())))?;
            }
            for p in &series.points {
                let Some((low, high)) = p.interval else { continue };
                let low = if self.y.scale == Scale::Log { low.max(1e-300) } else { low };
                let ends = vec![at(p.x, low), at(p.x, high)];
                chart.draw_series([PathElement::new(ends.clone(), color.stroke_width(1))])?;
                chart.draw_series(ends.into_iter().map(|end| {
                    EmptyElement::at(end) + PathElement::new(vec![(-4, 0), (4, 0)], color.stroke_width(1))
                }))?;
            }
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .label_font(("sans-serif", 13))
            .draw()?;
        area.present()?;
        Ok(())
    }
}

/// A stand-alone HTML page; sections are (heading, ready HTML or SVG).
pub fn html_page(title: &str, sections: &[(String, String)]) -> String {
    let title = escape(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n\
         <style>body{{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}\
         svg{{max-width:100%;height:auto}}table{{border-collapse:collapse;font-size:14px}}\
         td,th{{border:1px solid #ccc;padding:.2em .6em;text-align:right}}</style></head>\n<body><h1>{title}</h1>\n"
    );
    for (heading, body) in sections {
        page += &format!("<h2>{}</h2>\n{body}\n", escape(heading));
    }
    page + "</body></html>\n"
}

/// A table for [`html_page`].
pub fn html_table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, row: Vec<&str>| -> String {
        row.iter().map(|c| format!("<{tag}>{}</{tag}>", escape(c))).collect::<String>()
    };
    let mut table = format!("<table><tr>{}</tr>\n", cells("th", head.to_vec()));
    for row in rows {
        table += &format!("<tr>{}</tr>\n", cells("td", row.iter().map(String::as_str).collect()));
    }
    table + "</table>"
}

/// Text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(y: f64) -> Chart {
        let points = vec![Point::new(1e-5, 1e-7), Point { x: 1e-4, y, interval: Some((y / 2.0, y * 2.0)) }];
        let series = vec![Series { name: "L2 <exact>".into(), style: Style::Both, color: 0, points }];
        Chart { title: "FER".into(), x: Axis::log("BER"), y: Axis::log("frame error rate"), series }
    }

    #[test]
    fn a_log_chart_labels_its_decades_and_names_its_series() {
        let svg = chart(1e-3).to_svg().unwrap();
        for want in ["<svg", "1e-5", "1e-4", "1e-7", "1e-3", "frame error rate", "L2 &lt;exact&gt;", "</svg>"] {
            assert!(svg.contains(want), "{want} is missing");
        }
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
