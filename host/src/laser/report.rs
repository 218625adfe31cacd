//! What `laser` says: tables, JSON, a page with plots.
use std::fmt::Write as _;

use firstlight_sim::laser_study::page;
use firstlight_sim::laser_study::timeline::timeline;
use firstlight_sim::light::parts::ENERGY_NOTE;
use serde_json::json;

use super::request::Request;
use super::{Study, Timing};
use crate::cmd::laser::Engine;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "firstlight-laser-1";
const TRACE_NOTE: &str = "parameters of pair-gap were chosen with the V100 trace in view: its whole is no judgement; \"2nd half\" is that half alone, played to a predictor that knows nothing";
const CLASS_NOTE: &str =
    "a trace does not say what kind its gaps are: to quantile they are all one, and it is no limit there";
const LOOP_NOTE: &str = "a late burst delays what follows, so a policy that is always late can save more than the oracle; held is in cycles";
const RING_NOTE: &str = "counts include some cycles before the first and after the last burst";
/// Gaps in a timeline.
const SHOWN_GAPS: usize = 24;

fn heading(timing: &Timing) -> String {
    let (s, ns) = (&timing.setting, |cycles: u64| cycles as f64 * timing.cycle_ns);
    let mut text = format!(
        "setting {}: cycle {} ns, t_on {} cycles ({:.0} ns), notice {} cycles ({:.0} ns){}",
        timing.name,
        timing.cycle_ns,
        s.t_on,
        ns(s.t_on),
        s.notice,
        ns(s.notice),
        if s.notice > 0 { " given by the source" } else { "" }
    );
    if s.min_on + s.min_off > 0 {
        write!(text, ", min_on {}, min_off {}", s.min_on, s.min_off).expect("a string takes all");
    }
    text
}

/// One line of what a part's light did to frames.
fn light(request: &Request, study: &Study) -> Option<String> {
    let (part, (sent, good)) = (request.part?, study.light?);
    let saved = 100.0 * (1.0 - part.dark_light());
    let (name, about) = (part.name, part.about());
    Some(format!(
        "light of {name}: {good} of {sent} frames arrive through it; a dark cycle saves {saved:.1} % of it; {about}"
    ))
}

fn equality(request: &Request, study: &Study) -> Option<String> {
    let (rows, unequal) = (study.rows.len(), study.unequal.len());
    (request.args.on == Engine::Sim).then(|| {
        format!(
            "{} of {rows} rows equal the model's in bursts, late bursts, held and dark cycles, and wake-ups",
            rows - unequal
        )
    })
}

/// Lines that go with every figure.
fn notes(request: &Request) -> Vec<String> {
    let args = request.args;
    let mut notes = vec![];
    if !request.traces.is_empty() {
        notes.push(TRACE_NOTE.to_string());
    }
    if !request.traces.is_empty() && request.policies.iter().any(|p| p == "quantile") {
        notes.push(CLASS_NOTE.to_string());
    }
    if args.compress != 1.0 {
        notes.push(format!(
            "everything is played {} times faster than it is, in whole cycles, at least one",
            args.compress
        ));
    }
    if args.on == Engine::Board {
        notes.push(RING_NOTE.to_string());
    }
    notes.push(LOOP_NOTE.to_string());
    notes.push(ENERGY_NOTE.to_string());
    notes
}

/// Of the synthetic traffics, where there are any.
fn seeds(request: &Request) -> Option<String> {
    let list: Vec<String> = request.seeds.iter().map(u64::to_string).collect();
    (!list.is_empty()).then(|| format!("seeds {}", list.join(" ")))
}

/// The tables.
pub fn text(request: &Request, studies: &[Study]) -> String {
    let mut out = String::new();
    for study in studies {
        let of: Vec<String> =
            [Some(heading(&study.timing)), seeds(request), Some(study.engine.clone())].into_iter().flatten().collect();
        out += &(of.join("; ") + "\n");
        for line in [light(request, study), equality(request, study)].into_iter().flatten() {
            out += &(line + "\n");
        }
        out += &page::text(&study.rows);
        out.push('\n');
    }
    for note in notes(request) {
        out += &format!("note: {note}\n");
    }
    out
}

/// The JSON object, described by `host/schema/laser.schema.json`.
pub fn json(request: &Request, studies: &[Study]) -> String {
    let args = request.args;
    let settings: Vec<_> = studies
        .iter()
        .map(|study| {
            let (t, s) = (&study.timing, &study.timing.setting);
            let light = study.light.map(|(sent, good)| json!({ "frames_sent": sent, "frames_good": good }));
            json!({
                "name": t.name,
                "cycle_ns": t.cycle_ns,
                "t_on_cycles": s.t_on,
                "min_on_cycles": s.min_on,
                "min_off_cycles": s.min_off,
                "notice_cycles": s.notice,
                "engine": study.engine,
                "light": light,
                "rows": study.rows,
                "rows_unlike_model": (args.on == Engine::Sim).then_some(&study.unequal),
            })
        })
        .collect();
    let value = json!({
        "schema": SCHEMA,
        "tool": concat!("firstlight ", env!("CARGO_PKG_VERSION")),
        "seeds": request.seeds,
        "compress": args.compress,
        "part": request.part.map(|p| p.name),
        "part_source": request.part.map(|p| p.source),
        "notes": notes(request),
        "settings": settings,
    });
    format!("{value:#}\n")
}

/// The page.
pub fn page(request: &Request, studies: &[Study]) -> String {
    let mut parts = vec![];
    for study in studies {
        let lines = [seeds(request), Some(study.engine.clone()), light(request, study), equality(request, study)];
        let mut timelines = vec![];
        for load in &study.loads {
            let (_, bursts) = &load.runs[0];
            let timing = &study.timing;
            timelines.push((
                load.name.clone(),
                timeline(bursts, &request.policies, &timing.setting, SHOWN_GAPS, timing.cycle_ns)
                    .expect("policies are checked before"),
            ));
        }
        parts.push(page::Part {
            heading: heading(&study.timing),
            lines: lines.into_iter().flatten().collect(),
            rows: study.rows.clone(),
            timelines,
        });
    }
    page::html("Laser enable: late bursts against light", &notes(request), &parts)
}
