//! Compiles Verilog with Verilator into a program, once for every content.

use super::serve;
use crate::tools::{Tool, ToolError};
use crate::trace::Port;
use firstlight_hdl::target::SB_LUT4_MODEL;
use std::path::{Path, PathBuf};

/// Flags that decide what the program does; part of its hash. Two-state, all registers start at 0 like the device's.
const FLAGS: &[&str] = &[
    "--cc",
    "--exe",
    "--build",
    "-j",
    "2",
    "-O3",
    "--x-assign",
    "fast",
    "--x-initial",
    "fast",
    "--noassert",
    "--default-language",
    "1364-2005",
    "-Wno-fatal",
    "-Wno-lint",
    "-Wno-style",
    "-Wno-UNOPTFLAT",
    "-Wno-MULTIDRIVEN",
    "--prefix",
    "Vdesign",
    "-CFLAGS",
    "-O2 -fno-plt",
    "--Mdir",
    "obj",
    "-o",
    "serve",
];

/// Where compiled designs are kept: `FIRSTLIGHT_CACHE`, else the user's cache directory.
pub fn cache_dir() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("FIRSTLIGHT_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|d| d.join("firstlight")))
        .or_else(|| set("HOME").map(|d| d.join(".cache/firstlight")))
        .unwrap_or_else(|| std::env::temp_dir().join("firstlight-cache"))
}

/// The program that serves `top` of `verilog`, from the cache or compiled now (10 to 90 seconds), and the compiler's
/// name and version.
pub fn compile(verilog: &str, top: &str, ports: &[Port], clock: &str) -> Result<(PathBuf, String), ToolError> {
    let io = |what: &Path| {
        let what = what.display().to_string();
        move |e| ToolError::Io(what, e)
    };
    let verilator = Tool::find("verilator")?;
    let version = verilator.run(Path::new("."), &["--version"])?;
    let program = serve::program(ports, clock);
    let key = hash(&[verilog, top, &program, &version, &FLAGS.join(" ")]);
    let cache = cache_dir();
    let kept = cache.join(format!("{top}-{key:032x}"));
    if kept.is_file() {
        return Ok((kept, name_of(&version)));
    }
    Tool::find("make")?;
    Tool::find("g++")
        .or_else(|_| Tool::find("clang++"))
        .map_err(|_| ToolError::Missing("a C++ compiler (g++)".into()))?;
    std::fs::create_dir_all(&cache).map_err(io(&cache))?;
    let dir = tempfile::Builder::new().prefix("build-").tempdir_in(&cache).map_err(io(&cache))?;
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).map_err(io(Path::new(name)));
    write("design.v", verilog)?;
    write("serve.cpp", &program)?;
    let mut arguments = FLAGS.to_vec();
    arguments.extend(["--top-module", top, "design.v", "serve.cpp"]);
    if verilog.contains("SB_LUT4") && !verilog.contains("module SB_LUT4") {
        write("cells.v", SB_LUT4_MODEL)?;
        arguments.push("cells.v");
    }
    verilator.run(dir.path(), &arguments)?;
    // whole or not at all: another process may be compiling the same
    std::fs::rename(dir.path().join("obj/serve"), &kept).map_err(io(&kept))?;
    Ok((kept, name_of(&version)))
}

/// `verilator 5.006` of a longer line.
fn name_of(version: &str) -> String {
    version.split_whitespace().take(2).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// FNV-1a, 128 bits, over the parts and their borders.
fn hash(parts: &[&str]) -> u128 {
    let bytes = parts.iter().flat_map(|p| p.bytes().chain([0xff]));
    bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ byte as u128).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_border_between_parts_counts() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
    }
}
