//! Retention, enforced: what is kept longer than was agreed is destroyed, with a certificate.

mod certificate;

pub(crate) use certificate::Facts;
pub use certificate::SignedErasure;
pub(crate) use certificate::{entry_before, items, place};

use std::collections::BTreeMap;

use faceward_law::{
    Actor, Consent, ConsentEvent, ConsentId, ConsentRecord, Happened, Purpose, Retention, Scope,
    SubjectId,
};
use faceward_vault::{Act as VaultAct, Handle, Look, Mark, Receipt};
use jiff::{SignedDuration, Timestamp};

use crate::facts::known;
use crate::forget::stands;
use crate::{Act, ConsentRecorded, EventOutcome, Ward, WardError};

/// References whose time comes, or has come.
pub struct Due {
    /// Whose they are.
    pub handle: Handle,
    /// The same person, opaque.
    pub subject: SubjectId,
    /// For which purpose they are kept.
    pub purpose: Purpose,
    /// How many.
    pub references: u64,
    /// The consents they rest on.
    pub consents: Vec<ConsentId>,
    /// When they have to be gone.
    pub by: Timestamp,
    /// Why.
    pub trigger: Trigger,
    /// Whether that time has come.
    pub overdue: bool,
}

/// Why references have to go: the cases of PIPL Art. 47.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    /// The purpose is fulfilled or given up.
    PurposeEnded,
    /// The agreed time to keep them is over.
    RetentionOver,
    /// The consent has ended.
    ConsentEnded,
    /// No consent for them is on record.
    NoConsent,
}

/// What has to go when.
pub struct RetentionReport {
    /// References, the most urgent first.
    pub due: Vec<Due>,
    /// Consent records that ended more than three years ago. They are evidence of processing and
    /// kept for at least that long (PIPL Art. 56); they go when their person is forgotten.
    pub old_records: u64,
}

/// What a sweep did.
pub struct Swept {
    /// What was destroyed, each with its certificate.
    pub erased: Vec<Erased>,
}

/// References of one person for one purpose that were destroyed.
pub struct Erased {
    /// What they were.
    pub due: Due,
    /// The certificate.
    pub erasure: SignedErasure,
    /// Why a past key still lies on the disk, if it does; opening the ward tries again.
    pub undestroyed: Option<String>,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

/// Records of processing are kept this long, in days: three years (PIPL Art. 56, CAC Art. 9).
const EVIDENCE_DAYS: i64 = 1096;
/// Persons to one entry of the ledger, whose length is limited.
const TOGETHER: usize = 256;

impl Ward {
    /// What has to be gone within this time from now, or should be gone already.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn retention_due(
        &self,
        within: SignedDuration,
    ) -> Result<RetentionReport, WardError> {
        let mut look = self.vault.look().await?;
        let now = self.now();
        let horizon = now.saturating_add(within).unwrap_or(Timestamp::MAX);
        let due = due_until(&mut look, now, horizon).await?;
        let age = SignedDuration::from_hours(EVIDENCE_DAYS * 24);
        let line = now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        let mut old_records = 0;
        for subject in look.subjects().await? {
            let records = look.consent_records(subject.id).await?;
            let old = |record: &&ConsentRecord| over_since(record).is_some_and(|at| at < line);
            old_records += records.iter().filter(old).count() as u64;
        }
        Ok(RetentionReport { due, old_records })
    }

    /// Destroys, with their key, the references whose time has come, and makes out a certificate
    /// for each person and purpose. Consent records stay, as evidence.
    ///
    /// # Errors
    /// [`WardError::File`] when certificates have no place to lie in; [`WardError::Vault`]: what was
    /// destroyed before is recorded all the same.
    pub async fn retention_sweep(&self) -> Result<Swept, WardError> {
        // Without these there would be no certificate: better to know before.
        let key = self.vault.receipt_key()?;
        let folder = self.home.erasures();
        let failed = |error| WardError::File {
            path: folder.clone(),
            error,
        };
        certificate::make_folder(&folder).map_err(failed)?;
        let mut erased = Vec::new();
        loop {
            let mut act = self.act().await?;
            let now = self.now();
            let mut due = due_until(&mut act, now, now).await?;
            let Some(first) = due.first() else { break };
            let (purpose, trigger) = (first.purpose.clone(), first.trigger);
            due.retain(|due| due.purpose == purpose && due.trigger == trigger);
            due.truncate(TOGETHER);
            let marks = destroy(&mut act, &due).await?;
            let mut event = self
                .event_at(now, Act::Erased, EventOutcome::Done)
                .purpose(&purpose);
            event.reason = Some(trigger.word().to_owned());
            let event = marks.iter().fold(event, |event, mark| event.mark(*mark));
            let entry = event.to_bytes();
            let (receipt, undestroyed) = stands(act.record(&entry).await)?;
            for (due, mark) in due.into_iter().zip(marks) {
                self.show_out(due.subject).await;
                let facts = Facts {
                    subject: due.subject,
                    purpose: &due.purpose,
                    references: due.references,
                    consents: &due.consents,
                    trigger: due.trigger.word(),
                    since: due.by,
                    requested_by: "retention-sweep",
                    mark,
                    entry: &entry,
                    receipt: &receipt,
                    at: now,
                };
                let erasure = self.certify(facts, &key).await?;
                erased.push(Erased {
                    due,
                    erasure,
                    undestroyed: undestroyed.clone(),
                    receipt: receipt.clone(),
                });
            }
        }
        Ok(Swept { erased })
    }

