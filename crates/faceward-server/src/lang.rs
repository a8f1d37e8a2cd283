//! English and Chinese. Every text of a page stands where it is shown, in both.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use faceward::Rule;

use crate::cookie;

/// The language a page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Zh,
}

pub(crate) const LANG_COOKIE: &str = "faceward_lang";

impl Lang {
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The one of the two texts that is meant.
    pub(crate) fn say<'a>(&self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// How a rule is cited, and what it says; in English where its pack has no other.
    pub(crate) fn rule(&self, rule: &Rule) -> (String, String) {
        match (self, &rule.chinese) {
            (Self::Zh, Some(chinese)) => (chinese.citation.clone(), chinese.gist.clone()),
            _ => (rule.citation.clone(), rule.gist.clone()),
        }
    }

    /// As the `lang` attribute has it.
    pub(crate) fn code(&self) -> &'static str {
        self.say("en", "zh-Hans")
    }

    /// By its short name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    /// What was chosen, or else what the browser prefers.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let chosen = cookie::value(&parts.headers, LANG_COOKIE).and_then(Self::named);
        let preferred = || {
            let accepted = parts.headers.get("accept-language")?.to_str().ok()?;
            let first = accepted.split(',').next()?.trim();
            first
                .to_ascii_lowercase()
                .starts_with("zh")
                .then_some(Self::Zh)
        };
        Ok(chosen.or_else(preferred).unwrap_or(Self::En))
    }
}
