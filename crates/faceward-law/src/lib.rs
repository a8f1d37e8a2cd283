//! May this be done, on what ground, and if not, what is missing?
//!
//! The crate is pure: facts go in, a [`Ruling`] comes out. It has no clock (now is a fact), no
//! files, and no word about pixels. [`Gate::decide`] refuses by default; a prohibition that is met wins;
//! what cannot be evaluated refuses. Every ruling names the provisions that decided it, with the
//! mark of certainty under which they were read.
//!
//! A [`Permit`] can be made by [`Gate::decide`] alone and can be neither copied nor cloned, so code that
//! demands `&Permit` cannot run without a decision behind it.
//!
//! The provisions are those of the Supreme People's Court of China on face recognition, Fa Shi
//! \[2021\] No. 15, in our own words. This is decision support, not legal advice.

mod assess;
mod case;
mod circumstance;
mod conduct;
mod consent;
mod deployment;
mod evaluate;
mod expression;
mod fact;
mod facts;
mod gate;
mod law;
mod live;
mod pack;
#[cfg(test)]
mod properties;
mod request;
mod rule;
mod ruling;
mod suggest;

pub use assess::{
    Assessment, Change, ClaimAnswer, Condition as FoundCondition, Difference, Finding,
    PackFindings, Point, TurningPoint, assess, changes,
};
pub use case::{
    Case, ClaimAsked, DatedAct, Evidence, EvidenceKind, Expectation, Footing, Stated, Variant,
};
pub use circumstance::{Circumstance, Fate, arranged, died};
pub use conduct::{Applies, Conduct};
pub use consent::{
    Actor, Age, AskAnew, Asked, Condition, Consent, ConsentDraft, ConsentEvent, ConsentId,
    ConsentRecord, ConsentState, Details, Functions, Giver, Happened, LONGEST_VALIDITY_DAYS,
    Method, Notice, Offer, Relation, Renewal, Retention, Scope, Shown, ask_anew, fold, may_ask,
};
pub use deployment::terms::{
    Abroad, Assessed, Children, Controller, Day, Decisions, Filing, Function, Ground as Rests,
    ImpactAssessment, Inference, Item, Measure, Minors, NoticeTerms, Persons, Place, PlaceKind,
    Protection, Recipient, Records, Release, Requests, Retention as Kept, Role, Security, Storage,
    Trait, WithConsent,
};
pub use deployment::{
    Check, Deployment, Finding as DeploymentFinding, PackCheck, PurposeTerms, Weight, check,
};
pub use evaluate::Outcome;
pub use fact::{Bearer, Burden, Fact, Kind, Party, State, Value};
pub use facts::{Basis, Facts, Operation, Purpose, SubjectId};
pub use gate::{Gate, PERMIT_LIFETIME_SECONDS, Sitting};
pub use law::Law;
pub use pack::{Article, Pack, PackError, PackText};
pub use request::{
    AskedFor, Asker, DUE_IN_DAYS, Kin, Regime, Relatives, Request, RequestEvent, RequestHappened,
    RequestId, RequestKind, RequestState, standing_of,
};
pub use rule::{Chinese, Conclusion, Effect, Mark, Modality, Period, Rule};
pub use ruling::{Ground, Permit, Refusal, Ruling};

/// What a caller can do about a value the law engine would not accept.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LawError {
    /// The purpose is not a usable name: choose another.
    #[error(
        "`{0}` cannot name a purpose: use 1 to 64 lower-case letters, digits and hyphens, such as `door-access`"
    )]
    Purpose(String),
    /// An identifier was not 32 hexadecimal digits.
    #[error("`{0}` is not an identifier: it has 32 hexadecimal digits")]
    Identifier(String),
    /// The consent as described could never be relied on: say what is missing.
    #[error("this consent cannot be recorded: {0}")]
    Consent(String),
    /// A request as described cannot be recorded, or nothing can follow it: say what is missing.
    #[error("this request cannot be recorded: {0}")]
    Request(String),
    /// What is to be put on record about a person contradicts what is, or says too little.
    #[error("this cannot be recorded: {0}")]
    Circumstance(String),
    /// A file of the law is wrong: correct it at the place named.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// There is no such pack: name one that there is.
    #[error("there is no pack `{named}`; {hint}")]
    NoPack {
        /// What was named.
        named: String,
        /// The nearest name, or all of them.
        hint: String,
    },
    /// What was to be tried cannot be: write it as `fact=value`.
    #[error("{0}")]
    WhatIf(String),
    /// The person said no to this already: leave it at that, or change what is asked.
    #[error(
        "the person refused this for `{purpose}` on {refused}, and the notice has not changed since: asking again and again is forbidden (Network Data Security Regulations, NDSR Art. 22)"
    )]
    AskedBefore {
        /// For which purpose.
        purpose: String,
        /// When the person refused.
        refused: jiff::Timestamp,
    },
}
