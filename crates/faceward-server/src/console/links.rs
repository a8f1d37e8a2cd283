//! Links by which people come to their own pages: made and shown once, listed until they are
//! opened, taken back.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use faceward::{ConsoleRight, Link, LinkId, Purpose};
use jiff::SignedDuration;
use qrcode::QrCode;
use qrcode::render::svg;
use zeroize::Zeroizing;

use super::fields::Fields;
use super::page::moment;
use super::person::Person;
use super::told::Told;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;
use crate::limits::now;

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
pub(super) async fn make(
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

/// A link that was not opened yet.
pub(super) struct Handed {
    pub(super) cancel: String,
    pub(super) purposes: String,
    pub(super) created: String,
    pub(super) until: String,
    pub(super) over: bool,
}

/// The links of one person, as their page shows them.
pub(super) async fn of(person: &Person) -> Result<Vec<Handed>, Problem> {
    let links = person.desk.ward.links(&person.handle).await?;
    let href = person.href();
    Ok(links.iter().map(|link| handed(link, &href)).collect())
}

#[derive(Template)]
#[template(path = "console/links.html")]
struct LinksPage {
    lang: Lang,
    frame: Frame,
    may_consent: bool,
    links: Vec<(String, String, Handed)>,
}

/// Everybody's links.
pub(super) async fn list(desk: Desk) -> Result<Response, Problem> {
    desk.may(ConsoleRight::Records)?;
    let links = desk.ward.unopened_links().await?.into_iter();
    let links = links.map(|(subject, handle, link)| {
        let href = format!("/console/people/{subject}");
        let handed = handed(&link, &href);
        (handle.as_str().to_owned(), href, handed)
    });
    show(&LinksPage {
        lang: desk.lang,
        frame: desk.frame(Section::People)?,
        may_consent: desk.account.role.may(ConsoleRight::Consents),
        links: links.collect(),
    })
}

/// Takes a link back before it is opened.
pub(super) async fn cancel(
    person: Person,
    Path((_, link)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let lang = desk.lang;
    let none = || {
        let why = lang.say(
            "there is no such link, or it was opened",
            "没有此链接，或已被打开",
        );
        Problem::not_found(why)
    };
    let id: LinkId = link.parse().map_err(|_| none())?;
    let theirs = desk.ward.links(handle).await?;
    if !theirs.iter().any(|link| link.id == id) {
        return Err(none());
    }
    let receipt = desk.ward.cancel_link(id).await?;
    Told::done(lang.say("Link taken back", "链接已撤回"), &receipt)
        .text(lang.say("It opens nothing any more.", "该链接已无法打开任何页面。"))
        .page(desk, Section::People, person.href())
}

fn handed(link: &Link, href: &str) -> Handed {
    let purposes: Vec<&str> = link.purposes.iter().map(Purpose::as_str).collect();
    Handed {
        cancel: format!("{href}/links/{}/cancel", link.id),
        purposes: purposes.join(", "),
        created: moment(link.created),
        until: moment(link.until),
        over: link.until <= now(),
    }
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
