//! A Motion-JPEG AVI with an index, without sound and without a word about where it comes from.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::VideoError;
use crate::picture::Picture;

/// Of 100; above this the file grows and the picture hardly.
const QUALITY: u8 = 92;
/// Where the file must end: sizes have 32 bits, and some readers take them as signed, but all read up to here.
const FULL: u64 = 0xfff0_0000;
/// Bytes before the first frame.
const HEADERS: u32 = 224;

/// Written frame by frame; complete once it is finished or dropped.
pub(crate) struct AviWriter {
    path: PathBuf,
    file: BufWriter<File>,
    width: u32,
    height: u32,
    frame_time: Duration,
    /// Size of each frame's JPEG.
    sizes: Vec<u32>,
    at: u64,
    finished: bool,
}

impl AviWriter {
    pub(crate) fn create(
        path: &Path,
        size: (u32, u32),
        frame_time: Duration,
    ) -> Result<Self, VideoError> {
        let file = File::create(path).map_err(VideoError::file(path))?;
        let mut writer = Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
            width: size.0,
            height: size.1,
            frame_time,
            sizes: Vec::new(),
            at: u64::from(HEADERS),
            finished: false,
        };
        writer.headers(0).map_err(VideoError::file(path))?;
        Ok(writer)
    }

    pub(crate) fn write(&mut self, picture: &Picture) -> Result<(), VideoError> {
        let jpeg = picture.jpeg(QUALITY).map_err(|why| VideoError::Encode {
            path: self.path.clone(),
            why,
        })?;
        let jpeg = Zeroizing::new(jpeg);
        let padded = jpeg.len() as u64 + jpeg.len() as u64 % 2;
        let index = 16 * (self.sizes.len() as u64 + 2);
        if self.at + 8 + padded + index > FULL {
            let frames = self.sizes.len() as u64;
            return Err(VideoError::OutputFull { frames });
        }
        self.frame(&jpeg).map_err(VideoError::file(&self.path))
    }

    pub(crate) fn finish(mut self) -> Result<(), VideoError> {
        self.finished = true;
        self.close().map_err(VideoError::file(&self.path))
    }

    fn frame(&mut self, jpeg: &[u8]) -> std::io::Result<()> {
        let size = jpeg.len() as u32;
        self.file.write_all(b"00dc")?;
        self.file.write_all(&size.to_le_bytes())?;
        self.file.write_all(jpeg)?;
        if size % 2 == 1 {
            self.file.write_all(&[0])?;
        }
        self.at += 8 + u64::from(size) + u64::from(size % 2);
        self.sizes.push(size);
        Ok(())
    }

    /// Index, then the headers once more with what is known now.
    fn close(&mut self) -> std::io::Result<()> {
        let mut index = Vec::with_capacity(8 + 16 * self.sizes.len());
        index.extend(b"idx1");
        index.extend((16 * self.sizes.len() as u32).to_le_bytes());
        let mut offset: u32 = 4;
        for size in &self.sizes {
            index.extend(b"00dc");
            // A key frame, like every frame here.
            for word in [0x10, offset, *size] {
                index.extend(word.to_le_bytes());
            }
            offset += 8 + size + size % 2;
        }
        self.file.write_all(&index)?;
        self.headers(index.len() as u32)?;
        self.file.flush()
    }

    /// Everything before the first frame; `index` is the length of the index.
    fn headers(&mut self, index: u32) -> std::io::Result<()> {
        let frames = self.sizes.len() as u32;
        let micros = u32::try_from(self.frame_time.as_micros())
            .unwrap_or(40_000)
            .max(1);
        let longest = self.sizes.iter().max().copied().unwrap_or(0);
        let movi = (self.at - u64::from(HEADERS)) as u32 + 4;
        let mut h = Vec::with_capacity(HEADERS as usize);
        let mut put = |name: &[u8; 4], words: &[u32]| {
            h.extend(name);
            h.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        };
        let (width, height) = (self.width, self.height);
        put(b"RIFF", &[HEADERS - 8 - 4 + movi + index]);
        put(b"AVI ", &[]);
        put(b"LIST", &[4 + 64 + 12 + 64 + 48]);
        put(b"hdrl", &[]);
        // Has an index.
        put(
            b"avih",
            &[
                56, micros, 0, 0, 0x10, frames, 0, 1, longest, width, height, 0, 0, 0, 0,
            ],
        );
        put(b"LIST", &[4 + 64 + 48]);
        put(b"strl", &[]);
        put(b"strh", &[56]);
        put(b"vids", &[]);
        put(
            b"MJPG",
            &[
                0,
                0,
                0,
                micros,
                1_000_000,
                0,
                frames,
                longest,
                u32::MAX,
                0,
                0,
                width | height << 16,
            ],
        );
        put(b"strf", &[40, 40, width, height, 1 | 24 << 16]);
        put(b"MJPG", &[3 * width * height, 0, 0, 0, 0]);
        put(b"LIST", &[movi]);
        put(b"movi", &[]);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&h)?;
        self.file.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

impl Drop for AviWriter {
    /// What was written before an interruption can be played.
    fn drop(&mut self) {
        if !self.finished {
            let _ = self.close();
        }
    }
}
