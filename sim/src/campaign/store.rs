//! A folder of results: one file per shard, each whole or absent.

use super::shard::Counts;
use super::spec::Spec;
use anyhow::{Context, Result, bail, ensure};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The results of one spec.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    spec: String,
}

/// What stands under a shard's name.
enum Found {
    Nothing,
    /// No result of a shard, and why.
    Broken(serde_json::Error),
    Counts(Counts),
}

impl Store {
    /// Creates the folder when it is missing.
    pub fn open(folder: &Path, spec: &Spec) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
        Self::existing(folder, spec)
    }

    /// Without creating it.
    pub fn existing(folder: &Path, spec: &Spec) -> Result<Self> {
        ensure!(folder.is_dir(), "there is no folder {}", folder.display());
        Ok(Store { folder: folder.into(), spec: spec.hash() })
    }

    fn path(&self, index: u64) -> PathBuf {
        self.folder.join(format!("shard-{index:06}.json"))
    }

    fn look(&self, index: u64) -> Result<Found> {
        let path = self.path(index);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let counts: Counts = match serde_json::from_str(&text) {
            Ok(counts) => counts,
            Err(error) => return Ok(Found::Broken(error)),
        };
        if counts.spec != self.spec || counts.index != index {
            bail!(
                "{} belongs to another campaign (spec {}, shard {}; expected {}, {index}): use an empty folder",
                path.display(),
                counts.spec,
                counts.index,
                self.spec
            );
        }
        Ok(Found::Counts(counts))
    }

    /// Is this shard's result there and whole? One of another spec is an error: it must not be written over.
    pub fn has(&self, index: u64) -> Result<bool> {
        Ok(matches!(self.look(index)?, Found::Counts(_)))
    }

    /// A shard's result, or nothing; a broken one, or one of another spec, is an error.
    pub fn get(&self, index: u64) -> Result<Option<Counts>> {
        match self.look(index)? {
            Found::Nothing => Ok(None),
            Found::Counts(counts) => Ok(Some(counts)),
            Found::Broken(error) => {
                let path = self.path(index);
                Err(error)
                    .with_context(|| format!("{} is no result of a shard: campaign run makes it anew", path.display()))
            }
        }
    }

    /// Writes a result: into a temporary file, then in one step to its place.
    pub fn put(&self, counts: &Counts) -> Result<()> {
        let path = self.path(counts.index);
        let text = format!("{}\n", serde_json::to_string(counts)?);
        let write = || -> std::io::Result<()> {
            let mut builder = tempfile::Builder::new();
            builder.prefix(".shard-");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                // as any created file, for the merge may be another user's: the umask takes its share
                builder.permissions(std::fs::Permissions::from_mode(0o666));
            }
            let mut file = builder.tempfile_in(&self.folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        // the kind only: the full text names the temporary file
        write().map_err(|error| anyhow::anyhow!("cannot write {}: {}", path.display(), error.kind()))
    }
}
