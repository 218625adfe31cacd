//! The frame memories.

use crate::control::bus::{Answer, SetRequest, read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::measure::frame_memory::FrameMemories;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::frame_memory::FrameMemories as Model;
use firstlight_spec::limits::FRAME_MEMORY_WORDS;
use firstlight_spec::regs::memory::{RX, RX_CONTROL, RX_COUNT, RX_LOST, TX};

const SET: SetRequest<FrameMemories> = |u, request| u.bus_request.next = request;
const ANSWER: Answer<FrameMemories> = |u| u.bus_read.val().get();

fn bench() -> Bench<FrameMemories> {
    Bench::new(FrameMemories::default(), |u| &mut u.clock)
}

#[test]
fn payload_reaches_the_generator_after_the_stated_time() {
    let (mut b, mut model) = (bench(), Model::default());
    let mut random = numbers(2);
    for index in [0u32, 1, 255, 511, 512, 543] {
        for half in 0..2 {
            let data = random() as u32;
            write(&mut b, SET, TX.word + 2 * index + half, data);
            model.write(TX.word + 2 * index + half, data);
        }
    }
    for index in [543u64, 0, 512, 511, 1, 255] {
        let answers: Vec<u64> = (0..4)
            .map(|n| {
                b.cycle(
                    |u| {
                        u.tx_busy.next = true;
                        u.tx_address.next = W::new(if n == 0 { index } else { 2 });
                    },
                    |u| u.tx_data.val().get(),
                )
            })
            .collect();
        assert_eq!(answers[FrameMemories::TX_LATENCY as usize], model.payload(index as usize), "word {index}");
        assert_ne!(
            answers[FrameMemories::TX_LATENCY as usize - 1],
            model.payload(index as usize),
            "word {index} early"
        );
    }
}

/// Slots are stored while armed and counted beyond the end.
fn agree(seed: u64) {
    let (mut b, mut model) = (bench(), Model::default());
    let mut random = numbers(seed);
    let mut pass = |b: &mut Bench<FrameMemories>, model: &mut Model, slots: usize| {
        for _ in 0..slots {
            let (data, flags, valid) = (random(), random() & 0x7f, random() & 3 != 0);
            b.cycle(
                |u| {
                    u.slot_valid.next = valid;
                    u.slot_data.next = W::new(data);
                    u.slot_flags.next = W::new(flags);
                },
                |_| {},
            );
            if valid {
                model.store((data, flags as u8));
            }
        }
        b.cycle(|u| u.slot_valid.next = false, |_| {});
    };
    pass(&mut b, &mut model, 20);
    for slots in [900, 30] {
        write(&mut b, SET, RX_CONTROL.word, 1);
        model.write(RX_CONTROL.word, 1);
        pass(&mut b, &mut model, slots);
        for reg in [RX_CONTROL, RX_COUNT, RX_LOST] {
            let (value, cycles) = read(&mut b, SET, ANSWER, reg.word);
            assert_eq!(value, model.read(reg.word), "{}", reg.name);
            assert!(cycles <= FrameMemories::ANSWER_CYCLES);
        }
        let mut slowest = 0;
        for slot in [0, 1, 22, 500, 511, 512, 513, FRAME_MEMORY_WORDS as u32 - 1] {
            for word in (0..4).map(|k| RX.word + 4 * slot + k) {
                let (value, cycles) = read(&mut b, SET, ANSWER, word);
                assert_eq!(value, model.read(word), "slot {slot}");
                slowest = slowest.max(cycles);
            }
        }
        assert_eq!(slowest, FrameMemories::ANSWER_CYCLES);
    }
}

agrees_with_the_model!(4, agree);

#[test]
fn a_reread_after_disarming_shows_the_same_and_other_addresses_show_nothing() {
    let mut b = bench().recording();
    let mut model = Model::default();
    write(&mut b, SET, RX_CONTROL.word, 1);
    model.write(RX_CONTROL.word, 1);
    for data in 1..8u64 {
        b.cycle(
            |u| {
                u.slot_valid.next = true;
                u.slot_data.next = W::new(data << 40 | data);
                u.slot_flags.next = W::new(data);
            },
            |_| {},
        );
        model.store((data << 40 | data, data as u8));
    }
    b.cycle(|u| u.slot_valid.next = false, |_| {});
    write(&mut b, SET, RX_CONTROL.word, 0);
    model.write(RX_CONTROL.word, 0);
    for word in (RX.word..RX.word + 30).chain([RX_COUNT.word, RX_LOST.word, RX_CONTROL.word, 0x73, 0x100, TX.word]) {
        assert_eq!(read(&mut b, SET, ANSWER, word).0, model.read(word), "word {word:#x}");
    }
    shows(&b, "frame_memory", &["bus_request", "bus_read", "slot_valid", "slot_flags"]);
    replays_and_validates(&b, "frame_memory");
}

#[test]
fn it_fits_its_budget() {
    fits_its_budget(bench().uut.as_ref(), "frame_memory");
}
