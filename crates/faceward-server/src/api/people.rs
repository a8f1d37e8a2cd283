//! People, and the links to their own pages.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use faceward::{Handle, ListedSubject, Purpose, Right, WardError};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Asked, Body};
use super::paging::{After, limit};
use super::wire::{DoneSaid, ReceiptSaid};
use crate::Problem;
use crate::caller::Caller;
use crate::tagged::{still, tagged};

/// Somebody the ward knows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectSaid {
    /// What they are called here.
    subject: String,
    /// Their opaque identifier.
    id: String,
    purposes: Vec<PurposeSaid>,
    /// On which day they died, if that is on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    died: Option<String>,
}

/// What is there of somebody for one purpose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PurposeSaid {
    purpose: String,
    /// How many references are enrolled.
    references: u64,
    /// How their consent stands: given, renewed, expired, withdrawn, …
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<String>,
    /// Until when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectsSaid {
    subjects: Vec<SubjectSaid>,
    /// How many there are in all.
    total: usize,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Somebody's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameAsk {
    #[schema(example = "alice", min_length = 1, max_length = 128)]
    subject: String,
}

/// A person was made known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedSaid {
    subject: String,
    id: String,
    receipt: ReceiptSaid,
}

/// A person was forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForgottenSaid {
    /// How many references were removed.
    references: u64,
    /// How many consent records.
    consents: u64,
    /// How many keys were destroyed.
    keys: u64,
    /// Where was looked for what might be left.
    verified: String,
    /// The signed erasure certificate (JWS), where one could be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    receipt: ReceiptSaid,
}

/// Whom a link is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkAsk {
    /// The purposes they are asked about.
    #[schema(example = json!(["door-access"]))]
    purposes: Vec<String>,
    /// For how many days it can be opened, 1 to 90; 7 if not said.
    #[schema(minimum = 1, maximum = 90)]
    days: Option<u8>,
}

/// A link to a person's own pages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkSaid {
    /// Its path on this server; shown once, good once.
    path: String,
    until: String,
    receipt: ReceiptSaid,
}

/// Everybody this key reaches, by name.
#[utoipa::path(
    get, path = "/v1/subjects", tag = "people", params(After),
    responses((status = 200, body = SubjectsSaid), (status = 304)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(asked): Asked<After>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::Subjects, None)?;
    let after = asked
        .after
        .map(|name| caller.key.handle(&name))
        .transpose()?;
    let limit = limit(asked.limit)?;
    let page = caller
        .ward
        .subjects(caller.key.within(), after.as_ref(), limit)
        .await?;
    let subjects: Vec<SubjectSaid> = page
        .subjects
        .iter()
        .filter_map(|listed| said(&caller, listed))
        .collect();
    let last = subjects.last().map(|last| last.subject.clone());
    let said = SubjectsSaid {
        next: last.filter(|_| page.more),
        total: page.total,
        subjects,
    };
    tagged(&headers, &said)
}

/// Make somebody known, without a face or a consent
#[utoipa::path(
    post, path = "/v1/subjects", tag = "people", request_body = NameAsk,
    responses((status = 201, body = AddedSaid), (status = 409, body = Problem)),
)]
pub(crate) async fn add(
    caller: Caller,
    Body(ask): Body<NameAsk>,
) -> Result<(StatusCode, Json<AddedSaid>), Problem> {
    caller.may(Right::Subjects, None)?;
    let handle = caller.key.handle(&ask.subject)?;
    let (id, receipt) = caller.ward.add_subject(&handle).await?;
    let added = AddedSaid {
        subject: ask.subject,
        id: id.to_string(),
        receipt: ReceiptSaid::of(&receipt),
    };
    Ok((StatusCode::CREATED, Json(added)))
}

/// One person: what is there for each purpose
#[utoipa::path(
    get, path = "/v1/subjects/{subject}", tag = "people", params(("subject" = String, Path, description = "What the person is called")),
    responses((status = 200, body = SubjectSaid), (status = 304), (status = 404, body = Problem)),
)]
pub(crate) async fn one(
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (_, said) = known(&caller, &name).await?;
    tagged(&headers, &said)
}

