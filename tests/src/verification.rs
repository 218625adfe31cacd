//! `verification.toml`: how much was run, and what it found; with the proofs one page in the docs.

use crate::formal;
use crate::promises::{exists, root};
use serde::Deserialize;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    pub figure: Vec<Figure>,
    pub mismatch: Vec<Mismatch>,
}

/// Something that is run for so long.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub what: String,
    /// Size in continuous integration; when all is asked for.
    pub usual: String,
    pub nightly: String,
    /// What it gave when it was last measured.
    pub found: String,
    /// `FILE::FUNCTION`.
    pub tests: Vec<String>,
}

/// A difference that was found, and what keeps it away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mismatch {
    pub what: String,
    /// Of RustHDL, that caused it.
    pub construct: String,
    pub tests: Vec<String>,
}

pub fn read() -> Result<Verification, String> {
    let path = root().join("tests/verification.toml");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("tests/verification.toml: {e}"))
}

/// Every test that is named and does not exist, and every entry that names none.
pub fn dangling(verification: &Verification) -> Vec<String> {
    let figures = verification.figure.iter().map(|f| (&f.what, &f.tests));
    let entries = figures.chain(verification.mismatch.iter().map(|m| (&m.what, &m.tests)));
    let mut wrong = vec![];
    for (what, tests) in entries {
        if tests.is_empty() {
            wrong.push(format!("\"{what}\" names no test"));
        }
        wrong.extend(tests.iter().filter_map(|t| exists(t).err().map(|e| format!("\"{what}\": {t}: {e}"))));
    }
    wrong
}

/// The page in the docs.
pub fn page(verification: &Verification) -> Result<String, String> {
    let mut page = String::from(
        "# How it is verified\n\nGenerated from `tests/verification.toml` and `tests/formal/proofs.toml` by \
         `FIRSTLIGHT_REFRESH=1 cargo test -p firstlight-tests --test verification`; not edited by hand.\n\n\
         ## Proofs\n\nOn the emitted Verilog; each also refutes its mutant. What a proof takes for granted stands in \
         `tests/formal/proofs.md`.\n\n\
         | proof | property | method | depth | seconds | mutant that is caught |\n|---|---|---|---|---|---|\n",
    );
    let cell = |text: &str| text.replace('|', "\\|");
    for (name, proof, _) in formal::read(&root().join("tests/formal"))? {
        let seconds = proof.seconds.map_or("-".into(), |s| s.to_string());
        let (says, to) = (cell(&proof.says), cell(&proof.mutant.to));
        page += &format!("| {name} | {says} | {:?} | {} | {seconds} | `{to}` |\n", proof.method, proof.depth);
    }
    page += "\n## Runs\n\n| what | continuous integration | nightly | found | test |\n|---|---|---|---|---|\n";
    let code = |tests: &[String]| tests.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join("<br>");
    for f in &verification.figure {
        page += &format!("| {} | {} | {} | {} | {} |\n", f.what, f.usual, f.nightly, f.found, code(&f.tests));
    }
    page += "\n## Mismatches found on the way\n\n| what differed | RustHDL's construct behind it | kept away by |\n|---|---|---|\n";
    for m in &verification.mismatch {
        page += &format!("| {} | {} | {} |\n", m.what, cell(&m.construct), code(&m.tests));
    }
    Ok(page)
}
