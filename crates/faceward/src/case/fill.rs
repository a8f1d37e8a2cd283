//! The facts that a ledger proves, filled into a case.

use std::collections::BTreeMap;

use faceward_law::{Case, Evidence, EvidenceKind, Footing, Law};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{LedgerStory, OwnEntry};
use crate::references::NONE_LEFT;
use crate::{Act, EventOutcome};

/// What no ledger proves, in sentences.
pub const LEDGER_CANNOT_PROVE: [&str; 6] = [
    "That a consent was given freely, or that the notice was shown and understood: it proves that a consent was recorded then, with the hash of a notice.",
    "That nothing else was done with the face: what happens outside this program leaves no entry.",
    "That these are all entries about the claimant: each was opened with a salt, and an entry without its salt names nobody.",
    "Whose face stood before the camera: no entry holds a picture. An entry shows whose reference or record was used.",
    "That the hour is right: times are the processor's own clock, in UTC. The order of entries, and that none was changed or taken out since, is proven.",
    "That a forgotten face is gone from copies elsewhere: it proves that the destruction of its keys was recorded.",
];

/// A fact that the ledger speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Name.
    pub fact: &'static str,
    /// What the entries show.
    pub value: String,
    /// How they show it.
    pub why: String,
    /// The entries.
    pub entries: Vec<u64>,
    /// Whether it was filled in; if not, the case proves or admits something itself, or disputes
    /// what would help the processor.
    pub taken: bool,
}

/// Fills in what the ledger proves about the claimant, of the facts that the case's packs read.
pub fn fill_case(law: &Law, case: &mut Case, story: &LedgerStory) -> Vec<Filled> {
    let mut filled = Vec::new();
    let own_dates = ["conduct_start", "conduct_end"]
        .iter()
        .any(|name| case.fact(law, name).is_some());
    for mut finding in findings(story) {
        let is_date = finding.fact.starts_with("conduct_");
        if !case.is_read(law, finding.fact) {
            continue;
        }
        let evidence: Vec<Evidence> = finding
            .entries
            .iter()
            .filter_map(|at| story.own.iter().find(|own| own.position == *at))
            .map(|own| evidence(story, own))
            .collect();
        let disputed = case
            .fact(law, finding.fact)
            .is_some_and(|stated| stated.footing == Footing::Disputed);
        let barred = (is_date && own_dates) || (disputed && finding.helps_processor);
        finding.told.taken = !barred
            && case.fill_from_ledger(
                law,
                finding.told.fact,
                &finding.told.value,
                &evidence,
                &finding.told.why,
            );
        filled.push(finding.told);
    }
    filled
}

struct Finding {
    told: Filled,
    helps_processor: bool,
}

impl std::ops::Deref for Finding {
    type Target = Filled;

    fn deref(&self) -> &Filled {
        &self.told
    }
}

/// What is known of one consent, from its entry and the record it commits to.
struct Recorded {
    position: u64,
    purpose: String,
    bundled: bool,
    required: bool,
}

/// Everything the entries show, told in their order.
fn findings(story: &LedgerStory) -> Vec<Finding> {
    let mut told = Telling::default();
    for own in &story.own {
        told.entry(own);
    }
    told.findings()
}

#[derive(Default)]
struct Telling {
    consents: Vec<Recorded>,
    /// By purpose, the entry that ended its consents.
    withdrawn: BTreeMap<String, u64>,
    /// By purpose, references that are held.
    held: BTreeMap<String, u64>,
    /// Entries in which the face was processed, with their day.
    processed: Vec<(u64, Date)>,
    enrolled: Vec<u64>,
    verified: Vec<u64>,
    identified: Vec<u64>,
    /// Processing under a live consent that was recorded before: its consents' entries.
    covered: Vec<u64>,
    uncovered: Vec<u64>,
    /// Processing after the withdrawal of its purpose.
    after_withdrawal: Vec<u64>,
    ended: Option<(u64, Date)>,
}

