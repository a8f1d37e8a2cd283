//! Asking, refusing, renewing, taking home a receipt, and what is destroyed when its time is over.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use faceward::*;
use faceward_law::{Basis, ConsentDraft, Facts, Gate, Ruling};
use faceward_match::Template;
use faceward_vault::Vault;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

mod stage;

use stage::{door, ward};

const SETTINGS: &str = r#"
[controller]
name = "Stadtwerke Beispiel"
address = "Hauptstraße 1"
contact = "privacy@example.org"
"#;

fn alice() -> Handle {
    "alice".parse().unwrap()
}

fn notice(text: &str) -> NoticeText {
    NoticeText {
        version: "the notice".to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn ask(text: &str) -> ConsentAsk {
    ConsentAsk {
        handle: alice(),
        purpose: door(),
        notice: notice(text),
        given_by: Giver::Subject,
        method: "signed on paper".to_owned(),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card".to_owned()),
        from: None,
        until: None,
        details: Details::default(),
    }
}

fn request(text: &str) -> ConsentRequest {
    ConsentRequest {
        handle: alice(),
        purpose: door(),
        scope: Scope::Processing,
        notice: Some(notice(text)),
    }
}

fn open_request() -> ConsentRequest {
    ConsentRequest {
        notice: None,
        ..request("")
    }
}

fn renewal(text: &str) -> RenewAsk {
    RenewAsk {
        handle: alice(),
        purpose: door(),
        scope: Scope::Processing,
        notice: notice(text),
        given_by: Giver::Subject,
        relation: None,
        method: "signed again".to_owned(),
        age: Age::Adult,
        shown: None,
        until: None,
    }
}

fn acts(entries: &[Entry]) -> Vec<&'static str> {
    entries.iter().map(|entry| entry.event.act.word()).collect()
}

#[tokio::test]
async fn a_request_is_answered_in_its_own_record_and_every_step_is_in_the_ledger() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    let asked = ward.request_consent(request("one")).await.unwrap();
    let twice = ward.request_consent(request("one")).await.err().unwrap();
    assert!(twice.to_string().contains("has not answered"), "{twice}");
    ward.answer_request(open_request(), Answer::Deferred, &Giver::Subject)
        .await
        .unwrap();
    ward.request_consent(request("one")).await.unwrap();
    let given = ward.give_consent(ask("one")).await.unwrap();
    assert_eq!(given.consent.id(), asked.record.id());
    let events = given.consent.history().events().iter();
    let words: Vec<_> = events.map(|event| event.what.word()).collect();
    assert_eq!(words, ["requested", "deferred", "requested", "given"]);
    let about = ward.entries_about(&alice()).await.unwrap();
    assert_eq!(
        acts(&about),
        [
            "consent-requested",
            "consent-deferred",
            "consent-requested",
            "consent-given"
        ]
    );
    let agreed = ward
        .answer_request(request("one"), Answer::Refused, &Giver::Subject)
        .await;
    assert!(matches!(agreed, Err(WardError::AgreedAlready(_))));
}

#[tokio::test]
async fn a_no_is_kept_and_nobody_is_asked_again_unless_the_notice_changed() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    let unasked = ward
        .answer_request(open_request(), Answer::Refused, &Giver::Subject)
        .await;
    assert!(matches!(unasked, Err(WardError::NotAsked(_))));
    let no = ward
        .answer_request(request("one"), Answer::Refused, &Giver::Subject)
        .await
        .unwrap();
    let again = ward.request_consent(request("one")).await.err().unwrap();
    assert!(again.to_string().contains("NDSR Art. 22"), "{again}");
    let changed = ward.request_consent(request("two")).await.unwrap();
    assert_eq!(changed.record.asked().previous, Some(no.record.id()));
    // What they do of their own accord is theirs to do.
    let given = ward.give_consent(ask("one")).await.unwrap();
    assert!(!given.renewed);
}

