//! Keys, made and revoked by a key with that right. No key makes one that reaches further than itself.

use std::num::NonZeroU32;

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use faceward::{ApiKey, BadWord, KeyId, KeyTerms, Right};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Asked, Body};
use super::paging::After;
use super::wire::{DoneSaid, ReceiptSaid};
use crate::Problem;
use crate::caller::Caller;
use crate::tagged::tagged;

/// A key, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeySaid {
    id: String,
    name: String,
    kind: String,
    purposes: Vec<String>,
    rights: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_day: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_minute: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
}

/// A page of keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeysSaid {
    keys: Vec<KeySaid>,
    /// How many there are in all.
    total: usize,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What a key is to be made for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyAsk {
    #[schema(example = "the gate")]
    name: String,
    /// api, recognition, detection or verification; api if not said.
    kind: Option<String>,
    /// enroll, verify, identify, compare, detect, liveness, subjects, consents, requests, ledger, keys, metrics.
    #[schema(example = json!(["verify"]))]
    rights: Vec<String>,
    /// The purposes it may act for; every purpose where none is named.
    #[serde(default)]
    #[schema(example = json!(["door-access"]))]
    purposes: Vec<String>,
    collection: Option<String>,
    /// Such as 08:00-18:00+08:00.
    hours: Option<String>,
    #[schema(minimum = 1)]
    per_day: Option<u32>,
    #[schema(minimum = 1)]
    per_minute: Option<u32>,
    until: Option<String>,
    statement: Option<String>,
    #[serde(default)]
    embeddings: bool,
    #[serde(default)]
    mass_delete: bool,
}

/// A key was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyMade {
    /// Its text: shown this once, kept nowhere.
    text: String,
    key: KeySaid,
    receipt: ReceiptSaid,
}

/// Every key there ever was, the newest first; to a key of a collection, those of that collection
#[utoipa::path(
    get, path = "/v1/keys", tag = "keys", params(After),
    responses((status = 200, body = KeysSaid), (status = 304)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(asked): Asked<After>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::Keys, None)?;
    let keys = caller.ward.keys().await?;
    let keys = keys.iter().filter(|key| reaches(&caller.key, key));
    let page = asked.of(keys.map(said).collect(), |key: &KeySaid| key.id.clone())?;
    let said = KeysSaid {
        keys: page.items,
        total: page.total,
        next: page.next,
    };
    tagged(&headers, &said)
}

/// Make a key
#[utoipa::path(
    post, path = "/v1/keys", tag = "keys", request_body = KeyAsk,
    responses((status = 201, body = KeyMade)),
)]
pub(crate) async fn create(
    caller: Caller,
    Body(ask): Body<KeyAsk>,
) -> Result<(StatusCode, Json<KeyMade>), Problem> {
    caller.may(Right::Keys, None)?;
    let terms = terms(ask)?;
    within(&caller.key, &terms)?;
    let (key, text, receipt) = caller.ward.create_key(terms).await?;
    let made = KeyMade {
        text: text.reveal().to_string(),
        key: said(&key),
        receipt: ReceiptSaid::of(&receipt),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Take a key out of use, at once
#[utoipa::path(
    delete, path = "/v1/keys/{key}", tag = "keys", params(("key" = String, Path, description = "Identifier of the key; not its text")),
    responses((status = 200, body = DoneSaid), (status = 404, body = Problem)),
)]
pub(crate) async fn revoke(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DoneSaid>, Problem> {
    caller.may(Right::Keys, None)?;
    let nowhere = || Problem::not_found("there is no such key");
    let id: KeyId = id.parse().map_err(|_| nowhere())?;
    let keys = caller.ward.keys().await?;
    let key = keys.iter().find(|key| key.id == id);
    key.filter(|key| reaches(&caller.key, key))
        .ok_or_else(nowhere)?;
    let receipt = caller.ward.revoke_key(id).await?;
    Ok(Json(DoneSaid::of(&receipt)))
}

fn terms(ask: KeyAsk) -> Result<KeyTerms, Problem> {
    let word = |error: BadWord| Problem::bad_request(error);
    let count = |count: Option<u32>, name: &str| match count.map(NonZeroU32::new) {
        None => Ok(None),
        Some(Some(count)) => Ok(Some(count)),
        Some(None) => Err(Problem::bad_request(format!("`{name}` is at least 1"))),
    };
    let mut rights = std::collections::BTreeSet::new();
    for right in &ask.rights {
        rights.insert(right.parse().map_err(word)?);
    }
    let mut purposes = Vec::new();
    for purpose in &ask.purposes {
        purposes.push(purpose.parse().map_err(Problem::bad_request)?);
    }
    let until = ask.until.map(|until| until.parse()).transpose();
    let moment = |_| Problem::bad_request("`until` is a moment such as 2026-11-24T08:00:00Z");
    Ok(KeyTerms {
        name: ask.name,
        kind: ask.kind.as_deref().unwrap_or("api").parse().map_err(word)?,
        purposes,
        rights,
        collection: ask
            .collection
            .map(|c| c.parse())
            .transpose()
            .map_err(word)?,
        hours: ask
            .hours
            .map(|hours| hours.parse())
            .transpose()
            .map_err(word)?,
        per_day: count(ask.per_day, "per_day")?,
        per_minute: count(ask.per_minute, "per_minute")?,
        until: until.map_err(moment)?,
        statement: ask.statement,
        embeddings: ask.embeddings,
        mass_delete: ask.mass_delete,
    })
}

/// Whether a key may know of another.
fn reaches(asking: &ApiKey, other: &ApiKey) -> bool {
    let own = &asking.terms.collection;
    own.is_none() || *own == other.terms.collection
}

/// Whether the new key stays within the reach of the one that asks.
fn within(asking: &ApiKey, new: &KeyTerms) -> Result<(), Problem> {
    let own = &asking.terms;
    let purposes = own.purposes.is_empty()
        || (!new.purposes.is_empty() && new.purposes.iter().all(|p| own.purposes.contains(p)));
    let until = own.until.is_none() || new.until.is_some_and(|until| own.until >= Some(until));
    let further = !purposes
        || !until
        || !new.rights.is_subset(&own.rights)
        || (own.collection.is_some() && own.collection != new.collection)
        || (own.hours.is_some() && own.hours != new.hours)
        || (new.embeddings && !own.embeddings)
        || (new.mass_delete && !own.mass_delete);
    if further {
        return Err(Problem::forbidden(
            "a key makes no key that reaches further than itself; the terminal and the console do",
        ));
    }
    Ok(())
}

fn said(key: &ApiKey) -> KeySaid {
    let terms = &key.terms;
    KeySaid {
        id: key.id.to_string(),
        name: terms.name.clone(),
        kind: terms.kind.to_string(),
        purposes: terms.purposes.iter().map(ToString::to_string).collect(),
        rights: terms.rights.iter().map(Right::to_string).collect(),
        collection: terms.collection.as_ref().map(ToString::to_string),
        hours: terms.hours.map(|hours| hours.to_string()),
        per_day: terms.per_day.map(NonZeroU32::get),
        per_minute: terms.per_minute.map(NonZeroU32::get),
        until: terms.until.map(|until| until.to_string()),
        created: key.created.to_string(),
        revoked: key.revoked.map(|revoked| revoked.to_string()),
    }
}
