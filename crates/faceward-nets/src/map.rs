//! What one layer hands to the next: rows of pixels, sixteen channels together.
#![allow(
    clippy::indexing_slicing,
    reason = "parts tile the rows of the map, which `Map::new` checks"
)]

use std::ops::Range;
use std::sync::Arc;

use crate::kernel::Lanes;
use crate::store::Buffer;

/// An activation map in `[row][channel block][column][16]` order, made of the parts that the
/// members of a team computed.
pub(crate) struct Map {
    pub(crate) size: Size,
    parts: Vec<Arc<Part>>,
}

/// Rows, columns and channel blocks of a map.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Size {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) blocks: usize,
}

impl Size {
    /// Lanes in one row.
    pub(crate) fn row(self) -> usize {
        self.blocks * self.width
    }
}

/// Consecutive rows of a map.
pub(crate) struct Part {
    pub(crate) rows: Range<usize>,
    pub(crate) lanes: Buffer,
}

impl Map {
    /// The map of that size which the parts make up, in order and without a gap.
    pub(crate) fn new(size: Size, parts: Vec<Arc<Part>>) -> Map {
        let mut next = 0;
        for part in &parts {
            assert!(
                part.rows.start == next && part.lanes.len() >= part.rows.len() * size.row(),
                "parts do not tile"
            );
            next = part.rows.end;
        }
        assert!(next == size.height, "parts do not fill the map");
        Map { size, parts }
    }

    /// Row `y`: `[channel block][column]`.
    pub(crate) fn row(&self, y: usize) -> &[Lanes] {
        &self.rows(y..y + 1).0[..self.size.row()]
    }

    /// The longest run of `wanted` rows, from its start, that lies in one piece; and its length.
    pub(crate) fn rows(&self, wanted: Range<usize>) -> (&[Lanes], usize) {
        let at = self
            .parts
            .partition_point(|part| part.rows.end <= wanted.start);
        let part = &self.parts[at];
        let count = wanted.end.min(part.rows.end) - wanted.start;
        let start = (wanted.start - part.rows.start) * self.size.row();
        (&part.lanes[start..][..count * self.size.row()], count)
    }
}