#[tokio::test]
async fn agreeing_twice_to_the_same_renews_and_a_changed_notice_asks_anew() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    let first = ward.give_consent(ask("one")).await.unwrap();
    let again = ward.give_consent(ask("one")).await.unwrap();
    assert!(!first.renewed && again.renewed);
    assert_eq!(first.consent.id(), again.consent.id());
    assert_eq!(again.consent.state(Timestamp::now()), ConsentState::Renewed);
    assert!(ward.renew_consent(renewal("one")).await.unwrap().renewed);

    let changed = ward.renew_consent(renewal("two")).await.err().unwrap();
    assert!(
        changed.to_string().contains("the notice has changed"),
        "{changed}"
    );
    let anew = ward.give_consent(ask("two")).await.unwrap();
    assert!(!anew.renewed);
    assert_eq!(
        anew.consent.history().asked().previous,
        Some(first.consent.id())
    );
    let offer = Offer {
        purpose: door(),
        notice: notice("two").hashed().unwrap(),
        scope: Scope::Processing,
        functions: Functions::default(),
        retention: Retention::WithConsent,
    };
    let standing = ward.consents_under(&alice(), &offer).await.unwrap();
    let counts: Vec<bool> = standing.iter().map(|(_, why)| why.is_empty()).collect();
    assert_eq!(counts.iter().filter(|counts| **counts).count(), 1);

    // Another recipient is another consent, and can be taken back alone.
    let landlord = Scope::Recipient {
        name: "the landlord".to_owned(),
        contact: "desk 3".to_owned(),
    };
    let mut other = ask("two");
    other.details.scope = landlord.clone();
    let other = ward.give_consent(other).await.unwrap();
    assert!(!other.renewed);
    let ended = ward
        .withdraw_scope(&alice(), &door(), Some(&landlord))
        .await
        .unwrap();
    assert_eq!(ended.consents, [other.consent.id()]);
    let ended = ward.withdraw(&alice(), &door()).await.unwrap();
    assert_eq!(ended.consents.len(), 2);
    let over = ward.renew_consent(renewal("two")).await.err().unwrap();
    assert!(over.to_string().contains("withdrawn"), "{over}");
}

#[tokio::test]
async fn somebody_else_can_end_a_consent_with_a_name_and_a_reason() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    ward.give_consent(ask("one")).await.unwrap();
    let court = Actor::Other("the district court".to_owned());
    let silent = ward
        .revoke(&alice(), &door(), &court, " ", Ending::Revoked)
        .await;
    assert!(silent.err().unwrap().to_string().contains("why"));
    ward.revoke(&alice(), &door(), &court, "an order", Ending::Revoked)
        .await
        .unwrap();
    let records = ward.consent_records(&alice()).await.unwrap();
    assert_eq!(records[0].state(Timestamp::now()), ConsentState::Revoked);
    let last = ward.entries_about(&alice()).await.unwrap();
    assert_eq!(acts(&last).last(), Some(&"consent-revoked"));
    ward.give_consent(ask("one")).await.unwrap();
    ward.revoke(
        &alice(),
        &door(),
        &court,
        "never asked",
        Ending::Invalidated,
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_receipt_verifies_offline_names_nobody_and_is_tied_to_the_ledger() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    let mut draft = ask("one");
    draft.given_by = Giver::Guardian("Wang Fang".to_owned());
    draft.age = Age::Under14;
    draft.details.relation = Some(Relation::Parent);
    ward.give_consent(draft).await.unwrap();
    let mut again = renewal("one");
    again.given_by = Giver::Guardian("Wang Fang".to_owned());
    ward.renew_consent(again).await.unwrap();
    let issued = ward.consent_receipt(&alice(), &door()).await.unwrap();
    assert_eq!(issued.document.ledger.len(), 2);
    let text = serde_json::to_string(&issued.document).unwrap();
    for name in ["alice", "Wang Fang"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    let (key, ledger) = (ward.receipt_key().unwrap(), ward.ledger_key());
    ward.close().await;

    let now = Timestamp::now();
    for keys in [(Some(&key), Some(&ledger)), (None, None)] {
        let checked = check_receipt(&issued.signed, keys.0, keys.1, now).unwrap();
        let CheckedReceipt::Consent { receipt, .. } = checked else {
            panic!("not a consent receipt");
        };
        assert_eq!(*receipt, issued.document);
    }
    let later = now + SignedDuration::from_hours(24 * 800);
    let expired = check_receipt(&issued.signed, Some(&key), Some(&ledger), later);
    assert!(matches!(expired, Err(WardError::ReceiptExpired(_))));

    let other_folder = TempDir::new().unwrap();
    let other = self::ward(&other_folder, SETTINGS).await;
    let other_key = other.receipt_key().unwrap();
    let error = check_receipt(&issued.signed, Some(&other_key), None, now)
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("was signed by the key"),
        "{error}"
    );
    let error = check_receipt(&issued.signed, Some(&key), Some(&other.ledger_key()), now);
    assert!(matches!(error, Err(WardError::Ledger(_))));
}

