//! The signed receipt of a consent: in plain words, to take home, and to check.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{Consent, ConsentId, Scope, hex};
use serde::Deserialize;

use super::page::Frame;
use super::words::Tag;
use super::{Here, show, words};
use crate::door::Door;
use crate::lang::Lang;
use crate::limits::now;
use crate::session::{PERSON_COOKIE, Session, Who};
use crate::{Problem, cookie};

#[derive(Template)]
#[template(path = "me/receipt.html")]
struct ReceiptPage {
    lang: Lang,
    frame: Frame,
    purpose: String,
    text: String,
    state: Tag,
    given: String,
    until: String,
    live: bool,
    /// Whether the consent was given just now.
    new: bool,
    /// Nothing where nobody has said who is responsible: a receipt needs a name.
    beside: Option<Beside>,
    made: Option<Arc<MadeReceipt>>,
    keys: Keys,
}

/// What is said beside the signed text, where somebody is responsible.
struct Beside {
    controller: String,
    rights: String,
    notice: String,
    record: String,
}

/// What checks the signed text.
struct Keys {
    jwk: String,
    key: String,
    ledger_key: String,
}

/// A receipt that was made out while a session lasts. The ward keeps none: it links the entries of
/// the ledger that are about one person.
pub(crate) struct MadeReceipt {
    consent: ConsentId,
    /// How far the record went when it was made out; a receipt is not of what came after.
    events: usize,
    jws: String,
    entry: u64,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    new: Option<String>,
}

/// The receipt, if it was made out before, or else what it would say, and a button that makes it
/// out. Looking changes nothing.
pub(super) async fn receipt(
    here: Here,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let lang = here.lang;
    let (consent, newest) = find(&here, &id).await?;
    let terms = consent.terms();
    let state = consent.state(now());
    let beside = match here.me.ward.controller() {
        // A receipt is made out for the newest record of a purpose; an older one tells its state only.
        Ok(controller) if newest => Some(Beside {
            controller: format!("{}, {}", controller.name, controller.contact),
            rights: controller.rights,
            notice: format!(
                "{} (SHA-256 {})",
                terms.notice.version,
                hex(&terms.notice.sha256)
            ),
            record: consent.id().to_string(),
        }),
        _ => None,
    };
    let events = consent.history().events().len();
    let mut made = here.me.receipts.iter();
    let made = made.find(|made| made.consent == consent.id() && made.events == events);
    show(&ReceiptPage {
        lang,
        frame: here.frame(),
        text: here.purpose_in_words(terms.purpose.as_str()),
        purpose: terms.purpose.to_string(),
        live: state.is_valid(),
        state: words::state(state, lang),
        given: words::moment(terms.given_at, lang),
        until: words::day(terms.until, lang),
        new: asked.new.is_some(),
        beside,
        made: made.cloned(),
        keys: keys(&here)?,
    })
}

/// Makes it out, which is recorded, and keeps it for as long as the session lasts.
pub(super) async fn make(
    State(door): State<Door>,
    here: Here,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (consent, newest) = find(&here, &id).await?;
    if newest {
        make_out(&door, &here, &headers, &consent).await?;
    }
    Ok(Redirect::to(&format!("/me/receipt/{}", consent.id())).into_response())
}

pub(super) async fn make_out(
    door: &Door,
    here: &Here,
    headers: &HeaderMap,
    consent: &Consent,
) -> Result<(), Problem> {
    let purpose = &consent.terms().purpose;
    let issued = here.me.ward.consent_receipt(&here.me.handle, purpose);
    let issued = issued.await?;
    let made = Arc::new(MadeReceipt {
        consent: consent.id(),
        events: consent.history().events().len(),
        jws: issued.signed,
        entry: issued.receipt.position(),
    });
    let keep = |session: &mut Session| {
        if let Who::Person { receipts, .. } = &mut session.who {
            receipts.retain(|former| former.consent != made.consent);
            receipts.push(made);
        }
    };
    let session = cookie::value(headers, PERSON_COOKIE);
    session.and_then(|session| door.sessions().update(session, keep));
    Ok(())
}

/// A consent of this person, and whether it is the newest of its purpose.
async fn find(here: &Here, id: &str) -> Result<(Consent, bool), Problem> {
    let why = here.lang.say("you have no such receipt", "您没有这份回执");
    let none = || Problem::not_found(why);
    let id: ConsentId = id.parse().map_err(|_| none())?;
    let mut consents = here.me.ward.consents(&here.me.handle).await?;
    let place = consents.iter().position(|consent| consent.id() == id);
    let consent = consents.swap_remove(place.ok_or_else(none)?);
    let terms = consent.terms();
    let newer = consents.iter().any(|other| {
        let t = other.terms();
        t.purpose == terms.purpose
            && t.details.scope == Scope::Processing
            && t.given_at > terms.given_at
    });
    Ok((consent, !newer))
}

fn keys(here: &Here) -> Result<Keys, Problem> {
    let key = here.me.ward.receipt_key()?;
    Ok(Keys {
        jwk: key.jwk().to_string(),
        key: key.to_string(),
        ledger_key: here.me.ward.ledger_key().to_string(),
    })
}
