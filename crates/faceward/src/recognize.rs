//! Who, of those who agreed to be searched for this purpose, are these? Every face in a picture is
//! searched, or embeddings that the caller has already; the nearest references are named whatever
//! their score, and everybody named is marked in the record.

use std::collections::BTreeMap;

use faceward_face::FaceError;
use faceward_law::{Operation, Permit, Purpose, Ruling, SubjectId};
use faceward_match::{Decision, Score, Template, score};
use faceward_vault::{Act as VaultAct, Handle, ReferenceId};
use zeroize::Zeroizing;

use crate::facts::conclude;
use crate::identify::Agreed;
use crate::sight::{Seen, SeenFace, Sight};
use crate::verify::ending;
use crate::{EventOutcome, Unusable, Verdict, Ward, WardError};

/// Every face of a picture was searched.
pub struct Recognized {
    /// The faces, largest first.
    pub faces: Vec<RecognizedFace>,
    /// How many people were in the room.
    pub people: usize,
}

/// One of the faces.
pub struct RecognizedFace {
    /// What was seen.
    pub seen: SeenFace,
    /// The nearest references, best first.
    pub nearest: Vec<NearReference>,
}

/// A reference that is near a face, whether or not near enough.
pub struct NearReference {
    /// Whose it is.
    pub subject: SubjectId,
    /// The name their controller gave.
    pub handle: Handle,
    /// Which reference.
    pub reference: ReferenceId,
    /// Its score.
    pub score: Score,
    /// What the score amounts to, given how many were searched.
    pub decision: Decision,
}

/// The references of people who came up in a search, opened for it.
type Opened = BTreeMap<SubjectId, Vec<(ReferenceId, Template)>>;

