//! Face recognition that works only with permission, and can prove it: the verbs.
//!
//! A [`Ward`] is a vault, a reader of faces and a set of provisions under one roof. Each verb is a
//! story told in the order it happens: the law is asked, on facts gathered now; with its permit in
//! hand the picture is looked at; what was decided is recorded; and only with the receipt of that
//! record does an answer leave ([`Verdict`]).
//!
//! ```no_run
//! # async fn story() -> Result<(), faceward::WardError> {
//! use faceward::{Home, Outcome, Unlock, Ward};
//!
//! let ward = Ward::open(&Home::at("my-ward"), &Unlock::File).await?;
//! let picture = std::fs::read("alice.jpg").unwrap_or_default();
//! let verdict = ward.verify(&"alice".parse()?, &"door-access".parse()?, &picture).await?;
//! match verdict.outcome {
//!     Outcome::Done(verified) => println!("{:?}", verified.decision),
//!     Outcome::Refused(refusal) => println!("refused: {refusal}"),
//!     Outcome::Unusable(why) => println!("{why}"),
//! }
//! # Ok(())
//! # }
//! ```

mod access;
mod audit;
mod backup;
pub mod case;
mod compare;
mod config;
mod consent;
mod correct;
mod deceased;
mod deployment;
mod detect;
mod directory;
mod enroll;
mod error;
pub mod eval;
mod event;
mod explain;
mod export;
mod facts;
mod follow;
mod forget;
mod home;
pub mod html;
mod identify;
mod import;
mod one_reference;
mod reading;
mod receipt;
mod recognize;
mod redact;
mod references;
mod request;
mod restore;
mod retention;
mod room;
mod sight;
mod statement;
mod subjects;
mod thresholds;
pub mod told;
mod verdict;
mod verify;
mod watch;

pub use access::{
    Account, AccountId, ApiKey, BadWord, By, Collection, ConsoleRight, Hours, KeyId, KeyKind,
    KeyRefusal, KeyTerms, KeyText, Link, LinkId, LinkText, OpenedLink, Right, Role, Unfit,
};
pub use audit::{Audited, Entry, check_folder};
pub use backup::{BackupMade, backup_files};
pub use case::{Opening, Openings, check_entry_proof, sha256_hex};
pub use compare::Compared;
pub use config::Config;
pub use consent::{
    Answer, ConsentAsk, ConsentGiven, ConsentRecorded, ConsentRequest, NoticeText, RenewAsk,
};
pub use correct::{Corrected, Correction};
pub use deployment::{Digest as DeclarationDigest, read_deployment};
pub use detect::Detected;
pub use enroll::Enrolled;
pub use error::{Unusable, WardError};
pub use event::{Act, Event, EventOutcome, hex};
pub use explain::{Explained, ExplainedFace, ExplainedSide};
pub use export::Held;
pub use follow::{
    Follow, FollowEvent, FollowTimes, Followed, FollowedFace, Following, Live, Passage, Who,
};
pub use forget::{Derived, Ending, ForgetReceipt, WithdrawReceipt};
pub use home::Home;
pub use identify::{Candidate, Identified};
pub use import::{
    Import, ImportNext, ImportSource, ImportStep, ImportedPerson, LeftAside, work_list,
};
pub use one_reference::{ComparedFace, ReferenceVerified};
pub use reading::Reading;
pub use receipt::{CheckedReceipt, IssuedReceipt, check_receipt};
pub use recognize::{NearReference, Recognized, RecognizedFace};
pub use redact::{Redacting, Redaction, RedactionReport, Redactor};
pub use references::{ListedReference, Page, ReferencePage, RemovedReference, RemovedReferences};
pub use request::{Listed, RequestAsk, RequestRecorded};
pub use restore::{Restored, Since, restore};
pub use retention::{Due, Erased, RetentionReport, SignedErasure, Swept, Trigger};
pub use sight::{SeenFace, Sight, Times};
pub use statement::ComparedAll;
pub use subjects::{ListedSubject, SubjectPage, SubjectPurpose};
pub use verdict::{Outcome, Verdict};
pub use verify::Verified;
pub use watch::{FirstFace, Frame, Watched, Watching};

pub use faceward_face::faceprint::{CELLS, Region, Shares};
pub use faceward_face::{
    BuiltIn, COMPONENTS, Component, Cover, Covering, Defect, Embedder, Face, FaceError, Image,
    Known, MAX_BYTES, Measured, Point, Quality, Reason, Rect, built_in, cpu_features,
    single_face_present, track::TrackId,
};
pub use faceward_law::{
    Actor, Age, AskAnew, Asker, Check, Circumstance, Condition, Consent, ConsentEvent, ConsentId,
    ConsentRecord, ConsentState, DUE_IN_DAYS, Deployment, DeploymentFinding, Details, Fate,
    Finding, FoundCondition, Function, Functions, Giver, Ground, Happened, Kept, Kin, Law,
    LawError, Method, Minors, Notice, Offer, Operation, Outcome as RuleOutcome, Pack, PackCheck,
    PackText, Purpose, PurposeTerms, Refusal, Regime, Relation, Relatives, Request, RequestEvent,
    RequestHappened, RequestId, RequestKind, RequestState, Retention, Rule, Scope, Shown,
    SubjectId, Weight, arranged, ask_anew, check, died, fold,
};
pub use faceward_ledger::{LedgerError, VerifyingKey};
pub use faceward_match::{
    Basis as ThresholdBasis, Decision, FalseMatchRate, MatchError, ModelId, Score, Threshold,
    kernel_in_use,
};
pub use faceward_receipt::{
    ConsentReceipt, Controller, ErasureCertificate, Kind as ReceiptKind, ReceiptError,
    VerifyingKey as ReceiptKey,
};
pub use faceward_vault::{
    Backup, BackupFiles, BackupPhrases, Described, EntryProof, Forgotten, Handle, Health, Moment,
    Receipt, ReferenceId, Searched, Traces, Unlock, VaultError,
};

