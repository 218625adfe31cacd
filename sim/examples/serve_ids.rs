//! Serves the smallest board: `serve_ids HOST:PORT` or `serve_ids pty`; prints where, then serves until it is ended.

#[path = "../tests/serve/id_board.rs"]
mod id_board;

use firstlight_sim::serve::{Pace, ServeError, TcpServer};
use std::sync::atomic::AtomicBool;

fn main() {
    if let Err(error) = run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), ServeError> {
    let place = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".into());
    let (mut board, stop) = (id_board::board(), AtomicBool::new(false));
    #[cfg(unix)]
    if place == "pty" {
        let server = firstlight_sim::serve::PtyServer::open(Pace::default())?;
        println!("{}", server.path().display());
        return server.serve(&mut board, &stop);
    }
    let server = TcpServer::bind(&place, Pace::default())?;
    println!("{}", server.local_address()?);
    server.serve(&mut board, &stop)
}
