use crate::{Origin, TilePath};

/// Why the ledger refused: one variant per thing a caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The caller fetched other nodes than the list asked for.
    #[error(
        "{asked} node hashes were asked for but {given} given; pass exactly the listed nodes, in their order"
    )]
    WrongNodes {
        /// How many the `nodes_for_…` function listed.
        asked: usize,
        /// How many were passed.
        given: usize,
    },
    /// The entry lies outside the log.
    #[error(
        "there is no entry {index} in a log of {size}; entries are counted from 0, so ask for a smaller one"
    )]
    NoSuchEntry {
        /// The entry asked for, from 0.
        index: u64,
        /// Entries in the log.
        size: u64,
    },
    /// Consistency was asked for from a larger log to a smaller one.
    #[error(
        "a log of {old} entries cannot be the past of one of {new}; swap the two or fetch a newer checkpoint"
    )]
    NotThePast {
        /// Size said to be the earlier one.
        old: u64,
        /// Size said to be the later one.
        new: u64,
    },
    /// The log holds 2⁶⁴ − 1 entries.
    #[error("the log is full; start a new one under another origin")]
    Full,
    /// An entry does not fit the 16-bit length of an entry bundle.
    #[error(
        "an entry of {length} bytes is too long, the limit is 65535; store a hash of the content instead"
    )]
    EntryTooLong {
        /// Bytes in the entry.
        length: usize,
    },
    /// A text or file does not have its required form.
    #[error("this is not a valid {what}: {why}; fetch it again from its source, unedited")]
    Malformed {
        /// The format, such as "signed note".
        what: &'static str,
        /// The rule it breaks.
        why: &'static str,
    },
    /// A checkpoint, key or proof belongs to another log.
    #[error(
        "this belongs to the log `{found}`, not to `{expected}`; use the key and checkpoint of the same log"
    )]
    OtherLog {
        /// The log that was asked about.
        expected: Origin,
        /// The log the document names.
        found: Origin,
    },
    /// The note bears no signature of the key it was opened with.
    #[error("no signature by `{key}` with this key; ask for the log's current verification key")]
    NotSigned {
        /// Name of the key that was expected to sign.
        key: Origin,
    },
    /// A signature of the known key does not fit the text.
    #[error(
        "the signature of `{key}` does not fit: the text was changed after signing; do not use it"
    )]
    BadSignature {
        /// Name of the key whose signature failed.
        key: Origin,
    },
    /// A proof is about a log of another size than the checkpoint.
    #[error(
        "the proof is for a log of {proof} entries and the checkpoint for {checkpoint}; fetch a proof for this checkpoint"
    )]
    OtherSize {
        /// Size the proof speaks of.
        proof: u64,
        /// Size the checkpoint speaks of.
        checkpoint: u64,
    },
    /// The inclusion proof does not lead from the leaf to the root.
    #[error("the proof does not show that entry {index} is in the log; do not accept this record")]
    NotIncluded {
        /// The entry the proof speaks of, from 0.
        index: u64,
    },
    /// The consistency proof does not connect the two roots.
    #[error(
        "the proof does not show that the log of {new} entries continues the log of {old}; keep both checkpoints as evidence"
    )]
    NotConsistent {
        /// Size of the earlier log.
        old: u64,
        /// Size of the later log.
        new: u64,
    },
    /// The first entry of an exported log that is not the one recorded.
    #[error("entry {index} was changed; restore it from another copy of the log")]
    EntryChanged {
        /// The entry, from 0.
        index: u64,
    },
    /// A file of an exported log does not hold what the signed root demands.
    #[error("the file {path} was changed; restore it from another copy of the log")]
    FileChanged {
        /// The file, relative to the log.
        path: TilePath,
    },
    /// A file of an exported log is absent.
    #[error("the file {path} is missing; export the log again or copy it whole")]
    FileMissing {
        /// The file, relative to the log.
        path: TilePath,
    },
    /// Entries and tiles agree with each other, but not with the signed root.
    #[error(
        "these are not the {size} entries the checkpoint was signed for; compare with another copy of the log"
    )]
    RootDiffers {
        /// Entries the checkpoint speaks of.
        size: u64,
    },
}
