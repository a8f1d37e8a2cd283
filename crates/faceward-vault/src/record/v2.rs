//! Version 2 of a consent: a record that says what was asked, and an event for each thing that
//! happened since. JSON that begins with `"v":2`. Records of version 1, which say what was given
//! and when it was withdrawn, are read as the events they amount to.

use faceward_law::{
    Actor, Asked, ConsentDraft, ConsentEvent, ConsentId, ConsentRecord, Details, Happened,
    SubjectId,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::wire::{
    ActorWire, AskedWire, EventWire, HappenedWire, RenewalWire, TermsWire, hex, unhex,
};
use super::{Committed, v1};
use crate::VaultError;

pub(super) const VERSION: u8 = 2;

/// A record as it was opened: its events are to be read, or, in version 1, follow from it.
pub(crate) enum Opened {
    /// What was asked; every event is stored apart.
    Asked(Asked),
    /// Given in version 1, perhaps withdrawn; what happened later is stored apart.
    Whole(ConsentRecord),
}

pub(crate) fn write_record(asked: &Asked) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    bytes(&AskedWire::of(asked))
}

pub(crate) fn read_record(
    id: ConsentId,
    subject: SubjectId,
    plain: &[u8],
) -> Result<Opened, VaultError> {
    #[derive(Deserialize)]
    struct Version {
        v: u8,
    }
    let version: Version = serde_json::from_slice(plain).map_err(|_| unreadable())?;
    if version.v != VERSION {
        let consent = v1::read_consent(id, subject, plain)?;
        return Ok(Opened::Whole(consent.history().clone()));
    }
    let wire: AskedWire = serde_json::from_slice(plain).map_err(|_| unreadable())?;
    wire.read(subject).map(Opened::Asked).ok_or_else(unreadable)
}

pub(crate) fn write_event(
    id: ConsentId,
    event: &ConsentEvent,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let what = match &event.what {
        Happened::Requested => HappenedWire::Requested,
        Happened::Deferred => HappenedWire::Deferred,
        Happened::Refused => HappenedWire::Refused,
        Happened::Given(draft) => HappenedWire::Given(Box::new(TermsWire::of(draft))),
        Happened::Renewed(renewal) => HappenedWire::Renewed(Box::new(RenewalWire::of(renewal))),
        Happened::PurposeEnded { reason } => HappenedWire::PurposeEnded(reason.clone()),
        Happened::Withdrawn => HappenedWire::Withdrawn,
        Happened::Revoked { reason } => HappenedWire::Revoked(reason.clone()),
        Happened::Invalidated { reason } => HappenedWire::Invalidated(reason.clone()),
    };
    bytes(&EventWire {
        v: VERSION,
        record: hex(&id.0),
        at: event.at,
        by: ActorWire::of(&event.by),
        what,
    })
}

pub(crate) fn read_event(
    id: ConsentId,
    subject: SubjectId,
    plain: &[u8],
) -> Result<ConsentEvent, VaultError> {
    let wire: EventWire = serde_json::from_slice(plain).map_err(|_| unreadable())?;
    if wire.v != VERSION || unhex::<16>(&wire.record) != Some(id.0) {
        return Err(unreadable());
    }
    let by = wire.by.read();
    let what = match wire.what {
        HappenedWire::Requested => Some(Happened::Requested),
        HappenedWire::Deferred => Some(Happened::Deferred),
        HappenedWire::Refused => Some(Happened::Refused),
        HappenedWire::Given(terms) => terms
            .read(subject, wire.at)
            .map(|draft| Happened::Given(Box::new(draft))),
        HappenedWire::Renewed(renewal) => renewal
            .read()
            .map(|renewal| Happened::Renewed(Box::new(renewal))),
        HappenedWire::PurposeEnded(reason) => Some(Happened::PurposeEnded { reason }),
        HappenedWire::Withdrawn => Some(Happened::Withdrawn),
        HappenedWire::Revoked(reason) => Some(Happened::Revoked { reason }),
        HappenedWire::Invalidated(reason) => Some(Happened::Invalidated { reason }),
    };
    let (what, at) = (what.ok_or_else(unreadable)?, wire.at);
    Ok(ConsentEvent { at, by, what })
}

