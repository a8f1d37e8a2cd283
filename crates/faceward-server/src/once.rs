//! An act asked for twice under one `Idempotency-Key` is done once.
//!
//! A client that lost the answer to a POST cannot know whether anything was done. It asks again
//! with the same key, and gets the answer that was given. What is asked for under a key is done to
//! its end even when whoever asked is gone by then.
//!
//! Answers are kept in memory, wiped when they go, and never longer than people's consents: once
//! somebody withdrew or was forgotten, an answer kept from before is let go, and asking again says
//! that the act was done and no more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use faceward::Moment;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Problem;
use crate::caller::Caller;
use crate::door::Door;
use crate::limits::now;

/// How a client names what it asks for.
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const LONGEST_KEY: usize = 255;
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Acts remembered at once; beyond it, the oldest goes.
const MOST_ACTS: usize = 10_000;
/// Bytes of one answer; a larger one is done and let go.
const LARGEST_ANSWER: usize = 64 * 1024;

/// What was asked for under a key, and what came of it.
#[derive(Default)]
pub(crate) struct Acts(Mutex<HashMap<Name, Act>>);

/// Caller, route and key, hashed together.
type Name = [u8; 32];

struct Act {
    /// Of the request's body.
    asked: [u8; 32],
    began: Instant,
    came: Came,
}

#[derive(Clone)]
enum Came {
    UnderWay,
    Answered(Arc<Answer>),
    /// Done, and the answer is not kept any more.
    LetGo,
}

struct Answer {
    /// When its act began, by the ward's vault.
    moment: Moment,
    status: StatusCode,
    kind: Option<HeaderValue>,
    body: Zeroizing<Vec<u8>>,
}

/// Does what a POST asks for under a key, or answers as before. Requests without one pass.
pub(crate) async fn once(State(door): State<Door>, request: Request, next: Next) -> Response {
    let keyed = request.method() == Method::POST && request.headers().contains_key(KEY);
    if !keyed {
        return next.run(request).await;
    }
    match keyed_once(door, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed_once(door: Door, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &door).await?;
    caller.key.holds(now()).map_err(Problem::forbidden)?;
    let path = parts.uri.path();
    let name = name(&parts.headers, path, &caller)?;
    let most = door.limits().body;
    let body = to_bytes(body, most).await;
    let body = body.map_err(|_| Problem::too_large(most))?;
    let asked: [u8; 32] = Sha256::digest(&body).into();
    if let Some(came) = door.acts().begin(name, asked)? {
        return again(&door, name, came, &caller).await;
    }
    let under_way = UnderWay { door, name };
    // Before the act, so that nobody can leave between the two unnoticed.
    let moment = caller.ward.moment().await?;
    parts.extensions.insert(caller);
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: it ends, and is remembered, also when nobody waits for it any more.
    let done = tokio::spawn(async move { under_way.over(next.run(request).await, moment).await });
    done.await.map_err(|_| Problem::failed())?
}

fn name(headers: &HeaderMap, path: &str, caller: &Caller) -> Result<Name, Problem> {
    let mut keys = headers.get_all(KEY).iter();
    let key = keys.next().and_then(|key| key.to_str().ok());
    let key = key.filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
    let (Some(key), None) = (key, keys.next()) else {
        return Err(Problem::bad_request(format!(
            "`Idempotency-Key` is one text of 1 to {LONGEST_KEY} visible ASCII characters, such as a UUID"
        )));
    };
    let mut hash = Sha256::new();
    for part in [&caller.key.id.to_string(), path, key] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Ok(hash.finalize().into())
}

async fn again(door: &Door, name: Name, came: Came, caller: &Caller) -> Result<Response, Problem> {
    let answer = match came {
        Came::UnderWay => {
            let mut problem = Problem::conflict("this is being done: ask again in a moment");
            problem.retry_after = Some(1);
            return Err(problem);
        }
        Came::Answered(answer) => answer,
        Came::LetGo => return Err(let_go()),
    };
    if !caller.ward.moment().await?.nobody_left_since(answer.moment) {
        door.acts().let_go(name);
        return Err(let_go());
    }
    let mut response = (answer.status, answer.body.to_vec()).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Some(kind) = &answer.kind {
        headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn let_go() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "answer-let-go",
        "It was done, and the answer is not kept any more",
        "look at what is there, and ask under another key if it is to be done again",
    )
}

impl Acts {
    /// What came of an act of this name; `None` where it begins now.
    fn begin(&self, name: Name, asked: [u8; 32]) -> Result<Option<Came>, Problem> {
        let mut acts = self.acts();
        if let Some(act) = acts.get(&name).filter(|act| act.began.elapsed() < KEPT_FOR) {
            return if act.asked == asked {
                Ok(Some(act.came.clone()))
            } else {
                Err(Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "another-request",
                    "This key was used for something else",
                    "use a fresh `Idempotency-Key` for each thing you ask for",
                ))
            };
        }
        if acts.len() >= MOST_ACTS
            && let Some(oldest) = acts.iter().min_by_key(|(_, act)| act.began)
        {
            let oldest = *oldest.0;
            acts.remove(&oldest);
        }
        let began = Instant::now();
        let came = Came::UnderWay;
        acts.insert(name, Act { asked, began, came });
        Ok(None)
    }

    fn let_go(&self, name: Name) {
        if let Some(act) = self.acts().get_mut(&name) {
            act.came = Came::LetGo;
        }
    }

    /// Forgets what is over.
    pub(crate) fn rest(&self) {
        self.acts().retain(|_, act| act.began.elapsed() < KEPT_FOR);
    }

    fn acts(&self) -> MutexGuard<'_, HashMap<Name, Act>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An act that has no answer yet. Dropped without one, its key is free again.
struct UnderWay {
    door: Door,
    name: Name,
}

impl UnderWay {
    /// Keeps an answer that says something was done; any other frees the key.
    async fn over(self, response: Response, moment: Moment) -> Result<Response, Problem> {
        if !response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        // Our own answers, all of them made whole before they are sent.
        let body = to_bytes(body, usize::MAX).await;
        let body = body.map_err(|_| Problem::failed())?;
        let came = if body.len() <= LARGEST_ANSWER {
            Came::Answered(Arc::new(Answer {
                moment,
                status: parts.status,
                kind: parts.headers.get(header::CONTENT_TYPE).cloned(),
                body: Zeroizing::new(body.to_vec()),
            }))
        } else {
            Came::LetGo
        };
        if let Some(act) = self.door.acts().acts().get_mut(&self.name) {
            act.came = came;
        }
        Ok(Response::from_parts(parts, Body::from(body)))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut acts = self.door.acts().acts();
        if acts
            .get(&self.name)
            .is_some_and(|act| matches!(act.came, Came::UnderWay))
        {
            acts.remove(&self.name);
        }
    }
}
