//! Persons: an opaque identifier, and the handle their controller knows them by, sealed.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use faceward_law::SubjectId;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::keyring::{Scope, keys_after};
use crate::seal::{Bound, SealKey};
use crate::{Act, Look, VaultError, random_id};

/// The name a controller knows a person by, such as `alice` or a membership number: 1 to 128
/// characters, no control characters, no blanks at either end. Wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Handle(Zeroizing<String>);

/// A person the vault holds something about.
pub struct Subject {
    /// The opaque identifier used everywhere else.
    pub id: SubjectId,
    /// The name the controller gave.
    pub handle: Handle,
}

/// What stands for a person in a ledger entry: a salted commitment,
/// SHA-256(`faceward-mark-v1` ‖ salt ‖ identifier ‖ what). The salt follows from the person's own
/// key and the nonce, so whoever holds the key can tell which entries are the person's; once it is
/// destroyed nobody can, nor link two entries, unless the person kept a salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Recorded beside the commitment; random.
    pub nonce: [u8; 16],
    /// Not recorded: opens this one commitment. For the person alone.
    pub salt: [u8; 32],
    /// Recorded: the commitment.
    pub value: [u8; 32],
}

/// Makes the marks of one person; holds that person's key, and is gone with it on drop.
pub struct Marker {
    subject: SubjectId,
    key: SealKey,
}

impl Marker {
    /// A fresh mark that stands for the person, and for `what` concerns them, in one entry.
    ///
    /// # Errors
    /// [`VaultError::Random`].
    pub fn fresh(&self, what: &[u8]) -> Result<Mark, VaultError> {
        Ok(self.again(random_id()?, what))
    }

    /// The mark with a nonce read from the ledger: equal to the one recorded if the entry is this
    /// person's.
    pub fn again(&self, nonce: [u8; 16], what: &[u8]) -> Mark {
        let salt = *self.key.derive(b"ledger mark", &nonce);
        Mark {
            nonce,
            salt,
            value: commitment(&salt, self.subject, what),
        }
    }
}

/// The commitment that a mark records, for whoever holds its salt.
pub fn commitment(salt: &[u8; 32], subject: SubjectId, what: &[u8]) -> [u8; 32] {
    let mut commitment = Sha256::new();
    commitment.update(b"faceward-mark-v1");
    commitment.update(salt);
    commitment.update(subject.0);
    commitment.update(what);
    commitment.finalize().into()
}

impl Handle {
    /// The handle as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Handle {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let usable = (1..=128).contains(&text.chars().count())
            && text.trim() == text
            && !text.chars().any(char::is_control);
        if usable {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(VaultError::Handle(text.escape_debug().take(160).collect()))
        }
    }
}

impl Ord for Handle {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Handle {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Look {
    /// The person with this handle, if the vault holds one.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn subject(&mut self, handle: &Handle) -> Result<Option<SubjectId>, VaultError> {
        let tag = self.keyring.handle_tag(handle.as_str());
        let found: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT id FROM subject WHERE handle_tag = $1")
                .bind(tag.as_slice())
                .fetch_optional(&mut *self.tx)
                .await?;
        found.map(|id| subject_id(&id)).transpose()
    }

    /// Everyone the vault holds something about, in no particular order.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Unsealable`].
    pub async fn subjects(&mut self) -> Result<Vec<Subject>, VaultError> {
        let mut subjects = Vec::new();
        let mut page = keys_after(&mut self.tx, None).await?;
        while !page.is_empty() {
            for row in &page {
                if let (Scope::RECORD, Some(name)) = (row.scope.as_str(), &row.name) {
                    let key = self.keyring.unwrap(row)?;
                    let handle = read_handle(&key, row.subject, name)?;
                    subjects.push(Subject {
                        id: row.subject,
                        handle,
                    });
                }
            }
            page = keys_after(&mut self.tx, page.last()).await?;
        }
        Ok(subjects)
    }

