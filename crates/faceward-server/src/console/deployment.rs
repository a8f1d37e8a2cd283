//! What the ward declares, and what each law finds missing in it. An edited text is tried first; the
//! owner then puts in force what was tried, and nothing else.

use std::sync::Arc;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{
    ConsoleRight, DeclarationDigest, Deployment, DeploymentFinding, Law, PackCheck, WardError,
    Weight, check, hex, read_deployment,
};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::fields::Fields;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;
use crate::limits::now;

#[derive(Template)]
#[template(path = "console/deployment.html")]
struct DeploymentPage {
    lang: Lang,
    frame: Frame,
    text: String,
    /// Whether the text is an edited one.
    tried: bool,
    /// Whether it may be put in force from here.
    may_declare: bool,
    /// Digest of what it would replace, in hexadecimal; empty where nothing is declared.
    instead_of: String,
    /// The entry that put in force what is shown, where that was just done.
    entry: Option<u64>,
    declared: bool,
    wrong: Option<String>,
    name: String,
    in_order: bool,
    packs: Vec<Pack>,
}

struct Pack {
    short: String,
    title: String,
    satisfied: Vec<String>,
    findings: Vec<Found>,
}

struct Found {
    tone: &'static str,
    weight: &'static str,
    citation: String,
    rule: String,
    found: String,
    concerns: String,
    mend: Vec<&'static str>,
}

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    entry: Option<u64>,
}

/// A text, and what came of reading it.
type Read = Result<(Deployment, Arc<Law>), String>;

pub(super) async fn view(Query(asked): Query<Asked>, desk: Desk) -> Result<Response, Problem> {
    let path = desk.ward.home().deployment();
    let text = std::fs::read_to_string(&path).ok();
    let read = text
        .as_ref()
        .map(|_| read_deployment(&path).map_err(|e| e.to_string()));
    let mut page = page(&desk, text.unwrap_or_default(), read)?;
    page.entry = asked.entry;
    show(&page)
}

pub(super) async fn try_out(desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let text = text(&fields);
    let read = desk.ward.tried(&text);
    let read = read.map_err(|error| wrong(&error, desk.lang));
    show(&tried(&desk, text, read)?)
}

/// Puts in force the text that was tried, if what it replaces is still what was there then.
pub(super) async fn declare(desk: Desk, fields: Fields) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Administration)?;
    let text = text(&fields);
    let instead_of = fields.said("instead_of").map(digest).transpose()?;
    match desk.ward.declare(&text, instead_of).await {
        Ok(receipt) => {
            let to = format!("/console/deployment?entry={}", receipt.position());
            Ok(Redirect::to(&to).into_response())
        }
        Err(error @ (WardError::Law(_) | WardError::NewFile(_) | WardError::File { .. })) => {
            let read = Err(wrong(&error, desk.lang));
            let page = show(&tried(&desk, text, read)?)?;
            Ok((StatusCode::BAD_REQUEST, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn text(fields: &Fields) -> String {
    fields.raw("text").replace("\r\n", "\n")
}

fn digest(text: &str) -> Result<DeclarationDigest, Problem> {
    let pairs = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Option<Vec<u8>> = pairs.collect();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Problem::bad_request("`instead_of` is no digest of a declaration"))
}

fn wrong(error: &WardError, lang: Lang) -> String {
    match (error, lang) {
        (WardError::NewFile(file), Lang::Zh) => format!(
            "文本引用了文件“{file}”，而系统的 deployment.toml 未引用该文件：请将告知文本直接写入，或在服务器上编辑文件"
        ),
        (error, _) => error.to_string(),
    }
}

fn tried(desk: &Desk, text: String, read: Read) -> Result<DeploymentPage, Problem> {
    let understood = read.is_ok();
    let mut page = page(desk, text, Some(read))?;
    page.tried = true;
    page.may_declare = understood && desk.account.role.may(ConsoleRight::Administration);
    page.instead_of = desk
        .ward
        .declared()
        .map(|digest| hex(&digest))
        .unwrap_or_default();
    Ok(page)
}

fn page(desk: &Desk, text: String, read: Option<Read>) -> Result<DeploymentPage, Problem> {
    let mut page = DeploymentPage {
        lang: desk.lang,
        frame: desk.frame(Section::Deployment)?,
        text,
        tried: false,
        may_declare: false,
        instead_of: String::new(),
        entry: None,
        declared: read.is_some(),
        wrong: None,
        name: String::new(),
        in_order: false,
        packs: Vec::new(),
    };
    let today = now().to_zoned(TimeZone::UTC).date();
    match read {
        None => {}
        Some(Err(why)) => page.wrong = Some(why),
        Some(Ok((deployment, law))) => match check(&deployment, &law, today) {
            Err(error) => page.wrong = Some(error.to_string()),
            Ok(found) => {
                page.in_order = found.is_in_order();
                page.packs = found.packs.iter().map(|one| pack(one, desk.lang)).collect();
                page.name = found.name;
            }
        },
    }
    Ok(page)
}

fn pack(pack: &PackCheck, lang: Lang) -> Pack {
    let satisfied = pack.satisfied.iter();
    Pack {
        short: pack.short.clone(),
        title: pack.title.clone(),
        satisfied: satisfied.map(|rule| lang.rule(rule).0).collect(),
        findings: pack.findings.iter().map(|one| found(one, lang)).collect(),
    }
}

fn found(finding: &DeploymentFinding, lang: Lang) -> Found {
    let (tone, weight) = match finding.weight {
        Weight::Refuses => ("bad", lang.say("refuses", "拒绝")),
        Weight::RefusesOnAReading => (
            "bad",
            lang.say(
                "refuses, on a reading: have it looked at",
                "按一种解释拒绝：请专业人士审阅",
            ),
        ),
        Weight::Advice => ("warn", lang.say("advice", "建议")),
    };
    Found {
        tone,
        weight,
        citation: lang.rule(&finding.rule).0,
        rule: finding.rule.id.clone(),
        found: finding.found.join("; "),
        concerns: finding.concerns.join("; "),
        mend: finding.mend.clone(),
    }
}
