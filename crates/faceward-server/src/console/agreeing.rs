//! A consent that was given on paper.

use axum::response::Response;
use faceward::{
    Condition, ConsentAsk, ConsoleRight, Details, Functions, Giver, NoticeText, Purpose, Shown,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Section;
use super::fields::Fields;
use super::page::moment;
use super::person::Person;
use super::told::Told;
use crate::Problem;
use crate::lang::Lang;
use crate::limits::now;

/// Records a consent that a person gave otherwise than through this server.
pub(super) async fn record(person: Person, fields: Fields) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let lang = desk.lang;
    let ask = ConsentAsk {
        handle: handle.clone(),
        purpose: purpose(&fields)?,
        notice: notice(&fields, &desk.ward.notices()?, lang)?,
        given_by: match fields.said("guardian") {
            Some(name) => Giver::Guardian(name.to_owned()),
            None => Giver::Subject,
        },
        method: fields.raw("how").trim().to_owned(),
        age: fields.raw("age").parse().map_err(Problem::bad_request)?,
        bundled_with: fields.said("bundled").map(str::to_owned),
        condition: condition(&fields),
        from: None,
        until: fields
            .said("until")
            .map(|day| first_moment(day, lang))
            .transpose()?,
        details: details(&fields)?,
    };
    let given = desk.ward.give_consent(ask).await?;
    let title = if given.renewed {
        lang.say("Consent renewed", "同意已续期")
    } else {
        lang.say("Consent recorded", "同意已记录")
    };
    let terms = given.consent.terms();
    Told::done(title, &given.receipt)
        .fact(lang.say("Purpose", "目的"), &terms.purpose)
        .fact(lang.say("Until", "有效期至"), moment(terms.until))
        .fact(lang.say("Record", "记录编号"), given.consent.id())
        .page(desk, Section::People, person.href())
}

/// A purpose that was typed or chosen.
pub(super) fn purpose(fields: &Fields) -> Result<Purpose, Problem> {
    let said = fields.raw("purpose").trim();
    said.parse().map_err(Problem::bad_request)
}

/// The notice that was shown: one that is declared, a file, or the text itself.
fn notice(fields: &Fields, declared: &[NoticeText], lang: Lang) -> Result<NoticeText, Problem> {
    let chosen: Option<usize> = fields.said("notice").and_then(|n| n.parse().ok());
    if let Some(notice) = chosen.and_then(|n| declared.get(n)) {
        return Ok(notice.clone());
    }
    let version = fields.said("version").unwrap_or("1").to_owned();
    // A browser sends every line end as two characters.
    let typed = fields.raw("text").replace("\r\n", "\n").into_bytes();
    let bytes = fields.file("file").map_or(typed, <[u8]>::to_vec);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::bad_request(lang.say(
            "say which notice was shown: choose its file, or put its text into the form",
            "请说明所出示的告知书：选择其文件或填入其文本",
        )));
    }
    Ok(NoticeText { version, bytes })
}

fn condition(fields: &Fields) -> Condition {
    match (fields.said("alternative"), fields.ticked("required")) {
        (Some(other_way), _) => Condition::Alternative(other_way.to_owned()),
        (None, true) => Condition::Required {
            necessary_because: fields.said("because").map(str::to_owned),
        },
        (None, false) => Condition::Unstated,
    }
}

fn details(fields: &Fields) -> Result<Details, Problem> {
    let relation = fields.said("relation").map(str::parse).transpose();
    let shown = fields.said("place").map(|place| Shown {
        language: fields.said("language").unwrap_or("zh-Hans").to_owned(),
        at: now(),
        place: place.to_owned(),
    });
    Ok(Details {
        functions: Functions {
            verification: fields.ticked("verification"),
            identification: fields.ticked("identification"),
            analysis: false,
        },
        equal_terms: fields.said("alternative").map(|_| fields.ticked("equal")),
        relation: match fields.said("guardian") {
            Some(_) => relation.map_err(Problem::bad_request)?,
            None => None,
        },
        shown,
        ..Details::default()
    })
}

/// A day as it begins.
pub(super) fn first_moment(day: &str, lang: Lang) -> Result<Timestamp, Problem> {
    let day: Option<Date> = day.parse().ok();
    let begins = day.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    let begins = begins.map(|begins| begins.timestamp());
    begins.ok_or_else(|| {
        let why = lang.say("a day reads 2026-11-24", "日期格式为 2026-11-24");
        Problem::bad_request(why)
    })
}
