//! What the person asked, and whatever else was recorded about them.

use faceward::{Act, Asker, Circumstance, Entry, Event, Fate, Held, Request, RequestState};
use jiff::{SignedDuration, Timestamp};

use super::face::is_look;
use super::{done_for, none, section, table, time, when};
use faceward::html::{Html, said, text};

pub(super) fn requests(held: &Held, now: Timestamp) -> Html {
    let told =
        "What was asked about your data, by you or for you, and until when the answer is due.";
    if held.requests.is_empty() {
        return section("What you asked", told, [none("Nothing was asked.")]);
    }
    let rows = held.requests.iter().map(|request| {
        let asked = request.asked();
        let mut what = asked.kind.word().to_owned();
        if let Some(details) = &asked.details {
            what.push_str(&format!(": {details}"));
        }
        [
            time(asked.received),
            text(what),
            text(by(&asked.asker)),
            text(standing(request, now)),
        ]
    });
    let rows = table(
        "requests",
        ["Received", "What was asked", "By", "Answer"],
        rows,
    );
    section("What you asked", told, [rows])
}

fn by(asker: &Asker) -> String {
    match asker {
        Asker::Subject => "you".to_owned(),
        Asker::Guardian(name) => format!("{name}, parent or guardian"),
        Asker::Authorised(name) => format!("{name}, authorised"),
        Asker::Relative { name, kin, .. } => format!("{name} ({kin})"),
    }
}

fn standing(request: &Request, now: Timestamp) -> String {
    let last = request.events().last();
    let said = last.and_then(|event| event.what.said());
    let said = said.map_or_else(String::new, |said| format!(": {said}"));
    let on = last.map_or_else(String::new, |event| when(event.at));
    match request.state() {
        RequestState::Answered => format!("met on {on}{said}"),
        RequestState::Refused => format!("refused on {on}{said}"),
        RequestState::Withdrawn => format!("taken back on {on}"),
        RequestState::Open | RequestState::Extended => {
            let due = request.due();
            let last = due
                .saturating_sub(SignedDuration::from_secs(1))
                .unwrap_or(due);
            let last = last.strftime("%-d %B %Y");
            let late = if request.is_overdue(now) {
                "late: was "
            } else {
                ""
            };
            format!("{late}due by {last} ({}){said}", request.asked().regime)
        }
    }
}

pub(super) fn rest(held: &Held) -> Html {
    let told = "Whatever else the ledger has about you. An entry holds no name, picture or score: you stand in it as a number that only your key can link to you.";
    let others: Vec<&Entry> = held.entries.iter().filter(|e| !is_look(e)).collect();
    let rows = others.iter().rev().map(|entry| {
        let event = &entry.event;
        [
            time(event.at),
            done_for(which(event), event),
            text(entry.position.to_string()),
        ]
    });
    let mut parts: Vec<Html> = held.circumstances.iter().map(circumstance).collect();
    if others.is_empty() {
        parts.push(none("Nothing else was recorded."));
    } else {
        parts.push(table("entries", ["When", "What", "Entry"], rows));
    }
    section("What else was recorded", told, parts)
}

fn circumstance(entry: &Circumstance) -> Html {
    let told = match &entry.what {
        Fate::Died { on, evidence } => format!("Death on {on}, shown by: {evidence}"),
        Fate::Lives { reason } => format!("That death was a mistake: {reason}"),
        Fate::Arranged {
            text,
            bars_relatives: true,
        } => format!("Arranged for the case of death: {text} (relatives are kept out)"),
        Fate::Arranged { text, .. } => format!("Arranged for the case of death: {text}"),
    };
    said("p", "noted", format!("{} · {told}", when(entry.at)))
}

/// What was recorded, and which of its kind.
fn which(event: &Event) -> String {
    let what = done(event.act);
    match &event.reason {
        Some(reason) => format!("{what}: {}", reason.replace('-', " ")),
        None => what.to_owned(),
    }
}

fn done(act: Act) -> &'static str {
    match act {
        Act::ConsentGiven => "You agreed",
        Act::ConsentRequested => "You were asked for consent",
        Act::ConsentDeferred => "You left the question open",
        Act::ConsentRefused => "You said no",
        Act::ConsentRenewed => "You agreed again",
        Act::ConsentWithdrawn => "You took a consent back; its references were destroyed",
        Act::ConsentRevoked => {
            "A consent was ended by somebody else; its references were destroyed"
        }
        Act::ConsentInvalidated => "A consent was found never to have counted",
        Act::PurposeEnded => "A purpose ended",
        Act::ReceiptIssued => "A receipt of your consent was handed out",
        Act::Erased => "References were destroyed because their time was over",
        Act::Access => "What is held on you was handed out",
        Act::Forgotten => "You were forgotten",
        Act::RequestReceived => "A request came in",
        Act::RequestExtended => "The time for an answer was extended",
        Act::RequestAnswered => "A request was met",
        Act::RequestRefused => "A request was refused",
        Act::RequestWithdrawn => "A request was taken back",
        Act::Corrected => "Something on record was corrected",
        Act::DeathRecorded => "A death was put on record",
        Act::DeathRetracted => "A death on record was found to be a mistake",
        Act::ArrangementRecorded => "What you arranged for the case of death was put on record",
        Act::LinkCreated => "A link to your own pages was made",
        Act::LinkUsed => "Your link was opened",
        Act::LinkCancelled => "A link to your pages was taken back, unopened",
        Act::KeyCreated
        | Act::KeyRevoked
        | Act::AccountCreated
        | Act::AccountChanged
        | Act::SignedIn
        | Act::SignInRefused
        | Act::BackupMade
        | Act::Restored
        | Act::DeploymentDeclared => "The ward was administered",
        Act::SubjectKnown => "Your name was put on record",
        Act::ReferenceRemoved => "References of yours were destroyed",
        Act::Enroll | Act::Verify | Act::Identify | Act::Compare | Act::Detect | Act::Liveness => {
            "A face was looked at"
        }
    }
}
