//! Versions 1 and 2 of a ledger entry: the second also says who asked. Pinned by
//! `vectors/events/v1.jsonl` and `v2.jsonl`.

use serde::{Deserialize, Serialize};

use super::{Act, Event, EventOutcome};

pub(super) fn write(event: &Event) -> Vec<u8> {
    let wire = Wire {
        v: if event.by.is_some() { 2 } else { 1 },
        at: event.at,
        act: event.act,
        outcome: event.outcome,
        purpose: event.purpose.clone(),
        marks: event.marks.iter().map(MarkWire::of).collect(),
        rules: event.rules.clone(),
        model: event.model.clone(),
        reason: event.reason.clone(),
        by: event.by.map(|by| by.to_string()),
    };
    // Serialising strings, numbers and lists into memory has no way to fail.
    serde_json::to_vec(&wire).unwrap_or_default()
}

pub(super) fn read(bytes: &[u8]) -> Option<Event> {
    let wire: Wire = serde_json::from_slice(bytes).ok()?;
    let marks: Option<Vec<_>> = wire.marks.iter().map(MarkWire::read).collect();
    let by = match (wire.v, wire.by) {
        (1, None) => None,
        (2, Some(by)) => Some(by.parse().ok()?),
        _ => return None,
    };
    Some(Event {
        at: wire.at,
        act: wire.act,
        outcome: wire.outcome,
        purpose: wire.purpose,
        marks: marks?,
        rules: wire.rules,
        model: wire.model,
        reason: wire.reason,
        by,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u8,
    at: jiff::Timestamp,
    #[serde(with = "ActWire")]
    act: Act,
    #[serde(with = "OutcomeWire")]
    outcome: EventOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    marks: Vec<MarkWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkWire {
    nonce: String,
    value: String,
}

impl MarkWire {
    fn of((nonce, value): &([u8; 16], [u8; 32])) -> Self {
        Self {
            nonce: hex(nonce),
            value: hex(value),
        }
    }

    fn read(&self) -> Option<([u8; 16], [u8; 32])> {
        Some((unhex(&self.nonce)?, unhex(&self.value)?))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Act", rename_all = "kebab-case")]
enum ActWire {
    ConsentGiven,
    ConsentRequested,
    ConsentDeferred,
    ConsentRefused,
    ConsentRenewed,
    ConsentWithdrawn,
    ConsentRevoked,
    ConsentInvalidated,
    PurposeEnded,
    ReceiptIssued,
    Erased,
    Enroll,
    Verify,
    Identify,
    Compare,
    Detect,
    Access,
    Forgotten,
    RequestReceived,
    RequestExtended,
    RequestAnswered,
    RequestRefused,
    RequestWithdrawn,
    Corrected,
    DeathRecorded,
    DeathRetracted,
    ArrangementRecorded,
    KeyCreated,
    KeyRevoked,
    AccountCreated,
    AccountChanged,
    SignedIn,
    SignInRefused,
    LinkCreated,
    LinkUsed,
    LinkCancelled,
    SubjectKnown,
    ReferenceRemoved,
    BackupMade,
    Restored,
    Liveness,
    DeploymentDeclared,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "EventOutcome", rename_all = "kebab-case")]
enum OutcomeWire {
    Done,
    Refused,
    Unusable,
    Match,
    Uncertain,
    NoMatch,
}

/// Bytes in hexadecimal, as records have them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).map(|d| d as u8))
        .collect();
    let (pairs, odd) = digits.as_deref()?.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if odd.is_empty() {
        bytes.try_into().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_both_versions_are_read_and_written_as_pinned() {
        let first = include_str!("../../../../vectors/events/v1.jsonl");
        let second = include_str!("../../../../vectors/events/v2.jsonl");
        for line in first.lines().chain(second.lines()) {
            let event = read(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(String::from_utf8(write(&event)).unwrap(), line);
            assert!(line.contains(event.act.word()) && line.contains(event.outcome.word()));
        }
    }

    #[test]
    fn what_is_of_neither_version_is_not_read() {
        let good = r#"{"v":1,"at":"2026-11-23T03:58:00Z","act":"forgotten","outcome":"done"}"#;
        assert!(read(good.as_bytes()).is_some());
        for (from, to) in [
            (r#""v":1"#, r#""v":2"#),
            (r#""v":1"#, r#""v":3,"by":"person""#),
            (r#""v":1"#, r#""v":1,"by":"person""#),
            (r#""v":1"#, r#""v":2,"by":"robot""#),
            ("forgotten", "remembered"),
            ("done\"", "done\",\"name\":\"alice\""),
            ("2026-11-23T03:58:00Z", "yesterday"),
        ] {
            assert_eq!(read(good.replace(from, to).as_bytes()), None, "{to}");
        }
    }
}
