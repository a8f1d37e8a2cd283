//! Accounts of the console and their roles.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{Account, AccountId, ConsoleRight, Role, WardError};

use super::fields::Fields;
use super::page::{moment, role};
use super::setup::in_words;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;
use crate::session::Who;

#[derive(Template)]
#[template(path = "console/accounts.html")]
struct AccountsPage {
    lang: Lang,
    frame: Frame,
    accounts: Vec<Row>,
    roles: Vec<(&'static str, &'static str)>,
    wrong: Option<String>,
}

struct Row {
    id: String,
    name: String,
    role: &'static str,
    role_word: &'static str,
    created: String,
    disabled: bool,
    own: bool,
}

pub(super) async fn list(desk: Desk) -> Result<Response, Problem> {
    page(&desk, None).await
}

pub(super) async fn make(
    State(door): State<Door>,
    desk: Desk,
    fields: Fields,
) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Administration)?;
    let role: Role = fields.raw("role").parse().map_err(Problem::bad_request)?;
    let (name, password) = (fields.raw("name").trim(), fields.raw("password"));
    let _turn = door.passwords().acquire().await;
    let made = desk.ward.create_account(name, role, password).await;
    answer(&desk, made.map(|_| ())).await
}

pub(super) async fn set_role(
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = account(&desk, &id)?;
    let role: Role = fields.raw("role").parse().map_err(Problem::bad_request)?;
    let done = desk.ward.set_role(id, role).await;
    answer(&desk, done.map(|_| ())).await
}

pub(super) async fn set_password(
    State(door): State<Door>,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = account(&desk, &id)?;
    let _turn = door.passwords().acquire().await;
    let done = desk.ward.set_password(id, fields.raw("password")).await;
    if done.is_ok() && id != desk.account.id {
        sign_out(&door, &desk, id);
    }
    answer(&desk, done.map(|_| ())).await
}

/// Takes an account out of use, or back into it.
pub(super) async fn disable(
    State(door): State<Door>,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = account(&desk, &id)?;
    let disabled = fields.raw("disabled") == "true";
    let done = desk.ward.disable_account(id, disabled).await;
    if done.is_ok() && disabled {
        sign_out(&door, &desk, id);
    }
    answer(&desk, done.map(|_| ())).await
}

fn account(desk: &Desk, id: &str) -> Result<AccountId, Problem> {
    desk.may(ConsoleRight::Administration)?;
    id.parse().map_err(Problem::bad_request)
}

/// Ends every session of an account.
fn sign_out(door: &Door, desk: &Desk, account: AccountId) {
    door.sessions().end(|session| {
        let theirs = matches!(session.who, Who::Account { id } if id == account);
        theirs && session.ward == desk.ward_name
    });
}

async fn answer(desk: &Desk, done: Result<(), WardError>) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(Redirect::to("/console/accounts").into_response()),
        Err(WardError::Account(why)) => page(desk, Some(in_words(why, desk.lang))).await,
        Err(WardError::LastOwner) => {
            let why = desk.lang.say(
                "this is the last owner; make another owner first",
                "这是最后一位所有者；请先创建另一位所有者",
            );
            page(desk, Some(why.to_owned())).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(desk: &Desk, wrong: Option<String>) -> Result<Response, Problem> {
    let lang = desk.lang;
    let frame = desk.frame(Section::Accounts)?;
    let accounts = desk.ward.accounts().await?;
    show(&AccountsPage {
        lang,
        frame,
        accounts: accounts.iter().map(|one| row(one, desk)).collect(),
        roles: Role::ALL
            .iter()
            .map(|one| (one.word(), role(*one, lang)))
            .collect(),
        wrong,
    })
}

fn row(account: &Account, desk: &Desk) -> Row {
    Row {
        id: account.id.to_string(),
        name: account.name.clone(),
        role: role(account.role, desk.lang),
        role_word: account.role.word(),
        created: moment(account.created),
        disabled: account.disabled,
        own: account.id == desk.account.id,
    }
}