/// Give a person another name
#[utoipa::path(
    put, path = "/v1/subjects/{subject}", tag = "people", params(("subject" = String, Path, description = "What the person is called")), request_body = NameAsk,
    responses((status = 200, body = DoneSaid), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)),
)]
pub(crate) async fn rename(
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
    Body(ask): Body<NameAsk>,
) -> Result<Json<DoneSaid>, Problem> {
    caller.may(Right::Subjects, None)?;
    let (from, to) = (caller.key.handle(&name)?, caller.key.handle(&ask.subject)?);
    let meant = |now: &ListedSubject| said(&caller, now).is_some_and(|now| still(&headers, &now));
    let receipt = caller.ward.correct_handle_if(&from, &to, meant).await?;
    Ok(Json(DoneSaid::of(&receipt)))
}

/// Forget a person: keys destroyed, older copies dead, then searched for what is left
#[utoipa::path(
    delete, path = "/v1/subjects/{subject}", tag = "people", params(("subject" = String, Path, description = "What the person is called")),
    responses((status = 200, body = ForgottenSaid), (status = 404, body = Problem)),
)]
pub(crate) async fn forget(
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<ForgottenSaid>, Problem> {
    let (handle, _) = known(&caller, &name).await?;
    let forgotten = match caller.ward.forget(&handle).await {
        // The person is forgotten all the same; what is left was said in the server's log.
        Err(WardError::Remains { forgotten, found }) => {
            tracing::error!(
                count = found.len(),
                "something of a forgotten person is left"
            );
            *forgotten
        }
        other => other?,
    };
    Ok(Json(ForgottenSaid {
        references: forgotten.forgotten.templates,
        consents: forgotten.forgotten.consents,
        keys: forgotten.forgotten.keys,
        verified: forgotten.verified,
        certificate: forgotten.erasure.map(|erasure| erasure.signed),
        receipt: ReceiptSaid::of(&forgotten.receipt),
    }))
}

/// A link that lets a person onto their own pages
#[utoipa::path(
    post, path = "/v1/subjects/{subject}/links", tag = "people", params(("subject" = String, Path, description = "What the person is called")), request_body = LinkAsk,
    responses((status = 201, body = LinkSaid)),
)]
pub(crate) async fn link(
    caller: Caller,
    Path(name): Path<String>,
    Body(ask): Body<LinkAsk>,
) -> Result<(StatusCode, Json<LinkSaid>), Problem> {
    caller.may(Right::Subjects, None)?;
    let handle = caller.key.handle(&name)?;
    let mut purposes: Vec<Purpose> = Vec::new();
    for purpose in &ask.purposes {
        let purpose: Purpose = purpose.parse().map_err(Problem::bad_request)?;
        caller.may(Right::Subjects, Some(&purpose))?;
        purposes.push(purpose);
    }
    let days = ask.days.unwrap_or(7);
    if !(1..=90).contains(&days) {
        return Err(Problem::bad_request("`days` is 1 to 90"));
    }
    let valid_for = SignedDuration::from_hours(24 * i64::from(days));
    let (link, text, receipt) = caller.ward.make_link(&handle, &purposes, valid_for).await?;
    let made = LinkSaid {
        path: format!("/me/{}", *text.reveal()),
        until: link.until.to_string(),
        receipt: ReceiptSaid::of(&receipt),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// The person of this name within the key's reach.
pub(super) async fn known(caller: &Caller, name: &str) -> Result<(Handle, SubjectSaid), Problem> {
    caller.may(Right::Subjects, None)?;
    let handle = caller.key.handle(name)?;
    let listed = caller.ward.subject(&handle).await?;
    let said = said(caller, &listed).ok_or_else(Problem::failed)?;
    Ok((handle, said))
}

fn said(caller: &Caller, listed: &ListedSubject) -> Option<SubjectSaid> {
    let purpose = |here: &faceward::SubjectPurpose| PurposeSaid {
        purpose: here.purpose.to_string(),
        references: here.references,
        consent: here.consent.map(|state| state.word().to_owned()),
        until: here.until.map(|until| until.to_string()),
    };
    Some(SubjectSaid {
        subject: caller.key.own(&listed.handle)?.to_owned(),
        id: listed.subject.to_string(),
        purposes: listed
            .purposes
            .iter()
            .filter(|here| caller.acts_for(&here.purpose))
            .map(purpose)
            .collect(),
        died: listed.died.map(|day| day.to_string()),
    })
}
