//! Version 1 of a request, of what happened to it, and of an entry about a person: JSON that begins
//! with `"v":1`. Pinned by `vectors/vault/request-v1.jsonl`.

use faceward_law::{
    AskedFor, Asker, Circumstance, Fate, Regime, Request, RequestEvent, RequestHappened, RequestId,
    SubjectId,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::wire::{hex, unhex};
use super::{Committed, v1};
use crate::VaultError;

const VERSION: u8 = 1;

pub(crate) fn write_request(asked: &AskedFor) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    bytes(
        &AskedWire {
            v: VERSION,
            kind: asked.kind.word().to_owned(),
            by: AskerWire::of(&asked.asker),
            details: asked.details.clone(),
            channel: asked.channel.clone(),
            received: asked.received,
            due: match asked.regime {
                Regime::Pipl { days } => RegimeWire::Pipl(days),
                Regime::Gdpr => RegimeWire::Gdpr,
            },
        },
        REQUEST,
    )
}

pub(crate) fn read_request(subject: SubjectId, plain: &[u8]) -> Result<AskedFor, VaultError> {
    let wire: AskedWire = read(plain, REQUEST)?;
    let unreadable = || v1::unreadable(REQUEST);
    if wire.v != VERSION {
        return Err(unreadable());
    }
    Ok(AskedFor {
        subject,
        kind: wire.kind.parse().map_err(|_| unreadable())?,
        asker: wire.by.read().ok_or_else(unreadable)?,
        details: wire.details,
        channel: wire.channel,
        received: wire.received,
        regime: match wire.due {
            RegimeWire::Pipl(days) => Regime::Pipl { days },
            RegimeWire::Gdpr => Regime::Gdpr,
        },
    })
}

pub(crate) fn write_request_event(
    id: RequestId,
    event: &RequestEvent,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let what = match event.what.clone() {
        RequestHappened::Received => HappenedWire::Received,
        RequestHappened::Extended { reason } => HappenedWire::Extended(reason),
        RequestHappened::Answered { note } => HappenedWire::Answered(note),
        RequestHappened::Refused { reason } => HappenedWire::Refused(reason),
        RequestHappened::Withdrawn => HappenedWire::Withdrawn,
    };
    bytes(
        &EventWire {
            v: VERSION,
            request: hex(&id.0),
            at: event.at,
            what,
        },
        REQUEST,
    )
}

pub(crate) fn read_request_event(id: RequestId, plain: &[u8]) -> Result<RequestEvent, VaultError> {
    let wire: EventWire = read(plain, REQUEST)?;
    if wire.v != VERSION || unhex::<16>(&wire.request) != Some(id.0) {
        return Err(v1::unreadable(REQUEST));
    }
    let what = match wire.what {
        HappenedWire::Received => RequestHappened::Received,
        HappenedWire::Extended(reason) => RequestHappened::Extended { reason },
        HappenedWire::Answered(note) => RequestHappened::Answered { note },
        HappenedWire::Refused(reason) => RequestHappened::Refused { reason },
        HappenedWire::Withdrawn => RequestHappened::Withdrawn,
    };
    Ok(RequestEvent { at: wire.at, what })
}

/// What the ledger entries of a request commit to, one for each event: the SHA-256 of what was asked
/// and of the event after it.
///
/// # Errors
/// [`VaultError::Damaged`], which no request that exists should cause.
pub fn request_commitments(request: &Request) -> Result<Vec<Committed>, VaultError> {
    let asked = write_request(request.asked())?;
    let committed = |event| {
        let happened = write_request_event(request.id(), event)?;
        // Grown once, so that no outgrown copy is left behind unwiped.
        let mut text = Zeroizing::new(String::with_capacity(asked.len() + happened.len()));
        for part in [&asked, &happened] {
            let part = std::str::from_utf8(part).map_err(|_| v1::unreadable(REQUEST))?;
            text.push_str(part);
        }
        let what = Sha256::digest(text.as_bytes()).to_vec();
        Ok(Committed { what, text })
    };
    request.events().iter().map(committed).collect()
}

pub(crate) fn write_circumstance(entry: &Circumstance) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let what = match entry.what.clone() {
        Fate::Died { on, evidence } => FateWire::Died { on, evidence },
        Fate::Lives { reason } => FateWire::Lives(reason),
        Fate::Arranged {
            text,
            bars_relatives,
        } => FateWire::Arranged {
            text,
            bars_relatives,
        },
    };
    bytes(
        &CircumstanceWire {
            v: VERSION,
            at: entry.at,
            what,
        },
        CIRCUMSTANCE,
    )
}

pub(crate) fn read_circumstance(plain: &[u8]) -> Result<Circumstance, VaultError> {
    let wire: CircumstanceWire = read(plain, CIRCUMSTANCE)?;
    if wire.v != VERSION {
        return Err(v1::unreadable(CIRCUMSTANCE));
    }
    let what = match wire.what {
        FateWire::Died { on, evidence } => Fate::Died { on, evidence },
        FateWire::Lives(reason) => Fate::Lives { reason },
        FateWire::Arranged {
            text,
            bars_relatives,
        } => Fate::Arranged {
            text,
            bars_relatives,
        },
    };
    Ok(Circumstance { at: wire.at, what })
}

const REQUEST: &str = "request";
const CIRCUMSTANCE: &str = "entry about a person";

fn bytes(wire: &impl Serialize, kind: &'static str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    serde_json::to_vec(wire)
        .map(Zeroizing::new)
        .map_err(|_| v1::unreadable(kind))
}

fn read<'b, W: Deserialize<'b>>(plain: &'b [u8], kind: &'static str) -> Result<W, VaultError> {
    serde_json::from_slice(plain).map_err(|_| v1::unreadable(kind))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedWire {
    v: u8,
    kind: String,
    by: AskerWire,
    details: Option<String>,
    channel: String,
    received: Timestamp,
    due: RegimeWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum AskerWire {
    Person,
    Guardian(String),
    Relative {
        name: String,
        kin: String,
        nearer_alive: Option<bool>,
        interest: Option<String>,
    },
    Authorised(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RegimeWire {
    Pipl(u16),
    Gdpr,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventWire {
    v: u8,
    request: String,
    at: Timestamp,
    what: HappenedWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum HappenedWire {
    Received,
    Extended(String),
    Answered(Option<String>),
    Refused(String),
    Withdrawn,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CircumstanceWire {
    v: u8,
    at: Timestamp,
    what: FateWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum FateWire {
    Died { on: Date, evidence: String },
    Lives(String),
    Arranged { text: String, bars_relatives: bool },
}

impl AskerWire {
    fn of(asker: &Asker) -> Self {
        match asker.clone() {
            Asker::Subject => Self::Person,
            Asker::Guardian(name) => Self::Guardian(name),
            Asker::Authorised(name) => Self::Authorised(name),
            Asker::Relative {
                name,
                kin,
                nearer_alive,
                interest,
            } => Self::Relative {
                name,
                kin: kin.word().to_owned(),
                nearer_alive,
                interest,
            },
        }
    }

    fn read(self) -> Option<Asker> {
        Some(match self {
            Self::Person => Asker::Subject,
            Self::Guardian(name) => Asker::Guardian(name),
            Self::Authorised(name) => Asker::Authorised(name),
            Self::Relative {
                name,
                kin,
                nearer_alive,
                interest,
            } => Asker::Relative {
                name,
                kin: kin.parse().ok()?,
                nearer_alive,
                interest,
            },
        })
    }
}

#[cfg(test)]
mod tests;
