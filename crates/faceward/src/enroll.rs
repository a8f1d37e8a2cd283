//! Keep a reference of a person who agreed to it.

mod face;

use faceward_law::{Operation, Permit, Purpose, Ruling};
use faceward_match::{Decision, Score};
use faceward_vault::{Act as VaultAct, Handle, Reference, ReferenceId};

use crate::facts::{Begun, Claim, conclude};
use crate::reading::{Reading, Sample};
use crate::{Act, EventOutcome, Outcome, Unusable, Verdict, Ward, WardError};
use face::{Enrolling, good_enough, of_one_picture, sure_enough, with_map, without_map};

/// A reference was kept.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// Its identifier.
    pub reference: ReferenceId,
    /// What was seen.
    pub reading: Reading,
    /// Best score against the references the person already had, if any.
    pub agreement: Option<Score>,
    /// Whether the face-print map was kept with it, as the deployment declares for the purpose.
    pub map: bool,
}

/// What the ledger says of a reference whose map was kept.
const WITH_MAP: &str = "with-face-map";

impl Ward {
    /// Enrols the one face in `picture` for this person and purpose.
    ///
    /// The law is asked before the picture is looked at, and once more in the act that keeps the
    /// reference, so that a withdrawal in between counts.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached; nothing was kept then.
    pub async fn enroll(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Enrolled>, WardError> {
        let claim = Claim { handle, purpose };
        self.keep_carefully(claim, picture, Care::default()).await
    }

    /// As [`Ward::enroll`], where the detector must be surer than this, 0 to 1, that there is a face.
    ///
    /// # Errors
    /// As [`Ward::enroll`].
    pub async fn enroll_surely(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
        at_least: f32,
    ) -> Result<Verdict<Enrolled>, WardError> {
        let care = Care {
            at_least,
            ..Care::default()
        };
        self.keep_carefully(Claim { handle, purpose }, picture, care)
            .await
    }

    /// As [`Ward::enroll`], for pictures that come again and again: one whose reference is kept already is
    /// [`Unusable::KeptAlready`].
    pub(crate) async fn enroll_once(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Enrolled>, WardError> {
        let care = Care {
            once: true,
            ..Care::default()
        };
        self.keep_carefully(Claim { handle, purpose }, picture, care)
            .await
    }

    async fn keep_carefully(
        &self,
        claim: Claim<'_>,
        picture: &[u8],
        care: Care,
    ) -> Result<Verdict<Enrolled>, WardError> {
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        self.on_record().await?;
        let mut look = self.vault.look().await?;
        let asked = self.ask(&mut look, claim, Operation::Enroll).await?;
        drop(look);
        let sample = match asked {
            Ruling::Granted(permit) => self
                .read_reference(&permit, picture)
                .await?
                .and_then(|sample| sure_enough(sample, care.at_least))
                .and_then(good_enough),
            Ruling::Refused(refusal) => {
                let act = self.act().await?;
                return self.refuse(act, claim, Act::Enroll, refusal).await;
            }
        };

        let (mut act, permit) = match self.begin(claim, Operation::Enroll).await? {
            Begun::Permitted(act, permit) => (act, permit),
            Begun::Refused(act, refusal) => {
                return self.refuse(act, claim, Act::Enroll, refusal).await;
            }
        };
        let sample = match sample {
            Ok(sample) if care.once && self.is_kept(&mut act, claim, &sample.sample).await? => {
                Err(Unusable::KeptAlready)
            }
            Ok(sample) => self.same_person(&mut act, claim, sample).await?,
            Err(why) => Err(why),
        };
        let done = if sample.is_ok() {
            EventOutcome::Done
        } else {
            EventOutcome::Unusable
        };
        let mut event = self.event_about(&mut act, claim, Act::Enroll, done).await?;
        event = event.grounds(permit.grounds());
        let outcome = match sample {
            Ok((Enrolling { sample, map }, agreement)) => {
                event.model = Some(sample.template.model().to_string());
                let quality = sample.reading.quality.unified;
                let now = self.now();
                let reference = act
                    .keep_template(&permit, &sample.template, quality, now)
                    .await?;
                let map = map.filter(|_| permit.allows_map());
                if let Some(map) = &map {
                    act.keep_map(&permit, reference, &map.to_record(), now)
                        .await?;
                    event.reason = Some(WITH_MAP.to_owned());
                }
                Outcome::Done(Enrolled {
                    reference,
                    reading: sample.reading,
                    agreement,
                    map: map.is_some(),
                })
            }
            Err(why) => {
                event.reason = Some(why.word().to_owned());
                Outcome::Unusable(why)
            }
        };
        conclude(act, &event, outcome).await
    }

    /// Reads the one face in a picture that is to become a reference, and its map where it may be kept.
    async fn read_reference(
        &self,
        permit: &Permit,
        picture: &[u8],
    ) -> Result<Result<Enrolling, Unusable>, WardError> {
        let make = if permit.allows_map() {
            with_map
        } else {
            without_map
        };
        let read = self
            .read_with(permit, Operation::Enroll, picture, make)
            .await?;
        Ok(read.map(|((template, map), reading)| Enrolling {
            sample: Sample { template, reading },
            map,
        }))
    }

    /// Whether a reference made from the same picture is kept, as far as the consent lets references be opened.
    async fn is_kept(
        &self,
        act: &mut VaultAct,
        claim: Claim<'_>,
        sample: &Sample,
    ) -> Result<bool, WardError> {
        for operation in [Operation::Verify, Operation::Identify] {
            if let Ruling::Granted(permit) = self.ask(act, claim, operation).await? {
                let kept = act.templates(&permit, self.now()).await?;
                let same = |kept: &Reference| of_one_picture(&kept.template, &sample.template);
                return Ok(kept.iter().any(same));
            }
        }
        Ok(false)
    }

    /// Refuses a picture that clearly shows someone other than the references already kept: a
    /// reference of the wrong person would open the door to them.
    async fn same_person(
        &self,
        act: &mut VaultAct,
        claim: Claim<'_>,
        face: Enrolling,
    ) -> Result<Result<(Enrolling, Option<Score>), Unusable>, WardError> {
        let Ruling::Granted(permit) = self.ask(act, claim, Operation::Verify).await? else {
            return Ok(Ok((face, None)));
        };
        let best = self
            .scores(act, &permit, &face.sample.template)
            .await?
            .into_iter()
            .max();
        match best {
            Some(score) if self.thresholds(1)?.decide(score) == Decision::NoMatch => {
                Ok(Err(Unusable::SomeoneElse { score }))
            }
            agreement => Ok(Ok((face, agreement))),
        }
    }
}

/// How an enrolment is careful beyond the usual.
#[derive(Clone, Copy, Default)]
struct Care {
    /// The detector must be surer than this that there is a face.
    at_least: f32,
    /// Whether the same picture is kept once only.
    once: bool,
}
