//! One session between its beginning and its end.

use std::time::{Duration, Instant};

use faceward::{FirstFace, Frame, Unusable, Ward, Watched, Watching};

use super::course::{Course, Seen, Standing};
use crate::{Problem, WardName};

/// A session as it is held in memory. At its end only the outcome is left.
pub(crate) struct Session {
    pub(super) ward_name: WardName,
    ward: Ward,
    on: Watching,
    course: Course,
    /// The face of the first frame that looks ahead; wiped at the end.
    first: Option<FirstFace>,
    made: Instant,
    began: Option<Instant>,
    ended: Option<Ended>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ended {
    pub(super) passed: bool,
    pub(super) score: Option<f32>,
    pub(super) reason: Option<&'static str>,
    /// The entry of the ledger.
    pub(super) entry: u64,
}

/// Passive score that counts as a person where the ward's settings name none.
const LIVE_AT: f32 = 0.5;

/// The word for a session whose time ran out.
pub(super) const OVER: &str = "over";

impl Session {
    pub(super) fn new(ward_name: WardName, ward: Ward, on: Watching) -> Option<Self> {
        let live_at = ward.config().liveness_required().unwrap_or(LIVE_AT);
        Some(Self {
            course: Course::random(live_at)?,
            ward_name,
            ward,
            on,
            first: None,
            made: Instant::now(),
            began: None,
            ended: None,
        })
    }

    pub(super) fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// Whether its page cannot be used any more.
    pub(super) fn is_over(&self, lifetime: Duration) -> bool {
        self.made.elapsed() >= lifetime
    }

    pub(super) fn progress(&self) -> (usize, usize) {
        self.course.progress()
    }

    /// Goes on by one frame; one that comes after the end is not looked at.
    pub(super) async fn see(&mut self, picture: &[u8]) -> Result<Standing, Problem> {
        if self.ended.is_some() {
            return Ok(self.course.standing());
        }
        // Dated as it came in: how long looking at it takes is not the person's doing.
        let at = self.began.get_or_insert_with(Instant::now).elapsed();
        let frame = self.ward.watch(&self.on, picture, self.first.as_ref());
        let seen = match frame.await? {
            Frame::Seen(watched) => self.seen(at, watched),
            Frame::Unusable(Unusable::Picture(error)) if !shows_nobody(&error) => {
                return Err(Problem::unusable(&Unusable::Picture(error)));
            }
            Frame::Unusable(_) => nobody(at),
            Frame::Refused(refusal) => {
                self.end(Some("refused")).await?;
                return Err(Problem::refused(&refusal));
            }
        };
        match self.course.see(&seen) {
            Standing::Passed(_) => self.end(None).await?,
            Standing::Failed(why) => self.end(Some(why.word())).await?,
            Standing::Straight | Standing::Do(_) => {}
        }
        Ok(self.course.standing())
    }

    fn seen(&mut self, at: Duration, watched: Watched) -> Seen {
        let seen = Seen {
            at,
            faces: watched.faces,
            yaw: watched.yaw,
            eyes: watched.eyes,
            size: watched.size,
            live: watched.live,
            same: watched.same,
            depth: watched.depth,
        };
        // Whether the head has depth shows against a view from the front.
        if self.first.is_none() && seen.looks_ahead() {
            self.first = Some(watched.face);
        }
        seen
    }

    /// Its time is over. One in which nobody was looked at leaves no entry.
    pub(super) async fn time_is_over(&mut self) -> Result<(), Problem> {
        if self.course.has_begun() {
            self.end(Some(OVER)).await?;
        }
        Ok(())
    }

    async fn end(&mut self, failed: Option<&'static str>) -> Result<(), Problem> {
        if self.ended.is_some() {
            return Ok(());
        }
        self.first = None;
        let recorded = self.ward.end_watching(&self.on, failed).await?;
        let permitted = matches!(recorded.outcome, faceward::Outcome::Done(()));
        let score = match self.course.standing() {
            Standing::Passed(score) if permitted => Some(score),
            _ => None,
        };
        self.ended = Some(Ended {
            passed: failed.is_none() && permitted,
            score,
            reason: failed.or((!permitted).then_some("refused")),
            entry: recorded.receipt.position(),
        });
        Ok(())
    }
}

fn nobody(at: Duration) -> Seen {
    Seen {
        at,
        faces: 0,
        yaw: 0.0,
        eyes: 0.0,
        size: 0.0,
        live: 0.0,
        same: None,
        depth: None,
    }
}

/// Whether a picture was read and there was no face in it that can be judged.
fn shows_nobody(error: &faceward::FaceError) -> bool {
    matches!(
        error,
        faceward::FaceError::NoFace | faceward::FaceError::Unalignable
    )
}
