//! What a person holds to show that entries of a ledger are theirs.
//!
//! A ledger names nobody: an entry carries a salted commitment ([`faceward_vault::Mark`]). Whoever
//! holds its salt and the identifier can open it; the person is given both by `faceward export`,
//! and by `faceward forget` for its last entry.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use faceward_law::SubjectId;
use faceward_receipt::{ConsentReceipt, peek};
use faceward_vault::{Committed, Handle, commitment};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::audit::{concerns, entries_of};
use crate::event::unhex;
use crate::facts::known;
use crate::{Ward, WardError};

/// One person's openings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Openings {
    /// The opaque identifier the person has.
    pub subject: SubjectId,
    /// What opens single entries.
    pub opens: Vec<Opening>,
}

/// What opens one commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The entry it opens, if it is known.
    pub entry: Option<u64>,
    /// The salt.
    pub salt: [u8; 32],
    /// What is committed to beside the person: nothing, or what happened to a consent.
    pub committed: Vec<u8>,
    /// The text that this stands for, if it was handed over.
    pub record: Option<String>,
}

impl Openings {
    /// A salt alone, in hexadecimal, such as the one that forgetting gives out.
    ///
    /// # Errors
    /// [`WardError::Salt`].
    pub fn of_salt(subject: SubjectId, salt: &str) -> Result<Self, WardError> {
        let opening = Opening {
            entry: None,
            salt: read_salt(salt)?,
            committed: Vec::new(),
            record: None,
        };
        Ok(Self {
            subject,
            opens: vec![opening],
        })
    }

    /// Reads them from a consent receipt, or from the JSON answer of `faceward export` or
    /// `faceward forget`.
    ///
    /// # Errors
    /// [`WardError::File`], [`WardError::Proof`].
    pub fn read(path: &Path) -> Result<Self, WardError> {
        let text = std::fs::read_to_string(path).map_err(|error| WardError::File {
            path: path.to_owned(),
            error,
        })?;
        Self::of_text(path, &text)
    }

    /// The same, of a text with the name of its file.
    ///
    /// # Errors
    /// [`WardError::Proof`].
    pub fn of_text(name: &Path, text: &str) -> Result<Self, WardError> {
        let read = match text.trim_start().starts_with('{') {
            true => of_json(text),
            false => of_receipt(text),
        };
        read.map_err(|why| WardError::Proof {
            path: name.to_owned(),
            why,
        })
    }

    /// By commitment, what opens it.
    pub(super) fn by_commitment(&self) -> HashMap<[u8; 32], &Opening> {
        let committed =
            |opening: &Opening| commitment(&opening.salt, self.subject, &opening.committed);
        self.opens.iter().map(|o| (committed(o), o)).collect()
    }
}

fn of_json(text: &str) -> Result<Openings, String> {
    const NONE: &str = "it opens no entries; give a consent receipt, or the answer of `faceward export WHO --json` or `faceward forget WHO --json`";
    let answer: Value = serde_json::from_str(text).map_err(|_| "it is not JSON")?;
    let field = |of: &Value, name| of.get(name).and_then(Value::as_str).map(str::to_owned);
    let subject = field(&answer, "subject").ok_or(NONE)?;
    let subject = subject
        .parse()
        .map_err(|_| "its `subject` is no identifier")?;
    if let Some(salt) = field(&answer, "salt") {
        return Openings::of_salt(subject, &salt).map_err(|error| error.to_string());
    }
    let listed = answer.get("opens").and_then(Value::as_array).ok_or(NONE)?;
    let mut opens = Vec::new();
    for opening in listed {
        let salt = field(opening, "salt").unwrap_or_default();
        let record = field(opening, "record");
        opens.push(Opening {
            entry: opening.get("entry").and_then(Value::as_u64),
            salt: read_salt(&salt).map_err(|error| error.to_string())?,
            committed: record.as_deref().map(committed).unwrap_or_default(),
            record,
        });
    }
    Ok(Openings { subject, opens })
}

/// A consent receipt opens the entries of its agreements. Who signed it does not matter here: what
/// opens an entry opens it.
fn of_receipt(text: &str) -> Result<Openings, String> {
    let (_, receipt) = peek(text.trim()).map_err(|error| error.to_string())?;
    let receipt: ConsentReceipt =
        serde_json::from_value(receipt).map_err(|_| "it is no consent receipt")?;
    let mut opens = Vec::new();
    for tie in &receipt.ledger {
        opens.push(Opening {
            entry: Some(tie.position),
            salt: read_salt(&tie.salt).map_err(|error| error.to_string())?,
            committed: BASE64URL.decode(&tie.committed).unwrap_or_default(),
            record: None,
        });
    }
    let subject = receipt.pii_principal_id.parse();
    let subject = subject.map_err(|_| "its person is no identifier")?;
    Ok(Openings { subject, opens })
}

/// How a consent of version 1 begins. Requests are of a version 1 of their own.
const CONSENT_1: &str = "{\"v\":1,\"purpose\":";

/// What an entry commits to for this text: a consent of version 1 itself, of all else the SHA-256.
fn committed(record: &str) -> Vec<u8> {
    match record.starts_with(CONSENT_1) {
        true => record.as_bytes().to_vec(),
        false => Sha256::digest(record.as_bytes()).to_vec(),
    }
}

fn read_salt(hex: &str) -> Result<[u8; 32], WardError> {
    unhex(hex).ok_or(WardError::Salt)
}

impl Ward {
    /// What a person needs to show which entries of this ledger are theirs. For that person alone.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn openings(&self, handle: &Handle) -> Result<Openings, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        let records = look.consent_records(subject).await?;
        let entries = entries_of(&mut look, subject, &records).await?;
        let concerns = concerns(&mut look, subject, &records).await?;
        let marker = look.marker(subject).await?;
        let mut opens = Vec::new();
        for entry in &entries {
            for (nonce, value) in &entry.event.marks {
                let made = |known: &&Committed| marker.again(*nonce, &known.what).value == *value;
                if let Some(known) = concerns.iter().find(made) {
                    opens.push(Opening {
                        entry: Some(entry.position),
                        salt: marker.again(*nonce, &known.what).salt,
                        committed: known.what.clone(),
                        record: (!known.text.is_empty()).then(|| known.text.to_string()),
                    });
                }
            }
        }
        Ok(Openings { subject, opens })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_nothing_is_refused_with_a_hint() {
        for (text, hint) in [
            ("{", "JSON"),
            ("{}", "receipt"),
            ("{}", "faceward export"),
            (r#"{"subject":"zz","salt":"00"}"#, "subject"),
            (
                r#"{"subject":"00000000000000000000000000000000","salt":"00"}"#,
                "64",
            ),
        ] {
            assert!(of_json(text).unwrap_err().contains(hint), "{text}");
        }
    }
}