impl Telling {
    fn entry(&mut self, own: &OwnEntry) {
        let event = &own.event;
        let purpose = event.purpose.clone().unwrap_or_default();
        let day = event.at.to_zoned(TimeZone::UTC).date();
        match event.act {
            Act::ConsentGiven | Act::ConsentRenewed => {
                self.withdrawn.remove(&purpose);
                self.consents.extend(recorded(own, purpose));
            }
            Act::ConsentWithdrawn | Act::ConsentRevoked | Act::ConsentInvalidated => {
                if event.act == Act::ConsentInvalidated {
                    self.consents.retain(|consent| consent.purpose != purpose);
                }
                self.held.remove(&purpose);
                self.withdrawn.insert(purpose, own.position);
                self.over(own.position, day);
            }
            // While others are left, the purpose goes on.
            Act::ReferenceRemoved if event.reason.as_deref() != Some(NONE_LEFT) => {}
            Act::Erased | Act::ReferenceRemoved => {
                self.held.remove(&purpose);
                self.over(own.position, day);
            }
            Act::Forgotten => {
                self.held.clear();
                self.over(own.position, day);
            }
            Act::Access
            | Act::ConsentRequested
            | Act::ConsentDeferred
            | Act::ConsentRefused
            | Act::PurposeEnded
            | Act::ReceiptIssued
            | Act::RequestReceived
            | Act::RequestExtended
            | Act::RequestAnswered
            | Act::RequestRefused
            | Act::RequestWithdrawn
            | Act::Corrected
            | Act::DeathRecorded
            | Act::DeathRetracted
            | Act::ArrangementRecorded
            | Act::KeyCreated
            | Act::KeyRevoked
            | Act::AccountCreated
            | Act::AccountChanged
            | Act::SignedIn
            | Act::SignInRefused
            | Act::LinkCreated
            | Act::LinkUsed
            | Act::LinkCancelled
            | Act::SubjectKnown
            | Act::BackupMade
            | Act::Restored
            | Act::DeploymentDeclared
            // It says that a person lives, and compares nobody with what is held.
            | Act::Liveness => {}
            Act::Enroll | Act::Verify | Act::Identify | Act::Compare | Act::Detect => {
                let reached = !matches!(
                    event.outcome,
                    EventOutcome::Refused | EventOutcome::Unusable
                );
                if reached {
                    self.processing(own, purpose, day);
                }
            }
        }
    }

    fn processing(&mut self, own: &OwnEntry, purpose: String, day: Date) {
        let at = own.position;
        self.processed.push((at, day));
        match own.event.act {
            Act::Enroll => {
                self.enrolled.push(at);
                self.held.insert(purpose.clone(), at);
                self.ended = None;
            }
            Act::Identify => self.identified.push(at),
            _ => self.verified.push(at),
        }
        let consent = self.consents.iter().rfind(|c| c.purpose == purpose);
        match (self.withdrawn.get(&purpose), consent) {
            (Some(withdrawal), _) => self.after_withdrawal.extend([*withdrawal, at]),
            (None, Some(consent)) if !consent.bundled => self.covered.push(consent.position),
            (None, _) => self.uncovered.push(at),
        }
    }

    /// Nothing is held any more, from this entry on.
    fn over(&mut self, position: u64, day: Date) {
        if self.held.is_empty() && self.ended.is_none() {
            self.ended = Some((position, day));
        }
    }

