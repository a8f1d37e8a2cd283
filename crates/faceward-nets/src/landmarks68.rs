//! 68 landmarks in the order of the iBUG 300-W annotation: where are the parts of this face?

use std::sync::Arc;

use crate::bottleneck::{Bottleneck, Entry};
use crate::error::NetError;
use crate::filter::Depthwise;
use crate::image::{Colours, Image, Scale, Stem};
use crate::store::Store;
use crate::tail::Tail;
use crate::threads::{Member, Threads};
use crate::weights::{Activation, Weights};

/// Finds jaw, brows, nose, eyes and mouth in the crop a detector's box gives.
pub struct Landmarks68(Net);

struct Net {
    entry: Entry,
    blocks: Vec<Bottleneck>,
    tail: Tail,
    store: Arc<Store>,
}

impl Landmarks68 {
    /// Width and height of the crop it takes.
    pub const SIDE: usize = 64;

    /// The net from `models/landmarks68.safetensors`.
    ///
    /// # Errors
    /// [`NetError::Weights`] when the bytes are anything else.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Landmarks68, NetError> {
        let weights = Weights::open("landmarks68", bytes)?;
        let scale = Scale {
            shift: 0.0,
            factor: 1.0 / 256.0,
        };
        let entry = Entry {
            stem: Stem::new(&weights, 32, Colours::Grey, scale, Activation::Relu)?,
            depthwise: Depthwise::new(&weights, "stem.depthwise", 32, 1, Activation::Relu)?,
            project: None,
        };
        #[rustfmt::skip]
        let table = [
            // [in, hidden, out], stride, times    output
            ([32,  64, 32], 2, 1), //              16 × 16
            ([32,  64, 32], 1, 3),
            ([32, 128, 64], 2, 1), //               8 × 8
            ([64, 128, 64], 1, 4),
            ([64, 256, 64], 2, 1), //               4 × 4
            ([64, 128, 64], 1, 2),
        ];
        let blocks = Bottleneck::sequence(&weights, &table, Activation::Relu)?;
        let tail = Tail::new(&weights, 4, [64, 512, 2 * 68], Activation::Relu)?;
        Ok(Landmarks68(Net {
            entry,
            blocks,
            tail,
            store: Arc::default(),
        }))
    }

    /// The points as x, y in parts of the crop, 0 to 1 when inside it. `grey` is 64 × 64. Runs on
    /// the caller's thread alone: a fifth of a millisecond is not worth sharing.
    ///
    /// # Errors
    /// [`NetError::Input`] when `grey` has another length.
    pub fn run(&self, grey: &[u8], threads: &Threads) -> Result<[[f32; 2]; 68], NetError> {
        let face = Image::new(
            "landmarks68",
            "64 × 64 grey pixels",
            grey,
            [Self::SIDE, Self::SIDE, 1],
        )?;
        let values = threads.run_alone(&self.0.store, |member| self.0.locate(member, &face));
        let mut points = [[0.0; 2]; 68];
        points
            .iter_mut()
            .zip(values.as_chunks().0)
            .for_each(|(point, xy)| *point = *xy);
        Ok(points)
    }
}

impl Net {
    fn locate(&self, member: &Member, face: &Image) -> Vec<f32> {
        let map = self.entry.run(member, face); // 32 × 32
        let map = Bottleneck::run_all(&self.blocks, member, map);
        self.tail.run(member, &map)
    }
}
