//! `export`: writes what is generated from the tables and the gateware.
use std::path::PathBuf;

use clap::Subcommand;
use firstlight_spec::emit;

use super::Context;
use crate::capture::{self, roce};
use crate::output::{self, Output};
use crate::{Error, Result};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Register map for LiteX tools (csr.csv)
    Csr(Target),
    /// Register map for readers (registers.md)
    Docs(Target),
    /// Register map for C programs (firstlight.h)
    Header(Target),
    /// Register map for programs (registers.json)
    Json(Target),
    /// A small capture of RoCE v2 frames with valid checks (roce.pcap), for replay
    Capture(Target),
    /// The register map in all forms, into one folder
    All {
        /// Folder; created when missing
        folder: PathBuf,
    },
}

#[derive(clap::Args, Debug)]
struct Target {
    /// File to write; without it, the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    match &args.what {
        What::Csr(target) => one(target, emit::csr_csv().as_bytes(), context),
        What::Docs(target) => one(target, emit::registers_md().as_bytes(), context),
        What::Header(target) => one(target, emit::c_header().as_bytes(), context),
        What::Json(target) => one(target, emit::registers_json().as_bytes(), context),
        What::Capture(target) => one(target, &capture::write(&roce::sample()), context),
        What::All { folder } => all(folder, context),
    }
}

fn one(target: &Target, bytes: &[u8], context: &mut Context) -> Result<()> {
    match &target.output {
        Some(path) => output::write(path, bytes),
        None => Ok(context.out.write_all(bytes)?),
    }
}

fn all(folder: &PathBuf, context: &mut Context) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let what = format!("cannot create the folder {}: {}", folder.display(), error.kind());
        Error::usage(what, "a folder that may be written", "firstlight export all FOLDER")
    })?;
    let files = emit::files();
    // all are opened before the first one appears
    let outputs = files.iter().map(|(name, _)| Output::create(&folder.join(name))).collect::<Result<Vec<_>>>()?;
    for (output, (name, text)) in outputs.into_iter().zip(&files) {
        output.fill(text.as_bytes())?;
        writeln!(context.out, "{}", folder.join(name).display())?;
    }
    Ok(())
}
