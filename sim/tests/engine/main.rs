//! The verilated engine: same answers as RustHDL, in every cycle.

mod board;

use firstlight_hdl::memory::Memory;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::engine::{Lockstep, LockstepError, Verilated, input_widths};
use firstlight_sim::tools::Tool;
use firstlight_sim::trace::{Trace, outputs, ports};
use firstlight_sim::verilog;
use rust_hdl::prelude::*;

type Ram = Memory<16, 4>;

const RAM: Lockstep<Ram> = Lockstep {
    name: "lockstep_memory",
    bench: || Bench::new(Memory::new(&[7, 8, 9]), |u| &mut u.clock),
    drive: |u, row| {
        u.write_address.next = W::new(row[0] as u64);
        u.write_data.next = W::new(row[1] as u64);
        u.write_enable.next = row[2] != 0;
        u.read_address.next = W::new(row[3] as u64);
    },
    look: outputs,
    model: None,
};

/// Random rows for inputs of these widths.
fn random_rows(seed: u64, widths: Vec<usize>) -> impl FnMut() -> Vec<u128> {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        widths
            .iter()
            .map(|width| {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                (x as u128 * x as u128) >> 11 & ((1u128 << width) - 1)
            })
            .collect()
    }
}

#[test]
fn both_engines_agree_in_every_cycle() {
    if Tool::for_test("verilator", "lockstep of the memory").is_none() {
        return;
    }
    let rows = random_rows(1, input_widths((RAM.bench)().uut.as_ref()));
    RAM.run(20_000, rows).unwrap_or_else(|e| panic!("{e}"));
}

/// A block that is not what its Verilog says: the construct is the first row of the table of known mismatches.
#[derive(LogicBlock, Default)]
struct Wrong {
    pub clock: Signal<In, Clock>,
    pub a: Signal<In, W<8>>,
    pub b: Signal<In, W<8>>,
    pub y: Signal<Out, Bit>,
    seen: DFF<Bit>,
}

impl Logic for Wrong {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, seen);
        self.seen.d.next = false;
        if self.a.val() & self.b.val() == 0 {
            self.seen.d.next = true;
        }
        self.y.next = self.seen.q.val();
    }
}

#[test]
fn a_block_that_differs_from_its_verilog_is_found_and_shrunk() {
    if Tool::for_test("verilator", "lockstep of a wrong block").is_none() {
        return;
    }
    let wrong = Lockstep::<Wrong> {
        name: "lockstep_wrong",
        bench: || Bench::new(Wrong::default(), |u| &mut u.clock),
        drive: |u, row| {
            u.a.next = W::new(row[0] as u64);
            u.b.next = W::new(row[1] as u64);
        },
        look: outputs,
        model: None,
    };
    match wrong.run(5_000, random_rows(2, vec![8, 8])) {
        Err(LockstepError::Differ(found)) => {
            assert_eq!((found.port.as_str(), found.inputs.len()), ("y", 2), "{found:?}")
        }
        other => panic!("the difference was not found: {other:?}"),
    }
}

#[test]
fn values_wider_than_64_bits_cross_the_pipe_whole() {
    if Tool::for_test("verilator", "wide ports").is_none() {
        return;
    }
    let text = "module wide(input wire clock, input wire [75:0] a, output reg [75:0] y, output wire [7:0] n);\n\
                initial y = 0;\nalways @(posedge clock) y <= ~a;\nassign n = a[75:68];\nendmodule\n";
    let port = |name: &str, width, is_input| firstlight_sim::trace::Port {
        name: name.into(),
        width,
        is_input,
        is_clock: false,
    };
    let mut wide =
        Verilated::start(text, "wide", vec![port("a", 76, true), port("y", 76, false), port("n", 8, false)], "clock")
            .unwrap();
    let (a, all) = (0xabc_0123_4567_89ab_cdef_u128, (1u128 << 76) - 1);
    let samples = wide.replay(&[vec![a], vec![all]]).unwrap();
    assert_eq!(samples[0].0, [0, a >> 68]);
    assert_eq!(samples[1].0, [!a & all, 0xff]);
    wide.set(0, 1).unwrap();
    wide.run(1).unwrap();
    assert_eq!(wide.look().unwrap().0, [all - 1, 0]);
    let (count, seen) = wide.until(wide.port("y"), 10).unwrap().expect("y is not 0");
    assert_eq!((count, seen.0[0]), (0, all - 1));
    wide.set(0, all).unwrap();
    assert_eq!(wide.look().unwrap().0, [all - 1, 0xff], "what follows an input does so without an edge");
    wide.run(1).unwrap();
    assert_eq!(wide.until(wide.port("y"), 10).unwrap(), None);
    let stretches = wide.stretches(&[(3, vec![all]), (2, vec![a]), (1, vec![all])]).unwrap();
    let stretches: Vec<_> = stretches.into_iter().map(|(cycles, sample)| (cycles, sample.0)).collect();
    let (high, low) = (a >> 68, !a & all);
    assert_eq!(stretches, [(3, vec![0, 0xff]), (1, vec![0, high]), (1, vec![low, high]), (1, vec![low, 0xff])]);
}

#[test]
fn the_program_is_compiled_once() {
    if Tool::for_test("verilator", "the cache of compiled designs").is_none() {
        return;
    }
    let uut = (RAM.bench)().uut;
    let (text, trace) = (verilog::emit(uut.as_ref(), "kept"), Trace::new(ports(uut.as_ref())));
    let (first, version) = firstlight_sim::engine::compile(&text, "kept", &trace.ports, &trace.clock).unwrap();
    let when = std::fs::metadata(&first).unwrap().modified().unwrap();
    let (second, _) = firstlight_sim::engine::compile(&text, "kept", &trace.ports, &trace.clock).unwrap();
    assert_eq!((second.as_path(), std::fs::metadata(&second).unwrap().modified().unwrap()), (first.as_path(), when));
    let (other, _) = firstlight_sim::engine::compile(&format!("{text}\n"), "kept", &trace.ports, &trace.clock).unwrap();
    assert!(version.starts_with("verilator 5."), "{version}");
    assert_ne!(other, first, "another content is another program");
}
