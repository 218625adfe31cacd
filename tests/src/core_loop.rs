//! A core whose line is looped outside, through a delay and a mask of errors: the core of lockstep and mutation.

use firstlight_hdl::core::Core;
use firstlight_hdl::memory::Memory;
use firstlight_hdl::prelude::*;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_spec::budget::CLOCK_HZ;

/// One core, looped.
#[derive(LogicBlock)]
pub struct CoreLoop {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub wb_cyc: Signal<In, Bit>,
    pub wb_stb: Signal<In, Bit>,
    pub wb_we: Signal<In, Bit>,
    pub wb_adr: Signal<In, W<13>>,
    pub wb_dat_w: Signal<In, W<32>>,
    /// Cycles on the line, less one; 0 is 4096. A shorter one loses slots, a longer one repeats some.
    pub delay: Signal<In, W<12>>,
    /// Line positions that are inverted at its end.
    pub mask_data: Signal<In, W<64>>,
    pub mask_tc: Signal<In, W<12>>,
    pub light: Signal<In, Bit>,
    pub bone_error: Signal<In, Bit>,
    pub wb_dat_r: Signal<Out, W<32>>,
    pub wb_ack: Signal<Out, Bit>,
    pub line_out_data: Signal<Out, W<64>>,
    pub line_out_tc: Signal<Out, W<12>>,
    pub laser_en: Signal<Out, Bit>,
    pub status_locked: Signal<Out, Bit>,
    pub status_light: Signal<Out, Bit>,
    pub frame_good_now: Signal<Out, Bit>,
    pub error_now: Signal<Out, Bit>,
    core: Core,
    line_data: Memory<64, 12>,
    line_tc: Memory<12, 12>,
    place: DFF<W<12>>,
    read_place: Signal<Local, W<12>>,
}

/// Counters of a core that has run for long: bits of all chunks set, every second one about to carry through some.
fn old_counts() -> Vec<u64> {
    let count = |event: u32| match event % 2 {
        0 => 0x5bd1_e995_93c4_67c0_u64.rotate_left(6 * event) >> 1 & !63,
        _ => (1 << (8 + 5 * event / 3)) - 64,
    };
    (0..32).map(count).collect()
}

impl Default for CoreLoop {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            wb_cyc: Default::default(),
            wb_stb: Default::default(),
            wb_we: Default::default(),
            wb_adr: Default::default(),
            wb_dat_w: Default::default(),
            delay: Default::default(),
            mask_data: Default::default(),
            mask_tc: Default::default(),
            light: Default::default(),
            bone_error: Default::default(),
            wb_dat_r: Default::default(),
            wb_ack: Default::default(),
            line_out_data: Default::default(),
            line_out_tc: Default::default(),
            laser_en: Default::default(),
            status_locked: Default::default(),
            status_light: Default::default(),
            frame_good_now: Default::default(),
            error_now: Default::default(),
            core: Core::new(Target::Generic, false, CLOCK_HZ).counting_from(&old_counts()),
            line_data: Default::default(),
            line_tc: Default::default(),
            place: Default::default(),
            read_place: Default::default(),
        }
    }
}

impl Logic for CoreLoop {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, place);
        clock!(self, clock, core, line_data, line_tc);
        self.core.reset.next = self.reset.val();
        self.core.wb_cyc.next = self.wb_cyc.val();
        self.core.wb_stb.next = self.wb_stb.val();
        self.core.wb_we.next = self.wb_we.val();
        self.core.wb_adr.next = self.wb_adr.val();
        self.core.wb_dat_w.next = self.wb_dat_w.val();
        self.core.bone_error.next = self.bone_error.val();
        self.wb_dat_r.next = self.core.wb_dat_r.val();
        self.wb_ack.next = self.core.wb_ack.val();
        self.line_out_data.next = self.core.line_out_data.val();
        self.line_out_tc.next = self.core.line_out_tc.val();
        self.laser_en.next = self.core.laser_en.val();
        self.status_locked.next = self.core.status_locked.val();
        self.status_light.next = self.core.status_light.val();
        self.frame_good_now.next = self.core.frame_good_now.val();
        self.error_now.next = self.core.error_now.val();

        // the line
        self.place.d.next = self.place.q.val() + 1;
        self.read_place.next = self.place.q.val() - self.delay.val();
        self.line_data.write_address.next = self.place.q.val();
        self.line_data.write_data.next = self.core.line_out_data.val();
        self.line_data.write_enable.next = true;
        self.line_data.read_address.next = self.read_place.val();
        self.line_tc.write_address.next = self.place.q.val();
        self.line_tc.write_data.next = self.core.line_out_tc.val();
        self.line_tc.write_enable.next = true;
        self.line_tc.read_address.next = self.read_place.val();
        self.core.line_in_data.next = self.line_data.read_data.val() ^ self.mask_data.val();
        self.core.line_in_tc.next = self.line_tc.read_data.val() ^ self.mask_tc.val();
        self.core.line_in_light.next = self.light.val();
    }
}
