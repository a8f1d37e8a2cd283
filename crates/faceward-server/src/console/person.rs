//! One person: what is on record, and what can be done for them.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use faceward::{
    ConsentRecord, ConsentState, ConsoleRight, Described, Handle, Listed, Page, Purpose, SubjectId,
    Ward, hex,
};

use super::links::Handed;
use super::page::moment;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;
use crate::limits::now;

/// A person that an address names: by the opaque identifier, or by name.
pub(super) struct Person {
    pub(super) desk: Desk,
    pub(super) subject: SubjectId,
    pub(super) handle: Handle,
}

impl FromRequestParts<Door> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let desk = Desk::from_request_parts(parts, door).await?;
        // Whoever may see no people is not told who is known.
        desk.may(ConsoleRight::Records)
            .map_err(IntoResponse::into_response)?;
        let path: Path<Vec<(String, String)>> = Path::from_request_parts(parts, door)
            .await
            .map_err(IntoResponse::into_response)?;
        let named = path.0.into_iter().find(|(name, _)| name == "handle");
        let named = named.map(|(_, named)| named).unwrap_or_default();
        let found = find(&desk.ward, &named).await;
        let found = found.map_err(IntoResponse::into_response)?;
        let nobody = || {
            let why = desk.lang.say("nobody is known by this name", "没有此人");
            Problem::not_found(why).into_response()
        };
        let (subject, handle) = found.ok_or_else(nobody)?;
        Ok(Self {
            desk,
            subject,
            handle,
        })
    }
}

impl Person {
    pub(super) fn href(&self) -> String {
        format!("/console/people/{}", self.subject)
    }
}

async fn find(ward: &Ward, named: &str) -> Result<Option<(SubjectId, Handle)>, Problem> {
    if let Ok(subject) = named.parse::<SubjectId>()
        && let Some(handle) = ward.handle_of(subject).await?
    {
        return Ok(Some((subject, handle)));
    }
    let Ok(handle) = named.parse::<Handle>() else {
        return Ok(None);
    };
    match ward.subject(&handle).await {
        Ok(found) => Ok(Some((found.subject, found.handle))),
        Err(faceward::WardError::Unknown(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "console/person.html")]
struct PersonPage {
    lang: Lang,
    frame: Frame,
    name: String,
    id: String,
    href: String,
    died: Option<String>,
    may_consent: bool,
    may_look: bool,
    purposes: Vec<String>,
    live: Vec<String>,
    notices: Vec<String>,
    consents: Vec<Agreed>,
    references: Vec<Kept>,
    references_more: usize,
    requests: Vec<Asked>,
    kinds: Vec<(&'static str, &'static str)>,
    links: Vec<Handed>,
}

struct Agreed {
    id: String,
    purpose: String,
    scope: String,
    tone: &'static str,
    state: &'static str,
    notice: String,
    how: Option<String>,
    until: Option<String>,
    events: Vec<(String, &'static str, &'static str)>,
}

struct Kept {
    id: String,
    purpose: String,
    quality: u8,
    enrolled: String,
    model: String,
    map: bool,
}

struct Asked {
    id: String,
    open: bool,
    kind: &'static str,
    asker: &'static str,
    received: String,
    due: String,
    state: &'static str,
    overdue: bool,
}

/// What a person can ask for; what relatives ask needs more than this page asks about.
const KINDS: [&str; 7] = [
    "access",
    "copy",
    "correction",
    "deletion",
    "restriction",
    "objection",
    "explanation",
];
const MOST_REFERENCES: usize = 200;

pub(super) async fn view(person: Person) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    let (ward, lang) = (&desk.ward, desk.lang);
    let frame = desk.frame(Section::People)?;
    let listed = ward.subject(handle).await?;
    let records = ward.consent_records(handle).await?;
    let page = Page {
        skip: 0,
        at_most: MOST_REFERENCES,
    };
    let references = ward.references(None, Some(handle), None, page).await?;
    let shown = references.references.len();
    let requests = ward.requests_about(handle).await?;
    let notices = ward.notices().unwrap_or_default();
    let valid = |record: &&ConsentRecord| record.state(now()).is_valid();
    let live: BTreeSet<&Purpose> = records
        .iter()
        .filter(valid)
        .map(|r| &r.asked().purpose)
        .collect();
    show(&PersonPage {
        lang,
        frame,
        name: handle.as_str().to_owned(),
        id: person.subject.to_string(),
        href: person.href(),
        died: listed.died.map(|day| day.to_string()),
        may_consent: desk.account.role.may(ConsoleRight::Consents),
        may_look: desk.account.role.may(ConsoleRight::Faces),
        purposes: purposes(ward, listed.purposes.iter().map(|one| &one.purpose)),
        live: live.into_iter().map(ToString::to_string).collect(),
        notices: notices.into_iter().map(|notice| notice.version).collect(),
        consents: records.iter().rev().map(|one| agreed(one, lang)).collect(),
        references: references
            .references
            .iter()
            .map(|one| kept(&one.reference))
            .collect(),
        references_more: references.total - shown,
        requests: requests.iter().map(|one| asked(one, lang)).collect(),
        kinds: KINDS.iter().map(|word| (*word, kind(word, lang))).collect(),
        links: super::links::of(&person).await?,
    })
}

/// The purposes to choose from: declared, set, or known already.
pub(super) fn purposes<'a>(ward: &Ward, known: impl Iterator<Item = &'a Purpose>) -> Vec<String> {
    let mut purposes: BTreeSet<String> = known.map(ToString::to_string).collect();
    if let Ok(Some(declared)) = ward.deployment() {
        purposes.extend(declared.purposes.iter().map(|one| one.name.to_string()));
    }
    if let Ok(Some(set)) = ward.config().purpose() {
        purposes.insert(set.to_string());
    }
    purposes.into_iter().collect()
}

