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
    /// Everything at once.
    pub fn fill(mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes).map_err(|e| refused(&self.path, &e))?;
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

/// Writes one whole file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    Output::create(path)?.fill(bytes)
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
