//! Thirty-two small counters, one for each event, read one at a time.
//!
//! ```text
//!            +---Prescalers---+
//!  Bit ------| clear          |
//!  W<32> ----| events         |
//!  W<5> -----| select   count |--- W<6>
//!            +----------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | counts   | each event once a cycle, modulo 64; `clear` wins |
//! | latency  | 2 cycles, `select` to `count`; `count` holds the events of all cycles before the one of `select` |
//! | holds    | 32 counters of 6 bits |

use crate::activity;
use crate::word::W;
use rust_hdl::prelude::*;

/// The counters and the multiplexer in front of their reader.
#[derive(Default)]
pub struct Prescalers {
    pub clock: Signal<In, Clock>,
    pub clear: Signal<In, Bit>,
    pub events: Signal<In, W<32>>,
    pub select: Signal<In, W<5>>,
    pub count: Signal<Out, W<6>>,
    _counts: [u8; 32],
    _selected: u8,
}

crate::leaf!(Prescalers: clock, clear, events, select => count);

impl Logic for Prescalers {
    fn update(&mut self) {
        if !activity::ticks(&self.clock) {
            return;
        }
        activity::note();
        self.count.next = W::new(self._selected as u64);
        self._selected = self._counts[self.select.val().index()];
        if self.clear.val() {
            self._counts = [0; 32];
            return;
        }
        let mut left = self.events.val().get();
        while left != 0 {
            let event = left.trailing_zeros() as usize;
            self._counts[event] = (self._counts[event] + 1) & 63;
            left &= left - 1;
        }
    }
    fn connect(&mut self) {
        self.count.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "\
reg [5:0] counts [0:31];
reg [5:0] group [0:7];
reg [2:0] chosen;
integer i;
initial begin
   for (i = 0; i < 32; i = i + 1) counts[i] = 0;
   for (i = 0; i < 8; i = i + 1) group[i] = 0;
   chosen = 0;
   count = 0;
end
always @(posedge clock) begin
   for (i = 0; i < 32; i = i + 1)
      if (clear) counts[i] <= 0;
      else counts[i] <= counts[i] + events[i];
   for (i = 0; i < 8; i = i + 1)
      group[i] <= select[1] ? (select[0] ? counts[4 * i + 3] : counts[4 * i + 2])
                            : (select[0] ? counts[4 * i + 1] : counts[4 * i]);
   chosen <= select[4:2];
   count <= group[chosen];
end
"
            .into(),
        )
    }
}
