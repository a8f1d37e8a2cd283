//! What covers a face, and where: a mask, dark glasses, a cap, a scarf, a hand, anything held before it.
//!
//! A small table, fitted on pictures of the demo with such things drawn on them (`examples/masks.rs`), holds one line
//! for each of the 7 × 7 cells of the embedder's last map, which says how much of that cell is covered. Clear glasses,
//! hair, beards and shade were drawn on too and count as nothing. It costs nothing beside the embedding it looks at.

use faceward_nets::{MobileFaceNet, Seen};

use crate::FaceError;
use crate::faceprint::Region;
use crate::models::COVERS;

/// Cells along each side, and all of them.
const CELLS: usize = MobileFaceNet::CELLS;
const ALL: usize = CELLS * CELLS;
/// Channels of the embedder's last map.
const CHANNELS: usize = 512;
/// What the file begins with.
const FORMAT: &[u8] = b"faceward-covers1";
/// From how much on a cell or a region counts as covered.
const COVERED: f32 = 0.5;
/// The same of an eye, as lenses cover only a part of its cells: of one, and of each where both are.
const ONE_EYE: f32 = 0.4;
const BOTH_EYES: f32 = 0.35;

/// How much of each cell of an aligned face is covered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covering {
    cells: [f32; ALL],
}

impl Covering {
    /// The estimate for each cell, 0 (bare) to 1 (covered), row by row from the top left as the viewer sees it.
    pub fn cells(&self) -> &[f32; ALL] {
        &self.cells
    }

    /// Whether a cell, counted as in [`Covering::cells`], is covered.
    pub fn covers(&self, cell: usize) -> bool {
        self.cells.get(cell).is_some_and(|much| *much >= COVERED)
    }

    /// How much of a region is covered, 0 to 1: the mean of its cells.
    pub fn of(&self, region: Region) -> f32 {
        self.mean(|of| of == region)
    }

    /// The regions of the face that are covered, from its top to its bottom. What lies beside the face is not asked.
    pub fn regions(&self) -> impl Iterator<Item = Region> {
        let face = Region::ALL.into_iter();
        face.filter(|region| match region {
            Region::Surroundings => false,
            eye if is_eye(*eye) => self.of(*eye) >= ONE_EYE || self.eyes(),
            other => self.of(*other) >= COVERED,
        })
    }

    /// Whether both eyes are, as by dark glasses.
    pub fn eyes(&self) -> bool {
        let mut eyes = Region::ALL.into_iter().filter(|region| is_eye(*region));
        eyes.all(|eye| self.of(eye) >= BOTH_EYES)
    }

    /// How much of several regions is covered, 0 to 1.
    pub(crate) fn mean(&self, among: impl Fn(Region) -> bool) -> f32 {
        let cells = self.cells.iter().enumerate();
        let inside = cells.filter(|(cell, _)| among(Region::of(*cell)));
        let (sum, count) = inside.fold((0.0, 0.0), |(sum, count), (_, much)| {
            (sum + much, count + 1.0)
        });
        sum / f32::max(count, 1.0)
    }
}

pub(crate) fn is_eye(region: Region) -> bool {
    matches!(region, Region::LeftEye | Region::RightEye)
}

/// The table.
pub(crate) struct Lines {
    /// For each cell its bias and [`CHANNELS`] weights.
    cells: Vec<f32>,
}

impl Lines {
    /// The table of the built-in embedder.
    ///
    /// # Errors
    /// [`FaceError::WeightsAltered`] when the bytes are anything else.
    pub(crate) fn built_in() -> Result<Lines, FaceError> {
        let altered = FaceError::WeightsAltered { file: COVERS.file };
        Lines::parse(COVERS.trusted()?).ok_or(altered)
    }

    fn parse(bytes: &[u8]) -> Option<Lines> {
        let (values, odd) = bytes.strip_prefix(FORMAT)?.as_chunks::<4>();
        let cells: Vec<f32> = values.iter().map(|v| f32::from_le_bytes(*v)).collect();
        let whole = odd.is_empty() && cells.len() == ALL * (1 + CHANNELS);
        whole.then_some(Lines { cells })
    }

    /// What covers a face, from the picture and its mirror image.
    pub(crate) fn covering(&self, [face, turned]: [&Seen; 2]) -> Covering {
        let mut cells = self.say(face);
        let mut other = self.say(turned);
        for row in other.chunks_exact_mut(CELLS) {
            row.reverse();
        }
        for (cell, other) in cells.iter_mut().zip(other) {
            *cell = ((*cell + other) / 2.0).clamp(0.0, 1.0);
        }
        Covering { cells }
    }

    fn say(&self, seen: &Seen) -> [f32; ALL] {
        let lines = self.cells.chunks_exact(1 + CHANNELS);
        let mut said = [0.0; ALL];
        for ((out, line), values) in said
            .iter_mut()
            .zip(lines)
            .zip(seen.map.chunks_exact(CHANNELS))
        {
            let Some((bias, weights)) = line.split_first() else {
                continue;
            };
            *out = bias + weights.iter().zip(values).map(|(w, v)| w * v).sum::<f32>();
        }
        said
    }
}

#[cfg(test)]
impl Covering {
    /// Of a face of which these regions are covered and nothing else.
    pub(crate) fn with(regions: &[Region]) -> Covering {
        let covered = |cell| f32::from(u8::from(regions.contains(&Region::of(cell))));
        Covering {
            cells: std::array::from_fn(covered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_covered_where_most_of_their_cells_are() {
        let covering = Covering::with(&[Region::Mouth, Region::LeftEye, Region::Surroundings]);
        let named: Vec<Region> = covering.regions().collect();
        assert_eq!(named, [Region::LeftEye, Region::Mouth]);
        assert!(!covering.eyes() && covering.covers(37) && !covering.covers(24));
        assert!(Covering::with(&[Region::LeftEye, Region::RightEye]).eyes());
    }

    #[test]
    fn a_table_that_is_cut_or_of_another_version_is_none() {
        let bytes = COVERS.bytes;
        assert!(Lines::parse(bytes).is_some());
        assert!(Lines::parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(Lines::parse(&bytes[..100]).is_none());
        assert!(Lines::parse(&bytes[1..]).is_none());
    }
}
