//! The verbs on the public photographs of the demo: what is permitted, refused, recorded and lost.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use faceward::*;
use tempfile::TempDir;

mod stage;

use stage::{consent, done, door, photo, ward, who};

fn refused<T>(verdict: Verdict<T>) -> String {
    match verdict.outcome {
        Outcome::Refused(refusal) => refusal.to_string(),
        _ => panic!("not refused"),
    }
}

fn unusable<T>(verdict: Verdict<T>) -> Unusable {
    match verdict.outcome {
        Outcome::Unusable(why) => why,
        _ => panic!("it gave an answer"),
    }
}

#[tokio::test]
async fn a_life_from_refusal_to_oblivion() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    let (barack, door) = (who("barack"), door());

    let text = refused(
        ward.enroll(&barack, &door, &photo("obama.jpg"))
            .await
            .unwrap(),
    );
    assert!(text.contains("Art. 2(3)"), "{text}");
    ward.give_consent(consent("barack", door.clone()))
        .await
        .unwrap();
    done(
        ward.enroll(&barack, &door, &photo("obama.jpg"))
            .await
            .unwrap(),
    );

    let same = done(
        ward.verify(&barack, &door, &photo("obama2.jpg"))
            .await
            .unwrap(),
    );
    assert_eq!(same.decision, Decision::Match);
    let other = done(
        ward.verify(&barack, &door, &photo("biden.jpg"))
            .await
            .unwrap(),
    );
    assert_eq!(other.decision, Decision::NoMatch);
    let marketing: Purpose = "marketing".parse().unwrap();
    let text = refused(
        ward.verify(&barack, &marketing, &photo("obama2.jpg"))
            .await
            .unwrap(),
    );
    assert!(text.contains("Art. 2(4)"), "{text}");

    let found = done(ward.identify(&door, &photo("obama3.jpg")).await.unwrap());
    assert_eq!(found.candidates[0].handle.as_str(), "barack");
    let before = ward.health().await.unwrap();
    let stranger = done(ward.identify(&door, &photo("astronaut.png")).await.unwrap());
    assert_eq!(
        (stranger.decision, stranger.candidates.len()),
        (Decision::NoMatch, 0)
    );
    let after = ward.health().await.unwrap();
    assert_eq!(
        (before.subjects, before.templates),
        (after.subjects, after.templates)
    );

    let left = ward.withdraw(&barack, &door).await.unwrap();
    assert_eq!((left.consents.len(), left.references), (1, 1));
    let text = refused(
        ward.verify(&barack, &door, &photo("obama2.jpg"))
            .await
            .unwrap(),
    );
    assert!(text.contains("withdrawn"), "{text}");
    refused(ward.identify(&door, &photo("obama2.jpg")).await.unwrap());

    ward.forget(&barack).await.unwrap();
    assert!(matches!(
        ward.consents(&barack).await,
        Err(WardError::Unknown(_))
    ));
    assert_eq!(ward.health().await.unwrap().subjects, 0);
    let audited = ward.audit().await.unwrap();
    assert_eq!(audited.entries, ward.ledger_size().await.unwrap());
    assert_eq!(audited.entries, 12);
}

#[tokio::test]
async fn only_those_who_agreed_to_this_purpose_are_searched() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    let gym: Purpose = "gym".parse().unwrap();
    for (name, purpose, picture) in [
        ("barack", door(), "obama.jpg"),
        ("joe", gym.clone(), "biden.jpg"),
    ] {
        ward.give_consent(consent(name, purpose.clone()))
            .await
            .unwrap();
        done(
            ward.enroll(&who(name), &purpose, &photo(picture))
                .await
                .unwrap(),
        );
    }
    let at_the_gym = done(ward.identify(&gym, &photo("obama2.jpg")).await.unwrap());
    assert_eq!(
        (at_the_gym.decision, at_the_gym.people),
        (Decision::NoMatch, 1)
    );
    let at_the_door = done(ward.identify(&door(), &photo("obama2.jpg")).await.unwrap());
    assert_eq!(at_the_door.candidates[0].handle.as_str(), "barack");
}

