//! Who is known here: the list, a search by name, and somebody new.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{ConsoleRight, Handle, ListedSubject};
use serde::Deserialize;

use super::fields::Fields;
use super::person::state_tag;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;

const A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "console/people.html")]
struct PeoplePage {
    lang: Lang,
    frame: Frame,
    may_add: bool,
    may_import: bool,
    like: String,
    people: Vec<Row>,
    total: usize,
    next: Option<String>,
    first: bool,
}

struct Row {
    href: String,
    name: String,
    died: bool,
    purposes: Vec<RowPurpose>,
}

struct RowPurpose {
    name: String,
    references: u64,
    tone: &'static str,
    state: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    like: String,
    after: Option<String>,
}

pub(super) async fn list(Query(asked): Query<Asked>, desk: Desk) -> Result<Response, Problem> {
    let frame = desk.frame(Section::People)?;
    let like = asked.like.trim();
    let after: Option<Handle> = asked.after.as_deref().and_then(|after| after.parse().ok());
    let page = desk.ward.subjects_like(like, None, after.as_ref(), A_PAGE);
    let page = page.await?;
    let next = page.subjects.last().filter(|_| page.more).map(|last| {
        let fields = [("like", like), ("after", last.handle.as_str())];
        let query = serde_urlencoded::to_string(fields).unwrap_or_default();
        format!("/console/people?{query}")
    });
    let rows = page.subjects.iter().map(|one| row(one, desk.lang));
    show(&PeoplePage {
        lang: desk.lang,
        frame,
        may_add: desk.account.role.may(ConsoleRight::Consents),
        may_import: desk.account.role.may(ConsoleRight::Faces),
        like: like.to_owned(),
        people: rows.collect(),
        total: page.total,
        next,
        first: after.is_none(),
    })
}

pub(super) async fn add(desk: Desk, fields: Fields) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Consents)?;
    let handle: Handle = fields
        .raw("name")
        .trim()
        .parse()
        .map_err(Problem::bad_request)?;
    let (subject, _) = desk.ward.add_subject(&handle).await?;
    Ok(Redirect::to(&format!("/console/people/{subject}")).into_response())
}

fn row(person: &ListedSubject, lang: Lang) -> Row {
    let purposes = person.purposes.iter().map(|one| {
        let (tone, state) = match one.consent {
            Some(state) => state_tag(state, lang),
            None => ("bad", lang.say("never asked", "从未询问")),
        };
        RowPurpose {
            name: one.purpose.to_string(),
            references: one.references,
            tone,
            state,
        }
    });
    Row {
        href: format!("/console/people/{}", person.subject),
        name: person.handle.as_str().to_owned(),
        died: person.died.is_some(),
        purposes: purposes.collect(),
    }
}
