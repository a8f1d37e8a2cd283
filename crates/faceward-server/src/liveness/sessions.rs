//! Beginning a session and asking how it ended: for programs with a key.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use faceward::{Purpose, Right, Watching};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::Session;
use crate::Problem;
use crate::api::Body;
use crate::caller::Caller;
use crate::door::Door;
use crate::tokens::{Secret, Tokens};

/// Sessions under way and their outcomes, in memory.
pub(crate) struct Sessions {
    /// By the token of their page.
    pages: Tokens<Held>,
    /// By the identifier their caller has.
    results: Tokens<Held>,
}

pub(super) type Held = Arc<Mutex<Session>>;

/// How long a page can be used, from the beginning of its session.
const LIFETIME: Duration = Duration::from_secs(120);
/// How long an outcome can be asked for.
const RESULT_LIFETIME: Duration = Duration::from_secs(15 * 60);
const MOST_UNDER_WAY: usize = 200;
const MOST_RESULTS: usize = 10_000;

impl Sessions {
    pub(crate) fn new() -> Self {
        Self {
            pages: Tokens::new(LIFETIME, MOST_UNDER_WAY),
            results: Tokens::new(RESULT_LIFETIME, MOST_RESULTS),
        }
    }

    /// The session of a page; looking does not lengthen its life.
    pub(super) fn of_page(&self, token: &str) -> Option<Held> {
        self.pages.update(token, |held| held.clone())
    }

    fn keep(&self, session: Session) -> Option<(Secret, Secret)> {
        let held = Arc::new(Mutex::new(session));
        let keys = (
            self.results.give(held.clone())?,
            self.pages.give(held.clone())?,
        );
        tokio::spawn(async move {
            tokio::time::sleep(LIFETIME).await;
            if held.lock().await.time_is_over().await.is_err() {
                tracing::error!("the end of a liveness session could not be recorded");
            }
        });
        Some(keys)
    }
}

/// What a session rests on: a person's consent for a purpose, or a statement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LivenessAsk)]
pub(super) struct Asked {
    /// Who is claimed to be before the camera; with `purpose`.
    subject: Option<String>,
    /// For which purpose they agreed; with `subject`.
    purpose: Option<String>,
    /// Who agreed to this, and how, instead of both; the key's statement if nothing is said.
    statement: Option<String>,
}

/// A session was begun.
#[derive(Serialize, ToSchema)]
#[schema(as = LivenessBegun)]
pub(super) struct Begun {
    /// To ask for the outcome with.
    session: String,
    /// To be given to whoever is before the camera; good for two minutes.
    token: String,
    /// The page to send them to.
    url: String,
    expires_in_seconds: u64,
}

/// How a session stands.
#[derive(Serialize, ToSchema)]
#[schema(as = LivenessOutcome)]
pub(super) struct Outcome {
    /// `waiting`, `passed`, `failed` or `over`.
    status: &'static str,
    /// Mean passive score of the frames that looked ahead, where it was passed.
    score: Option<f32>,
    /// Why not, in a word.
    reason: Option<&'static str>,
    /// The ledger's entry about it.
    entry: Option<u64>,
}

/// Begin a session, and get the page to send the person to
#[utoipa::path(
    post, path = "/v1/liveness/sessions", tag = "liveness", request_body = Asked,
    responses((status = 201, body = Begun), (status = 451, body = Problem)),
)]
pub(super) async fn begin(
    State(door): State<Door>,
    caller: Caller,
    headers: HeaderMap,
    Body(asked): Body<Asked>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let on = rests_on(&caller, asked)?;
    if door.liveness().pages.count() >= MOST_UNDER_WAY {
        return Err(Problem::too_many("too many sessions are under way", 10));
    }
    if let Some((refusal, receipt)) = caller.ward.may_watch(&on).await? {
        return Err(Problem::refused(&refusal).recorded(&receipt));
    }
    let session = Session::new(caller.ward_name, caller.ward, on);
    let session = session.ok_or_else(Problem::failed)?;
    let (id, token) = door.liveness().keep(session).ok_or_else(Problem::failed)?;
    let scheme = if door.secure() { "https" } else { "http" };
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let begun = Begun {
        url: match host {
            Some(host) => format!("{scheme}://{host}/liveness/{}", *token),
            None => format!("/liveness/{}", *token),
        },
        session: id.to_string(),
        token: token.to_string(),
        expires_in_seconds: LIFETIME.as_secs(),
    };
    Ok((StatusCode::CREATED, Json(begun)))
}

/// How a session ended; kept for a quarter of an hour
#[utoipa::path(
    get, path = "/v1/liveness/sessions/{session}", tag = "liveness", params(("session" = String, Path, description = "What the beginning gave as `session`")),
    responses((status = 200, body = Outcome), (status = 404, body = Problem)),
)]
pub(super) async fn result(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Outcome>, Problem> {
    caller.may(Right::Liveness, None)?;
    let none =
        || Problem::not_found("there is no such session, or its outcome is not kept any more");
    let held = door.liveness().results.update(&id, |held| held.clone());
    let held = held.ok_or_else(none)?;
    let session = held.lock().await;
    if session.ward_name != caller.ward_name {
        return Err(none());
    }
    let ended = session.ended();
    let status = match ended {
        Some(ended) if ended.passed => "passed",
        Some(ended) if ended.reason == Some(super::session::OVER) => "over",
        Some(_) => "failed",
        None if session.is_over(LIFETIME) => "over",
        None => "waiting",
    };
    Ok(Json(Outcome {
        status,
        score: ended.and_then(|ended| ended.score),
        reason: ended.and_then(|ended| ended.reason),
        entry: ended.map(|ended| ended.entry),
    }))
}

fn rests_on(caller: &Caller, asked: Asked) -> Result<Watching, Problem> {
    const EITHER: &str = "say either `subject` and `purpose`, or `statement`";
    let statement = asked
        .statement
        .or_else(|| caller.key.terms.statement.clone());
    match (asked.subject, asked.purpose, statement) {
        (Some(subject), Some(purpose), _) => {
            let purpose: Purpose = purpose.parse().map_err(Problem::bad_request)?;
            caller.may(Right::Liveness, Some(&purpose))?;
            let handle = caller.key.handle(&subject)?;
            Ok(Watching::Claim { handle, purpose })
        }
        (None, None, Some(statement)) => {
            caller.may(Right::Liveness, None)?;
            Ok(Watching::Statement(statement))
        }
        _ => Err(Problem::bad_request(EITHER)),
    }
}
