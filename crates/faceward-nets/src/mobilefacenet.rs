//! MobileFaceNet (Chen et al. 2018, arXiv:1804.07573): who does this face look like?

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::bottleneck::{Bottleneck, Entry};
use crate::error::NetError;
use crate::filter::Depthwise;
use crate::image::{Colours, Image, Scale, Stem};
use crate::map::Map;
use crate::store::Store;
use crate::tail::Tail;
use crate::threads::{Member, Threads};
use crate::weights::{Activation, Weights};

/// Turns an aligned face into 512 numbers that are alike for pictures of one person.
pub struct MobileFaceNet(Arc<Net>);

struct Net {
    entry: Entry,
    blocks: Vec<Bottleneck>,
    tail: Tail,
    store: Arc<Store>,
}

impl MobileFaceNet {
    /// Width and height of the face it takes.
    pub const SIDE: usize = 112;
    /// Numbers it gives.
    pub const DIM: usize = 512;
    /// Cells along each side of its last map.
    pub const CELLS: usize = 7;

    /// The net from `models/mobilefacenet.safetensors`.
    ///
    /// # Errors
    /// [`NetError::Weights`] when the bytes are anything else.
    pub fn from_safetensors(bytes: &[u8]) -> Result<MobileFaceNet, NetError> {
        let weights = Weights::open("mobilefacenet", bytes)?;
        let scale = Scale {
            shift: 127.5,
            factor: 1.0 / 128.0,
        };
        let entry = Entry {
            stem: Stem::new(&weights, 64, Colours::Bgr, scale, Activation::PRelu)?,
            depthwise: Depthwise::new(&weights, "stem.depthwise", 64, 1, Activation::PRelu)?,
            project: None,
        };
        #[rustfmt::skip]
        let table = [
            // [in, hidden, out], stride, times    output
            ([ 64, 128,  64], 2, 1), //            28 × 28
            ([ 64, 128,  64], 1, 4),
            ([ 64, 256, 128], 2, 1), //            14 × 14
            ([128, 256, 128], 1, 6),
            ([128, 512, 128], 2, 1), //             7 × 7
            ([128, 256, 128], 1, 2),
        ];
        let blocks = Bottleneck::sequence(&weights, &table, Activation::PRelu)?;
        let tail = Tail::new(
            &weights,
            Self::CELLS,
            [128, 512, Self::DIM],
            Activation::PRelu,
        )?;
        Ok(MobileFaceNet(Arc::new(Net {
            entry,
            blocks,
            tail,
            store: Arc::default(),
        })))
    }

    /// The embedding of a face aligned to the usual five-point template: 512 values, not
    /// normalised; compare by cosine. `rgb` is interleaved, 112 × 112 × 3.
    ///
    /// # Errors
    /// [`NetError::Input`] when `rgb` has another length.
    pub fn run(&self, rgb: &[u8], threads: &Threads) -> Result<Vec<f32>, NetError> {
        self.to_the_map(rgb, threads, |tail, member, map| tail.run(member, map))
    }

    /// As [`MobileFaceNet::run`], and the last map itself: whatever covers a part of the face shows there.
    ///
    /// # Errors
    /// [`NetError::Input`] when `rgb` has another length.
    pub fn run_seen(&self, rgb: &[u8], threads: &Threads) -> Result<Seen, NetError> {
        self.to_the_map(rgb, threads, |tail, member, map| {
            let (embedding, map) = tail.run_seen(member, map);
            Seen {
                embedding: Zeroizing::new(embedding),
                map: Zeroizing::new(map),
            }
        })
    }

    /// As [`MobileFaceNet::run`], taken apart: after the last map the net is linear, so that the
    /// embedding is exactly the sum over the map's cells and a constant. A cell sees more of the face
    /// than the pixels it stands for.
    ///
    /// # Errors
    /// [`NetError::Input`] when `rgb` has another length.
    pub fn run_apart(&self, rgb: &[u8], threads: &Threads) -> Result<Apart, NetError> {
        self.to_the_map(rgb, threads, |tail, member, map| {
            let (cells, constant) = tail.run_apart(member, map);
            Apart {
                cells: Zeroizing::new(cells),
                constant,
            }
        })
    }

    /// Runs the net up to its last map, and there what is asked for.
    fn to_the_map<T: 'static>(
        &self,
        rgb: &[u8],
        threads: &Threads,
        end: fn(&Tail, &Member, &Map) -> T,
    ) -> Result<T, NetError> {
        let face = Image::new(
            "mobilefacenet",
            "112 × 112 RGB pixels",
            rgb,
            [Self::SIDE, Self::SIDE, 3],
        )?;
        let net = Arc::clone(&self.0);
        Ok(threads.run(&self.0.store, move |member| {
            let map = net.entry.run(member, &face); // 56 × 56
            let map = Bottleneck::run_all(&net.blocks, member, map);
            end(&net.tail, member, &map)
        }))
    }
}

/// An embedding taken apart into what each region of the face adds to it; wiped on drop.
pub struct Apart {
    /// 7 × 7 cells of 16 × 16 pixels, row by row, [`MobileFaceNet::DIM`] values each.
    pub cells: Zeroizing<Vec<f32>>,
    /// What is there whatever the face: [`MobileFaceNet::DIM`] values.
    pub constant: Vec<f32>,
}

/// An embedding and the map it was made of; wiped on drop.
pub struct Seen {
    /// As of [`MobileFaceNet::run`].
    pub embedding: Zeroizing<Vec<f32>>,
    /// 7 × 7 cells of 16 × 16 pixels, row by row, 512 channels each.
    pub map: Zeroizing<Vec<f32>>,
}
