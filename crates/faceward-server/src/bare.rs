//! Refusals that were made before a handler was reached, by a bound or because the address cannot be
//! read: told like all others.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::door::Door;
use crate::{Limits, Problem};

/// Around everything that refuses with a status and no more.
pub(crate) async fn told(State(door): State<Door>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if is_bare(&response) {
        problem(response.status(), door.limits()).into_response()
    } else {
        response
    }
}

fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    plain && (status.is_client_error() || status.is_server_error())
}

fn problem(status: StatusCode, limits: &Limits) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(limits.body),
        StatusCode::REQUEST_TIMEOUT => Problem::new(
            status,
            "too-slow",
            "The request took too long",
            format!(
                "a request may take {} seconds; send less at once, or later",
                limits.time.as_secs()
            ),
        ),
        StatusCode::BAD_REQUEST => {
            Problem::bad_request("the address cannot be read: write it in UTF-8, percent-encoded")
        }
        status if status.is_server_error() => Problem::failed(),
        status => Problem::new(
            status,
            "refused",
            "The request was refused",
            status.canonical_reason().unwrap_or("ask otherwise"),
        ),
    }
}
