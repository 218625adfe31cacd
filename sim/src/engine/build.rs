//! Compiles Verilog with Verilator into a program, once for every content.

use super::{serve, shell};
use crate::tools::{Tool, ToolError};
use crate::trace::Port;
use firstlight_hdl::target::SB_LUT4_MODEL;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the name of a folder of a compilation begins with.
const WORK: &str = "build-";
/// The file in it that the compiling process keeps locked.
const LOCK: &str = "lock";
/// Longer than from making the folder to locking it.
const YOUNG: Duration = Duration::from_secs(60);

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
    let (shell, program) = (shell::verilog(top, ports, clock), serve::program(ports));
    let key = hash(&[verilog, &shell, &program, &version, &FLAGS.join(" ")]);
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
    sweep(&cache);
    let dir = tempfile::Builder::new().prefix(WORK).tempdir_in(&cache).map_err(io(&cache))?;
    let lock = File::create(dir.path().join(LOCK)).map_err(io(dir.path()))?;
    lock.lock().map_err(io(dir.path()))?;
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).map_err(io(Path::new(name)));
    write("design.v", verilog)?;
    write("shell.v", &shell)?;
    write("serve.cpp", &program)?;
    let mut arguments = FLAGS.to_vec();
    arguments.extend(["--top-module", shell::TOP, "shell.v", "design.v", "serve.cpp"]);
    if verilog.contains("SB_LUT4") && !verilog.contains("module SB_LUT4") {
        write("cells.v", SB_LUT4_MODEL)?;
        arguments.push("cells.v");
    }
    verilator.run(dir.path(), &arguments)?;
    // whole or not at all: another process may be compiling the same
    std::fs::rename(dir.path().join("obj/serve"), &kept).map_err(io(&kept))?;
    Ok((kept, name_of(&version)))
}

/// Removes what compilations left that were killed: folders whose lock nobody holds. One without a lock yet is young.
fn sweep(cache: &Path) {
    let entries = std::fs::read_dir(cache).into_iter().flatten().flatten();
    for folder in entries.filter(|e| e.file_name().to_string_lossy().starts_with(WORK)).map(|e| e.path()) {
        let age = folder.metadata().and_then(|m| m.modified()).ok().and_then(|made| made.elapsed().ok());
        let is_left = match File::open(folder.join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(_) => age.is_some_and(|age| age > YOUNG),
        };
        if is_left {
            // another process may be removing it too
            let _ = std::fs::remove_dir_all(&folder);
        }
    }
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
    use super::{LOCK, hash, sweep};
    use std::fs::{self, File};

    #[test]
    fn folders_of_killed_compilations_go_and_those_of_running_ones_stay() {
        let cache = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = cache.path().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let (killed, running, young, other) = (folder("build-a"), folder("build-b"), folder("build-c"), folder("kept"));
        File::create(killed.join(LOCK)).unwrap();
        let held = File::create(running.join(LOCK)).unwrap();
        held.lock().unwrap();
        sweep(cache.path());
        assert!(!killed.exists() && running.exists() && young.exists() && other.exists());
        drop(held);
        sweep(cache.path());
        assert!(!running.exists());
    }

    #[test]
    fn the_border_between_parts_counts() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
    }
}
