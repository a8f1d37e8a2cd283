//! Who, of those who agreed to be searched for this purpose, is this?

use faceward_law::{Basis, Operation, Permit, Purpose, Refusal, Ruling, SubjectId};
use faceward_match::{Decision, Gallery, ModelId, Score, Threshold};
use faceward_vault::{Act as VaultAct, Handle, Look};

use crate::facts::conclude;
use crate::reading::{Reading, Sample};
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
    pub subject: SubjectId,
    /// The name their controller gave.
    pub handle: Handle,
    /// Best score over their references.
    pub score: Score,
    /// What it amounts to.
    pub decision: Decision,
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
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        let mut look = self.vault.look().await?;
        let asked = self.may_search(&mut look, purpose).await?;
        drop(look);
        let sample = match asked {
            Ok((permit, _)) => self.read_one(&permit, Operation::Identify, picture)?,
            Err(refusal) => {
                let act = self.vault.act().await?;
                return self.refuse_search(act, purpose, refusal).await;
            }
        };

        let mut act = self.vault.act().await?;
        let (permit, agreed) = match self.may_search(&mut act, purpose).await? {
            Ok(permitted) => permitted,
            Err(refusal) => return self.refuse_search(act, purpose, refusal).await,
        };
        let found = match sample {
            Ok(sample) => self.search(&mut act, &agreed, sample).await?,
            Err(why) => Err(why),
        };
        let mut event = self
            .search_event(EventOutcome::Unusable, purpose)
            .grounds(permit.grounds());
        let outcome = match found {
            Ok(found) => {
                event.outcome = ending(found.decision);
                event.model = Some(self.model()?.to_string());
                for candidate in &found.candidates {
                    event = event.mark(act.marker(candidate.subject).await?.fresh(b"")?);
                }
                Outcome::Done(found)
            }
            Err(why) => {
                event.reason = Some(why.word().to_owned());
                Outcome::Unusable(why)
            }
        };
        conclude(act, &event, outcome).await
    }

    /// Whether there may be a search now, and among whom: each with the permit to open theirs.
    async fn may_search(
        &self,
        look: &mut Look,
        purpose: &Purpose,
    ) -> Result<Result<(Permit, Vec<Permit>), Refusal>, WardError> {
        let agreed = self.who_agreed(look, purpose).await?;
        let consenting = agreed.len();
        let basis = Basis::Gallery { consenting };
        let ruling = self.rule(look, purpose, Operation::Identify, basis).await?;
        Ok(match ruling {
            Ruling::Granted(permit) => Ok((permit, agreed)),
            Ruling::Refused(refusal) => Err(refusal),
        })
    }

    /// Everyone enrolled for the purpose whose consent the law accepts now.
    async fn who_agreed(
        &self,
        look: &mut Look,
        purpose: &Purpose,
    ) -> Result<Vec<Permit>, WardError> {
        let held = self.persons_held(look).await?;
        let sitting = self
            .gate()?
            .sitting(Operation::Identify, purpose, self.now(), held);
        // Where the search as a whole is refused, nobody is asked about.
        let Ok(mut sitting) = sitting else {
            return Ok(Vec::new());
        };
        let mut permits = Vec::new();
        for subject in look.enrolled_for(purpose).await? {
            if look.died(subject).await?.is_some() {
                continue;
            }
            let consents = look.consents(subject).await?;
            permits.extend(sitting.permit(subject, &consents));
        }
        Ok(permits)
    }

    async fn search(
        &self,
        look: &mut Look,
        agreed: &[Permit],
        sample: Sample,
    ) -> Result<Result<Identified, Unusable>, WardError> {
        let gallery = self.gallery(look, agreed, sample.template.model()).await?;
        if gallery.is_empty() {
            return Ok(Err(Unusable::NoReference));
        }
        let thresholds = match self.thresholds_over(gallery.len())? {
            Ok(thresholds) => thresholds,
            Err(why) => return Ok(Err(why)),
        };
        let mut candidates = Vec::new();
        for near in gallery.search(&sample.template, MOST_CANDIDATES)? {
            let decision = thresholds.decide(near.score);
            if decision != Decision::NoMatch {
                candidates.push(Candidate {
                    subject: *near.key,
                    handle: look.handle(*near.key).await?,
                    score: near.score,
                    decision,
                });
            }
        }
        let best = candidates.first().map(|best| best.decision);
        Ok(Ok(Identified {
            decision: best.unwrap_or(Decision::NoMatch),
            candidates,
            match_at: thresholds.match_at,
            uncertain_at: thresholds.uncertain_at,
            people: agreed.len(),
            reading: sample.reading,
        }))
    }

    /// The references of those who agreed, made by the model in use.
    async fn gallery(
        &self,
        look: &mut Look,
        agreed: &[Permit],
        model: &ModelId,
    ) -> Result<Gallery<SubjectId>, WardError> {
        let mut gallery = Gallery::new(model.clone());
        for permit in agreed {
            for reference in look.templates(permit, self.now()).await? {
                if reference.template.model() == model {
                    gallery.insert(reference.subject, &reference.template)?;
                }
            }
        }
        Ok(gallery)
    }

    async fn refuse_search<T>(
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

    fn search_event(&self, outcome: EventOutcome, purpose: &Purpose) -> Event {
        self.event(Act::Identify, outcome).purpose(purpose)
    }
}
