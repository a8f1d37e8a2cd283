//! Disputes: a case file is handed in, worked through, and shown as a dossier. Nothing of it is kept:
//! the answer carries the finished dossier in itself.

mod handed;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use faceward::case::{Dossier, Worked, entry_receipts, template, words};
use faceward::{ConsoleRight, Law, RuleOutcome, WardError};
use serde::Deserialize;

use super::fields::Fields;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;
use handed::{Failed, Wrong, handed, work};

#[derive(Template)]
#[template(path = "console/cases.html")]
struct CasesPage {
    lang: Lang,
    frame: Frame,
    form: Form,
    packs: Vec<(String, String)>,
    wrong: Option<Wrong>,
    several: Vec<Short>,
    made: Option<Made>,
}

/// The form as it was filled in.
#[derive(Default)]
struct Form {
    text: String,
    as_of: String,
    what_if: String,
    only: String,
    own_ledger: bool,
}

/// One of several cases, in short.
struct Short {
    id: String,
    title: String,
    claims: Vec<Answered>,
    surprises: Vec<String>,
}

struct Answered {
    text: String,
    tone: &'static str,
    outcome: &'static str,
    by: String,
    turns: Vec<String>,
}

/// A finished dossier.
struct Made {
    title: String,
    surprises: Vec<String>,
    dossier: String,
    files: Vec<Finished>,
}

/// A file that the page carries in itself.
struct Finished {
    name: String,
    href: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The pack of a new case.
    pack: Option<String>,
}

pub(super) async fn form(Query(asked): Query<Asked>, desk: Desk) -> Result<Response, Problem> {
    let text = match asked.pack {
        Some(pack) => template(&[pack])?,
        None => String::new(),
    };
    let form = Form {
        text,
        ..Form::default()
    };
    show(&page(&desk, form)?)
}

pub(super) async fn assess(desk: Desk, fields: Fields) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Cases)?;
    let lang = desk.lang;
    let mut page = page(&desk, Form::default())?;
    let handed = handed(&fields, lang);
    page.form = Form {
        text: handed.as_ref().map(|h| h.1.clone()).unwrap_or_default(),
        as_of: fields.raw("as_of").to_owned(),
        what_if: fields.raw("what_if").to_owned(),
        only: fields.raw("only").to_owned(),
        own_ledger: fields.ticked("own_ledger"),
    };
    let worked = match handed {
        Ok((name, text)) => work(&desk, &fields, &name, text).await,
        Err(wrong) => Err(wrong),
    };
    let (law, worked) = match worked {
        Ok(worked) => worked,
        Err(Failed::Said(wrong)) => {
            page.wrong = Some(wrong);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok((status, show(&page)?).into_response());
        }
        Err(Failed::Broke(problem)) => return Err(problem),
    };
    match worked.as_slice() {
        [one] => page.made = Some(made(&law, one, lang)?),
        several => page.several = several.iter().map(|one| short(&law, one, lang)).collect(),
    }
    show(&page)
}

fn page(desk: &Desk, form: Form) -> Result<CasesPage, Problem> {
    let law = Law::built_in().map_err(WardError::from)?;
    let title = |zh: &Option<String>, en: &str| match (desk.lang, zh) {
        (Lang::Zh, Some(zh)) => zh.clone(),
        _ => en.to_owned(),
    };
    let packs = law.packs().iter();
    Ok(CasesPage {
        lang: desk.lang,
        frame: desk.frame(Section::Cases)?,
        form,
        packs: packs
            .map(|pack| (pack.id.clone(), title(&pack.title_zh, &pack.short)))
            .collect(),
        wrong: None,
        several: Vec::new(),
        made: None,
    })
}

fn short(law: &Law, worked: &Worked, lang: Lang) -> Short {
    let claims = worked.assessment.claims.iter().map(|claim| {
        let turns = claim.turns_on.iter();
        let turns: Vec<String> = turns.map(|point| words::turn_told(law, point)).collect();
        let outcome = words::outcome(claim.outcome);
        Answered {
            text: claim.text.clone(),
            tone: match claim.outcome {
                _ if !turns.is_empty() => "warn",
                RuleOutcome::MadeOut => "good",
                _ => "",
            },
            outcome: lang.say(outcome.en, outcome.zh),
            by: words::answered_by(claim),
            turns,
        }
    });
    Short {
        id: worked.case.id.clone(),
        title: worked.case.title.clone(),
        claims: claims.collect(),
        surprises: surprises(worked),
    }
}

/// What came out otherwise than the file expects.
fn surprises(worked: &Worked) -> Vec<String> {
    let mut surprises = Vec::new();
    for expected in &worked.expected {
        for surprise in &expected.surprises {
            surprises.push(match &expected.variant {
                Some(variant) => format!("{variant}: {surprise}"),
                None => surprise.clone(),
            });
        }
    }
    surprises
}

fn made(law: &Law, worked: &Worked, lang: Lang) -> Result<Made, Problem> {
    let of = match lang {
        Lang::En => faceward::case::Lang::En,
        Lang::Zh => faceward::case::Lang::Zh,
    };
    let dossier = Dossier::of(law, worked, of);
    let pretty = |json: &serde_json::Value| {
        serde_json::to_string_pretty(json).map_err(|_| Problem::failed())
    };
    let mut files = vec![
        finished("dossier.html", "text/html", &dossier.page()),
        finished(
            "dossier.json",
            "application/json",
            &pretty(&dossier.json())?,
        ),
    ];
    for (position, receipt) in entry_receipts(worked) {
        let name = format!("entry-{position}.json");
        files.push(finished(&name, "application/json", &pretty(&receipt)?));
    }
    Ok(Made {
        title: dossier.title().to_owned(),
        surprises: surprises(worked),
        dossier: dossier.within().to_string(),
        files,
    })
}

fn finished(name: &str, kind: &str, text: &str) -> Finished {
    Finished {
        name: name.to_owned(),
        href: format!("data:{kind};charset=utf-8;base64,{}", BASE64.encode(text)),
    }
}
