//! What the person was asked and agreed to, and to whom data may be given.

use faceward::hex;
use faceward::{
    Age, Condition, Consent, ConsentEvent, ConsentRecord, ConsentState, Giver, Happened, Held,
    Retention, Scope,
};
use jiff::Timestamp;

use super::{none, pairs, section as page_section, when};
use faceward::html::{Html, element, said, text};

pub(super) fn section(held: &Held, now: Timestamp) -> Html {
    let told = "Your face may be used only for what you agreed to, each purpose on its own. What you take back is over at once.";
    if held.records.is_empty() {
        return page_section(
            "What you agreed to",
            told,
            [none("You were asked for nothing, and agreed to nothing.")],
        );
    }
    let records = held.records.iter().rev().map(|record| card(record, now));
    page_section("What you agreed to", told, records.collect::<Vec<_>>())
}

fn card(record: &ConsentRecord, now: Timestamp) -> Html {
    let consent = Consent::of(record.clone());
    let state = consent
        .as_ref()
        .map_or_else(|| record.state(now), |consent| consent.state(now));
    let asked = record.asked();
    let mut parts = vec![element(
        "h3",
        [],
        [
            said("span", "", asked.purpose.as_str()),
            text(" "),
            said("span", tone(state), standing(state)),
        ],
    )];
    if let Some(consent) = &consent {
        parts.push(pairs(terms(consent)));
    }
    let events = record.events().iter().map(happened);
    parts.push(element("ol", [("class", "log")], events));
    parts.push(said("p", "quiet", format!("Record {}", record.id())));
    element("article", [("class", "card")], parts)
}

fn standing(state: ConsentState) -> &'static str {
    match state {
        ConsentState::Unknown => "has not begun",
        ConsentState::Requested => "asked, not answered",
        ConsentState::Deferred => "asked, left open",
        ConsentState::Refused => "you said no",
        ConsentState::Given | ConsentState::Renewed => "in force",
        ConsentState::Expired => "over",
        ConsentState::Withdrawn => "withdrawn",
        ConsentState::Revoked => "ended by somebody else",
        ConsentState::Invalidated => "never counted",
    }
}

fn tone(state: ConsentState) -> &'static str {
    if state.is_valid() {
        "tag good"
    } else if state.is_final() {
        "tag ended"
    } else {
        "tag"
    }
}

fn terms(consent: &Consent) -> Vec<(&'static str, String)> {
    let terms = consent.terms();
    let details = &terms.details;
    let by = match &terms.given_by {
        Giver::Subject => "you".to_owned(),
        Giver::Guardian(name) => format!("{name}, your parent or guardian"),
    };
    let processing = details.scope == Scope::Processing;
    let mut told = vec![("To what", scope(&details.scope))];
    if processing {
        let functions: Vec<&str> = details.functions.words().collect();
        told.push(("What your face may be used for", functions.join(", ")));
    }
    told.extend([
        (
            "Who agreed, and how",
            format!("{by}, {}: {}", when(terms.given_at), terms.method.0),
        ),
        ("Age stated", age(terms.age).to_owned()),
        (
            "What you were told",
            format!(
                "notice {}, SHA-256 {}…",
                terms.notice.version,
                hex(&terms.notice.sha256[..8])
            ),
        ),
    ]);
    if let Some(shown) = &details.shown {
        let told_where = format!("{} ({}, {})", shown.place, shown.language, when(shown.at));
        told.push(("Where it was shown", told_where));
    }
    told.push(("The other way open to you", condition(&terms.condition)));
    if let Some(other) = &terms.bundled_with {
        told.push(("Asked in the same act", other.clone()));
    }
    if consent.history().end().is_some() {
        told.push(("Was agreed until", when(terms.until)));
    } else {
        told.push(("Counts until", when(terms.until)));
        if processing {
            told.push(("References are kept until", kept(consent)));
        }
    }
    told
}

fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Processing => "handling by the controller, for this purpose".to_owned(),
        Scope::Recipient { name, contact } if contact.is_empty() => {
            format!("giving your data to {name}")
        }
        Scope::Recipient { name, contact } => {
            format!("giving your data to {name} (reach them: {contact})")
        }
        Scope::Publication => "making your data public".to_owned(),
        Scope::Abroad { country } => format!("sending your data to the country {country}"),
        Scope::Egress => "sending your data out of the device that took the picture".to_owned(),
    }
}

fn age(age: Age) -> &'static str {
    match age {
        Age::Adult => "18 or older",
        Age::Minor => "14 to 17",
        Age::Under14 => "under 14",
    }
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Alternative(way) => way.clone(),
        Condition::Unstated => "not recorded".to_owned(),
        Condition::Required {
            necessary_because: Some(why),
        } => format!("none: {why}"),
        Condition::Required {
            necessary_because: None,
        } => "none, and no reason is recorded".to_owned(),
    }
}

fn kept(consent: &Consent) -> String {
    let until = when(consent.keep_until());
    match &consent.terms().details.retention {
        Retention::WithConsent | Retention::Until(_) => until,
        Retention::After { event, days } => {
            format!("{days} days after this: {event}; {until} at the latest")
        }
    }
}

fn happened(event: &ConsentEvent) -> Html {
    let (what, why) = match &event.what {
        Happened::Requested => ("You were asked", None),
        Happened::Deferred => ("You left it open", None),
        Happened::Refused => ("You said no", None),
        Happened::Given(_) => ("You agreed", None),
        Happened::Renewed(_) => ("You agreed again", None),
        Happened::PurposeEnded { reason } => ("The purpose ended", Some(reason)),
        Happened::Withdrawn => ("You took it back", None),
        Happened::Revoked { reason } => ("It was ended", Some(reason)),
        Happened::Invalidated { reason } => ("It was found never to have counted", Some(reason)),
    };
    let by = event.by.name();
    let by = by.map_or_else(String::new, |name| format!(" (by {name})"));
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    element(
        "li",
        [],
        [
            said("time", "", when(event.at)),
            text(" "),
            text(format!("{what}{by}{why}")),
        ],
    )
}

/// Everybody the person agreed to data being given to, and did not take it back.
pub(super) fn recipient_names(held: &Held) -> Vec<String> {
    let going_on = held.consents.iter().filter(|c| c.history().end().is_none());
    let name = |consent: &Consent| match &consent.terms().details.scope {
        Scope::Recipient { name, .. } => Some(name.clone()),
        Scope::Publication => Some("everybody".to_owned()),
        Scope::Abroad { country } => Some(format!("somebody in {country}")),
        Scope::Processing | Scope::Egress => None,
    };
    let mut names: Vec<String> = going_on.filter_map(name).collect();
    names.sort();
    names.dedup();
    names
}

pub(super) fn recipients(held: &Held) -> Html {
    let told = "This program has no way to hand out a reference of your face, not even to you: whoever has one can look for you elsewhere. Whether your other data went to somebody is not recorded here; it may go only to whom you agreed.";
    let names = recipient_names(held);
    let parts = if names.is_empty() {
        none("You agreed to no recipient: nobody may be given your data.")
    } else {
        let items = names.into_iter().map(|name| said("li", "", name));
        element("ul", [], items)
    };
    page_section("Who may be given your data", told, [parts])
}
