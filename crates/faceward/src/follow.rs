//! Who passes here? Everyone in a video is followed, frame by frame, on one track each.
//!
//! Where the law lets people be searched for a purpose, each track is recognised once, as soon as enough good frames of it
//! were seen, with an entry of its own; the answer stays with the track. How strangers look is wiped with the answer. Where
//! it only lets faces be looked for, nothing is embedded at all.

use std::time::Duration;

use faceward_face::track::{Step, Track, TrackId};
use faceward_face::{Cover, Face, Image, Rect};
use faceward_law::{Purpose, Refusal, SubjectId};
use faceward_match::{Decision, Score};
use faceward_vault::{Handle, Receipt};

use crate::identify::Agreed;
use crate::reading::{Reading, Sample};
use crate::{Act, EventOutcome, Identified, Outcome, Unusable, Verdict, Ward, WardError};

mod leave;
mod scene;

pub use leave::Following;
pub(crate) use leave::Leave;
use scene::{Known, Scene};

/// A video being followed. Dropped, it lets go of everyone.
pub struct Follow {
    ward: Ward,
    leave: Leave,
    scene: Scene,
    /// The time of the last frame.
    now: Duration,
    /// The last entry about it.
    receipt: Option<Receipt>,
}

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

impl Ward {
    /// Begins to follow people through a video, if the law permits it now. Where only a statement is made, that is
    /// recorded now; where people are searched, each decision is.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn follow_video(
        &self,
        on: Following,
    ) -> Result<Result<Follow, (Refusal, Receipt)>, WardError> {
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        let leave = match Leave::ask(self, on.clone()).await? {
            Ok((leave, _)) => leave,
            Err(refusal) => {
                let receipt = Leave::refused(self, &on, refusal.clone()).await?;
                return Ok(Err((refusal, receipt)));
            }
        };
        let receipt = match &leave.on {
            Following::Search(_) => None,
            Following::Statement(_) => {
                let done = |(): &()| EventOutcome::Done;
                let begun = self.conclude_once(Act::Detect, &leave.permit, Ok(()), done);
                Some(begun.await?.receipt)
            }
        };
        Ok(Ok(Follow {
            ward: self.clone(),
            leave,
            scene: Scene::default(),
            now: Duration::ZERO,
            receipt,
        }))
    }
}

