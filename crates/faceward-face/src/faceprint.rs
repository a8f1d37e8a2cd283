//! The face-print map: what each region of a face adds to its template, and so to a score.
//!
//! Before the last layers of the embedder stands a map of 7 × 7 cells; what follows is linear. The
//! embedding is therefore exactly a sum over the cells, each with a vector of 512 values, and a
//! constant; and the score of two faces is exactly a sum over pairs of cells. With the mirror image a
//! map has 2 × 49 × 512 = 50,176 values.
//!
//! The sum is exact; what it means is bounded. A cell is named by the pixels it lies over, but sees a
//! good part of the face around them. A region that adds little is not one in which two faces differ,
//! and one that adds much is not proof of anything by itself: what is evidence is the score, with its
//! false match rate.

mod record;
mod region;

pub use region::Region;

use faceward_match::ModelId;
use zeroize::Zeroizing;

use crate::FaceError;

/// Cells along each side of a map.
pub const CELLS: usize = faceward_nets::MobileFaceNet::CELLS;
/// Cells of one map.
const ALL: usize = CELLS * CELLS;
/// Values of one cell.
const DIM: usize = faceward_nets::MobileFaceNet::DIM;

/// A face-print map: biometric data, wiped on drop, without `Debug` and `Clone`.
pub struct FacePrint {
    model: ModelId,
    /// `[picture, mirror image][cell][value]`; the mirror's cells lie where the face has them.
    cells: Zeroizing<Vec<f32>>,
    /// What every face has alike, of both pictures together.
    constant: Vec<f32>,
}

/// A score taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// `[part of the left face][part of the right]`: the cells row by row, then the constant.
    pairs: Vec<f64>,
}

impl FacePrint {
    /// Values of a map.
    pub const VARIABLES: usize = 2 * ALL * DIM;

    /// Of a face and its mirror image, each taken apart by the embedder.
    pub(crate) fn new(
        model: ModelId,
        face: faceward_nets::Apart,
        mirrored: faceward_nets::Apart,
    ) -> FacePrint {
        let mut cells = Zeroizing::new(Vec::with_capacity(Self::VARIABLES));
        cells.extend_from_slice(&face.cells);
        for row in mirrored.cells.chunks_exact(CELLS * DIM) {
            for cell in row.rchunks_exact(DIM) {
                cells.extend_from_slice(cell);
            }
        }
        let both = face.constant.iter().zip(&mirrored.constant);
        FacePrint {
            model,
            constant: both.map(|(a, b)| a + b).collect(),
            cells,
        }
    }

    /// Takes the score of two faces apart. The sum of all shares is the cosine of their templates.
    ///
    /// # Errors
    /// [`FaceError::OtherModel`] when they are of different models.
    pub fn compare(&self, other: &FacePrint) -> Result<Shares, FaceError> {
        if self.model != other.model {
            return Err(FaceError::OtherModel);
        }
        let (left, right) = (self.parts(), other.parts());
        let length = length(&left) * length(&right);
        if !length.is_normal() {
            return Err(FaceError::Unalignable);
        }
        let pair = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / length;
        let parts = left.chunks_exact(DIM);
        let pairs = parts.flat_map(|a| right.chunks_exact(DIM).map(move |b| pair(a, b)));
        Ok(Shares {
            pairs: pairs.collect(),
        })
    }

    /// Each cell of picture and mirror image together, then the constant.
    fn parts(&self) -> Zeroizing<Vec<f64>> {
        let (face, mirrored) = self.cells.split_at(ALL * DIM);
        let both = face.iter().zip(mirrored);
        let both = both.map(|(a, b)| f64::from(*a) + f64::from(*b));
        let mut parts = Zeroizing::new(Vec::with_capacity((ALL + 1) * DIM));
        parts.extend(both.chain(self.constant.iter().map(|value| f64::from(*value))));
        parts
    }
}

/// Of the sum of all parts.
fn length(parts: &[f64]) -> f64 {
    let mut sum = Zeroizing::new(vec![0.0; DIM]);
    for part in parts.chunks_exact(DIM) {
        for (sum, value) in sum.iter_mut().zip(part) {
            *sum += value;
        }
    }
    sum.iter().map(|value| value * value).sum::<f64>().sqrt()
}

impl Shares {
    /// The score: the cosine of the two templates.
    pub fn score(&self) -> f64 {
        self.pairs.iter().sum()
    }

