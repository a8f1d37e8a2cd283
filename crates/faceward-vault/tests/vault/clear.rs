//! Nothing personal lies on disk in the clear, at any moment of a person's life.

use std::collections::HashSet;
use std::path::Path;

use crate::scene::*;
use faceward_law::*;
use faceward_match::Template;
use faceward_vault::{Unlock, Vault};

const WINDOW: usize = 16;
const NAMES: [&str; 5] = [
    "Xiaoming of flat 1204",
    "the guardian Wang Fang",
    "a notice text of version nine",
    "agreed on the phone",
    "a key at the lodge",
];

/// What must not be found: any 16 bytes of a template, and each of these texts whole.
#[derive(Default)]
struct Secrets {
    windows: HashSet<[u8; WINDOW]>,
}

impl Secrets {
    fn add(&mut self, template: &Template) {
        let bytes: Vec<u8> = template
            .values()
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        let windows = bytes
            .windows(WINDOW)
            .map(|window| <[u8; WINDOW]>::try_from(window).unwrap());
        self.windows.extend(windows);
    }

    fn found_in(&self, bytes: &[u8]) -> bool {
        let windows = |length| bytes.windows(length);
        windows(WINDOW).any(|window| self.windows.contains(window))
            || NAMES
                .iter()
                .any(|name| windows(name.len()).any(|w| w == name.as_bytes()))
    }

    fn assert_absent(&self, folder: &Path, stage: &str) {
        let files = files(folder);
        assert!(files.iter().any(|(path, _)| path.ends_with("vault.db")));
        for (path, bytes) in files {
            assert!(!self.found_in(&bytes), "{stage}: in the clear in {path:?}");
        }
    }
}

#[tokio::test]
async fn no_template_name_or_consent_lies_on_disk_in_the_clear() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let mut secrets = Secrets::default();
    secrets.add(&template(1));
    secrets.assert_absent(&folder, "empty");

    let mut act = vault.act().await.unwrap();
    let child = act.know(&handle(NAMES[0])).await.unwrap();
    secrets.assert_absent(&folder, "in the middle of an act");
    act.keep_consent(&guardians_consent(child)).await.unwrap();
    act.record(b"consent given").await.unwrap();
    secrets.assert_absent(&folder, "agreed");

    let mut act = vault.act().await.unwrap();
    let enrol = permit(&mut act, Operation::Enroll, child, &door()).await;
    act.keep_template(&enrol, &template(1), 80, now())
        .await
        .unwrap();
    act.record(b"enrolled").await.unwrap();
    secrets.assert_absent(&folder, "enrolled");

    let mut look = vault.look().await.unwrap();
    let verify = permit(&mut look, Operation::Verify, child, &door()).await;
    for reference in look.templates(&verify, now()).await.unwrap() {
        secrets.add(&reference.template);
    }
    drop(look);
    secrets.assert_absent(&folder, "opened");

    withdraw(&vault, child, &door()).await;
    secrets.assert_absent(&folder, "withdrawn");
    forget(&vault, child).await;
    secrets.assert_absent(&folder, "forgotten");
    vault.close().await;
    secrets.assert_absent(&folder, "closed");
}

#[tokio::test]
async fn the_search_finds_what_does_lie_in_the_clear() {
    let (place, vault) = vault().await;
    let mut secrets = Secrets::default();
    secrets.add(&template(1));
    let values = template(1);
    let leak: Vec<u8> = values.values()[100..104]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    for told in [leak.as_slice(), NAMES[1].as_bytes()] {
        // An entry of the ledger is not sealed, which is why none may tell such a thing.
        vault.act().await.unwrap().record(told).await.unwrap();
        let found = files(place.path())
            .iter()
            .any(|(_, bytes)| secrets.found_in(bytes));
        assert!(found);
    }
}

#[tokio::test]
async fn a_passphrase_and_the_keys_it_locks_lie_nowhere_in_the_clear() {
    let place = tempfile::tempdir().unwrap();
    let phrase = "correct horse battery staple";
    let unlock = Unlock::Passphrase(phrase.to_owned().into());
    let vault = Vault::create(&place.path().join("vault"), &unlock)
        .await
        .unwrap();
    enrol(&vault, "alice", &door(), 1).await;
    for (path, bytes) in files(place.path()) {
        let found = bytes.windows(phrase.len()).any(|w| w == phrase.as_bytes());
        assert!(!found, "{path:?}");
        assert!(!bytes.starts_with(b"faceward-root-key-v1 raw"), "{path:?}");
    }
}

fn guardians_consent(child: SubjectId) -> Consent {
    let terms = ConsentDraft {
        notice: Notice {
            version: NAMES[2].to_owned(),
            sha256: [9; 32],
        },
        given_by: Giver::Guardian(NAMES[1].to_owned()),
        method: Method(NAMES[3].to_owned()),
        age: Age::Under14,
        condition: Condition::Alternative(NAMES[4].to_owned()),
        ..draft(child, &door())
    };
    Consent::record(ConsentId([4; 16]), terms).unwrap()
}
