//! A simulated board over TCP and over a pseudo terminal, as any UARTBone client sees it.

mod id_board;

use firstlight_sim::board::BoardError;
use firstlight_sim::serve::{ByteBoard, Pace, TcpServer};
use firstlight_spec::regs::{SPEC_HASH, id};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Nothing here takes this long; only a fault lets a test wait so long.
const LIMIT: Duration = Duration::from_secs(60);

/// Says what the board does to the threads of the test.
#[derive(Default)]
struct Watch {
    stop: AtomicBool,
    cycles: AtomicU64,
    is_active: AtomicBool,
}

struct Watched<'a, B>(B, &'a Watch);

impl<B: ByteBoard> ByteBoard for Watched<'_, B> {
    fn run(&mut self, cycles: u64, input: &mut VecDeque<u8>, output: &mut Vec<u8>) -> Result<(), BoardError> {
        self.0.run(cycles, input, output)?;
        self.1.cycles.fetch_add(cycles, Ordering::SeqCst);
        self.1.is_active.store(self.0.is_active(), Ordering::SeqCst);
        Ok(())
    }
    fn is_active(&self) -> bool {
        self.0.is_active()
    }
    fn deadline_cycles(&self) -> u64 {
        self.0.deadline_cycles()
    }
}

impl Watch {
    fn until_active(&self, wanted: bool) {
        let start = Instant::now();
        while self.is_active.load(Ordering::SeqCst) != wanted {
            assert!(start.elapsed() < LIMIT, "the board stays active: {}", !wanted);
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Runs `test` against a served board; the server has ended well afterwards.
fn with_tcp(pace: Pace, test: impl FnOnce(SocketAddr, &Watch)) {
    let watch = Watch::default();
    let server = TcpServer::bind("127.0.0.1:0", pace).unwrap();
    let address = server.local_address().unwrap();
    std::thread::scope(|scope| {
        let served = scope.spawn(|| server.serve(&mut Watched(id_board::board(), &watch), &watch.stop));
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(address, &watch)));
        watch.stop.store(true, Ordering::SeqCst);
        served.join().unwrap().unwrap();
        if let Err(panic) = result {
            std::panic::resume_unwind(panic);
        }
    });
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

fn header(kind: u8, length: u8, word: u32) -> Vec<u8> {
    let mut bytes = vec![kind, length];
    bytes.extend(word.to_be_bytes());
    bytes
}

fn read_words(line: &mut (impl Read + Write), kind: u8, length: u8, word: u32) -> Vec<u32> {
    line.write_all(&header(kind, length, word)).unwrap();
    let mut bytes = vec![0; 4 * length as usize];
    line.read_exact(&mut bytes).unwrap();
    bytes.chunks(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn write_word(line: &mut impl Write, word: u32, value: u32) {
    let mut bytes = header(1, 1, word);
    bytes.extend(value.to_be_bytes());
    line.write_all(&bytes).unwrap();
}

/// Magic, hash, scratch, name: what each client reads first.
fn knows_the_board(line: &mut (impl Read + Write), scratch: u32) {
    assert_eq!(read_words(line, 2, 2, id::MAGIC.word), [id::MAGIC_VALUE, SPEC_HASH]);
    write_word(line, id::SCRATCH.word, scratch);
    assert_eq!(read_words(line, 2, 1, id::SCRATCH.word), [scratch]);
    let name = read_words(line, 2, id::IDENT.words as u8, id::IDENT.word);
    let text: String = name.iter().map(|c| char::from(*c as u8)).take_while(|c| *c != '\0').collect();
    assert_eq!(text, id::IDENT_TEXT);
}

#[test]
fn clients_over_tcp_read_and_write_one_after_the_other() {
    with_tcp(Pace::default(), |address, _| {
        for scratch in [0xdead_beef, 0x0102_0304, 0] {
            let mut client = connect(address);
            knows_the_board(&mut client, scratch);
            let fixed = read_words(&mut client, 4, 255, id::MAGIC.word);
            assert_eq!(fixed, [id::MAGIC_VALUE; 255]);
            assert_eq!(read_words(&mut client, 2, 1, id::BONE_ERRORS.word), [0]);
        }
    });
}

#[test]
fn commands_sent_together_are_answered_in_order() {
    with_tcp(Pace::default(), |address, _| {
        let mut client = connect(address);
        let many: Vec<u8> = (0..100).flat_map(|_| header(2, 2, id::MAGIC.word)).collect();
        client.write_all(&many).unwrap();
        let mut bytes = vec![0; 800];
        client.read_exact(&mut bytes).unwrap();
        let one = [id::MAGIC_VALUE.to_be_bytes(), SPEC_HASH.to_be_bytes()].concat();
        assert_eq!(bytes, one.repeat(100));
    });
}

#[test]
fn a_half_command_is_given_up_and_counted_while_the_client_waits() {
    with_tcp(Pace::default(), |address, watch| {
        let mut client = connect(address);
        client.write_all(&header(2, 1, id::MAGIC.word)[..4]).unwrap();
        watch.until_active(true);
        watch.until_active(false);
        knows_the_board(&mut client, 7);
        assert_eq!(read_words(&mut client, 2, 1, id::BONE_ERRORS.word), [1]);
    });
}

#[test]
fn a_client_that_leaves_in_a_command_does_not_disturb_the_next() {
    with_tcp(Pace::default(), |address, watch| {
        let mut client = connect(address);
        client.write_all(&[1, 9, 0]).unwrap();
        watch.until_active(true);
        drop(client);
        knows_the_board(&mut connect(address), 8);
    });
}

#[test]
fn noise_is_swallowed_and_the_next_command_works_after_the_deadline() {
    with_tcp(Pace::default(), |address, watch| {
        let mut client = connect(address);
        // unknown kinds of six bytes, then the start of an endless write
        client.write_all(&[[0xff; 6], [0; 6], [7; 6], [3, 255, 0, 0, 0x1f, 0]].concat()).unwrap();
        client.write_all(&[0x55; 33]).unwrap();
        watch.until_active(true);
        watch.until_active(false);
        knows_the_board(&mut client, 9);
    });
}

#[test]
fn no_time_passes_on_an_idle_board() {
    let pace = Pace { linger: Duration::ZERO, ..Pace::default() };
    with_tcp(pace, |address, watch| {
        let mut client = connect(address);
        knows_the_board(&mut client, 1);
        // the reply left, so at most the slice that is under way is still counted
        std::thread::sleep(Duration::from_millis(50));
        let before = watch.cycles.load(Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(300));
        let after = watch.cycles.load(Ordering::SeqCst);
        assert!(after - before <= Pace::default().free_slice_cycles, "{before} {after}");
        knows_the_board(&mut client, 2);
    });
}

#[test]
fn time_goes_on_for_a_while_after_the_last_byte() {
    let pace = Pace { linger: LIMIT, ..Pace::default() };
    with_tcp(pace, |address, watch| {
        knows_the_board(&mut connect(address), 1);
        let mut client = connect(address);
        knows_the_board(&mut client, 1);
        let (before, start) = (watch.cycles.load(Ordering::SeqCst), Instant::now());
        while watch.cycles.load(Ordering::SeqCst) < before + 50_000 {
            assert!(start.elapsed() < LIMIT, "time stands still");
            std::thread::sleep(Duration::from_millis(2));
        }
    });
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let first = TcpServer::bind("127.0.0.1:0", Pace::default()).unwrap();
    let address = first.local_address().unwrap().to_string();
    let error = TcpServer::bind(&address, Pace::default()).err().expect("the port is taken").to_string();
    assert!(error.contains(&address) && error.contains("give another address"), "{error}");
}

#[cfg(unix)]
#[test]
fn clients_over_a_pseudo_terminal_come_and_go() {
    use firstlight_sim::serve::PtyServer;
    use std::os::unix::fs::OpenOptionsExt;
    let watch = Watch::default();
    let server = PtyServer::open(Pace::default()).unwrap();
    std::thread::scope(|scope| {
        let served = scope.spawn(|| server.serve(&mut Watched(id_board::board(), &watch), &watch.stop));
        let test = || {
            for scratch in [5, 0x1304_0a0d] {
                let flags = rustix::fs::OFlags::NOCTTY.bits() as i32;
                let mut options = std::fs::OpenOptions::new();
                let mut device = options.read(true).write(true).custom_flags(flags).open(server.path()).unwrap();
                knows_the_board(&mut device, scratch);
            }
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test));
        watch.stop.store(true, Ordering::SeqCst);
        served.join().unwrap().unwrap();
        if let Err(panic) = result {
            std::panic::resume_unwind(panic);
        }
    });
}
