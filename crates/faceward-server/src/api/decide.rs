//! What decides about a face: the law is asked, the picture is looked at, the answer is recorded.

use std::collections::BTreeMap;

use axum::Json;
use faceward::{Candidate, Handle, Outcome, Right, Sight, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::picture::{Ask, ClaimForm, OneForm, SearchForm, TwoForm};
use super::wire::{ComponentSaid, DecisionSaid, ReceiptSaid, SampleSaid, ThresholdSaid, reasons};
use crate::Problem;
use crate::caller::Caller;

/// A claimed person was compared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerifySaid {
    decision: DecisionSaid,
    /// Best score over the person's references, -1 to 1.
    score: f32,
    match_at: ThresholdSaid,
    uncertain_at: ThresholdSaid,
    /// How many references were compared.
    references: usize,
    sample: SampleSaid,
    receipt: ReceiptSaid,
}

/// A face was searched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentifySaid {
    decision: DecisionSaid,
    /// Those at least uncertain, best first; empty for a stranger.
    candidates: Vec<CandidateSaid>,
    match_at: ThresholdSaid,
    uncertain_at: ThresholdSaid,
    /// How many people were in the room.
    people: usize,
    sample: SampleSaid,
    receipt: ReceiptSaid,
}

/// Somebody who may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CandidateSaid {
    subject: String,
    score: f32,
    decision: DecisionSaid,
}

/// A reference was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EnrollSaid {
    /// Identifier of the reference.
    reference: String,
    /// Best score against the references the person already had.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<f32>,
    /// Whether the face-print map was kept with it, as the deployment declares for the purpose.
    face_map: bool,
    sample: SampleSaid,
    receipt: ReceiptSaid,
}

/// Two pictures were compared, once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompareSaid {
    decision: DecisionSaid,
    score: f32,
    match_at: ThresholdSaid,
    uncertain_at: ThresholdSaid,
    samples: Vec<SampleSaid>,
    receipt: ReceiptSaid,
}

/// Faces were looked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DetectSaid {
    /// The largest first.
    faces: Vec<FaceSaid>,
    receipt: ReceiptSaid,
}

/// One face that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FaceSaid {
    /// Left, top, width and height, in pixels of the upright picture.
    #[serde(rename = "box")]
    place: [f32; 4],
    confidence: f32,
    /// Unified quality, 0 to 100.
    quality: u8,
    /// What it was made from, by the names of ISO/IEC 29794-5.
    components: BTreeMap<&'static str, ComponentSaid>,
    reasons: Vec<String>,
    liveness: f32,
}

/// Is this the person it is claimed to be?
#[utoipa::path(
    post, path = "/v1/verify", tag = "decide",
    request_body(content((ClaimForm = "multipart/form-data"), (ClaimForm = "application/json"))),
    responses(
        (status = 200, body = VerifySaid),
        (status = 422, body = Problem), (status = 451, body = Problem),
    ),
)]
pub(crate) async fn verify(caller: Caller, ask: Ask) -> Result<Json<VerifySaid>, Problem> {
    let (purpose, subject) = claimed(&caller, &ask, Right::Verify)?;
    let verdict = caller
        .ward
        .verify(&subject, &purpose, ask.picture("picture")?)
        .await?;
    let (verified, receipt) = done(verdict)?;
    Ok(Json(VerifySaid {
        decision: verified.decision.into(),
        score: verified.score.value(),
        match_at: ThresholdSaid::of(&verified.match_at),
        uncertain_at: ThresholdSaid::of(&verified.uncertain_at),
        references: verified.references,
        sample: SampleSaid::of(&verified.reading),
        receipt,
    }))
}

/// Who, of those who agreed to be searched for this purpose, is this?
#[utoipa::path(
    post, path = "/v1/identify", tag = "decide",
    request_body(content((SearchForm = "multipart/form-data"), (SearchForm = "application/json"))),
    responses(
        (status = 200, body = IdentifySaid),
        (status = 422, body = Problem), (status = 451, body = Problem),
    ),
)]
pub(crate) async fn identify(caller: Caller, ask: Ask) -> Result<Json<IdentifySaid>, Problem> {
    let purpose = ask.purpose()?;
    caller.may(Right::Identify, Some(&purpose))?;
    ask.only(&["purpose", "picture"])?;
    let within = caller.key.within();
    let verdict = caller
        .ward
        .identify_within(&purpose, ask.picture("picture")?, within)
        .await?;
    let (found, receipt) = done(verdict)?;
    let named = |candidate: &Candidate| {
        Some(CandidateSaid {
            subject: caller.key.own(&candidate.handle)?.to_owned(),
            score: candidate.score.value(),
            decision: candidate.decision.into(),
        })
    };
    Ok(Json(IdentifySaid {
        decision: found.decision.into(),
        candidates: found.candidates.iter().filter_map(named).collect(),
        match_at: ThresholdSaid::of(&found.match_at),
        uncertain_at: ThresholdSaid::of(&found.uncertain_at),
        people: found.people,
        sample: SampleSaid::of(&found.reading),
        receipt,
    }))
}

