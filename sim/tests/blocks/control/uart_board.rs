//! From the UART's pins to a register and back, bit by bit: the whole control path of a board.

use crate::support::{fits_its_budget, replays_the_same};
use firstlight_hdl::control::bit_time::BitTime;
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::control::fabric::Fabric;
use firstlight_hdl::control::id_regs::IdRegs;
use firstlight_hdl::control::link_regs::LinkRegs;
use firstlight_hdl::control::settings::Settings;
use firstlight_hdl::control::uart_rx::UartRx;
use firstlight_hdl::control::uart_tx::UartTx;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::limits::UART_BAUD;
use firstlight_spec::regs::{SPEC_HASH, id, link};
use rust_hdl::prelude::*;

const DIVISOR: u64 = (CLOCK_HZ + UART_BAUD / 2) / UART_BAUD;
const DEADLINE_CYCLES: u64 = 12_000;

#[derive(LogicBlock)]
struct UartBoard {
    pub clock: Signal<In, Clock>,
    pub uart_rx: Signal<In, Bit>,
    pub uart_tx: Signal<Out, Bit>,
    /// Something of the registers, so that none is optimised away.
    pub settings: Signal<Out, W<16>>,
    pub light: Signal<In, Bit>,
    rx: UartRx<7>,
    tx: UartTx<7>,
    bone: Bone,
    fabric: Fabric<3, 0>,
    id: IdRegs,
    kept: Settings,
    link: LinkRegs,
}

impl UartBoard {
    fn new() -> Self {
        UartBoard {
            clock: Default::default(),
            uart_rx: Default::default(),
            uart_tx: Default::default(),
            settings: Default::default(),
            light: Default::default(),
            rx: UartRx::new(BitTime::of(CLOCK_HZ, UART_BAUD)),
            tx: UartTx::new(BitTime::of(CLOCK_HZ, UART_BAUD)),
            bone: Bone::new(DEADLINE_CYCLES),
            fabric: Fabric::default(),
            id: IdRegs::new(3, CLOCK_HZ),
            kept: Settings::new(&[id::REGS, link::REGS]),
            link: LinkRegs::default(),
        }
    }
}

impl Logic for UartBoard {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, rx, tx, bone, fabric, id, kept, link);
        self.rx.pin.next = self.uart_rx.val();
        self.bone.rx_data.next = self.rx.data.val();
        self.bone.rx_valid.next = self.rx.valid.val();
        self.bone.rx_error.next = self.rx.error.val();
        self.rx.ready.next = self.bone.rx_ready.val();
        self.tx.data.next = self.bone.tx_data.val();
        self.tx.valid.next = self.bone.tx_valid.val();
        self.bone.tx_ready.next = self.tx.ready.val();
        self.uart_tx.next = self.tx.pin.val();

        self.fabric.cyc.next = self.bone.cyc.val();
        self.fabric.stb.next = self.bone.stb.val();
        self.fabric.we.next = self.bone.we.val();
        self.fabric.adr.next = self.bone.adr.val();
        self.fabric.dat_w.next = self.bone.dat_w.val();
        self.bone.dat_r.next = self.fabric.dat_r.val();
        self.bone.ack.next = self.fabric.ack.val();

        self.id.request.next = self.fabric.request.val();
        self.id.bone_error.next = self.bone.error.val();
        self.fabric.answers[0].next = self.id.bus_read.val();

        self.link.request.next = self.fabric.request.val();
        self.kept.request.next = self.fabric.request.val();
        self.fabric.answers[2].next = self.kept.bus_read.val();
        self.fabric.answers[1].next = self.link.bus_read.val();
        self.link.locked.next = self.link.relock.val();
        self.link.light.next = self.light.val();
        self.link.holding.next = self.link.clear.val();
        self.link.rx_in_frame.next = self.link.snapshot.val();
        self.link.rung_now.next = self.link.rung.val();
        self.link.seen_state.next = 0.into();
        self.link.seen_request.next = self.link.idle_request.val();
        self.link.seen_hint.next = self.link.silence_slots.val();
        self.link.snapshot_busy.next = self.link.tx_parity.val();
        self.settings.next = self.link.silence_slots.val();
    }
}

/// A host that speaks in bits and listens in bits.
struct Host {
    bench: Bench<UartBoard>,
    /// The level of the board's pin, and what of a byte was heard: sample times left.
    listening: Option<(u64, u8, u32)>,
    before: bool,
    heard: Vec<u8>,
}

