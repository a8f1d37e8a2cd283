//! Who may be shown? Everyone else in a picture or a video is covered, so that nothing of them can be brought back.
//!
//! Twice through: first every frame is looked at and everyone followed, then it is decided whom to show, in one act with
//! one entry, and only then are frames covered, without looking at faces any more.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use faceward_face::track::{Pool, Seen, TrackId, Tracker};
use faceward_face::{Image, Reader};
use faceward_law::{Purpose, Refusal, SubjectId};
use faceward_match::{Decision, Score, score};
use faceward_vault::{Handle, Receipt};

use crate::follow::{Following, Leave};
use crate::identify::{Agreed, Candidate};
use crate::{Act, EventOutcome, Unusable, Verdict, Ward, WardError};

mod path;

use path::{Path, Stray};

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

#[derive(Default)]
struct Scene {
    tracker: Tracker,
    paths: BTreeMap<TrackId, Path>,
    strays: Vec<Stray>,
    times: Vec<Duration>,
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

/// A look that is less like the whole of its track than this is somebody else's.
const SOMEONE_ELSE: f32 = 0.2;
/// Looks worth less than this prove nothing against a track.
const GOOD: f32 = 0.15;
/// How long a cover stays around a track.
const MARGIN: f64 = 0.5;

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
        let mut act = ward.vault.act().await?;
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

impl Scene {
    fn see(
        &mut self,
        reader: &Reader,
        image: &Image,
        time: Duration,
        closely: bool,
    ) -> Result<(), faceward_face::FaceError> {
        let index = self.times.len() as u64;
        self.times.push(time);
        let faces = path::everyone(reader, image)?;
        let mut seen = Vec::with_capacity(faces.len());
        let mut looks = Vec::with_capacity(faces.len());
        for face in &faces {
            let look = match closely {
                true => path::look(reader, image, face)?,
                false => None,
            };
            // The tracker gets one of its own, and the track keeps each, to be held against the whole.
            let (to_tracker, kept) = look.map(path::twice).unzip();
            seen.push(Seen {
                face: *face,
                look: to_tracker.flatten(),
            });
            looks.push(kept.flatten());
        }
        let step = self.tracker.step(time, seen);
        for ((face, id), look) in faces.iter().zip(step.of).zip(looks) {
            match id {
                Some(id) => {
                    let path = self
                        .paths
                        .entry(id)
                        .or_insert_with(|| Path::new(image, face));
                    path.add(index, face.rect, look);
                }
                None => self.strays.push(Stray::new(index, image, face)),
            }
        }
        Ok(())
    }

    /// Everything but those who may be shown.
    fn cover(mut self, on: &Redacting, people: BTreeMap<TrackId, Vec<Candidate>>) -> Redaction {
        let mut report = RedactionReport {
            frames: self.times.len() as u64,
            covered: 0,
            shown: Vec::new(),
            left: 0,
            named: Vec::new(),
        };
        let shown = match on {
            Redacting::Everyone(_) => BTreeSet::new(),
            Redacting::Others(_) => self.shown(&people, &mut report.shown),
            Redacting::Only(_, handles) => self.not_named(&people, handles, &mut report),
        };
        let margin = self.margin();
        self.paths.retain(|id, _| !shown.contains(id));
        report.covered = self.paths.len();
        if let Redacting::Only(..) = on {
            self.strays.clear();
        }
        Redaction {
            report,
            covered: self.paths.into_values().map(Path::without_looks).collect(),
            strays: self.strays,
            margin,
        }
    }

    /// Tracks that are surely one person who agreed. Of two at the same time for one person the surer counts.
    fn shown(
        &self,
        people: &BTreeMap<TrackId, Vec<Candidate>>,
        told: &mut Vec<(Handle, Score)>,
    ) -> BTreeSet<TrackId> {
        let mut sure: Vec<(TrackId, &Candidate, &Path)> = Vec::new();
        for (id, candidates) in people {
            let best = candidates
                .first()
                .filter(|best| best.decision == Decision::Match);
            if let (Some(best), Some(path)) = (best, self.paths.get(id))
                && path.is_one_person(GOOD, SOMEONE_ELSE)
            {
                sure.push((*id, best, path));
            }
        }
        sure.sort_by_key(|(_, best, _)| std::cmp::Reverse(best.score));
        let mut kept: Vec<(TrackId, &Candidate, &Path)> = Vec::new();
        for (id, best, path) in sure {
            let taken = |(_, other, at): &(TrackId, &Candidate, &Path)| {
                other.subject == best.subject && at.meets(path)
            };
            if !kept.iter().any(taken) {
                kept.push((id, best, path));
            }
        }
        told.extend(people_of(kept.iter().map(|(_, best, _)| *best)));
        kept.into_iter().map(|(id, ..)| id).collect()
    }

    /// Tracks that nobody named, not even perhaps. A track that may hold two people, or was not seen well enough to say,
    /// is covered.
    fn not_named(
        &self,
        people: &BTreeMap<TrackId, Vec<Candidate>>,
        handles: &[Handle],
        report: &mut RedactionReport,
    ) -> BTreeSet<TrackId> {
        let mut left = BTreeSet::new();
        let mut named = Vec::new();
        for (id, path) in &self.paths {
            let found = people
                .get(id)
                .and_then(|found| found.iter().find(|one| handles.contains(&one.handle)));
            match found {
                Some(found) => named.push(found),
                None if people.contains_key(id) && path.is_one_person(GOOD, SOMEONE_ELSE) => {
                    left.insert(*id);
                }
                None => {}
            }
        }
        report.named = people_of(named.into_iter());
        report.left = left.len();
        left
    }

    fn margin(&self) -> u64 {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else {
            return 0;
        };
        let steps = self.times.len().saturating_sub(1);
        if steps == 0 {
            return 0;
        }
        let each = (last.saturating_sub(*first).as_secs_f64() / steps as f64).max(1e-3);
        ((MARGIN / each).ceil() as u64).clamp(2, 250)
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

/// Each person once, with the best score.
fn people_of<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> Vec<(Handle, Score)> {
    let mut people: Vec<(Handle, Score)> = Vec::new();
    for candidate in candidates {
        match people
            .iter_mut()
            .find(|(handle, _)| *handle == candidate.handle)
        {
            Some((_, best)) => *best = (*best).max(candidate.score),
            None => people.push((candidate.handle.clone(), candidate.score)),
        }
    }
    people
}

/// Whether every good look is the person the whole track is.
fn alike(looks: &[(f32, faceward_match::Template)], whole: &Pool, good: f32, least: f32) -> bool {
    let same = |template| {
        let score = whole
            .template()
            .and_then(|whole| score(whole, template).ok());
        score.is_some_and(|score| score.value() >= least)
    };
    looks
        .iter()
        .filter(|(worth, _)| *worth >= good)
        .all(|(_, template)| same(template))
}
