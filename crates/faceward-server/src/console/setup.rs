//! The first account of a ward, made once, by whoever started the server.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use faceward::{Role, Unfit, WardError};
use tokio::sync::Mutex;

use super::fields::Fields;
use super::page::{show, token};
use super::sign_in::let_in;
use crate::door::Door;
use crate::lang::Lang;
use crate::{Problem, WardName};

#[derive(Template)]
#[template(path = "console/setup.html")]
struct SetupPage {
    lang: Lang,
    csrf: String,
    here: String,
    ward: Option<String>,
    name: String,
    wrong: Option<String>,
}

/// Of two who follow the link at once, one makes the account.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

pub(super) async fn form(
    State(door): State<Door>,
    Path(secret): Path<String>,
    lang: Lang,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ward = door.setup().get(&secret).ok_or_else(|| over(lang))?;
    show(&page(&door, &ward, &secret, lang, &headers))
}

pub(super) async fn make(
    State(door): State<Door>,
    Path(secret): Path<String>,
    lang: Lang,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Problem> {
    let _one = ONE_AT_A_TIME.lock().await;
    let name = door.setup().get(&secret).ok_or_else(|| over(lang))?;
    let ward = door.house().ward(&name).map_err(|_| over(lang))?;
    if ward.has_accounts().await? {
        door.setup().take(&secret);
        return Err(over(lang));
    }
    let (said, password) = (fields.raw("name").trim(), fields.raw("password"));
    let mut wrong = (password != fields.raw("again")).then(|| {
        lang.say("the two passwords differ", "两次输入的密码不一致")
            .to_owned()
    });
    if wrong.is_none() {
        match ward.create_account(said, Role::Owner, password).await {
            Ok((account, _)) => {
                door.setup().take(&secret);
                return let_in(&door, &headers, name, account.id, "/console");
            }
            Err(WardError::Account(why)) => wrong = Some(in_words(why, lang)),
            Err(error) => return Err(error.into()),
        }
    }
    let page = SetupPage {
        name: said.to_owned(),
        wrong,
        ..page(&door, &name, &secret, lang, &headers)
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
}

/// What is wrong with a name or a password.
pub(super) fn in_words(why: Unfit, lang: Lang) -> String {
    if lang == Lang::En {
        return why.to_string();
    }
    let zh = match why {
        Unfit::Name => "名称须为 1 至 64 个字符，不含控制字符，首尾无空格",
        Unfit::ShortPassword => "密码至少 12 个字符",
        Unfit::NotWorkedOut => "密码未能处理，请重试",
        _ => "此密码无法使用",
    };
    zh.to_owned()
}

fn page(door: &Door, ward: &WardName, secret: &str, lang: Lang, headers: &HeaderMap) -> SetupPage {
    let several = door.house().wards().len() > 1;
    SetupPage {
        lang,
        csrf: token(door, headers),
        here: format!("/setup/{secret}"),
        ward: several.then(|| ward.to_string()),
        name: String::new(),
        wrong: None,
    }
}

fn over(lang: Lang) -> Problem {
    Problem::not_found(lang.say(
        "this link was used, or its hour is over; a ward without an account gets a fresh one when the server starts",
        "此链接已被使用或已过期；没有账户的单元会在服务器启动时得到新的链接",
    ))
}
