//! A folder of results: one file per shard, each whole or absent.

use super::shard::Counts;
use super::spec::Spec;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The results of one spec.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    spec: String,
}

impl Store {
    /// Creates the folder when it is missing.
    pub fn open(folder: &Path, spec: &Spec) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
        Ok(Store { folder: folder.into(), spec: spec.hash() })
    }

    fn path(&self, index: u64) -> PathBuf {
        self.folder.join(format!("shard-{index:06}.json"))
    }

    /// Is this shard's result there, whole, and of this spec?
    pub fn has(&self, index: u64) -> bool {
        matches!(self.get(index), Ok(Some(_)))
    }

    /// A shard's result, or nothing; a result of another spec is an error.
    pub fn get(&self, index: u64) -> Result<Option<Counts>> {
        let path = self.path(index);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let counts: Counts = serde_json::from_str(&text)
            .with_context(|| format!("{} is no result of a shard: delete it and run again", path.display()))?;
        if counts.spec != self.spec || counts.index != index {
            bail!(
                "{} belongs to another campaign (spec {}, shard {}; expected {}, {index}): use an empty folder",
                path.display(),
                counts.spec,
                counts.index,
                self.spec
            );
        }
        Ok(Some(counts))
    }

    /// Writes a result: into a temporary file, then in one step to its place.
    pub fn put(&self, counts: &Counts) -> Result<()> {
        let path = self.path(counts.index);
        let mut file = tempfile::Builder::new().prefix(".shard-").tempfile_in(&self.folder)?;
        writeln!(file, "{}", serde_json::to_string(counts)?)?;
        file.as_file().sync_all()?;
        file.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(())
    }
}
