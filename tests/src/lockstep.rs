//! How the listed designs are driven in lockstep: a row of inputs onto the ports, in their order.

use crate::link_loop::LinkLoop;
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::laser::switch::LaserSwitch;
use firstlight_hdl::link::LinkConfig;
use firstlight_hdl::word::W;
use firstlight_sim::engine::{Lockstep, LockstepError};

/// Runs so many cycles of rows on both engines.
pub type Run = fn(usize, Box<dyn FnMut() -> Vec<u128>>) -> Result<(), LockstepError>;

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
    }
}

pub fn link_loop(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<(), LockstepError> {
    let design = Lockstep::<LinkLoop> {
        name: "link_loop",
        make: LinkLoop::default,
        clock: |u| &mut u.clock,
        drive: |u, row| {
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
        },
    };
    design.run(cycles, rows)
}

pub fn bone(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<(), LockstepError> {
    let design = Lockstep::<Bone> {
        name: "bone_1001",
        make: || Bone::new(1_001),
        clock: |u| &mut u.clock,
        drive: |u, row| {
            u.rx_data.next = w(row[0]);
            u.rx_valid.next = row[1] != 0;
            u.rx_error.next = row[2] != 0;
            u.tx_ready.next = row[3] != 0;
            u.dat_r.next = w(row[4]);
            u.ack.next = row[5] != 0;
        },
    };
    design.run(cycles, rows)
}

pub fn laser_switch(cycles: usize, rows: Box<dyn FnMut() -> Vec<u128>>) -> Result<(), LockstepError> {
    let design = Lockstep::<LaserSwitch> {
        name: "laser_switch",
        make: LaserSwitch::default,
        clock: |u| &mut u.clock,
        drive: |u, row| {
            u.reset.next = row[0] != 0;
            u.client_valid.next = row[1] != 0;
            u.in_frame.next = row[2] != 0;
            u.hint_valid.next = row[3] != 0;
            u.hint_count.next = w(row[4]);
            u.hint_enable.next = row[5] != 0;
            u.hint_drop.next = row[6] != 0;
            u.want.next = row[7] != 0;
            u.t_on.next = w(row[8]);
            u.min_on.next = w(row[9]);
            u.min_off.next = w(row[10]);
            u.hint_margin.next = w(row[11]);
            u.no_min_off.next = row[12] != 0;
        },
    };
    design.run(cycles, rows)
}
