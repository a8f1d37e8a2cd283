//! The signed receipt of a consent: in plain words, to take home, and to check.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use faceward::{ConsentId, Scope};
use serde::Deserialize;

use super::page::Frame;
use super::words::Tag;
use super::{Here, show, words};
use crate::Problem;
use crate::lang::Lang;
use crate::limits::now;

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
    signed: Option<Signed>,
}

/// The receipt as it is taken home.
struct Signed {
    controller: String,
    rights: String,
    record: String,
    notice: String,
    jws: String,
    jwk: String,
    key: String,
    ledger_key: String,
    entry: u64,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    new: Option<String>,
}

pub(super) async fn receipt(
    here: Here,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let lang = here.lang;
    let none = || Problem::not_found(lang.say("you have no such receipt", "您没有这份回执"));
    let id: ConsentId = id.parse().map_err(|_| none())?;
    let consents = here.me.ward.consents(&here.me.handle).await?;
    let consent = consents.iter().find(|consent| consent.id() == id);
    let consent = consent.ok_or_else(none)?;
    let terms = consent.terms();
    // A receipt is made out for the newest record of a purpose; an older one tells its state only.
    let newer = consents.iter().any(|other| {
        let t = other.terms();
        t.purpose == terms.purpose
            && t.details.scope == Scope::Processing
            && t.given_at > terms.given_at
    });
    let state = consent.state(now());
    let signed = match here.me.ward.controller() {
        Ok(_) if !newer => Some(signed(&here, &terms.purpose).await?),
        _ => None,
    };
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
        signed,
    })
}

async fn signed(here: &Here, purpose: &faceward::Purpose) -> Result<Signed, Problem> {
    let ward = &here.me.ward;
    let issued = ward.consent_receipt(&here.me.handle, purpose).await?;
    let key = ward.receipt_key()?;
    let (document, controller) = (issued.document, ward.controller()?);
    Ok(Signed {
        controller: format!("{}, {}", controller.name, controller.contact),
        rights: controller.rights,
        record: document.record_id,
        notice: format!(
            "{} (SHA-256 {})",
            document.processing.privacy_notice.version, document.processing.privacy_notice.sha256
        ),
        jws: issued.signed,
        jwk: key.jwk().to_string(),
        key: key.to_string(),
        ledger_key: ward.ledger_key().to_string(),
        entry: issued.receipt.position(),
    })
}
