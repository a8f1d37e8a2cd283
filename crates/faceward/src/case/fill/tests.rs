//! What entries show, without a vault: a ledger of a program that did not ask.

use faceward_law::{PackText, SubjectId};
use faceward_ledger::{InclusionProof, leaf_hash};
use jiff::Timestamp;

use super::*;
use crate::{Audited, Event};

fn story(acts: &[(Act, EventOutcome, Option<&str>)]) -> LedgerStory {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    let own = acts
        .iter()
        .zip(0u64..)
        .map(|((act, outcome, record), position)| {
            let at = start + jiff::SignedDuration::from_hours(24 * position as i64);
            let mut event = Event::new(at, *act, *outcome);
            event.purpose = Some("door".to_owned());
            OwnEntry {
                position,
                event,
                leaf: leaf_hash(b""),
                proof: InclusionProof::from_parts(0, 1, Vec::new()).unwrap(),
                subject: SubjectId([1; 16]),
                record: record.map(str::to_owned),
            }
        });
    LedgerStory {
        audited: Audited {
            origin: "ward.example/log".to_owned(),
            entries: acts.len() as u64,
            checkpoint: String::new(),
        },
        own: own.collect(),
        unread: 0,
        idle: 0,
    }
}

/// The facts as they stand once the ledger was read.
fn filled(file: &str, story: &LedgerStory) -> BTreeMap<String, String> {
    let law = Law::built_in().unwrap();
    let text = PackText {
        name: "case.toml",
        text: file,
    };
    let mut case = Case::read_all(&law, "cn-spc-2021-15", text)
        .unwrap()
        .remove(0);
    fill_case(&law, &mut case, story);
    let facts = case.own_facts(&law);
    facts
        .map(|(name, stated)| (name.to_owned(), stated.said.clone()))
        .collect()
}

const GIVEN: (Act, EventOutcome, Option<&str>) = (Act::ConsentGiven, EventOutcome::Done, None);
const ENROLLED: (Act, EventOutcome, Option<&str>) = (Act::Enroll, EventOutcome::Done, None);

#[test]
fn processing_after_the_withdrawal_goes_beyond_what_was_agreed() {
    let withdrawn = (Act::ConsentWithdrawn, EventOutcome::Done, None);
    let verified = (Act::Verify, EventOutcome::Match, None);
    let refused = (Act::Verify, EventOutcome::Refused, None);
    let honest = filled("", &story(&[GIVEN, ENROLLED, verified, withdrawn, refused]));
    assert_eq!(honest["separate_consent_obtained"], "true");
    assert_eq!(honest["processing_operation"], "collect, store, use");
    assert_eq!(honest["conduct_start"], "2026-03-03");
    assert_eq!(honest["conduct_end"], "2026-03-05");
    assert!(!honest.contains_key("exceeds_stated_or_agreed_terms"));
    let not = filled("", &story(&[GIVEN, ENROLLED, withdrawn, verified]));
    assert_eq!(not["exceeds_stated_or_agreed_terms"], "true");
    assert!(!not.contains_key("separate_consent_obtained"));
}

#[test]
fn what_the_file_proves_or_disputes_is_not_filled_in_for_the_processor() {
    let story = story(&[GIVEN, ENROLLED]);
    let open = filled(
        "facts = { separate_consent_obtained = \"unknown\" }",
        &story,
    );
    assert_eq!(open["separate_consent_obtained"], "true");
    let disputed =
        "facts = { separate_consent_obtained = { value = false, state = \"disputed\" } }";
    assert_eq!(
        filled(disputed, &story)["separate_consent_obtained"],
        "false"
    );
    let proven = "facts = { separate_consent_obtained = false, conduct_end = 2026-12-31 }";
    let proven = filled(proven, &story);
    assert_eq!(proven["separate_consent_obtained"], "false");
    assert!(
        !proven.contains_key("conduct_start"),
        "the file dates the conduct itself"
    );
}

#[test]
fn a_record_that_speaks_against_the_processor_is_taken_at_its_word() {
    let bundled = r#"{"v":2,"what":{"given":{"scope":"processing","bundled_with":"news","condition":{"required":{"necessary_because":null}}}}}"#;
    let facts = filled(
        "",
        &story(&[
            (Act::ConsentGiven, EventOutcome::Done, Some(bundled)),
            ENROLLED,
        ]),
    );
    assert_eq!(facts["consent_bundled"], "true");
    assert_eq!(facts["service_refused_without_consent"], "true");
    assert!(!facts.contains_key("separate_consent_obtained"));
    let recipient =
        r#"{"v":2,"what":{"given":{"scope":{"recipient":{"name":"n","contact":"c"}}}}}"#;
    let facts = filled(
        "",
        &story(&[
            (Act::ConsentGiven, EventOutcome::Done, Some(recipient)),
            ENROLLED,
        ]),
    );
    assert!(!facts.contains_key("consent_obtained"));
}
