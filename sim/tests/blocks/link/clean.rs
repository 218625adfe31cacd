//! An undisturbed line.

use super::looped::{Loop, Run, frame};
use crate::support::numbers;
use firstlight_spec::budget::{CLIENT_TO_CLIENT_CYCLES, VERDICT_CYCLES};
use firstlight_spec::slot::Reading;

#[test]
fn every_beat_arrives_after_three_cycles_and_every_frame_is_good() {
    let mut link = Loop::locked(2);
    let mut random = numbers(1);
    let frames: Vec<_> = (1..100).map(|bytes| frame(bytes, &mut random)).collect();
    let run = Run::of(&mut link, &frames, || 0, |_, _| 0);
    assert_eq!(run.beats.len(), run.sent.len());
    for ((sent, offer), (seen, beat)) in run.sent.iter().zip(&run.beats) {
        assert_eq!(seen - sent, CLIENT_TO_CLIENT_CYCLES);
        assert_eq!((beat.data, beat.last, beat.keep), (offer.data, offer.last, (1 << offer.bytes) - 1));
    }
    assert_eq!(run.verdicts.len(), frames.len());
    let lasts = run.beats.iter().filter(|(_, beat)| beat.last);
    for (k, ((done, verdict), (last, _))) in run.verdicts.iter().zip(lasts).enumerate() {
        assert!(verdict.good && verdict.reason == 0, "frame {k}: {verdict:?}");
        assert_eq!(verdict.sequence as usize, k);
        assert_eq!(done - last, VERDICT_CYCLES);
    }
    assert!(run.line.iter().all(|s| firstlight_spec::slot::read_syndrome(s.syndrome()) == Reading::Clean));
}
