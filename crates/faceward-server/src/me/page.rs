//! What every page shares: who looks at it, in which language, and its frame.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use faceward::{Consent, Purpose};

use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;
use crate::session::Myself;

pub(super) use crate::console::show;

/// A person on their own pages, asking for one.
pub(super) struct Here {
    pub(super) me: Myself,
    pub(super) lang: Lang,
    /// The page that was asked for.
    here: String,
}

/// What stands above a page.
pub(super) struct Frame {
    pub(super) csrf: String,
    /// Where a choice of language leads back to.
    pub(super) here: String,
    /// Whoever runs the ward, where that is said.
    pub(super) controller: String,
}

impl FromRequestParts<Door> for Here {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let me = Myself::from_request_parts(parts, door).await?;
        let Ok(lang) = Lang::from_request_parts(parts, door).await;
        let here = match parts.method.is_safe() {
            true => parts
                .uri
                .path_and_query()
                .map_or("/me", |here| here.as_str()),
            false => "/me",
        };
        Ok(Self {
            me,
            lang,
            here: here.to_owned(),
        })
    }
}

impl Here {
    pub(super) fn frame(&self) -> Frame {
        let controller = self.me.ward.controller();
        Frame {
            csrf: self.me.csrf.clone(),
            here: self.here.clone(),
            controller: controller.map_or_else(|_| "Faceward".to_owned(), |c| c.name),
        }
    }

    /// A purpose that is this person's concern: they are asked about it, or were.
    pub(super) async fn purpose(&self, name: &str) -> Result<Purpose, Problem> {
        let lang = self.lang;
        let none = || {
            let why = "you are not asked about anything of this name";
            Problem::not_found(lang.say(why, "没有以此名称征求过您的同意"))
        };
        let purpose: Purpose = name.parse().map_err(|_| none())?;
        if self.me.purposes.contains(&purpose) {
            return Ok(purpose);
        }
        let records = self.me.ward.consent_records(&self.me.handle).await?;
        let about = records
            .iter()
            .any(|record| record.asked().purpose == purpose);
        about.then_some(purpose).ok_or_else(none)
    }

    /// What this person agreed to for this purpose and still does.
    pub(super) async fn agreed(&self, purpose: &Purpose) -> Result<Vec<Consent>, Problem> {
        let now = crate::limits::now();
        let mut consents = self.me.ward.consents(&self.me.handle).await?;
        consents
            .retain(|consent| consent.terms().purpose == *purpose && consent.state(now).is_valid());
        Ok(consents)
    }

    /// What a purpose is for, in words.
    pub(super) fn purpose_in_words(&self, purpose: &str) -> String {
        super::notice::purpose_in_words(&self.me.ward, purpose)
    }
}
