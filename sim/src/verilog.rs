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

/// Elaborates with yosys, as SystemVerilog (whose keywords a name may not be either); latches, undriven wires, missing
/// modules and multiple drivers are errors.
pub fn validate(verilog: &str, top: &str, yosys: &Tool) -> Result<(), ToolError> {
    let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
    std::fs::write(dir.path().join("design.v"), verilog).map_err(|e| ToolError::Io("design.v".into(), e))?;
    let script = format!(
        "read_verilog -lib +/ice40/cells_sim.v; read_verilog -sv design.v; hierarchy -check -top {top}; proc; check -assert"
    );
    let out = yosys.run(dir.path(), &["-p", &script])?;
    for bad in ["Latch inferred", "is used but has no driver", "implicitly declared"] {
        if let Some(line) = out.lines().find(|l| l.contains(bad)) {
            return Err(ToolError::Finding(format!("{top}: {}", line.trim())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::rename;

    #[test]
    fn only_the_top_and_its_parts_are_renamed() {
        assert_eq!(
            rename("module top(stop); top$a x(); laptop top_b;", "link"),
            "module link(stop); link$a x(); laptop top_b;"
        );
    }
}
