//! Evidence checked, not just listed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use faceward_law::{Case, Evidence, EvidenceKind};
use faceward_ledger::VerifyingKey;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::receipt::{check_consent_receipt, check_entry_proof};
use crate::told::ToldComparison;

/// What became of one piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedEvidence {
    /// Name in the case.
    pub id: String,
    /// What the check came to.
    pub result: EvidenceResult,
    /// The same in a sentence.
    pub detail: String,
    /// SHA-256 of the file, in hexadecimal, if there is one.
    pub sha256: Option<String>,
    /// What it says, if it is a comparison of faces that adds up.
    pub comparison: Option<ToldComparison>,
}

/// What a check of evidence came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceResult {
    /// The hash is the one stated, or the proof holds.
    Holds,
    /// The file is there; the case states no hash to hold it against.
    Present,
    /// The file is not the one whose hash the case states.
    HashDiffers,
    /// The file is not there.
    Missing,
    /// The proof does not hold.
    Fails,
    /// Nothing could be checked.
    Unchecked,
}

impl EvidenceResult {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Present => "present",
            Self::HashDiffers => "hash_differs",
            Self::Missing => "missing",
            Self::Fails => "fails",
            Self::Unchecked => "unchecked",
        }
    }

    /// Whether something is wrong with it.
    pub fn is_wrong(self) -> bool {
        matches!(self, Self::HashDiffers | Self::Missing | Self::Fails)
    }
}

/// Where the files lie that a case offers as proof.
#[derive(Clone)]
pub enum EvidenceFiles {
    /// In a folder, to which their names are relative.
    Folder(PathBuf),
    /// Handed in with the case: name and content. Nothing is read from this machine.
    Handed(Vec<(String, Zeroizing<Vec<u8>>)>),
}

/// Checks everything that a case offers as proof, in its order. `key` is the ledger's where a piece
/// of evidence names none of its own.
pub fn check_evidence(
    case: &Case,
    files: &EvidenceFiles,
    key: Option<&VerifyingKey>,
) -> Vec<CheckedEvidence> {
    let check = |evidence| check_one(evidence, files, key);
    case.evidence.iter().map(check).collect()
}

/// The longest file that is read as a proof, in bytes; documents may be of any length.
const LONGEST_PROOF: usize = 4 << 20;

fn check_one(
    evidence: &Evidence,
    files: &EvidenceFiles,
    key: Option<&VerifyingKey>,
) -> CheckedEvidence {
    let mut checked = CheckedEvidence {
        id: evidence.id.clone(),
        result: EvidenceResult::Unchecked,
        detail: "nothing in a file that could be checked".to_owned(),
        sha256: None,
        comparison: None,
    };
    let Some(name) = &evidence.file else {
        if evidence.sha256.is_some() {
            checked.detail = "only its hash is stated; hold the document against it".to_owned();
        }
        return checked;
    };
    let (sha256, text) = match files.read(name) {
        Ok(read) => read,
        Err(error) => {
            checked.result = EvidenceResult::Missing;
            checked.detail = format!("{name} cannot be read: {error}");
            return checked;
        }
    };
    let stated = evidence.sha256.as_ref();
    (checked.result, checked.detail) = match stated {
        Some(stated) if *stated != sha256 => {
            let detail =
                format!("{name} is not the file whose SHA-256 is stated; its own is {sha256}");
            (EvidenceResult::HashDiffers, detail)
        }
        Some(_) => (
            EvidenceResult::Holds,
            format!("{name} has the SHA-256 that is stated"),
        ),
        None => {
            let detail = format!("{name} is there; the case states no hash to hold it against");
            (EvidenceResult::Present, detail)
        }
    };
    checked.sha256 = Some(sha256);
    if !checked.result.is_wrong() {
        prove(evidence, text.as_deref(), key, &mut checked);
    }
    checked
}

/// Checks what the file proves, where it is of a kind that proves something by itself.
fn prove(
    evidence: &Evidence,
    text: Option<&str>,
    key: Option<&VerifyingKey>,
    checked: &mut CheckedEvidence,
) {
    let proven = match (evidence.kind, text) {
        (EvidenceKind::LedgerEntry, Some(text)) => ledger_entry(evidence, text, key),
        (EvidenceKind::ConsentReceipt, Some(text)) => consent_receipt(evidence, text, key),
        (EvidenceKind::Comparison, Some(text)) => {
            comparison(evidence, text, key).map(|(told, result, detail)| {
                checked.comparison = Some(told);
                (result, detail)
            })
        }
        (EvidenceKind::LedgerEntry | EvidenceKind::ConsentReceipt, None) => {
            Err("it is not the text of a receipt".to_owned())
        }
        (EvidenceKind::Comparison, None) => {
            Err("it is not the text that `faceward explain --json` prints".to_owned())
        }
        _ => return,
    };
    (checked.result, checked.detail) = proven.unwrap_or_else(|why| (EvidenceResult::Fails, why));
}

