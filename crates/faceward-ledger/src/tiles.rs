use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::{Hash, LedgerError, NodeId, decimal};

/// The longest entry a bundle can hold, in bytes: its length is written in 16 bits.
pub const MAX_ENTRY: usize = 65_535;

/// Hashes in a full tile, entries in a full bundle.
const FULL: u16 = 256;

/// A file of a log as C2SP tlog-tiles lays it out, relative to the log:
/// `tile/<level>/<index>[.p/<width>]` or `tile/entries/<index>[.p/<width>]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    content: TileContent,
    index: u64,
    width: u16,
}

/// What a file of a log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileContent {
    /// Up to 256 entries.
    Entries,
    /// Up to 256 hashes of a level, 0 to 63: leaves at level 0, above it roots of full tiles below.
    Hashes(u8),
}

impl TilePath {
    /// Every file of a log of `size` entries: per bundle of entries its tile of leaves follows,
    /// then the upper levels.
    pub fn all(size: u64) -> impl Iterator<Item = TilePath> {
        let pairs = TilePath::level(TileContent::Entries, size)
            .flat_map(|bundle| [bundle, bundle.beside(TileContent::Hashes(0))]);
        let upper = (1..8).flat_map(move |level| {
            TilePath::level(TileContent::Hashes(level), size >> (8 * level))
        });
        pairs.chain(upper)
    }

    /// The files of one kind for `count` hashes or entries.
    fn level(content: TileContent, count: u64) -> impl Iterator<Item = TilePath> {
        let full = count >> 8;
        let partial = TilePath {
            content,
            index: full,
            width: (count & 0xff) as u16,
        };
        let files = (0..full).map(move |index| TilePath {
            content,
            index,
            width: FULL,
        });
        files.chain((partial.width > 0).then_some(partial))
    }

    /// What the file holds.
    pub fn content(&self) -> TileContent {
        self.content
    }

    /// How many hashes or entries, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The positions, within the entries or the hashes of its level, that the file holds.
    pub fn positions(&self) -> Range<u64> {
        let start = self.index << 8;
        start..start.saturating_add(self.width.into())
    }

    /// The file of another kind at the same positions.
    pub(crate) fn beside(self, content: TileContent) -> TilePath {
        TilePath { content, ..self }
    }

    /// The stored nodes a tile of hashes is made of, in order; none for entries.
    pub fn nodes(&self) -> Vec<NodeId> {
        match self.content {
            TileContent::Hashes(level @ 0..8) => self
                .positions()
                .map(|index| NodeId {
                    level: 8 * level,
                    index,
                })
                .collect(),
            TileContent::Hashes(_) | TileContent::Entries => Vec::new(),
        }
    }
}

/// The bytes of a tile of hashes: one after the other.
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}

/// The hashes of a tile, which must have exactly the width its path says.
///
/// # Errors
/// [`LedgerError::Malformed`] when it has another length.
pub fn decode_tile(bytes: &[u8], width: u16) -> Result<Vec<Hash>, LedgerError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if hashes.len() != usize::from(width) || !rest.is_empty() {
        return Err(LedgerError::Malformed {
            what: "tile",
            why: "its length must be 32 bytes a hash",
        });
    }
    Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
}

/// The bytes of an entry bundle: each entry after its length in 16 bits, big-endian.
///
/// # Errors
/// [`LedgerError::EntryTooLong`] when an entry has more than [`MAX_ENTRY`] bytes.
pub fn encode_bundle<'a>(
    entries: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, LedgerError> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| LedgerError::EntryTooLong {
            length: entry.len(),
        })?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Ok(bundle)
}

/// The entries of a bundle, which must have exactly the width its path says.
///
/// # Errors
/// [`LedgerError::Malformed`] when it ends early or goes on.
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, LedgerError> {
    let malformed = |why| LedgerError::Malformed {
        what: "entry bundle",
        why,
    };
    let mut rest = bytes;
    let mut entries = Vec::with_capacity(usize::from(width));
    for _ in 0..width {
        let (entry, after) =
            next_entry(rest).ok_or(malformed("it ends in the middle of an entry"))?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(malformed("it goes on after its last entry"))
    }
}

/// The first entry of what is left of a bundle, and what follows it.
pub(crate) fn next_entry(bundle: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bundle.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content {
            TileContent::Entries => f.write_str("tile/entries/")?,
            TileContent::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (below, group) in groups.iter().enumerate().rev() {
            if below > 0 {
                write!(f, "x{group:03}/")?
            } else {
                write!(f, "{group:03}")?
            }
        }
        if self.width < FULL {
            write!(f, ".p/{}", self.width)
        } else {
            Ok(())
        }
    }
}

impl FromStr for TilePath {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<TilePath, LedgerError> {
        let why = "it must read `tile/<level>/<index>` or `tile/entries/<index>`, partial ones with `.p/<width>`";
        read_path(text).ok_or(LedgerError::Malformed {
            what: "tile path",
            why,
        })
    }
}

fn read_path(text: &str) -> Option<TilePath> {
    let (content, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let content = match content {
        "entries" => TileContent::Entries,
        level => TileContent::Hashes(decimal::parse(level).filter(|level| *level < 64)? as u8),
    };
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (
            index,
            decimal::parse(width).filter(|width| (1..256).contains(width))? as u16,
        ),
        None => (rest, FULL),
    };
    let path = TilePath {
        content,
        index: read_index(index)?,
        width,
    };
    // One spelling a file: leading groups of zeros fall here.
    (path.to_string() == text).then_some(path)
}

/// Groups of three digits, all but the last after an `x`; positions must fit 64 bits.
fn read_index(text: &str) -> Option<u64> {
    let mut index = 0u64;
    for group in text.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    (index <= u64::MAX >> 8).then_some(index)
}
