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

mod audit;
mod compare;
mod config;
mod consent;
mod detect;
mod enroll;
mod error;
pub mod eval;
mod event;
mod export;
mod facts;
mod forget;
mod home;
mod identify;
mod reading;
mod verdict;
mod verify;

pub use audit::{Audited, Entry, check_folder};
pub use compare::Compared;
pub use config::Config;
pub use consent::{ConsentAsk, ConsentGiven, NoticeText};
pub use detect::Detected;
pub use enroll::Enrolled;
pub use error::{Unusable, WardError};
pub use event::{Act, Event, EventOutcome};
pub use export::{Held, HeldReferences};
pub use forget::{ForgetReceipt, WithdrawReceipt};
pub use home::Home;
pub use identify::{Candidate, Identified};
pub use reading::Reading;
pub use verdict::{Outcome, Verdict};
pub use verify::Verified;

pub use faceward_face::{
    BuiltIn, Component, Embedder, Face, FaceError, Image, Point, Quality, Reason, Rect, built_in,
    cpu_features,
};
pub use faceward_law::{
    Age, Condition, Consent, ConsentId, Giver, Ground, Method, Notice, Operation, Purpose, Refusal,
    SubjectId,
};
pub use faceward_ledger::{LedgerError, VerifyingKey};
pub use faceward_match::{
    Basis as ThresholdBasis, Decision, FalseMatchRate, MatchError, ModelId, Score, Threshold,
    kernel_in_use,
};
pub use faceward_vault::{Forgotten, Handle, Health, Receipt, ReferenceId, Unlock, VaultError};

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use faceward_face::{Reader, ReaderOptions};
use faceward_match::{Thresholds, table_for};
use faceward_vault::Vault;
use jiff::Timestamp;

/// Everything one controller runs: vault, reader, provisions.
pub struct Ward {
    home: Home,
    vault: Vault,
    config: Config,
    reader: OnceLock<Reader>,
}

impl Ward {
    /// Opens the ward in `home`; makes its vault at the first start.
    ///
    /// # Errors
    /// [`WardError::Config`] when `faceward.toml` is not understood, [`WardError::Vault`].
    pub async fn open(home: &Home, unlock: &Unlock) -> Result<Self, WardError> {
        let config = Config::read(&home.config())?;
        let folder = home.vault();
        let vault = if Vault::exists(&folder) {
            Vault::open(&folder, unlock).await?
        } else {
            home.make()?;
            Vault::create(&folder, unlock).await?
        };
        Ok(Self {
            home: home.clone(),
            vault,
            config,
            reader: OnceLock::new(),
        })
    }

    /// Makes a ward in `home` and opens it.
    ///
    /// # Errors
    /// [`WardError::Vault`] when there is one already or the passphrase is too short.
    pub async fn create(home: &Home, unlock: &Unlock) -> Result<Self, WardError> {
        if Vault::exists(&home.vault()) {
            return Err(VaultError::Exists(home.vault()).into());
        }
        Self::open(home, unlock).await
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
        Ok(self.reader()?.model())
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

    /// The nets, loaded when the first face is looked at.
    fn reader(&self) -> Result<&Reader, WardError> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let embedder = self.config.embedder();
        let reader = Reader::new(ReaderOptions { threads, embedder }).map_err(WardError::Reader)?;
        Ok(self.reader.get_or_init(|| reader))
    }

    /// The scores at which this ward decides, for a search among `size` references.
    fn thresholds(&self, size: usize) -> Result<Thresholds, WardError> {
        let model = self.reader()?.model();
        let own = self.config.thresholds()?;
        let table = own
            .or_else(|| table_for(model))
            .filter(|table| table.model() == model);
        let table = table.ok_or_else(|| WardError::NoThresholds(model.clone()))?;
        Ok(self.config.policy()?.for_gallery(&table, size)?)
    }
}