#[tokio::test]
async fn a_picture_of_somebody_else_is_not_enrolled_beside_the_first() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    ward.give_consent(consent("barack", door())).await.unwrap();
    done(
        ward.enroll(&who("barack"), &door(), &photo("obama.jpg"))
            .await
            .unwrap(),
    );
    let why = unusable(
        ward.enroll(&who("barack"), &door(), &photo("biden.jpg"))
            .await
            .unwrap(),
    );
    assert!(matches!(why, Unusable::SomeoneElse { .. }), "{why}");
    assert_eq!(ward.health().await.unwrap().templates, 1);
    let again = done(
        ward.enroll(&who("barack"), &door(), &photo("obama2.jpg"))
            .await
            .unwrap(),
    );
    assert!(again.agreement.is_some());
}

#[tokio::test]
async fn without_a_reference_or_a_face_there_is_no_answer_but_a_record() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    ward.give_consent(consent("barack", door())).await.unwrap();
    let why = unusable(
        ward.verify(&who("barack"), &door(), &photo("obama.jpg"))
            .await
            .unwrap(),
    );
    assert!(matches!(why, Unusable::NoReference), "{why}");
    let why = unusable(
        ward.verify(&who("barack"), &door(), b"not a picture")
            .await
            .unwrap(),
    );
    assert!(matches!(why, Unusable::Picture(_)), "{why}");
    let last = ward.entries(1..3).await.unwrap();
    let reasons: Vec<_> = last.iter().map(|e| e.event.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("no-reference"), Some("unreadable")]);
}

#[tokio::test]
async fn one_off_acts_need_a_statement_and_keep_nothing() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    let (one, two) = (photo("obama.jpg"), photo("obama2.jpg"));
    let text = refused(ward.compare([&one, &two], "").await.unwrap());
    assert!(text.contains("Art. 2(3)"), "{text}");
    refused(ward.detect(&one, " ").await.unwrap());
    let compared = done(
        ward.compare([&one, &two], "a test on public portraits")
            .await
            .unwrap(),
    );
    assert_eq!(compared.decision, Decision::Match);
    let detected = done(
        ward.detect(&one, "a test on public portraits")
            .await
            .unwrap(),
    );
    assert_eq!(detected.faces.len(), 1);
    let held = ward.health().await.unwrap();
    assert_eq!((held.subjects, held.templates, held.entries), (0, 0, 4));
}

#[tokio::test]
async fn a_person_is_shown_everything_held_on_them_and_nothing_of_others() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    for (name, picture) in [("barack", "obama.jpg"), ("joe", "biden.jpg")] {
        ward.give_consent(consent(name, door())).await.unwrap();
        done(
            ward.enroll(&who(name), &door(), &photo(picture))
                .await
                .unwrap(),
        );
    }
    done(
        ward.verify(&who("joe"), &door(), &photo("biden.jpg"))
            .await
            .unwrap(),
    );
    let held = ward.export(who("joe")).await.unwrap();
    assert_eq!(held.consents.len(), 1);
    assert_eq!(held.references.len(), 1);
    assert_eq!(held.references[0].purpose, door());
    assert!(
        held.rules
            .iter()
            .any(|rule| rule.id == "cn-spc-2021-15/permit-consent")
    );
    let acts: Vec<_> = held
        .entries
        .iter()
        .map(|e| (e.position, e.event.act))
        .collect();
    assert_eq!(
        acts,
        [(2, Act::ConsentGiven), (3, Act::Enroll), (4, Act::Verify)]
    );

    ward.withdraw(&who("joe"), &door()).await.unwrap();
    let after = ward.entries_about(&who("joe")).await.unwrap();
    assert_eq!(after.len(), 5, "the consent entry is still known as joe's");
}

