//! How keys, accounts and links are kept: JSON, version 1, sealed by the vault. Pinned by
//! `vectors/access`.

use std::num::NonZeroU32;

use faceward_vault::VaultError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::Kept;
use super::key::KeyTerms;
use crate::WardError;

const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyWire {
    v: u8,
    name: String,
    kind: String,
    purposes: Vec<String>,
    rights: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collection: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hours: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_day: Option<NonZeroU32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_minute: Option<NonZeroU32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    statement: Option<String>,
    embeddings: bool,
    mass_delete: bool,
    created: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked: Option<Timestamp>,
}

pub(super) fn write_key(
    terms: &KeyTerms,
    created: Timestamp,
    revoked: Option<Timestamp>,
) -> Zeroizing<Vec<u8>> {
    write(&KeyWire {
        v: VERSION,
        name: terms.name.clone(),
        kind: terms.kind.to_string(),
        purposes: terms.purposes.iter().map(ToString::to_string).collect(),
        rights: terms.rights.iter().map(ToString::to_string).collect(),
        collection: terms.collection.as_ref().map(ToString::to_string),
        hours: terms.hours.map(|hours| hours.to_string()),
        per_day: terms.per_day,
        per_minute: terms.per_minute,
        until: terms.until,
        statement: terms.statement.clone(),
        embeddings: terms.embeddings,
        mass_delete: terms.mass_delete,
        created,
        revoked,
    })
}

pub(super) fn read_key(plain: &[u8]) -> Option<(KeyTerms, Timestamp, Option<Timestamp>)> {
    let wire: KeyWire = read(plain, |wire: &KeyWire| wire.v)?;
    let purposes = wire.purposes.iter().map(|purpose| purpose.parse().ok());
    let terms = KeyTerms {
        name: wire.name,
        kind: wire.kind.parse().ok()?,
        purposes: purposes.collect::<Option<_>>()?,
        rights: wire
            .rights
            .iter()
            .map(|right| right.parse().ok())
            .collect::<Option<_>>()?,
        collection: wire.collection.map(|c| c.parse()).transpose().ok()?,
        hours: wire.hours.map(|hours| hours.parse()).transpose().ok()?,
        per_day: wire.per_day,
        per_minute: wire.per_minute,
        until: wire.until,
        statement: wire.statement,
        embeddings: wire.embeddings,
        mass_delete: wire.mass_delete,
    };
    Some((terms, wire.created, wire.revoked))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountWire {
    v: u8,
    name: String,
    role: String,
    created: Timestamp,
    disabled: bool,
    /// `argon2id-64m-3` and the salt and hash in base64.
    password: String,
}

pub(super) fn write_account(kept: &Kept) -> Zeroizing<Vec<u8>> {
    write(&AccountWire {
        v: VERSION,
        name: kept.name.clone(),
        role: kept.role.to_string(),
        created: kept.created,
        disabled: kept.disabled,
        password: kept.password.to_string(),
    })
}

pub(super) fn read_account(plain: &[u8]) -> Option<Kept> {
    let wire: AccountWire = read(plain, |wire: &AccountWire| wire.v)?;
    Some(Kept {
        name: wire.name,
        role: wire.role.parse().ok()?,
        created: wire.created,
        disabled: wire.disabled,
        password: wire.password.into(),
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkWire {
    v: u8,
    purposes: Vec<String>,
    created: Timestamp,
    until: Timestamp,
}

pub(super) fn write_link(
    purposes: &[faceward_law::Purpose],
    created: Timestamp,
    until: Timestamp,
) -> Zeroizing<Vec<u8>> {
    write(&LinkWire {
        v: VERSION,
        purposes: purposes.iter().map(ToString::to_string).collect(),
        created,
        until,
    })
}

pub(super) fn read_link(
    plain: &[u8],
) -> Option<(Vec<faceward_law::Purpose>, Timestamp, Timestamp)> {
    let wire: LinkWire = read(plain, |wire: &LinkWire| wire.v)?;
    let purposes = wire.purposes.iter().map(|purpose| purpose.parse().ok());
    Some((purposes.collect::<Option<_>>()?, wire.created, wire.until))
}

pub(super) fn damaged(what: &str) -> WardError {
    VaultError::Damaged(format!(
        "the record of a {what} is of no form this version knows"
    ))
    .into()
}

fn write(wire: &impl Serialize) -> Zeroizing<Vec<u8>> {
    // Serialising strings, numbers and lists into memory has no way to fail.
    Zeroizing::new(serde_json::to_vec(wire).unwrap_or_default())
}

fn read<'a, T: Deserialize<'a>>(plain: &'a [u8], version: impl Fn(&T) -> u8) -> Option<T> {
    let wire = serde_json::from_slice(plain).ok()?;
    (version(&wire) == VERSION).then_some(wire)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = include_str!("../../../../vectors/access/key-v1.jsonl");
    const ACCOUNTS: &str = include_str!("../../../../vectors/access/account-v1.jsonl");
    const LINKS: &str = include_str!("../../../../vectors/access/link-v1.jsonl");

    #[test]
    fn records_of_version_1_are_read_and_written_as_pinned() {
        let same = |line: &str, written: Zeroizing<Vec<u8>>| {
            assert_eq!(std::str::from_utf8(&written).unwrap(), line);
        };
        for line in KEYS.lines() {
            let (terms, created, revoked) = read_key(line.as_bytes()).unwrap();
            same(line, write_key(&terms, created, revoked));
        }
        for line in ACCOUNTS.lines() {
            same(line, write_account(&read_account(line.as_bytes()).unwrap()));
        }
        for line in LINKS.lines() {
            let (purposes, created, until) = read_link(line.as_bytes()).unwrap();
            same(line, write_link(&purposes, created, until));
        }
    }

    #[test]
    fn what_is_not_version_1_is_not_read() {
        let key = KEYS.lines().next().unwrap();
        for (from, to) in [
            ("\"v\":1", "\"v\":2"),
            ("verify", "fly"),
            ("\"kind\"", "\"sort\""),
        ] {
            let other = key.replace(from, to);
            assert!(other != key && read_key(other.as_bytes()).is_none(), "{to}");
        }
    }
}
