//! `sim`: serves the simulated board to other programs, byte by byte.
use firstlight_sim::serve::{Bridge, Pace, PtyServer, ServeError, TcpServer};

use super::Context;
use crate::transport::sim::board;
use crate::{Error, Exit, Result, interrupt};

/// Deadline of a command in simulated cycles; the server stretches it to that of hardware.
const DEADLINE_CYCLES: u64 = 20_000;
/// Short, so that a command does not wait for time that merely passes.
const FREE_SLICE_CYCLES: u64 = 256;

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
    let pace = Pace { free_slice_cycles: FREE_SLICE_CYCLES, ..Pace::default() };
    let board = board()?;
    let engine = board.engine();
    let mut bridge = Bridge::new(board, DEADLINE_CYCLES);
    if let Some(address) = &args.tcp {
        let server = TcpServer::bind(address, pace).map_err(refused)?;
        announce(&format!("tcp:{}", server.local_address().map_err(refused)?), &engine, context)?;
        server.serve(&mut bridge, interrupt::flag()).map_err(refused)?;
    } else {
        let server = PtyServer::open(pace).map_err(refused)?;
        announce(&server.path().display().to_string(), &engine, context)?;
        server.serve(&mut bridge, interrupt::flag()).map_err(refused)?;
    }
    Ok(writeln!(context.out, "ended after {} cycles", bridge.board().cycles())?)
}

fn announce(port: &str, engine: &str, context: &mut Context) -> Result<()> {
    writeln!(context.out, "serving {engine} at {port}; try: firstlight info --port {port}; Ctrl-C ends")?;
    Ok(context.out.flush()?)
}

fn refused(error: ServeError) -> Error {
    let exit = if matches!(error, ServeError::Board(_)) { Exit::NoBoard } else { Exit::Usage };
    let next = "firstlight sim --tcp 127.0.0.1:0 takes a free port";
    Error::new(exit, error.to_string(), "an address of this machine that is free, or a pseudo terminal", next)
}
