//! Is this the person whose reference that is? The claim names a reference instead of a person.

use faceward_law::{Operation, Permit, Purpose, Ruling};
use faceward_match::{Decision, Score, Template, score};
use faceward_vault::{Act as VaultAct, Handle, Look, ReferenceId, Shelved};
use zeroize::Zeroizing;

use crate::directory::belongs;
use crate::facts::{Claim, conclude};
use crate::recognize::surest;
use crate::sight::{Seen, SeenFace, Sight};
use crate::verify::ending;
use crate::{Act, EventOutcome, Unusable, Verdict, Ward, WardError};

/// Every face of a picture was compared with one reference.
pub struct ReferenceVerified {
    /// Whose reference it is.
    pub handle: Handle,
    /// The faces, largest first.
    pub faces: Vec<ComparedFace>,
}

/// A face and how near it comes.
pub struct ComparedFace {
    /// What was seen.
    pub seen: SeenFace,
    /// Its score, -1 to 1.
    pub score: Score,
    /// What it amounts to.
    pub decision: Decision,
}

impl Ward {
    /// Compares every face in `picture` with one reference, kept for this purpose.
    ///
    /// # Errors
    /// [`WardError::UnknownReference`], also where it was kept for another purpose or lies outside
    /// the collection; [`WardError`] when no decision was reached.
    pub async fn verify_reference(
        &self,
        id: ReferenceId,
        purpose: &Purpose,
        picture: &[u8],
        how: &Sight,
    ) -> Result<Verdict<ReferenceVerified>, WardError> {
        self.thresholds(1)?;
        self.on_record().await?;
        let mut look = self.vault.look().await?;
        let (kept, handle) = kept(&mut look, id, purpose, how).await?;
        let claim = Claim {
            handle: &handle,
            purpose,
        };
        let asked = self.ask_about(&mut look, kept.subject, purpose, Operation::Verify);
        let asked = asked.await?;
        drop(look);
        let seen = match asked {
            Ruling::Granted(permit) => {
                self.see_live(&permit, Operation::Verify, picture, how)
                    .await?
            }
            Ruling::Refused(refusal) => {
                let act = self.act().await?;
                return self.refuse(act, claim, Act::Verify, refusal).await;
            }
        };
        let mut act = self.act().await?;
        let (permit, reference) = match self.open_one(&mut act, &kept).await? {
            Ok(opened) => opened,
            Err(refusal) => return self.refuse(act, claim, Act::Verify, refusal).await,
        };
        let compared = match seen {
            Ok(seen) => self.compare_seen(seen, &reference)?,
            Err(why) => Err(why),
        };
        let found = compared.map(|faces| ReferenceVerified {
            handle: handle.clone(),
            faces,
        });
        let best = |found: &ReferenceVerified| surest(found.faces.iter().map(|face| face.decision));
        self.conclude_claim(act, claim, &permit, found, best).await
    }

    /// Compares embeddings, made by this ward's model, with one reference, in their order.
    ///
    /// # Errors
    /// As [`Ward::verify_reference`], and [`WardError::Match`] when an embedding is not one of this
    /// model's.
    pub async fn verify_reference_embeddings(
        &self,
        id: ReferenceId,
        purpose: &Purpose,
        embeddings: Vec<Zeroizing<Vec<f32>>>,
        how: &Sight,
    ) -> Result<Verdict<Vec<(Score, Decision)>>, WardError> {
        let thresholds = self.thresholds(1)?;
        let probes = self.probes(embeddings)?;
        let mut act = self.act().await?;
        let (kept, handle) = kept(&mut act, id, purpose, how).await?;
        let claim = Claim {
            handle: &handle,
            purpose,
        };
        let (permit, reference) = match self.open_one(&mut act, &kept).await? {
            Ok(opened) => opened,
            Err(refusal) => return self.refuse(act, claim, Act::Verify, refusal).await,
        };
        let mut found = Vec::with_capacity(probes.len());
        if let Some(reference) = &reference {
            for probe in &probes {
                let score = score(probe, reference)?;
                found.push((score, thresholds.decide(score)));
            }
        }
        let found = match reference {
            Some(_) => Ok(found),
            None => Err(Unusable::NoReference),
        };
        let best =
            |found: &Vec<(Score, Decision)>| surest(found.iter().map(|(_, decision)| *decision));
        self.conclude_claim(act, claim, &permit, found, best).await
    }

    /// How near each face comes to a template.
    pub(crate) fn compare_seen(
        &self,
        seen: Vec<Seen>,
        with: &Option<Template>,
    ) -> Result<Result<Vec<ComparedFace>, Unusable>, WardError> {
        let Some(with) = with else {
            return Ok(Err(Unusable::NoReference));
        };
        let thresholds = self.thresholds(1)?;
        let mut faces = Vec::with_capacity(seen.len());
        for Seen { seen, template } in seen {
            if let Some(template) = template {
                let score = score(&template, with)?;
                let decision = thresholds.decide(score);
                faces.push(ComparedFace {
                    seen,
                    score,
                    decision,
                });
            }
        }
        Ok(Ok(faces))
    }

    /// The permit to compare with the person, asked for in the act, and the one reference; `None`
    /// where another model made it.
    async fn open_one(
        &self,
        act: &mut VaultAct,
        kept: &Shelved,
    ) -> Result<Result<(Permit, Option<Template>), faceward_law::Refusal>, WardError> {
        let asked = self.ask_about(act, kept.subject, &kept.purpose, Operation::Verify);
        let permit = match asked.await? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return Ok(Err(refusal)),
        };
        let ours = self.model()?;
        let references = act.templates(&permit, self.now()).await?;
        let one = references
            .into_iter()
            .find(|reference| reference.id == kept.id && reference.template.model() == ours);
        Ok(Ok((permit, one.map(|reference| reference.template))))
    }

    async fn conclude_claim<T>(
        &self,
        mut act: VaultAct,
        claim: Claim<'_>,
        permit: &Permit,
        found: Result<T, Unusable>,
        best: impl Fn(&T) -> Decision,
    ) -> Result<Verdict<T>, WardError> {
        let event = self.event_about(&mut act, claim, Act::Verify, EventOutcome::Unusable);
        let event = event.await?.grounds(permit.grounds());
        let (event, outcome) = self.came_to(event, found, |found| ending(best(found)))?;
        conclude(act, &event, outcome).await
    }
}

/// A reference that may be spoken of, and the name of whose it is.
async fn kept(
    look: &mut Look,
    id: ReferenceId,
    purpose: &Purpose,
    how: &Sight,
) -> Result<(Shelved, Handle), WardError> {
    let found = look.whose(id).await?.filter(|it| it.purpose == *purpose);
    let kept = found.ok_or(WardError::UnknownReference(id))?;
    let handle = look.handle(kept.subject).await?;
    if belongs(&handle, how.within.as_deref()) {
        Ok((kept, handle))
    } else {
        Err(WardError::UnknownReference(id))
    }
}
