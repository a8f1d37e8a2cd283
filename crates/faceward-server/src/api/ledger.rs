//! The ledger: what was recorded, and the proof of it.

use axum::Json;
use axum::extract::Path;
use faceward::{Entry, Right};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Asked;
use super::paging::limit;
use super::wire::ReceiptSaid;
use crate::Problem;
use crate::caller::Caller;

/// One entry: identifiers and salted commitments, no name, no score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntrySaid {
    entry: u64,
    at: String,
    act: String,
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    /// The provisions that decided.
    rules: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Who asked: `key:ID`, `account:ID` or `person`; absent for the terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntriesSaid {
    entries: Vec<EntrySaid>,
    /// How many there are in all.
    size: u64,
}

/// One entry with its proof.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryProven {
    entry: EntrySaid,
    proof: ReceiptSaid,
}

/// The signed head of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckpointSaid {
    size: u64,
    /// The key that verifies checkpoints (C2SP signed note).
    key: String,
    /// The newest signed checkpoint; none while the ledger is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct From {
    /// Position of the first, from 0.
    from: Option<u64>,
    /// How many at most, 1 to 1000; 100 if not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Entries by position
#[utoipa::path(
    get, path = "/v1/ledger/entries", tag = "ledger", params(From),
    responses((status = 200, body = EntriesSaid)),
)]
pub(crate) async fn entries(
    caller: Caller,
    Asked(asked): Asked<From>,
) -> Result<Json<EntriesSaid>, Problem> {
    caller.may(Right::Ledger, None)?;
    let from = asked.from.unwrap_or(0);
    let to = from.saturating_add(limit(asked.limit)? as u64);
    let entries = caller.ward.entries(from..to).await?;
    Ok(Json(EntriesSaid {
        entries: entries.iter().map(said).collect(),
        size: caller.ward.ledger_size().await?,
    }))
}

/// One entry, and the proof that it is in the ledger
#[utoipa::path(
    get, path = "/v1/ledger/entries/{entry}", tag = "ledger", params(("entry" = u64, Path, description = "Position of the entry, from 0")),
    responses((status = 200, body = EntryProven), (status = 404, body = Problem)),
)]
pub(crate) async fn entry(
    caller: Caller,
    Path(position): Path<String>,
) -> Result<Json<EntryProven>, Problem> {
    caller.may(Right::Ledger, None)?;
    let nowhere = || Problem::not_found("there is no entry at this position");
    let position: u64 = position.parse().map_err(|_| nowhere())?;
    let found = caller
        .ward
        .entries(position..position.saturating_add(1))
        .await?;
    let entry = found.first().ok_or_else(nowhere)?;
    let proof = caller.ward.entry_proof(position).await?;
    Ok(Json(EntryProven {
        entry: said(entry),
        proof: ReceiptSaid::of(&proof),
    }))
}

/// The signed head, to be kept elsewhere
#[utoipa::path(
    get, path = "/v1/ledger/checkpoint", tag = "ledger",
    responses((status = 200, body = CheckpointSaid)),
)]
pub(crate) async fn checkpoint(caller: Caller) -> Result<Json<CheckpointSaid>, Problem> {
    caller.may(Right::Ledger, None)?;
    let size = caller.ward.ledger_size().await?;
    let checkpoint = match size.checked_sub(1) {
        Some(last) => Some(caller.ward.entry_proof(last).await?.checkpoint().to_owned()),
        None => None,
    };
    Ok(Json(CheckpointSaid {
        size,
        key: caller.ward.ledger_key().to_string(),
        checkpoint,
    }))
}

fn said(entry: &Entry) -> EntrySaid {
    let event = &entry.event;
    EntrySaid {
        entry: entry.position,
        at: event.at.to_string(),
        act: event.act.word().to_owned(),
        outcome: event.outcome.word().to_owned(),
        purpose: event.purpose.clone(),
        rules: event.rules.clone(),
        model: event.model.clone(),
        reason: event.reason.clone(),
        by: event.by.map(|by| by.to_string()),
    }
}
