//! Starts the command and collects what it says.
use std::process::{Command, Output};

/// What the command did.
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The command, ready for arguments.
pub fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_firstlight"))
}

/// Runs it to its end.
pub fn firstlight(args: &[&str]) -> Done {
    done(command().args(args).output().expect("the command starts"))
}

/// Splits what it said.
pub fn done(output: Output) -> Done {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Done { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

impl Done {
    /// Ended with this code and one error in three lines: what, expected, next.
    #[track_caller]
    pub fn fails(&self, code: i32, what: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        let starts: Vec<&str> = self.err.lines().map(|l| l.split(' ').next().unwrap_or("")).collect();
        assert_eq!(starts, ["error:", "expected:", "next:"], "{}", self.err);
        assert!(self.err.contains(what), "\"{what}\" is not in:\n{}", self.err);
    }
    /// The same, where what happened takes several lines.
    #[cfg(feature = "sim")]
    #[track_caller]
    pub fn fails_at_length(&self, code: i32, what: &[&str]) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        for start in ["error:", "expected:", "next:"] {
            assert_eq!(self.err.lines().filter(|l| l.starts_with(start)).count(), 1, "{}", self.err);
        }
        for what in what {
            assert!(self.err.contains(what), "\"{what}\" is not in:\n{}", self.err);
        }
    }
    /// Refused by the parser of the command line.
    #[track_caller]
    pub fn refused(&self, what: &str) {
        assert_eq!(self.code, 2, "{}{}", self.out, self.err);
        assert!(self.err.starts_with("error:") && self.err.contains(what), "\"{what}\" is not in:\n{}", self.err);
    }
    #[track_caller]
    pub fn succeeds(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }
}
