//! Who may be shown? Everyone else in a picture or a video is covered, so that nothing of them can be brought back.
//!
//! Twice through: first every frame is looked at and everyone followed, then it is decided whom to show, in one act with
//! one entry, and only then are frames covered, without looking at faces any more.

use std::collections::BTreeMap;
use std::time::Duration;

use faceward_face::Image;
use faceward_face::track::TrackId;
use faceward_law::{Purpose, Refusal, SubjectId};
use faceward_match::{Decision, Score};
use faceward_vault::{Handle, Receipt};

use crate::follow::{Following, Leave};
use crate::identify::{Agreed, Candidate};
use crate::{Act, EventOutcome, Unusable, Verdict, Ward, WardError};

mod path;
mod scene;

use path::{Path, Stray};
use scene::Scene;

/// Who is covered.
#[derive(Clone)]
pub enum Redacting {
    /// Everyone; nobody is compared. What the caller states: who agreed that faces are looked for, and how.
    Everyone(String),
    /// Everyone but those who agreed to be searched for this purpose and are recognised.
    Others(Purpose),
    /// Only these people, who agreed to be searched for this purpose.
    Only(Purpose, Vec<Handle>),
}

/// A video being looked at.
pub struct Redactor {
    ward: Ward,
    leave: Leave,
    on: Redacting,
    scene: Scene,
}

/// What is to be covered, frame by frame.
pub struct Redaction {
    /// Told of it.
    pub report: RedactionReport,
    covered: Vec<Path>,
    strays: Vec<Stray>,
    /// Frames for which a cover stays before a face is first and after it is last seen.
    margin: u64,
}

/// Who was covered and who was not.
#[derive(Clone, PartialEq)]
pub struct RedactionReport {
    /// Frames that were looked at.
    pub frames: u64,
    /// Tracks that are covered; a person who comes twice has two. Doubtful faces are covered besides.
    pub covered: usize,
    /// Those who are shown, with their scores.
    pub shown: Vec<(Handle, Score)>,
    /// Tracks that are shown because nobody asked to cover them.
    pub left: usize,
    /// Those who are covered because they were named.
    pub named: Vec<(Handle, Score)>,
}

impl Ward {
    /// Begins to look at a picture or a video that is to be redacted, if the law permits it now.
    ///
    /// # Errors
    /// [`WardError::CannotRecognise`] for a name that could not be found in any frame; [`WardError`] when no decision
    /// was reached.
    pub async fn redactor(
        &self,
        on: Redacting,
    ) -> Result<Result<Redactor, (Refusal, Receipt)>, WardError> {
        self.thresholds(1)?;
        let following = match &on {
            Redacting::Everyone(statement) => Following::Statement(statement.clone()),
            Redacting::Others(purpose) | Redacting::Only(purpose, _) => {
                Following::Search(purpose.clone())
            }
        };
        let leave = match Leave::ask(self, following.clone()).await? {
            Ok((leave, agreed)) => {
                if let (Redacting::Only(_, handles), Some(agreed)) = (&on, agreed) {
                    self.can_recognise(handles, &agreed).await?;
                }
                leave
            }
            Err(refusal) => {
                let receipt = Leave::refused(self, &following, refusal.clone()).await?;
                return Ok(Err((refusal, receipt)));
            }
        };
        Ok(Ok(Redactor {
            ward: self.clone(),
            leave,
            on,
            scene: Scene::default(),
        }))
    }

    async fn can_recognise(&self, handles: &[Handle], agreed: &Agreed) -> Result<(), WardError> {
        let mut look = self.vault.look().await?;
        for handle in handles {
            let subject = look.subject(handle).await?;
            if !subject.is_some_and(|subject| agreed.room.seats(subject)) {
                return Err(WardError::CannotRecognise(handle.to_string()));
            }
        }
        Ok(())
    }
}

impl Redactor {
    /// Looks at the next frame, if the law permits it now.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn look(
        &mut self,
        time: Duration,
        image: Image,
    ) -> Result<Result<(), (Refusal, Receipt)>, WardError> {
        if let Err(refusal) = self.leave.renew(&self.ward).await? {
            let receipt = Leave::refused(&self.ward, &self.leave.on, refusal.clone()).await?;
            return Ok(Err((refusal, receipt)));
        }
        let mut scene = std::mem::take(&mut self.scene);
        let closely = !matches!(self.on, Redacting::Everyone(_));
        let operation = self.leave.on.operation();
        let look = self
            .ward
            .look(&self.leave.permit, operation, move |reader| {
                let looked = scene.see(reader, &image, time, closely);
                (scene, looked)
            });
        let (scene, looked) = look.await?;
        self.scene = scene;
        looked.map_err(WardError::Reader)?;
        Ok(Ok(()))
    }

    /// Decides whom to cover, and records it.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn decide(self) -> Result<Verdict<Redaction>, WardError> {
        let Self {
            ward,
            leave,
            on,
            scene,
        } = self;
        let purpose = match &on {
            Redacting::Everyone(_) => {
                let done = |_: &Redaction| EventOutcome::Done;
                let all = Ok(scene.cover(&on, BTreeMap::new()));
                return ward
                    .conclude_once(Act::Detect, &leave.permit, all, done)
                    .await;
            }
            Redacting::Others(purpose) | Redacting::Only(purpose, _) => purpose,
        };
        let mut act = ward.act().await?;
        let room = ward.room(purpose).await;
        let (permit, agreed) = match ward.may_search(room, &mut act, purpose).await? {
            Ok(permitted) => permitted,
            Err(refusal) => return ward.refuse_search(act, purpose, refusal).await,
        };
        let mut people: BTreeMap<TrackId, Vec<Candidate>> = BTreeMap::new();
        for (id, path) in &scene.paths {
            let Some(whole) = path.whole() else { continue };
            let Some(template) = whole.template() else {
                continue;
            };
            match ward.candidates(&agreed, template, None)? {
                Ok((_, candidates)) => {
                    people.insert(*id, candidates);
                }
                Err(Unusable::NoReference) => {}
                Err(why) => {
                    return ward
                        .conclude_search(act, purpose, &permit, Err(why), |_| Vec::new())
                        .await;
                }
            }
        }
        let named: Vec<(SubjectId, Decision)> = people
            .values()
            .flatten()
            .map(|candidate| (candidate.subject, candidate.decision))
            .collect();
        let redaction = Ok(scene.cover(&on, people));
        ward.conclude_search(act, purpose, &permit, redaction, |_| named.clone())
            .await
    }
}

impl Redaction {
    /// Covers what is to be covered in the frame of this number, counted from 0 as they were looked at.
    pub fn cover(&self, index: u64, image: &mut Image) {
        for path in &self.covered {
            path.cover(index, self.margin, image);
        }
        for stray in &self.strays {
            stray.cover(index, self.margin.min(3), image);
        }
    }
}
