//! The ledger as it lies in the vault: entries, complete tree nodes, one signed head.

use std::ops::Range;

use faceward_ledger::{
    Checkpoint, ConsistencyProof, Hash, InclusionProof, LedgerError, MAX_ENTRY, NodeId,
    SignedCheckpoint, TileContent, TilePath, VerifyingKey, consistency_proof, encode_bundle,
    encode_tile, inclusion_proof, leaf_hash, nodes_for_append, nodes_for_consistency,
    nodes_for_inclusion, nodes_for_root, root,
};
use sqlx::{Row, SqliteConnection};

use crate::{Look, VaultError};

/// Proof that an entry lies in the ledger, whoever asks and whenever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    position: u64,
    entry: Hash,
    checkpoint: String,
    proof: InclusionProof,
}

impl EntryProof {
    /// Position of the entry in the ledger, from 0.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Hash of the entry (RFC 6962 leaf hash).
    pub fn entry(&self) -> Hash {
        self.entry
    }

    /// The signed checkpoint (C2SP) of a ledger that contains the entry.
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// Proof that the checkpoint's ledger contains the entry.
    pub fn proof(&self) -> &InclusionProof {
        &self.proof
    }
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Position, from 0.
    pub position: u64,
    /// The exact bytes that were hashed.
    pub bytes: Vec<u8>,
}

/// What [`Look::export_log`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedLog {
    /// Entries in the log.
    pub size: u64,
    /// The checkpoint that was written with it.
    pub checkpoint: String,
    /// The key that verifies it.
    pub key: VerifyingKey,
}

impl Look {
    /// How many entries there are, and the signed checkpoint over them.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn head(&mut self) -> Result<(u64, String), VaultError> {
        let state = read_state(&mut self.tx).await?;
        Ok((state.size, state.checkpoint))
    }

    /// The entries at these positions, as far as they exist.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn entries(&mut self, positions: Range<u64>) -> Result<Vec<LedgerEntry>, VaultError> {
        let rows = sqlx::query(
            "SELECT position, entry FROM ledger_entry WHERE position >= $1 AND position < $2 ORDER BY position",
        )
        .bind(i64::try_from(positions.start).unwrap_or(i64::MAX))
        .bind(i64::try_from(positions.end).unwrap_or(i64::MAX))
        .fetch_all(&mut *self.tx)
        .await?;
        let entry = |row: &sqlx::sqlite::SqliteRow| -> Result<LedgerEntry, VaultError> {
            let position: i64 = row.try_get(0)?;
            Ok(LedgerEntry {
                position: position.unsigned_abs(),
                bytes: row.try_get(1)?,
            })
        };
        rows.iter().map(entry).collect()
    }

    /// Proof that the entry at this position lies in the ledger, against the newest checkpoint.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] when there is no such entry, [`VaultError::Damaged`].
    pub async fn entry_proof(&mut self, position: u64) -> Result<EntryProof, VaultError> {
        let state = read_state(&mut self.tx).await?;
        let nodes = nodes_for_inclusion(position, state.size)?;
        let fetched = fetch(&mut self.tx, &nodes).await?;
        let proof = inclusion_proof(position, state.size, &fetched)?;
        let leaf = fetch(
            &mut self.tx,
            &[NodeId {
                level: 0,
                index: position,
            }],
        )
        .await?;
        let entry = leaf
            .first()
            .copied()
            .ok_or_else(|| missing_node(0, position))?;
        Ok(EntryProof {
            position,
            entry,
            checkpoint: state.checkpoint,
            proof,
        })
    }

    /// Proof that the ledger continues its own past of `old` entries.
    ///
    /// # Errors
    /// [`VaultError::Ledger`] when it has fewer entries, [`VaultError::Damaged`].
    pub async fn consistency(&mut self, old: u64) -> Result<ConsistencyProof, VaultError> {
        let state = read_state(&mut self.tx).await?;
        let fetched = fetch(&mut self.tx, &nodes_for_consistency(old, state.size)?).await?;
        Ok(consistency_proof(old, state.size, &fetched)?)
    }

    /// Hands the whole ledger to `write`, file by file, in the C2SP tlog-tiles layout plus
    /// `checkpoint` and `ledger.pub`: a folder that anyone can check offline.
    ///
    /// # Errors
    /// What `write` returns; [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn export_log(
        &mut self,
        mut write: impl FnMut(&str, &[u8]) -> Result<(), VaultError>,
    ) -> Result<ExportedLog, VaultError> {
        let state = read_state(&mut self.tx).await?;
        for path in TilePath::all(state.size) {
            let bytes = match path.content() {
                TileContent::Entries => {
                    let entries = self.entries(path.positions()).await?;
                    no_gap(path.positions(), &entries)?;
                    encode_bundle(entries.iter().map(|entry| entry.bytes.as_slice()))?
                }
                TileContent::Hashes(_) => encode_tile(&fetch(&mut self.tx, &path.nodes()).await?),
            };
            write(&path.to_string(), &bytes)?;
        }
        let key = self.shared.signer.verifier();
        write("ledger.pub", format!("{key}\n").as_bytes())?;
        write("checkpoint", state.checkpoint.as_bytes())?;
        Ok(ExportedLog {
            size: state.size,
            checkpoint: state.checkpoint,
            key,
        })
    }
}

