//! What a caller can do about a verb that did not come to a decision.

use std::path::PathBuf;

use faceward_face::{FaceError, Reason};
use faceward_law::{AskAnew, LawError, PackError};
use faceward_ledger::LedgerError;
use faceward_match::{MatchError, ModelId};
use faceward_receipt::ReceiptError;
use faceward_vault::VaultError;

/// Why a verb came to no decision. A refusal by the law and an unusable picture are not errors but
/// outcomes: they are decided, recorded and answered (see [`crate::Outcome`]).
#[derive(Debug, thiserror::Error)]
pub enum WardError {
    /// The vault would not do as asked.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// `faceward.toml` or a file it names is not understood: correct it.
    #[error("{path}: {why}")]
    Config {
        /// Which file.
        path: PathBuf,
        /// What is wrong, where, and what to write instead.
        why: String,
    },
    /// The ward's deployment is not understood, so that nothing can be decided: correct it.
    /// Withdrawing, forgetting and exporting go on.
    #[error("{0}")]
    Deployment(String),
    /// The text of a declaration names a file that the ward's own file does not name.
    #[error(
        "the text names the file `{0}`, and the ward's deployment.toml does not: write the notice into the text, or edit the file on the server"
    )]
    NewFile(String),
    /// A value the law engine would not accept: give another.
    #[error(transparent)]
    Law(#[from] LawError),
    /// The nets could not be loaded.
    #[error(transparent)]
    Reader(FaceError),
    /// Looking at the picture broke down.
    #[error(
        "looking at the picture broke down; try again, and report the picture's kind if it stays so"
    )]
    Look,
    /// No measured thresholds exist for the model in use.
    #[error(
        "no thresholds were measured for the model {0}; measure them (`faceward eval --help`, at --thresholds) and name the file as `embedder.thresholds` in faceward.toml"
    )]
    NoThresholds(ModelId),
    /// The table of thresholds named in `faceward.toml` belongs to another model.
    #[error(
        "the table of thresholds is for the model {table}, but the embedder is {model}; measure one for it"
    )]
    OtherModel {
        /// The table's model.
        table: ModelId,
        /// The embedder in use.
        model: ModelId,
    },
    /// Templates or rates that do not go together.
    #[error(transparent)]
    Match(#[from] MatchError),
    /// The ledger does not hold together.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Nobody here has this handle.
    #[error("nobody is known here as `{0}`")]
    Unknown(String),
    /// Somebody named has no reference that may be searched, and so cannot be recognised: leave them
    /// out, or cover everyone.
    #[error(
        "`{0}` cannot be recognised: there is no live consent with a reference for this purpose; leave the name out, or cover everyone with --everyone"
    )]
    CannotRecognise(String),
    /// There is no reference with this identifier, or none any more.
    #[error("there is no reference {0}; list those there are")]
    UnknownReference(faceward_vault::ReferenceId),
    /// There is no consent that could go on: ask anew.
    #[error(
        "there is no consent to renew for `{purpose}`{}; ask anew with `faceward consent give`",
        why_not(.reasons)
    )]
    NothingToRenew {
        /// For which purpose.
        purpose: String,
        /// Why the last consent cannot go on, if there is one.
        reasons: Vec<AskAnew>,
    },
    /// The person has not been asked: say what they refused.
    #[error(
        "no request for `{0}` is open; say which notice was refused with --notice, or record the request first"
    )]
    NotAsked(String),
    /// The person agreed to this; they can take it back.
    #[error("there is a live consent for `{0}`; to end it, withdraw it")]
    AgreedAlready(String),
    /// A receipt is no receipt, or does not verify.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The consent in a receipt is over.
    #[error(
        "the receipt is genuine, but the consent in it ended on {0}; ask the controller for a newer one"
    )]
    ReceiptExpired(jiff::Timestamp),
    /// A receipt does not fit the ledger it names.
    #[error("the receipt is signed, but not tied to the ledger: {0}")]
    NotTied(String),
    /// Something of a person who was forgotten is still there. The act stands, and its answer is here.
    #[error("forgotten, but not gone: {}", .found.join("; "))]
    Remains {
        /// What was found, a clause each.
        found: Vec<String>,
        /// The answer of the act.
        forgotten: Box<crate::ForgetReceipt>,
    },
    /// The rule packs do not give this relative what was asked for: refuse, with this reason, or
    /// record what is missing in a new request.
    #[error("this relative's request is not owed an answer: {0}")]
    NotTheirs(String),
    /// Nothing on record would be corrected by this.
    #[error("there is nothing to correct: {0}")]
    NothingToCorrect(&'static str),
    /// What was to be changed is not as the caller saw it: read it again.
    #[error("it changed meanwhile; read it again, and decide again")]
    ChangedMeanwhile,
    /// A file that is offered as proof is not what it should be: get it again.
    #[error("{path}: {why}")]
    Proof {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// No key has this identifier.
    #[error("there is no key {0}; `faceward key list` shows those there are")]
    NoSuchKey(crate::KeyId),
    /// No account has this identifier.
    #[error("there is no account {0}; `faceward account list` shows those there are")]
    NoSuchAccount(crate::AccountId),
    /// No link has this identifier, or it was opened.
    #[error("no link {0} is waiting to be opened; `faceward link list` shows those of a person")]
    NoSuchLink(crate::LinkId),
    /// A name, a password or the terms of a key cannot be used.
    #[error(transparent)]
    Account(#[from] crate::Unfit),
    /// Nobody would be left to administer the ward.
    #[error("this is the last owner; make another owner first")]
    LastOwner,
    /// The ledger kept elsewhere is not that of this backup: it is of another ward, or one of the two
    /// was changed.
    #[error(
        "this backup and the ledger kept elsewhere part at entry {0}: one of them was changed; nothing was restored"
    )]
    OtherPast(u64),
    /// A case file is not understood: correct it.
    #[error("{file}: {why}")]
    Case {
        /// Name of the file.
        file: String,
        /// What is wrong, and what to write instead.
        why: String,
    },
    /// People could not be taken over from another system: the address, the key or the dump is not
    /// what it should be, or the other server does not answer.
    #[error("{0}")]
    Import(String),
    /// A salt was not 64 hexadecimal digits.
    #[error("a salt has 64 hexadecimal digits; copy it from the answer that gave it")]
    Salt,
    /// An entry of the ledger is of no form this version knows.
    #[error("ledger entry {position} is of no form this version knows; use a newer faceward")]
    Entry {
        /// Its position.
        position: u64,
    },
}

