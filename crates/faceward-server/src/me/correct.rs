//! Something is wrong: the person says what, and gets the day on which an answer is due.

use askama::Template;
use axum::Form;
use axum::response::Response;
use faceward::{Asker, RequestAsk, RequestKind};
use jiff::SignedDuration;
use serde::Deserialize;

use super::page::Frame;
use super::{Here, show, words};
use crate::Problem;
use crate::lang::Lang;

#[derive(Template)]
#[template(path = "me/correct.html")]
struct CorrectPage {
    lang: Lang,
    frame: Frame,
    handle: String,
    /// Whether the form came back empty.
    empty: bool,
}

#[derive(Template)]
#[template(path = "me/corrected.html")]
struct SentPage {
    lang: Lang,
    frame: Frame,
    said: String,
    due: String,
    id: String,
    entry: u64,
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    what: String,
}

/// What is said in a request, at most.
const MOST: usize = 2000;

pub(super) async fn form(here: Here) -> Result<Response, Problem> {
    page(&here, false)
}

pub(super) async fn send(here: Here, Form(said): Form<Said>) -> Result<Response, Problem> {
    let what: String = said.what.trim().chars().take(MOST).collect();
    if what.is_empty() {
        return page(&here, true);
    }
    let ask = RequestAsk {
        handle: here.me.handle.clone(),
        kind: RequestKind::Correction,
        asker: Asker::Subject,
        details: Some(what.clone()),
        channel: "on the person's own page".to_owned(),
        received: None,
        regime: None,
    };
    let recorded = here.me.ward.receive_request(ask).await?;
    let due = recorded.request.due();
    let last = due.saturating_sub(SignedDuration::from_secs(1));
    show(&SentPage {
        lang: here.lang,
        frame: here.frame(),
        said: what,
        due: words::day(last.unwrap_or(due), here.lang),
        id: recorded.request.id().to_string(),
        entry: recorded.receipt.position(),
    })
}

fn page(here: &Here, empty: bool) -> Result<Response, Problem> {
    show(&CorrectPage {
        lang: here.lang,
        frame: here.frame(),
        handle: here.me.handle.to_string(),
        empty,
    })
}
