//! The page with the camera, and the frames it sends: for whoever has the session's token.

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::course::{Standing, Step};
use crate::Problem;
use crate::console::show;
use crate::door::Door;
use crate::lang::Lang;

#[derive(Template)]
#[template(path = "liveness/watch.html")]
struct WatchPage {
    lang: Lang,
    token: String,
}

#[derive(Template)]
#[template(path = "liveness/over.html")]
struct OverPage {
    lang: Lang,
}

/// What the page is to show next. Why a session failed is told to its caller alone: whoever tries
/// to pass as somebody else learns nothing from it.
#[derive(Serialize)]
struct Next {
    /// `straight`, `left`, `right`, `blink`, `closer`, `passed` or `failed`.
    standing: &'static str,
    done: usize,
    of: usize,
}

const MOST_BYTES: usize = 2 * 1024 * 1024;

pub(super) async fn page(
    State(door): State<Door>,
    Path(token): Path<String>,
    lang: Lang,
) -> Result<Response, Problem> {
    let under_way = door.liveness().of_page(&token).is_some_and(|held| {
        // Whoever holds it looks at a frame.
        let seen = held.try_lock();
        seen.map_or(true, |session| session.ended().is_none())
    });
    if under_way {
        show(&WatchPage { lang, token })
    } else {
        show(&OverPage { lang })
    }
}

pub(super) async fn frame(
    State(door): State<Door>,
    Path(token): Path<String>,
    picture: Bytes,
) -> Result<Response, Problem> {
    let over = || Problem::not_found("this session is over");
    let held = door.liveness().of_page(&token).ok_or_else(over)?;
    if picture.len() > MOST_BYTES {
        return Err(Problem::too_large(MOST_BYTES));
    }
    let Ok(mut session) = held.try_lock() else {
        return Err(Problem::too_many("send one frame at a time", 1));
    };
    if session.ended().is_some() {
        return Err(over());
    }
    let standing = match session.see(&picture).await? {
        Standing::Straight => "straight",
        Standing::Do(Step::Left) => "left",
        Standing::Do(Step::Right) => "right",
        Standing::Do(Step::Blink) => "blink",
        Standing::Do(Step::Closer) => "closer",
        // The law was asked once more at the end, and may have refused.
        Standing::Passed(_) if session.ended().is_some_and(|ended| ended.passed) => "passed",
        Standing::Passed(_) | Standing::Failed(_) => "failed",
    };
    let (done, of) = session.progress();
    Ok(Json(Next { standing, done, of }).into_response())
}
