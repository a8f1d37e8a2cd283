//! What is held, what is asked, and every way on from there.

use askama::Template;
use axum::response::Response;
use faceward::{Scope, WardError};

use super::page::Frame;
use super::words::Tag;
use super::{Here, show, words};
use crate::Problem;
use crate::lang::Lang;
use crate::limits::now;

#[derive(Template)]
#[template(path = "me/overview.html")]
struct OverviewPage {
    lang: Lang,
    frame: Frame,
    handle: String,
    open: Vec<Question>,
    consents: Vec<Agreed>,
    references: Vec<Kept>,
    requests: Vec<Request>,
    comparisons: usize,
    /// The same, in words.
    looks: String,
}

/// What waits for an answer.
struct Question {
    purpose: String,
    text: String,
}

/// One record of a consent.
struct Agreed {
    purpose: String,
    text: String,
    state: Tag,
    /// Since when it stands so, or until when it holds.
    when: String,
    /// Where there is a receipt: the record.
    receipt: Option<String>,
    live: bool,
    /// Whether it can be read and answered anew.
    may_ask: bool,
}

struct Kept {
    text: String,
    made: String,
    quality: &'static str,
    map: bool,
}

struct Request {
    kind: &'static str,
    received: String,
    due: String,
    state: Tag,
    said: Option<String>,
}

pub(super) async fn overview(here: Here) -> Result<Response, Problem> {
    let (lang, ward, handle) = (here.lang, &here.me.ward, &here.me.handle);
    let known = ward.consent_records(handle).await;
    let records = match known {
        Err(WardError::Unknown(_)) => Vec::new(),
        known => known?,
    };
    let mut consents: Vec<Agreed> = records
        .iter()
        .rev()
        .filter(|record| record.asked().scope == Scope::Processing)
        .map(|record| agreed(&here, record))
        .collect();
    let mut seen: Vec<String> = Vec::new();
    for one in &mut consents {
        // The newest of each purpose stands for it.
        one.may_ask = !one.live && !seen.contains(&one.purpose);
        seen.push(one.purpose.clone());
    }
    let mut open = Vec::new();
    for purpose in &here.me.purposes {
        let about = |one: &&Agreed| one.purpose == purpose.as_str();
        let answered = consents.iter().find(about);
        if answered.is_none_or(|one| one.state.tone == "warn") {
            open.push(Question {
                purpose: purpose.to_string(),
                text: here.purpose_in_words(purpose.as_str()),
            });
        }
    }
    let everything = faceward::Page {
        skip: 0,
        at_most: 1000,
    };
    let listed = ward.references(None, Some(handle), None, everything);
    let listed = listed.await?;
    let references = listed.references.iter().map(|one| Kept {
        text: here.purpose_in_words(one.reference.purpose.as_str()),
        made: words::day(one.reference.enrolled_at, lang),
        quality: words::quality(one.reference.quality, lang),
        map: one.reference.map,
    });
    let entries = ward.entries_about(handle).await?;
    let looks = entries.iter().filter(|e| words::is_look(e.event.act));
    let comparisons = looks.count();
    show(&OverviewPage {
        lang,
        frame: here.frame(),
        handle: handle.to_string(),
        references: references.collect(),
        comparisons,
        looks: words::times(comparisons, lang),
        requests: requests(&here).await?,
        open,
        consents: consents
            .into_iter()
            .filter(|one| one.state.tone != "warn")
            .collect(),
    })
}

fn agreed(here: &Here, record: &faceward::ConsentRecord) -> Agreed {
    let lang = here.lang;
    let state = record.state(now());
    let live = state.is_valid();
    let last = record.events().last();
    let when = match (record.agreed_until().filter(|_| live), last) {
        (Some(until), _) => format!(
            "{} {}",
            lang.say("until", "有效期至"),
            words::day(until, lang)
        ),
        (None, Some(event)) => words::day(event.at, lang),
        (None, None) => String::new(),
    };
    Agreed {
        purpose: record.asked().purpose.to_string(),
        text: here.purpose_in_words(record.asked().purpose.as_str()),
        state: words::state(state, lang),
        when,
        receipt: record.given().map(|_| record.id().to_string()),
        live,
        may_ask: false,
    }
}

async fn requests(here: &Here) -> Result<Vec<Request>, Problem> {
    let lang = here.lang;
    let mine = here.me.ward.requests_about(&here.me.handle).await?;
    Ok(mine
        .iter()
        .map(|one| {
            let (request, asked) = (&one.request, one.request.asked());
            let last = request.events().last();
            Request {
                kind: words::request_kind(asked.kind, lang),
                received: words::day(asked.received, lang),
                due: words::day(request.due(), lang),
                state: words::request_state(request.state(), lang),
                said: last.and_then(|event| event.what.said().map(str::to_owned)),
            }
        })
        .collect())
}
