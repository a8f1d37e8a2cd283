//! Version 1 of a consent: JSON that begins with `"v":1`.

use faceward_law::{
    Condition, Consent, ConsentDraft, ConsentId, Details, Giver, Method, Notice, SubjectId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::VaultError;

const VERSION: u8 = 1;

/// The record of a consent as version 1 wrote it; no longer written, but the entries of version 1
/// in a ledger commit to these bytes.
pub(super) fn write_consent(
    terms: &ConsentDraft,
    withdrawn: Option<Timestamp>,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (alternative, required, necessary_because) = match &terms.condition {
        Condition::Alternative(text) => (Some(text.clone()), false, None),
        Condition::Unstated => (None, false, None),
        Condition::Required { necessary_because } => (None, true, necessary_because.clone()),
    };
    let guardian = match &terms.given_by {
        Giver::Subject => None,
        Giver::Guardian(name) => Some(name.clone()),
    };
    let record = ConsentRecord {
        v: VERSION,
        purpose: terms.purpose.to_string(),
        notice_version: terms.notice.version.clone(),
        notice_sha256: terms.notice.sha256,
        guardian,
        method: terms.method.0.clone(),
        age: terms.age.word().to_owned(),
        bundled_with: terms.bundled_with.clone(),
        alternative,
        required,
        necessary_because,
        given_at: terms.given_at,
        from: terms.from,
        until: terms.until,
        withdrawn,
    };
    serde_json::to_vec(&record)
        .map(Zeroizing::new)
        .map_err(|_| unreadable("consent"))
}

pub(super) fn read_consent(
    id: ConsentId,
    subject: SubjectId,
    bytes: &[u8],
) -> Result<Consent, VaultError> {
    let record: ConsentRecord = serde_json::from_slice(bytes).map_err(|_| unreadable("consent"))?;
    if record.v != VERSION {
        return Err(unreadable("consent"));
    }
    let condition = match (record.alternative, record.required) {
        (Some(text), _) => Condition::Alternative(text),
        (None, true) => Condition::Required {
            necessary_because: record.necessary_because,
        },
        (None, false) => Condition::Unstated,
    };
    let draft = ConsentDraft {
        subject,
        purpose: record.purpose.parse().map_err(|_| unreadable("consent"))?,
        notice: Notice {
            version: record.notice_version,
            sha256: record.notice_sha256,
        },
        given_by: record.guardian.map_or(Giver::Subject, Giver::Guardian),
        method: Method(record.method),
        age: record.age.parse().map_err(|_| unreadable("consent"))?,
        bundled_with: record.bundled_with,
        condition,
        given_at: record.given_at,
        from: record.from,
        until: record.until,
        details: Details::default(),
    };
    let consent = Consent::record(id, draft).map_err(|_| unreadable("consent"))?;
    Ok(match record.withdrawn {
        Some(at) => consent.withdraw(at),
        None => consent,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentRecord {
    v: u8,
    purpose: String,
    notice_version: String,
    notice_sha256: [u8; 32],
    guardian: Option<String>,
    method: String,
    age: String,
    bundled_with: Option<String>,
    alternative: Option<String>,
    required: bool,
    necessary_because: Option<String>,
    given_at: Timestamp,
    from: Timestamp,
    until: Timestamp,
    withdrawn: Option<Timestamp>,
}

pub(super) fn unreadable(kind: &str) -> VaultError {
    VaultError::Damaged(format!(
        "a {kind} opened, but is of no form this version knows"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::consents;

    const PERSON: SubjectId = SubjectId([1; 16]);

    #[test]
    fn consent_records_of_version_1_are_these_lines() {
        let stored = include_str!("../../../../vectors/vault/consent-v1.jsonl");
        let consents = consents();
        assert_eq!(stored.lines().count(), consents.len());
        for (line, consent) in stored.lines().zip(consents) {
            let written = write_consent(consent.terms(), consent.withdrawn()).unwrap();
            assert_eq!(std::str::from_utf8(&written).unwrap(), line);
            let read = read_consent(consent.id(), PERSON, line.as_bytes()).unwrap();
            assert_eq!(read, consent);
            for other in [
                line.replacen("\"v\":1", "\"v\":2", 1),
                line.replacen('{', "{\"w\":1,", 1),
            ] {
                assert!(read_consent(consent.id(), PERSON, other.as_bytes()).is_err());
            }
        }
    }
}