fn agreed(record: &ConsentRecord, lang: Lang) -> Agreed {
    let (tone, state) = state_tag(record.state(now()), lang);
    let asked = record.asked();
    let events = record.events().iter();
    Agreed {
        id: record.id().to_string(),
        purpose: asked.purpose.to_string(),
        scope: asked.scope.to_string(),
        tone,
        state,
        notice: format!(
            "{} ({}…)",
            asked.notice.version,
            short_hash(&asked.notice.sha256)
        ),
        how: record.given().map(|given| given.method.0.clone()),
        until: record.agreed_until().map(moment),
        events: events
            .map(|event| {
                (
                    moment(event.at),
                    happened(event.what.word(), lang),
                    actor(event.by.word(), lang),
                )
            })
            .collect(),
    }
}

fn kept(reference: &Described) -> Kept {
    Kept {
        id: reference.id.to_string(),
        purpose: reference.purpose.to_string(),
        quality: reference.quality,
        enrolled: moment(reference.enrolled_at),
        model: short(&reference.model.to_string()),
        map: reference.map,
    }
}

/// As much of a hash as tells two apart.
fn short_hash(hash: &[u8]) -> String {
    hex(hash.get(..6).unwrap_or(hash))
}

/// A model by its name and the beginning of its hash.
fn short(model: &str) -> String {
    match model.split_once("@sha256:") {
        Some((name, hash)) => format!("{name} ({}…)", hash.get(..8).unwrap_or(hash)),
        None => model.to_owned(),
    }
}

fn asked(listed: &Listed, lang: Lang) -> Asked {
    let request = &listed.request;
    Asked {
        id: request.id().to_string(),
        open: !request.state().is_final(),
        kind: kind(request.asked().kind.word(), lang),
        asker: actor(request.asked().asker.word(), lang),
        received: moment(request.asked().received),
        due: moment(request.due()),
        state: happened(request.state().word(), lang),
        overdue: listed.overdue,
    }
}

/// A consent's state: its colour and its word.
pub(super) fn state_tag(state: ConsentState, lang: Lang) -> (&'static str, &'static str) {
    match state {
        ConsentState::Unknown => ("warn", lang.say("not begun", "尚未开始")),
        ConsentState::Requested => ("warn", lang.say("asked", "已询问")),
        ConsentState::Deferred => ("warn", lang.say("put off", "已推迟")),
        ConsentState::Refused => ("bad", lang.say("refused", "已拒绝")),
        ConsentState::Given => ("good", lang.say("given", "已同意")),
        ConsentState::Renewed => ("good", lang.say("renewed", "已续期")),
        ConsentState::Expired => ("bad", lang.say("expired", "已过期")),
        ConsentState::Withdrawn => ("bad", lang.say("withdrawn", "已撤回")),
        ConsentState::Revoked => ("bad", lang.say("revoked", "已被终止")),
        ConsentState::Invalidated => ("bad", lang.say("invalidated", "自始无效")),
    }
}

/// What happened to a consent or a request, by the word of the records.
fn happened(word: &'static str, lang: Lang) -> &'static str {
    let zh = match word {
        "requested" => "询问",
        "deferred" => "推迟",
        "refused" => "拒绝",
        "given" => "同意",
        "renewed" => "续期",
        "withdrawn" => "撤回",
        "revoked" => "终止",
        "invalidated" => "宣告无效",
        "purpose-ended" => "目的终止",
        "open" => "待答复",
        "extended" => "已延期",
        "answered" => "已答复",
        _ => word,
    };
    lang.say(word, zh)
}

fn actor(word: &'static str, lang: Lang) -> &'static str {
    match word {
        "subject" | "person" => lang.say("the person", "本人"),
        "guardian" => lang.say("guardian", "监护人"),
        "controller" => lang.say("the controller", "处理者"),
        "relative" => lang.say("a relative", "近亲属"),
        "authorised" => lang.say("somebody authorised", "受托人"),
        other => other,
    }
}

fn kind(word: &'static str, lang: Lang) -> &'static str {
    let zh = match word {
        "access" => "查阅",
        "copy" => "复制",
        "correction" => "更正",
        "deletion" => "删除",
        "restriction" => "限制处理",
        "objection" => "反对处理",
        "explanation" => "解释说明",
        "relative" => "近亲属请求",
        _ => word,
    };
    lang.say(word, zh)
}
