//! What is told of a frame, and of what happened in it.

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
    /// Their mean.
    pub mean: f32,
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

impl Live {
    pub(super) fn add(&mut self, score: f32) {
        self.count += 1;
        self.least = if self.count == 1 {
            score
        } else {
            self.least.min(score)
        };
        self.mean += (score - self.mean) / self.count as f32;
    }
}
