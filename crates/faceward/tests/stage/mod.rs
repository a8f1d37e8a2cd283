//! What the tests of the verbs begin with: portraits, people who agreed, and answers taken apart.

#![allow(dead_code, reason = "no test uses all of it")]

use std::fs;
use std::path::Path;

use faceward::*;
use tempfile::TempDir;

/// A portrait of the demo.
pub(crate) fn photo(name: &str) -> Vec<u8> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    fs::read(demo.join(name)).unwrap()
}

pub(crate) fn door() -> Purpose {
    "door-access".parse().unwrap()
}

pub(crate) fn who(name: &str) -> Handle {
    name.parse().unwrap()
}

/// A ward with these settings, or with none.
pub(crate) async fn ward(folder: &TempDir, settings: &str) -> Ward {
    if !settings.is_empty() {
        fs::write(folder.path().join("faceward.toml"), settings).unwrap();
    }
    let home = Home::at(folder.path());
    Ward::open_or_create(&home, &Unlock::File).await.unwrap()
}

/// A consent on paper, with another way open.
pub(crate) fn consent(name: &str, purpose: Purpose) -> ConsentAsk {
    ConsentAsk {
        handle: who(name),
        purpose,
        notice: NoticeText {
            version: "1".to_owned(),
            bytes: b"We compare your face at the door.".to_vec(),
        },
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

pub(crate) async fn agree(ward: &Ward, name: &str) -> Consent {
    let given = ward.give_consent(consent(name, door())).await;
    given.unwrap().consent
}

pub(crate) fn done<T>(verdict: Verdict<T>) -> T {
    match verdict.outcome {
        Outcome::Done(found) => found,
        Outcome::Refused(refusal) => panic!("refused: {refusal}"),
        Outcome::Unusable(why) => panic!("unusable: {why}"),
    }
}
