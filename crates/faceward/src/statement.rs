//! Acts on every face of a picture that rest on a statement: who agreed to it, and how. Nothing is
//! kept; what is recorded is that a statement was made, not its words.

use faceward_face::FaceError;
use faceward_law::{Operation, Permit, Refusal, Ruling};
use faceward_match::{Decision, Score, score};
use zeroize::Zeroizing;

use crate::facts::conclude;
use crate::one_reference::ComparedFace;
use crate::recognize::surest;
use crate::sight::{Seen, SeenFace, Sight};
use crate::verify::ending;
use crate::{Act, EventOutcome, Outcome, Unusable, Verdict, Ward, WardError};

/// The one face of a picture was compared with every face of another.
pub struct ComparedAll {
    /// The one.
    pub source: SeenFace,
    /// The others, largest first.
    pub faces: Vec<ComparedFace>,
}

impl Ward {
    /// Finds every face in a picture, with its quality and its liveness, the largest first.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn detect_all(
        &self,
        picture: &[u8],
        statement: &str,
        how: &Sight,
    ) -> Result<Verdict<Vec<SeenFace>>, WardError> {
        let operation = match how.embedding {
            // An embedding is made to be compared.
            true => Operation::Compare,
            false => Operation::Detect,
        };
        let permit = match self.rule_on_statement(operation, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Detect, refusal).await,
        };
        let seen = self.see_all(&permit, operation, picture, how).await?;
        let seen = seen.map(|seen| seen.into_iter().map(|one| one.seen).collect());
        let done = |_: &_| EventOutcome::Done;
        self.conclude_once(Act::Detect, &permit, seen, done).await
    }

    /// Compares the one face in `source` with every face in `target`.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn compare_all(
        &self,
        source: &[u8],
        target: &[u8],
        statement: &str,
        how: &Sight,
    ) -> Result<Verdict<ComparedAll>, WardError> {
        self.thresholds(1)?;
        let permit = match self.rule_on_statement(Operation::Compare, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Compare, refusal).await,
        };
        let source = self
            .see_live(&permit, Operation::Compare, source, how)
            .await?;
        let found = match source.and_then(only) {
            Ok(source) => {
                let target = self
                    .see_live(&permit, Operation::Compare, target, how)
                    .await?;
                match target {
                    Ok(target) => self
                        .compare_seen(target, &source.template)?
                        .map(|faces| (source.seen, faces)),
                    Err(why) => Err(why),
                }
            }
            Err(why) => Err(why),
        };
        let found = found.map(|(source, faces)| ComparedAll { source, faces });
        let best =
            |found: &ComparedAll| ending(surest(found.faces.iter().map(|face| face.decision)));
        self.conclude_once(Act::Compare, &permit, found, best).await
    }

    /// Compares an embedding with others, all made by this ward's model; the answers are in the
    /// order of the others.
    ///
    /// # Errors
    /// [`WardError::Match`] when one is not of this model; [`WardError`] when no decision was
    /// reached.
    pub async fn compare_embeddings(
        &self,
        source: Zeroizing<Vec<f32>>,
        targets: Vec<Zeroizing<Vec<f32>>>,
        statement: &str,
    ) -> Result<Verdict<Vec<(Score, Decision)>>, WardError> {
        let thresholds = self.thresholds(1)?;
        let permit = match self.rule_on_statement(Operation::Compare, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Compare, refusal).await,
        };
        let source = self.probes(vec![source])?;
        let targets = self.probes(targets)?;
        let mut found = Vec::with_capacity(targets.len());
        for (source, target) in source.iter().cycle().zip(&targets) {
            let score = score(source, target)?;
            found.push((score, thresholds.decide(score)));
        }
        let best = |found: &Vec<(Score, Decision)>| {
            ending(surest(found.iter().map(|(_, decision)| *decision)))
        };
        self.conclude_once(Act::Compare, &permit, Ok(found), best)
            .await
    }

    /// Records that a one-off act was not to be done, and why.
    pub(crate) async fn refuse_once<T>(
        &self,
        act: Act,
        refusal: Refusal,
    ) -> Result<Verdict<T>, WardError> {
        let event = self.event(act, EventOutcome::Refused);
        let event = event.grounds(refusal.grounds());
        conclude(self.act().await?, &event, Outcome::Refused(refusal)).await
    }

    /// Records what a one-off act came to.
    pub(crate) async fn conclude_once<T>(
        &self,
        act: Act,
        permit: &Permit,
        found: Result<T, Unusable>,
        end: impl FnOnce(&T) -> EventOutcome,
    ) -> Result<Verdict<T>, WardError> {
        let event = self.event(act, EventOutcome::Unusable);
        let (event, outcome) = self.came_to(event.grounds(permit.grounds()), found, end)?;
        conclude(self.act().await?, &event, outcome).await
    }
}

/// The one face there is.
fn only(mut seen: Vec<Seen>) -> Result<Seen, Unusable> {
    let count = seen.len();
    match seen.pop() {
        Some(one) if count == 1 => Ok(one),
        Some(_) => Err(FaceError::SeveralFaces { count }.into()),
        None => Err(FaceError::NoFace.into()),
    }
}