/// Keep a reference of a person who agreed to it
#[utoipa::path(
    post, path = "/v1/enroll", tag = "decide",
    request_body(content((ClaimForm = "multipart/form-data"), (ClaimForm = "application/json"))),
    responses(
        (status = 200, body = EnrollSaid),
        (status = 422, body = Problem), (status = 451, body = Problem),
    ),
)]
pub(crate) async fn enroll(caller: Caller, ask: Ask) -> Result<Json<EnrollSaid>, Problem> {
    let (purpose, subject) = claimed(&caller, &ask, Right::Enroll)?;
    let verdict = caller
        .ward
        .enroll(&subject, &purpose, ask.picture("picture")?)
        .await?;
    let (enrolled, receipt) = done(verdict)?;
    Ok(Json(EnrollSaid {
        reference: enrolled.reference.to_string(),
        agreement: enrolled.agreement.map(|score| score.value()),
        face_map: enrolled.map,
        sample: SampleSaid::of(&enrolled.reading),
        receipt,
    }))
}

/// Do two pictures show the same person? Nothing is kept
#[utoipa::path(
    post, path = "/v1/compare", tag = "decide",
    request_body(content((TwoForm = "multipart/form-data"), (TwoForm = "application/json"))),
    responses(
        (status = 200, body = CompareSaid),
        (status = 422, body = Problem), (status = 451, body = Problem),
    ),
)]
pub(crate) async fn compare(caller: Caller, ask: Ask) -> Result<Json<CompareSaid>, Problem> {
    caller.may(Right::Compare, None)?;
    ask.only(&["statement", "first", "second"])?;
    let pictures = [ask.picture("first")?, ask.picture("second")?];
    let verdict = caller
        .ward
        .compare(pictures, &statement(&caller, &ask))
        .await?;
    let (compared, receipt) = done(verdict)?;
    Ok(Json(CompareSaid {
        decision: compared.decision.into(),
        score: compared.score.value(),
        match_at: ThresholdSaid::of(&compared.match_at),
        uncertain_at: ThresholdSaid::of(&compared.uncertain_at),
        samples: compared.readings.iter().map(SampleSaid::of).collect(),
        receipt,
    }))
}

/// Where are faces, and how good are they? Nothing is compared or kept
#[utoipa::path(
    post, path = "/v1/detect", tag = "decide",
    request_body(content((OneForm = "multipart/form-data"), (OneForm = "application/json"))),
    responses(
        (status = 200, body = DetectSaid),
        (status = 422, body = Problem), (status = 451, body = Problem),
    ),
)]
pub(crate) async fn detect(caller: Caller, ask: Ask) -> Result<Json<DetectSaid>, Problem> {
    caller.may(Right::Detect, None)?;
    ask.only(&["statement", "picture"])?;
    let picture = ask.picture("picture")?;
    let verdict = caller
        .ward
        .detect_all(picture, &statement(&caller, &ask), &Sight::default())
        .await?;
    let (faces, receipt) = done(verdict)?;
    let said = |seen: &faceward::SeenFace| {
        let rect = &seen.face.rect;
        FaceSaid {
            place: [rect.x, rect.y, rect.width, rect.height],
            confidence: seen.face.confidence,
            quality: seen.quality.unified,
            components: ComponentSaid::all(&seen.quality),
            reasons: reasons(&seen.quality),
            liveness: seen.liveness,
        }
    };
    Ok(Json(DetectSaid {
        faces: faces.iter().map(said).collect(),
        receipt,
    }))
}

fn claimed(
    caller: &Caller,
    ask: &Ask,
    right: Right,
) -> Result<(faceward::Purpose, Handle), Problem> {
    let purpose = ask.purpose()?;
    caller.may(right, Some(&purpose))?;
    ask.only(&["subject", "purpose", "picture"])?;
    Ok((purpose, caller.key.handle(ask.word("subject")?)?))
}

/// Who agreed, as the request says, or else the key.
fn statement(caller: &Caller, ask: &Ask) -> String {
    let said = ask.said("statement").map(str::to_owned);
    said.or_else(|| caller.key.terms.statement.clone())
        .unwrap_or_default()
}

/// What was decided, or the refusal with its record.
fn done<T>(verdict: Verdict<T>) -> Result<(T, ReceiptSaid), Problem> {
    let receipt = &verdict.receipt;
    match verdict.outcome {
        Outcome::Done(found) => Ok((found, ReceiptSaid::of(receipt))),
        Outcome::Refused(refusal) => Err(Problem::refused(&refusal).recorded(receipt)),
        Outcome::Unusable(why) => Err(Problem::unusable(&why).recorded(receipt)),
    }
}