impl Host {
    fn new() -> Self {
        let mut bench = Bench::new(UartBoard::new(), |u| &mut u.clock).recording();
        bench.uut.uart_rx.next = true;
        let mut host = Host { bench, listening: None, before: true, heard: vec![] };
        host.hold(true, 50);
        host
    }

    fn cycle(&mut self, level: bool) {
        let heard = self.bench.cycle(|u| u.uart_rx.next = level, |u| u.uart_tx.val());
        match &mut self.listening {
            None if self.before && !heard => self.listening = Some((DIVISOR + DIVISOR / 2, 0, 0)),
            None => {}
            Some((left, byte, bits)) => {
                *left -= 1;
                if *left == 0 && *bits == 8 {
                    assert!(heard, "no stop bit");
                    self.heard.push(*byte);
                    self.listening = None;
                } else if *left == 0 {
                    (*left, *byte, *bits) = (DIVISOR, *byte | (heard as u8) << *bits, *bits + 1);
                }
            }
        }
        self.before = heard;
    }

    fn hold(&mut self, level: bool, cycles: u64) {
        for _ in 0..cycles {
            self.cycle(level);
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hold(false, DIVISOR);
            for i in 0..8 {
                self.hold(byte >> i & 1 != 0, DIVISOR);
            }
            self.hold(true, DIVISOR);
        }
    }

    fn command(&mut self, kind: u8, length: u8, word: u32, data: &[u32]) {
        let mut bytes = vec![kind, length];
        bytes.extend(word.to_be_bytes());
        bytes.extend(data.iter().flat_map(|d| d.to_be_bytes()));
        self.send(&bytes);
    }

    fn read(&mut self, length: u8, word: u32) -> Vec<u32> {
        self.heard.clear();
        self.command(2, length, word, &[]);
        self.hold(true, 41 * DIVISOR * length as u64 + 100);
        let words: Vec<u32> = self.heard.chunks(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect();
        assert_eq!(words.len(), length as usize, "bytes are missing");
        words
    }
}

#[test]
fn registers_are_read_and_written_bit_by_bit() {
    let mut h = Host::new();
    h.bench.uut.light.next = true;
    assert_eq!(h.read(4, id::MAGIC.word), [id::MAGIC_VALUE, SPEC_HASH, 3, CLOCK_HZ as u32]);
    h.command(1, 1, id::SCRATCH.word, &[0xdead_beef]);
    assert_eq!(h.read(2, id::SCRATCH.word), [0xdead_beef, 0]);
    h.command(1, 1, link::SILENCE_SLOTS.word, &[0x1234]);
    assert_eq!(h.read(1, link::STATUS.word), [link::LIGHT.mask() | link::RUNG_NOW.set(0, 2)]);
    assert_eq!(h.read(1, link::IDLE_SEEN.word), [link::SEEN_HINT.set(0, 0x1234)]);
    replays_the_same(&h.bench, "uart_board");
}

#[test]
fn noise_and_half_commands_are_counted_and_the_next_command_works() {
    let mut h = Host::new();
    // a byte without stop bit
    h.hold(false, 10 * DIVISOR);
    h.hold(true, 2 * DIVISOR);
    assert_eq!(h.read(1, id::BONE_ERRORS.word), [1]);
    // a glitch that is no start bit, and a half command
    h.hold(false, 5);
    h.hold(true, 200);
    h.send(&[2, 1, 0]);
    h.hold(true, DEADLINE_CYCLES);
    assert_eq!(h.read(2, id::SCRATCH.word), [0, 2]);
    // a command that begins while an answer is still sent is lost byte by byte, and counted
    h.command(2, 2, id::MAGIC.word, &[]);
    h.hold(true, 10);
    h.send(&[2, 1, 0, 0, 0, 0]);
    h.hold(true, DEADLINE_CYCLES + 10_000);
    h.heard.clear();
    let errors = h.read(1, id::BONE_ERRORS.word)[0];
    assert!(errors > 2, "{errors}");
    assert_eq!(h.read(1, id::MAGIC.word), [id::MAGIC_VALUE]);
}

#[test]
fn fits() {
    fits_its_budget(Host::new().bench.uut.as_ref(), "uart_board");
}
