//! External tools: found, or said to be missing; exit codes checked.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set to 1 where a missing tool is a failure, as in continuous integration.
pub const REQUIRE_VARIABLE: &str = "FIRSTLIGHT_REQUIRE_TOOLS";

/// A program on the search path.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Name of the program.
    pub name: String,
    /// Where it was found.
    pub path: PathBuf,
}

/// What can go wrong with a tool.
#[derive(Debug)]
pub enum ToolError {
    /// Not on the search path.
    Missing(String),
    /// Ran and failed; the end of its output.
    /// Which program, and what it said.
    Failed { tool: String, output: String },
    /// Ran and reported something that we do not accept.
    Finding(String),
    /// A file of ours.
    Io(String, io::Error),
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToolError::Missing(tool) => {
                write!(
                    f,
                    "{tool} is not on the search path; install it, or run tests/run --setup, which installs all tools"
                )
            }
            ToolError::Failed { tool, output } => write!(f, "{tool} failed; the end of what it said:\n{output}"),
            ToolError::Finding(what) => f.write_str(what),
            ToolError::Io(what, e) => write!(f, "{what}: {e}"),
        }
    }
}

impl std::error::Error for ToolError {}

impl Tool {
    /// Looks on the search path.
    pub fn find(name: &str) -> Result<Tool, ToolError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|p| p.is_file())
            .map(|path| Tool { name: name.into(), path })
            .ok_or_else(|| ToolError::Missing(name.into()))
    }

    /// For tests: the tool, or `None` after saying that `test` is skipped. Panics when tools are required.
    pub fn for_test(name: &str, test: &str) -> Option<Tool> {
        Self::find_or_skip(name, test, std::env::var_os(REQUIRE_VARIABLE).is_some_and(|v| v == "1"))
    }

    fn find_or_skip(name: &str, test: &str, is_required: bool) -> Option<Tool> {
        match Tool::find(name) {
            Ok(tool) => Some(tool),
            Err(missing) if is_required => panic!("{test}: {missing}"),
            Err(_) => {
                eprintln!("SKIPPED {test}: {name} is not installed");
                None
            }
        }
    }

    /// Runs in `dir`, returns all that it printed.
    pub fn run(&self, dir: &Path, arguments: &[&str]) -> Result<String, ToolError> {
        let out = Command::new(&self.path)
            .current_dir(dir)
            .args(arguments)
            .output()
            .map_err(|e| ToolError::Io(self.name.clone(), e))?;
        let mut text = String::from_utf8_lossy(&out.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&out.stderr));
        if out.status.success() {
            return Ok(text);
        }
        let tail = text.lines().rev().take(30).collect::<Vec<_>>();
        let output = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
        Err(ToolError::Failed { tool: format!("{} {}", self.name, arguments.join(" ")), output })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_is_skipped_where_it_may_be() {
        assert!(Tool::find_or_skip("no-such-tool", "a test", false).is_none());
        assert_eq!(Tool::find_or_skip("sh", "a test", true).expect("every system has it").name, "sh");
    }

    #[test]
    #[should_panic(expected = "a test: no-such-tool is not on the search path; install it, or run tests/run --setup")]
    fn a_missing_tool_is_a_failure_where_tools_are_required() {
        Tool::find_or_skip("no-such-tool", "a test", true);
    }
}
