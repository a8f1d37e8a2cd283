//! Bodies and queries whose faults are told as problems.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::Problem;
use crate::door::Door;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Door> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, door).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(error) => Err(match error.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(door.limits().body),
                StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                    Problem::unsupported("send application/json, and say so in `Content-Type`")
                }
                _ => Problem::bad_request(plainly("the body", &error.body_text())),
            }),
        }
    }
}

/// What stands in the query.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Door> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, door).await;
        let unread = |text: String| Problem::bad_request(plainly("the query", &text));
        let query = query.map_err(|error| unread(error.body_text()))?;
        Ok(Self(query.0))
    }
}

/// What does not fit, without axum's words about types of ours.
fn plainly(what: &str, text: &str) -> String {
    let why = text.split_once(": ").map_or(text, |(_, why)| why);
    format!("{what} cannot be read: {why}")
}
