//! How the listed designs are driven in lockstep: a row of inputs onto the ports, in their order.

use crate::core_loop::CoreLoop;
use crate::golden::Golden;
use crate::link_loop::LinkLoop;
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::laser::switch::LaserSwitch;
use firstlight_hdl::link::{LinkConfig, LinkStatus};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::engine::{Lockstep, LockstepError, Model};
use firstlight_sim::trace::outputs;

/// Runs so many cycles of rows on both engines and the model; gives how many slots the model judged.
pub type Run = fn(usize, Box<dyn FnMut() -> Vec<u128>>) -> Result<u64, LockstepError>;

fn w<const N: usize>(value: u128) -> W<N> {
    W::new(value as u64)
}

/// The fields of the settings, as they stand in the port.
fn settings(word: u64) -> LinkConfig {
    let field = |lsb: u32, bits: u32| word >> lsb & ((1 << bits) - 1);
    LinkConfig {
        rung: W::new(field(0, 2)),
        tx_parity: field(2, 1) != 0,
        silence_slots: W::new(field(3, 16)),
        request: W::new(field(19, 2)),
        hint: W::new(field(21, 16)),
        stall_limit: W::new(field(37, 16)),
        relock: field(53, 1) != 0,
        sleeps: field(54, 1) != 0,
    }
}

/// The status, as it stands in the port.
fn status(s: LinkStatus) -> u128 {
    let bits = [s.locked, s.light, s.rx_in_frame, s.tx_in_frame].map(u128::from);
    let bits = bits.iter().enumerate().fold(0, |word, (k, bit)| word | bit << k);
    let fields =
        s.seen_state.get() << 4 | s.seen_request.get() << 7 | s.seen_hint.get() << 9 | (s.aligned as u64) << 25;
    bits | fields as u128
}

/// The looped link on a bench.
pub fn link_bench() -> Bench<LinkLoop> {
    Bench::new(LinkLoop::default(), |u| &mut u.clock).ticking_on_both_edges()
}

/// A row onto the looped link.
pub fn drive(u: &mut LinkLoop, row: &[u128]) {
    u.reset.next = row[0] != 0;
    u.s_axis_tdata.next = w(row[1]);
    u.s_axis_tkeep.next = w(row[2]);
    u.s_axis_tvalid.next = row[3] != 0;
    u.s_axis_tlast.next = row[4] != 0;
    u.s_axis_tuser.next = row[5] != 0;
    u.tx_hold.next = row[6] != 0;
    u.settings.next = settings(row[7] as u64);
    u.mask_data.next = w(row[8]);
    u.mask_tc.next = w(row[9]);
    u.light.next = row[10] != 0;
}

/// All outputs of the looped link, in port order.
pub fn look(u: &LinkLoop) -> Vec<u128> {
    vec![
        u.s_axis_tready.val() as u128,
        u.m_axis_tdata.val().get() as u128,
        u.m_axis_tkeep.val().get() as u128,
        u.m_axis_tvalid.val() as u128,
        u.m_axis_tlast.val() as u128,
        u.m_axis_tuser.val().get() as u128,
        u.frame_done.val() as u128,
        u.frame_good.val() as u128,
        u.frame_reason.val().get() as u128,
        u.frame_sequence.val().get() as u128,
        u.cut_data.val().get() as u128,
        u.cut_valid.val() as u128,
        status(u.status.val()),
        u.events.val().get() as u128,
        u.line_data.val().get() as u128,
        u.line_tc.val().get() as u128,
    ]
}

pub fn link_loop(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<u64, LockstepError> {
    let model: fn() -> Box<dyn Model> = || Box::new(Golden::default());
    Lockstep::<LinkLoop> { name: "link_loop", bench: link_bench, drive, look, model: Some(model) }.run(cycles, rows)
}

pub fn core(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<u64, LockstepError> {
    let design = Lockstep::<CoreLoop> {
        name: "core",
        bench: || Bench::new(CoreLoop::default(), |u| &mut u.clock).ticking_on_both_edges(),
        drive: |u, row| {
            u.reset.next = row[0] != 0;
            u.wb_cyc.next = row[1] != 0;
            u.wb_stb.next = row[2] != 0;
            u.wb_we.next = row[3] != 0;
            u.wb_adr.next = w(row[4]);
            u.wb_dat_w.next = w(row[5]);
            u.delay.next = w(row[6]);
            u.mask_data.next = w(row[7]);
            u.mask_tc.next = w(row[8]);
            u.light.next = row[9] != 0;
            u.bone_error.next = row[10] != 0;
        },
        look: outputs,
        model: None,
    };
    design.run(cycles, rows)
}

pub fn bone(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<u64, LockstepError> {
    let design = Lockstep::<Bone> {
        name: "bone_1001",
        bench: || Bench::new(Bone::new(1_001), |u| &mut u.clock),
        drive: |u, row| {
            u.rx_data.next = w(row[0]);
            u.rx_valid.next = row[1] != 0;
            u.rx_error.next = row[2] != 0;
            u.tx_ready.next = row[3] != 0;
            u.dat_r.next = w(row[4]);
            u.ack.next = row[5] != 0;
        },
        look: outputs,
        model: None,
    };
    design.run(cycles, rows)
}

pub fn laser_switch(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<u64, LockstepError> {
    let design = Lockstep::<LaserSwitch> {
        name: "laser_switch",
        bench: || Bench::new(LaserSwitch::default(), |u| &mut u.clock),
        drive: |u, row| {
            u.reset.next = row[0] != 0;
            u.client_valid.next = row[1] != 0;
            u.in_frame.next = row[2] != 0;
            u.hint_soon.next = row[3] != 0;
            u.hint_valid.next = row[4] != 0;
            u.hint_lag.next = w(row[5]);
            u.hint_enable.next = row[6] != 0;
            u.want.next = row[7] != 0;
            u.t_on.next = w(row[8]);
            u.min_on.next = w(row[9]);
            u.min_off.next = w(row[10]);
            u.hint_margin.next = w(row[11]);
            u.no_min_off.next = row[12] != 0;
        },
        look: outputs,
        model: None,
    };
    design.run(cycles, rows)
}
