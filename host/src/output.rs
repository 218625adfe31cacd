//! Output files appear whole or not at all.
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::{Error, Result};

/// A file being written: invisible under its name until [`Output::finish`].
pub struct Output {
    path: PathBuf,
    target: Target,
}

enum Target {
    /// Renamed at the end.
    Whole(NamedTempFile),
    /// A device or pipe, which cannot be renamed onto.
    Stream(fs::File),
}

impl Output {
    /// Refuses at once what cannot be written, so that no measurement runs in vain.
    pub fn create(path: &Path) -> Result<Self> {
        let target = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(refused(path, &io::Error::from(io::ErrorKind::IsADirectory))),
            Ok(found) if !found.is_file() => {
                fs::OpenOptions::new().write(true).open(path).map(Target::Stream).map_err(|e| refused(path, &e))?
            }
            _ => temporary(path).map(Target::Whole).map_err(|e| refused(path, &e))?,
        };
        Ok(Output { path: path.to_owned(), target })
    }
    /// Shows the file under its name.
    pub fn finish(mut self) -> Result<()> {
        self.flush().map_err(|e| refused(&self.path, &e))?;
        match self.target {
            Target::Whole(file) => file.persist(&self.path).map(|_| ()).map_err(|e| refused(&self.path, &e.error)),
            Target::Stream(_) => Ok(()),
        }
    }
    /// Its contents, still invisible.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes).and_then(|()| self.flush()).map_err(|e| refused(&self.path, &e))
    }
    /// Everything at once.
    pub fn fill(mut self, bytes: &[u8]) -> Result<()> {
        self.put(bytes)?;
        self.finish()
    }
    /// The error of a failed write to this file.
    pub fn error(&self, error: &io::Error) -> Error {
        refused(&self.path, error)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Whole(file) => file.write(bytes),
            Target::Stream(file) => file.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Whole(file) => file.flush(),
            Target::Stream(file) => file.flush(),
        }
    }
}

/// Writes several files; all are complete before the first one appears.
pub fn fill_all<'a>(files: impl IntoIterator<Item = (Output, &'a [u8])>) -> Result<()> {
    let mut complete = vec![];
    for (mut output, bytes) in files {
        output.put(bytes)?;
        complete.push(output);
    }
    complete.into_iter().try_for_each(Output::finish)
}

/// Writes one whole file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    Output::create(path)?.fill(bytes)
}

/// A report whose reader may leave. When a file or an exit code is at stake, the rest of it is dropped; otherwise
/// there is nothing left to do.
pub struct Report<'a> {
    out: &'a mut dyn Write,
    at_stake: bool,
    has_left: bool,
}

impl<'a> Report<'a> {
    /// `at_stake`: a file or an exit code must follow even when nobody reads on.
    pub fn new(out: &'a mut dyn Write, at_stake: bool) -> Self {
        Report { out, at_stake, has_left: false }
    }
    fn tolerate<T>(&mut self, done: io::Result<T>, instead: T) -> io::Result<T> {
        match done {
            Err(error) if self.at_stake && error.kind() == io::ErrorKind::BrokenPipe => {
                self.has_left = true;
                Ok(instead)
            }
            done => done,
        }
    }
}

impl Write for Report<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = if self.has_left { Ok(bytes.len()) } else { self.out.write(bytes) };
        self.tolerate(done, bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        let done = if self.has_left { Ok(()) } else { self.out.flush() };
        self.tolerate(done, ())
    }
}

fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".firstlight-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // as any created file: the umask takes its share
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn refused(path: &Path, error: &io::Error) -> Error {
    // the kind only: the full text names the temporary file
    let what = format!("cannot write {}: {}", path.display(), error.kind());
    Error::usage(what, "a folder that exists, may be written and has space", "give another path; nothing was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_finished_does_not_appear() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut output = Output::create(&path).unwrap();
        output.write_all(b"half").unwrap();
        drop(output);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        write(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    fn an_old_file_survives_a_failed_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        write(&path, b"old").unwrap();
        drop(Output::create(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn of_several_files_none_appears_when_one_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let files = || [Output::create(&path).unwrap(), Output::create(Path::new("/dev/full")).unwrap()];
        let error = fill_all(files().into_iter().map(|o| (o, &b"x"[..]))).unwrap_err();
        assert!(error.what.contains("cannot write /dev/full"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn missing_folders_and_folders_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("no/such"), b"").unwrap_err();
        assert!(error.what.contains("no/such"), "{error}");
        assert!(write(folder.path(), b"").unwrap_err().what.contains("directory"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_said() {
        let error = write(Path::new("/dev/full"), b"x").unwrap_err();
        assert!(error.what.contains("no storage space"), "{error}");
    }
}