#[tokio::test]
async fn a_receipt_signed_anew_over_another_person_or_entry_is_not_tied() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    ward.give_consent(ask("one")).await.unwrap();
    let issued = ward.consent_receipt(&alice(), &door()).await.unwrap();
    ward.close().await;
    // A controller that lies has the key.
    let vault = Vault::open(&folder.path().join("vault"), &Unlock::File)
        .await
        .unwrap();
    let key = vault.receipt_key().unwrap();
    let forge = |change: fn(&mut ConsentReceipt)| {
        let mut document = issued.document.clone();
        change(&mut document);
        let signed = faceward_receipt::sign(ReceiptKind::Consent, &document, &key).unwrap();
        check_receipt(&signed, Some(&key.verifier()), None, Timestamp::now())
            .err()
            .unwrap()
    };
    for change in [
        (|d: &mut ConsentReceipt| d.pii_principal_id = "00".repeat(16)) as fn(&mut ConsentReceipt),
        |d| d.ledger[0].entry = d.ledger[0].entry.replace("door", "gate"),
        |d| d.ledger[0].position += 1,
        |d| d.ledger[0].committed = BASE64URL.encode([0; 32]),
        |d| d.ledger[0].salt = "0".repeat(64),
    ] {
        let error = forge(change);
        assert!(matches!(error, WardError::NotTied(_)), "{error}");
    }
    for change in [
        (|d: &mut ConsentReceipt| d.context = serde_json::json!({})) as fn(&mut ConsentReceipt),
        |d| d.ledger.clear(),
        |d| d.processing.language = String::new(),
        |d| d.events[0].valid_until = None,
        |d| d.receipt_key["x"] = "A".repeat(43).into(),
    ] {
        let error = forge(change);
        assert!(
            matches!(error, WardError::Receipt(ReceiptError::Form(_))),
            "{error}"
        );
    }
}

#[tokio::test]
async fn without_a_controller_no_receipt_is_made_and_the_settings_are_named() {
    let folder = TempDir::new().unwrap();
    let home = Home::at(folder.path());
    let ward = Ward::create(&home, &Unlock::File).await.unwrap();
    ward.give_consent(ask("one")).await.unwrap();
    let error = ward.consent_receipt(&alice(), &door()).await.err().unwrap();
    assert!(error.to_string().contains("[controller]"), "{error}");
}

/// Two people enrolled long ago: alice's consent is over, bob's goes on.
async fn enrolled_long_ago(folder: &TempDir) {
    ward(folder, SETTINGS).await.close().await;
    let vault = Vault::open(&folder.path().join("vault"), &Unlock::File)
        .await
        .unwrap();
    let then: Timestamp = "2021-09-01T00:00:00Z".parse().unwrap();
    let now = Timestamp::now();
    let year = SignedDuration::from_hours(365 * 24);
    for (number, (name, until)) in [("alice", then + year), ("bob", now + year)]
        .iter()
        .enumerate()
    {
        let mut act = vault.act().await.unwrap();
        let subject = act.know(&name.parse().unwrap()).await.unwrap();
        let draft = ConsentDraft {
            subject,
            purpose: door(),
            notice: notice("one").hashed().unwrap(),
            given_by: Giver::Subject,
            method: Method("signed".to_owned()),
            age: Age::Adult,
            bundled_with: None,
            condition: Condition::Unstated,
            given_at: then,
            from: then,
            until: *until,
            details: Details::default(),
        };
        let consent = Consent::record(ConsentId([number as u8; 16]), draft).unwrap();
        act.keep_consent(&consent).await.unwrap();
        let ruling = Gate::undeclared().unwrap().decide(&Facts {
            operation: Operation::Enroll,
            purpose: Some(&door()),
            basis: Basis::Recorded {
                subject,
                consents: &[consent],
            },
            now: then,
            persons_held: 0,
        });
        let Ruling::Granted(permit) = ruling else {
            panic!("refused");
        };
        let model = ModelId::new("example", [7; 32]).unwrap();
        let template = Template::from_raw(model, vec![0.5, -0.5, 0.5, 0.5]).unwrap();
        act.keep_template(&permit, &template, 80, then)
            .await
            .unwrap();
        let entry = br#"{"v":1,"at":"2021-09-01T00:00:00Z","act":"enroll","outcome":"done"}"#;
        act.record(entry).await.unwrap();
    }
    vault.close().await;
}