    /// What each cell of the left face adds to the score, row by row from the top left as the viewer
    /// sees it.
    pub fn of_left(&self) -> [f64; ALL] {
        let mut rows = self.pairs.chunks_exact(ALL + 1).map(|row| row.iter().sum());
        std::array::from_fn(|_| rows.next().unwrap_or_default())
    }

    /// What each cell of the right face adds to the score.
    pub fn of_right(&self) -> [f64; ALL] {
        std::array::from_fn(|cell| self.pairs.iter().skip(cell).step_by(ALL + 1).sum())
    }

    /// What is in the score whatever the left face is, and whatever the right one is: the constant of
    /// the model against the other face.
    pub fn of_no_cell(&self) -> (f64, f64) {
        let without = |cells: [f64; ALL]| self.score() - cells.iter().sum::<f64>();
        (without(self.of_left()), without(self.of_right()))
    }

    /// What the regions of the left face and those of the right add to the score, each.
    pub fn by_region(&self) -> impl Iterator<Item = (Region, f64, f64)> {
        let (left, right) = (self.of_left(), self.of_right());
        Region::ALL.into_iter().map(move |region| {
            let sum = |shares: &[f64; ALL]| -> f64 {
                let inside = shares.iter().enumerate();
                let inside = inside.filter(|(cell, _)| Region::of(*cell) == region);
                inside.map(|(_, share)| share).sum()
            };
            (region, sum(&left), sum(&right))
        })
    }
}

#[cfg(test)]
mod tests {
    use faceward_match::Template;

    use super::*;
    use crate::{Reader, ReaderOptions};

    /// Crops with the smooth structure of no face in particular.
    fn crops(count: u32) -> impl Iterator<Item = Vec<u8>> {
        (0..count).map(|seed| {
            let wave = |i: u32, k: u32| {
                let (x, y) = ((i / 3 % 112) as f32, (i / 336) as f32);
                let turn = (seed * 7 + k * 3 + i % 3) as f32;
                ((x * turn.sin() + y * turn.cos()) * 0.07 * (k + 1) as f32 + turn).sin()
            };
            let value = |i| 127.0 + 40.0 * (wave(i, 0) + wave(i, 1) + wave(i, 2));
            (0..3 * 112 * 112).map(|i| value(i) as u8).collect()
        })
    }

    #[test]
    fn the_shares_of_a_thousand_pairs_add_up_to_their_cosines() {
        let reader = Reader::new(ReaderOptions::default()).unwrap();
        let crops: Vec<_> = crops(46).collect();
        let prints = crops.iter().map(|crop| reader.faceprint_of(crop).unwrap());
        let prints: Vec<FacePrint> = prints.collect();
        let templates = crops.iter().map(|crop| reader.template_of(crop).unwrap());
        let templates: Vec<Template> = templates.collect();
        let mut pairs = 0;
        for (i, j) in (0..46).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let values = templates[i].values().iter().zip(templates[j].values());
            let cosine: f64 = values.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            let shares = prints[i].compare(&prints[j]).unwrap();
            let left = shares.of_left().iter().sum::<f64>() + shares.of_no_cell().0;
            let regions: f64 = shares.by_region().map(|(_, left, _)| left).sum();
            assert!((shares.score() - cosine).abs() < 1e-5, "{i} {j}");
            assert!(
                (left - cosine).abs() < 1e-5
                    && (regions + shares.of_no_cell().0 - left).abs() < 1e-9
            );
            pairs += 1;
        }
        assert!(pairs > 1000);
    }

    #[test]
    fn a_mirrored_face_has_the_mirrored_map() {
        let reader = Reader::new(ReaderOptions::default()).unwrap();
        let crop = crops(1).next().unwrap();
        let mirrored: Vec<u8> = crop
            .chunks_exact(336)
            .flat_map(|row| row.rchunks_exact(3).flatten().copied())
            .collect();
        let other = crops(2).last().unwrap();
        let other = reader.faceprint_of(&other).unwrap();
        let face = reader.faceprint_of(&crop).unwrap().compare(&other).unwrap();
        let turned = reader
            .faceprint_of(&mirrored)
            .unwrap()
            .compare(&other)
            .unwrap();
        for row in 0..CELLS {
            for column in 0..CELLS {
                let a = face.of_left()[row * CELLS + column];
                let b = turned.of_left()[row * CELLS + CELLS - 1 - column];
                assert!((a - b).abs() < 1e-5);
            }
        }
    }
}
