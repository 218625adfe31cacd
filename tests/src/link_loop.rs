//! A link whose line is looped back through a mask of errors: the design of proofs, lockstep and mutation.

use firstlight_hdl::link::{Link, LinkConfig, LinkStatus};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use rust_hdl::prelude::*;

/// One link, looped.
#[derive(LogicBlock)]
pub struct LinkLoop {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub s_axis_tdata: Signal<In, W<64>>,
    pub s_axis_tkeep: Signal<In, W<8>>,
    pub s_axis_tvalid: Signal<In, Bit>,
    pub s_axis_tlast: Signal<In, Bit>,
    pub s_axis_tuser: Signal<In, Bit>,
    pub tx_hold: Signal<In, Bit>,
    pub settings: Signal<In, LinkConfig>,
    /// Line positions that are inverted on the way.
    pub mask_data: Signal<In, W<64>>,
    pub mask_tc: Signal<In, W<12>>,
    pub light: Signal<In, Bit>,
    pub s_axis_tready: Signal<Out, Bit>,
    pub m_axis_tdata: Signal<Out, W<64>>,
    pub m_axis_tkeep: Signal<Out, W<8>>,
    pub m_axis_tvalid: Signal<Out, Bit>,
    pub m_axis_tlast: Signal<Out, Bit>,
    pub m_axis_tuser: Signal<Out, W<2>>,
    pub frame_done: Signal<Out, Bit>,
    pub frame_good: Signal<Out, Bit>,
    pub frame_reason: Signal<Out, W<4>>,
    pub frame_sequence: Signal<Out, W<16>>,
    pub cut_data: Signal<Out, W<64>>,
    pub cut_valid: Signal<Out, Bit>,
    pub status: Signal<Out, LinkStatus>,
    pub events: Signal<Out, W<32>>,
    pub line_data: Signal<Out, W<64>>,
    pub line_tc: Signal<Out, W<12>>,
    link: Link,
}

impl Default for LinkLoop {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            s_axis_tdata: Default::default(),
            s_axis_tkeep: Default::default(),
            s_axis_tvalid: Default::default(),
            s_axis_tlast: Default::default(),
            s_axis_tuser: Default::default(),
            tx_hold: Default::default(),
            settings: Default::default(),
            mask_data: Default::default(),
            mask_tc: Default::default(),
            light: Default::default(),
            s_axis_tready: Default::default(),
            m_axis_tdata: Default::default(),
            m_axis_tkeep: Default::default(),
            m_axis_tvalid: Default::default(),
            m_axis_tlast: Default::default(),
            m_axis_tuser: Default::default(),
            frame_done: Default::default(),
            frame_good: Default::default(),
            frame_reason: Default::default(),
            frame_sequence: Default::default(),
            cut_data: Default::default(),
            cut_valid: Default::default(),
            status: Default::default(),
            events: Default::default(),
            line_data: Default::default(),
            line_tc: Default::default(),
            link: Link::new(Target::Generic),
        }
    }
}

impl Logic for LinkLoop {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, link);
        self.link.reset.next = self.reset.val();
        self.link.s_axis_tdata.next = self.s_axis_tdata.val();
        self.link.s_axis_tkeep.next = self.s_axis_tkeep.val();
        self.link.s_axis_tvalid.next = self.s_axis_tvalid.val();
        self.link.s_axis_tlast.next = self.s_axis_tlast.val();
        self.link.s_axis_tuser.next = self.s_axis_tuser.val();
        self.link.tx_hold.next = self.tx_hold.val();
        self.link.settings.next = self.settings.val();
        self.line_data.next = self.link.line_out_data.val();
        self.line_tc.next = self.link.line_out_tc.val();
        self.link.line_in_data.next = self.link.line_out_data.val() ^ self.mask_data.val();
        self.link.line_in_tc.next = self.link.line_out_tc.val() ^ self.mask_tc.val();
        self.link.line_in_light.next = self.light.val();
        self.s_axis_tready.next = self.link.s_axis_tready.val();
        self.m_axis_tdata.next = self.link.m_axis_tdata.val();
        self.m_axis_tkeep.next = self.link.m_axis_tkeep.val();
        self.m_axis_tvalid.next = self.link.m_axis_tvalid.val();
        self.m_axis_tlast.next = self.link.m_axis_tlast.val();
        self.m_axis_tuser.next = self.link.m_axis_tuser.val();
        self.frame_done.next = self.link.frame_done.val();
        self.frame_good.next = self.link.frame_good.val();
        self.frame_reason.next = self.link.frame_reason.val();
        self.frame_sequence.next = self.link.frame_sequence.val();
        self.cut_data.next = self.link.cut_data.val();
        self.cut_valid.next = self.link.cut_valid.val();
        self.status.next = self.link.status.val();
        self.events.next = self.link.events.val();
    }
}