/// Why a picture, though looking at it was permitted, gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It could not be read, or does not show exactly one usable face.
    #[error(transparent)]
    Picture(#[from] FaceError),
    /// The face is there, but not good enough to be kept as a reference.
    #[error("this picture is not good enough to enrol: {}", listed(.0))]
    PoorQuality(Vec<Reason>),
    /// The picture seems to show a print or a screen instead of a person.
    #[error(
        "this seems to be a picture of a picture (liveness {0:.2}); use a photograph taken of the person"
    )]
    NotLive(f32),
    /// There is no reference made by the model in use.
    #[error("no reference for this purpose was made by the model in use; enrol first, or again")]
    NoReference,
    /// No face-print map made by the model in use is kept with the references.
    #[error(
        "no face map is kept of this person for this purpose; it is kept with references enrolled while the deployment says `face_map_because`, or compare two pictures"
    )]
    NoMap,
    /// The gallery is too large for the false match rate that was asked for.
    #[error("no threshold keeps the false match rate over so many references: {0}")]
    NoThreshold(MatchError),
    /// The picture does not look like the references the person already has.
    #[error(
        "this picture scores {score} against the references already enrolled: it seems to show someone else"
    )]
    SomeoneElse {
        /// Best comparison score.
        score: faceward_match::Score,
    },
    /// A reference made from the same picture is kept already, where each is to be kept once.
    #[error("a reference made from this picture is kept already")]
    KeptAlready,
}

impl From<PackError> for WardError {
    fn from(error: PackError) -> Self {
        Self::Law(error.into())
    }
}

impl Unusable {
    /// The word for it in a record.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Picture(FaceError::NoFace) => "no-face",
            Self::Picture(FaceError::SeveralFaces { .. }) => "several-faces",
            Self::Picture(_) => "unreadable",
            Self::PoorQuality(_) => "poor-quality",
            Self::NotLive(_) => "not-live",
            Self::NoReference => "no-reference",
            Self::NoMap => "no-face-map",
            Self::NoThreshold(_) => "no-threshold",
            Self::SomeoneElse { .. } => "someone-else",
            Self::KeptAlready => "kept-already",
        }
    }
}

fn listed(reasons: &[Reason]) -> String {
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

fn why_not(reasons: &[AskAnew]) -> String {
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join("; "))
    }
}
