//! Two boards whose lasers sleep: nothing is lost, nothing waits for the far end's light or for a round trip.

use firstlight_sim::light::boards::LitBoards;
use firstlight_sim::light::parts::Part;
use firstlight_sim::model::laser::policy::Setting;
use firstlight_sim::traffic::{Burst, Clock, sets};
use firstlight_spec::regs::laser::mode;

const CYCLE_NS: f64 = 6.4;
/// None, 20 m, 200 m, 1.3 km.
const FIBRES: [usize; 4] = [0, 16, 156, 1_000];
/// Longer than any burst takes.
const PATIENCE: u64 = 20_000;
/// What a frame waits beyond `t_on` and a round trip when the far end is told to take darkness for a fault.
const TOLD_CYCLES: u64 = 9;

fn setting(part: &Part) -> Setting {
    let [min_on, min_off] = [part.min_on_cycles(CYCLE_NS), part.min_off_cycles(CYCLE_NS)];
    Setting { t_on: part.t_on_cycles(CYCLE_NS), min_on, min_off, notice: 0 }
}

fn sparse(bursts: u32) -> Vec<Burst> {
    (0..bursts).map(|k| Burst { gap: 1_500 + 37 * k, busy: 20, class: 0 }).collect()
}

fn boards(part: &str, fibre: usize, modes: [u32; 2]) -> (LitBoards, Setting) {
    let part = *Part::find(part).expect("a part");
    let set = setting(&part);
    (LitBoards::new(part, CYCLE_NS, fibre, modes.map(|mode| (mode, set))), set)
}

#[test]
fn a_frame_waits_t_on_whatever_the_fibre_and_while_the_far_end_sleeps() {
    for part in ["gpon", "burst-driver"] {
        for fibre in FIBRES {
            let (mut boards, set) = boards(part, fibre, [mode::REACTIVE; 2]);
            let [a, b] = boards.play([&sparse(8), &[]], PATIENCE);
            assert_eq!((a.sent, b.good, b.bad), (8, 8, 0), "{part}, {fibre} cycles of fibre: {a:?}");
            assert_eq!(a.held, [set.t_on; 8], "{part}, {fibre} cycles of fibre");
            assert!(b.dark_cycles > 8 * 1_500, "the far end sleeps: {b:?}");
            let counted = ["bursts", "bursts_late", "held_cycles"].map(|event| boards.count(0, event));
            assert_eq!(counted, [8, 8, 8 * set.t_on], "{part}, {fibre} cycles of fibre");
        }
    }
}

#[test]
fn predictions_in_both_directions_lose_nothing_and_count_what_clients_wait() {
    let traffic = |name, seed| sets::find(name).expect("a traffic").bursts(seed, 250, Clock { cycle_ns: 20.0 });
    // the last gap outlasts everything, so that both directions have played
    let bursts = [traffic("ring-14", 1), traffic("moe", 2)]
        .map(|bursts| bursts.iter().map(|b| Burst { busy: b.busy.max(3), ..*b }).collect::<Vec<_>>());
    for fibre in [0, 156] {
        let (mut boards, set) = boards("gpon", fibre, [mode::PAIR_GAP; 2]);
        let got = boards.play([&bursts[0], &bursts[1]], PATIENCE);
        for (k, (mine, far)) in [(&got[0], &got[1]), (&got[1], &got[0])].into_iter().enumerate() {
            assert_eq!((mine.sent, far.good, far.bad), (250, 250, 0), "board {k}, {fibre} cycles of fibre");
            let late = mine.held.iter().filter(|held| **held > 0).count() as u64;
            assert_eq!(boards.count(k, "bursts_late"), late, "board {k}, {fibre} cycles of fibre: {:?}", mine.held);
            assert_eq!(boards.count(k, "held_cycles"), mine.held.iter().sum::<u64>());
            assert!(mine.held.iter().all(|held| *held <= set.t_on) && mine.dark_cycles > 10_000, "board {k}: {mine:?}");
        }
    }
}

#[test]
fn a_board_that_was_reset_lights_up_until_both_ends_are_aligned_again() {
    for fibre in [0, 156] {
        for reset in [0, 1] {
            let (mut boards, set) = boards("gpon", fibre, [mode::REACTIVE; 2]);
            boards.reset(reset, 20);
            let [a, b] = boards.play([&sparse(4), &sparse(3)], PATIENCE);
            assert_eq!(
                (a.sent, b.good, b.bad, b.sent, a.good, a.bad),
                (4, 4, 0, 3, 3, 0),
                "board {reset}: {a:?} {b:?}"
            );
            assert_eq!(
                (&a.held[1..], &b.held[1..]),
                (&[set.t_on; 3][..], &[set.t_on; 2][..]),
                "board {reset} was reset"
            );
            // both sleep again
            assert!(a.dark_cycles > 3_000 && b.dark_cycles > 3_000, "{a:?} {b:?}");
        }
    }
}

#[test]
fn a_far_end_that_takes_darkness_for_a_fault_costs_a_round_trip_and_no_frame() {
    for fibre in FIBRES {
        let (mut boards, set) = boards("gpon", fibre, [mode::REACTIVE, mode::ALWAYS_ON]);
        let [a, b] = boards.play([&sparse(8), &[]], PATIENCE);
        assert_eq!((a.sent, b.good, b.bad), (8, 8, 0), "{fibre} cycles of fibre");
        let most = set.t_on + 2 * fibre as u64 + TOLD_CYCLES;
        assert!(a.held.iter().all(|held| *held <= most), "{fibre} cycles of fibre, at most {most}: {:?}", a.held);
    }
}
