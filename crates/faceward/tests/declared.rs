//! What was declared, and when, stands in the ledger before anything is decided under it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use faceward::*;
use tempfile::TempDir;

mod stage;

use stage::{agree, done, door, photo, ward, who};

const GYM: &str = include_str!("../../../examples/deployments/gym.toml");
const NOTICE: &str = "We compare your face at the door.";

/// A door that compares and searches, its notice in a file or in the text.
fn declaration(notice: &str) -> String {
    let (before, rest) = GYM.split_once("text = \"\"\"").unwrap();
    let (_, after) = rest.split_once("\"\"\"\n").unwrap();
    let text = format!("{before}{notice}\n{after}");
    text.replace("\"gym-access\"", "\"door-access\"")
        .replace(
            "[\"identification\"]",
            "[\"verification\", \"identification\"]",
        )
        .replace("languages = [\"en\", \"zh\"]", "languages = [\"en\"]")
}

fn in_the_text() -> String {
    declaration(&format!("text = \"{NOTICE}\""))
}

fn without_the_door(text: &str) -> String {
    text.replace("\"door-access\"", "\"pool-access\"")
}

fn write(folder: &Path, text: &str) {
    fs::write(folder.join("deployment.toml"), text).unwrap();
}

fn file(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// Every entry, in a word; of a declaration also which.
async fn ledger(ward: &Ward) -> Vec<String> {
    let entries = ward.entries(0..u64::MAX).await.unwrap();
    let entries = entries.into_iter().map(|entry| entry.event);
    let word = |event: Event| match event.act {
        Act::DeploymentDeclared => event.reason.unwrap(),
        act => act.word().to_owned(),
    };
    entries.map(word).collect()
}

/// How an entry names a declaration of these files, reckoned from its documentation.
fn named(files: &[&str]) -> String {
    let lines = files.iter().map(|file| sha256_hex(file.as_bytes()) + "\n");
    let lines: String = lines.collect();
    format!("format-1 sha256:{}", sha256_hex(lines.as_bytes()))
}

async fn refused(ward: &Ward) -> String {
    match verified(ward).await.outcome {
        Outcome::Refused(refusal) => refusal.to_string(),
        _ => panic!("not refused"),
    }
}

async fn verified(ward: &Ward) -> Verdict<Verified> {
    let (ann, door, picture) = (who("Ann"), door(), photo("obama2.jpg"));
    ward.verify(&ann, &door, &picture).await.unwrap()
}

async fn enrolled(ward: &Ward) {
    agree(ward, "Ann").await;
    let (ann, door, picture) = (who("Ann"), door(), photo("obama.jpg"));
    done(ward.enroll(&ann, &door, &picture).await.unwrap());
}

#[tokio::test]
async fn a_declaration_is_recorded_once_and_before_what_is_decided_under_it() {
    let folder = TempDir::new().unwrap();
    let text = declaration("files = [\"notice.txt\"]");
    write(folder.path(), &text);
    fs::write(folder.path().join("notice.txt"), NOTICE).unwrap();
    let first = ward(&folder, "").await;
    assert!(
        ledger(&first).await.is_empty(),
        "only looking records nothing"
    );
    enrolled(&first).await;
    first.close().await;
    let again = ward(&folder, "").await;
    verified(&again).await;
    let then = named(&[&text, NOTICE]);
    let mut told = vec![then.as_str(), "consent-given", "enroll", "verify"];
    assert_eq!(ledger(&again).await, told);
    again.close().await;

    fs::write(folder.path().join("notice.txt"), "We keep pictures, too.").unwrap();
    let edited = ward(&folder, "").await;
    refused(&edited).await;
    let now = named(&[&text, "We keep pictures, too."]);
    told.extend([now.as_str(), "verify"]);
    assert_eq!(ledger(&edited).await, told);
    edited.close().await;

    fs::remove_file(folder.path().join("deployment.toml")).unwrap();
    let silent = ward(&folder, "").await;
    silent.withdraw(&who("Ann"), &door()).await.unwrap();
    told.extend(["none", "consent-withdrawn"]);
    assert_eq!(ledger(&silent).await, told);
}

#[tokio::test]
async fn a_ward_without_a_declaration_records_none() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    enrolled(&ward).await;
    assert_eq!(ledger(&ward).await, ["consent-given", "enroll"]);
}

#[tokio::test]
async fn what_another_process_found_declared_binds_this_one_at_its_next_act() {
    let folder = TempDir::new().unwrap();
    let text = in_the_text();
    write(folder.path(), &text);
    let server = ward(&folder, "").await;
    enrolled(&server).await;
    let edited = without_the_door(&text);
    write(folder.path(), &edited);
    let terminal = ward(&folder, "").await;
    agree(&terminal, "Bob").await;
    let why = refused(&server).await;
    assert!(why.contains("declares no purpose `door-access`"), "{why}");
    let told = ledger(&server).await;
    assert_eq!(told[0], named(&[&text]));
    assert_eq!(
        told[3..],
        [named(&[&edited]).as_str(), "consent-given", "verify"]
    );
}

#[tokio::test]
async fn a_text_put_in_force_decides_at_once_and_keeps_the_old_file() {
    let folder = TempDir::new().unwrap();
    let text = in_the_text();
    write(folder.path(), &text);
    let ward = ward(&folder, "").await;
    let clone = ward.asked_by(By::Person);
    enrolled(&ward).await;
    let edited = without_the_door(&text);
    let receipt = ward.declare(&edited, ward.declared()).await.unwrap();
    assert_eq!(file(&folder, "deployment.toml"), edited);
    assert_eq!(file(&folder, "deployment.toml.before"), text);
    let why = refused(&clone).await;
    assert!(why.contains("declares no purpose `door-access`"), "{why}");
    let told = ledger(&ward).await;
    assert_eq!(told[receipt.position() as usize], named(&[&edited]));
    assert_eq!(told.last().unwrap(), "verify");
}

#[tokio::test]
async fn a_text_that_cannot_stand_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let text = in_the_text();
    write(folder.path(), &text);
    let ward = ward(&folder, "").await;
    enrolled(&ward).await;
    let seen = ward.declared();
    let with_file = declaration("files = [\"vault/root.key\"]");
    let with_pack = format!("pack_files = [\"/etc/hostname\"]\n{text}");
    for (broken, why) in [
        (text.replace("role = ", "roll = "), "did you mean `role`?"),
        (text.replace("[place]", "[place"), "deployment.toml, line"),
        (with_file, "names the file `vault/root.key`"),
        (with_pack, "names the file `/etc/hostname`"),
        (text.clone(), "declared already"),
    ] {
        let error = ward.declare(&broken, seen).await.err().unwrap();
        assert!(error.to_string().contains(why), "{error}");
    }
    let edited = without_the_door(&text);
    for not_seen in [None, Some([0; 32])] {
        let error = ward.declare(&edited, not_seen).await.err().unwrap();
        assert!(matches!(error, WardError::ChangedMeanwhile), "{error}");
    }
    assert_eq!(file(&folder, "deployment.toml"), text);
    assert!(!folder.path().join("deployment.toml.before").exists());
    let answer = done(verified(&ward).await);
    assert_eq!(answer.decision, Decision::Match);
    let told = ledger(&ward).await;
    assert_eq!(
        told,
        [
            named(&[&text]).as_str(),
            "consent-given",
            "enroll",
            "verify"
        ]
    );
}