/// Checks that there is an entry at each of these positions.
fn no_gap(mut positions: Range<u64>, entries: &[LedgerEntry]) -> Result<(), VaultError> {
    let mut found = entries.iter().map(|entry| entry.position);
    match positions.find(|position| found.next() != Some(*position)) {
        Some(position) => Err(missing_entry(position)),
        None => Ok(()),
    }
}

/// Appends an entry inside the act: the entry, the nodes it completes, and the head, which moves
/// only where its size is still the one read.
pub(crate) async fn append(look: &mut Look, entry: &[u8]) -> Result<EntryProof, VaultError> {
    if entry.len() > MAX_ENTRY {
        let length = entry.len();
        return Err(LedgerError::EntryTooLong { length }.into());
    }
    let Look { shared, tx, .. } = look;
    let state = read_state(tx).await?;
    let fetched = fetch(tx, &nodes_for_append(state.size)).await?;
    let leaf = leaf_hash(entry);
    let grown = faceward_ledger::append(state.size, &fetched, leaf)?;
    sqlx::query("INSERT INTO ledger_entry VALUES ($1, $2)")
        .bind(stored(state.size)?)
        .bind(entry)
        .execute(&mut **tx)
        .await?;
    for (node, hash) in &grown.nodes {
        sqlx::query("INSERT INTO ledger_node VALUES ($1, $2, $3)")
            .bind(i64::from(node.level))
            .bind(stored(node.index)?)
            .bind(hash.as_bytes().as_slice())
            .execute(&mut **tx)
            .await?;
    }
    let origin = shared.signer.name().clone();
    let signed = shared.signer.sign(&Checkpoint {
        origin,
        size: grown.size,
        root: grown.root,
    })?;
    let moved =
        sqlx::query("UPDATE state SET size = $1, root = $2, checkpoint = $3 WHERE size = $4")
            .bind(stored(grown.size)?)
            .bind(grown.root.as_bytes().as_slice())
            .bind(signed.as_str())
            .bind(stored(state.size)?)
            .execute(&mut **tx)
            .await?;
    if moved.rows_affected() != 1 {
        return Err(VaultError::Damaged(
            "the ledger's head moved during an append".to_owned(),
        ));
    }
    look.entry_proof(state.size).await
}

/// The one row of `state`.
pub(crate) struct State {
    pub(crate) origin: String,
    pub(crate) epoch: i64,
    pub(crate) size: u64,
    root: Vec<u8>,
    pub(crate) checkpoint: String,
}

pub(crate) async fn read_state(tx: &mut SqliteConnection) -> Result<State, VaultError> {
    let row = sqlx::query("SELECT origin, epoch, size, root, checkpoint FROM state")
        .fetch_optional(tx)
        .await?
        .ok_or_else(|| VaultError::Damaged("it has no state row".to_owned()))?;
    Ok(State {
        origin: row.try_get(0)?,
        epoch: row.try_get(1)?,
        size: row.try_get::<i64, _>(2)?.unsigned_abs(),
        root: row.try_get(3)?,
        checkpoint: row.try_get(4)?,
    })
}

/// Checks that nodes, head and signed checkpoint say the same.
pub(crate) async fn check_head(
    tx: &mut SqliteConnection,
    state: &State,
    key: &VerifyingKey,
) -> Result<(), VaultError> {
    let fetched = fetch(&mut *tx, &nodes_for_root(state.size)).await?;
    let rebuilt = root(state.size, &fetched)?;
    let signed = SignedCheckpoint::open(&state.checkpoint, key)?;
    let entries: i64 = sqlx::query_scalar("SELECT ifnull(max(position) + 1, 0) FROM ledger_entry")
        .fetch_one(tx)
        .await?;
    if entries.unsigned_abs() < state.size {
        return Err(missing_entry(entries.unsigned_abs()));
    }
    let agrees = rebuilt.as_bytes().as_slice() == state.root
        && signed.root == rebuilt
        && signed.size == state.size
        && entries.unsigned_abs() == state.size;
    if agrees {
        Ok(())
    } else {
        Err(VaultError::Damaged(
            "the ledger and its signed checkpoint disagree".to_owned(),
        ))
    }
}

async fn fetch(tx: &mut SqliteConnection, nodes: &[NodeId]) -> Result<Vec<Hash>, VaultError> {
    let mut hashes = Vec::with_capacity(nodes.len());
    for node in nodes {
        let bytes: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT hash FROM ledger_node WHERE level = $1 AND position = $2")
                .bind(i64::from(node.level))
                .bind(stored(node.index)?)
                .fetch_optional(&mut *tx)
                .await?;
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let bytes = bytes.ok_or_else(|| missing_node(node.level, node.index))?;
        hashes.push(Hash::from_bytes(bytes));
    }
    Ok(hashes)
}

fn missing_entry(position: u64) -> VaultError {
    VaultError::Damaged(format!("the ledger lacks entry {position}"))
}

fn missing_node(level: u8, index: u64) -> VaultError {
    VaultError::Damaged(format!("the ledger lacks node {index} of level {level}"))
}

fn stored(number: u64) -> Result<i64, VaultError> {
    i64::try_from(number)
        .map_err(|_| VaultError::Damaged(format!("the ledger cannot hold {number} entries")))
}
