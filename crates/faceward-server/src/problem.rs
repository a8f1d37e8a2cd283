//! What went wrong, as a client reads it (RFC 9457), and the one place that turns errors into
//! status codes.
//!
//! | status | when |
//! |---|---|
//! | 400, 422 | the request cannot be read, or a value in it cannot be |
//! | 401 | no key or session, or none that is known |
//! | 403 | the key or the role does not reach this |
//! | 404, 409, 412, 413, 415 | as usual |
//! | 422 | permitted, but the picture gave no answer (`unusable-picture`) |
//! | 429 | too much at once; `Retry-After` says when to come back |
//! | 451 | **the law engine refused**; `grounds` names each article |
//! | 500, 503 | the vault or the nets failed; nothing was decided |
//!
//! A refusal by law is 451 (RFC 7725) and not 403, so that a client can tell "your key may not" from
//! "nobody may": the first is mended with another key, the second with a consent.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faceward::{Refusal, Unusable, VaultError, WardError};
use serde::Serialize;
use utoipa::ToSchema;

/// A problem, in the form of RFC 9457 (`application/problem+json`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Which kind of problem: `urn:faceward:problem:` and a word that stays the same.
    #[serde(rename = "type")]
    #[schema(example = "urn:faceward:problem:refused-by-law")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 451)]
    pub status: u16,
    /// What happened, and what to do next.
    pub detail: String,
    /// The provisions that refused, where the law engine did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<GroundSaid>,
    /// Proof that the refusal was recorded, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::api::ReceiptSaid>)]
    pub receipt: Option<serde_json::Value>,
    /// After how many seconds to come back.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

/// One provision that decided.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GroundSaid {
    /// Identifier of the rule, as the ledger has it.
    #[schema(example = "cn-spc-2021-15/2.3-consent")]
    pub rule: String,
    /// The article, as it is cited.
    #[schema(example = "Fa Shi [2021] No. 15, Art. 2(3)")]
    pub article: String,
    /// What was found on the facts.
    pub finding: String,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(status: StatusCode, word: &str, title: &str, detail: impl ToString) -> Self {
        Self {
            kind: format!("urn:faceward:problem:{word}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_string(),
            grounds: Vec::new(),
            receipt: None,
            retry_after: None,
        }
    }

    /// The word at the end of its kind.
    pub fn word(&self) -> &str {
        self.kind.rsplit(':').next().unwrap_or_default()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A request or a value in it that cannot be read.
    pub fn bad_request(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request cannot be read",
            detail,
        )
    }

    /// Nobody known asks.
    pub fn unauthenticated(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "A key is needed",
            detail,
        )
    }

    /// The key or the role does not reach this.
    pub fn forbidden(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "The key does not reach this",
            detail,
        )
    }

    /// There is no such thing here, or not for this caller, who is not told which.
    pub fn not_found(detail: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// What is there already stands in the way.
    pub fn conflict(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "conflict",
            "In conflict with what is there",
            detail,
        )
    }

    /// The body is larger than is accepted.
    pub fn too_large(most: usize) -> Self {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        let detail = format!("a request may have {most} bytes");
        Self::new(status, "too-large", "The request is too large", detail)
    }

    /// The body has a form that is not read here.
    pub fn unsupported(detail: impl ToString) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-form",
            "This form of body is not read",
            detail,
        )
    }

    /// Too much at once.
    pub fn too_many(detail: impl ToString, retry_after: u64) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut problem = Self::new(status, "too-many", "Too much at once", detail);
        problem.retry_after = Some(retry_after.max(1));
        problem
    }

    /// The law engine refused.
    pub fn refused(refusal: &Refusal) -> Self {
        let status = StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS;
        let mut problem = Self::new(
            status,
            "refused-by-law",
            "The law does not permit this",
            refusal,
        );
        problem.grounds = GroundSaid::all(refusal);
        problem
    }

    /// Permitted, but the picture gave no answer.
    pub fn unusable(why: &Unusable) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(
            status,
            "unusable-picture",
            "The picture gave no answer",
            why,
        )
    }

    /// A setting or the deployment is not understood.
    fn not_configured(detail: impl ToString) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new(status, "not-configured", "The ward cannot decide", detail)
    }

    /// The server failed. What it was stands in its log, and not in the answer.
    pub fn failed() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "failed",
            "The server failed",
            "nothing was decided; try again, and look into the server's log if it stays so",
        )
    }
}

impl GroundSaid {
    /// Every provision that refused.
    pub(crate) fn all(refusal: &Refusal) -> Vec<Self> {
        refusal.grounds().iter().map(Self::of).collect()
    }

    fn of(ground: &faceward::Ground) -> Self {
        Self {
            rule: ground.rule.id.clone(),
            article: ground.rule.citation.to_string(),
            finding: ground.finding.clone(),
        }
    }
}

impl From<WardError> for Problem {
    fn from(error: WardError) -> Self {
        use WardError as E;
        match &error {
            E::Vault(VaultError::Busy) => Self::too_many("the vault is busy", 1),
            E::Vault(VaultError::Handle(_) | VaultError::ReferenceId(_) | VaultError::Law(_))
            | E::Law(_)
            | E::Account(_)
            | E::Case { .. }
            | E::Import(_)
            | E::NewFile(_)
            | E::Proof { .. }
            | E::Salt => Self::bad_request(error),
            E::Vault(
                VaultError::UnknownSubject(_)
                | VaultError::NoSuchConsent(_)
                | VaultError::NoSuchRequest(_),
            )
            | E::Vault(VaultError::Ledger(_))
            | E::Unknown(_)
            | E::UnknownReference(_)
            | E::NoSuchKey(_)
            | E::NoSuchAccount(_)
            | E::NotAsked(_) => Self::not_found(error),
            E::Vault(VaultError::HandleTaken(_) | VaultError::NameTaken)
            | E::LastOwner
            | E::NothingToRenew { .. }
            | E::AgreedAlready(_)
            | E::NothingToCorrect(_)
            | E::NotTheirs(_) => Self::conflict(error),
            E::ChangedMeanwhile => {
                let status = StatusCode::PRECONDITION_FAILED;
                Self::new(status, "changed-meanwhile", "It changed meanwhile", error)
            }
            E::Deployment(why) => Self::not_configured(why),
            E::Config { path, why } => {
                // Where the file lies is nothing to whoever asks.
                let file = path.file_name().unwrap_or_default().display();
                Self::not_configured(format!("{file}: {why}"))
            }
            _ => {
                tracing::error!(error = %error, "a verb failed");
                Self::failed()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry = self.retry_after;
        let kind: HeaderName = header::CONTENT_TYPE;
        let said = self.clone();
        let mut response = (status, Json(self)).into_response();
        // For whoever shows it to a person instead.
        response.extensions_mut().insert(said);
        let headers = response.headers_mut();
        headers.insert(kind, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer realm=\"faceward\"");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}
