//! One consistent moment of the vault, for reading.

use std::sync::Arc;

use sqlx::{Sqlite, Transaction};

use crate::db::Shared;
use crate::keyring::Keyring;

/// One consistent moment of the vault. What it can be asked is said beside each kind of row:
/// subjects, consents, templates, ledger.
pub struct Look {
    pub(crate) shared: Arc<Shared>,
    pub(crate) tx: Transaction<'static, Sqlite>,
    pub(crate) keyring: Keyring,
}

impl Look {
    pub(crate) fn new(
        shared: Arc<Shared>,
        tx: Transaction<'static, Sqlite>,
        keyring: Keyring,
    ) -> Self {
        Self {
            shared,
            tx,
            keyring,
        }
    }
}
