//! `info`: who answers, and how the link is.
use firstlight_spec::regs::{SPEC_HASH, id, link};

use super::Context;
use crate::Result;

#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_: &Args, context: &mut Context) -> Result<()> {
    let mut device = context.connect()?;
    let identity = device.identity.clone();
    let status = device.get(&link::STATUS)? as u32;
    let yes = |field: firstlight_spec::regs::Field| if field.get(status) != 0 { "yes" } else { "no" };
    let features = |present: bool| {
        let fields = id::FEATURES.fields.iter().filter(|f| (f.get(identity.features) != 0) == present);
        fields.map(|f| f.name).collect::<Vec<_>>().join(" ")
    };
    let errors = device.get(&id::BONE_ERRORS)?;
    let out = &mut context.out;
    writeln!(out, "port          {} ({})", identity.port, identity.engine)?;
    writeln!(out, "gateware      {}", identity.gateware)?;
    writeln!(out, "register map  0x{SPEC_HASH:08x}")?;
    let (mhz, ns) = (identity.clock_hz as f64 / 1e6, device.cycle_ns());
    writeln!(out, "clock         {mhz:.3} MHz, 1 cycle = {ns:.3} ns")?;
    writeln!(out, "features      {}", features(true))?;
    writeln!(out, "built without {}", features(false))?;
    writeln!(
        out,
        "link          locked {}, light {}, holding {}, rung L{}",
        yes(link::LOCKED),
        yes(link::LIGHT),
        yes(link::HOLDING),
        link::RUNG_NOW.get(status)
    )?;
    writeln!(out, "control line  {errors} framing errors and deadline resets since power-on")?;
    Ok(())
}
