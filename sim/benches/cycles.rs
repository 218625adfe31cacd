//! Cycles per second: the link and the core in RustHDL, the same core under the same load in verilator and iverilog.

use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, measurement::WallTime};
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
use std::path::Path;
use std::time::{Duration, Instant};

/// Cycles of one sample in RustHDL.
const RUST_CYCLES: u64 = 10_000;
/// Cycles of one sample in verilator.
const VERILATOR_CYCLES: u64 = 200_000;
/// Cycles of one sample in iverilog, its start included.
const IVERILOG_CYCLES: u64 = 500;
/// Cold lock, then full load.
const WARM_UP_CYCLES: u64 = 500;
/// A frame of 64 bytes takes ten slots; some of the first cycles are spent on lock and start.
const CYCLES_PER_FRAME: u64 = 11;
const SAMPLES: usize = 10;

/// Cycles per second of one engine, sample by sample.
struct Rates {
    engine: String,
    samples: Vec<f64>,
}

impl Rates {
    fn of(engine: impl Into<String>) -> Self {
        Rates { engine: engine.into(), samples: vec![] }
    }

    /// Has criterion measure `run`, which takes `cycles`, and keeps what it measured.
    fn measure(mut self, group: &mut BenchmarkGroup<WallTime>, name: &str, cycles: u64, mut run: impl FnMut()) -> Self {
        group.throughput(Throughput::Elements(cycles));
        group.bench_function(name, |b| {
            b.iter_custom(|times| {
                let start = Instant::now();
                (0..times).for_each(|_| run());
                let took = start.elapsed();
                self.samples.push((cycles * times) as f64 / took.as_secs_f64());
                took
            })
        });
        // what came before is warming up
        self.samples = self.samples.split_off(self.samples.len().saturating_sub(SAMPLES));
        self.samples.sort_by(f64::total_cmp);
        self
    }

    fn median(&self) -> Option<f64> {
        let n = self.samples.len();
        (n > 0).then(|| (self.samples[(n - 1) / 2] + self.samples[n / 2]) / 2.0)
    }
}

/// Median, slowest and fastest sample of each engine, and the ratio of the first one's median to theirs.
fn print(what: &str, rates: &[Rates]) {
    let first = rates.first().and_then(Rates::median);
    for rates in rates {
        let (Some(first), Some(median)) = (first, rates.median()) else { continue };
        println!(
            "{what} in {}: median {median:.0} cycles/s ({:.0} to {:.0}, {} samples); the first is {:.3} times as fast",
            rates.engine,
            rates.samples[0],
            rates.samples[rates.samples.len() - 1],
            rates.samples.len(),
            first / median
        );
    }
}

fn group<'a>(c: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(name);
    group
        .sample_size(SAMPLES)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5));
    group
}

/// Back-to-back 64-byte frames of random words, line out wired to line in.
fn link(c: &mut Criterion) -> Vec<Rates> {
    let mut bench = Bench::new(Link::new(Target::Generic), |u| &mut u.clock).ticking_on_both_edges();
    let (mut data, mut beat, mut cycles, mut good) = (1u64, 0u32, 0, 0);
    let mut run = |n: u64| {
        for _ in 0..n {
            data = data.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let (accepted, is_good) = bench.cycle(
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
                |u| (u.s_axis_tready.val(), u.frame_done.val() & u.frame_good.val()),
            );
            beat = (beat + accepted as u32) % 8;
            good += is_good as u64;
            cycles += 1;
        }
    };
    run(WARM_UP_CYCLES);
    let mut group = group(c, "link");
    let rates = Rates::of("RustHDL 0.46").measure(&mut group, "rusthdl", RUST_CYCLES, || run(RUST_CYCLES));
    group.finish();
    assert!(cycles <= WARM_UP_CYCLES || good > cycles / CYCLES_PER_FRAME / 2, "{good} good frames in {cycles} cycles");
    vec![rates]
}

/// A core whose generator runs without end.
fn started<B: Board>(mut board: B) -> B {
    board.run(WARM_UP_CYCLES).expect("runs");
    board.write(generator::COMMAND.word, generator::START.mask()).expect("acknowledged");
    board
}

/// A transfer on the Wishbone port of the verilated core.
fn transfer(core: &mut Verilated, word: u32, data: Option<u32>) -> u32 {
    let set = |core: &mut Verilated, values: &[(&str, u128)]| {
        for (port, value) in values {
            core.set(core.port(port), *value).expect("a port");
        }
    };
    let write = [("wb_we", data.is_some() as u128), ("wb_dat_w", data.unwrap_or(0) as u128)];
    set(core, &write);
    set(core, &[("wb_adr", word as u128), ("wb_cyc", 1), ("wb_stb", 1)]);
    let (_, sample) = core.until(core.port("wb_ack"), 256).expect("answers").expect("acknowledged");
    set(core, &[("wb_cyc", 0), ("wb_stb", 0)]);
    core.run(1).expect("runs");
    sample.0[core.output("wb_dat_r")] as u32
}

