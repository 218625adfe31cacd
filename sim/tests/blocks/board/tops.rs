//! The tops of the Alchitry Cu through their pins: registers by UART, on RustHDL and on the Verilog.
//!
//! Their parts have reviewed Verilog of their own; here it is the wiring, and the budget of a top is that of a whole
//! build (`[top.NAME]`), which the tests of the tool flow check.

use crate::support::wires_and_validates;
use firstlight_hdl::board::cu_lanes::{CuLanes, SLOT_HZ};
use firstlight_hdl::board::cu_loopback::CuLoopback;
use firstlight_hdl::board::uart_core::UartCore;
use firstlight_hdl::core::Parts;
use firstlight_hdl::phy::pll::OUTPUT_HZ;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::uart::{Script, words, words_at_rate};
use firstlight_spec::limits::UART_BAUD;
use firstlight_spec::regs::{SPEC_HASH, id};
use rust_hdl::prelude::*;

/// Cycles until the PLL's model locks and the reset is released, with room.
const START_CYCLES: usize = 60;

/// Reads the magic word, after `cycles` of rest.
fn who_is_there(clock_hz: u64) -> Script {
    let mut script = Script::after(START_CYCLES, clock_hz);
    script.read(id::MAGIC.word, 1);
    script
}

const ANSWER: [u32; 1] = [id::MAGIC_VALUE];
/// The LED of a command under way.
const COMMAND_LED: u64 = 3;

/// The answer on the UART's pin, and every LED that was ever lit.
fn talk<U: Block>(b: &mut Bench<U>, script: &Script, cycle: impl Fn(&mut Bench<U>, bool) -> (bool, u64)) -> u64 {
    let mut lit = 0;
    let mut level = |rx: &bool| {
        let (tx, leds) = cycle(b, *rx);
        lit |= leds;
        tx
    };
    let heard: Vec<bool> = script.line().iter().map(&mut level).collect();
    assert_eq!(words(&heard, script.clock_hz()), ANSWER);
    lit
}

#[test]
fn the_core_answers_behind_its_uart_and_shows_it_on_the_leds() {
    let core: UartCore<7, 2> = UartCore::new(Target::Ice40, true, OUTPUT_HZ, Parts::SMALL);
    let mut b = Bench::new(core, |u| &mut u.clock).recording();
    b.uut.line_in_light.next = true;
    let lit = talk(&mut b, &who_is_there(OUTPUT_HZ), |b, rx| {
        b.cycle(|u| u.uart_rx.next = rx, |u| (u.uart_tx.val(), u.leds.val().get()))
    });
    assert!(lit >> COMMAND_LED & 1 != 0 && lit & 1 != 0, "locked, and a command under way: {lit:08b}");
    wires_and_validates(&b, "uart_core");
}

#[test]
fn the_core_at_the_slot_clock_and_a_host_within_one_percent_understand_each_other() {
    for baud in [UART_BAUD * 99 / 100, UART_BAUD, UART_BAUD * 101 / 100] {
        let core: UartCore<7, 2> = UartCore::new(Target::Ice40, false, SLOT_HZ, Parts::LANES);
        let mut b = Bench::new(core, |u| &mut u.clock);
        let values = [0x5555_5555, 0xaaaa_aaaa, 0, 0xffff_ffff, 0x0123_4567];
        let mut script = Script::at_rate(START_CYCLES, SLOT_HZ, baud);
        for value in values {
            script.write(id::SCRATCH.word, &[value]);
            script.read(id::SCRATCH.word, 1);
        }
        script.read(id::MAGIC.word, 3);
        let level = |rx: &bool| b.cycle(|u| u.uart_rx.next = *rx, |u| u.uart_tx.val());
        let heard: Vec<bool> = script.line().iter().map(level).collect();
        let parts = id::GENERATOR.mask() | id::LASER.mask() | id::PREDICTOR.mask() | id::LANES.mask();
        let expected = [&values[..], &[id::MAGIC_VALUE, SPEC_HASH, parts]].concat();
        assert_eq!(words_at_rate(&heard, SLOT_HZ, baud), expected, "a host at {baud} baud");
    }
}

#[test]
fn the_looped_board_answers_at_its_pins() {
    let mut b = Bench::new(CuLoopback::default(), |u| &mut u.clock).recording();
    let lit = talk(&mut b, &who_is_there(OUTPUT_HZ), |b, rx| {
        let drive = |u: &mut CuLoopback| {
            u.uart_rx.next = rx;
            u.button_n.next = true;
        };
        b.cycle(drive, |u| (u.uart_tx.val(), u.leds.val().get()))
    });
    assert!(lit & 1 != 0, "the link locks on its own line: {lit:08b}");
    wires_and_validates(&b, "cu_loopback");
}

/// The board with lanes: its slot clock is a fifth of the lane clock, so that each level of the script lasts five cycles.
#[test]
fn the_board_with_lanes_answers_at_its_pins_on_the_slot_clock() {
    let lanes = CuLanesOnOneClock { board: CuLanes::default(), ..Default::default() };
    let mut b = Bench::new(lanes, |u| &mut u.clock).recording();
    let script = who_is_there(SLOT_HZ);
    let lit = talk(&mut b, &script, |b, rx| {
        let drive = |u: &mut CuLanesOnOneClock| u.uart_rx.next = rx;
        let seen = b.cycle(drive, |u| (u.uart_tx.val(), u.leds.val().get()));
        b.run(4);
        seen
    });
    assert_eq!(lit & 1, 0, "no lock without a far board: {lit:08b}");
    wires_and_validates(&b, "cu_lanes");
}

/// All clocks of a board with lanes from one, the lanes quiet.
#[derive(LogicBlock, Default)]
struct CuLanesOnOneClock {
    pub clock: Signal<In, Clock>,
    pub uart_rx: Signal<In, Bit>,
    pub uart_tx: Signal<Out, Bit>,
    pub leds: Signal<Out, W<8>>,
    pub tx_lanes: Signal<Out, W<8>>,
    board: CuLanes,
}

impl Logic for CuLanesOnOneClock {
    #[hdl_gen]
    fn update(&mut self) {
        self.board.clock.next = self.clock.val();
        self.board.rx_clock.next = self.clock.val();
        self.board.button_n.next = true;
        self.board.light_lost.next = false;
        self.board.rx_lanes.next = 0.into();
        self.board.uart_rx.next = self.uart_rx.val();
        self.uart_tx.next = self.board.uart_tx.val();
        self.leds.next = self.board.leds.val();
        self.tx_lanes.next = self.board.tx_lanes.val();
    }
}
