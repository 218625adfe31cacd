//! The registers of the link.

use super::bus::{read_bits, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::control::link_regs::{LinkRegs, WRITE_LATENCY};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{SPACE_WORDS, link};

fn bench() -> Bench<LinkRegs> {
    Bench::new(LinkRegs::default(), |u| &mut u.clock).recording()
}

fn set(u: &mut LinkRegs, request: BusRequest) {
    u.request.next = request;
}

fn answer(u: &LinkRegs) -> bool {
    u.bus_read.val()
}

fn get(b: &mut Bench<LinkRegs>, word: u32) -> u32 {
    read_bits(b, set, answer, word)
}

/// The settings as the registers would hold them.
fn settings(u: &LinkRegs) -> (u32, u32, u32) {
    let control = link::RUNG.set(0, u.rung.val().get() as u32);
    let control = link::TX_PARITY.set(control, u.tx_parity.val() as u32);
    let control = link::ADAPTIVE.set(control, u.adaptive.val() as u32);
    let control = link::REPEAT.set(control, u.is_repeater.val() as u32);
    let control = link::DARK.set(control, u.dark.val() as u32);
    (control, u.silence_slots.val().get() as u32, u.idle_request.val().get() as u32)
}

#[test]
fn settings_start_at_their_reset_values() {
    let b = bench();
    assert_eq!(settings(&b.uut), (link::CONTROL.reset, link::SILENCE_SLOTS.reset, link::IDLE_SEND.reset));
}

#[test]
fn a_command_strobes_once_and_reads_as_zero() {
    let mut b = bench();
    let request = |strobe| BusRequest {
        strobe,
        write: true,
        address: W::new(link::COMMAND.word as u64),
        data: W::new(7),
        ..Default::default()
    };
    let mut strobes = vec![];
    for n in 0..12 {
        let look = |u: &LinkRegs| (u.clear.val(), u.snapshot.val(), u.relock.val());
        let seen = b.cycle(|u| u.request.next = request(n == 0), look);
        if seen == (true, true, true) {
            strobes.push(n);
        } else {
            assert_eq!(seen, (false, false, false));
        }
    }
    assert_eq!(strobes, [WRITE_LATENCY]);
    assert_eq!(get(&mut b, link::COMMAND.word), 0);
    insta::assert_snapshot!(b.trace().ascii(&["request", "bus_read", "clear", "snapshot", "relock"]));
}

/// Random settings reach the link, random status is read as it stands.
fn agree(seed: u64) -> Bench<LinkRegs> {
    let (mut b, mut random) = (bench(), numbers(seed));
    let (mut control, mut silence, mut send) = (link::CONTROL.reset, link::SILENCE_SLOTS.reset, 0);
    for _ in 0..60 {
        let (x, data) = (random(), random() as u32);
        let word = link::CONTROL.word + (x as u32 & 7);
        write(&mut b, set, word, data);
        match word {
            w if w == link::CONTROL.word => control = data & 0x3f,
            w if w == link::SILENCE_SLOTS.word => silence = data & 0xffff,
            w if w == link::IDLE_SEND.word => send = data & 3,
            _ => {}
        }
        assert_eq!(settings(&b.uut), (control, silence, send));
        let status = x >> 8 & 0x3f;
        let (state, request, hint) = (x >> 16 & 7, x >> 20 & 3, x >> 24 & 0xffff);
        b.cycle(
            |u| {
                u.locked.next = status & 1 != 0;
                u.light.next = status & 2 != 0;
                u.holding.next = status & 4 != 0;
                u.rx_in_frame.next = status & 8 != 0;
                u.rung_now.next = W::new(status >> 4);
                u.seen_state.next = W::new(state);
                u.seen_request.next = W::new(request);
                u.seen_hint.next = W::new(hint);
                u.snapshot_busy.next = x >> 50 & 1 != 0;
            },
            |_| {},
        );
        for (word, value) in [
            (link::CONTROL.word, 0),
            (link::STATUS.word, status as u32),
            (link::COMMAND.word, 0),
            (link::SILENCE_SLOTS.word, 0),
            (link::IDLE_SEND.word, 0),
            (link::IDLE_SEEN.word, (hint << 16 | request << 8 | state) as u32),
            (link::STATE.word, (x >> 50 & 1) as u32),
        ] {
            assert_eq!(get(&mut b, word), value, "word {word:#x}");
        }
    }
    b
}

agrees_with_the_model!(6, agree);

#[test]
fn verilog_replays_the_same_trace() {
    replays_and_validates(&agree(4), "link_regs");
}

#[test]
fn other_addresses_read_zero_and_change_nothing() {
    let mut b = bench();
    b.uut.seen_hint.next = W::new(0xffff);
    b.uut.locked.next = true;
    let group = link::CONTROL.word..link::STATE.word + 1;
    for word in (0..0x40).chain((0x40..SPACE_WORDS).step_by(29)).filter(|w| !group.contains(w)) {
        write(&mut b, set, word, 0xffff_ffff);
        assert_eq!(get(&mut b, word), 0, "word {word:#x}");
    }
    assert_eq!(settings(&b.uut), (link::CONTROL.reset, link::SILENCE_SLOTS.reset, link::IDLE_SEND.reset));
}

#[test]
fn fits() {
    fits_its_budget(bench().uut.as_ref(), "link_regs");
}
