//! The first page: what runs, what was refused and why, and what has to be done soon.

use std::collections::BTreeMap;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{EventOutcome, Law, Ward, WardError, cpu_features, kernel_in_use};
use jiff::{SignedDuration, Timestamp};

use super::page::moment;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;
use crate::limits::now;

/// How many of the newest entries the counts are about.
const NEWEST: u64 = 2048;
/// Up to so many people what is due is worked out with the first page; beyond, on its own.
const AT_ONCE: usize = 2000;
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    lang: Lang,
    frame: Frame,
    running: Vec<(&'static str, String)>,
    people: usize,
    coming: Option<Coming>,
    counted: Counted,
    deployment: Option<String>,
}

#[derive(Template)]
#[template(path = "console/due.html")]
struct DuePage {
    lang: Lang,
    frame: Frame,
    coming: Coming,
}

/// What the newest entries of the ledger say.
struct Counted {
    entries: usize,
    since: Option<String>,
    compared: usize,
    refused: usize,
    not_live: usize,
    unusable: usize,
    grounds: Vec<RefusedOn>,
}

/// One provision, and how often it refused.
struct RefusedOn {
    rule: String,
    citation: String,
    gist: String,
    times: usize,
}

/// What has to be done within 30 days.
struct Coming {
    consents: Vec<Ending>,
    retention: Vec<Ending>,
    requests: Vec<Ending>,
}

/// Something of a person that ends.
struct Ending {
    person: String,
    href: String,
    what: String,
    by: String,
    over: bool,
}

/// Those of one kind, under their heading.
struct Group<'a> {
    title: &'static str,
    none: &'static str,
    endings: &'a [Ending],
}

impl Coming {
    fn groups(&self, lang: &Lang) -> [Group<'_>; 3] {
        [
            Group {
                title: lang.say("Requests to answer", "待答复的请求"),
                none: lang.say("No request is open.", "没有待答复的请求。"),
                endings: &self.requests,
            },
            Group {
                title: lang.say("Consents that end within 30 days", "30 天内到期的同意"),
                none: lang.say("None.", "无。"),
                endings: &self.consents,
            },
            Group {
                title: lang.say(
                    "References that have to go within 30 days",
                    "30 天内须删除的模板",
                ),
                none: lang.say("None.", "无。"),
                endings: &self.retention,
            },
        ]
    }

    fn pressing(&self) -> usize {
        let all = self.retention.iter().chain(&self.requests);
        all.filter(|ending| ending.over).count()
    }
}

pub(super) async fn overview(State(door): State<Door>, desk: Desk) -> Result<Response, Problem> {
    if desk.first() != Section::Overview.href() {
        return Ok(Redirect::to(desk.first()).into_response());
    }
    let frame = desk.frame(Section::Overview)?;
    let people = desk.ward.subjects(None, None, 0).await?.total;
    let coming = match people {
        0..=AT_ONCE => Some(coming(&desk.ward, desk.lang).await?),
        _ => None,
    };
    let declared = desk.ward.deployment();
    show(&OverviewPage {
        lang: desk.lang,
        frame,
        running: running(&desk.ward, door.up_for(), desk.lang),
        people,
        coming,
        counted: counted(&desk.ward, desk.lang).await?,
        deployment: match declared {
            Ok(declared) => declared.map(|declared| declared.name.clone()),
            Err(error) => Some(error.to_string()),
        },
    })
}

pub(super) async fn due(desk: Desk) -> Result<Response, Problem> {
    show(&DuePage {
        lang: desk.lang,
        frame: desk.frame(Section::Overview)?,
        coming: coming(&desk.ward, desk.lang).await?,
    })
}

