//! `promises.toml`: what this repository promises, what keeps it, and what was measured last.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promises {
    pub promise: Vec<Promise>,
}

/// One promise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// A sentence; the first cell of a row of the README's table when the README has one.
    pub says: String,
    /// What was measured last; the value of that row.
    pub measured: String,
    /// `FILE::FUNCTION`.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Names in `formal/proofs.toml`.
    #[serde(default)]
    pub proofs: Vec<String>,
    /// Other commands that measure it.
    #[serde(default)]
    pub commands: Vec<String>,
    /// Why no test can keep it.
    pub untested: Option<String>,
}

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_path_buf()
}

fn file(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|e| format!("{path}: {e}"))
}

pub fn read() -> Result<Vec<Promise>, String> {
    let promises: Promises = toml::from_str(&file("tests/promises.toml")?).map_err(|e| e.to_string())?;
    Ok(promises.promise)
}

/// Everything that a promise names and that does not exist.
pub fn dangling(promises: &[Promise]) -> Vec<String> {
    let mut wrong = vec![];
    let proofs: BTreeMap<String, toml::Table> = file("tests/formal/proofs.toml")
        .and_then(|text| {
            toml::from_str::<BTreeMap<String, BTreeMap<String, toml::Table>>>(&text).map_err(|e| e.to_string())
        })
        .map(|mut tables| tables.remove("proof").unwrap_or_default())
        .unwrap_or_default();
    for promise in promises {
        if promise.measured.is_empty() {
            wrong.push(format!("\"{}\": nothing measured", promise.says));
        }
        if promise.untested.is_none() && promise.tests.is_empty() && promise.proofs.is_empty() {
            wrong.push(format!("\"{}\": neither test nor proof", promise.says));
        }
        for test in &promise.tests {
            if let Err(what) = exists(test) {
                wrong.push(format!("\"{}\": {test}: {what}", promise.says));
            }
        }
        for proof in promise.proofs.iter().filter(|p| !proofs.contains_key(*p)) {
            wrong.push(format!("\"{}\": no proof {proof} in tests/formal/proofs.toml", promise.says));
        }
    }
    wrong
}

/// Is there a test function, or for a script the file, of that name?
pub fn exists(test: &str) -> Result<(), String> {
    let Some((path, function)) = test.split_once("::") else { return file(test).map(|_| ()) };
    let text = file(path)?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|l| {
        ["fn ", "async def ", "def "]
            .iter()
            .any(|word| l.strip_prefix(word).is_some_and(|rest| rest.starts_with(&format!("{function}("))))
    });
    let at = at.ok_or("no such function")?;
    // attributes stand directly above; a macro of property tests has its own
    let attributes = lines[..at].iter().rev().take_while(|l| l.starts_with("#[") || l.starts_with('@'));
    let is_test = |l: &&str| l.contains("test]") || l.contains(".test(");
    if attributes.clone().any(is_test) { Ok(()) } else { Err("is not a test".into()) }
}

/// Rows of the README's tables of figures: first cell and value, without marks.
pub fn readme_rows() -> Result<Vec<(String, String)>, String> {
    let readme = file("README.md")?;
    let tables = readme.split("\n| measured |").skip(1);
    let rows = tables.flat_map(|table| table.lines().skip(2).take_while(|l| l.starts_with('|'))).map(|row| {
        let cells: Vec<String> = row.split('|').map(|c| c.trim().replace("**", "")).collect();
        (cells.get(1).cloned().unwrap_or_default(), cells.get(2).cloned().unwrap_or_default())
    });
    Ok(rows.collect())
}

/// The page in the docs.
pub fn page(promises: &[Promise]) -> String {
    let mut out = String::from(
        "# What Firstlight promises, and what keeps it\n\n\
         Generated from `tests/promises.toml` by `FIRSTLIGHT_REFRESH=1 cargo test --workspace --test promises`; not edited by hand.\n\n\
         | promise | last measured | kept by |\n|---|---|---|\n",
    );
    for p in promises {
        let code =
            |items: &[String], what: &str| -> Vec<String> { items.iter().map(|i| format!("{what}`{i}`")).collect() };
        let by = [code(&p.tests, ""), code(&p.proofs, "proof "), code(&p.commands, "")].concat();
        let by: Vec<String> = by.into_iter().chain(p.untested.clone()).collect();
        let by = by.join("<br>");
        writeln!(out, "| {} | {} | {by} |", p.says, p.measured).expect("a string takes all");
    }
    out
}