fn core(c: &mut Criterion) -> Vec<Rates> {
    let mut group = group(c, "core");
    let mut board = started(core_board::looped());
    let engine = board.engine();
    let rust = Rates::of(engine).measure(&mut group, "rusthdl", RUST_CYCLES, || board.run(RUST_CYCLES).expect("runs"));
    // without a limit they count down from zero
    let left = board.read(generator::LEFT.word).expect("acknowledged");
    let (sent, cycles) = (generator::sent(0, left), board.cycles());
    assert!(
        sent as u64 >= (cycles - 2 * WARM_UP_CYCLES.min(cycles / 2)) / CYCLES_PER_FRAME,
        "{sent} frames in {cycles}"
    );

    let mut all = vec![rust];
    let text = verilog::emit(core_board::bench(true).uut.as_ref(), "firstlight_core");
    match Tool::find("verilator") {
        Ok(verilator) => all.push(verilated(&mut group, &verilator, &text)),
        Err(missing) => println!("core in verilator: not measured, {missing}"),
    }
    match (Tool::find("iverilog"), Tool::find("vvp")) {
        (Ok(iverilog), Ok(vvp)) => all.push(interpreted(&mut group, &iverilog, &vvp, &text)),
        (Err(missing), _) | (_, Err(missing)) => println!("core in iverilog: not measured, {missing}"),
    }
    group.finish();
    all
}

/// What the tool calls itself.
fn version(tool: &Tool, option: &str) -> String {
    let text = tool.run(Path::new("."), &[option]).expect("says its version");
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// The core compiled by verilator, started in the same way.
fn verilated(group: &mut BenchmarkGroup<WallTime>, verilator: &Tool, text: &str) -> Rates {
    let bench = core_board::bench(true).recording();
    let (ports, clock) = (bench.trace().ports.clone(), bench.trace().clock.clone());
    let mut core = Verilated::start(text, "firstlight_core", ports, &clock).expect("verilator compiles the core");
    core.run(WARM_UP_CYCLES).expect("runs");
    transfer(&mut core, generator::COMMAND.word, Some(generator::START.mask()));
    let mut cycles = 0;
    let rates = Rates::of(version(verilator, "--version")).measure(group, "verilator", VERILATOR_CYCLES, || {
        core.run(VERILATOR_CYCLES).expect("runs");
        core.look().expect("answers");
        cycles += VERILATOR_CYCLES;
    });
    let sent = generator::sent(0, transfer(&mut core, generator::LEFT.word, None)) as u64;
    assert!(sent >= cycles / CYCLES_PER_FRAME, "{sent} frames in {cycles} cycles");
    rates
}

/// The first cycles of the same run, replayed and compared in iverilog.
fn interpreted(group: &mut BenchmarkGroup<WallTime>, iverilog: &Tool, vvp: &Tool, text: &str) -> Rates {
    let mut board = WishboneBoard::new(core_board::bench(true), core_board::ports(), "recorded");
    board.record(IVERILOG_CYCLES).expect("records");
    let mut board = started(board);
    board.run(IVERILOG_CYCLES).expect("runs");
    let trace = board.take_trace().expect("recorded");
    let dir = tempfile::tempdir().expect("a temporary directory");
    for (name, content) in [
        ("design.v", text.to_owned()),
        ("bench.v", replay::testbench(&trace, "firstlight_core", "vectors.txt")),
        ("vectors.txt", replay::vectors(&trace)),
    ] {
        std::fs::write(dir.path().join(name), content).expect("a temporary file");
    }
    iverilog
        .run(dir.path(), &["-g2005", "-s", "bench", "-o", "bench.vvp", "design.v", "bench.v"])
        .expect("iverilog compiles the core");
    Rates::of(version(vvp, "-V")).measure(group, "iverilog", IVERILOG_CYCLES, || {
        let said = vvp.run(dir.path(), &["-n", "bench.vvp"]).expect("runs");
        assert!(said.contains(&format!("differences 0 in {IVERILOG_CYCLES} cycles")), "{said}");
    })
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let (link, core) = (link(&mut criterion), core(&mut criterion));
    criterion.final_summary();
    print("link", &link);
    print("core", &core);
}