fn running(ward: &Ward, up: Duration, lang: Lang) -> Vec<(&'static str, String)> {
    let model = match ward.model() {
        Ok(model) => model.to_string(),
        Err(error) => error.to_string(),
    };
    let minutes = up.as_secs() / 60;
    let (days, hours) = (minutes / (24 * 60), minutes / 60 % 24);
    let up = match lang {
        Lang::En => format!("{days} d {hours} h {} min", minutes % 60),
        Lang::Zh => format!("{days} 天 {hours} 小时 {} 分", minutes % 60),
    };
    vec![
        (
            lang.say("Version", "版本"),
            env!("CARGO_PKG_VERSION").to_owned(),
        ),
        (lang.say("Model", "模型"), model),
        (
            lang.say("Processor", "处理器"),
            format!("{} ({})", cpu_features(), kernel_in_use()),
        ),
        (lang.say("Up for", "已运行"), up),
    ]
}

async fn counted(ward: &Ward, lang: Lang) -> Result<Counted, WardError> {
    let size = ward.ledger_size().await?;
    let entries = ward.entries(size.saturating_sub(NEWEST)..size).await?;
    let ended = |outcome| entries.iter().filter(move |e| e.event.outcome == outcome);
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in ended(EventOutcome::Refused).flat_map(|entry| &entry.event.rules) {
        *rules.entry(rule).or_default() += 1;
    }
    let law = Law::built_in()?;
    let mut grounds: Vec<RefusedOn> = rules
        .into_iter()
        .map(|(id, times)| {
            let known = law.rule(id).map(|rule| lang.rule(rule));
            let (citation, gist) = known.unwrap_or_else(|| (id.to_owned(), String::new()));
            RefusedOn {
                rule: id.to_owned(),
                citation,
                gist,
                times,
            }
        })
        .collect();
    grounds.sort_by_key(|ground| std::cmp::Reverse(ground.times));
    let not_live = ended(EventOutcome::Unusable)
        .filter(|entry| entry.event.reason.as_deref() == Some("not-live"))
        .count();
    let compared = [
        EventOutcome::Match,
        EventOutcome::Uncertain,
        EventOutcome::NoMatch,
    ];
    Ok(Counted {
        entries: entries.len(),
        since: entries.first().map(|entry| moment(entry.event.at)),
        compared: compared.into_iter().map(|o| ended(o).count()).sum(),
        refused: ended(EventOutcome::Refused).count(),
        unusable: ended(EventOutcome::Unusable).count() - not_live,
        not_live,
        grounds,
    })
}

async fn coming(ward: &Ward, lang: Lang) -> Result<Coming, WardError> {
    let now = now();
    let horizon = now.saturating_add(SOON).unwrap_or(Timestamp::MAX);
    let mut consents = Vec::new();
    for person in ward.subjects(None, None, usize::MAX).await?.subjects {
        for one in &person.purposes {
            let valid = one.consent.is_some_and(|state| state.is_valid());
            if let Some(until) = one.until.filter(|until| valid && *until < horizon) {
                consents.push((
                    until,
                    ending(&person.handle, person.subject, &one.purpose, until, now),
                ));
            }
        }
    }
    consents.sort_by_key(|(until, _)| *until);
    let retention = ward.retention_due(SOON).await?.due.into_iter();
    let retention = retention.map(|due| {
        let what = match lang {
            Lang::En => format!("{} ({} references)", due.purpose, due.references),
            Lang::Zh => format!("{}（{} 个模板）", due.purpose, due.references),
        };
        ending(&due.handle, due.subject, &what, due.by, now)
    });
    let open = ward.requests().await?.into_iter();
    let open = open.filter(|listed| !listed.request.state().is_final());
    let requests = open.map(|listed| {
        let asked = listed.request.asked();
        ending(
            &listed.handle,
            asked.subject,
            &asked.kind.word(),
            listed.request.due(),
            now,
        )
    });
    Ok(Coming {
        consents: consents.into_iter().map(|(_, ending)| ending).collect(),
        retention: retention.collect(),
        requests: requests.collect(),
    })
}

fn ending(
    handle: &faceward::Handle,
    subject: faceward::SubjectId,
    what: &impl ToString,
    by: Timestamp,
    now: Timestamp,
) -> Ending {
    Ending {
        person: handle.as_str().to_owned(),
        href: format!("/console/people/{subject}"),
        what: what.to_string(),
        by: moment(by),
        over: by <= now,
    }
}
