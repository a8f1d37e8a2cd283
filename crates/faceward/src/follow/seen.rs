//! What is told of a frame, and of what happened in it.

use std::collections::BTreeMap;
use std::time::Duration;

use faceward_face::track::{Track, TrackId};
use faceward_face::{Cover, Face, Image};
use faceward_law::{Refusal, SubjectId};
use faceward_match::Score;
use faceward_vault::{Handle, Receipt};

use super::Follow;
use super::scene::Known;
use crate::{Identified, Verdict};

/// What came of a frame.
pub enum Passage {
    /// It was looked at.
    Seen(Followed),
    /// The law does not permit looking any more.
    Refused(Refusal, Receipt),
}

/// A frame that was looked at.
pub struct Followed {
    /// The frame.
    pub image: Image,
    /// Everyone in it, guessed where a track is hidden for a moment.
    pub faces: Vec<FollowedFace>,
    /// What happened.
    pub events: Vec<FollowEvent>,
}

/// A face of a frame.
pub struct FollowedFace {
    /// Its track; none where it is too doubtful for one.
    pub track: Option<TrackId>,
    /// Where it is, smoothed over time.
    pub face: Face,
    /// Whether it was seen, or is guessed.
    pub seen: bool,
    /// Who it is.
    pub who: Who,
    cover: Cover,
}

/// Who a track is.
#[derive(Clone, PartialEq)]
pub enum Who {
    /// Not enough was seen, or nobody is searched for.
    Undecided,
    /// Somebody who agreed.
    Known {
        /// Who.
        subject: SubjectId,
        /// The name their controller gave.
        handle: Handle,
        /// The score of all good frames together.
        score: Score,
    },
    /// Nobody who agreed, or not surely; how they look is wiped.
    Unknown,
}

/// What happened in a video.
pub enum FollowEvent {
    /// Somebody came.
    Began(TrackId, Duration),
    /// Somebody was searched, once.
    Decided(TrackId, Duration, Box<Verdict<Identified>>),
    /// Who was recognised may not be searched any more, and is a stranger from now on.
    Withdrawn(TrackId, Duration),
    /// Somebody left.
    Ended {
        /// Whose track it was.
        track: TrackId,
        /// Who it was.
        who: Who,
        /// When they were seen first and last.
        seen: [Duration; 2],
        /// In how many frames.
        frames: u32,
        /// When the best frame was shown.
        best: Option<Duration>,
        /// Liveness over time.
        live: Live,
    },
}

/// Liveness scores of a track over time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Live {
    /// How many.
    pub count: u32,
    /// The least.
    pub least: f32,
    /// Their median, to a thousandth: one frame that glares or is blurred decides nothing.
    pub median: f32,
}

/// The scores of a track, in steps of a thousandth, so that a long one takes no more memory.
#[derive(Default)]
pub(super) struct Scores {
    count: u32,
    least: f32,
    steps: BTreeMap<u16, u32>,
}

/// How long the stages took, in all.
#[derive(Clone, Copy, Debug, Default)]
pub struct FollowTimes {
    /// Frames looked at.
    pub frames: u64,
    /// Finding faces.
    pub detect: Duration,
    /// Giving them to tracks, with glimpses where two may be meant.
    pub track: Duration,
    /// Close looks: points, quality, template.
    pub looks: Duration,
    /// Liveness.
    pub liveness: Duration,
    /// Searching, and recording it.
    pub decide: Duration,
}

impl Follow {
    /// Everyone in the last frame.
    pub(super) fn faces(&self, time: Duration) -> Vec<FollowedFace> {
        /// A hidden face is guessed, and covered, for so long.
        const GUESSED: Duration = Duration::from_millis(600);
        let tracks = self.scene.tracker.tracks().iter();
        let near = tracks.filter(|track| time.saturating_sub(track.last) <= GUESSED);
        let of_track = |track: &Track| {
            let Known { who, cover, .. } = self.scene.known.get(&track.id)?;
            Some(FollowedFace {
                track: Some(track.id),
                face: track.face_at(time),
                seen: track.present(time),
                who: who.clone(),
                cover: *cover,
            })
        };
        let doubtful = self
            .scene
            .doubtful
            .iter()
            .map(|(face, cover)| FollowedFace {
                track: None,
                face: *face,
                seen: true,
                who: Who::Undecided,
                cover: *cover,
            });
        near.filter_map(of_track).chain(doubtful).collect()
    }
}

impl Followed {
    /// Covers everyone who was not recognised, so that the frame may be shown or kept.
    pub fn cover_strangers(&mut self) {
        for face in &self.faces {
            if !matches!(face.who, Who::Known { .. }) {
                let wider = if face.seen { 1.0 } else { 1.3 };
                self.image.cover(&face.face.rect, &face.cover, wider);
            }
        }
    }
}

impl Scores {
    pub(super) fn add(&mut self, score: f32) {
        self.least = if self.count == 0 {
            score
        } else {
            self.least.min(score)
        };
        self.count = self.count.saturating_add(1);
        let step = (score.clamp(0.0, 1.0) * 1000.0).round() as u16;
        *self.steps.entry(step).or_default() += 1;
    }

    /// Of an even number of scores the lower of the two in the middle.
    pub(super) fn live(&self) -> Live {
        let mut before = 0;
        let middle = self.steps.iter().find(|(_, count)| {
            before += **count;
            2 * before >= self.count
        });
        Live {
            count: self.count,
            least: self.least,
            median: middle.map_or(0.0, |(step, _)| f32::from(*step) / 1000.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_frame_does_not_move_the_median_of_a_track() {
        let mut scores = Scores::default();
        assert_eq!(scores.live(), Live::default());
        for score in [0.98, 0.02, 0.97, 0.99, 0.98] {
            scores.add(score);
        }
        let live = scores.live();
        assert_eq!((live.count, live.least, live.median), (5, 0.02, 0.98));
    }
}
