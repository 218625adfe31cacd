//! Draws a chart, its legend beside it.

use super::{Chart, Point, Scale, Series, Style};
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Place = (i32, i32);

/// Size of the plot itself; the legend comes on top.
const SIZE: (u32, u32) = (860, 560);
/// The backend knows whole units only: drawn larger and shown smaller, curves are smooth.
const FINE: u32 = 8;
/// Width of a letter in the legend, and of what stands before it.
const LETTER: u32 = 8;
const SAMPLE: u32 = 60;
const LINE_HEIGHT: i32 = 24;
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
/// Lengths of dash and gap of a line.
const DASHES: [(u32, u32); 4] = [(1, 0), (8, 5), (2, 4), (16, 6)];

fn fine(units: i32) -> i32 {
    units * FINE as i32
}

fn font(size: i32) -> (&'static str, i32) {
    ("sans-serif", fine(size))
}

/// The pen of one series.
struct Pen<'a, 'svg> {
    area: &'a Area<'svg>,
    color: RGBColor,
    dash: usize,
}

impl<'a, 'svg> Pen<'a, 'svg> {
    fn of(series: &Series, area: &'a Area<'svg>) -> Self {
        Pen { area, color: COLORS[series.color % COLORS.len()], dash: series.dash % DASHES.len() }
    }

    fn stroke(&self, width: u32) -> ShapeStyle {
        self.color.stroke_width(width * FINE)
    }

    fn path(&self, places: Vec<Place>, width: u32) -> Result<()> {
        Ok(self.area.draw(&PathElement::new(places, self.stroke(width)))?)
    }

    fn line(&self, places: Vec<Place>) -> Result<()> {
        match DASHES[self.dash] {
            (_, 0) => self.path(places, 2),
            (dash, gap) => {
                let (dash, gap) = (dash * FINE, gap * FINE);
                Ok(self.area.draw(&DashedPathElement::new(places, dash, gap, self.stroke(2)))?)
            }
        }
    }

    fn marker(&self, (x, y): Place) -> Result<()> {
        let r = fine(4);
        let corners = [(x - r, y - r), (x + r, y + r)];
        match self.dash {
            0 => self.area.draw(&Circle::new((x, y), r, self.color.filled()))?,
            1 => {
                self.area.draw(&Circle::new((x, y), r, WHITE.filled()))?;
                self.area.draw(&Circle::new((x, y), r, self.stroke(2)))?;
            }
            2 => self.area.draw(&Rectangle::new(corners, self.color.filled()))?,
            _ => {
                self.path(corners.to_vec(), 2)?;
                self.path(vec![(x - r, y + r), (x + r, y - r)], 2)?;
            }
        }
        Ok(())
    }

    /// A bar with caps.
    fn interval(&self, low: Place, high: Place) -> Result<()> {
        self.path(vec![low, high], 1)?;
        [low, high].into_iter().try_for_each(|(x, y)| self.path(vec![(x - fine(4), y), (x + fine(4), y)], 1))
    }

    /// An arrow down from a cap.
    fn bound(&self, (x, y): Place) -> Result<()> {
        self.path(vec![(x - fine(5), y), (x + fine(5), y)], 2)?;
        self.path(vec![(x, y), (x, y + fine(16))], 1)?;
        self.path(vec![(x - fine(4), y + fine(11)), (x, y + fine(16)), (x + fine(4), y + fine(11))], 1)
    }

    /// What stands before the name in the legend.
    fn sample(&self, style: Style, (x, y): Place) -> Result<()> {
        if matches!(style, Style::Line | Style::Both) {
            self.line(vec![(x, y), (x + fine(36), y)])?;
        }
        if matches!(style, Style::Markers | Style::Both) {
            self.marker((x + fine(18), y))?;
        }
        Ok(())
    }
}

impl Chart {
    /// The chart as a whole SVG document.
    pub fn to_svg(&self) -> Result<String> {
        let letters = self.series.iter().map(|s| s.name.chars().count()).max().unwrap_or(0) as u32;
        let legend = SAMPLE + LETTER * letters;
        let (width, height) = (SIZE.0 + legend, SIZE.1);
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (width * FINE, height * FINE)).into_drawing_area();
        self.draw(&area, legend).map_err(|e| anyhow!("chart `{}`: {e}", self.title))?;
        drop(area);
        let (drawn, shown) = ((width * FINE, height * FINE), (width, height));
        let size = |(width, height)| format!("width=\"{width}\" height=\"{height}\" viewBox");
        Ok(svg.replacen(&size(drawn), &size(shown), 1))
    }

    fn draw(&self, area: &Area, legend: u32) -> Result<()> {
        let points = || self.series.iter().flat_map(|s| &s.points);
        let ys: Vec<f64> = points().flat_map(|p| [p.y, p.interval.map_or(p.y, |i| i.1)]).collect();
        let x_span = self.x.span(&points().map(|p| p.x).collect::<Vec<_>>())?;
        let y_span = self.y.span(&ys)?;
        let (y0, y1) = (y_span.low, y_span.high);
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, font(18))
            .margin(12 * FINE)
            .margin_right((12 + legend) * FINE)
            .x_label_area_size(44 * FINE)
            .y_label_area_size(64 * FINE)
            .build_cartesian_2d(x_span, y_span)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE.mix(0.0))
            .bold_line_style(BLACK.mix(0.15).stroke_width(FINE))
            .axis_style(BLACK.mix(0.6).stroke_width(FINE))
            .set_all_tick_mark_size(4 * FINE)
            .x_desc(&self.x.label)
            .y_desc(&self.y.label)
            .x_label_formatter(&|v| self.x.text(*v))
            .y_label_formatter(&|v| self.y.text(*v))
            .label_style(font(14))
            .draw()?;
        let at = |x: f64, y: f64| chart.backend_coord(&(self.x.place(x), self.y.place(y).clamp(y0, y1)));
        for series in &self.series {
            let pen = Pen::of(series, area);
            let shown: Vec<&Point> =
                series.points.iter().filter(|p| self.y.scale == Scale::Linear || p.y > 0.0).collect();
            if matches!(series.style, Style::Line | Style::Both) {
                pen.line(shown.iter().map(|p| at(p.x, p.y)).collect())?;
            }
            for p in shown {
                if let Some((low, high)) = p.interval {
                    let low = if self.y.scale == Scale::Log { low.max(f64::MIN_POSITIVE) } else { low };
                    pen.interval(at(p.x, low), at(p.x, high))?;
                }
                match series.style {
                    Style::Line => {}
                    Style::Markers | Style::Both => pen.marker(at(p.x, p.y))?,
                    Style::Bounds => pen.bound(at(p.x, p.y))?,
                }
            }
        }
        self.legend(area)?;
        area.present()?;
        Ok(())
    }

    /// One line a name, right of the plot.
    fn legend(&self, area: &Area) -> Result<()> {
        let left = fine((SIZE.0 + 12) as i32);
        let writing = TextStyle::from(font(14)).pos(Pos::new(HPos::Left, VPos::Center));
        let mut drawn: Vec<&str> = vec![];
        for series in &self.series {
            let known = drawn.iter().position(|name| *name == series.name);
            let line = known.unwrap_or(drawn.len());
            let y = fine(60) + fine(LINE_HEIGHT) * line as i32;
            Pen::of(series, area).sample(series.style, (left, y))?;
            if known.is_none() {
                drawn.push(&series.name);
                area.draw(&Text::new(series.name.clone(), (left + fine(46), y), writing.clone()))?;
            }
        }
        Ok(())
    }
}
