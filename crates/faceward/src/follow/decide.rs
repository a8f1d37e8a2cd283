//! Who is this? Asked once for each track, in an act of its own.

use faceward_face::track::{Step, Track, TrackId};
use faceward_law::{Purpose, Refusal};
use faceward_match::{Decision, Template};

use super::scene::ENOUGH;
use super::{Follow, FollowEvent, Following, Who};
use crate::identify::Agreed;
use crate::reading::{Reading, Sample};
use crate::{Identified, Outcome, Unusable, Verdict, WardError};

impl Follow {
    /// Decides on the tracks of which enough was seen, and on those that ended.
    pub(super) async fn decide(
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
        let enough = pool.as_ref().is_some_and(|pool| pool.frames >= ENOUGH / 2);
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
            live: known.map(|known| known.live.live()).unwrap_or_default(),
        });
        Ok(())
    }

    fn sample(&self, id: TrackId, template: Template) -> Option<Result<Sample, Unusable>> {
        let known = self.scene.known.get(&id)?;
        let (_, face, quality) = known.best.as_ref()?;
        let live = known.live.live();
        let reading = Reading {
            face: *face,
            quality: quality.clone(),
            liveness: live.median,
            notes: Vec::new(),
        };
        if live.count > 0
            && let Err(why) = self.ward.live(&reading)
        {
            return Some(Err(why));
        }
        Some(Ok(Sample { template, reading }))
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
        self.told = true;
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
    pub(super) fn show_out(&mut self, agreed: &Agreed) -> Vec<FollowEvent> {
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
}
