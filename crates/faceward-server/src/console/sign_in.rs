//! Signing in and out.

use std::net::IpAddr;

use askama::Template;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use faceward::{Account, AccountId};
use serde::Deserialize;

use super::Desk;
use super::fields::Fields;
use super::page::{show, token};
use crate::door::Door;
use crate::lang::Lang;
use crate::session::{CONSOLE_COOKIE, Who, begin};
use crate::{Problem, WardName, caller, cookie};

#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage {
    lang: Lang,
    csrf: String,
    here: String,
    /// The ward that was named, where there are several.
    ward: Option<String>,
    name: String,
    wrong: bool,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    ward: Option<String>,
}

/// Where the request came from.
pub(super) struct Address(IpAddr);

impl FromRequestParts<Door> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Self::Rejection> {
        Ok(Self(caller::address(door, parts)))
    }
}

pub(super) async fn form(
    State(door): State<Door>,
    Query(asked): Query<Asked>,
    lang: Lang,
    headers: HeaderMap,
    desk: Result<Desk, Response>,
) -> Result<Response, Problem> {
    if let Ok(desk) = desk {
        return Ok(Redirect::to(desk.first()).into_response());
    }
    let ward = asked.ward.filter(|ward| ward.parse::<WardName>().is_ok());
    show(&page(&door, lang, &headers, ward.unwrap_or_default(), ""))
}

pub(super) async fn sign_in(
    State(door): State<Door>,
    Address(from): Address,
    lang: Lang,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let several = door.house().wards().len() > 1;
    let named = if several {
        fields.raw("ward").trim()
    } else {
        "main"
    };
    let name = fields.raw("name").trim();
    // Asked again once it is this one's turn: others may have failed meanwhile.
    door.counters().may_try(from)?;
    let turn = door.passwords().acquire().await;
    door.counters().may_try(from)?;
    let found = known(&door, named, name, fields.raw("password")).await?;
    drop(turn);
    match found {
        Some((ward, account)) => let_in(&door, &headers, ward, account.id, "/console"),
        None => {
            door.counters().failed(from);
            let mut page = page(&door, lang, &headers, named.to_owned(), name);
            page.wrong = true;
            Ok((StatusCode::UNAUTHORIZED, show(&page)?).into_response())
        }
    }
}

/// The account, if ward, name and password are right. Takes as long for a ward that is not here.
async fn known(
    door: &Door,
    ward: &str,
    name: &str,
    password: &str,
) -> Result<Option<(WardName, Account)>, Problem> {
    let ward = ward.parse::<WardName>();
    let here = ward.and_then(|name| Ok((door.house().ward(&name)?, name)));
    let Ok((ward, ward_name)) = here else {
        // A name that no account can have.
        let main = door.house().ward(&WardName::main());
        let main = main.map_err(|_| Problem::failed())?;
        main.sign_in("\0", password).await?;
        return Ok(None);
    };
    let account = ward.sign_in(name, password).await?;
    Ok(account.map(|account| (ward_name, account)))
}

/// Begins the session of an account; one that this browser had before is over.
pub(super) fn let_in(
    door: &Door,
    headers: &HeaderMap,
    ward: WardName,
    id: AccountId,
    to: &str,
) -> Result<Response, Problem> {
    if let Some(former) = cookie::value(headers, CONSOLE_COOKIE) {
        door.sessions().take(former);
    }
    let secret = begin(door, ward, Who::Account { id }).ok_or_else(Problem::failed)?;
    let cookie = cookie::set(CONSOLE_COOKIE, &secret, door.secure());
    let headers = AppendHeaders([(SET_COOKIE, cookie.ok_or_else(Problem::failed)?)]);
    Ok((headers, Redirect::to(to)).into_response())
}

pub(super) async fn sign_out(
    State(door): State<Door>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(secret) = cookie::value(&headers, CONSOLE_COOKIE) {
        door.sessions().take(secret);
    }
    let over = cookie::clear(CONSOLE_COOKIE).ok_or_else(Problem::failed)?;
    let headers = AppendHeaders([(SET_COOKIE, over)]);
    Ok((headers, Redirect::to("/login")).into_response())
}

fn page(door: &Door, lang: Lang, headers: &HeaderMap, ward: String, name: &str) -> LoginPage {
    LoginPage {
        lang,
        csrf: token(door, headers),
        here: "/login".to_owned(),
        ward: (door.house().wards().len() > 1).then_some(ward),
        name: name.to_owned(),
        wrong: false,
    }
}
