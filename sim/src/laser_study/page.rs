//! The study as text and as a page: a table, late bursts against light, and light over time for each traffic.

use super::Row;
use super::front::front;
use crate::plot::{escape, html_page, html_table};
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

/// What was run in one setting.
pub struct Part {
    /// The setting in words; what stands before its colon names it in the headings below.
    pub heading: String,
    /// Said below the heading.
    pub lines: Vec<String>,
    /// Rows of all traffics, each traffic's together.
    pub rows: Vec<Row>,
    /// Traffic and its timeline, in the order of the rows.
    pub timelines: Vec<(String, String)>,
}

/// The whole page.
pub fn html(title: &str, notes: &[String], parts: &[Part]) -> String {
    let list = |lines: &[String]| lines.iter().map(|l| format!("<p>{}</p>\n", escape(l))).collect::<String>();
    let mut sections = vec![("How to read it".to_string(), list(notes))];
    for part in parts {
        sections.push((part.heading.clone(), list(&part.lines)));
        let traffics = part.rows.chunk_by(|a, b| a.traffic == b.traffic);
        for (rows, (_, timeline)) in traffics.zip(&part.timelines) {
            let table: Vec<Vec<String>> = rows.iter().map(|r| cells(r)[1..].to_vec()).collect();
            let body = format!(
                "{}\n<p>Late bursts against light; steps: what no policy without foresight beats in both; diamonds: limits of what foresight, and knowledge of the law, can reach:</p>\n{}\n<p>The last gaps, by the model; red: a burst is held:</p>\n{timeline}",
                html_table(&HEAD[1..], &table),
                front(rows)
            );
            sections.push((format!("{}, {}", rows[0].traffic, part.heading.split(':').next().unwrap_or("")), body));
        }
    }
    html_page(title, &sections)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laser_study::{rows, timeline::timeline};
    use crate::model::laser::policy::Setting;
    use crate::traffic::{Clock, sets};

    #[test]
    fn a_page_holds_a_table_and_both_plots_of_each_traffic() {
        let setting = Setting::of(52);
        let names = ["reactive", "pair-gap", "quantile", "oracle"].map(String::from).to_vec();
        let mut part =
            Part { heading: "setting a<b: x".into(), lines: vec!["c & d".into()], rows: vec![], timelines: vec![] };
        for name in ["periodic-1", "ring-30"] {
            let bursts = sets::find(name).expect("a traffic").bursts(7, 300, Clock { cycle_ns: 10.0 });
            part.timelines.push((name.into(), timeline(&bursts, &names, &setting, 20, 10.0).expect("known policies")));
            part.rows.extend(rows(name, &[(7, bursts)], &names, &setting).expect("known policies"));
        }
        let page = html("T", &["n".into()], &[part]);
        assert_eq!((page.matches("<svg").count(), page.matches("<table").count()), (4, 2));
        assert!(page.contains("setting a&lt;b") && page.contains("c &amp; d") && page.ends_with("</html>\n"));
        assert!(!page.contains("NaN") && !page.contains("inf"));
    }

    #[test]
    fn the_table_is_aligned() {
        let row = |policy: &str, on_time| Row {
            traffic: "t".into(),
            policy: policy.into(),
            bursts: 2,
            on_time,
            late: 0,
            late_by_prediction: 0,
            held_cycles_mean: 0.0,
            held_cycles_p99: None,
            held_cycles_max: Some(3),
            duty: 0.5,
            saving_of_oracle: 1.0,
            slowdown_ppm: 0.0,
            wake_ups: 1,
        };
        let text = text(&[row("oracle", 1.0), row("timeout-1024", 0.0)]);
        let places: Vec<Option<usize>> = text.lines().skip(1).map(|l| l.find("50.0")).collect();
        assert!(text.lines().count() == 3 && text.contains("100.00") && text.contains(" - "), "{text}");
        assert!(places[0].is_some() && places[0] == places[1], "{text}");
    }
}
