//! Bytes to upright RGB, with limits on bytes and pixels checked before memory is taken.

use std::error::Error;
use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use zeroize::{Zeroize, Zeroizing};

use crate::FaceError;

mod jpeg;
mod moving;
mod sniff;

/// Largest file read, in bytes (64 MiB).
pub const MAX_BYTES: usize = 64 << 20;
/// Most pixels decoded: an 8000×8000 picture, 192 MB of RGB.
pub const MAX_PIXELS: u64 = 64_000_000;
/// Most that is unpacked beside the pixels, in bytes.
const MAX_BESIDE: u64 = 16 << 20;
/// The formats read here, for messages.
pub(crate) const SUPPORTED: &str = "JPEG, PNG, WebP, BMP, GIF, PGM or PPM";

/// An upright picture: 8-bit RGB, rows top to bottom, no padding. Wiped when dropped and never printed.
///
/// The decoders' own working memory is freed by them without being wiped.
pub struct Image {
    width: u32,
    height: u32,
    rgb: Zeroizing<Vec<u8>>,
    notes: Vec<String>,
}

impl Image {
    /// Decodes JPEG (also progressive, grey, CMYK), PNG (also 16-bit, palette, transparent), WebP, BMP, GIF, PGM and
    /// PPM by their content, whatever the file is called.
    ///
    /// The EXIF orientation is applied, 16-bit values are rounded to 8, transparency is laid on white, and of a moving
    /// picture the first frame is taken ([`Image::notes`] says so).
    ///
    /// # Errors
    /// [`FaceError::Empty`], [`FaceError::Truncated`], [`FaceError::Damaged`], [`FaceError::NotAPicture`],
    /// [`FaceError::UnsupportedFormat`], [`FaceError::TooManyBytes`] and [`FaceError::TooManyPixels`].
    pub fn decode(bytes: &[u8]) -> Result<Image, FaceError> {
        if bytes.is_empty() {
            return Err(FaceError::Empty);
        }
        if bytes.len() > MAX_BYTES {
            return Err(FaceError::TooManyBytes { bytes: bytes.len() });
        }
        let (format, name) = sniff::format(bytes)?;
        if format == ImageFormat::Jpeg && !jpeg::is_complete(bytes) {
            return Err(FaceError::Truncated { format: name });
        }
        let (picture, orientation) =
            read(bytes, format).map_err(|failure| failure.told_of(bytes, format, name))?;
        let notes = if moving::has_several_frames(bytes, format) {
            vec![format!("moving {name}: only the first frame is used")]
        } else {
            Vec::new()
        };
        let (width, height) = (picture.width(), picture.height());
        let (width, height, rgb) = upright(flatten(picture), width, height, orientation);
        Ok(Image {
            width,
            height,
            rgb,
            notes,
        })
    }