    /// The handle of a person known by identifier.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Unsealable`].
    pub async fn handle(&mut self, subject: SubjectId) -> Result<Handle, VaultError> {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT sealed FROM subject WHERE id = $1")
                .bind(subject.0.as_slice())
                .fetch_optional(&mut *self.tx)
                .await?;
        let sealed = sealed.ok_or_else(|| VaultError::UnknownSubject(subject.to_string()))?;
        self.open_handle(subject, &sealed).await
    }

    /// What makes the marks that stand for this person in the ledger.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`].
    pub async fn marker(&mut self, subject: SubjectId) -> Result<Marker, VaultError> {
        let key = self
            .keyring
            .find(&mut self.tx, subject, Scope::Record)
            .await?;
        let key = key.ok_or_else(|| VaultError::UnknownSubject(subject.to_string()))?;
        Ok(Marker { subject, key })
    }

    async fn open_handle(&mut self, id: SubjectId, sealed: &[u8]) -> Result<Handle, VaultError> {
        let key = self.keyring.find(&mut self.tx, id, Scope::Record).await?;
        read_handle(&key.ok_or(VaultError::Unsealable("name"))?, id, sealed)
    }
}

impl Act {
    /// The person with this handle, made known if new.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Random`].
    pub async fn know(&mut self, handle: &Handle) -> Result<SubjectId, VaultError> {
        if let Some(known) = self.subject(handle).await? {
            return Ok(known);
        }
        let id = SubjectId(random_id()?);
        let tag = self.keyring.handle_tag(handle.as_str());
        let look = &mut **self;
        // The key row refers to the subject row, which is sealed by the key: insert, then seal.
        sqlx::query("INSERT INTO subject (id, handle_tag, sealed) VALUES ($1, $2, $3)")
            .bind(id.0.as_slice())
            .bind(tag.as_slice())
            .bind([].as_slice())
            .execute(&mut *look.tx)
            .await?;
        let key = look
            .keyring
            .find_or_make(&mut look.tx, id, Scope::Record)
            .await?;
        sqlx::query("UPDATE subject SET sealed = $2 WHERE id = $1")
            .bind(id.0.as_slice())
            .bind(key.seal(&bound(id), handle.as_str().as_bytes())?)
            .execute(&mut *look.tx)
            .await?;
        Ok(id)
    }

    /// Gives a person another handle. Identifier, keys and marks stay.
    ///
    /// # Errors
    /// [`VaultError::HandleTaken`], [`VaultError::UnknownSubject`], [`VaultError::Database`].
    pub async fn rename(&mut self, subject: SubjectId, handle: &Handle) -> Result<(), VaultError> {
        if self.subject(handle).await?.is_some() {
            return Err(VaultError::HandleTaken(handle.to_string()));
        }
        let unknown = || VaultError::UnknownSubject(subject.to_string());
        let tag = self.keyring.handle_tag(handle.as_str());
        let look = &mut **self;
        let key = look
            .keyring
            .find(&mut look.tx, subject, Scope::Record)
            .await?
            .ok_or_else(unknown)?;
        let renamed = sqlx::query("UPDATE subject SET handle_tag = $2, sealed = $3 WHERE id = $1")
            .bind(subject.0.as_slice())
            .bind(tag.as_slice())
            .bind(key.seal(&bound(subject), handle.as_str().as_bytes())?)
            .execute(&mut *look.tx)
            .await?;
        if renamed.rows_affected() == 1 {
            Ok(())
        } else {
            Err(unknown())
        }
    }
}

pub(crate) fn subject_id(bytes: &[u8]) -> Result<SubjectId, VaultError> {
    let id = bytes.try_into().map(SubjectId);
    id.map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))
}

pub(crate) fn read_handle(
    key: &SealKey,
    id: SubjectId,
    sealed: &[u8],
) -> Result<Handle, VaultError> {
    let plain = key.open(&bound(id), sealed)?;
    let text = std::str::from_utf8(&plain).map_err(|_| VaultError::Unsealable("name"))?;
    text.parse()
}

fn bound(id: SubjectId) -> Bound {
    Bound::new("name", &[&id.0])
}
