//! CenterFace's way back up: a small, deep map doubled in size and joined by a larger, shallower one.
#![allow(
    clippy::indexing_slicing,
    reason = "all offsets derive from the sizes the buffers were taken with"
)]

use std::sync::Arc;

use crate::error::NetError;
use crate::filter::{Filter, From, Onto};
use crate::map::{Map, Size};
use crate::store::Store;
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
        number: &str,
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

    pub(crate) fn run(
        &self,
        member: &Member,
        store: &Arc<Store>,
        deep: &Map,
        shallow: &Map,
    ) -> Arc<Map> {
        let size = Size {
            blocks: self.lateral.blocks(),
            ..shallow.size
        };
        let mut strip = store.take(size.row());
        let lateral_taps = self.lateral.taps((0..).map(|block| block * size.width));
        let quarter_taps = self.quarters[0].taps((0..).map(|block| block * deep.size.width));
        let share = member.share(size.height);
        let mut output = store.take(share.len() * size.row());
        for (y, target) in share.zip(output.chunks_exact_mut(size.row())) {
            let row = shallow.row(y);
            let from = From {
                lanes: row,
                row: row.len(),
                rows: 1,
                width: size.width,
            };
            self.lateral
                .apply(member, &lateral_taps, from, Onto::rows(&mut strip, size));
            let row = deep.row(y / 2);
            for column in 0..2 {
                let from = From {
                    lanes: row,
                    row: row.len(),
                    rows: 1,
                    width: deep.size.width,
                };
                let residual = Some(&strip[column..]);
                let onto = Onto {
                    residual,
                    pixel: 2,
                    ..Onto::rows(&mut target[column..], size)
                };
                self.quarters[y % 2 * 2 + column].apply(member, &quarter_taps, from, onto);
            }
        }
        member.gather(size, output)
    }
}
