//! Who passes here? Everyone in a video is followed, frame by frame, on one track each.
//!
//! Where the law lets people be searched for a purpose, each track is recognised once, as soon as enough good frames of it
//! were seen, with an entry of its own; the answer stays with the track. How strangers look is wiped with the answer. Where
//! it only lets faces be looked for, nothing is embedded at all.

use std::time::Duration;

use faceward_face::track::{Step, TrackId};
use faceward_face::{FaceError, Image};
use faceward_law::Refusal;
use faceward_vault::Receipt;

use crate::{Act, EventOutcome, Unusable, Ward, WardError};

mod decide;
mod leave;
mod scene;
mod seen;

pub use leave::Following;
pub(crate) use leave::Leave;
use scene::Scene;
pub use seen::{FollowEvent, FollowTimes, Followed, FollowedFace, Live, Passage, Who};

/// A video being followed. Dropped, it lets go of everyone.
pub struct Follow {
    ward: Ward,
    leave: Leave,
    scene: Scene,
    /// The time of the last frame.
    now: Duration,
    /// Whether there is an entry of a decision or a refusal.
    told: bool,
    /// The entry about it as a whole.
    receipt: Option<Receipt>,
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
            told: false,
            receipt,
        }))
    }
}

impl Follow {
    /// Looks for everybody in every frame, small faces as well: for frames that are shown or kept, in which nobody may be
    /// uncovered. Otherwise two of three looks are smaller while everyone is near.
    #[must_use]
    pub fn thorough(mut self) -> Self {
        self.scene.thorough = true;
        self
    }

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

    /// Ends it: everyone still there leaves. Where nobody could be searched, that is recorded. Gives the entry about
    /// the whole, where there is one beside those of decisions.
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
        if let (false, Following::Search(purpose)) = (self.told, self.leave.on.clone()) {
            let nobody = Unusable::Picture(FaceError::NoFace);
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

    async fn refused(&mut self, refusal: Refusal) -> Result<Passage, WardError> {
        let receipt = Leave::refused(&self.ward, &self.leave.on, refusal.clone()).await?;
        self.told = true;
        Ok(Passage::Refused(refusal, receipt))
    }
}
