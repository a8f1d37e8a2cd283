//! The few rows of an expanded map that exist at a time.
#![allow(
    clippy::indexing_slicing,
    reason = "all offsets derive from the sizes the buffers were taken with"
)]

use crate::filter::Target;
use crate::kernel::Lanes;
use crate::map::Size;
use crate::store::Buffer;
use crate::threads::Member;

/// The last few rows of the expanded map, each `[block][1 + width + 1]` with zeros at the ends.
pub(crate) struct Window {
    lanes: Buffer,
    zeros: Buffer,
    height: usize,
    blocks: usize,
    padded: usize,
    /// Rows held; row `y` lies in slot `y % slots`.
    slots: usize,
    /// Output rows made from one filling.
    pub(crate) band: usize,
}

impl Window {
    /// Floats a window may hold: well inside a second-level cache, beside weights and output.
    const BUDGET: usize = 100_000;

    /// For an expanded map of that size, read with that stride to make `outputs` rows.
    pub(crate) fn new(member: &Member, hidden: Size, stride: usize, outputs: usize) -> Window {
        let Size {
            height,
            width,
            blocks,
        } = hidden;
        let padded = width + 2;
        let row = blocks * padded;
        let affordable = Self::BUDGET / 16 / row;
        let band = (affordable.saturating_sub(3) / stride + 1).clamp(1, outputs.max(1));
        let slots = (band - 1) * stride + 3;
        let mut lanes = member.buffer(slots * row);
        for line in lanes.chunks_exact_mut(padded) {
            line[0] = Lanes::ZERO;
            line[padded - 1] = Lanes::ZERO;
        }
        let mut zeros = member.buffer(row);
        zeros.fill(Lanes::ZERO);
        Window {
            lanes,
            zeros,
            height,
            blocks,
            padded,
            slots,
            band,
        }
    }

    /// How many rows from `y` on lie one after the other.
    pub(crate) fn contiguous(&self, y: usize) -> usize {
        self.slots - y % self.slots
    }

    /// Where a filter writes rows from `y` on.
    pub(crate) fn target(&mut self, y: usize) -> Target<'_> {
        let row = self.blocks * self.padded;
        let start = y % self.slots * row + 1;
        Target {
            lanes: &mut self.lanes[start..],
            residual: None,
            row,
            block: self.padded,
            pixel: 1,
        }
    }

    /// Row `y`, or zeros where there is none.
    pub(crate) fn row(&self, y: Option<usize>) -> &[Lanes] {
        let row = self.blocks * self.padded;
        match y.filter(|y| *y < self.height) {
            Some(y) => &self.lanes[y % self.slots * row..][..row],
            None => &self.zeros,
        }
    }
}
