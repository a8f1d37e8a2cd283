//! MiniFASNet-SE (the family of Silent-Face-Anti-Spoofing): is this a face, or a picture of one?
#![allow(
    clippy::indexing_slicing,
    reason = "shares and rows are those of the map they came with"
)]

use std::sync::Arc;

use crate::bottleneck::{Bottleneck, Entry};
use crate::error::NetError;
use crate::filter::{Depthwise, Filter};
use crate::image::{Colours, Image, Scale, Stem};
use crate::kernel::Lanes;
use crate::map::{Map, Size};
use crate::store::{Buffer, Store};
use crate::tail::Tail;
use crate::threads::{Member, Threads};
use crate::weights::{Activation, Weights};

/// Passive presentation attack detection from one frame.
pub struct MiniFasNet(Arc<Net>);

struct Net {
    entry: Entry,
    blocks: Vec<(Bottleneck, Option<SqueezeExcite>)>,
    tail: Tail,
    store: Arc<Store>,
}

impl MiniFasNet {
    /// Width and height of the crop it takes.
    pub const SIDE: usize = 128;

    /// The net from `models/minifasnet.safetensors`.
    ///
    /// # Errors
    /// [`NetError::Weights`] when the bytes are anything else.
    pub fn from_safetensors(bytes: &[u8]) -> Result<MiniFasNet, NetError> {
        let weights = Weights::open("minifasnet", bytes)?;
        let entry = Entry {
            stem: Stem::new(&weights, 32, Colours::Bgr, Scale::NONE, Activation::PRelu)?,
            depthwise: Depthwise::new(&weights, "stem.depthwise", 32, 1, Activation::PRelu)?,
            project: None,
        };
        // The hidden widths were pruned one by one, hence the odd numbers.
        #[rustfmt::skip]
        let table = [
            // [in, hidden, out], stride, times     output
            ([ 32, 103,  64], 2, 1), //            32 × 32
            ([ 64,  13,  64], 1, 4),
            ([ 64, 231, 128], 2, 1), //            16 × 16
            ([128, 231, 128], 1, 1),
            ([128,  52, 128], 1, 1),
            ([128,  26, 128], 1, 1),
            ([128,  77, 128], 1, 1),
            ([128,  26, 128], 1, 2),
            ([128, 308, 128], 2, 1), //             8 × 8
            ([128,  26, 128], 1, 2),
        ];
        let mut blocks: Vec<_> = Bottleneck::sequence(&weights, &table, Activation::PRelu)?
            .into_iter()
            .map(|block| (block, None))
            .collect();
        for (number, channels) in [(5, [64, 16]), (12, [128, 32]), (15, [128, 32])] {
            blocks[number - 1].1 = Some(SqueezeExcite::new(
                &weights,
                &format!("block{number}"),
                channels,
            )?);
        }
        let tail = Tail::new(&weights, 8, [128, 512, 3], Activation::PRelu)?;
        Ok(MiniFasNet(Arc::new(Net {
            entry,
            blocks,
            tail,
            store: Arc::default(),
        })))
    }

    /// Probabilities of three classes, summing to one; the first is bona fide presentation. `rgb`
    /// is interleaved, 128 × 128 × 3.
    ///
    /// # Errors
    /// [`NetError::Input`] when `rgb` has another length.
    pub fn run(&self, rgb: &[u8], threads: &Threads) -> Result<[f32; 3], NetError> {
        let face = Image::new(
            "minifasnet",
            "128 × 128 RGB pixels",
            rgb,
            [Self::SIDE, Self::SIDE, 3],
        )?;
        let net = Arc::clone(&self.0);
        let logits = threads.run(&self.0.store, move |member| net.classify(member, &face));
        Ok(softmax(&logits))
    }
}

impl Net {
    fn classify(&self, member: &Member, face: &Image) -> Vec<f32> {
        let mut map = self.entry.run(member, face); // 64 × 64
        for (block, squeeze) in &self.blocks {
            map = match squeeze {
                None => block.run(member, &map),
                Some(squeeze) => {
                    let change = block.run_without_residual(member, &map);
                    squeeze.run(member, &change, &map)
                }
            };
        }
        self.tail.run(member, &map)
    }
}

/// Squeeze and excitation (Hu et al. 2018, arXiv:1709.01507): a weight for each channel, from the
/// means of all.
struct SqueezeExcite {
    squeeze: Filter,
    excite: Filter,
}

impl SqueezeExcite {
    fn new(
        weights: &Weights<'_>,
        name: &str,
        [channels, squeezed]: [usize; 2],
    ) -> Result<SqueezeExcite, NetError> {
        let squeeze = format!("{name}.squeeze");
        let excite = format!("{name}.excite");
        Ok(SqueezeExcite {
            squeeze: Filter::pointwise(weights, &squeeze, channels, squeezed, Activation::Relu)?,
            excite: Filter::pointwise(weights, &excite, squeezed, channels, Activation::Linear)?,
        })
    }

    /// `input + gate · change`, channel by channel.
    fn run(&self, member: &Member, change: &Map, input: &Map) -> Arc<Map> {
        let size = change.size;
        let gates = self.gates(member, change);
        let share = member.share(size.height);
        let mut output = member.buffer(share.len() * size.row());
        for (y, row) in share.zip(output.chunks_exact_mut(size.row())) {
            for (at, output) in row.iter_mut().enumerate() {
                let gate = &gates[at / size.width].0;
                let (input, change) = (&input.row(y)[at].0, &change.row(y)[at].0);
                output.0 = std::array::from_fn(|lane| input[lane] + gate[lane] * change[lane]);
            }
        }
        member.gather(size, output)
    }

    /// One factor in 0 to 1 for each channel. Every member computes them all.
    fn gates(&self, member: &Member, change: &Map) -> Buffer {
        let squeezed = self.squeeze.linear(member, &means(member, change));
        let mut gates = self.excite.linear(member, &squeezed);
        gates
            .iter_mut()
            .for_each(|lanes| lanes.0 = lanes.0.map(|value| 1.0 / (1.0 + (-value).exp())));
        gates
    }
}

/// The mean of each channel over the map.
fn means(member: &Member, map: &Map) -> Buffer {
    let Size {
        height,
        width,
        blocks,
    } = map.size;
    let mut means = member.buffer(blocks);
    means.fill(Lanes::ZERO);
    for y in 0..height {
        for (at, lanes) in map.row(y).iter().enumerate() {
            means[at / width]
                .0
                .iter_mut()
                .zip(&lanes.0)
                .for_each(|(mean, value)| *mean += value);
        }
    }
    let cells = (width * height) as f32;
    means
        .iter_mut()
        .for_each(|lanes| lanes.0 = lanes.0.map(|sum| sum / cells));
    means
}

fn softmax(logits: &[f32]) -> [f32; 3] {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let mut shares = [0.0; 3];
    shares
        .iter_mut()
        .zip(logits)
        .for_each(|(share, logit)| *share = (logit - largest).exp());
    let sum: f32 = shares.iter().sum();
    shares.map(|share| share / sum)
}