fn ledger_entry(
    evidence: &Evidence,
    text: &str,
    key: Option<&VerifyingKey>,
) -> Result<(EvidenceResult, String), String> {
    let own = own_key(evidence)?;
    let Some(key) = own.as_ref().or(key) else {
        let detail = "no key to check it with; state `key`, or give --key";
        return Ok((EvidenceResult::Unchecked, detail.to_owned()));
    };
    let proven = check_entry_proof(text, key)?;
    let what = proven.event.as_ref().map_or_else(String::new, |event| {
        let (act, outcome) = (event.act.word(), event.outcome.word());
        format!(" ({act}, {outcome}, {})", event.at)
    });
    let (position, entries, origin) = (proven.position, proven.entries, &proven.origin);
    let detail = format!(
        "entry {position}{what} is in the ledger {origin}, under a signed checkpoint over {entries} entries"
    );
    Ok((EvidenceResult::Holds, detail))
}

/// A comparison whose shares add up, and whether its act was recorded.
fn comparison(
    evidence: &Evidence,
    text: &str,
    key: Option<&VerifyingKey>,
) -> Result<(ToldComparison, EvidenceResult, String), String> {
    let told = ToldComparison::read(text)?;
    let adds_up = format!("its shares add up to its score, {:.3}", told.score);
    let own = own_key(evidence)?;
    Ok(match own.as_ref().or(key) {
        Some(key) => {
            let entry = check_entry_proof(text, key)?;
            let (at, origin) = (entry.position, entry.origin);
            let recorded = format!("{adds_up}; recorded as entry {at} of the ledger {origin}");
            (told, EvidenceResult::Holds, recorded)
        }
        None => {
            let unproven = format!("{adds_up}; no key to check with that it was recorded");
            (told, EvidenceResult::Unchecked, unproven)
        }
    })
}

fn consent_receipt(
    evidence: &Evidence,
    text: &str,
    ledger: Option<&VerifyingKey>,
) -> Result<(EvidenceResult, String), String> {
    let own = own_key(evidence)?;
    let (known, shown) = check_consent_receipt(text.trim(), own.as_ref(), ledger)?;
    Ok(match known {
        true => (EvidenceResult::Holds, shown),
        false => (
            EvidenceResult::Unchecked,
            format!("{shown}; whole, but only the controller's `key` would show who made it"),
        ),
    })
}

/// The key that a piece of evidence names.
fn own_key<K: std::str::FromStr<Err: std::fmt::Display>>(
    evidence: &Evidence,
) -> Result<Option<K>, String> {
    let own = evidence.key.as_ref().map(|key| key.parse()).transpose();
    own.map_err(|error| format!("its key cannot be read: {error}"))
}

impl EvidenceFiles {
    /// SHA-256 of a file, and its text if it is short enough to be a proof.
    fn read(&self, name: &str) -> std::io::Result<(String, Option<String>)> {
        match self {
            Self::Folder(folder) => read(File::open(folder.join(name))?),
            Self::Handed(files) => {
                let handed = files.iter().find(|(file, _)| last(file) == last(name));
                let not_there = || std::io::Error::other("it was not handed in with the case");
                let (_, bytes) = handed.ok_or_else(not_there)?;
                read(bytes.as_slice())
            }
        }
    }
}

fn read(mut from: impl Read) -> std::io::Result<(String, Option<String>)> {
    let (mut sha256, mut kept) = (Sha256::new(), Vec::new());
    let mut chunk = vec![0; 1 << 16];
    loop {
        let length = from.read(&mut chunk)?;
        let Some(read) = chunk.get(..length).filter(|read| !read.is_empty()) else {
            break;
        };
        sha256.update(read);
        if kept.len() <= LONGEST_PROOF {
            kept.extend_from_slice(read);
        }
    }
    let hex = hex(&sha256.finalize());
    let text = (kept.len() <= LONGEST_PROOF).then(|| String::from_utf8(kept).ok());
    Ok((hex, text.flatten()))
}

/// A file's own name. What is handed in through a form has left its folder.
fn last(path: &str) -> Option<&str> {
    path.rsplit(['/', '\\']).next()
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
