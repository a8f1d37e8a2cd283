//! The sections of a deployment, as they are written: each key is described in
//! docs/deploy-lawfully.md. What is left out is not known, and counts against the operator.

mod words;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

pub use words::*;

/// Who decides about the handling.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Controller {
    /// Name, as the notice gives it.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// Postal address.
    pub address: Option<String>,
    /// What they are.
    pub role: Role,
}

/// Where the camera hangs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Kind of place.
    pub kind: PlaceKind,
    /// What and where exactly, in words.
    pub description: String,
    /// Whether it is a public place (PIPL 26, CAC 13).
    pub public: Option<bool>,
    /// Whether an undetermined number of people may enter (AI Act 3(44)).
    pub publicly_accessible: Option<bool>,
    /// Whether it is a private space: hotel room, bath, changing room, toilet and the like.
    pub private_space: Option<bool>,
    /// The sign that points to the device, and where it hangs.
    pub sign: Option<String>,
    /// What the camera takes in, and how that is kept small.
    pub capture_area: Option<String>,
}

/// Where faces are kept, and whether they leave.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// Whether the vault lies in the recognition device or on the machine it is wired to.
    pub on_device: Option<bool>,
    /// Whether face information is sent over the internet.
    pub sent_over_internet: Option<bool>,
    /// The law or administrative regulation that allows keeping it elsewhere or sending it.
    pub sent_under: Option<String>,
    /// Whether sending it is consented to on its own.
    pub sending_has_own_consent: Option<bool>,
    /// Whether it is provided abroad, and on which condition.
    pub abroad: Option<Abroad>,
}

/// What people are told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeTerms {
    /// Name of this version.
    pub version: Spanned<String>,
    /// Its texts, one file a language, beside the deployment's own file.
    #[serde(default)]
    pub files: Vec<String>,
    /// Its text, where it stands here.
    pub text: Option<String>,
    /// Languages it is given in.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What it tells.
    #[serde(default)]
    pub covers: Vec<Item>,
    /// Where it is open to everybody.
    pub published: Option<String>,
    /// Whether it is shown before a face is taken.
    pub shown_before: Option<bool>,
    /// Whether it is prominent and in plain words.
    pub plain: Option<bool>,
    /// How it serves disabled and elderly people.
    pub accessible: Option<String>,
}

/// How faces are protected, beyond what Faceward does itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Protection {
    /// The measures taken.
    pub measures: Vec<Measure>,
}

/// The impact assessment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactAssessment {
    /// Where it is found.
    pub reference: String,
    /// When it was done.
    pub date: Day,
    /// What it covers.
    #[serde(default)]
    pub covers: Vec<Assessed>,
}

/// How long reports and records are kept, and where handling is registered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Records {
    /// Years for which the assessment report and the record of handling are kept.
    pub years: Option<u32>,
    /// The entry in the record of processing (GDPR 30).
    pub register: Option<String>,
}

/// How many people there will be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Persons {
    /// How many are expected.
    pub expected: Option<u64>,
    /// The day on which their number reached 100,000.
    pub reached_100000: Option<Day>,
}

/// The filing with the cyberspace authority (CAC 15).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// Its number.
    pub reference: String,
    /// When it was made.
    pub date: Day,
    /// Whether it has all parts.
    pub complete: Option<bool>,
}

/// How people exercise their rights.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Requests {
    /// Where requests are received and handled.
    pub channel: Option<String>,
    /// How consent is withdrawn.
    pub withdrawal: Option<String>,
    /// Whether withdrawing is as easy as agreeing was.
    pub withdrawal_as_easy: Option<bool>,
}

/// What is decided by machine.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decisions {
    /// Whether a decision has a major effect on people's rights.
    pub major_effect: Option<bool>,
    /// Whether it is made by the machine alone.
    pub automatic_alone: Option<bool>,
    /// Whether a human decides on request.
    pub human_review: Option<bool>,
}

/// Children under 14.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Children {
    /// The special rules for handling their data.
    pub rules: Option<String>,
}

/// Public security (PIPL 26, CAC 13).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Why it is necessary for public security.
    pub necessary_because: Option<String>,
    /// The State provision that provides for it.
    pub provision: Option<String>,
    /// Whether the images serve nothing else.
    pub nothing_else: Option<bool>,
}

/// What is inferred from a face beyond who it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inference {
    /// Whether emotions are.
    pub emotions: Option<bool>,
    /// Whether people are sorted by their faces.
    pub categories: Option<bool>,
    /// Which traits are inferred.
    pub traits: Vec<Trait>,
}

/// To whom faces are given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Who.
    pub name: String,
    /// Whether people agree to this recipient on its own, knowing name, contact, purpose and data.
    pub own_consent: bool,
}

/// When a reference ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "write either \"consent\" (kept until it is withdrawn or ends) or { after = \"the membership ends\", days = 30 }"
)]
pub enum Retention {
    /// So many days after something happened.
    After {
        /// What must have happened.
        after: String,
        /// How many days later, at most.
        days: u32,
    },
    /// With the consent, and no later.
    With(WithConsent),
}

/// That references end with the consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithConsent {
    /// They do.
    Consent,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let wrong = || serde::de::Error::custom("write a day without quotes, such as 2026-11-24");
        let written = toml::value::Datetime::deserialize(from).map_err(|_| wrong())?;
        let day = (written.time.is_none())
            .then(|| written.to_string().parse().ok())
            .flatten();
        day.map(Self).ok_or_else(wrong)
    }
}
