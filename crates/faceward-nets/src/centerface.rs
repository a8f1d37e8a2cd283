//! CenterFace (Xu et al. 2019, arXiv:1911.03599): where in this picture are faces?
#![allow(
    clippy::indexing_slicing,
    reason = "all offsets derive from the sizes the buffers were taken with"
)]

use std::sync::Arc;

use crate::bottleneck::{Bottleneck, Entry};
use crate::error::NetError;
use crate::filter::{Depthwise, Filter, Source, Target};
use crate::image::{Colours, Image, Scale, Stem};
use crate::kernel::Lanes;
use crate::map::{Map, Size};
use crate::neck::Upsample;
use crate::store::Store;
use crate::threads::{Member, Threads};
use crate::weights::{Activation, Weights};

/// Finds faces and five landmarks of each, as maps over the picture.
pub struct CenterFace(Arc<Net>);

struct Net {
    entry: Entry,
    /// The backbone, cut where the neck reads it: the last map of each is as many times smaller
    /// than the picture as the name says.
    by4: Vec<Bottleneck>,
    by8: Vec<Bottleneck>,
    by16: Vec<Bottleneck>,
    by32: Vec<Bottleneck>,
    top: Filter,
    up16: Upsample,
    up8: Upsample,
    up4: Upsample,
    head: Head,
    store: Arc<Store>,
}

/// What CenterFace says of each cell, four pixels wide and high, row by row.
///
/// A face lies where `heat` has a high local maximum. Its box is `exp(scale) · 4` pixels in size
/// around `(cell + offset + 0.5) · 4`; a landmark lies at `value · size` from the box's corner.
#[derive(Clone, PartialEq)]
pub struct CenterFaceMaps {
    /// Cells in a row: a quarter of the picture's width.
    pub width: usize,
    /// Cells in a column: a quarter of the picture's height.
    pub height: usize,
    /// How likely the cell is a face's centre, 0 to 1.
    pub heat: Vec<f32>,
    /// Logarithm of height, then of width.
    pub scale: [Vec<f32>; 2],
    /// Of the centre within the cell: y, then x.
    pub offset: [Vec<f32>; 2],
    /// Five pairs y, x: eye, eye, tip of the nose, corner, corner of the mouth, left in the picture
    /// first.
    pub landmarks: [Vec<f32>; 10],
}

impl CenterFace {
    /// The net from `models/centerface.safetensors`.
    ///
    /// # Errors
    /// [`NetError::Weights`] when the bytes are anything else.
    pub fn from_safetensors(bytes: &[u8]) -> Result<CenterFace, NetError> {
        let weights = Weights::open("centerface", bytes)?;
        let entry = Entry {
            stem: Stem::new(&weights, 32, Colours::Rgb, Scale::NONE, Activation::Relu)?,
            depthwise: Depthwise::new(&weights, "stem.depthwise", 32, 1, Activation::Relu)?,
            project: Some(Filter::pointwise(
                &weights,
                "stem.project",
                32,
                16,
                Activation::Linear,
            )?),
        };
        #[rustfmt::skip]
        let table = [
            // [in, hidden, out], stride, times     output is the picture's size by
            ([ 16,  96,  24], 2, 1), //             4
            ([ 24, 144,  24], 1, 1),
            ([ 24, 144,  32], 2, 1), //             8
            ([ 32, 192,  32], 1, 2),
            ([ 32, 192,  64], 2, 1), //            16
            ([ 64, 384,  64], 1, 3),
            ([ 64, 384,  96], 1, 1),
            ([ 96, 576,  96], 1, 2),
            ([ 96, 576, 160], 2, 1), //            32
            ([160, 960, 160], 1, 2),
            ([160, 960, 320], 1, 1),
        ];
        let mut blocks = Bottleneck::sequence(&weights, &table, Activation::Relu)?.into_iter();
        let mut next = |count| blocks.by_ref().take(count).collect();
        Ok(CenterFace(Arc::new(Net {
            entry,
            by4: next(2),
            by8: next(3),
            by16: next(7),
            by32: next(4),
            top: Filter::pointwise(&weights, "neck.top", 320, 24, Activation::Relu)?,
            up16: Upsample::new(&weights, 1, 96)?,
            up8: Upsample::new(&weights, 2, 32)?,
            up4: Upsample::new(&weights, 3, 24)?,
            head: Head::new(&weights)?,
            store: Arc::default(),
        })))
    }