impl Ward {
    /// Searches every face in `picture` among those who agreed to this purpose.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn recognize(
        &self,
        purpose: &Purpose,
        picture: &[u8],
        how: &Sight,
    ) -> Result<Verdict<Recognized>, WardError> {
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        self.on_record().await?;
        let room = self.room(purpose).await;
        let mut look = self.vault.look().await?;
        let asked = self.may_search(room, &mut look, purpose).await?;
        drop(look);
        let seen = match asked {
            Ok((permit, agreed)) => {
                // Nobody waits for the room while the picture is looked at.
                drop(agreed);
                self.see_live(&permit, Operation::Identify, picture, how)
                    .await?
            }
            Err(refusal) => {
                let act = self.act().await?;
                return self.refuse_search(act, purpose, refusal).await;
            }
        };

        let mut act = self.act().await?;
        let room = self.room(purpose).await;
        let (permit, agreed) = match self.may_search(room, &mut act, purpose).await? {
            Ok(permitted) => permitted,
            Err(refusal) => return self.refuse_search(act, purpose, refusal).await,
        };
        let found = match seen {
            Ok(seen) => {
                let faces = self.search_faces(&mut act, &agreed, purpose, seen, how);
                faces.await?.map(|faces| Recognized {
                    faces,
                    people: agreed.people,
                })
            }
            Err(why) => Err(why),
        };
        let named = |found: &Recognized| {
            let faces = found.faces.iter();
            faces.flat_map(|face| named(&face.nearest)).collect()
        };
        self.conclude_search(act, purpose, &permit, found, named)
            .await
    }

    /// Searches embeddings, made by this ward's model, among those who agreed to this purpose; the
    /// answers are in the order of the embeddings.
    ///
    /// # Errors
    /// [`WardError::Match`] when an embedding is not one of this model's; [`WardError`] when no
    /// decision was reached.
    pub async fn search_embeddings(
        &self,
        purpose: &Purpose,
        embeddings: Vec<Zeroizing<Vec<f32>>>,
        how: &Sight,
    ) -> Result<Verdict<Vec<Vec<NearReference>>>, WardError> {
        self.thresholds(1)?;
        let probes = self.probes(embeddings)?;
        let mut act = self.act().await?;
        let room = self.room(purpose).await;
        let (permit, agreed) = match self.may_search(room, &mut act, purpose).await? {
            Ok(permitted) => permitted,
            Err(refusal) => return self.refuse_search(act, purpose, refusal).await,
        };
        let mut opened = Opened::new();
        let mut found = Ok(Vec::with_capacity(probes.len()));
        for probe in &probes {
            let near = self.nearest(&mut act, &agreed, purpose, probe, how, &mut opened);
            match (near.await?, &mut found) {
                (Ok(near), Ok(found)) => found.push(near),
                (Ok(_), Err(_)) => {}
                (Err(why), _) => found = Err(why),
            }
        }
        let named = |found: &Vec<Vec<NearReference>>| found.iter().flat_map(|f| named(f)).collect();
        self.conclude_search(act, purpose, &permit, found, named)
            .await
    }

    /// Embeddings as templates of this ward's model.
    pub(crate) fn probes(
        &self,
        embeddings: Vec<Zeroizing<Vec<f32>>>,
    ) -> Result<Vec<Template>, WardError> {
        let template = |mut values: Zeroizing<Vec<f32>>| {
            let values = std::mem::take(&mut *values);
            Ok(Template::from_raw(self.model()?.clone(), values)?)
        };
        embeddings.into_iter().map(template).collect()
    }

    async fn search_faces(
        &self,
        act: &mut VaultAct,
        agreed: &Agreed,
        purpose: &Purpose,
        seen: Vec<Seen>,
        how: &Sight,
    ) -> Result<Result<Vec<RecognizedFace>, Unusable>, WardError> {
        let mut opened = Opened::new();
        let mut faces = Vec::with_capacity(seen.len());
        for Seen { seen, template } in seen {
            let Some(probe) = template else {
                return Ok(Err(FaceError::NoFace.into()));
            };
            let near = self.nearest(act, agreed, purpose, &probe, how, &mut opened);
            match near.await? {
                Ok(nearest) => faces.push(RecognizedFace { seen, nearest }),
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(faces))
    }

    /// The nearest references of those seated. They belong to the nearest people, whose references
    /// are opened one by one, each with the person's own permit.
    async fn nearest(
        &self,
        act: &mut VaultAct,
        agreed: &Agreed,
        purpose: &Purpose,
        probe: &Template,
        how: &Sight,
        opened: &mut Opened,
    ) -> Result<Result<Vec<NearReference>, Unusable>, WardError> {
        let within = how.within.as_deref();
        let references = agreed.room.references(within);
        if references == 0 {
            return Ok(Ok(Vec::new()));
        }
        let thresholds = match self.thresholds_over(references)? {
            Ok(thresholds) => thresholds,
            Err(why) => return Ok(Err(why)),
        };
        let mut near = Vec::new();
        for person in agreed.room.search(probe, within, how.nearest)? {
            let subject = *person.key;
            let Some(handle) = agreed.room.handle(subject) else {
                continue;
            };
            if let std::collections::btree_map::Entry::Vacant(place) = opened.entry(subject) {
                place.insert(self.references_of(act, subject, purpose).await?);
            }
            for (reference, template) in opened.get(&subject).into_iter().flatten() {
                let score = score(probe, template)?;
                near.push(NearReference {
                    subject,
                    handle: handle.clone(),
                    reference: *reference,
                    score,
                    decision: thresholds.decide(score),
                });
            }
        }
        near.sort_by(|a, b| {
            let by_score = b.score.cmp(&a.score);
            by_score.then_with(|| a.reference.cmp(&b.reference))
        });
        near.truncate(how.nearest);
        Ok(Ok(near))
    }

    async fn references_of(
        &self,
        act: &mut VaultAct,
        subject: SubjectId,
        purpose: &Purpose,
    ) -> Result<Vec<(ReferenceId, Template)>, WardError> {
        let asked = self.ask_about(act, subject, purpose, Operation::Identify);
        let Ruling::Granted(permit) = asked.await? else {
            return Ok(Vec::new());
        };
        let references = act.templates(&permit, self.now()).await?;
        let ours = self.model()?;
        Ok(references
            .into_iter()
            .filter(|reference| reference.template.model() == ours)
            .map(|reference| (reference.id, reference.template))
            .collect())
    }

    /// Records a search with a mark for everybody it named, once each.
    pub(crate) async fn conclude_search<T>(
        &self,
        mut act: VaultAct,
        purpose: &Purpose,
        permit: &Permit,
        found: Result<T, Unusable>,
        named: impl Fn(&T) -> Vec<(SubjectId, Decision)>,
    ) -> Result<Verdict<T>, WardError> {
        let mut best: BTreeMap<SubjectId, Decision> = BTreeMap::new();
        for (subject, decision) in found.iter().flat_map(named) {
            let known = best.entry(subject).or_insert(decision);
            *known = surer(*known, decision);
        }
        let event = self.search_event(EventOutcome::Unusable, purpose);
        let (mut event, outcome) = self.came_to(event.grounds(permit.grounds()), found, |_| {
            ending(surest(best.values().copied()))
        })?;
        for subject in best.into_keys() {
            event = event.mark(act.marker(subject).await?.fresh(b"")?);
        }
        conclude(act, &event, outcome).await
    }
}

fn named(nearest: &[NearReference]) -> impl Iterator<Item = (SubjectId, Decision)> + use<'_> {
    nearest.iter().map(|near| (near.subject, near.decision))
}

/// The decision that says most; nothing says that nobody was meant.
pub(crate) fn surest(decisions: impl Iterator<Item = Decision>) -> Decision {
    decisions.fold(Decision::NoMatch, surer)
}

/// The decision that says more of two.
fn surer(a: Decision, b: Decision) -> Decision {
    match (a, b) {
        (Decision::Match, _) | (_, Decision::Match) => Decision::Match,
        (Decision::Uncertain, _) | (_, Decision::Uncertain) => Decision::Uncertain,
        (Decision::NoMatch, Decision::NoMatch) => Decision::NoMatch,
    }
}
