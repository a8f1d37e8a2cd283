//! A consent recorded on paper, and a link by which a person answers themselves.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use faceward::{
    Condition, ConsentAsk, ConsoleRight, Details, Functions, Giver, NoticeText, Purpose, Shown,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use qrcode::QrCode;
use qrcode::render::svg;
use zeroize::Zeroizing;

use super::fields::Fields;
use super::page::moment;
use super::person::Person;
use super::told::Told;
use super::{Frame, Section, show};
use crate::Problem;
use crate::door::Door;
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

#[derive(Template)]
#[template(path = "console/link.html")]
struct LinkPage {
    lang: Lang,
    frame: Frame,
    name: String,
    url: Zeroizing<String>,
    qr: String,
    until: String,
    back: String,
    entry: u64,
}

const LONGEST_DAYS: i64 = 90;

/// Makes a link, and shows it this once.
pub(super) async fn link(
    State(door): State<Door>,
    headers: HeaderMap,
    person: Person,
    fields: Fields,
) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let purposes = fields.texts_of("purpose").flat_map(|said| said.split(','));
    let purposes = purposes.map(str::trim).filter(|said| !said.is_empty());
    let purposes: Result<Vec<Purpose>, _> = purposes.map(str::parse).collect();
    let purposes = purposes.map_err(Problem::bad_request)?;
    let days: i64 = fields
        .said("days")
        .and_then(|days| days.parse().ok())
        .unwrap_or(7);
    let valid = SignedDuration::from_hours(24 * days.clamp(1, LONGEST_DAYS));
    let (link, text, receipt) = desk.ward.make_link(handle, &purposes, valid).await?;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = if door.secure() { "https" } else { "http" };
    let url = Zeroizing::new(format!(
        "{scheme}://{}/me/{}",
        host.unwrap_or("localhost"),
        *text.reveal()
    ));
    show(&LinkPage {
        lang: desk.lang,
        frame: desk.frame(Section::People)?,
        name: handle.as_str().to_owned(),
        qr: drawn(&url)?,
        url,
        until: moment(link.until),
        back: person.href(),
        entry: receipt.position(),
    })
}

/// A QR code, black on white whatever the page's colours are: cameras want it so.
fn drawn(text: &str) -> Result<String, Problem> {
    let code = QrCode::new(text).map_err(|_| Problem::failed())?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    // Without the XML declaration it can stand in a page.
    let start = drawn.find("<svg").unwrap_or_default();
    Ok(drawn.get(start..).unwrap_or_default().to_owned())
}