#[tokio::test]
async fn the_ledger_is_checked_offline_and_a_changed_byte_is_named() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    for name in ["a", "b", "c"] {
        ward.give_consent(consent(name, door())).await.unwrap();
    }
    let log = folder.path().join("log");
    ward.export_ledger(&log).await.unwrap();
    assert_eq!(check_folder(&log, &ward.ledger_key()).unwrap().entries, 3);

    let entries = log.join("tile/entries/000.p/3");
    let mut bytes = fs::read(&entries).unwrap();
    let second = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, w)| w == b"\"v\":")
        .nth(1)
        .unwrap()
        .0;
    bytes[second + 4] = b'2';
    fs::write(&entries, bytes).unwrap();
    let error = check_folder(&log, &ward.ledger_key()).unwrap_err();
    assert!(error.to_string().contains("entry 1"), "{error}");
    let again = ward.export_ledger(&log).await;
    assert!(again.is_err(), "an existing folder is left alone");
}

#[tokio::test]
async fn settings_that_are_not_understood_are_refused_with_the_place() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("faceward.toml");
    for (text, says) in [
        ("porpose = \"x\"", "porpose"),
        ("purpose = \"Door\"", "Door"),
        ("[matching]\nmatch_at = \"often\"", "often"),
        (
            "[matching]\nmatch_at = \"10%\"\nuncertain_at = \"1%\"",
            "strict",
        ),
        ("[liveness]\nat_least = 2.0", "between 0 and 1"),
        ("[embedder]\nonnx = \"a\"", "thresholds"),
    ] {
        fs::write(&file, text).unwrap();
        let opened = Ward::open_or_create(&Home::at(folder.path()), &Unlock::File).await;
        let error = opened
            .err()
            .unwrap_or_else(|| panic!("accepted: {text}"))
            .to_string();
        assert!(
            error.contains("faceward.toml") && error.contains(says),
            "{error}"
        );
    }
    assert!(
        !folder.path().join("vault").exists(),
        "nothing is made from settings not understood"
    );
}

#[tokio::test]
async fn a_strict_liveness_rule_is_kept() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("faceward.toml"),
        "[liveness]\nrequired = true\nat_least = 1.0",
    )
    .unwrap();
    let ward = ward(&folder, "").await;
    ward.give_consent(consent("barack", door())).await.unwrap();
    let why = unusable(
        ward.enroll(&who("barack"), &door(), &photo("obama.jpg"))
            .await
            .unwrap(),
    );
    assert!(matches!(why, Unusable::NotLive(_)), "{why}");
}

#[tokio::test]
async fn no_name_template_or_notice_lies_in_the_clear() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    let name = "Wilhelmina-Obscura";
    ward.give_consent(consent(name, door())).await.unwrap();
    done(
        ward.enroll(&who(name), &door(), &photo("obama.jpg"))
            .await
            .unwrap(),
    );
    done(
        ward.verify(&who(name), &door(), &photo("obama2.jpg"))
            .await
            .unwrap(),
    );
    let template = {
        let reader = faceward_face::Reader::new(faceward_face::ReaderOptions::default()).unwrap();
        let image = Image::decode(&photo("obama.jpg")).unwrap();
        let face = reader.the_face(&image).unwrap();
        reader.template(&image, &face).unwrap()
    };
    let bytes: Vec<u8> = template
        .values()
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let mut secrets: Vec<&[u8]> = bytes.chunks_exact(16).collect();
    secrets.push(name.as_bytes());
    secrets.push(b"signed on paper");
    let mut searched = 0;
    for file in files(folder.path()) {
        let content = fs::read(&file).unwrap();
        searched += content.len();
        for secret in &secrets {
            let found = content
                .windows(secret.len())
                .any(|window| window == *secret);
            assert!(!found, "{} holds a secret in the clear", file.display());
        }
    }
    assert!(searched > 10_000, "the vault was not where it was searched");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
