//! The people, purposes and pictures the tests speak of.

use std::fs;
use std::path::Path;

use faceward_law::*;
use faceward_match::{ModelId, Template};
use faceward_vault::{Act, Handle, Look, Receipt, Unlock, Vault};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// A new vault in a folder of its own.
pub(crate) async fn vault() -> (TempDir, Vault) {
    let place = tempfile::tempdir().unwrap();
    let vault = Vault::create(&place.path().join("vault"), &Unlock::File)
        .await
        .unwrap();
    (place, vault)
}

pub(crate) async fn open(folder: &Path) -> Vault {
    Vault::open(folder, &Unlock::File).await.unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

pub(crate) fn door() -> Purpose {
    "door-access".parse().unwrap()
}

pub(crate) fn canteen() -> Purpose {
    "canteen".parse().unwrap()
}

pub(crate) fn handle(name: &str) -> Handle {
    name.parse().unwrap()
}

/// A template like no other; the same for the same seed.
pub(crate) fn template(seed: u64) -> Template {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let values = (0..512).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    });
    let model = ModelId::new("example", [7; 32]).unwrap();
    Template::from_raw(model, values.collect()).unwrap()
}

pub(crate) fn draft(subject: SubjectId, purpose: &Purpose) -> ConsentDraft {
    ConsentDraft {
        subject,
        purpose: purpose.clone(),
        notice: Notice {
            version: "the notice of spring".to_owned(),
            sha256: [9; 32],
        },
        given_by: Giver::Subject,
        method: Method("signed at the gatehouse".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card from the porter".to_owned()),
        given_at: now(),
        from: now(),
        until: later(86_400),
        details: Details::default(),
    }
}

/// Records that a person agreed, under a fresh identifier.
pub(crate) async fn agree(act: &mut Act, subject: SubjectId, purpose: &Purpose) -> Consent {
    let mut id = [0; 16];
    getrandom::fill(&mut id).unwrap();
    let consent = Consent::record(ConsentId(id), draft(subject, purpose)).unwrap();
    act.keep_consent(&consent).await.unwrap();
    consent
}

/// What the law says on what the vault holds.
pub(crate) async fn rule(
    look: &mut Look,
    operation: Operation,
    subject: SubjectId,
    purpose: &Purpose,
) -> Ruling {
    let consents = look.consents(subject).await.unwrap();
    Gate::undeclared().unwrap().decide(&Facts {
        operation,
        purpose: Some(purpose),
        basis: Basis::Recorded {
            subject,
            consents: &consents,
        },
        now: now(),
        persons_held: 1,
    })
}

pub(crate) async fn permit(
    look: &mut Look,
    operation: Operation,
    subject: SubjectId,
    purpose: &Purpose,
) -> Permit {
    match rule(look, operation, subject, purpose).await {
        Ruling::Granted(permit) => permit,
        Ruling::Refused(refusal) => panic!("{refusal}"),
    }
}

/// A permit that rests on a consent no vault holds.
pub(crate) fn forged_permit(operation: Operation, subject: SubjectId, purpose: &Purpose) -> Permit {
    let consent = Consent::record(ConsentId([0xee; 16]), draft(subject, purpose)).unwrap();
    let ruling = Gate::undeclared().unwrap().decide(&Facts {
        operation,
        purpose: Some(purpose),
        basis: Basis::Recorded {
            subject,
            consents: &[consent],
        },
        now: now(),
        persons_held: 1,
    });
    match ruling {
        Ruling::Granted(permit) => permit,
        Ruling::Refused(refusal) => panic!("{refusal}"),
    }
}

/// A person who agreed to the purpose and was enrolled for it, all in one act.
pub(crate) async fn enrol(vault: &Vault, name: &str, purpose: &Purpose, seed: u64) -> SubjectId {
    let mut act = vault.act().await.unwrap();
    let subject = act.know(&handle(name)).await.unwrap();
    agree(&mut act, subject, purpose).await;
    let permit = permit(&mut act, Operation::Enroll, subject, purpose).await;
    act.keep_template(&permit, &template(seed), 80, now())
        .await
        .unwrap();
    act.record(format!("enroll {name}").as_bytes())
        .await
        .unwrap();
    subject
}

pub(crate) async fn withdraw(vault: &Vault, subject: SubjectId, purpose: &Purpose) -> Receipt {
    let mut act = vault.act().await.unwrap();
    act.withdraw(subject, purpose, later(10)).await.unwrap();
    act.record(b"withdraw").await.unwrap()
}

pub(crate) async fn forget(vault: &Vault, subject: SubjectId) -> Receipt {
    let mut act = vault.act().await.unwrap();
    act.forget(subject).await.unwrap();
    act.record(b"forget").await.unwrap()
}

/// Asserts that the person has this one reference for the purpose, and that it opens.
pub(crate) async fn assert_opens(vault: &Vault, subject: SubjectId, purpose: &Purpose, seed: u64) {
    let mut look = vault.look().await.unwrap();
    let permit = permit(&mut look, Operation::Verify, subject, purpose).await;
    let found = look.templates(&permit, now()).await.unwrap();
    assert_eq!(found.len(), 1);
    let score = faceward_match::score(&found[0].template, &template(seed)).unwrap();
    assert_eq!(score.to_string(), "1.000");
}

/// Copies a folder and what is in it, as a backup or a thief would.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The files below a folder, and their bytes.
pub(crate) fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found
}

pub(crate) fn epoch_files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.join("epochs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Runs a future outside of a test's own runtime.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
