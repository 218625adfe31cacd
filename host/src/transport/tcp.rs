//! `tcp:HOST:PORT`: a board behind a socket, such as `firstlight sim --tcp`.
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::bone::{Bone, Line};
use crate::{Error, Result};

const CONNECT: Duration = Duration::from_secs(5);
/// A simulated board may share its processor with much else.
const PATIENCE: Duration = Duration::from_secs(4);

impl Line for TcpStream {
    fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(patience))
    }
    fn drop_stale(&mut self) -> io::Result<()> {
        self.set_nonblocking(true)?;
        let mut sink = [0; 1024];
        let outcome = loop {
            match io::Read::read(self, &mut sink) {
                Ok(0) => break Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.set_nonblocking(false)?;
        outcome
    }
}

/// Connects to `HOST:PORT`.
pub fn open(address: &str) -> Result<Bone<TcpStream>> {
    let usage = |what: String| {
        Error::usage(what, "tcp:HOST:PORT with a port from 1 to 65535", "firstlight info --port tcp:127.0.0.1:5999")
    };
    let well_formed = address
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0));
    if !well_formed {
        return Err(usage(format!("\"tcp:{address}\" names no host and port")));
    }
    let targets = address
        .to_socket_addrs()
        .map_err(|error| usage(format!("the host of \"tcp:{address}\" is unknown: {error}")))?;
    let mut reason = None;
    for target in targets {
        match TcpStream::connect_timeout(&target, CONNECT) {
            Ok(stream) => {
                // commands are short and wait for their answer
                let _ = stream.set_nodelay(true);
                return Ok(Bone::new(stream, &format!("tcp:{address}"), "remote", None, PATIENCE));
            }
            Err(error) => reason = Some(error),
        }
    }
    let reason = reason.map_or_else(|| "no address".to_owned(), |error| error.kind().to_string());
    Err(Error::no_board(
        format!("nobody listens at tcp:{address}: {reason}"),
        "a board or a simulated one that serves this port",
        "start one with: firstlight sim --tcp 127.0.0.1:5999",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exit;

    #[test]
    fn malformed_addresses_are_refused_and_closed_ports_are_no_board() {
        for address in ["", "localhost", "localhost:", ":1", "localhost:0", "localhost:99999", "localhost:x"] {
            assert_eq!(open(address).err().map(|e| e.exit), Some(Exit::Usage), "{address}");
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert_eq!(open(&format!("127.0.0.1:{free}")).err().map(|e| e.exit), Some(Exit::NoBoard));
    }
}
