//! What came of an act: done, refused by law, or a picture that gave no answer.

use askama::Template;
use axum::response::Response;
use faceward::{Outcome, Quality, Reading, Receipt, Refusal, Unusable, Verdict};

use super::quality::{self, Measured};
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;
use crate::problem::GroundSaid;

/// An answer, ready to be shown.
pub(super) struct Told {
    tone: &'static str,
    title: String,
    text: Vec<String>,
    facts: Vec<(&'static str, String)>,
    grounds: Vec<GroundSaid>,
    quality: Option<Measured>,
    /// Something to keep, such as a signed certificate.
    keep: Option<(&'static str, String)>,
    entry: u64,
}

#[derive(Template)]
#[template(path = "console/told.html")]
struct ToldPage {
    lang: Lang,
    frame: Frame,
    told: Told,
    back: String,
}

impl Told {
    /// It was done.
    pub(super) fn done(title: &str, receipt: &Receipt) -> Self {
        Self {
            tone: "good",
            title: title.to_owned(),
            text: Vec::new(),
            facts: Vec::new(),
            grounds: Vec::new(),
            quality: None,
            keep: None,
            entry: receipt.position(),
        }
    }

    /// What a verdict says; where there is an answer, `answer` tells it.
    pub(super) fn of<T>(
        verdict: &Verdict<T>,
        lang: Lang,
        answer: impl FnOnce(&T, Self) -> Self,
    ) -> Self {
        let told = Self::done("", &verdict.receipt);
        match &verdict.outcome {
            Outcome::Done(done) => answer(done, told),
            Outcome::Refused(refusal) => told.refused(refusal, lang),
            Outcome::Unusable(why) => told.unusable(why, lang),
        }
    }

    pub(super) fn titled(mut self, tone: &'static str, title: &str) -> Self {
        (self.tone, self.title) = (tone, title.to_owned());
        self
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.text.push(text.into());
        self
    }

    pub(super) fn fact(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    pub(super) fn keep(mut self, name: &'static str, text: String) -> Self {
        self.keep = Some((name, text));
        self
    }

    pub(super) fn seen(self, reading: &Reading, lang: Lang) -> Self {
        let live = format!("{:.2}", reading.liveness);
        self.measured(&reading.quality, lang)
            .fact(lang.say("Liveness", "活体分数"), live)
    }

    fn measured(mut self, quality: &Quality, lang: Lang) -> Self {
        self.quality = Some(quality::measured(quality, lang));
        self
    }

    fn refused(mut self, refusal: &Refusal, lang: Lang) -> Self {
        self.grounds = GroundSaid::all(refusal);
        self.titled("bad", lang.say("Refused by law", "依法拒绝"))
            .text(lang.say("The picture was not looked at.", "未对图片进行任何处理。"))
    }

    fn unusable(self, why: &Unusable, lang: Lang) -> Self {
        self.titled(
            "warn",
            lang.say("The picture gave no answer", "图片无法给出结果"),
        )
        .text(quality::unusable(why, lang))
    }

    /// Shows it, with a way back to where it was asked for.
    pub(super) fn page(
        self,
        desk: &Desk,
        section: Section,
        back: String,
    ) -> Result<Response, Problem> {
        show(&ToldPage {
            lang: desk.lang,
            frame: desk.frame(section)?,
            told: self,
            back,
        })
    }
}
