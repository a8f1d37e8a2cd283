//! Version 1. A consent is JSON that begins with `"v":1`; a template is binary:
//! `1 ‖ quality u8 ‖ enrolled at, seconds i64 ‖ model text u16-prefixed ‖ f32 values`, little-endian.

use faceward_law::{
    Condition, Consent, ConsentDraft, ConsentId, Details, Giver, Method, Notice, SubjectId,
};
use faceward_match::Template;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Reference, ReferenceId, VaultError};

const VERSION: u8 = 1;

pub(crate) fn write_template(
    template: &Template,
    quality: u8,
    enrolled_at: Timestamp,
) -> Zeroizing<Vec<u8>> {
    let model = template.model().to_string();
    // Grown once, so that no outgrown copy of the values is left behind unwiped.
    let length = 2 + 8 + 2 + model.len() + 4 * template.values().len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    bytes.extend_from_slice(&[VERSION, quality]);
    bytes.extend_from_slice(&enrolled_at.as_second().to_le_bytes());
    bytes.extend_from_slice(&(model.len() as u16).to_le_bytes());
    bytes.extend_from_slice(model.as_bytes());
    for value in template.values() {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

pub(crate) fn read_template(
    id: ReferenceId,
    subject: SubjectId,
    bytes: &[u8],
) -> Result<Reference, VaultError> {
    let parse = || -> Option<Reference> {
        let rest = bytes.strip_prefix(&[VERSION])?;
        let (quality, rest) = rest.split_first()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (model, values) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
        let (values, odd) = values.as_chunks::<4>();
        if !odd.is_empty() {
            return None;
        }
        let values = values
            .iter()
            .map(|value| f32::from_le_bytes(*value))
            .collect();
        let model = std::str::from_utf8(model).ok()?.parse().ok()?;
        Some(Reference {
            id,
            subject,
            template: Template::from_raw(model, values).ok()?,
            enrolled_at: Timestamp::from_second(i64::from_le_bytes(*at)).ok()?,
            quality: *quality,
        })
    };
    parse().ok_or_else(|| unreadable("template"))
}

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
    use crate::vectors::{consents, template, unhex};

    const ID: [u8; 16] = [3; 16];
    const PERSON: SubjectId = SubjectId([1; 16]);

    #[test]
    fn a_template_record_of_version_1_is_these_bytes() {
        let stored = unhex(include_str!("../../../../vectors/vault/template-v1.hex"));
        let at = Timestamp::from_second(1_780_272_000).unwrap();
        let written = write_template(&template(), 87, at);
        assert_eq!(written.as_slice(), stored);

        let read = read_template(ReferenceId(ID), PERSON, &stored).unwrap();
        assert_eq!((read.quality, read.enrolled_at), (87, at));
        assert_eq!(read.template.model(), template().model());
        assert_eq!(read.template.values(), template().values());
        for length in 0..stored.len() {
            let cut = read_template(ReferenceId(ID), PERSON, &stored[..length]);
            // A record that ends on a whole value is a shorter template, and the seal around it
            // is what tells that it was cut.
            let whole = length + 8 >= stored.len() && (stored.len() - length).is_multiple_of(4);
            assert_eq!(cut.is_ok(), whole, "{length} bytes");
        }
    }

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
