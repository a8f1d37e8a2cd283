//! What people ask about their data: received, and what became of it.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use faceward::{
    Asker, Handle, Request, RequestAsk, RequestId, RequestKind, RequestRecorded, Right,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Asked, Body};
use super::paging::After;
use super::wire::ReceiptSaid;
use crate::Problem;
use crate::caller::Caller;
use crate::tagged::tagged;

/// A request on record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestSaid {
    id: String,
    subject: String,
    kind: String,
    state: String,
    /// Until when an answer is due.
    due: String,
    overdue: bool,
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestsSaid {
    requests: Vec<RequestSaid>,
    /// How many there are in all.
    total: usize,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A request as it came in from the person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestReceive {
    #[schema(example = "alice")]
    subject: String,
    /// access, copy, correction, deletion, restriction, objection or explanation.
    #[schema(
        example = "access",
        pattern = "^(access|copy|correction|deletion|restriction|objection|explanation)$"
    )]
    kind: String,
    /// How it came in.
    #[schema(example = "by letter")]
    channel: String,
    /// What exactly, in words.
    details: Option<String>,
}

/// What became of a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestAnswer {
    /// met, refused, extended or withdrawn.
    #[schema(example = "met", pattern = "^(met|refused|extended|withdrawn)$")]
    outcome: String,
    /// The reason that the person was told; needed to refuse or extend.
    reason: Option<String>,
}

/// A request was recorded, or what became of one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestRecordedSaid {
    request: RequestSaid,
    receipt: ReceiptSaid,
}

/// Every request on record, the one that is due first in front
#[utoipa::path(
    get, path = "/v1/requests", tag = "requests", params(After),
    responses((status = 200, body = RequestsSaid), (status = 304)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(asked): Asked<After>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::Requests, None)?;
    let listed = caller.ward.requests().await?;
    let said = |one: &faceward::Listed| said(&caller, &one.request, &one.handle);
    let requests: Vec<RequestSaid> = listed.iter().filter_map(said).collect();
    let page = asked.of(requests, |one| one.id.clone())?;
    let said = RequestsSaid {
        requests: page.items,
        total: page.total,
        next: page.next,
    };
    tagged(&headers, &said)
}

/// Put a request on record
#[utoipa::path(
    post, path = "/v1/requests", tag = "requests", request_body = RequestReceive,
    responses((status = 201, body = RequestRecordedSaid)),
)]
pub(crate) async fn receive(
    caller: Caller,
    Body(ask): Body<RequestReceive>,
) -> Result<(StatusCode, Json<RequestRecordedSaid>), Problem> {
    caller.may(Right::Requests, None)?;
    let kind: RequestKind = ask.kind.parse().map_err(Problem::bad_request)?;
    let recorded = caller
        .ward
        .receive_request(RequestAsk {
            handle: caller.key.handle(&ask.subject)?,
            kind,
            asker: Asker::Subject,
            details: ask.details,
            channel: ask.channel,
            received: None,
            regime: None,
        })
        .await?;
    Ok((StatusCode::CREATED, Json(told(&caller, &recorded)?)))
}

/// Record what became of a request
#[utoipa::path(
    post, path = "/v1/requests/{request}/answer", tag = "requests", params(("request" = String, Path, description = "Identifier of the request")), request_body = RequestAnswer,
    responses((status = 200, body = RequestRecordedSaid), (status = 404, body = Problem), (status = 409, body = Problem)),
)]
pub(crate) async fn answer(
    caller: Caller,
    Path(id): Path<String>,
    Body(ask): Body<RequestAnswer>,
) -> Result<Json<RequestRecordedSaid>, Problem> {
    caller.may(Right::Requests, None)?;
    let nowhere = || Problem::not_found("there is no such request");
    let id: RequestId = id.parse().map_err(|_| nowhere())?;
    let listed = caller.ward.requests().await?;
    let known = listed.iter().find(|listed| listed.request.id() == id);
    caller
        .key
        .own(&known.ok_or_else(nowhere)?.handle)
        .ok_or_else(nowhere)?;
    let reason = || {
        let reason = ask
            .reason
            .clone()
            .filter(|reason| !reason.trim().is_empty());
        reason.ok_or_else(|| Problem::bad_request("`reason` is what the person was told"))
    };
    let recorded = match ask.outcome.as_str() {
        "met" => caller.ward.meet_request(id, ask.reason.clone()).await?,
        "refused" => caller.ward.refuse_request(id, reason()?).await?,
        "extended" => caller.ward.extend_request(id, reason()?).await?,
        "withdrawn" => caller.ward.withdraw_request(id).await?,
        _ => {
            let words = "`outcome` is met, refused, extended or withdrawn";
            return Err(Problem::bad_request(words));
        }
    };
    Ok(Json(told(&caller, &recorded)?))
}

fn told(caller: &Caller, recorded: &RequestRecorded) -> Result<RequestRecordedSaid, Problem> {
    let request = said(caller, &recorded.request, &recorded.handle);
    Ok(RequestRecordedSaid {
        request: request.ok_or_else(Problem::failed)?,
        receipt: ReceiptSaid::of(&recorded.receipt),
    })
}

/// Nothing of somebody the key does not reach.
fn said(caller: &Caller, request: &Request, handle: &Handle) -> Option<RequestSaid> {
    Some(RequestSaid {
        id: request.id().to_string(),
        subject: caller.key.own(handle)?.to_owned(),
        kind: request.asked().kind.word().to_owned(),
        state: request.state().word().to_owned(),
        due: request.due().to_string(),
        overdue: request.is_overdue(crate::limits::now()),
    })
}
