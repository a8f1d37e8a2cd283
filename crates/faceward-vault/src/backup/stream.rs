//! One file of a backup: a header in the clear, then chunks under a passphrase.
//!
//! | bytes | what |
//! |---|---|
//! | 16 | `faceward-backup` and a newline |
//! | 1 | version: 1 |
//! | 1 | which part: 1 data, 2 keys |
//! | 12 | cost of Argon2id: KiB, passes, lanes (32 bits each, little-endian) |
//! | 16 | salt of Argon2id |
//! | 16 | random, the same in the two files of one backup |
//! | 19 | where the nonces begin |
//! | 32 | commitment of the key, so that a wrong passphrase is told from a changed file |
//!
//! The chunks are the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over
//! XChaCha20-Poly1305: 64 KiB each, the last one shorter or as long, the nonce ending in the number
//! of the chunk (32 bits, big-endian) and a byte that is 1 for the last. Each is bound to the whole header.

use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::VaultError;
use crate::keys::{COST, stretch};
use crate::seal::SealKey;

/// Which of the two files of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Database and settings.
    Data = 1,
    /// What opens them.
    Keys = 2,
}

const MAGIC: &[u8; 16] = b"faceward-backup\n";
const VERSION: u8 = 1;
const HEADER: usize = 113;
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

/// What chance gives to a file; fixed in tests alone.
pub(super) struct Chance {
    pub(super) salt: [u8; 16],
    pub(super) prefix: [u8; 19],
}

impl Chance {
    pub(super) fn random() -> Result<Self, VaultError> {
        let (mut salt, mut prefix) = ([0; 16], [0; 19]);
        getrandom::fill(&mut salt)?;
        getrandom::fill(&mut prefix)?;
        Ok(Self { salt, prefix })
    }
}

/// Seals and opens the chunks of one file, in order.
struct Chunks {
    cipher: XChaCha20Poly1305,
    header: [u8; HEADER],
    prefix: [u8; 19],
    number: u32,
}

impl Chunks {
    fn next_nonce(&mut self, last: bool) -> io::Result<XNonce> {
        let mut nonce = [0; 24];
        let number = self.number.to_be_bytes();
        let parts = self.prefix.iter().chain(&number);
        nonce
            .iter_mut()
            .zip(parts)
            .for_each(|(to, from)| *to = *from);
        if let Some(flag) = nonce.last_mut() {
            *flag = u8::from(last);
        }
        let next = self.number.checked_add(1);
        self.number = next.ok_or_else(|| invalid("it is longer than a backup can be"))?;
        Ok(nonce.into())
    }

