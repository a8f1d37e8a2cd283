//! Names for the cells of a map, by what lies under them in an aligned face.

use super::CELLS;

/// A region of an aligned face. Left and right as the viewer sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// Above the brows.
    Forehead,
    /// The brow at the left.
    LeftBrow,
    /// The brow at the right.
    RightBrow,
    /// The eye at the left.
    LeftEye,
    /// The eye at the right.
    RightEye,
    /// From between the brows to the tip.
    Nose,
    /// Below the eye at the left.
    LeftCheek,
    /// Below the eye at the right.
    RightCheek,
    /// The lips.
    Mouth,
    /// Chin and jaw.
    Chin,
    /// The outermost columns: ears, hair, what is behind.
    Surroundings,
}

impl Region {
    /// All of them, from the top of a face to its bottom.
    pub const ALL: [Region; 11] = [
        Region::Forehead,
        Region::LeftBrow,
        Region::RightBrow,
        Region::LeftEye,
        Region::RightEye,
        Region::Nose,
        Region::LeftCheek,
        Region::RightCheek,
        Region::Mouth,
        Region::Chin,
        Region::Surroundings,
    ];

    /// The region of a cell, counted row by row from the top left. The template to which faces are
    /// aligned puts the eyes into the fourth row, the tip of the nose into the fifth and the mouth
    /// into the sixth.
    pub fn of(cell: usize) -> Region {
        match (cell / CELLS, cell % CELLS) {
            (_, 0 | 6..) => Region::Surroundings,
            (0 | 1, _) => Region::Forehead,
            (2, 1 | 2) => Region::LeftBrow,
            (2, 4 | 5) => Region::RightBrow,
            (3, 1 | 2) => Region::LeftEye,
            (3, 4 | 5) => Region::RightEye,
            (2..=4, 3) => Region::Nose,
            (5, 2..=4) => Region::Mouth,
            (4 | 5, 1 | 2) => Region::LeftCheek,
            (4 | 5, _) => Region::RightCheek,
            _ => Region::Chin,
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Region::Forehead => "forehead",
            Region::LeftBrow => "left brow",
            Region::RightBrow => "right brow",
            Region::LeftEye => "left eye",
            Region::RightEye => "right eye",
            Region::Nose => "nose",
            Region::LeftCheek => "left cheek",
            Region::RightCheek => "right cheek",
            Region::Mouth => "mouth",
            Region::Chin => "chin",
            Region::Surroundings => "ears, hair and background",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{SIDE, TEMPLATE};

    #[test]
    fn the_five_points_lie_in_the_regions_named_after_them() {
        let named = ["left eye", "right eye", "nose", "mouth", "mouth"];
        for (point, name) in TEMPLATE.iter().zip(named) {
            let (row, column) = (
                point.y as usize * CELLS / SIDE,
                point.x as usize * CELLS / SIDE,
            );
            assert_eq!(Region::of(row * CELLS + column).name(), name);
        }
    }
}
