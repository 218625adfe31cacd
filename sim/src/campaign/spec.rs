//! What a campaign asks: a TOML file of points, divided into shards.

use crate::channel::{Bsc, Channel};
use crate::model::fec::frame::{slots_of, words_of};
use crate::model::fec::scheme::Scheme;
use anyhow::{Context, Result, bail, ensure};
use firstlight_spec::slot::{DATA_BITS, SLOT_BITS};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Longest frame that a campaign sends.
const MAX_FRAME_BYTES: usize = 65_535;

/// A campaign file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Name of the campaign, for reports and files.
    pub name: String,
    /// Fixed before the first run; every random number comes from it.
    pub seed: u64,
    /// Frames of one shard.
    #[serde(default = "million")]
    pub shard_frames: u64,
    /// Each channel is combined with each scheme.
    pub points: Vec<Points>,
}

fn million() -> u64 {
    1_000_000
}

/// A group of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// Each with each scheme.
    pub channels: Vec<Channel>,
    /// Rungs, or parity words alone.
    pub schemes: Vec<Scheme>,
    /// Length of every frame in bytes.
    #[serde(default = "quarter_kilobyte")]
    pub frame_bytes: usize,
    /// Frames of each point.
    pub frames: u64,
    /// Draw errors at this higher rate and weigh them back (binary symmetric channel only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance_ber: Option<f64>,
}

fn quarter_kilobyte() -> usize {
    256
}

/// One point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Where errors fall.
    pub channel: Channel,
    /// How frames are protected.
    pub scheme: Scheme,
    /// Length of a frame in bytes.
    pub frame_bytes: usize,
    /// Frames to send.
    pub frames: u64,
    /// Higher rate of wrong bits at which frames are drawn, each then weighted by its likelihood.
    pub importance_ber: Option<f64>,
}

impl Point {
    /// Data words of a frame.
    pub fn words(&self) -> usize {
        words_of(self.frame_bytes)
    }
    /// Slots (or raw words) of a frame on the line, and bits of each.
    pub fn line(&self) -> (usize, usize) {
        match self.scheme {
            Scheme::RawParity => (self.words() + 3, DATA_BITS),
            _ => (slots_of(self.words(), self.scheme.sends_parity()), SLOT_BITS),
        }
    }
    /// The channel from which errors are drawn.
    pub fn drawn(&self) -> Channel {
        self.importance_ber.map_or(self.channel, |ber| Channel::Bsc(Bsc { ber }))
    }

    fn check(&self) -> Result<()> {
        self.channel.check().map_err(anyhow::Error::msg)?;
        self.drawn().check().map_err(anyhow::Error::msg)?;
        ensure!(
            (1..=MAX_FRAME_BYTES).contains(&self.frame_bytes),
            "frame_bytes is {}, expected 1 to {MAX_FRAME_BYTES}",
            self.frame_bytes
        );
        ensure!(self.frames > 0, "frames is 0, expected at least 1");
        if self.scheme == Scheme::RawParity && matches!(self.channel, Channel::Injector(_)) {
            bail!("the injector spoils slots; raw_parity has none: leave it out of `schemes`");
        }
        if let Some(ber) = self.importance_ber {
            ensure!(
                matches!(self.channel, Channel::Bsc(_)) && ber >= self.channel.ber() && self.channel.ber() > 0.0,
                "importance_ber is for a bsc channel whose ber is lower and not zero, found {} with ber {:e}",
                self.channel.name(),
                self.channel.ber()
            );
        }
        Ok(())
    }
}

/// Frames `first_frame ..` of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its point, by number in the plan.
    pub point: usize,
    /// Number of its first frame.
    pub first_frame: u64,
    /// Frames of it.
    pub frames: u64,
}

/// Most shards of a campaign: each is a file and an entry of the plan.
const MOST_SHARDS: u64 = 100_000;

/// All points and shards of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Every channel with every scheme.
    pub points: Vec<Point>,
    /// Their frames, divided.
    pub shards: Vec<Shard>,
}