    /// Takes pixels that are already upright RGB, three bytes each, rows top to bottom.
    ///
    /// # Errors
    /// [`FaceError::BufferLength`] when the length is not `3 · width · height` or a side is zero, and
    /// [`FaceError::TooManyPixels`].
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Result<Image, FaceError> {
        let rgb = Zeroizing::new(rgb);
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MAX_PIXELS {
            return Err(FaceError::TooManyPixels { width, height });
        }
        if pixels == 0 || rgb.len() as u64 != 3 * pixels {
            let bytes = rgb.len();
            return Err(FaceError::BufferLength {
                width,
                height,
                bytes,
            });
        }
        Ok(Image {
            width,
            height,
            rgb,
            notes: Vec::new(),
        })
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

    pub(crate) fn rgb_mut(&mut self) -> &mut [u8] {
        &mut self.rgb
    }

    /// What a person should know about how the file was read, as sentences without a full stop.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Why the decoder stopped.
enum Failure {
    Pixels { width: u32, height: u32 },
    NoPixels,
    Decoder(ImageError),
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        Failure::Decoder(error)
    }
}

impl Failure {
    fn told_of(self, bytes: &[u8], format: ImageFormat, name: &'static str) -> FaceError {
        match self {
            Failure::Pixels { width, height } => FaceError::TooManyPixels { width, height },
            Failure::NoPixels => FaceError::Damaged {
                format: name,
                detail: "its width or height is zero".to_owned(),
            },
            Failure::Decoder(error) if ended_early(&error) || sniff::is_cut(bytes, format) => {
                FaceError::Truncated { format: name }
            }
            Failure::Decoder(error) => FaceError::Damaged {
                format: name,
                detail: innermost(&error),
            },
        }
    }
}

fn read(bytes: &[u8], format: ImageFormat) -> Result<(DynamicImage, Orientation), Failure> {
    let at_most = |bytes| {
        let mut limits = Limits::default();
        limits.max_alloc = Some(bytes);
        limits
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // A PNG's profile and texts are unpacked before its size is known.
    reader.limits(at_most(MAX_BESIDE));
    let mut decoder = reader.into_decoder()?;
    // Sixteen bits and four channels of the largest picture; the pixel count below is the real limit.
    decoder.set_limits(at_most(8 * MAX_PIXELS))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Failure::Pixels { width, height });
    }
    if width == 0 || height == 0 {
        return Err(Failure::NoPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder)?;
    Ok((picture, orientation))
}

fn ended_early(error: &ImageError) -> bool {
    let eof = |io: &std::io::Error| io.kind() == std::io::ErrorKind::UnexpectedEof;
    // `source` of the outermost error passes over an I/O error it holds itself.
    if let ImageError::IoError(io) = error {
        return eof(io);
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.downcast_ref().is_some_and(eof) {
            return true;
        }
        cause = inner.source();
    }
    false
}

fn innermost(error: &ImageError) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text: String = cause
        .to_string()
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    text.trim_end_matches('.').to_owned()
}

/// Eight bits and three channels, transparency laid on white as a viewer shows it; other buffers are wiped.
fn flatten(picture: DynamicImage) -> Zeroizing<Vec<u8>> {
    if let DynamicImage::ImageRgb8(rgb) = picture {
        return Zeroizing::new(rgb.into_raw());
    }
    let rgb = if picture.color().has_alpha() {
        let rgba = Zeroizing::new(picture.to_rgba8().into_raw());
        let on_white = |c: u8, a: u8| {
            let (c, a) = (u32::from(c), u32::from(a));
            // Rounded, and at most 255.
            ((c * a + 255 * (255 - a) + 127) / 255) as u8
        };
        let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
        for pixel in rgba.chunks_exact(4) {
            if let [r, g, b, a] = *pixel {
                rgb.extend([on_white(r, a), on_white(g, a), on_white(b, a)]);
            }
        }
        rgb
    } else {
        picture.to_rgb8().into_raw()
    };
    picture.into_bytes().zeroize();
    Zeroizing::new(rgb)
}

/// Turns the stored pixels so that up is up (EXIF tag 0x0112).
fn upright(
    rgb: Zeroizing<Vec<u8>>,
    width: u32,
    height: u32,
    orientation: Orientation,
) -> (u32, u32, Zeroizing<Vec<u8>>) {
    use Orientation::{
        FlipHorizontal, FlipVertical, NoTransforms, Rotate90, Rotate90FlipH, Rotate180, Rotate270,
        Rotate270FlipH,
    };
    if orientation == NoTransforms {
        return (width, height, rgb);
    }
    let turned = matches!(
        orientation,
        Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH
    );
    let (out_width, out_height) = if turned {
        (height, width)
    } else {
        (width, height)
    };
    let (right, bottom) = (width - 1, height - 1);
    let mut out = Zeroizing::new(Vec::with_capacity(rgb.len()));
    for y in 0..out_height {
        for x in 0..out_width {
            let (from_x, from_y) = match orientation {
                NoTransforms => (x, y),
                FlipHorizontal => (right - x, y),
                Rotate180 => (right - x, bottom - y),
                FlipVertical => (x, bottom - y),
                Rotate90FlipH => (y, x),
                Rotate90 => (y, bottom - x),
                Rotate270FlipH => (right - y, bottom - x),
                Rotate270 => (right - y, x),
            };
            let at = 3 * (from_y as usize * width as usize + from_x as usize);
            out.extend_from_slice(rgb.get(at..at + 3).unwrap_or_default());
        }
    }
    (out_width, out_height, out)
}
