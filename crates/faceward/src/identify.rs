//! Who, of those who agreed to be searched for this purpose, is this?

use faceward_law::{Basis, Operation, Purpose, Ruling, SubjectId};
use faceward_match::{Decision, Gallery, ModelId, Score, Template, Threshold};
use faceward_vault::{Handle, Look};

use crate::facts::conclude;
use crate::reading::Reading;
use crate::verify::ending;
use crate::{Act, Event, EventOutcome, Outcome, Unusable, Verdict, Ward, WardError};

/// A face was searched.
pub struct Identified {
    /// What the best candidate amounts to.
    pub decision: Decision,
    /// Those at least uncertain, best first; empty for a stranger, of whom nothing is kept.
    pub candidates: Vec<Candidate>,
    /// From which score it is a match, given how many were searched.
    pub match_at: Threshold,
    /// From which score it is at least uncertain.
    pub uncertain_at: Threshold,
    /// How many people were in the room.
    pub people: usize,
    /// What was seen.
    pub reading: Reading,
}

/// Somebody who may be meant.
pub struct Candidate {
    /// Who.
    pub handle: Handle,
    /// Best score over their references.
    pub score: Score,
    /// What it amounts to.
    pub decision: Decision,
}

/// The people who may be searched for a purpose: only those whose own consent is live.
struct Room {
    gallery: Gallery<SubjectId>,
    people: usize,
}

const MOST_CANDIDATES: usize = 5;

impl Ward {
    /// Searches the one face in `picture` among those who agreed to this purpose.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn identify(
        &self,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Identified>, WardError> {
        let mut look = self.vault.look().await?;
        let consenting = self.who_agreed(&mut look, purpose).await?.len();
        let asked = self.rule(purpose, Operation::Identify, Basis::Gallery { consenting });
        drop(look);
        let permit = match asked {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => {
                let event = self.search_event(EventOutcome::Refused, purpose);
                let event = event.grounds(refusal.grounds());
                return conclude(self.vault.act().await?, &event, Outcome::Refused(refusal)).await;
            }
        };
        let sample = match self.read_one(&permit, picture)? {
            Ok(sample) => sample,
            Err(why) => return self.no_search(purpose, why).await,
        };

        let mut act = self.vault.act().await?;
        let room = self
            .room(&mut act, purpose, sample.template.model())
            .await?;
        let found = match self
            .search(&mut act, room, &sample.template, sample.reading)
            .await?
        {
            Some(found) => found,
            None => {
                drop(act);
                return self.no_search(purpose, Unusable::NoReference).await;
            }
        };
        let mut event = self
            .search_event(ending(found.decision), purpose)
            .grounds(permit.grounds());
        event.model = Some(sample.template.model().to_string());
        if let Some(best) = found.candidates.first()
            && let Some(subject) = act.subject(&best.handle).await?
        {
            event = event.mark(Some(act.marker(subject).await?.fresh(b"")?));
        }
        conclude(act, &event, Outcome::Done(found)).await
    }

    /// Everyone enrolled for the purpose whose consent the law accepts now.
    async fn who_agreed(
        &self,
        look: &mut Look,
        purpose: &Purpose,
    ) -> Result<Vec<faceward_law::Permit>, WardError> {
        let mut permits = Vec::new();
        for subject in look.enrolled_for(purpose).await? {
            let ruling = self
                .ask_about(look, subject, purpose, Operation::Identify)
                .await?;
            if let Ruling::Granted(permit) = ruling {
                permits.push(permit);
            }
        }
        Ok(permits)
    }

    async fn room(
        &self,
        look: &mut Look,
        purpose: &Purpose,
        model: &ModelId,
    ) -> Result<Room, WardError> {
        let mut gallery = Gallery::new(model.clone());
        let permits = self.who_agreed(look, purpose).await?;
        let people = permits.len();
        for permit in permits {
            for reference in look.templates(&permit, self.now()).await? {
                if reference.template.model() == model {
                    gallery.insert(reference.subject, &reference.template)?;
                }
            }
        }
        Ok(Room { gallery, people })
    }

    async fn search(
        &self,
        look: &mut Look,
        room: Room,
        probe: &Template,
        reading: Reading,
    ) -> Result<Option<Identified>, WardError> {
        if room.gallery.is_empty() {
            return Ok(None);
        }
        let thresholds = self.thresholds(room.gallery.len())?;
        let mut candidates = Vec::new();
        for near in room.gallery.search(probe, MOST_CANDIDATES)? {
            let decision = thresholds.decide(near.score);
            if decision != Decision::NoMatch {
                candidates.push(Candidate {
                    handle: look.handle(*near.key).await?,
                    score: near.score,
                    decision,
                });
            }
        }
        Ok(Some(Identified {
            decision: candidates
                .first()
                .map_or(Decision::NoMatch, |best| best.decision),
            candidates,
            match_at: thresholds.match_at,
            uncertain_at: thresholds.uncertain_at,
            people: room.people,
            reading,
        }))
    }

    fn search_event(&self, outcome: EventOutcome, purpose: &Purpose) -> Event {
        Event::new(self.now(), Act::Identify, outcome).purpose(purpose)
    }

    async fn no_search<T>(
        &self,
        purpose: &Purpose,
        why: Unusable,
    ) -> Result<Verdict<T>, WardError> {
        let mut event = self.search_event(EventOutcome::Unusable, purpose);
        event.reason = Some(why.word().to_owned());
        conclude(self.vault.act().await?, &event, Outcome::Unusable(why)).await
    }
}
