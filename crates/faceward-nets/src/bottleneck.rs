//! The inverted residual of MobileNetV2: expand, depthwise, project, in one pass over the rows.
//!
//! The expanded map, six times as wide as what goes in or out, never exists as a whole: its rows
//! are made when the depthwise layer needs them and live in a window of a few rows that stays in
//! the processor's cache.

use std::ops::Range;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::error::NetError;
use crate::filter::{Depthwise, Filter, Source, Target};
use crate::image::{Image, Stem};
use crate::map::{Map, Size};
use crate::threads::Member;
use crate::weights::{Activation, Weights};
use crate::window::Window;

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

    /// One block after another. Each map is given up as soon as the next is made.
    pub(crate) fn run_all(blocks: &[Bottleneck], member: &Member, input: Arc<Map>) -> Arc<Map> {
        blocks
            .iter()
            .fold(input, |map, block| block.run(member, &map))
    }

    pub(crate) fn run(&self, member: &Member, input: &Map) -> Arc<Map> {
        self.pass(member, input, self.residual.then_some(input))
    }

    /// The same without the sum at the end, for a net that does something else before it.
    pub(crate) fn run_without_residual(&self, member: &Member, input: &Map) -> Arc<Map> {
        self.pass(member, input, None)
    }

    fn pass(&self, member: &Member, input: &Map, residual: Option<&Map>) -> Arc<Map> {
        let Size { height, width, .. } = input.size;
        let taps = self.expand.taps_apart(width);
        let pass = Pass {
            depthwise: &self.depthwise,
            project: Some(&self.project),
            residual,
        };
        pass.run(member, height, width, |mut rows, window| {
            while !rows.is_empty() {
                let (lanes, count) = input.rows(rows.clone());
                let count = count.min(window.contiguous(rows.start));
                let source = Source {
                    lanes,
                    row: input.size.row(),
                    rows: count,
                    width,
                };
                self.expand
                    .apply(member, &taps, source, window.target(rows.start));
                rows.start += count;
            }
        })
    }
}

/// The beginning of each net: the first convolution, a depthwise one and perhaps a projection.
pub(crate) struct Entry {
    pub(crate) stem: Stem,
    pub(crate) depthwise: Depthwise,
    pub(crate) project: Option<Filter>,
}

impl Entry {
    pub(crate) fn run(&self, member: &Member, image: &Image) -> Arc<Map> {
        let (height, width) = (image.height / 2, image.width / 2);
        let taps = self.stem.filter.taps_apart(width);
        let mut strips = member.buffer(3 * width);
        let mut floats = Zeroizing::new(Vec::new());
        let pass = Pass {
            depthwise: &self.depthwise,
            project: self.project.as_ref(),
            residual: None,
        };
        pass.run(member, height, width, |rows, window| {
            for y in rows {
                self.stem.strips(image, y, &mut floats, &mut strips);
                self.stem.filter.apply(
                    member,
                    &taps,
                    Source::row(&strips, width),
                    window.target(y),
                );
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
        let mut output = member.buffer(share.len() * size.row());
        let hidden = Size {
            height,
            width,
            blocks: self.depthwise.blocks(),
        };
        let mut window = Window::new(member, hidden, stride, share.len());
        let mut strip = member.buffer(hidden.blocks * size.width);
        let project = self
            .project
            .map(|filter| (filter, filter.taps_apart(size.width)));

        let mut made = (share.start * stride).saturating_sub(1);
        for (y, target) in share.clone().zip(output.chunks_exact_mut(size.row())) {
            if (y - share.start).is_multiple_of(window.band) {
                let last = (y + window.band).min(share.end) - 1;
                let needed = (last * stride + 2).min(height);
                expand(made..needed, &mut window);
                made = needed;
            }
            let rows =
                [0, 1, 2].map(|kernel_row| window.row((y * stride + kernel_row).checked_sub(1)));
            match &project {
                None => self
                    .depthwise
                    .row(member, rows, width + 2, target, size.width),
                Some((filter, taps)) => {
                    self.depthwise
                        .row(member, rows, width + 2, &mut strip, size.width);
                    let residual = self.residual.map(|map| map.row(y));
                    let target = Target {
                        residual,
                        ..Target::rows(target, size)
                    };
                    filter.apply(member, taps, Source::row(&strip, size.width), target);
                }
            }
        }
        member.gather(size, output)
    }
}
