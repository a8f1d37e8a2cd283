//! Whether a picture moves, so that the person is told that only its first frame was looked at.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, ImageFormat};

/// True for a GIF, PNG or WebP with more than one frame. Called only after the first frame has been decoded within
/// the limits.
pub(super) fn has_several_frames(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Gif => GifDecoder::new(Cursor::new(bytes))
            .is_ok_and(|decoder| decoder.into_frames().take(2).flatten().count() == 2),
        // The animation control chunk must stand before the first image data.
        ImageFormat::Png => {
            let chunk = bytes
                .windows(4)
                .find(|name| matches!(*name, b"acTL" | b"IDAT"));
            chunk == Some(b"acTL")
        }
        // Extended header, animation flag (WebP container specification).
        ImageFormat::WebP => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|f| f & 0x02 != 0)
        }
        _ => false,
    }
}
