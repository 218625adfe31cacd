//! Cycles per second: link and core in RustHDL, the same core under full load in verilator and iverilog.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use firstlight_hdl::link::Link;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::board::Board;
use firstlight_sim::engine::Verilated;
use firstlight_sim::tools::Tool;
use firstlight_sim::wishbone_board::WishboneBoard;
use firstlight_sim::{core_board, replay, verilog};
use firstlight_spec::regs::generator;
use std::time::Duration;

/// Cycles of one sample in RustHDL.
const RUST_CYCLES: u64 = 10_000;
/// Cycles of one sample in verilator.
const VERILATOR_CYCLES: u64 = 1_000_000;
/// Cycles of one sample in iverilog.
const IVERILOG_CYCLES: u64 = 2_000;
/// Cold lock, then full load.
const WARM_UP_CYCLES: u64 = 500;

/// Back-to-back 64-byte frames of random words, line out wired to line in.
fn link(c: &mut Criterion) {
    let mut bench = Bench::new(Link::new(Target::Generic), |u| &mut u.clock).ticking_on_both_edges();
    let (mut data, mut beat) = (1u64, 0u32);
    let mut run = |cycles: u64| {
        for _ in 0..cycles {
            data = data.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let accepted = bench.cycle(
                |u| {
                    let (line, tc) = (u.line_out_data.val(), u.line_out_tc.val());
                    u.line_in_data.next = line;
                    u.line_in_tc.next = tc;
                    u.line_in_light.next = true;
                    u.settings.next.rung = W::new(2);
                    u.s_axis_tvalid.next = true;
                    u.s_axis_tdata.next = W::new(data);
                    u.s_axis_tkeep.next = W::new(0xff);
                    u.s_axis_tlast.next = beat == 7;
                },
                |u| u.s_axis_tready.val(),
            );
            beat = (beat + accepted as u32) % 8;
        }
    };
    run(WARM_UP_CYCLES);
    let mut group = c.benchmark_group("link");
    group.throughput(Throughput::Elements(RUST_CYCLES));
    group.bench_function("rusthdl", |b| b.iter(|| run(RUST_CYCLES)));
    group.finish();
}

/// A core whose generator runs without end.
fn started(mut board: impl Board) -> impl Board {
    board.run(WARM_UP_CYCLES).expect("runs");
    board.write(generator::COMMAND.word, generator::START.mask()).expect("acknowledged");
    board
}

fn core(c: &mut Criterion) {
    let mut group = c.benchmark_group("core");
    group.throughput(Throughput::Elements(RUST_CYCLES));
    let mut board = started(core_board::looped());
    group.bench_function("rusthdl", |b| b.iter(|| board.run(RUST_CYCLES)));

    let text = verilog::emit(core_board::bench(true).uut.as_ref(), "firstlight_core");
    if Tool::find("verilator").is_ok() {
        let bench = core_board::bench(true).recording();
        let (ports, clock) = (bench.trace().ports.clone(), bench.trace().clock.clone());
        let mut core = Verilated::start(&text, "firstlight_core", ports, &clock).expect("verilator compiles the core");
        for (port, value) in
            [("wb_cyc", 1), ("wb_stb", 1), ("wb_we", 1), ("wb_adr", generator::COMMAND.word as u128), ("wb_dat_w", 1)]
        {
            let port = core.port(port);
            core.set(port, value).expect("a port");
        }
        core.run(WARM_UP_CYCLES).expect("runs");
        for port in ["wb_cyc", "wb_stb"] {
            let port = core.port(port);
            core.set(port, 0).expect("a port");
        }
        group.throughput(Throughput::Elements(VERILATOR_CYCLES));
        group.bench_function("verilator", |b| {
            b.iter(|| {
                core.run(VERILATOR_CYCLES).expect("runs");
                core.look().expect("answers")
            })
        });
    }
    if let (Ok(iverilog), Ok(vvp)) = (Tool::find("iverilog"), Tool::find("vvp")) {
        let mut board = started(WishboneBoard::new(core_board::bench(true), core_board::ports(), "recorded"));
        board.record(IVERILOG_CYCLES).expect("records");
        board.run(IVERILOG_CYCLES).expect("runs");
        let trace = board.take_trace().expect("recorded");
        let dir = tempfile::tempdir().expect("a temporary directory");
        for (name, content) in [
            ("design.v", text.clone()),
            ("bench.v", replay::testbench(&trace, "firstlight_core", "vectors.txt")),
            ("vectors.txt", replay::vectors(&trace)),
        ] {
            std::fs::write(dir.path().join(name), content).expect("a temporary file");
        }
        iverilog
            .run(dir.path(), &["-g2005", "-s", "bench", "-o", "bench.vvp", "design.v", "bench.v"])
            .expect("iverilog compiles the core");
        group.throughput(Throughput::Elements(IVERILOG_CYCLES));
        group.bench_function("iverilog", |b| b.iter(|| vvp.run(dir.path(), &["-n", "bench.vvp"]).expect("runs")));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(5));
    targets = link, core
}
criterion_main!(benches);
