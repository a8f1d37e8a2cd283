//! What is recorded of an act: identifiers and salted commitments, never an image, a template, a
//! score or a name, so that forgetting stays possible.

mod v1;

pub use v1::hex;
pub(crate) use v1::unhex;

use faceward_law::{Ground, Purpose};
use faceward_vault::Mark;
use jiff::Timestamp;

use crate::By;

/// One entry of the ledger, as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it was decided.
    pub at: Timestamp,
    /// What was asked.
    pub act: Act,
    /// How it ended.
    pub outcome: EventOutcome,
    /// For which purpose.
    pub purpose: Option<String>,
    /// Nonce and commitment for each person it concerns: one, or every candidate of a search.
    pub marks: Vec<([u8; 16], [u8; 32])>,
    /// The provisions that decided, by identifier.
    pub rules: Vec<String>,
    /// The model whose templates were made or compared.
    pub model: Option<String>,
    /// Why a permitted act gave no answer, or why references had to go; what was asked for or
    /// corrected: in a word. What was declared: format and digest of the declaration.
    pub reason: Option<String>,
    /// Who asked for it; nobody is named for the terminal.
    pub by: Option<By>,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A consent was recorded.
    ConsentGiven,
    /// A person was asked for consent.
    ConsentRequested,
    /// The answer was put off.
    ConsentDeferred,
    /// A person said no.
    ConsentRefused,
    /// A consent was renewed by a fresh act.
    ConsentRenewed,
    /// A consent was withdrawn and its references destroyed.
    ConsentWithdrawn,
    /// A consent was ended by somebody other than the person, and its references destroyed.
    ConsentRevoked,
    /// A consent was found never to have counted, and its references destroyed.
    ConsentInvalidated,
    /// The purpose of a consent was fulfilled or given up.
    PurposeEnded,
    /// A consent receipt was handed out.
    ReceiptIssued,
    /// References were destroyed because their retention was over.
    Erased,
    /// A reference was to be enrolled.
    Enroll,
    /// A claimed person was to be verified.
    Verify,
    /// A face was to be searched among those who agreed.
    Identify,
    /// Two pictures were to be compared, once.
    Compare,
    /// Faces were to be found in a picture.
    Detect,
    /// A person's data were given out to them.
    Access,
    /// A person was forgotten.
    Forgotten,
    /// Something was asked about a person's data.
    RequestReceived,
    /// The time for an answer was extended, with reasons.
    RequestExtended,
    /// A request was met.
    RequestAnswered,
    /// A request was refused, with reasons.
    RequestRefused,
    /// A request was taken back.
    RequestWithdrawn,
    /// The handle of a person, or what a consent says of them, was corrected.
    Corrected,
    /// That a person died was put on record.
    DeathRecorded,
    /// A death that was recorded by mistake was taken back.
    DeathRetracted,
    /// What a person arranged for the case of death was put on record.
    ArrangementRecorded,
    /// An API key was made.
    KeyCreated,
    /// An API key was taken out of use.
    KeyRevoked,
    /// An account of the console was made.
    AccountCreated,
    /// An account's role, password or use was changed.
    AccountChanged,
    /// Somebody signed in at the console.
    SignedIn,
    /// Somebody tried to sign in, in vain.
    SignInRefused,
    /// A link to their own pages was made for a person.
    LinkCreated,
    /// A person opened their link.
    LinkUsed,
    /// A link was taken back before it was opened.
    LinkCancelled,
    /// A person was made known, without a face or a consent.
    SubjectKnown,
    /// References were destroyed one by one, or those of one person for one purpose.
    ReferenceRemoved,
    /// A backup of the ward was begun; it holds this entry.
    BackupMade,
    /// The ward was restored from a backup; what its ledger had after that is not in this one.
    Restored,
    /// Whether a living person was before the camera was to be found out.
    Liveness,
    /// Another declaration stands from here on, or none any more.
    DeploymentDeclared,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOutcome {
    /// Done, where there is nothing to decide.
    Done,
    /// The law refused.
    Refused,
    /// Permitted, but the picture gave no answer.
    Unusable,
    /// Compared: a match.
    Match,
    /// Compared: uncertain.
    Uncertain,
    /// Compared: no match.
    NoMatch,
}

