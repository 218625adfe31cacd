//! The smallest board that a host recognises: UARTBone, fabric, identification.

use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::control::fabric::Fabric;
use firstlight_hdl::control::id_regs::IdRegs;
use firstlight_hdl::control::settings::Settings;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::serve::{ByteBench, BytePorts, DEADLINE_CYCLES, Seen};
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::regs::id;
use rust_hdl::prelude::*;

#[derive(LogicBlock)]
pub struct IdBoard {
    pub clock: Signal<In, Clock>,
    pub rx_data: Signal<In, W<8>>,
    pub rx_valid: Signal<In, Bit>,
    pub rx_ready: Signal<Out, Bit>,
    pub tx_data: Signal<Out, W<8>>,
    pub tx_valid: Signal<Out, Bit>,
    pub active: Signal<Out, Bit>,
    bone: Bone,
    fabric: Fabric<2, 0>,
    id: IdRegs,
    settings: Settings,
}

impl Logic for IdBoard {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, bone, fabric, id, settings);
        self.bone.rx_data.next = self.rx_data.val();
        self.bone.rx_valid.next = self.rx_valid.val();
        self.bone.rx_error.next = false;
        self.bone.tx_ready.next = true;
        self.rx_ready.next = self.bone.rx_ready.val();
        self.tx_data.next = self.bone.tx_data.val();
        self.tx_valid.next = self.bone.tx_valid.val();
        self.active.next = self.bone.active.val();

        self.fabric.cyc.next = self.bone.cyc.val();
        self.fabric.stb.next = self.bone.stb.val();
        self.fabric.we.next = self.bone.we.val();
        self.fabric.adr.next = self.bone.adr.val();
        self.fabric.dat_w.next = self.bone.dat_w.val();
        self.bone.dat_r.next = self.fabric.dat_r.val();
        self.bone.ack.next = self.fabric.ack.val();

        self.id.request.next = self.fabric.request.val();
        self.id.bone_error.next = self.bone.error.val();
        self.fabric.answers[0].next = self.id.bus_read.val();
        self.settings.request.next = self.fabric.request.val();
        self.fabric.answers[1].next = self.settings.bus_read.val();
    }
}

/// The design with its clock.
pub fn bench() -> Bench<IdBoard> {
    let uut = IdBoard {
        clock: Default::default(),
        rx_data: Default::default(),
        rx_valid: Default::default(),
        rx_ready: Default::default(),
        tx_data: Default::default(),
        tx_valid: Default::default(),
        active: Default::default(),
        bone: Bone::new(DEADLINE_CYCLES),
        fabric: Fabric::default(),
        id: IdRegs::new(0, CLOCK_HZ),
        settings: Settings::new(&[id::REGS]),
    };
    Bench::new(uut, |u| &mut u.clock)
}

/// The board at its bytes.
pub fn board() -> ByteBench<IdBoard> {
    let ports = BytePorts {
        offer: |u: &mut IdBoard, byte| {
            u.rx_valid.next = byte.is_some();
            u.rx_data.next = W::new(byte.unwrap_or(0) as u64);
        },
        look: |u| Seen {
            takes: u.rx_ready.val(),
            sends: u.tx_valid.val().then(|| u.tx_data.val().get() as u8),
            is_active: u.active.val(),
        },
    };
    ByteBench::new(bench(), ports, DEADLINE_CYCLES)
}
