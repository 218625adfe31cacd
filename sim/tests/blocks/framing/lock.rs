//! Lock, light and silence.

use crate::support::{numbers, proves};
use firstlight_hdl::framing::lock::Lock;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::framing::lock::{Heard, Lock as Model, Told};
use firstlight_spec::limits::{LOCK_IDLES, RELOCK_IDLES};
use proptest::prelude::*;

fn bench() -> Bench<Lock> {
    Bench::new(Lock::default(), |u| &mut u.clock)
}

fn cycle(bench: &mut Bench<Lock>, now: Heard, silence_slots: u16) -> Told {
    bench.cycle(
        |u| {
            u.good_idle.next = now.good_idle;
            u.good_end.next = now.good_end;
            u.bad.next = now.bad;
            u.line_in_light.next = now.light;
            u.relock.next = now.drop;
            u.silence_slots.next = W::new(silence_slots as u64);
        },
        |u| {
            let status = u.status.val();
            Told {
                shut: u.shut.val(),
                locked: status.locked,
                light: status.light,
                lost: status.lost,
                silenced: status.silenced,
            }
        },
    )
}

const IDLE: Heard = Heard { good_idle: true, good_end: false, bad: false, light: true, drop: false };

/// Stretches of IDLEs, data, bad slots, darkness and relocks, as a seed says.
fn stretches(seed: u64, count: usize) -> Vec<(Heard, u16)> {
    let mut random = numbers(seed);
    let mut out = vec![];
    for _ in 0..count {
        let x = random();
        let silence_slots = [0, 0, 9, 30][(x >> 32) as usize & 3];
        let (length, odds) = (1 + (x >> 8) % 90, x & 7);
        for _ in 0..length {
            let y = random();
            let rare = y & 31 == 0;
            let heard = match odds {
                0..3 => Heard { good_idle: !rare, bad: rare && y & 32 != 0, ..IDLE },
                3 => Heard { good_idle: false, good_end: rare, ..IDLE },
                4 => Heard { good_idle: false, bad: y & 3 == 0, ..IDLE },
                5 => Heard { light: false, good_idle: y & 1 != 0, bad: y & 2 != 0, ..IDLE },
                6 => Heard { drop: rare, ..IDLE },
                _ => Heard { good_idle: y & 3 == 0, good_end: y & 12 == 0, bad: y & 0x1f0 == 0, ..IDLE },
            };
            out.push((heard, silence_slots));
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn agrees_with_the_model(seed in 1u64..) {
        let (mut bench, mut model) = (bench(), Model::default());
        for (n, (heard, silence_slots)) in stretches(seed, 25).into_iter().enumerate() {
            let want = model.cycle(heard, silence_slots);
            prop_assert_eq!(cycle(&mut bench, heard, silence_slots), want, "cycle {}: {:?}", n, heard);
        }
    }
}

/// IDLEs until the lock is told.
fn until_locked(bench: &mut Bench<Lock>) -> u64 {
    (0..1000).find(|_| cycle(bench, IDLE, 0).locked).expect("IDLEs lock")
}

#[test]
fn a_cold_lock_takes_64_idles_and_one_through_darkness_4() {
    let mut bench = bench();
    // registered inputs, count, lock; light is four registers behind
    let cold = until_locked(&mut bench);
    (0..50).for_each(|_| {
        cycle(&mut bench, Heard { light: false, good_idle: false, ..IDLE }, 0);
    });
    assert!(!cycle(&mut bench, IDLE, 0).locked);
    let again = until_locked(&mut bench) + 1;
    assert_eq!(cold - again, (LOCK_IDLES - RELOCK_IDLES) as u64);
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench().recording();
    (0..70).for_each(|_| {
        cycle(&mut bench, IDLE, 30);
    });
    for (heard, silence_slots) in stretches(3, 25) {
        cycle(&mut bench, heard, silence_slots);
    }
    proves(&bench, "lock", &["line_in_light", "good_idle", "bad", "relock", "shut", "status"]);
}
