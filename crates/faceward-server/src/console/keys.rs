//! API keys: made and shown once, listed without their text, revoked.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{ApiKey, ConsoleRight, KeyKind, KeyTerms, Right};
use zeroize::Zeroizing;

use super::agreeing::first_moment;
use super::fields::Fields;
use super::page::moment;
use super::person::purposes;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;
use crate::limits::now;

#[derive(Template)]
#[template(path = "console/keys.html")]
struct KeysPage {
    lang: Lang,
    frame: Frame,
    keys: Vec<Row>,
    rights: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    purposes: Vec<String>,
    /// Name and text of the key that was just made.
    made: Option<(String, Zeroizing<String>)>,
}

struct Row {
    id: String,
    name: String,
    kind: &'static str,
    rights: String,
    purposes: String,
    bounds: String,
    created: String,
    tone: &'static str,
    state: &'static str,
    revoked: bool,
}

pub(super) async fn list(desk: Desk) -> Result<Response, Problem> {
    page(&desk, None).await
}

pub(super) async fn make(desk: Desk, fields: Fields) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Administration)?;
    let terms = terms(&fields, desk.lang)?;
    let name = terms.name.clone();
    let (_, text, _) = desk.ward.create_key(terms).await?;
    page(&desk, Some((name, text.reveal()))).await
}

pub(super) async fn revoke(desk: Desk, Path(id): Path<String>) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Administration)?;
    let id = id.parse().map_err(Problem::bad_request)?;
    desk.ward.revoke_key(id).await?;
    Ok(Redirect::to("/console/keys").into_response())
}

async fn page(desk: &Desk, made: Option<(String, Zeroizing<String>)>) -> Result<Response, Problem> {
    let lang = desk.lang;
    let frame = desk.frame(Section::Keys)?;
    let keys = desk.ward.keys().await?;
    show(&KeysPage {
        lang,
        frame,
        keys: keys.iter().map(|key| row(key, lang)).collect(),
        rights: Right::ALL
            .iter()
            .map(|one| (one.word(), right(*one, lang)))
            .collect(),
        kinds: KeyKind::ALL
            .iter()
            .map(|one| (one.word(), kind(*one, lang)))
            .collect(),
        purposes: purposes(&desk.ward, std::iter::empty()),
        made,
    })
}

fn terms(fields: &Fields, lang: Lang) -> Result<KeyTerms, Problem> {
    let name = fields.said("name").ok_or_else(|| {
        let why = lang.say("say what the key is called", "请填写密钥名称");
        Problem::bad_request(why)
    })?;
    let rights: Result<BTreeSet<Right>, _> = fields.texts_of("right").map(str::parse).collect();
    let purposes = fields.texts_of("purpose").filter(|said| !said.is_empty());
    let purposes: Result<Vec<_>, _> = purposes.map(str::parse).collect();
    let parsed = |field: &str| fields.said(field).map(str::to_owned);
    let number = |field| {
        let said = parsed(field).map(|said| said.parse());
        said.transpose().map_err(|_| {
            Problem::bad_request(
                lang.say("a bound is a whole number from 1", "限额为不小于 1 的整数"),
            )
        })
    };
    Ok(KeyTerms {
        name: name.to_owned(),
        kind: fields.raw("kind").parse().map_err(Problem::bad_request)?,
        purposes: purposes.map_err(Problem::bad_request)?,
        rights: rights.map_err(Problem::bad_request)?,
        collection: parsed("collection")
            .map(|said| said.parse())
            .transpose()
            .map_err(Problem::bad_request)?,
        hours: parsed("hours")
            .map(|said| said.parse())
            .transpose()
            .map_err(Problem::bad_request)?,
        per_day: number("per_day")?,
        per_minute: number("per_minute")?,
        until: fields
            .said("until")
            .map(|day| first_moment(day, lang))
            .transpose()?,
        statement: parsed("statement"),
        embeddings: fields.ticked("embeddings"),
        mass_delete: fields.ticked("mass_delete"),
    })
}

fn row(key: &ApiKey, lang: Lang) -> Row {
    let terms = &key.terms;
    let rights: Vec<&str> = terms.rights.iter().map(|right| right.word()).collect();
    let purposes: Vec<String> = terms.purposes.iter().map(ToString::to_string).collect();
    let bounds = [
        terms.collection.as_ref().map(ToString::to_string),
        terms.hours.map(|hours| hours.to_string()),
        terms.per_minute.map(|most| format!("{most}/min")),
        terms.per_day.map(|most| format!("{most}/d")),
        terms.until.map(|until| format!("→ {}", moment(until))),
    ];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    let over = terms.until.is_some_and(|until| until <= now());
    let (tone, state) = match (key.revoked, over) {
        (Some(_), _) => ("bad", lang.say("revoked", "已撤销")),
        (None, true) => ("warn", lang.say("over", "已过期")),
        (None, false) => ("good", lang.say("in use", "使用中")),
    };
    Row {
        id: key.id.to_string(),
        name: terms.name.clone(),
        kind: kind(terms.kind, lang),
        rights: rights.join(", "),
        purposes: if purposes.is_empty() {
            lang.say("every purpose", "全部目的").to_owned()
        } else {
            purposes.join(", ")
        },
        bounds: bounds.join(" · "),
        created: moment(key.created),
        tone,
        state,
        revoked: key.revoked.is_some(),
    }
}

fn kind(kind: KeyKind, lang: Lang) -> &'static str {
    match kind {
        KeyKind::Api => lang.say("Faceward's API", "Faceward 接口"),
        KeyKind::Recognition => lang.say("CompreFace recognition", "CompreFace 识别"),
        KeyKind::Detection => lang.say("CompreFace detection", "CompreFace 检测"),
        KeyKind::Verification => lang.say("CompreFace verification", "CompreFace 验证"),
    }
}

fn right(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::Enroll => lang.say("keep references", "登记模板"),
        Right::Verify => lang.say("compare with a claimed person", "与所称人员比对"),
        Right::Identify => lang.say("search a face", "搜索人脸"),
        Right::Compare => lang.say("compare two pictures, once", "一次性比对两张图片"),
        Right::Detect => lang.say("find faces in a picture", "在图片中查找人脸"),
        Right::Liveness => lang.say("run liveness sessions", "进行活体检测"),
        Right::Subjects => lang.say("read, add and forget people", "查看、新增与遗忘人员"),
        Right::Consents => lang.say("record and end consents", "记录与终止同意"),
        Right::Requests => lang.say("record requests and answers", "记录请求与答复"),
        Right::Ledger => lang.say("read the ledger", "读取账本"),
        Right::Keys => lang.say("make and revoke keys", "创建与撤销密钥"),
        Right::Metrics => lang.say("read counts and times", "读取计数与耗时"),
    }
}
