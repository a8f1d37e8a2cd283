//! Pixels on their way into a net's first layer.
#![allow(
    clippy::indexing_slicing,
    reason = "`Image::new` checked the length of the picture"
)]

use zeroize::Zeroize;

use crate::error::NetError;
use crate::filter::Filter;
use crate::kernel::Lanes;
use crate::weights::{Activation, Weights};

/// A copy of the picture for the team to share; wiped when the run is over.
pub(crate) struct Image {
    pixels: Vec<u8>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Image {
    /// Copies `pixels`, which must be of that width, height and number of channels.
    pub(crate) fn new(
        net: &'static str,
        expected: &'static str,
        pixels: &[u8],
        [width, height, channels]: [usize; 3],
    ) -> Result<Image, NetError> {
        let length = width
            .checked_mul(height)
            .and_then(|size| size.checked_mul(channels));
        match length == Some(pixels.len()) && !pixels.is_empty() {
            true => Ok(Image {
                pixels: pixels.to_vec(),
                width,
                height,
            }),
            false => Err(NetError::Input {
                net,
                expected,
                found: format!("{} bytes", pixels.len()),
            }),
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        self.pixels.zeroize();
    }
}

/// The first layer: a 3×3 convolution of stride 2 over the picture.
pub(crate) struct Stem {
    /// Reads from each of three strips the nine (or, in grey, three) values under the kernel.
    pub(crate) filter: Filter,
    channels: usize,
    scale: Scale,
}

/// What the net expects of a pixel: `(value - shift) * factor`, zero outside the picture.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) shift: f32,
    pub(crate) factor: f32,
}

impl Scale {
    /// 0 to 255 as they are.
    pub(crate) const NONE: Scale = Scale {
        shift: 0.0,
        factor: 1.0,
    };
}

/// In which order a net wants the colours of the RGB picture it is given.
#[derive(Clone, Copy)]
pub(crate) enum Colours {
    Rgb,
    Bgr,
    Grey,
}

impl Stem {
    /// The layer `stem.conv`.
    pub(crate) fn new(
        weights: &Weights<'_>,
        outputs: usize,
        colours: Colours,
        scale: Scale,
        activation: Activation,
    ) -> Result<Stem, NetError> {
        let channels = if matches!(colours, Colours::Grey) {
            1
        } else {
            3
        };
        let mut values = weights.tensor("stem.conv.weight", &[outputs, 3, 3, channels])?;
        if matches!(colours, Colours::Bgr) {
            values.chunks_exact_mut(3).for_each(<[f32]>::reverse);
        }
        let bias = weights.tensor("stem.conv.bias", &[outputs])?;
        let slope = weights.slope("stem.conv", outputs, activation)?;
        Ok(Stem {
            filter: Filter::pack(&values, &bias, &slope, vec![3 * channels; 3]),
            channels,
            scale,
        })
    }

    /// Lays out what output row `y` reads: for each row of the kernel a strip of `width / 2` lanes
    /// that begin with the values under it. The lanes' other values are not for reading.
    pub(crate) fn strips(
        &self,
        image: &Image,
        y: usize,
        floats: &mut Vec<f32>,
        strips: &mut [Lanes],
    ) {
        let width = image.width / 2;
        let line = image.width * self.channels;
        // One pixel of padding on the left; on the right as much as the last copy reaches.
        floats.resize(line + self.channels + 16, 0.0);
        for (kernel_row, strip) in strips.chunks_exact_mut(width).take(3).enumerate() {
            match (2 * y + kernel_row)
                .checked_sub(1)
                .filter(|row| *row < image.height)
            {
                None => strip.fill(Lanes::ZERO),
                Some(row) => {
                    let pixels = &image.pixels[row * line..][..line];
                    for (float, pixel) in floats[self.channels..].iter_mut().zip(pixels) {
                        *float = (f32::from(*pixel) - self.scale.shift) * self.scale.factor;
                    }
                    for (lanes, window) in strip
                        .iter_mut()
                        .zip(floats.windows(16).step_by(2 * self.channels))
                    {
                        lanes.0.copy_from_slice(window);
                    }
                }
            }
        }
    }
}
