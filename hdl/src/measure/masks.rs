//! Turns three draws and an exact mask into two masks beside the line; their sum is applied.
//!
//! ```text
//!                +---MaskMaker---+
//!  hits W<3> ----|               |-- data_a, data_b W<64>
//!  place_0..2 ---|               |-- tc_a, tc_b     W<12>
//!  fire, masks --|               |-- changed
//!                +---------------+
//! ```
//!
//! | contract  | value |
//! |-----------|-------|
//! | latency   | [`MaskMaker::LATENCY`] cycles from `hits`, `place_*` to the masks; 1 from `fire` |
//! | `changed` | one cycle after the masks: they differ, so the slot was changed |
//! | levels    | one LUT between its registers: a place is decoded into 10 groups of 8, one mask bit needs two such pairs |

use crate::activity;
use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Places that stand for line bits: 64 data, 4 type, 8 check.
pub const PLACES: u64 = 76;
const GROUPS: usize = 10;

/// The two masks, made in two stages.
#[derive(Default)]
pub struct MaskMaker {
    pub clock: Signal<In, Clock>,
    /// Draw k hits.
    pub hits: Signal<In, W<3>>,
    pub place_0: Signal<In, W<7>>,
    pub place_1: Signal<In, W<7>>,
    pub place_2: Signal<In, W<7>>,
    /// The exact mask is due.
    pub fire: Signal<In, Bit>,
    pub mask_tc: Signal<In, W<12>>,
    pub mask_high: Signal<In, W<32>>,
    pub mask_low: Signal<In, W<32>>,
    pub data_a: Signal<Out, W<64>>,
    pub data_b: Signal<Out, W<64>>,
    pub tc_a: Signal<Out, W<12>>,
    pub tc_b: Signal<Out, W<12>>,
    pub changed: Signal<Out, Bit>,
    _hit: [Option<u64>; 3],
    _masks: (u128, u128),
    _changed: bool,
}

crate::leaf!(MaskMaker: clock, hits, place_0, place_1, place_2, fire, mask_tc, mask_high, mask_low => data_a, data_b, tc_a, tc_b, changed);

impl MaskMaker {
    /// Draw to mask.
    pub const LATENCY: u64 = 2;
}

fn one(place: Option<u64>) -> u128 {
    place.map_or(0, |p| 1 << p)
}

impl Logic for MaskMaker {
    fn update(&mut self) {
        if activity::ticks(&self.clock) {
            let before = (self._changed, self._masks, self._hit);
            self._changed = self._masks.0 != self._masks.1;
            let exact = (self.mask_tc.val().get() as u128) << 64
                | (self.mask_high.val().get() as u128) << 32
                | self.mask_low.val().get() as u128;
            let [h0, h1, h2] = self._hit;
            self._masks = (one(h0) ^ one(h1), one(h2) ^ if self.fire.val() { exact } else { 0 });
            let hits = self.hits.val();
            let place = [self.place_0.val().get(), self.place_1.val().get(), self.place_2.val().get()];
            self._hit = std::array::from_fn(|k| (hits.get_bit(k) && place[k] < PLACES).then_some(place[k]));
            if before != (self._changed, self._masks, self._hit) {
                activity::note();
            }
        }
        self.data_a.next = W::new(self._masks.0 as u64);
        self.data_b.next = W::new(self._masks.1 as u64);
        self.tc_a.next = W::new((self._masks.0 >> 64) as u64);
        self.tc_b.next = W::new((self._masks.1 >> 64) as u64);
        self.changed.next = self._changed;
    }
    fn connect(&mut self) {
        self.data_a.connect();
        self.data_b.connect();
        self.tc_a.connect();
        self.tc_b.connect();
        self.changed.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::new();
        for k in 0..3 {
            writeln!(text, "reg [{}:0] group_{k} = 0; reg [7:0] low_{k} = 0; reg on_{k} = 0;", GROUPS - 1).unwrap();
        }
        text.push_str("reg [75:0] a = 0, b = 0; reg same_01 = 0, same_02 = 0, same_12 = 0, exact = 0;\nreg twin_01 = 0, twin_02 = 0, twin_12 = 0;\n");
        text.push_str("reg on_0q = 0, on_1q = 0, on_2q = 0; initial changed = 0;\n");
        text.push_str("wire [75:0] mask = {mask_tc, mask_high, mask_low};\nreg mask_any = 0;\n");
        text.push_str("always @(posedge clock) begin\n");
        for k in 0..3 {
            for g in 0..GROUPS {
                // the last group is half off the slot
                let inside = if g == GROUPS - 1 { format!(" & ~place_{k}[2]") } else { String::new() };
                writeln!(text, "   group_{k}[{g}] <= hits[{k}] & (place_{k}[6:3] == 4'd{g}){inside};").unwrap();
            }
            for l in 0..8 {
                writeln!(text, "   low_{k}[{l}] <= place_{k}[2:0] == 3'd{l};").unwrap();
            }
            writeln!(text, "   on_{k} <= hits[{k}] & (place_{k} < 7'd{PLACES});\n   on_{k}q <= on_{k};").unwrap();
        }
        for i in 0..PLACES {
            let (g, l) = (i / 8, i % 8);
            writeln!(text, "   a[{i}] <= (group_0[{g}] & low_0[{l}]) ^ (group_1[{g}] & low_1[{l}]);").unwrap();
            writeln!(text, "   b[{i}] <= (group_2[{g}] & low_2[{l}]) ^ (fire & mask[{i}]);").unwrap();
        }
        // one or three places, or two that differ, or an exact mask that is not empty; the modes exclude each other
        text.push_str("   mask_any <= |mask;\n   exact <= fire & mask_any;\n");
        for (x, y) in [(0, 1), (0, 2), (1, 2)] {
            writeln!(text, "   twin_{x}{y} <= place_{x} == place_{y};\n   same_{x}{y} <= twin_{x}{y};").unwrap();
        }
        text.push_str(
            "   changed <= exact | (on_0q ^ on_1q ^ on_2q) | (on_0q & on_1q & ~same_01) | (on_0q & on_2q & ~same_02) | (on_1q & on_2q & ~same_12);\n",
        );
        text.push_str(
            "end\nalways @(*) begin\n   data_a = a[63:0]; tc_a = a[75:64]; data_b = b[63:0]; tc_b = b[75:64];\nend\n",
        );
        Verilog::Custom(text)
    }
}