impl Follow {
    /// Looks at the next frame, if the law permits it now.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn frame(&mut self, time: Duration, image: Image) -> Result<Passage, WardError> {
        self.now = self.now.max(time);
        let agreed = match self.leave.renew(&self.ward).await? {
            Ok(agreed) => agreed,
            Err(refusal) => return self.refused(refusal).await,
        };
        let mut events = agreed.map_or_else(Vec::new, |agreed| self.show_out(&agreed));
        let mut scene = std::mem::take(&mut self.scene);
        let operation = self.leave.on.operation();
        let closely = matches!(self.leave.on, Following::Search(_));
        let look = self
            .ward
            .look(&self.leave.permit, operation, move |reader| {
                let step = scene.see(reader, &image, time, closely);
                (scene, step, image)
            });
        let (scene, step, image) = look.await?;
        self.scene = scene;
        let step = step.map_err(WardError::Reader)?;
        let began = |id: &TrackId| FollowEvent::Began(*id, time);
        events.extend(step.began.iter().map(began));
        if let Err(refusal) = self.decide(step, &mut events).await? {
            return self.refused(refusal).await;
        }
        let faces = self.faces(time);
        Ok(Passage::Seen(Followed {
            image,
            faces,
            events,
        }))
    }

    /// Ends it: everyone still there leaves. Where nobody could be searched, that is recorded.
    ///
    /// # Errors
    /// [`WardError`] when it could not be recorded.
    pub async fn end(
        mut self,
    ) -> Result<(Vec<FollowEvent>, FollowTimes, Option<Receipt>), WardError> {
        let mut events = Vec::new();
        let step = Step {
            ended: self.scene.tracker.end(),
            ..Step::default()
        };
        // A refusal now leaves the last tracks undecided, and is recorded.
        let _ = self.decide(step, &mut events).await?;
        if let (None, Following::Search(purpose)) = (&self.receipt, self.leave.on.clone()) {
            let nobody = Unusable::Picture(faceward_face::FaceError::NoFace);
            let verdict = self
                .ward
                .conclude_identify(&purpose, Err(nobody), None)
                .await?;
            self.receipt = Some(verdict.receipt);
        }
        Ok((events, self.scene.times, self.receipt))
    }

    /// How long the stages took so far.
    pub fn times(&self) -> FollowTimes {
        self.scene.times
    }

    /// Decides on the tracks of which enough was seen, and on those that ended.
    async fn decide(
        &mut self,
        step: Step,
        events: &mut Vec<FollowEvent>,
    ) -> Result<Result<(), Refusal>, WardError> {
        if let Following::Search(purpose) = self.leave.on.clone() {
            for id in self.scene.ready() {
                let pool = self
                    .scene
                    .tracker
                    .track(id)
                    .and_then(|track| track.pool.as_ref());
                let template = pool.and_then(|pool| pool.copied());
                let Some(sample) = template.and_then(|template| self.sample(id, template)) else {
                    continue;
                };
                let verdict = self.search(&purpose, id, sample).await?;
                if let Outcome::Refused(refusal) = verdict.outcome {
                    return Ok(Err(refusal));
                }
                events.push(FollowEvent::Decided(id, self.now, Box::new(verdict)));
            }
        }
        for track in step.ended {
            self.leave_scene(track, events).await?;
        }
        Ok(Ok(()))
    }

    /// Somebody left; who was seen well enough but not long enough is decided on now.
    async fn leave_scene(
        &mut self,
        mut track: Track,
        events: &mut Vec<FollowEvent>,
    ) -> Result<(), WardError> {
        let id = track.id;
        let pool = track.pool.take();
        let best = pool.as_ref().map(|pool| pool.best.0);
        let undecided = self
            .scene
            .known
            .get(&id)
            .is_some_and(|known| known.who == Who::Undecided);
        let enough = pool
            .as_ref()
            .is_some_and(|pool| pool.frames >= scene::ENOUGH / 2);
        if let (Following::Search(purpose), true, true) = (self.leave.on.clone(), undecided, enough)
        {
            let template = pool.and_then(|pool| pool.into_template());
            if let Some(sample) = template.and_then(|template| self.sample(id, template)) {
                let verdict = self.search(&purpose, id, sample).await?;
                events.push(FollowEvent::Decided(id, self.now, Box::new(verdict)));
            }
        }
        let known = self.scene.known.remove(&id);
        events.push(FollowEvent::Ended {
            track: id,
            who: known
                .as_ref()
                .map_or(Who::Undecided, |known| known.who.clone()),
            seen: [track.first, track.last],
            frames: track.frames,
            best,
            live: known.map(|known| known.live).unwrap_or_default(),
        });
        Ok(())
    }

    fn sample(
        &self,
        id: TrackId,
        template: faceward_match::Template,
    ) -> Option<Result<Sample, Unusable>> {
        let known = self.scene.known.get(&id)?;
        let (_, quality) = known.best.as_ref()?;
        let live = known.live.mean;
        let required = self.ward.config.liveness_required();
        if known.live.count > 0 && required.is_some_and(|at_least| live < at_least) {
            return Some(Err(Unusable::NotLive(live)));
        }
        let face = self.scene.tracker.track(id).map(|track| *track.face());
        let nowhere = Face {
            rect: Rect {
                x: 0.0,
                y: 0.0,
                width: 1.0,
                height: 1.0,
            },
            points: [faceward_face::Point { x: 0.0, y: 0.0 }; 5],
            confidence: 0.0,
        };
        Some(Ok(Sample {
            template,
            reading: Reading {
                face: face.unwrap_or(nowhere),
                quality: quality.clone(),
                liveness: live,
                notes: Vec::new(),
            },
        }))
    }

    /// One decision, with its entry; strangers are wiped.
    async fn search(
        &mut self,
        purpose: &Purpose,
        id: TrackId,
        sample: Result<Sample, Unusable>,
    ) -> Result<Verdict<Identified>, WardError> {
        let began = std::time::Instant::now();
        let verdict = self.ward.conclude_identify(purpose, sample, None).await?;
        self.receipt = Some(verdict.receipt.clone());
        let best = match &verdict.outcome {
            Outcome::Done(found) => found.candidates.first(),
            Outcome::Refused(_) | Outcome::Unusable(_) => None,
        };
        let who = match best.filter(|best| best.decision == Decision::Match) {
            Some(best) => Who::Known {
                subject: best.subject,
                handle: best.handle.clone(),
                score: best.score,
            },
            None => Who::Unknown,
        };
        if who == Who::Unknown {
            self.scene.tracker.forget_looks(id);
        }
        if let Some(known) = self.scene.known.get_mut(&id) {
            known.who = who;
        }
        self.scene.times.decide += began.elapsed();
        Ok(verdict)
    }

    /// Who was recognised and has no permit any more is a stranger.
    fn show_out(&mut self, agreed: &Agreed) -> Vec<FollowEvent> {
        let mut events = Vec::new();
        for (id, known) in &mut self.scene.known {
            if let Who::Known { subject, .. } = known.who
                && !agreed.room.seats(subject)
            {
                known.who = Who::Unknown;
                self.scene.tracker.forget_looks(*id);
                events.push(FollowEvent::Withdrawn(*id, self.now));
            }
        }
        events
    }

    async fn refused(&mut self, refusal: Refusal) -> Result<Passage, WardError> {
        let receipt = Leave::refused(&self.ward, &self.leave.on, refusal.clone()).await?;
        self.receipt = Some(receipt.clone());
        Ok(Passage::Refused(refusal, receipt))
    }

    fn faces(&self, time: Duration) -> Vec<FollowedFace> {
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
    fn add(&mut self, score: f32) {
        self.count += 1;
        self.least = if self.count == 1 {
            score
        } else {
            self.least.min(score)
        };
        self.mean += (score - self.mean) / self.count as f32;
    }
}
