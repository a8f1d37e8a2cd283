//! Faces whose mouth and nose are covered: seeing it, and comparing what is left.
//!
//! A small table, fitted on pictures of the demo with masks drawn on them (`examples/masks.rs`), holds two things. A
//! line that parts the embedder's last map of covered and of bare faces; and the directions in which masks move an
//! embedding: the mean one, and those in which masks differ from each other. What is left of an embedding without these
//! directions is its veil. Of a bare face that is enrolled the veil also counts how it looks with masks drawn on it.

mod draw;

use faceward_nets::{MobileFaceNet, Seen};
use zeroize::Zeroizing;

use crate::models::MASKS;
use crate::{Face, FaceError};

pub use draw::{STYLES, Style, draw};

/// Values of an embedding.
const DIM: usize = 512;
/// What the file begins with.
const FORMAT: &[u8] = b"faceward-masks 1";
/// How much the bare picture counts in the veil of an enrolled face, against those with masks drawn on.
const BARE_COUNTS: f32 = 0.3;

/// Longer side of the smallest face in which a mask can be told from blur, in pixels.
const SMALLEST: f32 = 48.0;

/// Whether the face is large enough to show a mask.
pub(crate) fn shows(face: &Face) -> bool {
    face.rect.side() >= SMALLEST
}

/// The table.
pub(crate) struct Masks {
    bias: f32,
    /// For the upper half, then for the lower.
    line: Vec<f32>,
    /// Unit vectors, each at right angles to the others.
    directions: Vec<f32>,
}

impl Masks {
    /// The table of the built-in embedder.
    ///
    /// # Errors
    /// [`FaceError::WeightsAltered`] when the bytes are anything else.
    pub(crate) fn built_in() -> Result<Masks, FaceError> {
        let altered = FaceError::WeightsAltered { file: MASKS.file };
        Masks::parse(MASKS.trusted()?).ok_or(altered)
    }

    fn parse(bytes: &[u8]) -> Option<Masks> {
        let (values, odd) = bytes.strip_prefix(FORMAT)?.as_chunks::<4>();
        let mut values = values.iter().map(|value| f32::from_le_bytes(*value));
        let bias = values.next()?;
        let line: Vec<f32> = values.by_ref().take(2 * DIM).collect();
        let directions: Vec<f32> = values.collect();
        let whole = odd.is_empty() && line.len() == 2 * DIM && directions.len().is_multiple_of(DIM);
        whole.then_some(Masks {
            bias,
            line,
            directions,
        })
    }

    /// Whether mouth and nose are covered, from the picture and its mirror image.
    pub(crate) fn covered(&self, seen: [&Seen; 2]) -> bool {
        seen.map(|seen| self.says(seen)).iter().sum::<f32>() > 0.0
    }

    fn says(&self, seen: &Seen) -> f32 {
        let values = halves(seen);
        let weighed = self.line.iter().zip(values.iter()).map(|(w, v)| w * v);
        self.bias + weighed.sum::<f32>()
    }

    /// What is left of an embedding without what masks do to it.
    pub(crate) fn without(&self, embedding: &[f32]) -> Zeroizing<Vec<f32>> {
        let mut left = Zeroizing::new(embedding.to_vec());
        for direction in self.directions.chunks_exact(DIM) {
            let along: f32 = direction.iter().zip(left.iter()).map(|(d, v)| d * v).sum();
            for (value, direction) in left.iter_mut().zip(direction) {
                *value -= along * direction;
            }
        }
        left
    }

    /// The veil of a face that is enrolled: of its bare veil, of length 1, and of the sum of the embeddings with masks
    /// drawn on.
    pub(crate) fn of_both(&self, bare: &[f32], masked: &[f32]) -> Zeroizing<Vec<f32>> {
        let mut veil = self.without(masked);
        let long = length(&veil);
        for (value, bare) in veil.iter_mut().zip(bare) {
            *value = BARE_COUNTS * bare + (1.0 - BARE_COUNTS) * *value / long;
        }
        veil
    }
}

/// Each channel's mean over the three upper rows of a face's last map, forehead to below the eyes, then over the three
/// lower ones, nose tip to chin.
pub fn halves(seen: &Seen) -> Zeroizing<Vec<f32>> {
    let mut means = Zeroizing::new(vec![0.0; 2 * DIM]);
    let (upper, lower) = means.split_at_mut(DIM);
    let half = MobileFaceNet::CELLS * (MobileFaceNet::CELLS / 2);
    let share = 1.0 / half as f32;
    let rows = |from: usize| seen.map.chunks_exact(DIM).skip(from).take(half);
    let below = MobileFaceNet::CELLS * MobileFaceNet::CELLS - half;
    for (mean, rows) in [(upper, rows(0)), (lower, rows(below))] {
        for cell in rows {
            for (sum, value) in mean.iter_mut().zip(cell) {
                *sum += share * value;
            }
        }
    }
    means
}

fn length(values: &[f32]) -> f32 {
    let squares: f32 = values.iter().map(|value| value * value).sum();
    squares.sqrt().max(f32::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_along_the_directions_and_the_rest_is_untouched() {
        let masks = Masks::built_in().unwrap();
        let embedding: Vec<f32> = (0..DIM).map(|i| (i as f32 * 0.7).sin()).collect();
        let left = masks.without(&embedding);
        for direction in masks.directions.chunks_exact(DIM) {
            assert!((length(direction) - 1.0).abs() < 1e-4);
            let along: f32 = direction.iter().zip(left.iter()).map(|(d, v)| d * v).sum();
            assert!(along.abs() < 1e-3, "{along}");
        }
        let again = masks.without(&left);
        let apart = left.iter().zip(again.iter()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-3);
    }

    #[test]
    fn a_table_that_is_cut_or_of_another_version_is_none() {
        let bytes = MASKS.bytes;
        assert!(Masks::parse(bytes).is_some());
        assert!(Masks::parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(Masks::parse(&bytes[..100]).is_none());
        assert!(Masks::parse(&bytes[1..]).is_none());
    }
}
