//! Whether a JPEG goes on to its end mark. The decoder fills what is missing with grey, and a face painted over with
//! grey must not be enrolled.

/// Walks the segments (ITU-T T.81, annex B) and the entropy-coded data between them up to the end-of-image mark.
/// Thumbnails inside segments have end marks of their own, which is why the last bytes prove nothing.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let Some(marker) = next_marker(bytes, &mut at) else {
            return false;
        };
        match marker {
            END_OF_IMAGE => return true,
            // Restart marks, and marks without a length.
            0x01 | 0xd0..=0xd8 => {}
            _ => match length(bytes, at) {
                Some(length) => at += length,
                None => return false,
            },
        }
    }
}

const END_OF_IMAGE: u8 = 0xd9;

/// The next marker at or after `at`, which is left behind it. Coded data in between are skipped: in them 0xff is
/// always followed by 0 or a restart mark.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let rest = bytes.get(*at..)?;
        let skipped = rest.iter().position(|&byte| byte == 0xff)?;
        *at += skipped + 1;
        match bytes.get(*at)? {
            // Fill bytes: the mark may still follow.
            0xff => {}
            0 => *at += 1,
            &marker => {
                *at += 1;
                return Some(marker);
            }
        }
    }
}

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    let field = bytes.get(at..at + 2)?;
    let length = usize::from(u16::from_be_bytes(field.try_into().ok()?));
    (length >= 2).then_some(length)
}
