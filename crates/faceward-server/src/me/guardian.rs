//! Where a guardian decides for a child: who they are is asked first, then the question itself, on a
//! screen of its own, as anybody is asked it.
//!
//! Whoever opened the link says who they are; nothing here proves it, and the record says so
//! ([`Guardian::METHOD`]).

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use faceward::{Age, Giver, Purpose, Relation};
use serde::Deserialize;

use super::ask::{Question, question};
use super::notice::Offered;
use super::page::Frame;
use super::{Here, show};
use crate::Problem;
use crate::lang::Lang;

/// A parent or other guardian, by what they said.
#[derive(Clone)]
pub(super) struct Guardian {
    pub(super) name: String,
    pub(super) relation: Relation,
}

/// The longest name, in characters.
const LONGEST: usize = 120;

#[derive(Deserialize)]
pub(super) struct Said {
    age: String,
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    relation: String,
}

#[derive(Template)]
#[template(path = "me/guardian.html")]
struct GuardianPage {
    lang: Lang,
    frame: Frame,
    purpose: Purpose,
    offered: Offered,
    child: String,
    age: &'static str,
    /// What was said and cannot be used.
    wrong: bool,
    changed: bool,
}

impl Guardian {
    /// How their answer came about, for the record.
    pub(super) const METHOD: &str =
        "on the child's own page, by somebody who said to be the parent or guardian";

    /// Who they say they are, if they did.
    pub(super) fn said(name: &str, relation: &str) -> Option<Self> {
        let name = name.trim();
        let usable =
            (1..=LONGEST).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        let relation = relation.parse().ok()?;
        let name = name.to_owned();
        usable.then_some(Self { name, relation })
    }

    pub(super) fn giver(&self) -> Giver {
        Giver::Guardian(self.name.clone())
    }
}

/// Asks who decides.
pub(super) fn who(
    here: &Here,
    purpose: Purpose,
    offered: Offered,
    age: Age,
    changed: bool,
) -> Result<Response, Problem> {
    form(here, purpose, offered, age, (false, changed))
}

fn form(
    here: &Here,
    purpose: Purpose,
    offered: Offered,
    age: Age,
    (wrong, changed): (bool, bool),
) -> Result<Response, Problem> {
    show(&GuardianPage {
        lang: here.lang,
        frame: here.frame(),
        child: here.me.handle.to_string(),
        age: age.word(),
        purpose,
        offered,
        wrong,
        changed,
    })
}

/// Puts the question to whoever said that they decide. Their name stands in no address.
pub(super) async fn ask(
    here: Here,
    Path(purpose): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let purpose = here.purpose(&purpose).await?;
    let age: Age = said.age.parse().map_err(Problem::bad_request)?;
    let offered = Offered::of(&here.me.ward, &purpose, here.lang)?;
    let offered = offered.filter(|offered| offered.guardian_decides(age));
    let offered = offered.ok_or_else(|| {
        let why = "no guardian is asked about this";
        Problem::not_found(here.lang.say(why, "此项不征求监护人的同意"))
    })?;
    let Some(guardian) = Guardian::said(&said.guardian, &said.relation) else {
        return form(&here, purpose, offered, age, (true, false));
    };
    let asked = Question {
        age,
        guardian: Some(guardian),
        changed: false,
    };
    question(&here, purpose, offered, asked).await
}
