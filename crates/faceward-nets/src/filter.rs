//! Convolutions, packed the way the kernels read them.
#![allow(
    clippy::indexing_slicing,
    reason = "sizes are those `Weights::tensor` checked"
)]

use std::sync::Arc;

use crate::error::NetError;
use crate::kernel::{DepthwiseRow, Lanes, Product, Tap};
use crate::map::{Map, Size};
use crate::store::Buffer;
use crate::threads::Member;
use crate::weights::{Activation, Weights};

/// A convolution that mixes channels: pointwise, linear, or one offset of a larger kernel after
/// another.
pub(crate) struct Filter {
    /// Channels read, tap after tap.
    depth: Vec<usize>,
    /// `[output block][tap and channel]`.
    weights: Vec<Lanes>,
    bias: Vec<Lanes>,
    slope: Vec<Lanes>,
}

impl Filter {
    /// A 1×1 convolution or linear layer.
    pub(crate) fn pointwise(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
        activation: Activation,
    ) -> Result<Filter, NetError> {
        let values = weights.tensor(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = weights.tensor(&format!("{name}.bias"), &[outputs])?;
        let slope = weights.slope(name, outputs, activation)?;
        Ok(Filter::pack(&values, &bias, &slope, channel_blocks(inputs)))
    }

    /// A 3×3 convolution: nine times the channel blocks of a pixel, in `[row][column][block]` order.
    pub(crate) fn full3x3(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
        activation: Activation,
    ) -> Result<Filter, NetError> {
        let values = weights.tensor(&format!("{name}.weight"), &[outputs, 3, 3, inputs])?;
        let bias = weights.tensor(&format!("{name}.bias"), &[outputs])?;
        let slope = weights.slope(name, outputs, activation)?;
        Ok(Filter::pack(
            &values,
            &bias,
            &slope,
            channel_blocks(inputs).repeat(9),
        ))
    }

    /// From `values` in `[out][in]` order, where the inputs are found `depth` at a time.
    pub(crate) fn pack(values: &[f32], bias: &[f32], slope: &[f32], depth: Vec<usize>) -> Filter {
        let inputs: usize = depth.iter().sum();
        let mut weights = vec![Lanes::ZERO; Lanes::blocks(bias.len()) * inputs];
        for (output, values) in values.chunks_exact(inputs).enumerate() {
            for (input, value) in values.iter().enumerate() {
                weights[output / 16 * inputs + input].0[output % 16] = *value;
            }
        }
        Filter {
            depth,
            weights,
            bias: in_lanes(bias),
            slope: in_lanes(slope),
        }
    }

    /// Channel blocks of the output.
    pub(crate) fn blocks(&self) -> usize {
        self.bias.len()
    }

    /// Taps for an input whose blocks lie `distance` apart: a row of that many pixels.
    pub(crate) fn taps_apart(&self, distance: usize) -> Vec<Tap> {
        self.taps((0..).map(|block| block * distance))
    }

    /// Taps for an input whose blocks lie at `offsets` from the pixel.
    pub(crate) fn taps(&self, offsets: impl Iterator<Item = usize>) -> Vec<Tap> {
        offsets
            .zip(&self.depth)
            .map(|(offset, channels)| Tap {
                offset,
                channels: *channels,
            })
            .collect()
    }

    /// Computes `rows × width` outputs; see [`Product`] for the strides.
    pub(crate) fn apply(
        &self,
        member: &Member,
        taps: &[Tap],
        source: Source<'_>,
        target: Target<'_>,
    ) {
        member.kernels.product(&mut Product {
            weights: &self.weights,
            bias: &self.bias,
            slope: &self.slope,
            taps,
            input: source.lanes,
            input_row: source.row,
            rows: source.rows,
            width: source.width,
            output: target.lanes,
            residual: target.residual,
            output_row: target.row,
            output_block: target.block,
            output_pixel: target.pixel,
        });
    }

    /// A whole layer, map to map.
    pub(crate) fn run(&self, member: &Member, input: &Map) -> Arc<Map> {
        let size = Size {
            blocks: self.blocks(),
            ..input.size
        };
        let taps = self.taps_apart(size.width);
        let share = member.share(size.height);
        let mut output = member.buffer(share.len() * size.row());
        let mut y = share.start;
        while y < share.end {
            let (lanes, rows) = input.rows(y..share.end);
            let source = Source {
                lanes,
                row: input.size.row(),
                rows,
                width: size.width,
            };
            let target = Target::rows(&mut output[(y - share.start) * size.row()..], size);
            self.apply(member, &taps, source, target);
            y += rows;
        }
        member.gather(size, output)
    }

    /// A linear layer: one pixel to one pixel.
    pub(crate) fn linear(&self, member: &Member, input: &[Lanes]) -> Buffer {
        let mut output = member.buffer(self.blocks());
        let size = Size {
            height: 1,
            width: 1,
            blocks: self.blocks(),
        };
        self.apply(
            member,
            &self.taps_apart(1),
            Source::row(input, 1),
            Target::rows(&mut output, size),
        );
        output
    }
}

/// The pixels a filter reads.
pub(crate) struct Source<'a> {
    pub(crate) lanes: &'a [Lanes],
    /// Distance from row to row.
    pub(crate) row: usize,
    pub(crate) rows: usize,
    pub(crate) width: usize,
}

