//! Who may ask: API keys, accounts of the console, and links handed to persons. What is shown to
//! be let in is kept as a keyed tag alone. What a key or an account allows lies sealed under a key
//! that follows from the root key, what a link asks under the key of its person, and gone with it.
//! What the records say is for the verbs to know.

use faceward_law::SubjectId;
use sqlx::Row;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::db::Shared;
use crate::keyring::Scope;
use crate::seal::{Bound, SealKey};
use crate::subjects::subject_id;
use crate::{Act, Look, VaultError, random_id};

/// Identifier of a key, an account or a link: opaque and random.
pub type DeskId = [u8; 16];

/// Which kind of thing lets somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawer {
    /// API keys.
    Callers,
    /// Accounts of the console.
    Accounts,
}

/// What lets somebody in, opened.
pub struct Pass {
    /// Its identifier.
    pub id: DeskId,
    /// Its record, as it was kept.
    pub record: Zeroizing<Vec<u8>>,
}

/// A link handed to a person, opened.
pub struct LinkPass {
    /// Its identifier.
    pub id: DeskId,
    /// Whose it is.
    pub subject: SubjectId,
    /// Its record, as it was kept.
    pub record: Zeroizing<Vec<u8>>,
}

impl Drawer {
    fn table(self) -> &'static str {
        match self {
            Self::Callers => "caller",
            Self::Accounts => "account",
        }
    }
}

impl Look {
    /// What this secret or name lets in, if anything.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Unsealable`].
    pub async fn pass(&mut self, drawer: Drawer, shown: &[u8]) -> Result<Option<Pass>, VaultError> {
        let tag = tag(&self.shared, drawer.table(), shown);
        let sql = match drawer {
            Drawer::Callers => "SELECT id, sealed, tag FROM caller WHERE tag = $1",
            Drawer::Accounts => "SELECT id, sealed, tag FROM account WHERE tag = $1",
        };
        let row = sqlx::query(sql)
            .bind(tag.as_slice())
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let found: &[u8] = row.try_get(2)?;
        if !bool::from(found.ct_eq(tag.as_slice())) {
            return Ok(None);
        }
        Ok(Some(open(
            &self.shared,
            drawer.table(),
            row.try_get(0)?,
            row.try_get(1)?,
        )?))
    }

    /// What has this identifier, if anything.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Unsealable`].
    pub async fn pass_of(
        &mut self,
        drawer: Drawer,
        id: DeskId,
    ) -> Result<Option<Pass>, VaultError> {
        let sql = match drawer {
            Drawer::Callers => "SELECT sealed FROM caller WHERE id = $1",
            Drawer::Accounts => "SELECT sealed FROM account WHERE id = $1",
        };
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(sql)
            .bind(id.as_slice())
            .fetch_optional(&mut *self.tx)
            .await?;
        let open = |sealed: Vec<u8>| open(&self.shared, drawer.table(), &id, &sealed);
        sealed.map(open).transpose()
    }

    /// Everything in a drawer, in no particular order.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Unsealable`].
    pub async fn passes(&mut self, drawer: Drawer) -> Result<Vec<Pass>, VaultError> {
        let sql = match drawer {
            Drawer::Callers => "SELECT id, sealed FROM caller",
            Drawer::Accounts => "SELECT id, sealed FROM account",
        };
        let rows = sqlx::query(sql).fetch_all(&mut *self.tx).await?;
        let open = |row: &sqlx::sqlite::SqliteRow| {
            open(
                &self.shared,
                drawer.table(),
                row.try_get(0)?,
                row.try_get(1)?,
            )
        };
        rows.iter().map(open).collect()
    }

    /// The link that this secret stands for, if any.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Unsealable`].
    pub async fn link(&mut self, shown: &[u8]) -> Result<Option<LinkPass>, VaultError> {
        let tag = tag(&self.shared, LINK, shown);
        let row = sqlx::query("SELECT id, subject, sealed FROM link WHERE tag = $1")
            .bind(tag.as_slice())
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let subject = subject_id(row.try_get(1)?)?;
        let key = self.link_key(subject).await?;
        open_link(&key, subject, row.try_get(0)?, row.try_get(2)?).map(Some)
    }

    /// The links that a person was handed.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Unsealable`].
    pub async fn links(&mut self, subject: SubjectId) -> Result<Vec<LinkPass>, VaultError> {
        let rows = sqlx::query("SELECT id, sealed FROM link WHERE subject = $1")
            .bind(subject.0.as_slice())
            .fetch_all(&mut *self.tx)
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.link_key(subject).await?;
        let open = |row: &sqlx::sqlite::SqliteRow| {
            open_link(&key, subject, row.try_get(0)?, row.try_get(1)?)
        };
        rows.iter().map(open).collect()
    }

    /// Everybody who was handed a link that is still there.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn linked(&mut self) -> Result<Vec<SubjectId>, VaultError> {
        let found: Vec<Vec<u8>> = sqlx::query_scalar("SELECT DISTINCT subject FROM link")
            .fetch_all(&mut *self.tx)
            .await?;
        found.iter().map(|subject| subject_id(subject)).collect()
    }

    /// Whom the link with this identifier was handed to, if it is there.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn link_of(&mut self, id: DeskId) -> Result<Option<SubjectId>, VaultError> {
        let found: Option<Vec<u8>> = sqlx::query_scalar("SELECT subject FROM link WHERE id = $1")
            .bind(id.as_slice())
            .fetch_optional(&mut *self.tx)
            .await?;
        found.map(|subject| subject_id(&subject)).transpose()
    }

    async fn link_key(&mut self, subject: SubjectId) -> Result<SealKey, VaultError> {
        let key = self
            .keyring
            .find(&mut self.tx, subject, Scope::Record)
            .await?;
        key.ok_or(VaultError::Unsealable(LINK))
    }
}