impl Spec {
    /// From a TOML file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read campaign {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("campaign {}", path.display()))
    }

    /// From TOML.
    pub fn parse(text: &str) -> Result<Self> {
        let spec: Spec = toml::from_str(text)?;
        spec.plan()?;
        Ok(spec)
    }

    /// Points and shards, in order.
    pub fn plan(&self) -> Result<Plan> {
        ensure!(self.shard_frames > 0, "shard_frames is 0, expected at least 1");
        let mut points = vec![];
        for group in &self.points {
            for scheme in &group.schemes {
                for channel in &group.channels {
                    let Points { frame_bytes, frames, importance_ber, .. } = *group;
                    points.push(Point { channel: *channel, scheme: *scheme, frame_bytes, frames, importance_ber });
                }
            }
        }
        ensure!(!points.is_empty(), "the campaign has no points: give [[points]] channels and schemes");
        let mut shards = vec![];
        for (point, p) in points.iter().enumerate() {
            p.check().with_context(|| format!("point {point}"))?;
            let more = p.frames.div_ceil(self.shard_frames);
            ensure!(
                more <= MOST_SHARDS - shards.len() as u64,
                "the campaign has more than {MOST_SHARDS} shards: raise shard_frames above {}",
                self.shard_frames
            );
            let starts = (0..p.frames).step_by(self.shard_frames.try_into().unwrap_or(usize::MAX));
            shards.extend(starts.map(|first_frame| {
                let frames = self.shard_frames.min(p.frames - first_frame);
                Shard { point, first_frame, frames }
            }));
        }
        Ok(Plan { points, shards })
    }

    /// Tells campaigns apart: 64-bit FNV-1a of the spec.
    pub fn hash(&self) -> String {
        let text = serde_json::to_string(self).expect("a spec is plain data");
        let hash =
            text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        name = "try"
        seed = 1
        shard_frames = 300
        [[points]]
        channels = [{ kind = "bsc", ber = 1e-3 }, { kind = "dfe", ber = 1e-4 }]
        schemes = ["L2", "L3"]
        frames = 1000
    "#;

    #[test]
    fn a_plan_covers_every_frame_of_every_point_once() {
        let plan = Spec::parse(TEXT).unwrap().plan().unwrap();
        assert_eq!((plan.points.len(), plan.shards.len()), (4, 16));
        assert_eq!(plan.points[1].channel.name(), "DFE 0.75");
        for point in 0..4 {
            let mut next = 0;
            for shard in plan.shards.iter().filter(|s| s.point == point) {
                assert_eq!(shard.first_frame, next);
                next += shard.frames;
            }
            assert_eq!(next, 1000);
        }
    }

    #[test]
    fn the_hash_changes_with_the_spec() {
        let spec = Spec::parse(TEXT).unwrap();
        assert_ne!(spec.hash(), Spec { seed: 2, ..spec.clone() }.hash());
        assert_eq!(spec.hash(), Spec::parse(TEXT).unwrap().hash());
    }

    #[test]
    fn wrong_specs_are_refused_by_name() {
        for (from, to, want) in [
            ("frames = 1000", "frames = 0", "frames is 0"),
            ("ber = 1e-3", "ber = 2", "ber of channel BSC is 2"),
            ("frames = 1000", "frames = 1000\nframe_bytes = 0", "frame_bytes is 0"),
            ("frames = 1000", "frames = 1000\nimportance_ber = 1e-2", "importance_ber is for a bsc"),
            ("frames = 1000", "frames = 1000000000000000", "more than 100000 shards"),
            ("seed = 1", "seed = 1\nsede = 2", "sede"),
            ("\"L3\"", "\"L9\"", "L9"),
        ] {
            let error = format!("{:#}", Spec::parse(&TEXT.replace(from, to)).unwrap_err());
            assert!(error.contains(want), "{error}");
        }
    }
}
