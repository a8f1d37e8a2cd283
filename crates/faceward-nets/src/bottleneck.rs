//! The inverted residual of MobileNetV2: expand, depthwise, project, in one pass over the rows.
//!
//! The expanded map, six times as wide as what goes in or out, never exists as a whole: its rows
//! are made when the depthwise layer needs them and live in a window of a few rows that stays in
//! the processor's cache.
#![allow(
    clippy::indexing_slicing,
    reason = "all offsets derive from the sizes the buffers were taken with"
)]

use std::ops::Range;
use std::sync::Arc;

use crate::error::NetError;
use crate::filter::{Depthwise, Filter, From, Onto};
use crate::image::{Image, Stem};
use crate::kernel::{Lanes, Tap};
use crate::map::{Map, Size};
use crate::store::{Buffer, Store};
use crate::threads::Member;
use crate::weights::{Activation, Weights};

/// One inverted residual.
pub(crate) struct Bottleneck {
    expand: Filter,
    depthwise: Depthwise,
    project: Filter,
    /// Whether the input is added to the output: where both have the same shape.
    residual: bool,
}

impl Bottleneck {
    /// The layers `{name}.expand`, `{name}.depthwise` and `{name}.project`; the first two are
    /// followed by `activation`.
    pub(crate) fn new(
        weights: &Weights<'_>,
        name: &str,
        [inputs, hidden, outputs]: [usize; 3],
        stride: usize,
        activation: Activation,
    ) -> Result<Bottleneck, NetError> {
        Ok(Bottleneck {
            expand: Filter::pointwise(
                weights,
                &format!("{name}.expand"),
                inputs,
                hidden,
                activation,
            )?,
            depthwise: Depthwise::new(
                weights,
                &format!("{name}.depthwise"),
                hidden,
                stride,
                activation,
            )?,
            project: Filter::pointwise(
                weights,
                &format!("{name}.project"),
                hidden,
                outputs,
                Activation::Linear,
            )?,
            residual: stride == 1 && inputs == outputs,
        })
    }

    /// Blocks named `block1` and up, from a table of `([in, hidden, out], stride, times)`.
    pub(crate) fn sequence(
        weights: &Weights<'_>,
        table: &[([usize; 3], usize, usize)],
        activation: Activation,
    ) -> Result<Vec<Bottleneck>, NetError> {
        let rows = table.iter().flat_map(|(channels, stride, times)| {
            std::iter::repeat_n((*channels, *stride), *times)
        });
        rows.enumerate()
            .map(|(at, (channels, stride))| {
                Bottleneck::new(
                    weights,
                    &format!("block{}", at + 1),
                    channels,
                    stride,
                    activation,
                )
            })
            .collect()
    }

    pub(crate) fn run(&self, member: &Member, store: &Arc<Store>, input: &Map) -> Arc<Map> {
        self.pass(member, store, input, self.residual.then_some(input))
    }

    /// The same without the sum at the end, for a net that does something else before it.
    pub(crate) fn run_without_residual(
        &self,
        member: &Member,
        store: &Arc<Store>,
        input: &Map,
    ) -> Arc<Map> {
        self.pass(member, store, input, None)
    }

    fn pass(
        &self,
        member: &Member,
        store: &Arc<Store>,
        input: &Map,
        residual: Option<&Map>,
    ) -> Arc<Map> {
        let pass = Pass {
            depthwise: &self.depthwise,
            project: Some(&self.project),
            residual,
        };
        let taps = self
            .expand
            .taps((0..).map(|block| block * input.size.width));
        pass.run(
            member,
            store,
            input.size.height,
            input.size.width,
            |rows, window| {
                let mut rows = rows;
                while !rows.is_empty() {
                    let (lanes, count) = input.rows(rows.clone());
                    let count = count.min(window.contiguous(rows.start));
                    let from = From {
                        lanes,
                        row: input.size.row(),
                        rows: count,
                        width: input.size.width,
                    };
                    self.expand
                        .apply(member, &taps, from, window.onto(rows.start));
                    rows.start += count;
                }
            },
        )
    }
}

/// The beginning of each net: the first convolution, a depthwise one and perhaps a projection.
pub(crate) struct Entry {
    pub(crate) stem: Stem,
    pub(crate) depthwise: Depthwise,
    pub(crate) project: Option<Filter>,
}

