//! What went wrong, as CompreFace says it: a message and a code, which clients match on. Codes from
//! 1000 are ours.
//!
//! | code | status | when |
//! |---|---|---|
//! | 1001 | 403 | the law refuses; the message names each article |
//! | 1002 | 403 | the key does not reach this |
//! | 1003 | 400 | two people would be mixed up: another face, or another person's name |
//! | 1004 | 400 | the picture is not good enough to be kept |
//! | 1005 | 400 | the picture seems to show a picture |
//! | 1006 | 400 | there is nothing the face could be compared with |
//! | 1010 | 429 | too much at once; `Retry-After` says when to come back |
//! | 1011 | 403 | deleting everybody, which the key must allow |

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faceward::{FaceError, Outcome, Unusable, VaultError, Verdict, WardError};
use serde_json::json;

use crate::Problem;

/// A refusal or a failure in CompreFace's form.
#[derive(Debug)]
pub(crate) struct Fault {
    status: StatusCode,
    code: u16,
    message: String,
    retry_after: Option<u64>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, code: u16, message: impl ToString) -> Self {
        Self {
            status,
            code,
            message: message.to_string(),
            retry_after: None,
        }
    }

    pub(crate) fn bad(code: u16, message: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// Whatever CompreFace does not explain.
    pub(crate) fn unexplained() -> Self {
        Self::bad(0, "Something went wrong, please try again")
    }

    pub(crate) fn not_found(code: u16, message: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(crate) fn no_face() -> Self {
        Self::bad(28, "No face is found in the given image")
    }

    pub(crate) fn no_subject(name: &str) -> Self {
        Self::not_found(42, format!("Subject {name} not found"))
    }

    /// The key does not reach this.
    pub(crate) fn forbidden(why: impl ToString) -> Self {
        Self::new(StatusCode::FORBIDDEN, 1002, why)
    }
}

/// What was decided; a refusal and a picture without an answer become faults.
pub(crate) fn answer<T>(verdict: Verdict<T>) -> Result<T, Fault> {
    match verdict.outcome {
        Outcome::Done(found) => Ok(found),
        Outcome::Refused(refusal) => Err(Fault::new(StatusCode::FORBIDDEN, 1001, refusal)),
        Outcome::Unusable(why) => Err(why.into()),
    }
}

impl From<Unusable> for Fault {
    fn from(why: Unusable) -> Self {
        match &why {
            Unusable::Picture(FaceError::SeveralFaces { .. }) => {
                Self::bad(31, "More than one face in the source image")
            }
            // A picture that cannot be read is one without a face there.
            Unusable::Picture(_) => Self::no_face(),
            Unusable::SomeoneElse { .. } => Self::bad(1003, why),
            Unusable::PoorQuality(_) => Self::bad(1004, why),
            Unusable::NotLive(_) => Self::bad(1005, why),
            Unusable::NoReference
            | Unusable::NoMap
            | Unusable::NoThreshold(_)
            | Unusable::KeptAlready => Self::bad(1006, why),
        }
    }
}

impl From<WardError> for Fault {
    fn from(error: WardError) -> Self {
        match &error {
            WardError::UnknownReference(_) => Self::not_found(44, "Image Id is incorrect"),
            WardError::Match(_) => Self::bad(0, error),
            WardError::Vault(VaultError::Handle(_)) => Self::bad(26, error),
            WardError::Vault(VaultError::HandleTaken(_)) => Self::bad(43, "Subject already exists"),
            _ => Problem::from(error).into(),
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let status = problem.status();
        let code = match status {
            StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => 1001,
            StatusCode::FORBIDDEN => 1002,
            StatusCode::TOO_MANY_REQUESTS => 1010,
            _ => 0,
        };
        let retry_after = problem.retry_after;
        Self {
            retry_after,
            ..Self::new(status, code, problem.detail)
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let body = json!({ "message": self.message, "code": self.code });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
