//! `export`: writes what is generated from the tables and the gateware.
use std::path::{Path, PathBuf};

use clap::Subcommand;
use firstlight_spec::emit;

use super::Context;
use crate::capture::{self, roce};
use crate::output::{self, Output};
use crate::{Error, Result};

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// A release for other tools: Verilog, FuseSoC core file, templates, a bench that needs no Rust
    #[cfg(feature = "sim")]
    #[arg(long = "target", value_enum)]
    purpose: Option<verilog::Purpose>,
    /// Folder of the release; created when missing
    #[cfg(feature = "sim")]
    #[arg(short, long, value_name = "FOLDER", default_value = "release", requires = "purpose")]
    output: PathBuf,
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
    /// A design as Verilog
    #[cfg(feature = "sim")]
    Verilog(verilog::Args),
    /// The register map in all forms, into one folder
    Map {
        /// Folder; created when missing
        folder: PathBuf,
    },
    /// All of these, into one folder
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
    #[cfg(feature = "sim")]
    if let Some(purpose) = args.purpose {
        return all(&args.output, firstlight_sim::release::files(purpose.target()), context);
    }
    let Some(what) = &args.what else {
        return Err(Error::usage("nothing to export", "a subcommand, or --target", "firstlight export --help"));
    };
    match what {
        What::Csr(target) => one(target, emit::csr_csv().as_bytes(), context),
        What::Docs(target) => one(target, emit::registers_md().as_bytes(), context),
        What::Header(target) => one(target, emit::c_header().as_bytes(), context),
        What::Json(target) => one(target, emit::registers_json().as_bytes(), context),
        What::Capture(target) => one(target, &capture::write(&roce::sample()), context),
        #[cfg(feature = "sim")]
        What::Verilog(args) => one(&args.target, args.text().as_bytes(), context),
        What::Map { folder } => all(folder, map(), context),
        What::All { folder } => {
            let mut files = map();
            files.push(("roce.pcap", capture::write(&roce::sample())));
            #[cfg(feature = "sim")]
            files.extend(verilog::files());
            all(folder, files, context)
        }
    }
}

fn one(target: &Target, bytes: &[u8], context: &mut Context) -> Result<()> {
    match &target.output {
        Some(path) => output::write(path, bytes),
        None => Ok(context.out.write_all(bytes)?),
    }
}

type Files = Vec<(&'static str, Vec<u8>)>;

const NEW_FOLDER: &str = "name another folder, or ask for the right to write there";

fn map() -> Files {
    emit::files().into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

fn all<N: AsRef<Path>, B: AsRef<[u8]>>(folder: &Path, files: Vec<(N, B)>, context: &mut Context) -> Result<()> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    for folder in paths.iter().filter_map(|path| path.parent()) {
        std::fs::create_dir_all(folder).map_err(|error| {
            let what = format!("cannot create the folder {}: {}", folder.display(), error.kind());
            Error::usage(what, "a folder that may be written", NEW_FOLDER)
        })?;
    }
    let outputs = paths.iter().map(|path| Output::create(path)).collect::<Result<Vec<_>>>()?;
    output::fill_all(outputs.into_iter().zip(files.iter().map(|(_, bytes)| bytes.as_ref())))?;
    for path in &paths {
        writeln!(context.out, "{}", path.display())?;
    }
    Ok(())
}

#[cfg(feature = "sim")]
mod verilog {
    use clap::ValueEnum;
    use firstlight_hdl::target::Target as Use;
    use firstlight_sim::designs::Design;

    #[derive(clap::Args, Debug)]
    pub struct Args {
        /// What to write
        #[arg(value_enum, default_value_t = Top::Link)]
        top: Top,
        /// What the Verilog is for
        #[arg(long = "for", value_enum, default_value_t = Purpose::Generic)]
        purpose: Purpose,
        #[command(flatten)]
        pub target: super::Target,
    }

    #[derive(ValueEnum, Clone, Copy, Debug)]
    enum Top {
        /// The datapath, both directions
        Link,
        /// The link with laser and registers behind a Wishbone port, for a SoC
        LinkSoc,
        /// The link that measures itself: generator, checker and instruments too
        Core,
        /// Line in to line out, corrected on the way
        Repeater,
        /// Delays received beats until their frame's verdict is known
        VerdictAlign,
    }

    #[derive(ValueEnum, Clone, Copy, Debug)]
    pub enum Purpose {
        /// Any simulator and synthesis tool
        Generic,
        /// iCE40, with the LUT cells that reach its clock
        Ice40,
    }

    impl Purpose {
        pub fn target(self) -> Use {
            match self {
                Purpose::Generic => Use::Generic,
                Purpose::Ice40 => Use::Ice40,
            }
        }
    }

    impl Args {
        pub fn text(&self) -> String {
            let design = match self.top {
                Top::Link => Design::Link,
                Top::LinkSoc => Design::LinkSoc,
                Top::Core => Design::Core,
                Top::Repeater => Design::Repeater,
                Top::VerdictAlign => Design::VerdictAlign,
            };
            design.verilog(self.purpose.target())
        }
    }

    /// Every design, for any tool.
    pub fn files() -> super::Files {
        Design::ALL.into_iter().map(|d| (d.file(), d.verilog(Use::Generic).into_bytes())).collect()
    }
}