    fn findings(self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut add = |fact, value: &str, why: &str, entries: &[u64], helps_processor| {
            let mut entries = entries.to_vec();
            entries.dedup();
            if !entries.is_empty() {
                let told = Filled {
                    fact,
                    value: value.to_owned(),
                    why: why.to_owned(),
                    entries,
                    taken: false,
                };
                found.push(Finding {
                    told,
                    helps_processor,
                });
            }
        };
        let processed: Vec<u64> = self.processed.iter().map(|(at, _)| *at).collect();
        let why = "the processor's ledger records that the claimant's face information was used";
        add(
            "processed_claimant_face_info",
            "true",
            why,
            &processed,
            false,
        );
        add("uses_frt", "true", why, &processed, false);
        let mut operations = Vec::new();
        if !self.enrolled.is_empty() {
            operations.extend(["collect", "store"]);
        }
        let used = [self.verified.clone(), self.identified.clone()].concat();
        if !used.is_empty() {
            operations.push("use");
        }
        let operations = format!("[{}]", operations.join(", "));
        let why = "enrolled, verified or searched, as the ledger records it";
        add("processing_operation", &operations, why, &processed, false);
        let mut functions = Vec::new();
        if !self.verified.is_empty() {
            functions.push("verification");
        }
        if !self.identified.is_empty() {
            functions.push("identification");
        }
        let functions = format!("[{}]", functions.join(", "));
        add("frt_function", &functions, why, &used, false);
        if let Some((at, day)) = self.processed.first() {
            let why = "the first entry in which the face was processed";
            add("conduct_start", &day.to_string(), why, &[*at], false);
        }
        if let (Some((at, day)), false) = (&self.ended, self.processed.is_empty()) {
            let last = self
                .processed
                .last()
                .map_or(*day, |(_, last)| *last.max(day));
            let why = "the entry that records the destruction of the last reference";
            add("conduct_end", &last.to_string(), why, &[*at], false);
        }
        self.consent_findings(&processed, &mut add);
        found
    }

    fn consent_findings(
        &self,
        processed: &[u64],
        add: &mut impl FnMut(&'static str, &str, &str, &[u64], bool),
    ) {
        let all = |of: fn(&Recorded) -> bool| -> Vec<u64> {
            let those = self.consents.iter().filter(|consent| of(consent));
            those.map(|consent| consent.position).collect()
        };
        let given = all(|_| true);
        let why = "a consent was recorded then; that it was given freely, after the notice, is not shown by it";
        add("consent_obtained", "true", why, &given, true);
        if !processed.is_empty() && self.uncovered.is_empty() && self.after_withdrawal.is_empty() {
            let why = "before each processing a consent for that purpose alone was recorded; that it was given freely, after the notice, is not shown by it";
            add(
                "separate_consent_obtained",
                "true",
                why,
                &self.covered,
                true,
            );
        }
        let why = "the processor recorded that other authorisations were asked for in the same act";
        add("consent_bundled", "true", why, &all(|c| c.bundled), false);
        let why = "the processor recorded that the service was refused without the consent";
        add(
            "service_refused_without_consent",
            "true",
            why,
            &all(|c| c.required),
            false,
        );
        let why = "the face was processed after the consent for that purpose had been withdrawn";
        for fact in ["exceeds_stated_or_agreed_terms", "consent_withdrawn"] {
            add(fact, "true", why, &self.after_withdrawal, false);
        }
        if let Some((at, _)) = self.ended {
            let why = "the destruction of the keys of every reference was recorded, and none is held since; copies elsewhere are not excluded by it";
            add("deleted", "true", why, &[at], true);
        }
    }
}

/// A consent to processing; consents to handing on or publishing permit no processing.
fn recorded(own: &OwnEntry, purpose: String) -> Option<Recorded> {
    let record = own.record.as_deref();
    let record: Value = record
        .and_then(|record| serde_json::from_str(record).ok())
        .unwrap_or_default();
    // Version 1 is the terms themselves; since, they lie in an event.
    let terms = record.pointer("/what/given").unwrap_or(&record);
    let processing = terms.get("scope").is_none_or(|scope| scope == "processing");
    let required = terms.get("required") == Some(&Value::Bool(true))
        || terms.pointer("/condition/required").is_some();
    processing.then(|| Recorded {
        position: own.position,
        purpose,
        bundled: terms.get("bundled_with").is_some_and(Value::is_string),
        required,
    })
}

/// An entry as evidence, named by its position.
fn evidence(story: &LedgerStory, own: &OwnEntry) -> Evidence {
    let (act, outcome) = (own.event.act.word(), own.event.outcome.word());
    Evidence {
        id: format!("ledger {}", own.position),
        kind: EvidenceKind::LedgerEntry,
        title: format!(
            "Entry {} of the ledger {}: {act}, {outcome}, {}",
            own.position, story.audited.origin, own.event.at
        ),
        file: None,
        sha256: None,
        key: None,
        note: Some(
            "opened with what the person holds; proven to be in the signed ledger".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests;
