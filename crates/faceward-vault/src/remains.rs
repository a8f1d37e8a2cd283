//! After a person was forgotten: is anything of them left? Looks with fresh eyes, through a
//! connection of its own, at every table, at the bytes of the files, and for keys of past epochs.

mod needle;

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use faceward_law::SubjectId;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::db::Shared;
use crate::epoch::{empty_log, epoch_in_force, past_keys};
use crate::keyring::Keyring;
use crate::{Handle, Look, Vault, VaultError};
use needle::Needles;

/// What to look for once a person is forgotten: gathered before, while it is still known.
pub struct Wanted {
    subject: SubjectId,
    handle: Handle,
    needles: Needles,
}

/// Where was looked, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// Tables, each column of which was compared with the person's identifier.
    pub tables: Vec<String>,
    /// Files whose bytes were read, free pages and the write-ahead log included.
    pub files: Vec<String>,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many pieces were looked for in them: the identifier, the keyed tag of the handle, the
    /// beginning of each sealed row and wrapped key.
    pub pieces: u64,
    /// What is left, a clause each; empty when nothing is.
    pub found: Vec<String>,
}

/// Everything that belongs to one person: what it is, and the bytes that would give it away.
static BELONGINGS: [(&str, &str); 12] = [
    ("link", "SELECT sealed FROM link WHERE subject = $1"),
    ("link's tag", "SELECT tag FROM link WHERE subject = $1"),
    ("name", "SELECT sealed FROM subject WHERE id = $1"),
    (
        "handle's tag",
        "SELECT handle_tag FROM subject WHERE id = $1",
    ),
    (
        "wrapped key",
        "SELECT wrapped FROM sealing_key WHERE subject = $1",
    ),
    (
        "reference",
        "SELECT sealed FROM template WHERE subject = $1",
    ),
    (
        "face-print map",
        "SELECT map FROM template WHERE subject = $1 AND map IS NOT NULL",
    ),
    (
        "consent record",
        "SELECT sealed FROM consent WHERE subject = $1",
    ),
    (
        "consent event",
        "SELECT sealed FROM consent_event WHERE subject = $1",
    ),
    ("request", "SELECT sealed FROM request WHERE subject = $1"),
    (
        "event of a request",
        "SELECT sealed FROM request_event WHERE subject = $1",
    ),
    (
        "entry",
        "SELECT sealed FROM circumstance WHERE subject = $1",
    ),
];

impl Look {
    /// What to look for once this person is forgotten.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Database`].
    pub async fn wanted(&mut self, subject: SubjectId) -> Result<Wanted, VaultError> {
        let handle = self.handle(subject).await?;
        let mut needles = Needles::default();
        needles.add("identifier", &subject.0);
        for (what, sql) in BELONGINGS {
            let stored: Vec<Vec<u8>> = sqlx::query_scalar(sql)
                .bind(subject.0.as_slice())
                .fetch_all(&mut *self.tx)
                .await?;
            for bytes in stored {
                needles.add(what, after_version(what, &bytes));
            }
        }
        Ok(Wanted {
            subject,
            handle,
            needles,
        })
    }
}

/// A sealed row begins with its version, the same for all, and goes on with a random nonce.
fn after_version<'b>(what: &str, stored: &'b [u8]) -> &'b [u8] {
    match what {
        "handle's tag" | "link's tag" => stored,
        _ => stored.get(1..).unwrap_or_default(),
    }
}

impl Vault {
    /// Looks for whatever is left of a person. Rows that stay behind in the middle of a page, where
    /// SQLite moved its neighbours about, are removed by writing the database anew.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::File`]; what was found is no error here.
    pub async fn search(&self, wanted: &Wanted) -> Result<Searched, VaultError> {
        let searched = search_once(&self.shared, wanted).await?;
        if searched.found.is_empty() {
            return Ok(searched);
        }
        settle(&self.shared).await;
        search_once(&self.shared, wanted).await
    }
}

async fn search_once(shared: &Shared, wanted: &Wanted) -> Result<Searched, VaultError> {
    let options = (*shared.looks.connect_options()).clone();
    let mut connection = options.connect().await?;
    let mut found = Vec::new();
    let tables = search_tables(&mut connection, wanted, &mut found).await?;
    let epoch = epoch_in_force(&mut connection).await?;
    let keyring = Keyring::of(shared, epoch)?;
    let tag = keyring.handle_tag(wanted.handle.as_str());
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM subject WHERE handle_tag = $1")
        .bind(tag.as_slice())
        .fetch_one(&mut connection)
        .await?;
    if known != 0 {
        found.push("the handle still finds a person".to_owned());
    }
    connection.close().await?;
    let past = past_keys(shared, epoch)?;
    if past != 0 {
        found.push(format!("{} of past epochs", counted(past, "key file")));
    }
    let (files, bytes) = search_files(shared, wanted, &mut found)?;
    Ok(Searched {
        tables,
        files,
        bytes,
        pieces: wanted.needles.count(),
        found,
    })
}

/// Every table there is, also one this version has no name for.
async fn search_tables(
    connection: &mut SqliteConnection,
    wanted: &Wanted,
    found: &mut Vec<String>,
) -> Result<Vec<String>, VaultError> {
    let rows = sqlx::query(
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY m.name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        columns
            .entry(row.try_get(0)?)
            .or_default()
            .push(row.try_get(1)?);
    }
    for (table, columns) in &columns {
        let named: Vec<String> = columns
            .iter()
            .map(|c| format!("{} = $1", quoted(c)))
            .collect();
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {}",
            quoted(table),
            named.join(" OR ")
        );
        // Names out of the database's own schema, quoted; the value is bound.
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(wanted.subject.0.as_slice())
            .fetch_one(&mut *connection)
            .await?;
        if rows != 0 {
            let rows = counted(rows.unsigned_abs(), "row");
            found.push(format!("{rows} of the table `{table}`"));
        }
    }
    Ok(columns.into_keys().collect())
}

/// `1 row`, `2 rows`.
fn counted(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The database and what SQLite keeps beside it.
fn search_files(
    shared: &Shared,
    wanted: &Wanted,
    found: &mut Vec<String>,
) -> Result<(Vec<String>, u64), VaultError> {
    let database = shared.paths.database();
    let mut names = Vec::new();
    let mut bytes = 0;
    for ending in ["", "-wal", "-journal"] {
        let mut path = database.clone().into_os_string();
        path.push(ending);
        let path = std::path::PathBuf::from(path);
        let failed = |error| VaultError::File {
            path: path.clone(),
            error,
        };
        let mut file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        let name = format!("vault.db{ending}");
        let (read, seen) = wanted.needles.seen_in(&mut file).map_err(failed)?;
        bytes += read;
        found.extend(
            seen.into_iter()
                .map(|what| format!("the person's {what} in {name}")),
        );
        names.push(name);
    }
    Ok((names, bytes))
}

/// Writes the database anew, without what lies between its rows, and empties the log, waiting a
/// little for whoever still reads it. What does not come about is found by the next search.
async fn settle(shared: &Shared) {
    const PATIENCE: Duration = Duration::from_secs(2);
    let _ = sqlx::query("VACUUM").execute(&shared.acts).await;
    empty_log(shared, PATIENCE).await;
}
