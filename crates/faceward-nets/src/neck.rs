//! CenterFace's way back up: a small, deep map doubled in size and joined by a larger, shallower one.
#![allow(
    clippy::indexing_slicing,
    reason = "all offsets derive from the sizes the buffers were taken with"
)]

use std::sync::Arc;

use crate::error::NetError;
use crate::filter::{Filter, Source, Target};
use crate::map::{Map, Size};
use crate::threads::Member;
use crate::weights::{Activation, Weights};

/// `relu(transposed 2×2 convolution of the deep map) + relu(1×1 convolution of the shallow one)`.
pub(crate) struct Upsample {
    /// For each of the four pixels that one becomes, row by row.
    quarters: [Filter; 4],
    lateral: Filter,
}

/// Channels of the whole neck.
const CHANNELS: usize = 24;

impl Upsample {
    /// The layers `neck.up{number}` and `neck.lateral{number}`.
    pub(crate) fn new(
        weights: &Weights<'_>,
        number: usize,
        shallow: usize,
    ) -> Result<Upsample, NetError> {
        let name = format!("neck.up{number}");
        let values = weights.tensor(&format!("{name}.weight"), &[2, 2, CHANNELS, CHANNELS])?;
        let bias = weights.tensor(&format!("{name}.bias"), &[CHANNELS])?;
        let slope = weights.slope(&name, CHANNELS, Activation::Relu)?;
        let quarter = |at: usize| {
            let values = &values[at * CHANNELS * CHANNELS..][..CHANNELS * CHANNELS];
            Filter::pack(values, &bias, &slope, vec![16, CHANNELS - 16])
        };
        Ok(Upsample {
            quarters: std::array::from_fn(quarter),
            lateral: Filter::pointwise(
                weights,
                &format!("neck.lateral{number}"),
                shallow,
                CHANNELS,
                Activation::Relu,
            )?,
        })
    }

    pub(crate) fn run(&self, member: &Member, deep: &Map, shallow: &Map) -> Arc<Map> {
        let size = Size {
            blocks: self.lateral.blocks(),
            ..shallow.size
        };
        let lateral_taps = self.lateral.taps_apart(size.width);
        let quarter_taps = self.quarters[0].taps_apart(deep.size.width);
        let mut strip = member.buffer(size.row());
        let share = member.share(size.height);
        let mut output = member.buffer(share.len() * size.row());
        for (y, target) in share.zip(output.chunks_exact_mut(size.row())) {
            let source = Source::row(shallow.row(y), size.width);
            self.lateral.apply(
                member,
                &lateral_taps,
                source,
                Target::rows(&mut strip, size),
            );
            for column in 0..2 {
                let source = Source::row(deep.row(y / 2), deep.size.width);
                let residual = Some(&strip[column..]);
                let target = Target {
                    residual,
                    pixel: 2,
                    ..Target::rows(&mut target[column..], size)
                };
                self.quarters[y % 2 * 2 + column].apply(member, &quarter_taps, source, target);
            }
        }
        member.gather(size, output)
    }
}
