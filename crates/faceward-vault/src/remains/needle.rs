//! Many short random pieces of bytes, looked for in a file in one pass.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};

/// So many bytes of each piece are looked for: random ones, so that none is found by chance.
const LENGTH: usize = 16;
const CHUNK: usize = 1 << 20;

/// The pieces, and what each is.
pub(super) struct Needles {
    known: HashMap<[u8; LENGTH], &'static str>,
    /// Which pairs of bytes a piece begins with; nearly every place in a file is passed over here.
    begins: Box<[bool]>,
}

impl Default for Needles {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            begins: vec![false; 1 << 16].into_boxed_slice(),
        }
    }
}

impl Needles {
    /// Adds a piece; one that is too short to be told from chance is left out.
    pub(super) fn add(&mut self, what: &'static str, bytes: &[u8]) {
        let Some(piece) = bytes.first_chunk::<LENGTH>() else {
            return;
        };
        if let Some(place) = self.begins.get_mut(first_pair(piece)) {
            *place = true;
        }
        self.known.insert(*piece, what);
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.known.len() as u64
    }

    /// How many bytes were read, and what was seen in them.
    pub(super) fn seen_in(
        &self,
        source: &mut impl Read,
    ) -> io::Result<(u64, BTreeSet<&'static str>)> {
        let mut seen = BTreeSet::new();
        let mut read = 0;
        // What the end of a chunk begins, the next one may go on with.
        let mut buffer = Vec::with_capacity(CHUNK + LENGTH);
        loop {
            let fresh = source
                .by_ref()
                .take(CHUNK as u64)
                .read_to_end(&mut buffer)?;
            read += fresh as u64;
            for place in buffer.windows(LENGTH) {
                let Some(piece) = place.first_chunk::<LENGTH>() else {
                    continue;
                };
                if self.begins.get(first_pair(piece)) == Some(&true)
                    && let Some(what) = self.known.get(piece)
                {
                    seen.insert(*what);
                }
            }
            if fresh == 0 {
                return Ok((read, seen));
            }
            let kept = buffer.len().saturating_sub(LENGTH - 1);
            buffer.drain(..kept);
        }
    }
}

fn first_pair(piece: &[u8; LENGTH]) -> usize {
    let [first, second, ..] = *piece;
    usize::from(first) << 8 | usize::from(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_seen_wherever_it_lies_also_across_chunks() {
        let mut needles = Needles::default();
        needles.add("key", &[7; 40]);
        needles.add("name", b"abcdefghijklmnopq");
        needles.add("too short", b"abc");
        assert_eq!(needles.count(), 2);
        for place in [
            0,
            1,
            CHUNK - 17,
            CHUNK - 8,
            CHUNK - 1,
            CHUNK,
            CHUNK + 5,
            2 * CHUNK - 3,
        ] {
            let mut file = vec![0; 2 * CHUNK + 100];
            file[place..place + 16].copy_from_slice(&[7; 16]);
            let (read, seen) = needles.seen_in(&mut file.as_slice()).unwrap();
            assert_eq!(read, file.len() as u64);
            assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["key"], "{place}");
        }
        let other = vec![9; 100];
        assert!(needles.seen_in(&mut other.as_slice()).unwrap().1.is_empty());
        assert!(needles.seen_in(&mut [].as_slice()).unwrap().1.is_empty());
    }
}