    fn seal(&mut self, plain: &[u8], last: bool) -> io::Result<Vec<u8>> {
        let nonce = self.next_nonce(last)?;
        let payload = Payload {
            msg: plain,
            aad: &self.header,
        };
        let sealed = self.cipher.encrypt(&nonce, payload);
        sealed.map_err(|_| invalid("it could not be sealed"))
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> io::Result<Zeroizing<Vec<u8>>> {
        let nonce = self.next_nonce(last)?;
        let payload = Payload {
            msg: sealed,
            aad: &self.header,
        };
        let plain = self.cipher.decrypt(&nonce, payload).map(Zeroizing::new);
        plain.map_err(|_| {
            invalid("it was changed, cut short or put together of other files; use another copy")
        })
    }
}

/// Takes clear bytes and writes a sealed file.
pub(super) struct Sealer<W> {
    out: W,
    chunks: Chunks,
    held: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealer<W> {
    pub(super) fn begin(
        mut out: W,
        part: Part,
        phrase: &str,
        pair: [u8; 16],
        chance: &Chance,
    ) -> Result<Self, VaultError> {
        let key = stretch(phrase, &chance.salt)?;
        let header = header(part, pair, chance, &key);
        out.write_all(&header).map_err(|error| VaultError::File {
            path: "the backup".into(),
            error,
        })?;
        Ok(Self {
            out,
            chunks: Chunks {
                cipher: cipher(&key),
                header,
                prefix: chance.prefix,
                number: 0,
            },
            held: Zeroizing::new(Vec::with_capacity(CHUNK)),
        })
    }

    /// Seals what is left as the last chunk.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let sealed = self.chunks.seal(&self.held, true)?;
        self.out.write_all(&sealed)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only once more comes is it sure that a full chunk is not the last.
        if self.held.len() == CHUNK && !bytes.is_empty() {
            let sealed = self.chunks.seal(&self.held, false)?;
            self.out.write_all(&sealed)?;
            self.held.clear();
        }
        let taken = bytes.len().min(CHUNK - self.held.len());
        self.held.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a sealed file and gives clear bytes, none of which were changed; that nothing is missing at
/// the end is known once it has been read to the end.
pub(super) struct Opener<R> {
    input: R,
    chunks: Chunks,
    pub(super) pair: [u8; 16],
    /// The sealed chunk to come; empty after the last.
    ahead: Vec<u8>,
    clear: Zeroizing<Vec<u8>>,
    given: usize,
}

impl<R: Read> Opener<R> {
    /// Reads the header of this part and tries the passphrase.
    ///
    /// # Errors
    /// [`VaultError::NotABackup`], [`VaultError::BackupPassphrase`].
    pub(super) fn begin(
        mut input: R,
        path: &Path,
        part: Part,
        phrase: &str,
    ) -> Result<Self, VaultError> {
        let mut bytes = [0; HEADER];
        let read = input.read_exact(&mut bytes);
        read.map_err(|error| fault(path, error))?;
        let known = Header::read(&bytes, part).map_err(|why| VaultError::NotABackup {
            path: path.to_owned(),
            why,
        })?;
        let wrong = || VaultError::BackupPassphrase(path.to_owned());
        let key = stretch(phrase, &known.chance.salt).map_err(|_| wrong())?;
        if !bool::from(key.commitment().ct_eq(&known.commitment)) {
            return Err(wrong());
        }
        let mut opener = Self {
            input,
            chunks: Chunks {
                cipher: cipher(&key),
                header: bytes,
                prefix: known.chance.prefix,
                number: 0,
            },
            pair: known.pair,
            ahead: Vec::new(),
            clear: Zeroizing::default(),
            given: 0,
        };
        opener.ahead = opener.read_chunk().map_err(|error| fault(path, error))?;
        Ok(opener)
    }

    fn read_chunk(&mut self) -> io::Result<Vec<u8>> {
        let mut chunk = Vec::with_capacity(CHUNK + TAG);
        let most = (CHUNK + TAG) as u64;
        self.input.by_ref().take(most).read_to_end(&mut chunk)?;
        Ok(chunk)
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        // A last chunk may be empty, hence not `if`.
        while self.given == self.clear.len() {
            if self.ahead.is_empty() {
                // Cut off right behind the header, a file would seem to have no chunk at all.
                return match self.chunks.number {
                    0 => Err(invalid("it ends too early; use another copy")),
                    _ => Ok(0),
                };
            }
            let next = self.read_chunk()?;
            self.clear = self.chunks.open(&self.ahead, next.is_empty())?;
            (self.ahead, self.given) = (next, 0);
        }
        let rest = self.clear.get(self.given..).unwrap_or_default();
        let taken = rest.len().min(to.len());
        to.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.given += taken;
        Ok(taken)
    }
}

struct Header {
    chance: Chance,
    pair: [u8; 16],
    commitment: [u8; 32],
}

impl Header {
    fn read(bytes: &[u8; HEADER], asked: Part) -> Result<Self, &'static str> {
        let mut rest = bytes.as_slice();
        if &take(&mut rest) != MAGIC {
            return Err("it is no backup made by faceward");
        }
        let [version, part] = take(&mut rest);
        if version != VERSION {
            return Err("it was made by a newer version; use a newer faceward");
        }
        match (part, asked) {
            (1, Part::Data) | (2, Part::Keys) => {}
            (1, Part::Keys) => {
                return Err("this is the file of the data; the keys lie in the other, *.keys.fwb");
            }
            (2, Part::Data) => {
                return Err("this is the file of the keys; the data lie in the other, *.data.fwb");
            }
            _ => return Err("it was changed; use another copy"),
        }
        // Version 1 has one cost; a file that names another could ask for any amount of memory.
        if take::<12>(&mut rest) != cost() {
            return Err("it was changed; use another copy");
        }
        let salt = take(&mut rest);
        let pair = take(&mut rest);
        let prefix = take(&mut rest);
        Ok(Self {
            chance: Chance { salt, prefix },
            pair,
            commitment: take(&mut rest),
        })
    }
}

/// The next bytes; zeros for what is not there, which a header of fixed length never lacks.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (taken, after) = rest.split_first_chunk().unwrap_or((&[0; N], &[]));
    *rest = after;
    *taken
}

fn header(part: Part, pair: [u8; 16], chance: &Chance, key: &SealKey) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let (kind, cost, commitment) = ([VERSION, part as u8], cost(), key.commitment());
    let parts: [&[u8]; 7] = [
        MAGIC,
        &kind,
        &cost,
        &chance.salt,
        &pair,
        &chance.prefix,
        &commitment,
    ];
    let bytes = parts.into_iter().flatten();
    header
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    header
}

fn cost() -> [u8; 12] {
    let mut bytes = [0; 12];
    let numbers = COST.iter().flat_map(|number| number.to_le_bytes());
    bytes
        .iter_mut()
        .zip(numbers)
        .for_each(|(to, from)| *to = from);
    bytes
}

fn cipher(key: &SealKey) -> XChaCha20Poly1305 {
    // The header goes in too, by its chunks; the label keeps this key from any other use of it.
    XChaCha20Poly1305::new((&*key.derive(b"backup", b"")).into())
}

pub(super) fn invalid(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, Fault(why))
}

/// Why a file is no usable backup, on its way through [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(&'static str);

/// What went wrong with the file at `path`.
pub(super) fn fault(path: &Path, error: io::Error) -> VaultError {
    let path = path.to_owned();
    let why = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Fault>());
    match (why, error.kind()) {
        (Some(Fault(why)), _) => VaultError::NotABackup { path, why },
        (None, ErrorKind::UnexpectedEof) => VaultError::NotABackup {
            path,
            why: "it ends too early; use another copy",
        },
        _ => VaultError::File { path, error },
    }
}
