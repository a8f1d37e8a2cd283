//! The frames of any source, one after the other, with what every consumer may rely on.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Source;
use crate::avi::Avi;
use crate::error::{Broken, VideoError};
use crate::ffmpeg::{self, Ffmpeg};
use crate::gif::Gif;
use crate::picture::Picture;
use crate::sniff::{self, Kind};
use crate::stills::Stills;
use crate::y4m::Y4m;

/// One frame of a video.
pub struct Frame {
    /// Which, from 0.
    pub index: u64,
    /// When it is shown, from the beginning; never before the frame before it.
    pub time: Duration,
    /// Its pixels.
    pub picture: Picture,
}

/// A video that is being read: an iterator over its frames that ends after the last, or after the first error.
pub struct Video {
    path: PathBuf,
    format: &'static str,
    decoder: Decoder,
    given: u64,
    time: Duration,
    size: Option<(u32, u32)>,
    over: bool,
}

enum Decoder {
    Avi(Avi<BufReader<File>>),
    Gif(Box<Gif<BufReader<File>>>),
    Y4m(Y4m<BufReader<File>>),
    Stills(Stills),
    Ffmpeg(Ffmpeg),
}

impl Video {
    /// Opens a source and reads its header, as far as it has one.
    ///
    /// # Errors
    /// Any [`VideoError`] that can be known before the first frame.
    pub fn open(source: &Source) -> Result<Self, VideoError> {
        let path = source.path();
        match source {
            Source::File(path) => Self::open_file(path),
            Source::Folder(path) => {
                let stills = Stills::in_folder(path)?;
                Ok(Self::with(path, "folder", Decoder::Stills(stills)))
            }
            Source::Camera(device) => Self::piped(path, "a camera", &ffmpeg::camera(device)),
            Source::Stream(address) => Self::piped(path, "a stream", &ffmpeg::stream(address)),
        }
    }

    /// What it is, in a word or two.
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// How many frames its header, or its folder, promises.
    pub fn promised(&self) -> Option<u64> {
        match &self.decoder {
            Decoder::Avi(avi) => avi.promised(),
            Decoder::Stills(stills) => Some(stills.len()),
            Decoder::Gif(_) | Decoder::Y4m(_) | Decoder::Ffmpeg(_) => None,
        }
    }

    fn open_file(path: &Path) -> Result<Self, VideoError> {
        let mut file = BufReader::new(File::open(path).map_err(VideoError::file(path))?);
        let mut head = Vec::new();
        let read = file
            .by_ref()
            .take(sniff::HEAD as u64)
            .read_to_end(&mut head);
        read.and_then(|_| file.rewind())
            .map_err(VideoError::file(path))?;
        let here = |format: &'static str| move |broken: Broken| broken.told(format, path, 0);
        match sniff::kind(&head) {
            Kind::Avi => match Avi::open(file) {
                Ok(avi) => Ok(Self::with(path, "AVI", Decoder::Avi(avi))),
                // Another codec than Motion-JPEG.
                Err(None) => Self::piped(path, "this AVI", &ffmpeg::file(path)),
                Err(Some(broken)) => Err(broken.told("AVI", path, 0)),
            },
            Kind::Gif => {
                let whole = last_byte(&mut file).map_err(VideoError::file(path))? == Some(b';');
                let gif = match Gif::open(file) {
                    // Its decoder looks for the first frame at once.
                    Err(Broken::Cut) if whole => Err(VideoError::NoFrames { format: "GIF" }),
                    opened => opened.map_err(here("GIF")),
                }?;
                Ok(Self::with(path, "GIF", Decoder::Gif(Box::new(gif))))
            }
            Kind::Y4m => {
                let y4m = Y4m::open(file).map_err(here("Y4M"))?;
                Ok(Self::with(path, "Y4M", Decoder::Y4m(y4m)))
            }
            Kind::Picture(_) => {
                let still = Stills::of_one(path);
                Ok(Self::with(path, "picture", Decoder::Stills(still)))
            }
            Kind::No(seems) => Err(VideoError::NotAVideo { seems }),
            Kind::Other(what) => Self::piped(path, what, &ffmpeg::file(path)),
            Kind::Unknown => match Self::piped(path, "this file", &ffmpeg::file(path)) {
                Err(VideoError::NeedsFfmpeg { .. }) => Err(VideoError::NotAVideo {
                    seems: "something unknown",
                }),
                opened => opened,
            },
        }
    }

    fn piped(
        path: &Path,
        what: &'static str,
        input: &[std::ffi::OsString],
    ) -> Result<Self, VideoError> {
        let program = ffmpeg::find().ok_or(VideoError::NeedsFfmpeg { what })?;
        let started = Ffmpeg::start(&program, input);
        let ffmpeg = started.map_err(VideoError::file(&program))?;
        Ok(Self::with(path, "video", Decoder::Ffmpeg(ffmpeg)))
    }

    fn with(path: &Path, format: &'static str, decoder: Decoder) -> Self {
        Self {
            path: path.to_owned(),
            format,
            decoder,
            given: 0,
            time: Duration::ZERO,
            size: None,
            over: false,
        }
    }

    fn read(&mut self) -> Result<Option<Frame>, VideoError> {
        let read = match &mut self.decoder {
            Decoder::Avi(avi) => avi.next(),
            Decoder::Gif(gif) => gif.next(),
            Decoder::Y4m(y4m) => y4m.next(),
            Decoder::Stills(stills) => stills.next(),
            Decoder::Ffmpeg(ffmpeg) => ffmpeg.next(),
        };
        let read = read.map_err(|broken| broken.told(self.format, &self.path, self.given))?;
        let Some((time, picture)) = read else {
            let format = self.format;
            return match self.given {
                0 => Err(VideoError::NoFrames { format }),
                _ => Ok(None),
            };
        };
        let now = (picture.width(), picture.height());
        let before = *self.size.get_or_insert(now);
        let frames = self.given;
        if before != now {
            return Err(VideoError::Resized {
                frames,
                before,
                now,
            });
        }
        self.given += 1;
        self.time = self.time.max(time);
        Ok(Some(Frame {
            index: frames,
            time: self.time,
            picture,
        }))
    }
}

/// What a file ends with; it is left at its beginning.
fn last_byte(file: &mut (impl Read + Seek)) -> std::io::Result<Option<u8>> {
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    let read = file.read(&mut last)?;
    file.rewind()?;
    let [last] = last;
    Ok((read == 1).then_some(last))
}

impl Iterator for Video {
    type Item = Result<Frame, VideoError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.read().transpose();
        self.over = !matches!(next, Some(Ok(_)));
        next
    }
}