impl<'a> Source<'a> {
    /// A single row.
    pub(crate) fn row(lanes: &'a [Lanes], width: usize) -> Source<'a> {
        Source {
            lanes,
            row: lanes.len(),
            rows: 1,
            width,
        }
    }
}

/// Where a filter writes, and what it adds there.
pub(crate) struct Target<'a> {
    pub(crate) lanes: &'a mut [Lanes],
    pub(crate) residual: Option<&'a [Lanes]>,
    pub(crate) row: usize,
    pub(crate) block: usize,
    pub(crate) pixel: usize,
}

impl<'a> Target<'a> {
    /// Rows of a map of that size.
    pub(crate) fn rows(lanes: &'a mut [Lanes], size: Size) -> Target<'a> {
        Target {
            lanes,
            residual: None,
            row: size.row(),
            block: size.width,
            pixel: 1,
        }
    }
}

/// A 3×3 depthwise convolution, one pixel of zero padding.
pub(crate) struct Depthwise {
    pub(crate) stride: usize,
    /// `[block][3 × 3]`.
    weights: Vec<Lanes>,
    bias: Vec<Lanes>,
    slope: Vec<Lanes>,
}

impl Depthwise {
    pub(crate) fn new(
        weights: &Weights<'_>,
        name: &str,
        channels: usize,
        stride: usize,
        activation: Activation,
    ) -> Result<Depthwise, NetError> {
        let values = weights.tensor(&format!("{name}.weight"), &[3, 3, channels])?;
        let mut packed = vec![Lanes::ZERO; Lanes::blocks(channels) * 9];
        for (tap, values) in values.chunks_exact(channels).enumerate() {
            for (channel, value) in values.iter().enumerate() {
                packed[channel / 16 * 9 + tap].0[channel % 16] = *value;
            }
        }
        let bias = weights.tensor(&format!("{name}.bias"), &[channels])?;
        let slope = weights.slope(name, channels, activation)?;
        Ok(Depthwise {
            stride,
            weights: packed,
            bias: in_lanes(&bias),
            slope: in_lanes(&slope),
        })
    }

    pub(crate) fn blocks(&self) -> usize {
        self.bias.len()
    }

    /// One output row from three padded rows, `[block][input_block]` each, to `[block][width]`.
    pub(crate) fn row(
        &self,
        member: &Member,
        input: [&[Lanes]; 3],
        input_block: usize,
        output: &mut [Lanes],
        width: usize,
    ) {
        let Depthwise {
            stride,
            weights,
            bias,
            slope,
        } = self;
        let stride = *stride;
        member.kernels.depthwise(&mut DepthwiseRow {
            weights,
            bias,
            slope,
            input,
            input_block,
            stride,
            output,
            width,
        });
    }
}

/// How many channels each block of a pixel holds.
fn channel_blocks(channels: usize) -> Vec<usize> {
    (0..Lanes::blocks(channels))
        .map(|block| 16.min(channels - block * 16))
        .collect()
}

fn in_lanes(values: &[f32]) -> Vec<Lanes> {
    let mut lanes = vec![Lanes::ZERO; Lanes::blocks(values.len())];
    for (channel, value) in values.iter().enumerate() {
        lanes[channel / 16].0[channel % 16] = *value;
    }
    lanes
}
