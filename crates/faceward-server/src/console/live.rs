//! The live page: frames from the browser's camera, names only of people who agreed to that purpose.
//! Everybody else is a box without a name, which the page blurs before anything is shown.

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use faceward::{ConsoleRight, Decision, Outcome, Purpose, RecognizedFace, Sight, Ward};
use serde::Deserialize;
use serde_json::{Value, json};

use super::person::purposes;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;
use crate::problem::GroundSaid;

#[derive(Template)]
#[template(path = "console/live.html")]
struct LivePage {
    lang: Lang,
    frame: Frame,
    purposes: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    purpose: String,
}

pub(super) async fn page(desk: Desk) -> Result<Response, Problem> {
    show(&LivePage {
        lang: desk.lang,
        frame: desk.frame(Section::Live)?,
        purposes: searchable(&desk.ward),
    })
}

/// The purposes for which the deployment searches; without one, whatever is set.
fn searchable(ward: &Ward) -> Vec<String> {
    match ward.deployment() {
        Ok(Some(declared)) => {
            let searches = declared.purposes.iter();
            let searches = searches.filter(|one| one.allows(faceward::Operation::Identify));
            searches.map(|one| one.name.to_string()).collect()
        }
        _ => purposes(ward, std::iter::empty()),
    }
}

/// Whoever is in one frame. The frame is kept nowhere.
pub(super) async fn frame(
    Query(asked): Query<Asked>,
    desk: Desk,
    picture: Bytes,
) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Faces)?;
    let purpose: Purpose = asked.purpose.parse().map_err(Problem::bad_request)?;
    let sight = Sight::default();
    let verdict = desk.ward.recognize(&purpose, &picture, &sight).await?;
    let entry = verdict.receipt.position();
    let answer = match &verdict.outcome {
        Outcome::Done(found) => json!({
            "outcome": "done",
            "faces": found.faces.iter().map(face).collect::<Vec<_>>(),
            "people": found.people,
            "entry": entry,
        }),
        Outcome::Refused(refusal) => json!({
            "outcome": "refused",
            "detail": refusal.to_string(),
            "grounds": GroundSaid::all(refusal),
            "entry": entry,
        }),
        Outcome::Unusable(why) => json!({
            "outcome": "unusable",
            "detail": super::quality::unusable(why, desk.lang),
            "faces": [],
            "entry": entry,
        }),
    };
    Ok(Json(answer).into_response())
}

fn face(found: &RecognizedFace) -> Value {
    let rect = &found.seen.face.rect;
    let near = found.nearest.first();
    // Nobody is named on a guess.
    let named = near.filter(|near| near.decision == Decision::Match);
    json!({
        "box": [rect.x, rect.y, rect.width, rect.height],
        "liveness": found.seen.liveness,
        "name": named.map(|near| near.handle.as_str()),
        "href": named.map(|near| format!("/console/people/{}", near.subject)),
    })
}
