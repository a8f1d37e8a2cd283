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
        self.mix(member, &weighed)
    }

    /// The net's answer, and the map it was made of: every cell, row by row, with its channels together. On the member
    /// that leads; nothing on the others.
    pub(crate) fn run_seen(&self, member: &Member, input: &Map) -> (Vec<f32>, Vec<f32>) {
        let map = self.expand.run(member, input);
        if !member.leads() {
            return (Vec::new(), Vec::new());
        }
        let mut weighed = member.buffer(self.bias.len());
        self.weigh(&map, &mut weighed);
        (self.mix(member, &weighed), by_cell(&map))
    }

    /// The net's answer taken apart: what each cell adds to it, row by row, `outputs` values each,
    /// and what is there without any. Up to rounding their sum is the answer: both layers are linear.
    /// On the member that leads; nothing on the others.
    pub(crate) fn run_apart(&self, member: &Member, input: &Map) -> (Vec<f32>, Vec<f32>) {
        let map = self.expand.run(member, input);
        if !member.leads() {
            return (Vec::new(), Vec::new());
        }
        let mut weighed = member.buffer(self.bias.len());
        weighed.fill(Lanes::ZERO);
        let nothing = self.mix(member, &weighed);
        let cells = (0..map.size.height * map.size.width).flat_map(|cell| {
            weighed.fill(Lanes::ZERO);
            self.weigh_cell(&map, cell, &mut weighed);
            let mixed = self.mix(member, &weighed);
            let added = mixed.iter().zip(&nothing).map(|(value, zero)| value - zero);
            added.collect::<Vec<f32>>()
        });
        let cells = cells.collect();
        (cells, self.mix(member, &self.bias))
    }

    fn mix(&self, member: &Member, weighed: &[Lanes]) -> Vec<f32> {
        let answer = self.linear.linear(member, weighed);
        let values = answer.iter().flat_map(|lanes| lanes.0);
        values.take(self.outputs).collect()
    }

    /// Each channel's sum over the cells, with a weight of its own for each cell.
    fn weigh(&self, map: &Map, sums: &mut [Lanes]) {
        sums.copy_from_slice(&self.bias);
        for cell in 0..map.size.height * map.size.width {
            self.weigh_cell(map, cell, sums);
        }
    }

    /// Adds one cell, its channels weighed.
    fn weigh_cell(&self, map: &Map, cell: usize, sums: &mut [Lanes]) {
        let Size { width, blocks, .. } = map.size;
        let (row, x) = (map.row(cell / width), cell % width);
        let weights = &self.weights[cell * blocks..][..blocks];
        for (block, (sum, weight)) in sums.iter_mut().zip(weights).enumerate() {
            let values = &row[block * width + x];
            for ((sum, weight), value) in sum.0.iter_mut().zip(&weight.0).zip(&values.0) {
                *sum += weight * value;
            }
        }
    }
}

/// The values of a map, cell by cell.
fn by_cell(map: &Map) -> Vec<f32> {
    let Size {
        height,
        width,
        blocks,
    } = map.size;
    let mut values = Vec::with_capacity(height * width * blocks * Lanes::ZERO.0.len());
    for y in 0..height {
        let row = map.row(y);
        for x in 0..width {
            values.extend((0..blocks).flat_map(|block| row[block * width + x].0));
        }
    }
    values
}
