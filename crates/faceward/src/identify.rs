//! Who, of those who agreed to be searched for this purpose, is this?

use faceward_law::{Basis, Operation, Permit, Purpose, Refusal, Ruling, SubjectId};
use faceward_match::{Decision, Score, Template, Threshold, Thresholds};
use faceward_vault::{Act as VaultAct, Handle, Look};
use tokio::sync::OwnedMutexGuard;

use crate::facts::conclude;
use crate::reading::{Reading, Sample};
use crate::room::Room;
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
    /// How many people were searched.
    pub people: usize,
    /// What was seen.
    pub reading: Reading,
}

/// Somebody who may be meant.
pub struct Candidate {
    /// Who.
    pub subject: SubjectId,
    /// The name their controller gave.
    pub handle: Handle,
    /// Best score over their references.
    pub score: Score,
    /// What it amounts to.
    pub decision: Decision,
}

/// The room of a search, with everyone seated in it who has a permit at this moment.
pub(crate) struct Agreed {
    pub(crate) room: OwnedMutexGuard<Room>,
    /// How many those are.
    pub(crate) people: usize,
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
        self.identify_within(purpose, picture, None).await
    }

    /// As [`Ward::identify`], only among the people of this collection.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn identify_within(
        &self,
        purpose: &Purpose,
        picture: &[u8],
        within: Option<&str>,
    ) -> Result<Verdict<Identified>, WardError> {
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        self.on_record().await?;
        let room = self.room(purpose).await;
        let mut look = self.vault.look().await?;
        let asked = self.may_search(room, &mut look, purpose).await?;
        drop(look);
        let sample = match asked {
            Ok((permit, agreed)) => {
                // Nobody waits for the room while the picture is looked at.
                drop(agreed);
                self.read_one(&permit, Operation::Identify, picture).await?
            }
            Err(refusal) => {
                let act = self.act().await?;
                return self.refuse_search(act, purpose, refusal).await;
            }
        };

        self.conclude_identify(purpose, sample, within).await
    }

    /// Searches a face that was read, in an act of its own in which the law is asked once more.
    pub(crate) async fn conclude_identify(
        &self,
        purpose: &Purpose,
        sample: Result<Sample, Unusable>,
        within: Option<&str>,
    ) -> Result<Verdict<Identified>, WardError> {
        let mut act = self.act().await?;
        let room = self.room(purpose).await;
        let (permit, agreed) = match self.may_search(room, &mut act, purpose).await? {
            Ok(permitted) => permitted,
            Err(refusal) => return self.refuse_search(act, purpose, refusal).await,
        };
        let found = match sample {
            Ok(sample) => self.search(&agreed, sample, within)?,
            Err(why) => Err(why),
        };
        let event = self.search_event(EventOutcome::Unusable, purpose);
        let (mut event, outcome) =
            self.came_to(event.grounds(permit.grounds()), found, |found| {
                ending(found.decision)
            })?;
        if let Outcome::Done(found) = &outcome {
            for candidate in &found.candidates {
                event = event.mark(act.marker(candidate.subject).await?.fresh(b"")?);
            }
        }
        conclude(act, &event, outcome).await
    }

    /// Whether there may be a search now, and among whom: each was asked about, and has a permit.
    pub(crate) async fn may_search(
        &self,
        mut room: OwnedMutexGuard<Room>,
        look: &mut Look,
        purpose: &Purpose,
    ) -> Result<Result<(Permit, Agreed), Refusal>, WardError> {
        let (held, now) = (self.persons_held(look).await?, self.now());
        let gate = self.gate()?;
        let sitting = gate.sitting(Operation::Identify, purpose, now, held);
        let consenting = match sitting {
            Ok(mut sitting) => room.seat(look, &mut sitting, self.model()?, now).await?,
            // Where the search as a whole is refused, nobody is asked about.
            Err(_) => 0,
        };
        let basis = Basis::Gallery { consenting };
        let ruling = self.rule(look, purpose, Operation::Identify, basis).await?;
        Ok(match ruling {
            Ruling::Granted(permit) => {
                let people = consenting;
                Ok((permit, Agreed { room, people }))
            }
            Ruling::Refused(refusal) => Err(refusal),
        })
    }

    fn search(
        &self,
        agreed: &Agreed,
        sample: Sample,
        within: Option<&str>,
    ) -> Result<Result<Identified, Unusable>, WardError> {
        let (thresholds, candidates) = match self.candidates(agreed, &sample.template, within)? {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let best = candidates.first().map(|best| best.decision);
        Ok(Ok(Identified {
            decision: best.unwrap_or(Decision::NoMatch),
            candidates,
            match_at: thresholds.match_at,
            uncertain_at: thresholds.uncertain_at,
            people: agreed.room.seated(within),
            reading: sample.reading,
        }))
    }

    /// Those of the room who are at least uncertain, best first.
    pub(crate) fn candidates(
        &self,
        agreed: &Agreed,
        probe: &Template,
        within: Option<&str>,
    ) -> Result<Result<(Thresholds, Vec<Candidate>), Unusable>, WardError> {
        let references = agreed.room.references(within);
        if references == 0 {
            return Ok(Err(Unusable::NoReference));
        }
        let thresholds = match self.thresholds_over(references)? {
            Ok(thresholds) => thresholds,
            Err(why) => return Ok(Err(why)),
        };
        let mut candidates = Vec::new();
        for near in agreed.room.search(probe, within, MOST_CANDIDATES)? {
            let decision = thresholds.decide(near.score);
            if let Some(handle) = agreed.room.handle(*near.key)
                && decision != Decision::NoMatch
            {
                candidates.push(Candidate {
                    subject: *near.key,
                    handle: handle.clone(),
                    score: near.score,
                    decision,
                });
            }
        }
        Ok(Ok((thresholds, candidates)))
    }

    pub(crate) async fn refuse_search<T>(
        &self,
        act: VaultAct,
        purpose: &Purpose,
        refusal: Refusal,
    ) -> Result<Verdict<T>, WardError> {
        let event = self
            .search_event(EventOutcome::Refused, purpose)
            .grounds(refusal.grounds());
        conclude(act, &event, Outcome::Refused(refusal)).await
    }

    pub(crate) fn search_event(&self, outcome: EventOutcome, purpose: &Purpose) -> Event {
        self.event(Act::Identify, outcome).purpose(purpose)
    }
}
