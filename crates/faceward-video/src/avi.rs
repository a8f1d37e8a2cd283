//! Motion-JPEG in an AVI: chunks read one after the other, whatever their lists say, so that a file without an index or
//! with a wrong one is read as well.

use std::io::{ErrorKind, Read, Seek};
use std::time::Duration;

use image::ImageFormat;
use zeroize::Zeroizing;

use crate::error::Broken;
use crate::picture::{Picture, within_limit};

mod writer;

pub(crate) use writer::AviWriter;

/// Largest chunk of one frame that is read: 32 MiB.
const LARGEST: u32 = 32 << 20;
/// Largest header chunk that is looked into; longer ones are passed over.
const HEADER: u32 = 4096;
/// How long a frame lasts where no header says it.
const USUAL: (u64, u64) = (1, 25);

/// An AVI whose video stream is Motion-JPEG.
pub(crate) struct Avi<R> {
    file: R,
    /// Bytes read or passed over so far.
    at: u64,
    /// Where the list of frames should end, if it says so.
    end: u64,
    stream: Stream,
    promised: u32,
    frame: u64,
}

/// What the headers say of the video stream.
#[derive(Default)]
struct Stream {
    /// Its number, as two digits in the names of its chunks.
    name: [u8; 2],
    /// Seconds a frame lasts, as a fraction.
    lasts: Option<(u64, u64)>,
    codec: Option<[u8; 4]>,
}

/// Which stream a header belongs to, and whether it is the video.
#[derive(Default)]
struct Headers {
    streams: u8,
    in_video: bool,
    micros: u32,
    frames: u32,
    found: Stream,
}

impl<R: Read + Seek> Avi<R> {
    /// Reads the headers. Fails with nothing where the stream is of another codec.
    pub(crate) fn open(file: R) -> Result<Self, Option<Broken>> {
        let mut avi = Self {
            file,
            at: 0,
            end: 0,
            stream: Stream::default(),
            promised: 0,
            frame: 0,
        };
        avi.words::<3>().map_err(Some)?;
        let mut headers = Headers::default();
        while avi.end == 0 {
            let chunk = avi.chunk().map_err(Some)?;
            let (name, size) =
                chunk.ok_or_else(|| Some(Broken::damaged("it has no list of frames")))?;
            avi.header(name, size, &mut headers).map_err(Some)?;
        }
        let Headers { micros, found, .. } = headers;
        match found.codec {
            Some(codec) if is_jpeg(codec) => {}
            Some(_) => return Err(None),
            None => return Err(Some(Broken::damaged("it has no header of a video stream"))),
        }
        avi.promised = headers.frames;
        avi.stream = found;
        if avi.stream.lasts.is_none() && micros != 0 {
            avi.stream.lasts = Some(duration(micros, 1_000_000).map_err(Some)?);
        }
        Ok(avi)
    }

    pub(crate) fn promised(&self) -> Option<u64> {
        (self.promised > 0).then_some(u64::from(self.promised))
    }

    pub(crate) fn next(&mut self) -> Result<Option<(Duration, Picture)>, Broken> {
        while let Some((name, size)) = self.chunk()? {
            let [a, b, rest @ ..] = name;
            let ours = [a, b] == self.stream.name && matches!(&rest, b"dc" | b"db");
            if ours {
                let time = self.time();
                self.frame += 1;
                // An empty chunk says that the picture before it stays.
                if size > 0 {
                    let bytes = self.frame_bytes(size)?;
                    return Ok(Some((time, Picture::decode(&bytes, ImageFormat::Jpeg)?)));
                }
            } else {
                self.pass(name, size)?;
            }
        }
        if self.at < self.end {
            return Err(Broken::Cut);
        }
        Ok(None)
    }

