//! The tool flow on a small design of its own: the lane PHY on the board's pins.

use firstlight_hdl::board::alchitry_cu as pins;
use firstlight_hdl::phy::lane_phy::LanePhy;
use firstlight_hdl::phy::pll::PllPair;
use firstlight_hdl::word::W;
use firstlight_sim::flow::{BuildSpec, FlowError, Report, Source, Toolchain, build};
use firstlight_sim::tools::REQUIRE_VARIABLE;
use firstlight_sim::verilog;
use rust_hdl::fpga::toolchains::icestorm::generate_pcf;
use rust_hdl::prelude::*;
use std::path::Path;

/// Sends back what it receives.
#[derive(LogicBlock)]
struct Echo {
    pub clock: Signal<In, Clock>,
    pub tx_lanes: Signal<Out, W<8>>,
    pub tx_clock: Signal<Out, W<1>>,
    pub rx_lanes: Signal<In, W<8>>,
    pub rx_clock: Signal<In, Clock>,
    pll: PllPair,
    phy: LanePhy,
    data: DFF<W<64>>,
    tail: DFF<W<12>>,
}

impl Logic for Echo {
    #[hdl_gen]
    fn update(&mut self) {
        self.pll.clock_in.next = self.clock.val();
        self.phy.clock.next = self.pll.clock.val();
        self.phy.late_clock.next = self.pll.late_clock.val();
        self.data.clock.next = self.phy.slot_clock.val();
        self.tail.clock.next = self.phy.slot_clock.val();
        self.data.d.next = self.phy.rx_data.val();
        self.tail.d.next = self.phy.rx_tail.val();
        self.phy.tx_data.next = self.data.q.val();
        self.phy.tx_tail.next = self.tail.q.val();
        self.tx_lanes.next = self.phy.tx_lanes.val();
        self.tx_clock.next = self.phy.tx_clock.val();
        self.phy.rx_lanes.next = self.rx_lanes.val();
        self.phy.rx_clock.next = self.rx_clock.val();
    }
}

fn echo() -> Echo {
    let mut uut = Echo {
        clock: pins::clock(),
        tx_lanes: pins::tx_lanes(),
        tx_clock: pins::tx_clock(),
        rx_lanes: pins::rx_lanes(),
        rx_clock: pins::rx_clock(),
        pll: Default::default(),
        phy: Default::default(),
        data: Default::default(),
        tail: Default::default(),
    };
    uut.connect_all();
    uut
}

/// The pinned tools, or `None` after saying that the test is skipped.
fn tools(test: &str) -> Option<Toolchain> {
    match Toolchain::new(Source::Pinned, &|text| eprintln!("{text}")) {
        Ok(tools) => Some(tools),
        Err(error) if std::env::var_os(REQUIRE_VARIABLE).is_some_and(|v| v == "1") => panic!("{test}: {error}"),
        Err(error) => {
            eprintln!("SKIPPED {test}: {error}");
            None
        }
    }
}

fn build_echo(tools: &Toolchain, dir: &Path, mhz: f64) -> Result<Report, FlowError> {
    let uut = echo();
    let spec = BuildSpec {
        name: "echo",
        verilog: &verilog::emit(&uut, "echo"),
        module: "echo",
        pcf: &generate_pcf(&uut),
        clocks: &[("lanes", "", mhz), ("received", "clock_in", mhz), ("slots", "slow", mhz / 5.0)],
        seeds: &[1],
        allow_slow: false,
    };
    build(tools, dir, &spec, &|text| eprintln!("{text}"))
}

#[test]
fn the_lane_phy_meets_its_clock_on_the_boards_pins_and_twice_gives_the_same_bytes() {
    let Some(tools) = tools("echo") else { return };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let report = build_echo(&tools, one.path(), 156.25).unwrap_or_else(|e| panic!("{e}"));
    eprintln!("{}", serde_json::to_string_pretty(&report).unwrap());
    assert_eq!(report.utilisation.pll.used, 1);
    assert_eq!(report.utilisation.bram.used, 5);
    let again = build_echo(&tools, two.path(), 156.25).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(report.sha256, again.sha256);
}