    /// Records that a purpose is fulfilled or given up for a person: from then on nothing is
    /// processed for it, and what is kept goes when the agreed days are over.
    ///
    /// # Errors
    /// [`WardError::Unknown`]; [`WardError::Vault`] when no consent for it goes on.
    pub async fn end_purpose(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        reason: &str,
    ) -> Result<Vec<ConsentRecorded>, WardError> {
        let mut ended = Vec::new();
        loop {
            let mut act = self.act().await?;
            let subject = known(&mut act, handle).await?;
            let consents = act.consents(subject).await?;
            let goes_on = |consent: &&Consent| {
                let record = consent.history();
                consent.terms().purpose == *purpose
                    && record.end().is_none()
                    && record.purpose_ended().is_none()
            };
            let Some(consent) = consents.iter().find(goes_on) else {
                break;
            };
            let event = ConsentEvent {
                at: self.now(),
                by: Actor::Controller,
                what: Happened::PurposeEnded {
                    reason: reason.to_owned(),
                },
            };
            let record = act
                .append_event(subject, consent.id(), event.clone())
                .await?;
            let receipt = self
                .note(act, subject, &record, &event, Act::PurposeEnded)
                .await?;
            ended.push(ConsentRecorded { record, receipt });
        }
        if ended.is_empty() {
            return Err(faceward_vault::VaultError::NoSuchConsent(purpose.to_string()).into());
        }
        Ok(ended)
    }
}

impl Trigger {
    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::PurposeEnded => "purpose-ended",
            Self::RetentionOver => "retention-over",
            Self::ConsentEnded => "consent-ended",
            Self::NoConsent => "no-consent",
        }
    }
}

/// Destroys these references, and gives a mark for each person.
async fn destroy(act: &mut VaultAct, due: &[Due]) -> Result<Vec<Mark>, WardError> {
    let mut marks = Vec::with_capacity(due.len());
    for due in due {
        marks.push(act.marker(due.subject).await?.fresh(b"")?);
        act.drop_templates(due.subject, &due.purpose).await?;
    }
    Ok(marks)
}

/// The references that have to be gone by `horizon`, the most urgent first.
async fn due_until(
    look: &mut Look,
    now: Timestamp,
    horizon: Timestamp,
) -> Result<Vec<Due>, WardError> {
    let mut enrolled: BTreeMap<SubjectId, Vec<Purpose>> = BTreeMap::new();
    for (subject, purpose) in look.enrolled().await? {
        enrolled.entry(subject).or_default().push(purpose);
    }
    let mut found = Vec::new();
    for (subject, purposes) in enrolled {
        let consents = look.consents(subject).await?;
        let counts = look.reference_counts(subject).await?;
        for purpose in purposes {
            let (by, trigger, consents) = time_of(&consents, &purpose, now);
            if by > horizon {
                continue;
            }
            let count = counts.iter().find(|(name, _)| name == purpose.as_str());
            found.push(Due {
                handle: look.handle(subject).await?,
                subject,
                references: count.map_or(0, |(_, count)| *count),
                consents,
                by,
                trigger,
                overdue: by <= now,
                purpose,
            });
        }
    }
    found.sort_by(|a, b| (a.by, a.trigger, &a.purpose).cmp(&(b.by, b.trigger, &b.purpose)));
    Ok(found)
}

/// Until when references for the purpose may be kept: as long as the consent that carries them
/// longest allows.
fn time_of(
    consents: &[Consent],
    purpose: &Purpose,
    now: Timestamp,
) -> (Timestamp, Trigger, Vec<ConsentId>) {
    let carries = |consent: &&Consent| {
        let terms = consent.terms();
        terms.purpose == *purpose && terms.details.scope == Scope::Processing
    };
    let carrying: Vec<&Consent> = consents.iter().filter(carries).collect();
    let ids = carrying.iter().map(|consent| consent.id()).collect();
    let longest = carrying.iter().max_by_key(|consent| consent.keep_until());
    let Some(longest) = longest else {
        return (now, Trigger::NoConsent, ids);
    };
    let trigger = if longest.history().purpose_ended().is_some() {
        Trigger::PurposeEnded
    } else if longest.terms().details.retention == Retention::Until(longest.keep_until()) {
        Trigger::RetentionOver
    } else {
        Trigger::ConsentEnded
    };
    (longest.keep_until(), trigger, ids)
}

/// Since when a record is only evidence.
fn over_since(record: &ConsentRecord) -> Option<Timestamp> {
    let end = record.end().map(|event| event.at);
    end.or_else(|| Consent::of(record.clone()).map(|consent| consent.keep_until()))
}
