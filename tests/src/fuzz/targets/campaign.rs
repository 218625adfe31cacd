//! A campaign is refused, or its plan covers every frame of every point once.

use firstlight_sim::campaign::spec::Spec;

/// The text of a campaign file.
pub fn run(bytes: &[u8]) -> Result<(), String> {
    let Ok(spec) = Spec::parse(&String::from_utf8_lossy(bytes)) else { return Ok(()) };
    let plan = spec.plan().map_err(|e| format!("planned once, refused the second time: {e:#}"))?;
    let mut next = vec![0; plan.points.len()];
    for shard in &plan.shards {
        if next[shard.point] != shard.first_frame || shard.frames == 0 {
            return Err(format!("{shard:?} after frame {}", next[shard.point]));
        }
        next[shard.point] += shard.frames;
    }
    let whole = plan.points.iter().zip(&next).all(|(point, frames)| point.frames == *frames);
    if whole && spec.hash().len() == 16 { Ok(()) } else { Err("frames of a point are in no shard".into()) }
}