/// What the ledger entry of an event commits to beside the person: SHA-256 of its bytes.
///
/// # Errors
/// [`VaultError::Damaged`], which no event that exists should cause.
pub fn event_commitment(id: ConsentId, event: &ConsentEvent) -> Result<[u8; 32], VaultError> {
    Ok(Sha256::digest(write_event(id, event)?.as_slice()).into())
}

/// What the ledger entries of a record may commit to: each event by its SHA-256, and the giving of a
/// consent that version 1 could have written also as it was written there. Whoever is given the text
/// can check what was agreed to.
///
/// # Errors
/// [`VaultError::Damaged`], which no record that exists should cause.
pub fn commitments(record: &ConsentRecord) -> Result<Vec<Committed>, VaultError> {
    let mut found = Vec::new();
    for event in record.events() {
        let written = text(&write_event(record.id(), event)?)?;
        let what = Sha256::digest(written.as_bytes()).to_vec();
        found.push(Committed {
            what,
            text: written,
        });
        if let Happened::Given(draft) = &event.what
            && of_version_1(draft)
        {
            let written = v1::write_consent(draft, None)?;
            found.push(Committed {
                what: written.to_vec(),
                text: text(&written)?,
            });
        }
    }
    Ok(found)
}

fn text(bytes: &[u8]) -> Result<Zeroizing<String>, VaultError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable())?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn of_version_1(draft: &ConsentDraft) -> bool {
    draft.details == Details::default()
}

fn bytes(wire: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    serde_json::to_vec(wire)
        .map(Zeroizing::new)
        .map_err(|_| unreadable())
}

fn unreadable() -> VaultError {
    v1::unreadable("consent")
}

impl ActorWire {
    fn of(actor: &Actor) -> Self {
        match actor {
            Actor::Subject => Self::Subject,
            Actor::Guardian(name) => Self::Guardian(name.clone()),
            Actor::Controller => Self::Controller,
            Actor::Other(name) => Self::Other(name.clone()),
        }
    }

    fn read(self) -> Actor {
        match self {
            Self::Subject => Actor::Subject,
            Self::Guardian(name) => Actor::Guardian(name),
            Self::Controller => Actor::Controller,
            Self::Other(name) => Actor::Other(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{event_log, record_header};

    const ID: ConsentId = ConsentId([3; 16]);
    const PERSON: SubjectId = SubjectId([1; 16]);

    #[test]
    fn records_and_events_of_version_2_are_these_lines() {
        let stored = include_str!("../../../../vectors/vault/consent-v2.jsonl");
        let (header, events) = (record_header(), event_log());
        let mut lines = stored.lines();
        let line = lines.next().unwrap_or_default();
        let written = write_record(&header).unwrap();
        assert_eq!(std::str::from_utf8(&written).unwrap(), line);
        match read_record(ID, PERSON, line.as_bytes()).unwrap() {
            Opened::Asked(asked) => assert_eq!(asked, header),
            Opened::Whole(_) => panic!("read as version 1"),
        }
        let lines: Vec<&str> = lines.collect();
        for (place, event) in events.iter().enumerate() {
            let written = write_event(ID, event).unwrap();
            let line = lines.get(place).copied().unwrap_or_default();
            assert_eq!(
                std::str::from_utf8(&written).unwrap(),
                line,
                "event {place}"
            );
            assert_eq!(&read_event(ID, PERSON, line.as_bytes()).unwrap(), event);
            for other in [
                line.replacen("\"v\":2", "\"v\":3", 1),
                line.replacen("0303", "0404", 1),
                line.replacen('{', "{\"w\":1,", 1),
            ] {
                assert!(read_event(ID, PERSON, other.as_bytes()).is_err(), "{other}");
            }
        }
        assert_eq!(lines.len(), events.len());
    }
}
