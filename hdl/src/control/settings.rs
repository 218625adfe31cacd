//! What the host wrote: every setting is read back from one memory beside the registers that act.
//!
//! ```text
//!               +----Settings----+
//!  BusRequest --| request        |--- bus_read  Bit
//!               +----------------+
//! ```
//!
//! | contract       | value |
//! |----------------|-------|
//! | a read         | of a readable and writable register of the groups it was built for: what was written last, cut to the register's bits; of all others zero |
//! | after power-on | the register map's values |
//! | reset          | changes nothing, as it changes no setting |

use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::regs::{GROUPS, Reg};

/// Words that hold registers; regions stand above.
const WORDS: usize = 256;

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct SettingsState {
    below: Bit,
    write_now: Bit,
    shown: Bit,
}

/// The memory, and one that never changes: the bits that each register has.
#[derive(LogicBlock)]
pub struct Settings {
    pub clock: Signal<In, Clock>,
    pub request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    words: SerialMemory<32, 8>,
    masks: SerialMemory<32, 8>,
    r: DFF<SettingsState>,
    address: Signal<Local, W<13>>,
    row: Signal<Local, W<8>>,
}

impl Settings {
    /// For some groups of registers.
    pub fn new(groups: &[&[Reg]]) -> Self {
        let (mut words, mut masks) = (vec![0; WORDS], vec![0; WORDS]);
        for reg in groups.iter().flat_map(|regs| regs.iter()) {
            words[reg.word as usize] = reg.reset;
            masks[reg.word as usize] = reg.kept();
        }
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            words: SerialMemory::new(&words),
            masks: SerialMemory::new(&masks),
            r: Default::default(),
            address: Default::default(),
            row: Default::default(),
        }
    }
}

const _: () = {
    let mut g = 0;
    while g < GROUPS.len() {
        let regs = GROUPS[g].1;
        assert!((regs[regs.len() - 1].word as usize) < WORDS);
        g += 1;
    }
};

crate::inputs!(Settings: request; words, masks, r);

impl Logic for Settings {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, words, masks);
        self.address.next = self.request.val().address;
        self.row.next = self.address.val().get_bits::<8>(0);
        self.r.d.next.below = self.address.val().get_bits::<5>(8) == 0;
        self.r.d.next.write_now = self.request.val().strobe & self.request.val().write;
        self.words.write_address.next = self.row.val();
        self.words.write_data.next = self.request.val().data;
        self.words.write_enable.next = self.r.q.val().write_now & self.r.q.val().below;
        self.words.read_address.next = self.row.val();
        self.words.step.next = self.request.val().step;
        self.masks.write_address.next = 0.into();
        self.masks.write_data.next = 0.into();
        self.masks.write_enable.next = false;
        self.masks.read_address.next = self.row.val();
        self.masks.step.next = self.request.val().step;
        self.r.d.next.shown = self.words.out.val() & self.masks.out.val() & self.r.q.val().below;
        self.bus_read.next = self.r.q.val().shown;
    }
}
