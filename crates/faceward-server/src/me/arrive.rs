//! The link: looked at as often as a mail scanner likes, opened once, by a button.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use faceward::{By, LinkText, Ward};

use super::show;
use crate::door::Door;
use crate::lang::Lang;
use crate::session::{PERSON_COOKIE, Who, begin};
use crate::{Problem, WardName, console, cookie};

#[derive(Template)]
#[template(path = "me/arrive.html")]
struct ArrivePage {
    lang: Lang,
    csrf: String,
    here: String,
    controller: Option<String>,
}

#[derive(Template)]
#[template(path = "me/over.html")]
struct OverPage {
    lang: Lang,
    csrf: String,
    here: String,
}

pub(super) async fn arrive(
    State(door): State<Door>,
    Path(token): Path<String>,
    lang: Lang,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some((_, ward)) = of_link(&door, &token).await? else {
        return Ok(Redirect::to("/me/over").into_response());
    };
    show(&ArrivePage {
        lang,
        csrf: console::token(&door, &headers),
        here: format!("/me/{token}"),
        controller: ward.controller().ok().map(|controller| controller.name),
    })
}

pub(super) async fn open(
    State(door): State<Door>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let over = || Ok(Redirect::to("/me/over").into_response());
    let Some((name, ward)) = of_link(&door, &token).await? else {
        return over();
    };
    let Ok(text) = token.parse::<LinkText>() else {
        return over();
    };
    let Some(opened) = ward.asked_by(By::Person).open_link(&text).await? else {
        return over();
    };
    if let Some(former) = cookie::value(&headers, PERSON_COOKIE) {
        door.sessions().take(former);
    }
    let who = Who::Person {
        subject: opened.subject,
        purposes: opened.purposes,
        receipts: Vec::new(),
    };
    let secret = begin(&door, name, who).ok_or_else(Problem::failed)?;
    let cookie = cookie::set(PERSON_COOKIE, &secret, door.secure());
    let headers = AppendHeaders([(SET_COOKIE, cookie.ok_or_else(Problem::failed)?)]);
    Ok((headers, Redirect::to("/me")).into_response())
}

pub(super) async fn over(
    State(door): State<Door>,
    lang: Lang,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    show(&OverPage {
        lang,
        csrf: console::token(&door, &headers),
        here: "/me/over".to_owned(),
    })
}

/// The ward whose link this is, while it holds.
async fn of_link(door: &Door, token: &str) -> Result<Option<(WardName, Ward)>, Problem> {
    let Ok(text) = token.parse::<LinkText>() else {
        return Ok(None);
    };
    for (name, ward) in door.house().wards() {
        if ward.link_holds(&text).await? {
            return Ok(Some((name, ward)));
        }
    }
    Ok(None)
}
