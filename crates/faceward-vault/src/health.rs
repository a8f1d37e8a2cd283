//! Does what is stored hold together, and who else could read it?

use std::path::PathBuf;

use crate::keyring::check_keys;
use crate::keys::{Paths, RootKey};
use crate::ledger::{State, check_head, read_state};
use crate::{Look, Vault, VaultError};

/// What [`Vault::health`] found; the check itself fails on damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Persons held.
    pub subjects: u64,
    /// References held, over all purposes.
    pub templates: u64,
    /// Consent records held, live or not.
    pub consents: u64,
    /// Entries in the ledger.
    pub entries: u64,
    /// How many times the epoch key was rotated, plus one.
    pub epoch: u64,
    /// Whether the root key asks for a passphrase.
    pub passphrase: bool,
    /// Files of the vault that others than their owner may read.
    pub exposed: Vec<PathBuf>,
}

impl Vault {
    /// Checks the database, every key and the head of the ledger, and counts what is held. Opens
    /// no template; the entries of the ledger are for [`faceward_ledger::verify_log`] to check.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or [`VaultError::Unsealable`] when something does not hold together.
    pub async fn health(&self) -> Result<Health, VaultError> {
        let mut look = self.look().await?;
        let state = check_stored(&mut look).await?;
        self.report(look, &state).await
    }

    async fn report(&self, mut look: Look, state: &State) -> Result<Health, VaultError> {
        let mut counts = [0u64; 3];
        for (count, sql) in counts.iter_mut().zip(COUNTS) {
            let rows: i64 = sqlx::query_scalar(sql).fetch_one(&mut *look.tx).await?;
            *count = rows.unsigned_abs();
        }
        let [subjects, templates, consents] = counts;
        let paths = &self.shared.paths;
        Ok(Health {
            subjects,
            templates,
            consents,
            entries: state.size,
            epoch: state.epoch.unsigned_abs(),
            passphrase: RootKey::is_locked(&paths.root_key())?,
            exposed: exposed(paths),
        })
    }
}

/// Checks the database, every key and the head of the ledger.
pub(crate) async fn check_stored(look: &mut Look) -> Result<State, VaultError> {
    let report: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut *look.tx)
        .await?;
    if report != "ok" {
        return Err(VaultError::Damaged(report));
    }
    for (sql, what) in CONTRADICTIONS {
        let rows: i64 = sqlx::query_scalar(*sql).fetch_one(&mut *look.tx).await?;
        if rows != 0 {
            return Err(VaultError::Damaged((*what).to_owned()));
        }
    }
    check_keys(look).await?;
    let state = read_state(&mut look.tx).await?;
    check_head(&mut look.tx, &state, &look.shared.signer.verifier()).await?;
    Ok(state)
}

static COUNTS: [&str; 3] = [
    "SELECT count(*) FROM subject",
    "SELECT count(*) FROM template",
    "SELECT count(*) FROM consent",
];

/// What must not be there, counted, and what its presence means.
static CONTRADICTIONS: &[(&str, &str)] = &[
    (
        "SELECT count(*) FROM pragma_foreign_key_check",
        "it holds rows of persons it does not know",
    ),
    (
        "SELECT count(*) FROM template t WHERE NOT EXISTS (SELECT 1 FROM sealing_key k WHERE k.subject = t.subject AND k.scope = t.purpose)",
        "it holds references whose key is gone",
    ),
    (
        "SELECT count(*) FROM consent_event e WHERE NOT EXISTS (SELECT 1 FROM consent c WHERE c.id = e.consent AND c.subject = e.subject)",
        "it holds events of consents that are not the same person's",
    ),
    (
        "SELECT count(*) FROM request_event e WHERE NOT EXISTS (SELECT 1 FROM request r WHERE r.id = e.request AND r.subject = e.subject)",
        "it holds events of requests that are not the same person's",
    ),
    (
        "SELECT count(*) FROM subject s WHERE NOT EXISTS (SELECT 1 FROM sealing_key k WHERE k.subject = s.id AND k.scope = '.record')",
        "it holds persons whose key is gone",
    ),
];

#[cfg(unix)]
fn exposed(paths: &Paths) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = inside(paths.0.clone()).chain(inside(paths.epochs()));
    let open =
        |path: &PathBuf| std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0);
    std::iter::once(paths.0.clone())
        .chain(files.map(|file| file.path()))
        .filter(open)
        .collect()
}

#[cfg(not(unix))]
fn exposed(_: &Paths) -> Vec<PathBuf> {
    Vec::new()
}
