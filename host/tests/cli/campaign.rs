//! `campaign`: the same numbers however it is run, and wrong requests refused before anything runs.
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::run::{command, done, firstlight};

const SPEC: &str = r#"
name = "try"
seed = 3
shard_frames = 500
[[points]]
channels = [{ kind = "bsc", ber = 1e-3 }, { kind = "dfe", ber = 1e-3 }]
schemes = ["L0", "L2", "L3"]
frames = 2000
"#;

fn campaign(folder: &Path) -> impl Fn(&[&str]) -> crate::run::Done {
    let file = folder.join("try.toml").to_str().unwrap().to_owned();
    std::fs::write(&file, SPEC).unwrap();
    move |args| {
        let line: Vec<&str> =
            ["campaign"].into_iter().chain(args.iter().map(|a| if *a == "SPEC" { &file } else { *a })).collect();
        firstlight(&line)
    }
}

#[test]
fn a_campaign_gives_the_same_numbers_in_one_run_and_in_shares() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let campaign = campaign(folder.path());
    assert!(campaign(&["plan", "SPEC"]).succeeds().contains("6 points, 24 shards"));
    let (svg, html, one) = (path("fer.svg"), path("fer.html"), path("one.json"));
    let run = ["run", "SPEC", "--out", &path("one"), "--svg", &svg, "--html", &html, "--json", &one];
    let text = campaign(&run).succeeds();
    assert!(text.contains("joint test (Holm, 0.1 %): 0 of") && text.contains("delivered wrong as good: 0"), "{text}");
    let (svg, html) = (std::fs::read_to_string(svg).unwrap(), std::fs::read_to_string(html).unwrap());
    assert!(svg.starts_with("<svg") && svg.contains("DFE 0.75 L3") && html.contains("<table"));

    let two = path("two");
    campaign(&["shard", "SPEC", "--out", &two, "--index", "1", "--of", "2"]).succeeds();
    campaign(&["merge", "SPEC", "--out", &two]).fails(1, "12 of 24 shards have no result");
    campaign(&["shard", "SPEC", "--out", &two, "--index", "0", "--of", "2"]).succeeds();
    assert_eq!(campaign(&["shard", "SPEC", "--out", &two, "--index", "0", "--of", "2"]).succeeds(), "", "nothing left");
    let merged = path("two.json");
    campaign(&["merge", "SPEC", "--out", &two, "--json", &merged]).succeeds();
    assert_eq!(std::fs::read(one).unwrap(), std::fs::read(merged).unwrap());

    let script = campaign(&["emit", "slurm", "SPEC", "--out", &two, "--tasks", "4"]).succeeds();
    for word in ["#!/bin/sh", "--array", "--requeue", "--dependency"] {
        assert!(script.contains(word), "{word} is not in:\n{script}");
    }
    campaign(&["shard", "SPEC", "--out", &two, "--index", "2", "--of", "2"]).fails(2, "--index 2 of 2 shares");
}

#[test]
fn campaign_files_that_cannot_be_read_are_refused_and_the_help_shows_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.toml");
    let plan = |text: &[u8]| {
        std::fs::write(&file, text).unwrap();
        firstlight(&["campaign", "plan", file.to_str().unwrap()])
    };
    for (text, want) in [
        (SPEC.replace("seed", "sede"), "unknown field `sede`"),
        (SPEC.replace("\"dfe\"", "\"fde\""), "unknown variant `fde`"),
        (SPEC.replace("\"try\"", "\"try"), "TOML parse error at line 2"),
        (SPEC.replace("frames = 2000", "frames = 0"), "frames is 0, expected at least 1"),
        ("name = \"x\"\nseed = 1\npoints = []".into(), "the campaign has no points"),
    ] {
        let refused = plan(text.as_bytes());
        refused.fails_at_length(2, &[want, "next:     firstlight campaign plan --help shows one"]);
        assert!(!refused.err.contains("\n\n"), "no empty line in\n{}", refused.err);
    }
    plan(&[0xff, 0xfe, 0]).fails(2, "stream did not contain valid UTF-8");
    firstlight(&["campaign", "plan", "/no/such.toml"]).fails(2, "cannot read campaign /no/such.toml");
    let help = firstlight(&["campaign", "plan", "--help"]).succeeds();
    let lines = help.lines().skip_while(|l| !l.starts_with("Campaign file:")).skip(1);
    let shown: Vec<&str> = lines.take_while(|l| l.is_empty() || l.starts_with("  ")).collect();
    assert!(plan(shown.join("\n").as_bytes()).succeeds().contains("9 points, 90 shards"), "{help}");
}

#[test]
fn results_of_another_campaign_are_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let campaign = campaign(folder.path());
    campaign(&["shard", "SPEC", "--out", out, "--index", "0"]).succeeds();
    let other = folder.path().join("other.toml");
    std::fs::write(&other, SPEC.replace("seed = 3", "seed = 4")).unwrap();
    let other = other.to_str().unwrap();
    let kept = std::fs::read(Path::new(out).join("shard-000000.json")).unwrap();
    for args in [&["run"][..], &["merge"], &["shard", "--index", "0"]] {
        campaign(&[args, &[other, "--out", out]].concat()).fails(2, "shard-000000.json belongs to another campaign");
    }
    assert_eq!(std::fs::read(Path::new(out).join("shard-000000.json")).unwrap(), kept);
    assert_eq!(std::fs::read_dir(out).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let place = out.to_str().unwrap();
    let campaign = campaign(folder.path());
    for option in ["--json", "--svg", "--html"] {
        campaign(&["run", "SPEC", "--out", place, option, "/no/dir/file"]).fails(2, "cannot write /no/dir/file");
    }
    campaign(&["merge", "SPEC", "--out", place]).fails(2, &format!("there is no folder {place}"));
    campaign(&["run", "SPEC", "--out", "/dev/null"]).fails(2, "cannot create the folder /dev/null");
    assert!(!out.exists());
    // a folder in the place of a result
    std::fs::create_dir_all(out.join("shard-000003.json")).unwrap();
    campaign(&["run", "SPEC", "--out", place]).fails(2, "shard-000003.json: Is a directory");
    campaign(&["emit", "slurm", "SPEC", "--out", place, "-o", "/dev/full"]).fails(2, "cannot write /dev/full");
}

#[test]
#[cfg(unix)]
fn a_run_ended_by_ctrl_c_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, out) = (path("long.toml"), path("out"));
    std::fs::write(&file, SPEC.replace("frames = 2000", "frames = 40_000")).unwrap();
    let args = ["campaign", "run", &file, "--out", &out, "--jobs", "1"];
    let child = command().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    let finished = || std::fs::read_dir(&out).map_or(0, |entries| entries.count());
    while finished() < 2 {
        assert!(start.elapsed() < Duration::from_secs(30), "it never started");
        std::thread::sleep(Duration::from_millis(2));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill").success());
    done(child.wait_with_output().unwrap()).fails(130, "of 480 shards are finished and kept");
    let names = || {
        let names = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        names.collect::<Vec<_>>()
    };
    assert!(names().len() < 480 && names().iter().all(|name| name.starts_with("shard-")), "nothing half-written");
    let (one, two) = (path("one.json"), path("two.json"));
    firstlight(&["campaign", "run", &file, "--out", &out, "--json", &one]).succeeds();
    firstlight(&["campaign", "run", &file, "--out", &path("whole"), "--json", &two]).succeeds();
    assert_eq!(std::fs::read(one).unwrap(), std::fs::read(two).unwrap());
}
