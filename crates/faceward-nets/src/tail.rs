//! The end of the three nets that look at one face: a depthwise layer as large as the map, then a
//! linear one.
#![allow(
    clippy::indexing_slicing,
    reason = "sizes are those `Weights::tensor` checked"
)]

use crate::error::NetError;
use crate::filter::Filter;
use crate::kernel::Lanes;
use crate::map::{Map, Size};
use crate::threads::Member;
use crate::weights::{Activation, Weights};

/// Expand, weigh every cell, mix.
pub(crate) struct Tail {
    expand: Filter,
    /// `[cell][block]`; no activation follows.
    weights: Vec<Lanes>,
    bias: Vec<Lanes>,
    linear: Filter,
    outputs: usize,
}

impl Tail {
    /// The layers `tail.expand`, `tail.depthwise` over `side × side` cells, and `tail.linear`.
    pub(crate) fn new(
        weights: &Weights<'_>,
        side: usize,
        [inputs, hidden, outputs]: [usize; 3],
        activation: Activation,
    ) -> Result<Tail, NetError> {
        let values = weights.tensor("tail.depthwise.weight", &[side, side, hidden])?;
        let bias = weights.tensor("tail.depthwise.bias", &[hidden])?;
        Ok(Tail {
            expand: Filter::pointwise(weights, "tail.expand", inputs, hidden, activation)?,
            weights: values
                .as_chunks()
                .0
                .iter()
                .map(|lanes| Lanes(*lanes))
                .collect(),
            bias: bias
                .as_chunks()
                .0
                .iter()
                .map(|lanes| Lanes(*lanes))
                .collect(),
            linear: Filter::pointwise(weights, "tail.linear", hidden, outputs, Activation::Linear)?,
            outputs,
        })
    }

    /// The net's answer, on the member that leads; nothing on the others.
    pub(crate) fn run(&self, member: &Member, input: &Map) -> Vec<f32> {
        let map = self.expand.run(member, input);
        if !member.leads() {
            return Vec::new();
        }
        let mut weighed = member.buffer(self.bias.len());
        self.weigh(&map, &mut weighed);
        let answer = self.linear.linear(member, &weighed);
        answer
            .iter()
            .flat_map(|lanes| lanes.0)
            .take(self.outputs)
            .collect()
    }

    /// Each channel's sum over the cells, with a weight of its own for each cell.
    fn weigh(&self, map: &Map, sums: &mut [Lanes]) {
        sums.copy_from_slice(&self.bias);
        let Size {
            height,
            width,
            blocks,
        } = map.size;
        for y in 0..height {
            let row = map.row(y);
            for x in 0..width {
                let weights = &self.weights[(y * width + x) * blocks..][..blocks];
                for (block, (sum, weight)) in sums.iter_mut().zip(weights).enumerate() {
                    let cell = &row[block * width + x];
                    for ((sum, weight), value) in sum.0.iter_mut().zip(&weight.0).zip(&cell.0) {
                        *sum += weight * value;
                    }
                }
            }
        }
    }
}
