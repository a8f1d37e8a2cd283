//! What bytes seem to be, by their first bytes and never by a file name.

use image::ImageFormat;

use crate::FaceError;

/// The format to decode and its name, or the error that says what the bytes seem to be instead.
pub(super) fn format(bytes: &[u8]) -> Result<(ImageFormat, &'static str), FaceError> {
    for (start, format, name) in READ {
        if bytes.starts_with(start) {
            return Ok((*format, name));
        }
    }
    if is_riff(bytes, b"WEBP") {
        return Ok((ImageFormat::WebP, "WebP"));
    }
    if let Some(format) = unread_picture(bytes) {
        return Err(FaceError::UnsupportedFormat { format });
    }
    // The magic numbers above are at most three bytes; a shorter start of one is a picture cut off at once.
    if bytes.len() < 3 && READ.iter().any(|(start, ..)| start.starts_with(bytes)) {
        return Err(FaceError::Truncated { format: "picture" });
    }
    Err(FaceError::NotAPicture {
        seems: something_else(bytes),
    })
}

/// Whether the data end before the format's own end mark or stated length.
pub(super) fn is_cut(bytes: &[u8], format: ImageFormat) -> bool {
    let stated = |at: usize| {
        let field = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes(field.try_into().ok()?) as usize)
    };
    match format {
        ImageFormat::Png => !bytes.windows(4).any(|chunk| chunk == b"IEND"),
        ImageFormat::Gif => bytes.last() != Some(&0x3b),
        ImageFormat::WebP => stated(4).is_none_or(|size| bytes.len() < size.saturating_add(8)),
        ImageFormat::Bmp => stated(2).is_none_or(|size| bytes.len() < size),
        _ => false,
    }
}

const READ: &[(&[u8], ImageFormat, &str)] = &[
    (b"\xff\xd8\xff", ImageFormat::Jpeg, "JPEG"),
    (b"\x89PN", ImageFormat::Png, "PNG"),
    (b"GIF8", ImageFormat::Gif, "GIF"),
    (b"BM", ImageFormat::Bmp, "BMP"),
    (b"P1", ImageFormat::Pnm, "PBM"),
    (b"P2", ImageFormat::Pnm, "PGM"),
    (b"P3", ImageFormat::Pnm, "PPM"),
    (b"P4", ImageFormat::Pnm, "PBM"),
    (b"P5", ImageFormat::Pnm, "PGM"),
    (b"P6", ImageFormat::Pnm, "PPM"),
];

fn unread_picture(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: &[(&[u8], &str)] = &[
        (b"II*\0", "a TIFF or camera raw picture"),
        (b"MM\0*", "a TIFF or camera raw picture"),
        (b"8BPS", "a Photoshop document"),
        (b"\xff\x0a", "a JPEG XL picture"),
        (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
        (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
        (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
        (b"\0\0\x01\0", "a Windows icon"),
        (b"qoif", "a QOI picture"),
        (b"P7", "a PAM picture"),
        (b"PF", "a PFM picture"),
    ];
    let by_start = STARTS.iter().find(|(start, _)| bytes.starts_with(start));
    if let Some((_, name)) = by_start {
        return Some(name);
    }
    match bytes.get(4..12)? {
        b"ftypheic" | b"ftypheix" | b"ftypheim" | b"ftypmif1" | b"ftypmsf1" => {
            Some("a HEIC picture, as iPhones take them")
        }
        b"ftypavif" | b"ftypavis" => Some("an AVIF picture"),
        _ if contains_early(bytes, b"<svg") => Some("an SVG drawing"),
        _ => None,
    }
}

fn something_else(bytes: &[u8]) -> &'static str {
    const STARTS: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"\x7fELF", "a program"),
        (b"MZ", "a program"),
        (b"ID3", "a sound file"),
        (b"OggS", "a sound or video file"),
        (b"\x1a\x45\xdf\xa3", "a video"),
        (b"SQLite format 3\0", "a database"),
    ];
    let by_start = STARTS.iter().find(|(start, _)| bytes.starts_with(start));
    if let Some((_, name)) = by_start {
        return name;
    }
    if bytes.get(4..8) == Some(b"ftyp") || is_riff(bytes, b"AVI ") {
        return "a video";
    }
    if is_riff(bytes, b"WAVE") {
        return "a sound file";
    }
    if contains_early(bytes, b"<html") || contains_early(bytes, b"<!doctype html") {
        return "a web page";
    }
    if is_text(bytes) {
        return "text";
    }
    "data of no known kind"
}

fn is_riff(bytes: &[u8], kind: &[u8; 4]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(kind)
}

fn contains_early(bytes: &[u8], word: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(512)).unwrap_or(bytes);
    start
        .windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}

fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(512)).unwrap_or(bytes);
    let readable = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The cut at 512 bytes may fall inside a character; three bytes of it at most are lost.
        Err(error) if start.len() - error.valid_up_to() < 4 => {
            let whole = start.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    readable
        .chars()
        .all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}
