//! What a file is, by its first bytes.

use image::ImageFormat;

/// Who decodes it.
pub(crate) enum Kind {
    Avi,
    Gif,
    Y4m,
    Picture(ImageFormat),
    /// A film for ffmpeg, and what it seems to be.
    Other(&'static str),
    /// Nothing that ffmpeg would help with.
    No(&'static str),
    /// No idea: ffmpeg may know.
    Unknown,
}

/// Bytes that are enough to tell.
pub(crate) const HEAD: usize = 16;

pub(crate) fn kind(head: &[u8]) -> Kind {
    let starts = |bytes: &[u8]| head.starts_with(bytes);
    let at = |from: usize, bytes: &[u8]| head.get(from..).is_some_and(|h| h.starts_with(bytes));
    if head.is_empty() {
        return Kind::No("an empty file");
    }
    match () {
        () if starts(b"RIFF") && at(8, b"AVI ") => Kind::Avi,
        () if starts(b"GIF8") => Kind::Gif,
        () if starts(b"YUV4MPEG2") => Kind::Y4m,
        () if starts(b"\xff\xd8\xff") => Kind::Picture(ImageFormat::Jpeg),
        () if starts(b"\x89PNG\r\n\x1a\n") => Kind::Picture(ImageFormat::Png),
        () if starts(b"RIFF") && at(8, b"WEBP") => Kind::Picture(ImageFormat::WebP),
        () if starts(b"BM") => Kind::Picture(ImageFormat::Bmp),
        () if starts(b"P5") || starts(b"P6") => Kind::Picture(ImageFormat::Pnm),
        () if at(4, b"ftyp") => Kind::Other("this MP4"),
        () if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") => {
            Kind::Other("this QuickTime film")
        }
        () if starts(b"\x1a\x45\xdf\xa3") => Kind::Other("this Matroska or WebM film"),
        () if starts(b"\x00\x00\x01\xba") || starts(b"\x00\x00\x01\xb3") => {
            Kind::Other("this MPEG film")
        }
        () if starts(b"FLV") => Kind::Other("this Flash film"),
        () if starts(b"OggS") => Kind::Other("this Ogg film"),
        () if starts(b"\x30\x26\xb2\x75") => Kind::Other("this Windows Media film"),
        () if starts(b"RIFF") && at(8, b"WAVE") => Kind::No("a sound recording"),
        () if starts(b"ID3") || starts(b"fLaC") => Kind::No("a sound recording"),
        () if starts(b"%PDF") => Kind::No("a PDF document"),
        () if starts(b"PK\x03\x04") => Kind::No("a ZIP archive"),
        () if head
            .iter()
            .all(|b| matches!(b, b'\t' | b'\n' | b'\r' | 32..=126)) =>
        {
            Kind::No("a text")
        }
        () => Kind::Unknown,
    }
}