#[tokio::test]
async fn what_is_overdue_is_swept_with_a_certificate_that_verifies_and_the_evidence_stays() {
    let folder = TempDir::new().unwrap();
    enrolled_long_ago(&folder).await;
    let ward = ward(&folder, SETTINGS).await;
    let report = ward.retention_due(SignedDuration::ZERO).await.unwrap();
    assert_eq!(report.due.len(), 1);
    let due = &report.due[0];
    assert!(due.overdue && due.trigger == Trigger::ConsentEnded);
    assert_eq!((due.handle.as_str(), due.references), ("alice", 1));
    assert_eq!(report.old_records, 1);
    let soon = SignedDuration::from_hours(24 * 400);
    let report = ward.retention_due(soon).await.unwrap();
    let overdue: Vec<_> = report.due.iter().map(|due| due.overdue).collect();
    assert_eq!(overdue, [true, false]);

    let swept = ward.retention_sweep().await.unwrap();
    assert_eq!(swept.erased.len(), 1);
    let erased = &swept.erased[0];
    assert_eq!(erased.undestroyed, None);
    assert!(erased.erasure.certificate.nothing_left());
    let text = serde_json::to_string(&erased.erasure.certificate).unwrap();
    assert!(!text.contains("alice") && !text.contains(&erased.due.subject.to_string()));
    assert_eq!(ward.health().await.unwrap().templates, 1, "bob's");
    assert_eq!(ward.consents(&alice()).await.unwrap().len(), 1, "evidence");
    let last = ward.entries_about(&alice()).await.unwrap();
    assert_eq!(acts(&last).last(), Some(&"erased"));
    assert!(ward.retention_sweep().await.unwrap().erased.is_empty());

    let (key, ledger) = (ward.receipt_key().unwrap(), ward.ledger_key());
    let now = Timestamp::now();
    check_receipt(&erased.erasure.signed, Some(&key), Some(&ledger), now).unwrap();
    let keyless = check_receipt(&erased.erasure.signed, None, None, now)
        .err()
        .unwrap();
    assert!(keyless.to_string().contains("--key"), "{keyless}");
    ward.audit().await.unwrap();

    // A withdrawal destroys too, and says so in the same form.
    let bob: Handle = "bob".parse().unwrap();
    let withdrawn = ward.withdraw(&bob, &door()).await.unwrap();
    let erasure = withdrawn.erasure.unwrap();
    assert_eq!(erasure.certificate.trigger, "consent-withdrawn");
    assert_eq!(erasure.certificate.requested_by, "person");
    check_receipt(&erasure.signed, Some(&key), Some(&ledger), now).unwrap();
}

#[tokio::test]
async fn a_purpose_that_ends_ends_processing_and_what_is_kept_goes() {
    let folder = TempDir::new().unwrap();
    enrolled_long_ago(&folder).await;
    let ward = ward(&folder, SETTINGS).await;
    let bob: Handle = "bob".parse().unwrap();
    let ended = ward
        .end_purpose(&bob, &door(), "the door is gone")
        .await
        .unwrap();
    assert_eq!(ended.len(), 1);
    assert!(ward.end_purpose(&bob, &door(), "again").await.is_err());
    let consents = ward.consents(&bob).await.unwrap();
    assert!(!consents[0].is_live(Timestamp::now()));
    let report = ward.retention_due(SignedDuration::ZERO).await.unwrap();
    assert_eq!(report.due[1].trigger, Trigger::PurposeEnded);
    assert_eq!(ward.retention_sweep().await.unwrap().erased.len(), 2);
    assert_eq!(ward.health().await.unwrap().templates, 0);
}

#[tokio::test]
async fn a_consent_of_a_vault_of_format_1_has_a_receipt_too() {
    let folder = TempDir::new().unwrap();
    let stored =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/vault/format-1");
    let vault = folder.path().join("vault");
    fs::create_dir_all(vault.join("epochs")).unwrap();
    for name in ["vault.db", "root.key", "ledger.key", "epochs/1.key"] {
        fs::copy(stored.join(name), vault.join(name)).unwrap();
    }
    let ward = ward(&folder, SETTINGS).await;
    let bob: Handle = "bob".parse().unwrap();
    let issued = ward.consent_receipt(&bob, &door()).await.unwrap();
    let (key, ledger) = (ward.receipt_key().unwrap(), ward.ledger_key());
    let then = "2026-12-01T00:00:00Z".parse().unwrap();
    check_receipt(&issued.signed, Some(&key), Some(&ledger), then).unwrap();
    assert_eq!(issued.document.processing.language, "und");
    let about = ward.entries_about(&bob).await.unwrap();
    assert_eq!(acts(&about), ["consent-given", "receipt-issued"]);
}

/// `vectors/receipts`: made by other programs, ledger and all.
#[test]
fn the_receipts_of_version_1_verify_with_their_ledger() {
    let vectors = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/receipts");
    let text = |name: &str| fs::read_to_string(vectors.join(name)).unwrap();
    let key: ReceiptKey = text("key.txt").parse().unwrap();
    let ledger: VerifyingKey = text("ledger.pub").trim().parse().unwrap();
    let at = |time: &str| time.parse::<Timestamp>().unwrap();
    let check = |name: &str, now| check_receipt(&text(name), Some(&key), Some(&ledger), now);
    check("consent-v1.jws", at("2026-12-01T00:00:00Z")).unwrap();
    let over = check("consent-v1.jws", at("2027-06-02T00:00:00Z"));
    assert!(matches!(over, Err(WardError::ReceiptExpired(_))));
    check("erasure-v1.jws", at("2030-01-01T00:00:00Z")).unwrap();
}