impl Act {
    /// Whether its entry may commit to an agreement: as it was given, renewed, or told right later.
    pub(crate) fn tells_of_consent(self) -> bool {
        matches!(
            self,
            Self::ConsentGiven | Self::ConsentRenewed | Self::Corrected
        )
    }

    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::ConsentGiven => "consent-given",
            Self::ConsentRequested => "consent-requested",
            Self::ConsentDeferred => "consent-deferred",
            Self::ConsentRefused => "consent-refused",
            Self::ConsentRenewed => "consent-renewed",
            Self::ConsentWithdrawn => "consent-withdrawn",
            Self::ConsentRevoked => "consent-revoked",
            Self::ConsentInvalidated => "consent-invalidated",
            Self::PurposeEnded => "purpose-ended",
            Self::ReceiptIssued => "receipt-issued",
            Self::Erased => "erased",
            Self::Enroll => "enroll",
            Self::Verify => "verify",
            Self::Identify => "identify",
            Self::Compare => "compare",
            Self::Detect => "detect",
            Self::Access => "access",
            Self::Forgotten => "forgotten",
            Self::RequestReceived => "request-received",
            Self::RequestExtended => "request-extended",
            Self::RequestAnswered => "request-answered",
            Self::RequestRefused => "request-refused",
            Self::RequestWithdrawn => "request-withdrawn",
            Self::Corrected => "corrected",
            Self::DeathRecorded => "death-recorded",
            Self::DeathRetracted => "death-retracted",
            Self::ArrangementRecorded => "arrangement-recorded",
            Self::KeyCreated => "key-created",
            Self::KeyRevoked => "key-revoked",
            Self::AccountCreated => "account-created",
            Self::AccountChanged => "account-changed",
            Self::SignedIn => "signed-in",
            Self::SignInRefused => "sign-in-refused",
            Self::LinkCreated => "link-created",
            Self::LinkUsed => "link-used",
            Self::LinkCancelled => "link-cancelled",
            Self::SubjectKnown => "subject-known",
            Self::ReferenceRemoved => "reference-removed",
            Self::BackupMade => "backup-made",
            Self::Restored => "restored",
            Self::Liveness => "liveness",
            Self::DeploymentDeclared => "deployment-declared",
        }
    }
}

impl EventOutcome {
    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unusable => "unusable",
            Self::Match => "match",
            Self::Uncertain => "uncertain",
            Self::NoMatch => "no-match",
        }
    }
}

impl Event {
    pub(crate) fn new(at: Timestamp, act: Act, outcome: EventOutcome) -> Self {
        Self {
            at,
            act,
            outcome,
            purpose: None,
            marks: Vec::new(),
            rules: Vec::new(),
            model: None,
            reason: None,
            by: None,
        }
    }

    pub(crate) fn purpose(mut self, purpose: &Purpose) -> Self {
        self.purpose = Some(purpose.to_string());
        self
    }

    pub(crate) fn mark(mut self, mark: Mark) -> Self {
        self.marks.push((mark.nonce, mark.value));
        self
    }

    pub(crate) fn because(mut self, word: &str) -> Self {
        self.reason = Some(word.to_owned());
        self
    }

    pub(crate) fn grounds(mut self, grounds: &[Ground]) -> Self {
        self.rules = grounds
            .iter()
            .map(|ground| ground.rule.id.clone())
            .collect();
        self
    }

    /// The bytes that go into the ledger: JSON on one line, keys in a fixed order, version first.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        v1::write(self)
    }

    /// Reads an entry; `None` when it is of no form this version knows.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        v1::read(bytes)
    }
}
