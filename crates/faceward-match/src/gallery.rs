use zeroize::Zeroize;

use crate::covered::{Condition, Covers};
use crate::{MatchError, ModelId, Score, Template, kernel::Kernel};

/// Rows scored between two looks at the candidate list.
const BLOCK: usize = 128;

/// Templates of one model in one flat matrix, searched exactly. A key may own several rows.
///
/// Rows are wiped when they are removed, when the matrix moves to grow, and on drop. A removed row
/// is gone from the next search on.
pub struct Gallery<K> {
    model: ModelId,
    /// Values per row; 0 until the first insert.
    width: usize,
    keys: Vec<K>,
    rows: Vec<f32>,
    /// As `rows`: what is compared when mouth and nose of the probe or the row are covered.
    veils: Vec<f32>,
    covered: Vec<Covers>,
}

/// One answer of a search: a key and the best score among its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a, K> {
    /// Whose rows they are.
    pub key: &'a K,
    /// Comparison score of the nearest of them.
    pub score: Score,
}

impl<K: Ord> Gallery<K> {
    /// An empty gallery for templates of `model`.
    pub fn new(model: ModelId) -> Gallery<K> {
        Gallery {
            model,
            width: 0,
            keys: Vec::new(),
            rows: Vec::new(),
            veils: Vec::new(),
            covered: Vec::new(),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The model whose templates it holds.
    pub fn model(&self) -> &ModelId {
        &self.model
    }

    /// Adds a row for `key`, beside those it already owns.
    ///
    /// # Errors
    /// [`MatchError::ModelMismatch`] or [`MatchError::LengthMismatch`] if it cannot be compared
    /// with the gallery's rows; the gallery is then unchanged.
    pub fn insert(&mut self, key: K, template: &Template) -> Result<(), MatchError> {
        let values = template.values();
        let width = if self.is_empty() {
            values.len()
        } else {
            self.width
        };
        template.comparable(&self.model, width)?;
        self.width = width;
        make_room(&mut self.rows, width);
        make_room(&mut self.veils, width);
        self.rows.extend_from_slice(values);
        self.veils
            .extend_from_slice(template.veil().unwrap_or(values));
        self.covered.push(Covers::of(template));
        self.keys.push(key);
        Ok(())
    }

    /// Removes and wipes every row of `key`; returns how many there were.
    pub fn remove(&mut self, key: &K) -> usize {
        let before = self.len();
        for row in (0..before).rev() {
            if self.keys.get(row) == Some(key) {
                self.remove_row(row);
            }
        }
        before - self.len()
    }

    /// The `k` keys nearest to the probe, best first, each with its best row; fewer if the gallery
    /// has fewer keys. Keys of equal score come in the keys' own order.
    ///
    /// # Errors
    /// [`MatchError::ModelMismatch`] or [`MatchError::LengthMismatch`] if the probe cannot be
    /// compared with the gallery's rows.
    pub fn search(&self, probe: &Template, k: usize) -> Result<Vec<Candidate<'_, K>>, MatchError> {
        self.search_among(probe, k, |_| true)
    }

    /// As [`Gallery::search`], among the keys that `takes_part` says; rows of others are not even
    /// compared.
    ///
    /// # Errors
    /// As [`Gallery::search`].
    pub fn search_among(
        &self,
        probe: &Template,
        k: usize,
        takes_part: impl Fn(&K) -> bool,
    ) -> Result<Vec<Candidate<'_, K>>, MatchError> {
        let width = if self.is_empty() {
            probe.values().len()
        } else {
            self.width
        };
        probe.comparable(&self.model, width)?;
        let kernel = Kernel::detect();
        let mut best = Vec::with_capacity(k.min(self.len()) + 1);
        let mut dots = [0.0; BLOCK];
        let mut at = 0;
        for (keys, covered) in self.keys.chunks(BLOCK).zip(self.covered.chunks(BLOCK)) {
            let block: Vec<(&K, Covers)> = keys.iter().zip(covered.iter().copied()).collect();
            // Rows side by side that are compared alike are multiplied in one go.
            for run in block.chunk_by(|a, b| a.1 == b.1 && takes_part(a.0) == takes_part(b.0)) {
                let span = at * width..(at + run.len()) * width;
                at += run.len();
                let Some(&(_, covered)) = run.first().filter(|(key, _)| takes_part(key)) else {
                    continue;
                };
                let condition = Condition::of(Covers::of(probe), covered);
                let matrix = match condition.whole() {
                    true => &self.rows,
                    false => &self.veils,
                };
                kernel.dots(
                    condition.compared(probe),
                    matrix.get(span).unwrap_or_default(),
                    &mut dots,
                );
                for (&(key, _), dot) in run.iter().zip(dots) {
                    let score = Score::from_dot(condition.level(dot));
                    keep_best(&mut best, Candidate { key, score }, k);
                }
            }
        }
        Ok(best)
    }

    /// The last row takes the place of the removed one; its old place is wiped.
    fn remove_row(&mut self, row: usize) {
        for matrix in [&mut self.rows, &mut self.veils] {
            let last = matrix.len() - self.width;
            matrix.copy_within(last.., row * self.width);
            if let Some(old) = matrix.get_mut(last..) {
                old.zeroize();
            }
            matrix.truncate(last);
        }
        self.covered.swap_remove(row);
        self.keys.swap_remove(row);
    }
}

/// A vector that grows by itself leaves its old memory behind unwiped.
fn make_room(matrix: &mut Vec<f32>, width: usize) {
    if matrix.capacity() - matrix.len() >= width {
        return;
    }
    let mut larger = Vec::with_capacity((2 * matrix.len()).max(16 * width));
    larger.extend_from_slice(matrix);
    matrix.zeroize();
    *matrix = larger;
}

impl<K> Drop for Gallery<K> {
    fn drop(&mut self) {
        self.rows.zeroize();
        self.veils.zeroize();
    }
}

/// Inserts into a list kept best first, one entry per key, no longer than `k`.
fn keep_best<'a, K: Ord>(best: &mut Vec<Candidate<'a, K>>, new: Candidate<'a, K>, k: usize) {
    let beats = |old: &Candidate<'_, K>| {
        new.score
            .cmp(&old.score)
            .then_with(|| old.key.cmp(new.key))
            .is_gt()
    };
    if best.len() >= k && !best.last().is_some_and(beats) {
        return;
    }
    if let Some(known) = best.iter().position(|old| old.key == new.key) {
        if best.get(known).is_some_and(|old| old.score >= new.score) {
            return;
        }
        best.remove(known);
    }
    let place = best.partition_point(|old| !beats(old));
    best.insert(place, new);
    best.truncate(k);
}
