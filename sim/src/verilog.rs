//! Emits a design as Verilog under a name of our own, and checks it with yosys.

use crate::tools::{Tool, ToolError};
use rust_hdl::prelude::*;

/// The Verilog of a connected design; the top module and the prefix of all modules is `name`.
pub fn emit<B: Block>(uut: &B, name: &str) -> String {
    rename(&generate_verilog(uut), name)
}

/// RustHDL calls every top `top` and its parts `top$part`.
fn rename(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut rest = text;
    while let Some(at) = rest.find("top") {
        let (before, after) = (&rest[..at], &rest[at + 3..]);
        out.push_str(before);
        let starts = !out.ends_with(is_word);
        let ends = after.starts_with('$') || !after.starts_with(is_word);
        out.push_str(if starts && ends { name } else { "top" });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Words that SystemVerilog reserves and Verilog does not; a core that uses one as a name cannot be read beside code in
/// SystemVerilog.
const RESERVED: &str = "alias always_comb always_ff always_latch assert assume before bind bit break byte chandle checker \
    class clocking const constraint context continue cover cross dist do endclass enum eventually expect export extends \
    extern final foreach forkjoin global iff implies import inside int interface intersect let local logic longint \
    matches modport new nexttime null package packed priority program property protected pure rand randc ref restrict \
    return sequence shortint shortreal soft solve static string strong struct super tagged this throughout timeunit \
    type typedef union unique until untyped var virtual void weak wildcard with within";

/// Elaborates with yosys; latches, undriven wires, missing modules, multiple drivers and names that SystemVerilog
/// reserves are errors.
pub fn validate(verilog: &str, top: &str, yosys: &Tool) -> Result<(), ToolError> {
    if let Some(name) = reserved_name(verilog) {
        return Err(ToolError::Finding(format!(
            "{top}: SystemVerilog reserves the name {name}; rename it in the block"
        )));
    }
    let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
    std::fs::write(dir.path().join("design.v"), verilog).map_err(|e| ToolError::Io("design.v".into(), e))?;
    let script = format!(
        "read_verilog -lib +/ice40/cells_sim.v; read_verilog design.v; hierarchy -check -top {top}; proc; check -assert"
    );
    let out = yosys.run(dir.path(), &["-p", &script])?;
    for bad in ["Latch inferred", "is used but has no driver", "implicitly declared"] {
        if let Some(line) = out.lines().find(|l| l.contains(bad)) {
            return Err(ToolError::Finding(format!("{top}: {}", line.trim())));
        }
    }
    Ok(())
}

/// The first name, outside comments, that SystemVerilog reserves.
fn reserved_name(verilog: &str) -> Option<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let code = verilog.lines().map(|line| line.split("//").next().unwrap_or(""));
    code.flat_map(|line| line.split(|c| !is_word(c))).find(|word| RESERVED.split_whitespace().any(|r| r == *word))
}

#[cfg(test)]
mod tests {
    use super::{rename, reserved_name};

    #[test]
    fn names_that_systemverilog_reserves_are_found() {
        assert_eq!(reserved_name("reg [7:0] byte; // x"), Some("byte"));
        assert_eq!(reserved_name("reg bytes; wire x$byte; // byte"), None);
    }

    #[test]
    fn only_the_top_and_its_parts_are_renamed() {
        assert_eq!(
            rename("module top(stop); top$a x(); laptop top_b;", "link"),
            "module link(stop); link$a x(); laptop top_b;"
        );
    }
}
