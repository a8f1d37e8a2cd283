//! The declaration in force. Nothing is decided under one before the ledger says that it stands: where
//! the file has another than the ledger has last, its entry comes first, whoever edited the file and
//! however. And where another process recorded one, it is read before anything more is decided.

use std::sync::{Arc, PoisonError};

use faceward_law::Gate;
use faceward_vault::{Act as VaultAct, VaultError};

use super::{Declaration, Digest};
use crate::{Act, Event, EventOutcome, Home, Ward, WardError, hex};

/// What was read of a ward's declaration.
pub(crate) struct InForce {
    /// Without a readable deployment nothing is decided, but people may still leave.
    gate: Result<Arc<Gate>, WardError>,
    digest: Option<Digest>,
    /// Whether the ledger was seen to have it last.
    recorded: bool,
}

/// Somebody who edits the file this often while it is recorded is not waited for.
const TRIES: usize = 5;

impl InForce {
    /// The declaration of a ward, as its file has it now.
    pub(crate) fn read(home: &Home) -> Self {
        let path = home.deployment();
        if !path.exists() {
            return Self {
                gate: Gate::undeclared().map(Arc::new).map_err(WardError::from),
                digest: None,
                recorded: false,
            };
        }
        match Declaration::at(&path) {
            Ok(declared) => Self::of(declared),
            Err(error) => Self {
                gate: Err(error),
                digest: None,
                recorded: false,
            },
        }
    }

    pub(super) fn of(declared: Declaration) -> Self {
        let gate = Gate::declared(declared.deployment, declared.law);
        Self {
            gate: gate.map(Arc::new).map_err(WardError::from),
            digest: Some(declared.digest),
            recorded: false,
        }
    }

    pub(super) fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// Whether something could be decided by it that the ledger would not show to be under it.
    fn differs(&self, recorded: Option<Digest>) -> bool {
        self.gate.is_ok() && self.digest != recorded
    }
}

/// How an entry names a declaration: the format of its file, and its digest.
pub(super) fn named(digest: Option<Digest>) -> String {
    digest.map_or_else(
        || "none".to_owned(),
        |digest| format!("format-1 sha256:{}", hex(&digest)),
    )
}

impl Ward {
    /// Begins an act. What it decides, it decides under the declaration that the ledger has last.
    pub(crate) async fn act(&self) -> Result<VaultAct, WardError> {
        for _ in 0..TRIES {
            let mut act = self.vault.act().await?;
            let recorded = act.declared().await?;
            if !self.in_force().differs(recorded) {
                return Ok(act);
            }
            drop(act);
            self.record_declaration().await?;
        }
        Err(VaultError::Busy.into())
    }

    /// Makes sure, before the law is asked outside of an act, that the ledger has what it is asked under.
    pub(crate) async fn on_record(&self) -> Result<(), WardError> {
        let in_force = self.in_force();
        if in_force.recorded || in_force.gate.is_err() {
            return Ok(());
        }
        self.record_declaration().await
    }

    /// The gate that decides now.
    pub(crate) fn gate(&self) -> Result<Arc<Gate>, WardError> {
        match &self.in_force().gate {
            Ok(gate) => Ok(gate.clone()),
            Err(error) => Err(WardError::Deployment(error.to_string())),
        }
    }

    pub(super) fn in_force(&self) -> Arc<InForce> {
        let held = self.in_force.read();
        held.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was recorded decides from here on, for every clone of the ward.
    pub(super) fn put_in_force(&self, mut read: InForce) {
        read.recorded = true;
        let held = self.in_force.write();
        *held.unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
    }

    /// Reads the file anew, and records what it declares where the ledger has another.
    async fn record_declaration(&self) -> Result<(), WardError> {
        let mut act = self.vault.act().await?;
        let read = InForce::read(&self.home);
        if read.differs(act.declared().await?) {
            act.declare(read.digest).await?;
            // Whoever acts first finds it so; who edited the file is not known.
            let event = Event::new(self.now(), Act::DeploymentDeclared, EventOutcome::Done);
            let event = event.because(&named(read.digest));
            act.record(&event.to_bytes()).await?;
        }
        self.put_in_force(read);
        Ok(())
    }
}