impl Entry {
    pub(crate) fn run(&self, member: &Member, store: &Arc<Store>, image: &Image) -> Arc<Map> {
        let (height, width) = (image.height / 2, image.width / 2);
        let pass = Pass {
            depthwise: &self.depthwise,
            project: self.project.as_ref(),
            residual: None,
        };
        let taps = self.stem.filter.taps((0..).map(|row| row * width));
        let mut strips = store.take(3 * width);
        let mut floats = Vec::new();
        pass.run(member, store, height, width, |rows, window| {
            for y in rows {
                self.stem.strips(image, y, &mut floats, &mut strips);
                let from = From {
                    lanes: &strips,
                    row: 3 * width,
                    rows: 1,
                    width,
                };
                self.stem.filter.apply(member, &taps, from, window.onto(y));
            }
        })
    }
}

/// From expanded rows, made on demand, to the output map.
struct Pass<'a> {
    depthwise: &'a Depthwise,
    project: Option<&'a Filter>,
    residual: Option<&'a Map>,
}

impl Pass<'_> {
    /// `expand(rows, window)` must fill these rows of the window. They are asked for in order, each
    /// once.
    fn run(
        &self,
        member: &Member,
        store: &Arc<Store>,
        height: usize,
        width: usize,
        mut expand: impl FnMut(Range<usize>, &mut Window),
    ) -> Arc<Map> {
        let stride = self.depthwise.stride;
        let blocks = self.project.map_or(self.depthwise.blocks(), Filter::blocks);
        let size = Size {
            height: height.div_ceil(stride),
            width: width.div_ceil(stride),
            blocks,
        };
        let share = member.share(size.height);
        let mut window = Window::new(
            store,
            self.depthwise.blocks(),
            height,
            width,
            stride,
            share.len(),
        );
        let mut strip = store.take(self.depthwise.blocks() * size.width);
        let taps = self
            .project
            .map(|project| project.taps((0..).map(|block| block * size.width)));
        let mut output = store.take(share.len() * size.row());

        let mut made = (share.start * stride).saturating_sub(1);
        let mut y = share.start;
        while y < share.end {
            let band = y..(y + window.band).min(share.end);
            let needed = ((band.end - 1) * stride + 2).min(height);
            expand(made..needed, &mut window);
            made = needed;
            for y in band.clone() {
                let at = (y - share.start) * size.row();
                let target = &mut output[at..][..size.row()];
                let rows = [0, 1, 2]
                    .map(|kernel_row| window.row((y * stride + kernel_row).checked_sub(1)));
                match (self.project, &taps) {
                    (Some(project), Some(taps)) => {
                        self.depthwise
                            .row(member, rows, width + 2, &mut strip, size.width);
                        self.project(project, member, taps, &strip, target, size, y);
                    }
                    _ => self
                        .depthwise
                        .row(member, rows, width + 2, target, size.width),
                }
            }
            y = band.end;
        }
        member.gather(size, output)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the innermost step of one function above"
    )]
    fn project(
        &self,
        project: &Filter,
        member: &Member,
        taps: &[Tap],
        strip: &[Lanes],
        target: &mut [Lanes],
        size: Size,
        y: usize,
    ) {
        let from = From {
            lanes: strip,
            row: strip.len(),
            rows: 1,
            width: size.width,
        };
        let residual = self.residual.map(|map| map.row(y));
        project.apply(
            member,
            taps,
            from,
            Onto {
                residual,
                ..Onto::rows(target, size)
            },
        );
    }
}

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
    band: usize,
}

impl Window {
    /// Floats a window may hold: well inside a second-level cache, beside weights and output.
    const BUDGET: usize = 100_000;

    fn new(
        store: &Arc<Store>,
        blocks: usize,
        height: usize,
        width: usize,
        stride: usize,
        outputs: usize,
    ) -> Window {
        let padded = width + 2;
        let row = blocks * padded;
        let affordable = Self::BUDGET / 16 / row;
        let band = (affordable.saturating_sub(3) / stride + 1).clamp(1, outputs.max(1));
        let slots = (band - 1) * stride + 3;
        let mut lanes = store.take(slots * row);
        for line in lanes.chunks_exact_mut(padded) {
            line[0] = Lanes::ZERO;
            line[padded - 1] = Lanes::ZERO;
        }
        let mut zeros = store.take(row);
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
    fn contiguous(&self, y: usize) -> usize {
        self.slots - y % self.slots
    }

    /// Where a filter writes rows from `y` on.
    fn onto(&mut self, y: usize) -> Onto<'_> {
        let row = self.blocks * self.padded;
        let start = y % self.slots * row + 1;
        Onto {
            lanes: &mut self.lanes[start..],
            residual: None,
            row,
            block: self.padded,
            pixel: 1,
        }
    }

    /// Row `y`, or zeros where there is none.
    fn row(&self, y: Option<usize>) -> &[Lanes] {
        let row = self.blocks * self.padded;
        match y.filter(|y| *y < self.height) {
            Some(y) => &self.lanes[y % self.slots * row..][..row],
            None => &self.zeros,
        }
    }
}
