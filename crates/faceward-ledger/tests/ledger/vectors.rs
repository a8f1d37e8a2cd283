//! The files under `vectors/ledger`, each case with its own verdict.

use std::fs;
use std::path::PathBuf;

use faceward_ledger::*;

use crate::grown::{Grown, origin};

#[test]
fn roots_are_those_of_the_reference_tests() {
    let cases = cases("roots.txt");
    assert_eq!(cases.len(), 9);
    for case in cases {
        let leaves = case.fact("leaves").split_whitespace();
        let log = Grown::new(leaves.map(|leaf| bytes_of_hex(leaf.trim_matches('-'))));
        assert_eq!(
            log.roots.last().unwrap().to_string(),
            case.fact("root"),
            "{}",
            case.what
        );
    }
}

#[test]
fn inclusion_proofs_meet_their_verdicts() {
    let judged = judge("inclusion.txt", |case| {
        let proof: InclusionProof = case.body.parse()?;
        proof.verify(&case.hash("leaf"), &case.checkpoint("size", "root"))
    });
    assert_eq!(judged, 57);
}

#[test]
fn consistency_proofs_meet_their_verdicts() {
    let judged = judge("consistency.txt", |case| {
        let proof: ConsistencyProof = case.body.parse()?;
        proof.verify(
            &case.checkpoint("old-size", "old-root"),
            &case.checkpoint("new-size", "new-root"),
        )
    });
    assert_eq!(judged, 53);
}

#[test]
fn signed_checkpoints_meet_their_verdicts() {
    let judged = judge("notes.txt", |case| {
        let key = case.fact("key").parse()?;
        SignedCheckpoint::open(&case.body, &key).map(|_| ())
    });
    assert_eq!(judged, 30);
}

#[test]
fn the_note_of_go_is_opened() {
    let case = cases("notes.txt").remove(0);
    let key: VerifyingKey = case.fact("key").parse().unwrap();
    assert!(
        key.open(&case.body)
            .unwrap()
            .starts_with("If you think cryptography is the answer")
    );
    assert_eq!(key.to_string(), case.fact("key"));
}

#[test]
fn the_same_seed_and_checkpoint_give_the_same_note() {
    let seed: [u8; 32] = std::array::from_fn(|n| n as u8);
    let key = SigningKey::from_seed("ward.example/vectors".parse().unwrap(), &seed);
    let case = cases("notes.txt")
        .into_iter()
        .find(|case| case.what == "a checkpoint of eight entries")
        .unwrap();
    assert_eq!(key.verifier().to_string(), case.fact("key"));
    let checkpoint = SignedCheckpoint::open(&case.body, &key.verifier()).unwrap();
    assert_eq!(key.sign(&checkpoint).unwrap().as_str(), case.body);
}

#[test]
fn the_exported_log_verifies() {
    let folder = folder().join("log");
    let text = |name| fs::read_to_string(folder.join(name)).unwrap();
    let key = text("key").trim_end().parse().unwrap();
    let log = verify_log(&text("checkpoint"), &key, |path| {
        fs::read(folder.join(path.to_string())).ok()
    })
    .unwrap();
    assert_eq!(
        (log.checkpoint.size, log.entry_bytes, log.files),
        (8, 34, 2)
    );
}

struct Case {
    what: String,
    facts: Vec<(String, String)>,
    body: String,
}

impl Case {
    fn fact(&self, name: &str) -> &str {
        let fact = self.facts.iter().find(|(known, _)| known == name);
        &fact
            .unwrap_or_else(|| panic!("{} has no {name}", self.what))
            .1
    }

    fn hash(&self, name: &str) -> Hash {
        self.fact(name).parse().unwrap()
    }

    fn checkpoint(&self, size: &str, root: &str) -> Checkpoint {
        Checkpoint {
            origin: origin(),
            size: self.fact(size).parse().unwrap(),
            root: self.hash(root),
        }
    }
}

/// Judges every case of a file, reports all that differ together, and counts them.
fn judge(file: &str, verdict: impl Fn(&Case) -> Result<(), LedgerError>) -> usize {
    let cases = cases(file);
    let differs = |case: &Case| {
        let reached = verdict_word(verdict(case));
        (reached != case.fact("verdict"))
            .then(|| format!("{}: {reached}, not {}", case.what, case.fact("verdict")))
    };
    let differing: Vec<String> = cases.iter().filter_map(differs).collect();
    assert!(differing.is_empty(), "{file}:\n{}", differing.join("\n"));
    cases.len()
}

fn verdict_word(verdict: Result<(), LedgerError>) -> &'static str {
    match verdict {
        Ok(()) => "valid",
        Err(LedgerError::Malformed { .. }) => "malformed",
        Err(LedgerError::NoSuchEntry { .. }) => "no such entry",
        Err(LedgerError::NotThePast { .. }) => "not the past",
        Err(LedgerError::OtherSize { .. }) => "other size",
        Err(LedgerError::OtherLog { .. }) => "other log",
        Err(LedgerError::NotIncluded { .. }) => "not included",
        Err(LedgerError::NotConsistent { .. }) => "not consistent",
        Err(LedgerError::NotSigned { .. }) => "not signed",
        Err(LedgerError::BadSignature { .. }) => "bad signature",
        Err(_) => "another refusal",
    }
}

fn cases(file: &str) -> Vec<Case> {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    text.split("=== ").skip(1).map(read_case).collect()
}

fn read_case(text: &str) -> Case {
    let (head, body) = text.split_once("---\n").unwrap();
    let (what, facts) = head.split_once('\n').unwrap();
    let facts = facts.lines().map(|line| {
        line.split_once(": ")
            .unwrap_or((line.trim_end_matches(':'), ""))
    });
    let facts = facts
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Case {
        what: what.to_owned(),
        facts,
        body: body.to_owned(),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/ledger")
}

fn bytes_of_hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