    /// One chunk before the frames: a list is entered, a header read, all else passed over.
    fn header(&mut self, name: [u8; 4], size: u32, to: &mut Headers) -> Result<(), Broken> {
        match &name {
            b"avih" | b"strh" | b"strf" if size <= HEADER => {}
            _ => return self.pass(name, size),
        }
        let mut bytes = vec![0; size as usize];
        self.exactly(&mut bytes)?;
        self.pad(size)?;
        let word = |at: usize| {
            let four = bytes.get(4 * at..).and_then(|b| b.first_chunk::<4>());
            four.map_or(0, |four| u32::from_le_bytes(*four))
        };
        match &name {
            b"avih" => {
                (to.micros, to.frames) = (word(0), word(4));
            }
            b"strh" => {
                to.in_video = bytes.starts_with(b"vids") && to.found.codec.is_none();
                if to.in_video {
                    to.found.name = [b'0' + to.streams / 10 % 10, b'0' + to.streams % 10];
                    if word(5) != 0 && word(6) != 0 {
                        to.found.lasts = Some(duration(word(5), word(6))?);
                    }
                }
                to.streams = to.streams.saturating_add(1);
            }
            _ if to.in_video => {
                // Downwards or upwards: the sign of the height is the order of rows.
                let height = word(2).cast_signed().unsigned_abs();
                within_limit(word(1), height)?;
                to.found.codec = Some(word(4).to_le_bytes());
                to.in_video = false;
            }
            _ => {}
        }
        Ok(())
    }

    /// Enters a list and passes over anything else.
    fn pass(&mut self, name: [u8; 4], size: u32) -> Result<(), Broken> {
        if !matches!(&name, b"LIST" | b"RIFF") {
            let over = i64::from(size) + i64::from(size % 2);
            self.file.seek_relative(over)?;
            self.at += over.unsigned_abs();
            return Ok(());
        }
        let begins = self.at;
        let [kind] = self.words::<1>()?;
        if &kind.to_le_bytes() == b"movi" {
            // A recording that was broken off says 0, or all ones.
            let known = size > 4 && size < u32::MAX - 8;
            self.end = if known { begins + u64::from(size) } else { 1 };
        }
        Ok(())
    }

    /// Name and size of the next chunk; nothing at the end of the file.
    fn chunk(&mut self) -> Result<Option<([u8; 4], u32)>, Broken> {
        let mut head = [0; 8];
        let mut filled = 0;
        while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read(rest) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(Broken::Cut),
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.at += 8;
        let [a, b, c, d, size @ ..] = head;
        let name = [a, b, c, d];
        if !name.iter().all(|c| (32..127).contains(c)) {
            return Err(Broken::damaged(
                "something else stands where a chunk should begin",
            ));
        }
        Ok(Some((name, u32::from_le_bytes(size))))
    }

    fn frame_bytes(&mut self, size: u32) -> Result<Zeroizing<Vec<u8>>, Broken> {
        if size > LARGEST {
            return Err(Broken::Damaged(format!(
                "a frame claims to have {size} bytes"
            )));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        let read = self
            .file
            .by_ref()
            .take(u64::from(size))
            .read_to_end(&mut bytes)?;
        self.at += read as u64;
        if read < size as usize {
            return Err(Broken::Cut);
        }
        self.pad(size)?;
        Ok(bytes)
    }

    /// Chunks begin at even places; the last one of a file may leave that out.
    fn pad(&mut self, size: u32) -> Result<(), Broken> {
        if size % 2 == 1 {
            let mut one = [0];
            self.at += self.file.read(&mut one)? as u64;
        }
        Ok(())
    }

    fn words<const N: usize>(&mut self) -> Result<[u32; N], Broken> {
        let mut words = [0; N];
        for word in &mut words {
            let mut bytes = [0; 4];
            self.exactly(&mut bytes)?;
            *word = u32::from_le_bytes(bytes);
        }
        Ok(words)
    }

    fn exactly(&mut self, bytes: &mut [u8]) -> Result<(), Broken> {
        self.file.read_exact(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn time(&self) -> Duration {
        let (seconds, per) = self.stream.lasts.unwrap_or(USUAL);
        let nanos =
            u128::from(self.frame) * u128::from(seconds) * 1_000_000_000 / u128::from(per.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// How long a frame lasts, if that can be.
fn duration(seconds: u32, per: u32) -> Result<(u64, u64), Broken> {
    if seconds.cast_signed() < 0 || per.cast_signed() < 0 {
        let (seconds, per) = (seconds.cast_signed(), per.cast_signed());
        return Err(Broken::Time(format!(
            "{seconds}/{per} seconds, which is negative"
        )));
    }
    let (seconds, per) = (u64::from(seconds), u64::from(per));
    if seconds > 3600 * per || per > 10_000 * seconds {
        return Err(Broken::Time(format!("{seconds}/{per} seconds")));
    }
    Ok((seconds, per))
}

fn is_jpeg(codec: [u8; 4]) -> bool {
    matches!(
        &codec.map(|c| c.to_ascii_uppercase()),
        b"MJPG" | b"JPEG" | b"AVRN" | b"DMB1" | b"IJPG"
    )
}