    /// The maps of a picture. `rgb` is interleaved, `width × height × 3`; width and height are
    /// multiples of 32 (pad with black on the right and below). Takes about 45 bytes of memory for
    /// each pixel, kept for the next picture.
    ///
    /// # Errors
    /// [`NetError::Input`] when the sizes are not as said.
    pub fn run(
        &self,
        rgb: &[u8],
        width: usize,
        height: usize,
        threads: &Threads,
    ) -> Result<CenterFaceMaps, NetError> {
        let expected = "RGB pixels of a picture whose width and height are multiples of 32";
        if !width.is_multiple_of(32) || !height.is_multiple_of(32) {
            return Err(NetError::Input {
                net: "centerface",
                expected,
                found: format!("{width} × {height}"),
            });
        }
        let picture = Image::new("centerface", expected, rgb, [width, height, 3])?;
        let net = Arc::clone(&self.0);
        Ok(threads.run(&self.0.store, move |member| {
            let map = net.detect(member, &picture);
            // Only the caller's own answer is used.
            CenterFaceMaps::new(member.leads().then_some(&*map))
        }))
    }
}

impl Net {
    fn detect(&self, member: &Member, picture: &Image) -> Arc<Map> {
        let by2 = self.entry.run(member, picture);
        let by4 = Bottleneck::run_all(&self.by4, member, by2);
        let by8 = Bottleneck::run_all(&self.by8, member, Arc::clone(&by4));
        let by16 = Bottleneck::run_all(&self.by16, member, Arc::clone(&by8));
        let by32 = Bottleneck::run_all(&self.by32, member, Arc::clone(&by16));
        let top = self.top.run(member, &by32);
        let neck = self.up16.run(member, &top, &by16);
        let neck = self.up8.run(member, &neck, &by8);
        let neck = self.up4.run(member, &neck, &by4);
        self.head.run(member, &neck)
    }
}

/// A 3×3 convolution, then all four outputs at once: heat, scale, offset, landmarks.
struct Head {
    conv: Filter,
    maps: Filter,
}

impl Head {
    fn new(weights: &Weights<'_>) -> Result<Head, NetError> {
        Ok(Head {
            conv: Filter::full3x3(weights, "head.conv", 24, 24, Activation::Relu)?,
            maps: Filter::pointwise(weights, "head.maps", 24, 15, Activation::Linear)?,
        })
    }

    fn run(&self, member: &Member, input: &Map) -> Arc<Map> {
        let Size {
            height,
            width,
            blocks,
        } = input.size;
        let padded = width + 2;
        // Three rows of the input with zeros around them, row `y` of the padded map in place `y % 3`.
        let line = blocks * padded;
        let mut window = member.buffer(3 * line);
        let conv_taps = [0, 1, 2].map(|first| {
            let kernel = (0..3).flat_map(|row| (0..3).map(move |column| (row, column)));
            let pixels = kernel.map(|(row, column)| (first + row) % 3 * line + column);
            self.conv
                .taps(pixels.flat_map(|pixel| (0..blocks).map(move |block| pixel + block * padded)))
        });
        let map_taps = self.maps.taps_apart(width);
        let strip_size = Size {
            height: 1,
            width,
            blocks: self.conv.blocks(),
        };
        let mut strip = member.buffer(strip_size.row());

        let size = Size {
            blocks: self.maps.blocks(),
            ..input.size
        };
        let share = member.share(height);
        let mut output = member.buffer(share.len() * size.row());
        let mut filled = share.start;
        for (y, target) in share.zip(output.chunks_exact_mut(size.row())) {
            while filled < y + 3 {
                let row = filled
                    .checked_sub(1)
                    .filter(|y| *y < height)
                    .map(|y| input.row(y));
                pad(row, width, &mut window[filled % 3 * line..][..line]);
                filled += 1;
            }
            let source = Source::row(&window, width);
            self.conv.apply(
                member,
                &conv_taps[y % 3],
                source,
                Target::rows(&mut strip, strip_size),
            );
            self.maps.apply(
                member,
                &map_taps,
                Source::row(&strip, width),
                Target::rows(target, size),
            );
        }
        member.gather(size, output)
    }
}

/// Copies a row with a zero before and after each block; zeros where there is no row.
fn pad(row: Option<&[Lanes]>, width: usize, padded: &mut [Lanes]) {
    padded.fill(Lanes::ZERO);
    let blocks = row.into_iter().flat_map(|row| row.chunks_exact(width));
    for (padded, block) in padded.chunks_exact_mut(width + 2).zip(blocks) {
        padded[1..=width].copy_from_slice(block);
    }
}

impl CenterFaceMaps {
    /// From the head's fifteen channels, or empty.
    fn new(map: Option<&Map>) -> CenterFaceMaps {
        let (width, height) = map.map_or((0, 0), |map| (map.size.width, map.size.height));
        let channel = |channel: usize| -> Vec<f32> {
            let rows = map
                .into_iter()
                .flat_map(|map| (0..height).map(|y| map.row(y)));
            rows.flatten().map(|lanes| lanes.0[channel]).collect()
        };
        CenterFaceMaps {
            width,
            height,
            heat: channel(0)
                .into_iter()
                .map(|value| 1.0 / (1.0 + (-value).exp()))
                .collect(),
            scale: [channel(1), channel(2)],
            offset: [channel(3), channel(4)],
            landmarks: std::array::from_fn(|number| channel(5 + number)),
        }
    }
}
