//! `sim`: serves the simulated board to other programs, byte by byte.
use firstlight_sim::byte_board::ByteBoard;

use super::Context;
use crate::serve::{DEADLINE_CYCLES, Pty, Tcp, Wire, serve};
use crate::transport::sim::board;
use crate::{Error, Result};

#[derive(clap::Args, Debug)]
#[command(group = clap::ArgGroup::new("place").required(true))]
pub struct Args {
    /// Listens at HOST:PORT; port 0 takes a free one and says which
    #[arg(long, value_name = "HOST:PORT", group = "place")]
    tcp: Option<String>,
    /// Opens a pseudo terminal and says its device
    #[arg(long, group = "place")]
    pty: bool,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let mut board = board()?;
    board.run(BOOT_CYCLES).map_err(crate::transport::sim::fault)?;
    let engine = board.engine();
    let mut board = ByteBoard::new(board, DEADLINE_CYCLES);
    match &args.tcp {
        Some(address) => {
            let mut wire = Tcp::bind(address).map_err(|error| cannot_listen(address, &error))?;
            let place = wire.address().unwrap_or_else(|_| address.clone());
            announce(&format!("tcp:{place}"), &engine, &mut board, &mut wire, context)
        }
        None => {
            let mut wire = Pty::open().map_err(|error| {
                let what = format!("cannot open a pseudo terminal: {}", error.kind());
                Error::usage(what, "a system with /dev/ptmx", "firstlight sim --tcp 127.0.0.1:5999")
            })?;
            announce(&wire.path(), &engine, &mut board, &mut wire, context)
        }
    }
}

/// Long enough for a cold lock.
const BOOT_CYCLES: u64 = 1000;

fn announce(port: &str, engine: &str, board: &mut ByteBoard, wire: &mut dyn Wire, context: &mut Context) -> Result<()> {
    writeln!(context.out, "serving {engine} at {port}; try: firstlight info --port {port}; Ctrl-C ends")?;
    context.out.flush()?;
    serve(board, wire).map_err(|error| {
        let next = "start it again; if it ends again, report this with the command line";
        Error::no_board(error.to_string(), "a board and a connection that go on until Ctrl-C", next)
    })?;
    writeln!(context.out, "ended after {} cycles", board.board().cycles())?;
    Ok(())
}

fn cannot_listen(address: &str, error: &std::io::Error) -> Error {
    Error::usage(
        format!("cannot listen at {address}: {}", error.kind()),
        "HOST:PORT of this machine that is free",
        "firstlight sim --tcp 127.0.0.1:0 takes a free port",
    )
}