pub use faceward_video::{
    Ahead, Frame as VideoFrame, Next, Output as VideoOutput, Picture, Recording, Source, Video,
    VideoError,
};

use std::sync::{Arc, Mutex, RwLock};

use faceward_vault::Vault;
use jiff::Timestamp;

use deployment::InForce;
use directory::Directory;
use reading::Eyes;
use room::Rooms;

/// Everything one controller runs: vault, reader, provisions. Cheap to clone; every clone is the same ward.
#[derive(Clone)]
pub struct Ward {
    home: Home,
    vault: Vault,
    config: Arc<Config>,
    eyes: Arc<Eyes>,
    in_force: Arc<RwLock<Arc<InForce>>>,
    /// When people were last counted, and how many there were.
    counted: Arc<Mutex<Option<(Timestamp, u64)>>>,
    /// Who asks, where that is known.
    by: Option<By>,
    directory: Arc<tokio::sync::Mutex<Directory>>,
    rooms: Arc<Rooms>,
}

impl Ward {
    /// Opens the ward in `home`.
    ///
    /// # Errors
    /// [`WardError::Config`] when `faceward.toml` is not understood, [`WardError::Vault`] when there
    /// is no ward, or it does not open.
    pub async fn open(home: &Home, unlock: &Unlock) -> Result<Self, WardError> {
        let config = Config::read(&home.config())?;
        let vault = Vault::open(&home.vault(), unlock).await?;
        Self::of(home, config, vault)
    }

    /// Makes a ward in `home` and opens it.
    ///
    /// # Errors
    /// [`WardError::Vault`] when there is one already or the passphrase is too short.
    pub async fn create(home: &Home, unlock: &Unlock) -> Result<Self, WardError> {
        let config = Config::read(&home.config())?;
        home.make()?;
        let vault = Vault::create(&home.vault(), unlock).await?;
        Self::of(home, config, vault)
    }

    /// Opens the ward in `home`, making it at the first start.
    ///
    /// # Errors
    /// As [`Ward::open`] and [`Ward::create`].
    pub async fn open_or_create(home: &Home, unlock: &Unlock) -> Result<Self, WardError> {
        if !home.exists() {
            match Self::create(home, unlock).await {
                // Another process made it first.
                Err(WardError::Vault(VaultError::Exists(_))) => {}
                made => return made,
            }
        }
        Self::open(home, unlock).await
    }

    fn of(home: &Home, config: Config, vault: Vault) -> Result<Self, WardError> {
        Ok(Self {
            home: home.clone(),
            vault,
            eyes: Arc::new(Eyes::new(config.embedder())),
            in_force: Arc::new(RwLock::new(Arc::new(InForce::read(home)))),
            counted: Arc::new(Mutex::new(None)),
            by: None,
            directory: Arc::default(),
            rooms: Arc::default(),
            config: Arc::new(config),
        })
    }

    /// The same ward, whose acts are recorded as asked for by this key, account or person.
    pub fn asked_by(&self, by: By) -> Self {
        Self {
            by: Some(by),
            ..self.clone()
        }
    }

    /// Where it lies.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// What its `faceward.toml` says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The public key that verifies its ledger's checkpoints.
    pub fn ledger_key(&self) -> VerifyingKey {
        self.vault.ledger_key()
    }

    /// The public key that verifies its receipts and certificates.
    ///
    /// # Errors
    /// [`WardError::Vault`] when the key's file is missing or not of this ward.
    pub fn receipt_key(&self) -> Result<ReceiptKey, WardError> {
        Ok(self.vault.receipt_key()?.verifier())
    }

    /// Checks database and ledger head, and counts what is held.
    ///
    /// # Errors
    /// [`WardError::Vault`] when something does not hold together.
    pub async fn health(&self) -> Result<Health, WardError> {
        Ok(self.vault.health().await?)
    }

    /// The model that makes this ward's templates.
    ///
    /// # Errors
    /// [`WardError::Reader`] when the configured embedder cannot be loaded.
    pub fn model(&self) -> Result<&ModelId, WardError> {
        self.eyes.model()
    }

    /// Closes the vault in order; dropping loses nothing either.
    pub async fn close(self) {
        self.vault.close().await;
    }

    /// Now, in whole seconds: what records and rulings are dated with.
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// What is to be recorded, now, as asked for by whoever asks.
    fn event(&self, act: Act, outcome: EventOutcome) -> Event {
        self.event_at(self.now(), act, outcome)
    }

    fn event_at(&self, at: Timestamp, act: Act, outcome: EventOutcome) -> Event {
        let mut event = Event::new(at, act, outcome);
        event.by = self.by;
        event
    }
}
