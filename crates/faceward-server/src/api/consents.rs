//! Consents: what a person agreed to, given, withdrawn, and the receipt they take home.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use faceward::{Age, Condition, Consent, ConsentAsk, Details, Giver, NoticeText, Purpose, Right};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Body;
use super::wire::ReceiptSaid;
use crate::Problem;
use crate::caller::Caller;
use crate::limits::now;
use crate::tagged::tagged;

/// What a person agreed to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentSaid {
    id: String,
    purpose: String,
    /// given, renewed, expired, withdrawn, revoked, invalidated.
    state: String,
    given_at: String,
    from: String,
    until: String,
    /// How it was given.
    method: String,
    /// Version of the notice they were shown.
    notice: String,
}

/// A person's consents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentsSaid {
    consents: Vec<ConsentSaid>,
}

/// A consent as it was given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentGive {
    #[schema(example = "alice", min_length = 1, max_length = 128)]
    subject: String,
    /// For which purpose.
    #[schema(
        example = "door-access",
        pattern = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"
    )]
    purpose: String,
    /// The notice exactly as it was shown; its hash is kept.
    #[schema(example = "We compare your face at the door.")]
    notice: String,
    /// The controller's name for this version of the notice.
    #[schema(example = "2026-11")]
    notice_version: String,
    /// How it was given.
    #[schema(example = "signed on paper, form 17")]
    method: String,
    /// What somebody can use who does not agree.
    #[schema(example = "a card at the desk")]
    alternative: String,
    /// adult, minor or under-14; adult if not said.
    #[schema(pattern = "^(adult|minor|under-14)$")]
    age: Option<String>,
    /// The guardian who gave it, for a child.
    guardian: Option<String>,
    /// From when; now if not said.
    from: Option<String>,
    /// Until when; a year after if not said.
    until: Option<String>,
}

/// A consent was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GivenSaid {
    consent: ConsentSaid,
    /// Whether an earlier one goes on.
    renewed: bool,
    receipt: ReceiptSaid,
}

/// What is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdraw {
    #[schema(example = "alice", min_length = 1, max_length = 128)]
    subject: String,
    /// For which purpose.
    #[schema(
        example = "door-access",
        pattern = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"
    )]
    purpose: String,
}

/// A consent was withdrawn.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithdrawnSaid {
    consents: Vec<String>,
    /// How many references were destroyed with their key.
    references: u64,
    /// The signed erasure certificate (JWS), where references were destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    receipt: ReceiptSaid,
}

/// A signed consent receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiptSigned {
    /// A compact JWS: what the person takes home, checked by anyone, offline.
    signed: String,
    receipt: ReceiptSaid,
}

/// Everything a person agreed to, live or not, oldest first
#[utoipa::path(
    get, path = "/v1/subjects/{subject}/consents", tag = "consents", params(("subject" = String, Path, description = "What the person is called")),
    responses((status = 200, body = ConsentsSaid), (status = 304), (status = 404, body = Problem)),
)]
pub(crate) async fn list(
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::Consents, None)?;
    let consents = caller.ward.consents(&caller.key.handle(&name)?).await?;
    let told = |consent: &&Consent| caller.acts_for(&consent.terms().purpose);
    let consents = consents.iter().filter(told).map(said).collect();
    tagged(&headers, &ConsentsSaid { consents })
}

/// Record a consent as it was given
#[utoipa::path(
    post, path = "/v1/consents", tag = "consents", request_body = ConsentGive,
    responses((status = 201, body = GivenSaid)),
)]
pub(crate) async fn give(
    caller: Caller,
    Body(ask): Body<ConsentGive>,
) -> Result<(StatusCode, Json<GivenSaid>), Problem> {
    let purpose = reach(&caller, &ask.purpose)?;
    let age = match ask.age.as_deref() {
        None | Some("adult") => Age::Adult,
        Some("minor") => Age::Minor,
        Some("under-14") => Age::Under14,
        Some(_) => return Err(Problem::bad_request("`age` is adult, minor or under-14")),
    };
    let moment = |text: Option<String>, name: &str| match text.map(|text| text.parse()) {
        None => Ok(None),
        Some(Ok(moment)) => Ok(Some(moment)),
        Some(Err(_)) => Err(Problem::bad_request(format!(
            "`{name}` is a moment such as 2026-11-24T08:00:00Z"
        ))),
    };
    let given = caller
        .ward
        .give_consent(ConsentAsk {
            handle: caller.key.handle(&ask.subject)?,
            purpose,
            notice: NoticeText {
                version: ask.notice_version,
                bytes: ask.notice.into_bytes(),
            },
            given_by: ask.guardian.map_or(Giver::Subject, Giver::Guardian),
            method: ask.method,
            age,
            bundled_with: None,
            condition: Condition::Alternative(ask.alternative),
            from: moment(ask.from, "from")?,
            until: moment(ask.until, "until")?,
            details: Details::default(),
        })
        .await?;
    let recorded = GivenSaid {
        consent: said(&given.consent),
        renewed: given.renewed,
        receipt: ReceiptSaid::of(&given.receipt),
    };
    Ok((StatusCode::CREATED, Json(recorded)))
}

/// Withdraw: from now on nothing matches, and the references are destroyed
#[utoipa::path(
    post, path = "/v1/consents/withdraw", tag = "consents", request_body = Withdraw,
    responses((status = 200, body = WithdrawnSaid), (status = 404, body = Problem)),
)]
pub(crate) async fn withdraw(
    caller: Caller,
    Body(ask): Body<Withdraw>,
) -> Result<Json<WithdrawnSaid>, Problem> {
    let purpose = reach(&caller, &ask.purpose)?;
    let handle = caller.key.handle(&ask.subject)?;
    let withdrawn = caller.ward.withdraw(&handle, &purpose).await?;
    Ok(Json(WithdrawnSaid {
        consents: withdrawn.consents.iter().map(ToString::to_string).collect(),
        references: withdrawn.references,
        certificate: withdrawn.erasure.map(|erasure| erasure.signed),
        receipt: ReceiptSaid::of(&withdrawn.receipt),
    }))
}

/// The signed receipt of a person's newest consent for a purpose
#[utoipa::path(
    post, path = "/v1/consents/receipt", tag = "consents", request_body = Withdraw,
    responses((status = 200, body = ReceiptSigned), (status = 404, body = Problem)),
)]
pub(crate) async fn receipt(
    caller: Caller,
    Body(ask): Body<Withdraw>,
) -> Result<Json<ReceiptSigned>, Problem> {
    let purpose = reach(&caller, &ask.purpose)?;
    let handle = caller.key.handle(&ask.subject)?;
    let issued = caller.ward.consent_receipt(&handle, &purpose).await?;
    Ok(Json(ReceiptSigned {
        signed: issued.signed,
        receipt: ReceiptSaid::of(&issued.receipt),
    }))
}

fn reach(caller: &Caller, purpose: &str) -> Result<Purpose, Problem> {
    let purpose: Purpose = purpose.parse().map_err(Problem::bad_request)?;
    caller.may(Right::Consents, Some(&purpose))?;
    Ok(purpose)
}

fn said(consent: &Consent) -> ConsentSaid {
    let terms = consent.terms();
    ConsentSaid {
        id: consent.id().to_string(),
        purpose: terms.purpose.to_string(),
        state: consent.state(now()).word().to_owned(),
        given_at: terms.given_at.to_string(),
        from: terms.from.to_string(),
        until: terms.until.to_string(),
        method: terms.method.0.clone(),
        notice: terms.notice.version.clone(),
    }
}
