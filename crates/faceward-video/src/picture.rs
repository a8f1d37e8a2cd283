//! One picture: upright 8-bit RGB, decoded and encoded within limits.

use std::error::Error;
use std::io::{Cursor, ErrorKind};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits,
};
use zeroize::Zeroizing;

use crate::error::Broken;

/// Most pixels a frame may have: 4096×4096, so 4K film passes and 8K does not.
pub const MAX_PIXELS: u64 = 16_777_216;

/// The pixels of a frame: 8-bit RGB, rows top to bottom, no padding. Wiped when dropped and never printed.
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Zeroizing<Vec<u8>>,
}

impl Picture {
    /// Takes pixels, three bytes each; nothing where the sides are zero, too large, or do not fit the length.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let rgb = Zeroizing::new(rgb);
        let pixels = u64::from(width) * u64::from(height);
        let fits = pixels > 0 && pixels <= MAX_PIXELS && rgb.len() as u64 == 3 * pixels;
        fits.then_some(Self { width, height, rgb })
    }

    /// Pixels across, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels: `3 · width · height` bytes.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The pixels, which are the caller's to wipe now.
    pub fn into_rgb(mut self) -> Vec<u8> {
        std::mem::take(&mut *self.rgb)
    }

    /// Decodes one picture file in memory.
    pub(crate) fn decode(bytes: &[u8], format: ImageFormat) -> Result<Self, Broken> {
        let mut limits = Limits::default();
        limits.max_alloc = Some(8 * MAX_PIXELS);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(broken)?;
        let (width, height) = decoder.dimensions();
        within_limit(width, height)?;
        let orientation = decoder.orientation().ok();
        let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
        if let Some(orientation) = orientation {
            picture.apply_orientation(orientation);
        }
        let (width, height) = (picture.width(), picture.height());
        Self::new(width, height, picture.into_rgb8().into_raw())
            .ok_or_else(|| Broken::damaged("its width or height is zero"))
    }

    /// As a JPEG of this quality, 1 to 100. Nothing but the pixels is in it.
    pub(crate) fn jpeg(&self, quality: u8) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        self.write(encoder)?;
        Ok(bytes)
    }

    /// As a PNG. Nothing but the pixels is in it.
    pub(crate) fn png(&self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.write(PngEncoder::new(&mut bytes))?;
        Ok(bytes)
    }

    fn write(&self, encoder: impl ImageEncoder) -> Result<(), String> {
        let kind = ExtendedColorType::Rgb8;
        let written = encoder.write_image(&self.rgb, self.width, self.height, kind);
        written.map_err(|error| error.to_string())
    }
}

/// Refuses frames over the limit before memory is taken for them.
pub(crate) fn within_limit(width: u32, height: u32) -> Result<(), Broken> {
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(Broken::damaged("its width or height is zero")),
        _ if pixels > MAX_PIXELS => Err(Broken::TooManyPixels(width, height)),
        _ => Ok(()),
    }
}

fn broken(error: ImageError) -> Broken {
    let mut cause: Option<&dyn Error> = Some(&error);
    let mut said = String::new();
    while let Some(inner) = cause {
        let io = inner.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == ErrorKind::UnexpectedEof) {
            return Broken::Cut;
        }
        said = inner.to_string();
        cause = inner.source();
    }
    Broken::Damaged(one_line(&said))
}

/// What another program or library said, fit for the middle of a sentence.
pub(crate) fn one_line(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control()).take(160);
    let plain: String = plain.collect();
    plain.trim().trim_end_matches('.').to_owned()
}
