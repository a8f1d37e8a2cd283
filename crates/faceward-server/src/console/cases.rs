//! Disputes: a case file is handed in, worked through, and shown as a dossier. Nothing of it is kept:
//! the answer carries the finished dossier in itself.

use std::path::Path;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use faceward::case::{
    Assessor, CaseFile, Dossier, EvidenceFiles, HandedLedger, Openings, Worked, entry_receipts,
    template, words,
};
use faceward::{ConsoleRight, Law, LawError, RuleOutcome, WardError};
use serde::Deserialize;

use super::fields::Fields;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;

/// The longest case file, in bytes; the worked one of the documents has three thousand.
const LONGEST: usize = 256 * 1024;
/// The most cases in a file, and variants of one, that are worked through in one request.
const MOST: usize = 20;

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

/// Why nothing was assessed.
struct Wrong {
    why: String,
    /// The line of the file that it speaks of.
    line: Option<(usize, String)>,
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

/// Why a case that was handed in has no answer.
enum Failed {
    /// Something in what was handed in.
    Said(Wrong),
    Broke(Problem),
}

impl Wrong {
    fn said(why: impl ToString) -> Failed {
        Failed::Said(Self {
            why: why.to_string(),
            line: None,
        })
    }
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

/// Name and text of the case file: the one chosen, or else what was written.
fn handed(fields: &Fields, lang: Lang) -> Result<(String, String), Failed> {
    let (name, text) = match fields.files_of("case").next() {
        Some((name, bytes)) => {
            let no_text = lang.say("the case file is no text", "案件文件不是文本");
            let text = std::str::from_utf8(bytes).map_err(|_| Wrong::said(no_text))?;
            (last(name).to_owned(), text)
        }
        None => {
            let text = fields.raw("text");
            let json = text.trim_start().starts_with('{');
            let name = if json { "case.json" } else { "case.toml" };
            (name.to_owned(), text)
        }
    };
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        let why = lang.say(
            "choose a case file, or write one below",
            "请选择案件文件，或在下方填写",
        );
        return Err(Wrong::said(why));
    }
    if text.len() > LONGEST {
        let why = lang.say(
            "a case file may have 256 KiB here; assess a longer one with `faceward case assess`",
            "此处案件文件不得超过 256 KiB；更长的请使用 faceward case assess",
        );
        return Err(Wrong::said(why));
    }
    Ok((name, text))
}

/// A file's own name, without the folders that some browsers put before it.
fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

type Done = (std::sync::Arc<Law>, Vec<Worked>);

async fn work(desk: &Desk, fields: &Fields, name: &str, text: String) -> Result<Done, Failed> {
    let mut assessor = Assessor::new(&[]).map_err(|error| Failed::Broke(error.into()))?;
    let mut file = assessor
        .read(Path::new(name), &text)
        .map_err(|error| misread(&error, &text))?;
    pick(&mut file, fields.said("only"), desk.lang)?;
    if let Some(day) = fields.said("as_of") {
        let why = desk.lang.say(
            "write the day of the assessment as 2026-01-31",
            "评估日期的写法如 2026-01-31",
        );
        assessor.as_of = Some(day.parse().map_err(|_| Wrong::said(why))?);
    }
    let tried = fields.raw("what_if").lines().map(str::trim);
    let tried = tried.filter(|line| !line.is_empty());
    assessor.what_if = tried.map(str::to_owned).collect();
    if fields.ticked("own_ledger") {
        let story = desk.ward.ledger_story(&openings(fields)?).await;
        let key = desk.ward.ledger_key();
        assessor.ledger = Some(HandedLedger {
            story: story.map_err(|error| Failed::Broke(error.into()))?,
            folder: None,
            key: key.to_string(),
        });
        assessor.key = Some(key);
    }
    let evidence = fields.files_of("evidence");
    let evidence = evidence.map(|(name, bytes)| (last(name).to_owned(), bytes.to_vec().into()));
    let files = EvidenceFiles::Handed(evidence.collect());
    // Trying every single fact otherwise is work; others are served meanwhile.
    let worked = tokio::task::spawn_blocking(move || {
        let worked = assessor.work(&file, &files)?;
        Ok::<_, WardError>((assessor.law().clone(), worked))
    });
    let worked = worked.await.map_err(|_| Failed::Broke(Problem::failed()))?;
    worked.map_err(Wrong::said)
}

/// What is wrong with a file, and the line it is about.
fn misread(error: &WardError, text: &str) -> Failed {
    let line = match error {
        WardError::Law(LawError::Pack(at)) => {
            let said = text.lines().nth(at.line.saturating_sub(1));
            said.map(|said| (at.line, said.chars().take(200).collect()))
        }
        _ => None,
    };
    Failed::Said(Wrong {
        why: error.to_string(),
        line,
    })
}

/// The one case that was named, or all if they are not too many.
fn pick(file: &mut CaseFile, only: Option<&str>, lang: Lang) -> Result<(), Failed> {
    if let Some(only) = only {
        file.cases.retain(|case| case.id == only);
        if file.cases.is_empty() {
            let why = match lang {
                Lang::En => format!("the file has no case `{only}`"),
                Lang::Zh => format!("文件中没有案件“{only}”"),
            };
            return Err(Wrong::said(why));
        }
    }
    let variants = |cases: &CaseFile| cases.cases.iter().map(|case| case.variants.len()).max();
    if file.cases.len() > MOST || variants(file) > Some(MOST) {
        let why = lang.say(
            "at most 20 cases of a file, and 20 variants of a case, are assessed here; name one case, or use `faceward case assess`",
            "此处每个文件最多评估 20 个案件、每案 20 个变体；请指定一个案件，或使用 faceward case assess",
        );
        return Err(Wrong::said(why));
    }
    Ok(())
}

/// What the claimant holds on entries of the ledger.
fn openings(fields: &Fields) -> Result<Vec<Openings>, Failed> {
    let mut openings = Vec::new();
    for (name, bytes) in fields.files_of("about") {
        let text = String::from_utf8_lossy(bytes);
        let read = Openings::of_text(Path::new(last(name)), &text);
        openings.push(read.map_err(Wrong::said)?);
    }
    Ok(openings)
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
