//! Taking people over from CompreFace. The import runs beside the requests; its page says how far it
//! is, and at the end who has to be asked.

mod running;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{ConsoleRight, ImportNext, ImportSource, ImportedPerson, work_list};
use zeroize::Zeroizing;

use super::agreeing::purpose;
use super::fields::Fields;
use super::person::purposes;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;

pub(crate) use running::Imports;
use running::{How, Progress};

/// So many people are listed in the page; the file has all.
const MOST: usize = 500;
/// So many of the last ones while it runs.
const LAST: usize = 10;

#[derive(Template)]
#[template(path = "console/import.html")]
struct ImportPage {
    lang: Lang,
    frame: Frame,
    purposes: Vec<String>,
    /// Megabytes of a dump.
    most: usize,
    import: Option<Shown>,
    /// Whether none runs.
    may_begin: bool,
}

/// An import as it is shown.
struct Shown {
    purpose: String,
    runs: bool,
    stopping: bool,
    expected: Option<(usize, usize)>,
    people: usize,
    examples: usize,
    enrolled: usize,
    to_ask: usize,
    left_aside: usize,
    /// How it ended: a tone and a sentence.
    end: Option<(&'static str, String)>,
    rows: Vec<Row>,
    /// How many people are not in the rows.
    more: usize,
}

struct Row {
    name: String,
    known: bool,
    examples: usize,
    enrolled: usize,
    tone: &'static str,
    next: &'static str,
    left_aside: Vec<String>,
}

pub(super) async fn page(State(door): State<Door>, desk: Desk) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Faces)?;
    let import = door.imports().of(&desk.ward_name);
    let shown = import.map(|import| {
        let shown = shown(&import.progress(), desk.lang);
        Shown {
            purpose: import.purpose.to_string(),
            stopping: import.stopped(),
            ..shown
        }
    });
    show(&ImportPage {
        lang: desk.lang,
        frame: desk.frame(Section::People)?,
        purposes: purposes(&desk.ward, std::iter::empty()),
        most: door.limits().body / (1024 * 1024),
        may_begin: shown.as_ref().is_none_or(|shown| !shown.runs),
        import: shown,
    })
}

pub(super) async fn begin(
    State(door): State<Door>,
    desk: Desk,
    fields: Fields,
) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Faces)?;
    let purpose = purpose(&fields)?;
    let source = source(&fields, desk.lang).await?;
    let name = desk.ward_name.clone();
    if !door.imports().begin(name, desk.ward, purpose, source) {
        return Err(Problem::conflict(desk.lang.say(
            "an import runs in this ward already; wait for its end, or stop it",
            "本系统已有一项导入正在进行；请等待其结束或将其停止",
        )));
    }
    Ok(Redirect::to("/console/import").into_response())
}

/// The dump that was chosen, or else the server that was named.
async fn source(fields: &Fields, lang: Lang) -> Result<ImportSource, Problem> {
    let key = fields.raw("key").trim();
    let Some(dump) = fields.file("dump") else {
        let Some(url) = fields.said("url") else {
            return Err(Problem::bad_request(lang.say(
                "name the address of a CompreFace server, or choose a dump",
                "请填写 CompreFace 服务器的地址，或选择一个转储文件",
            )));
        };
        return Ok(ImportSource::service(url, key)?);
    };
    let (dump, key) = (
        Zeroizing::new(dump.to_vec()),
        Zeroizing::new(key.to_owned()),
    );
    let read = move || ImportSource::dump(dump.as_slice(), &key);
    let read = tokio::task::spawn_blocking(read).await;
    Ok(read.map_err(|_| Problem::failed())??)
}

pub(super) async fn stop(State(door): State<Door>, desk: Desk) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Faces)?;
    if let Some(import) = door.imports().of(&desk.ward_name) {
        import.stop();
    }
    Ok(Redirect::to("/console/import").into_response())
}

/// Everybody who was taken over, and what there is to do about each, as a file.
pub(super) async fn list(State(door): State<Door>, desk: Desk) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Faces)?;
    let import = door.imports().of(&desk.ward_name);
    let import = import.ok_or_else(|| {
        let why = "there is no work-list; it is kept for an hour after an import";
        Problem::not_found(desk.lang.say(why, "没有工作清单；导入结束后仅保留一小时"))
    })?;
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"consent-work-list.csv\"",
        ),
    ];
    Ok((head, work_list(&import.progress().people)).into_response())
}

fn shown(progress: &Progress, lang: Lang) -> Shown {
    let people = &progress.people;
    let runs = progress.end.is_none();
    let rows: Vec<Row> = if runs {
        let last = people.iter().rev().take(LAST);
        last.map(|one| row(one, lang)).collect()
    } else {
        people.iter().take(MOST).map(|one| row(one, lang)).collect()
    };
    let to_ask = people.iter().filter(|one| one.next == ImportNext::Ask);
    Shown {
        purpose: String::new(),
        runs,
        stopping: false,
        expected: progress.expected,
        people: people.len(),
        examples: progress.examples(),
        enrolled: people.iter().map(|one| one.enrolled).sum(),
        to_ask: to_ask.count(),
        left_aside: people.iter().map(|one| one.left_aside.len()).sum(),
        end: progress.end.as_ref().map(|end| ended(&end.how, lang)),
        more: people.len() - rows.len(),
        rows,
    }
}

fn ended(how: &How, lang: Lang) -> (&'static str, String) {
    let (tone, said) = match how {
        How::Done => ("good", lang.say("The import is done.", "导入已完成。")),
        How::Stopped => (
            "warn",
            lang.say(
                "The import was stopped. What was taken over stands.",
                "导入已停止。已接收的内容保持有效。",
            ),
        ),
        How::Failed(why) => {
            let said = lang.say(
                "The import broke off. What was taken over stands.",
                "导入中断。已接收的内容保持有效。",
            );
            return ("bad", format!("{said} {why}"));
        }
    };
    (tone, said.to_owned())
}

fn row(person: &ImportedPerson, lang: Lang) -> Row {
    let (tone, next) = match person.next {
        ImportNext::Ask => ("warn", lang.say("to be asked", "待征求同意")),
        ImportNext::Nothing => ("good", lang.say("enrolled", "已登记")),
        ImportNext::HereAlready => ("good", lang.say("references are here already", "已有模板")),
        ImportNext::NewPicture => ("bad", lang.say("take a new picture", "需重新拍照")),
        ImportNext::OtherName => (
            "bad",
            lang.say("this name cannot be used here", "此名称无法使用"),
        ),
    };
    let aside = person.left_aside.iter();
    Row {
        name: person.name.clone(),
        known: person.next != ImportNext::OtherName,
        examples: person.examples,
        enrolled: person.enrolled + person.here_already,
        tone,
        next,
        left_aside: aside.map(ToString::to_string).collect(),
    }
}
