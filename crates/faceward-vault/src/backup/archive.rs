//! Inside the chunks: files, one after the other. Each is the length of its name (16 bits), the
//! name, the length of the file (64 bits), the file; numbers are little-endian. A name without
//! length ends the list.

use std::io::{self, Read, Write};
use std::path::{Component, Path};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::stream::invalid;

/// Of a file in the list: its name, its length, the SHA-256 of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) length: u64,
    pub(super) sha256: [u8; 32],
}

/// Adds a file of this length to the list.
pub(super) fn put(
    out: &mut impl Write,
    name: &str,
    length: u64,
    from: &mut impl Read,
    moved: &mut dyn FnMut(u64),
) -> io::Result<Listed> {
    let name_length = u16::try_from(name.len()).map_err(|_| invalid("a name in it is too long"))?;
    out.write_all(&name_length.to_le_bytes())?;
    out.write_all(name.as_bytes())?;
    out.write_all(&length.to_le_bytes())?;
    let sha256 = copy(from, length, out, moved)?;
    Ok(Listed {
        name: name.to_owned(),
        length,
        sha256,
    })
}

/// Ends the list.
pub(super) fn end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0, 0])
}

/// Gives each file to `take`, with its length, and reads past the end, so that what is cut off or
/// added there is found. `take` must write all of it into what it returns.
pub(super) fn each<W: Write>(
    input: &mut impl Read,
    moved: &mut dyn FnMut(u64),
    mut open: impl FnMut(&str, u64) -> io::Result<W>,
    mut close: impl FnMut(&str, W) -> io::Result<()>,
) -> io::Result<Vec<Listed>> {
    let mut listed: Vec<Listed> = Vec::new();
    loop {
        let mut length = [0; 2];
        input.read_exact(&mut length)?;
        let mut name = vec![0; u16::from_le_bytes(length).into()];
        if name.is_empty() {
            break;
        }
        input.read_exact(&mut name)?;
        let name = String::from_utf8(name)
            .ok()
            .filter(|name| stays_inside(name));
        let name =
            name.ok_or_else(|| invalid("it names a file that would lie outside of the ward"))?;
        if listed.iter().any(|file| file.name == name) {
            return Err(invalid("it holds two files of one name"));
        }
        let mut length = [0; 8];
        input.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let mut out = open(&name, length)?;
        let sha256 = copy(input, length, &mut out, moved)?;
        close(&name, out)?;
        listed.push(Listed {
            name,
            length,
            sha256,
        });
    }
    match input.read(&mut [0])? {
        0 => Ok(listed),
        _ => Err(invalid("it goes on after its end")),
    }
}

/// Whether a relative path leads nowhere else, on any system.
pub(super) fn stays_inside(name: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    !name.is_empty() && !name.contains(['\\', '\0', ':']) && Path::new(name).components().all(plain)
}

/// Copies exactly so many bytes through a buffer that is wiped.
fn copy(
    from: &mut impl Read,
    length: u64,
    to: &mut impl Write,
    moved: &mut dyn FnMut(u64),
) -> io::Result<[u8; 32]> {
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    let mut digest = Sha256::new();
    let mut left = length;
    while left > 0 {
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let space = buffer.get_mut(..most).unwrap_or_default();
        let read = from.read(space)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let bytes = space.get(..read).unwrap_or_default();
        digest.update(bytes);
        to.write_all(bytes)?;
        left -= read as u64;
        moved(read as u64);
    }
    Ok(digest.finalize().into())
}
