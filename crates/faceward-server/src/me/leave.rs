//! Out in one step: taking a consent back, and being deleted. Each page says before what will be
//! destroyed, and after what was, with the certificate to keep.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use faceward::{ForgetReceipt, WardError, hex};

use super::page::Frame;
use super::{Here, show, words};
use crate::door::Door;
use crate::lang::Lang;
use crate::session::{PERSON_COOKIE, Who};
use crate::{Problem, cookie};

#[derive(Template)]
#[template(path = "me/withdraw.html")]
struct WithdrawPage {
    lang: Lang,
    frame: Frame,
    text: String,
    references: String,
}

#[derive(Template)]
#[template(path = "me/withdrawn.html")]
struct WithdrawnPage {
    lang: Lang,
    frame: Frame,
    text: String,
    /// How many, where there were any.
    references: Option<String>,
    certificate: Option<String>,
    /// What checks the certificate.
    key: String,
    undestroyed: bool,
    entry: u64,
}

#[derive(Template)]
#[template(path = "me/delete.html")]
struct DeletePage {
    lang: Lang,
    frame: Frame,
    handle: String,
}

#[derive(Template)]
#[template(path = "me/deleted.html")]
struct DeletedPage {
    lang: Lang,
    controller: String,
    references: u64,
    consents: u64,
    requests: u64,
    certificate: Option<String>,
    key: String,
    subject: String,
    salt: String,
    entry: u64,
    /// Something was found that should not be there any more.
    left: bool,
}

pub(super) async fn may_withdraw(
    here: Here,
    Path(purpose): Path<String>,
) -> Result<Response, Problem> {
    let purpose = here.purpose(&purpose).await?;
    if here.agreed(&purpose).await?.is_empty() {
        return Ok(Redirect::to("/me").into_response());
    }
    let none = faceward::Page {
        skip: 0,
        at_most: 0,
    };
    let (ward, handle) = (&here.me.ward, &here.me.handle);
    let listed = ward.references(Some(&purpose), Some(handle), None, none);
    let listed = listed.await?;
    show(&WithdrawPage {
        lang: here.lang,
        frame: here.frame(),
        text: here.purpose_in_words(purpose.as_str()),
        references: words::references(listed.total as u64, here.lang),
    })
}

pub(super) async fn withdraw(here: Here, Path(purpose): Path<String>) -> Result<Response, Problem> {
    let purpose = here.purpose(&purpose).await?;
    if here.agreed(&purpose).await?.is_empty() {
        return Ok(Redirect::to("/me").into_response());
    }
    let done = here.me.ward.withdraw(&here.me.handle, &purpose).await?;
    show(&WithdrawnPage {
        lang: here.lang,
        frame: here.frame(),
        text: here.purpose_in_words(purpose.as_str()),
        references: (done.references > 0).then(|| words::references(done.references, here.lang)),
        key: key(&here),
        certificate: done.erasure.map(|erasure| erasure.signed),
        undestroyed: done.undestroyed.is_some(),
        entry: done.receipt.position(),
    })
}

pub(super) async fn may_delete(here: Here) -> Result<Response, Problem> {
    show(&DeletePage {
        lang: here.lang,
        frame: here.frame(),
        handle: here.me.handle.to_string(),
    })
}

pub(super) async fn delete(State(door): State<Door>, here: Here) -> Result<Response, Problem> {
    let me = &here.me;
    let (done, left) = match me.ward.forget(&me.handle).await {
        Ok(done) => (done, false),
        Err(WardError::Remains { forgotten, .. }) => {
            tracing::error!("something is left of a person who was forgotten");
            (*forgotten, true)
        }
        Err(error) => return Err(error.into()),
    };
    door.sessions().end(|session| {
        let theirs = matches!(&session.who, Who::Person { subject, .. } if *subject == me.subject);
        theirs && session.ward == me.ward_name
    });
    let page = show(&deleted(&here, done, left))?;
    let cookie = cookie::clear(PERSON_COOKIE).ok_or_else(Problem::failed)?;
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), page).into_response())
}

/// The public key that signs certificates; nothing where it cannot be had.
fn key(here: &Here) -> String {
    let key = here.me.ward.receipt_key();
    key.map(|key| key.to_string()).unwrap_or_default()
}

fn deleted(here: &Here, done: ForgetReceipt, left: bool) -> DeletedPage {
    DeletedPage {
        lang: here.lang,
        controller: here.frame().controller,
        key: key(here),
        references: done.forgotten.templates,
        consents: done.forgotten.consents,
        requests: done.forgotten.requests,
        left: left || done.undestroyed.is_some(),
        certificate: done.erasure.map(|erasure| erasure.signed),
        subject: done.subject.to_string(),
        salt: hex(&done.salt),
        entry: done.receipt.position(),
    }
}