impl Act {
    /// Puts something new into a drawer.
    ///
    /// # Errors
    /// [`VaultError::NameTaken`] when what is shown lets somebody in already;
    /// [`VaultError::Database`].
    pub async fn keep_pass(
        &mut self,
        drawer: Drawer,
        shown: &[u8],
        record: &[u8],
    ) -> Result<DeskId, VaultError> {
        if self.pass(drawer, shown).await?.is_some() {
            return Err(VaultError::NameTaken);
        }
        let id = random_id()?;
        let look = &mut **self;
        let sql = match drawer {
            Drawer::Callers => "INSERT INTO caller VALUES ($1, $2, $3)",
            Drawer::Accounts => "INSERT INTO account VALUES ($1, $2, $3)",
        };
        sqlx::query(sql)
            .bind(id.as_slice())
            .bind(tag(&look.shared, drawer.table(), shown).as_slice())
            .bind(seal(&look.shared, drawer.table(), id, record)?)
            .execute(&mut *look.tx)
            .await?;
        Ok(id)
    }

    /// Writes what a key or an account may do anew.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it is not there, [`VaultError::Database`].
    pub async fn change_pass(
        &mut self,
        drawer: Drawer,
        id: DeskId,
        record: &[u8],
    ) -> Result<(), VaultError> {
        let look = &mut **self;
        let sql = match drawer {
            Drawer::Callers => "UPDATE caller SET sealed = $2 WHERE id = $1",
            Drawer::Accounts => "UPDATE account SET sealed = $2 WHERE id = $1",
        };
        let changed = sqlx::query(sql)
            .bind(id.as_slice())
            .bind(seal(&look.shared, drawer.table(), id, record)?)
            .execute(&mut *look.tx)
            .await?;
        if changed.rows_affected() == 1 {
            Ok(())
        } else {
            Err(VaultError::Damaged(
                "a key or an account went away".to_owned(),
            ))
        }
    }

    /// Keeps a link for a person.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Database`].
    pub async fn keep_link(
        &mut self,
        subject: SubjectId,
        shown: &[u8],
        record: &[u8],
    ) -> Result<DeskId, VaultError> {
        let id = random_id()?;
        let key = self.link_key(subject).await;
        let key = key.map_err(|_| VaultError::UnknownSubject(subject.to_string()))?;
        let look = &mut **self;
        sqlx::query("INSERT INTO link VALUES ($1, $2, $3, $4)")
            .bind(id.as_slice())
            .bind(subject.0.as_slice())
            .bind(tag(&look.shared, LINK, shown).as_slice())
            .bind(key.seal(&link_bound(id, subject), record)?)
            .execute(&mut *look.tx)
            .await?;
        Ok(id)
    }

    /// Takes a link back; it stands for nobody any more. Says whether it was there.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn drop_link(&mut self, id: DeskId) -> Result<bool, VaultError> {
        let look = &mut **self;
        let dropped = sqlx::query("DELETE FROM link WHERE id = $1")
            .bind(id.as_slice())
            .execute(&mut *look.tx)
            .await?;
        Ok(dropped.rows_affected() == 1)
    }
}

const LINK: &str = "link";

/// Where a secret or a name is found: says nothing to whoever lacks the root key.
fn tag(shared: &Shared, table: &str, shown: &[u8]) -> Zeroizing<[u8; 32]> {
    shared.root.derive(format!("{table} tag").as_bytes(), shown)
}

fn seal(
    shared: &Shared,
    table: &'static str,
    id: DeskId,
    plain: &[u8],
) -> Result<Vec<u8>, VaultError> {
    key(shared, table)?.seal(&Bound::new(table, &[&id]), plain)
}

fn open(
    shared: &Shared,
    table: &'static str,
    id: &[u8],
    sealed: &[u8],
) -> Result<Pass, VaultError> {
    let id = desk_id(id)?;
    let record = key(shared, table)?.open(&Bound::new(table, &[&id]), sealed)?;
    Ok(Pass { id, record })
}

fn open_link(
    key: &SealKey,
    subject: SubjectId,
    id: &[u8],
    sealed: &[u8],
) -> Result<LinkPass, VaultError> {
    let id = desk_id(id)?;
    let record = key.open(&link_bound(id, subject), sealed)?;
    Ok(LinkPass {
        id,
        subject,
        record,
    })
}

/// A link moved to somebody else must not let its holder onto their pages.
fn link_bound(id: DeskId, subject: SubjectId) -> Bound {
    Bound::new(LINK, &[&id, &subject.0])
}

fn desk_id(id: &[u8]) -> Result<DeskId, VaultError> {
    DeskId::try_from(id)
        .map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))
}

fn key(shared: &Shared, table: &'static str) -> Result<SealKey, VaultError> {
    let bytes = shared.root.derive(b"desk records", table.as_bytes());
    SealKey::from_bytes(bytes.as_slice()).ok_or(VaultError::Unsealable(table))
}
