//! What can be wrong with a video: one variant per thing a caller can do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::picture::MAX_PIXELS;

/// Why there are no frames, or no more. Messages say what was wrong and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VideoError {
    /// A file or folder cannot be opened, read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// No video at all: choose another file.
    #[error(
        "this is not a video; it seems to be {seems}. Name a Motion-JPEG AVI, a GIF, a Y4M, a folder of pictures, or anything the program ffmpeg reads"
    )]
    NotAVideo {
        /// What the data look like.
        seems: &'static str,
    },
    /// A video that only ffmpeg decodes, and there is none: install it, or convert.
    #[error(
        "{what} is decoded by the program ffmpeg, and there is none on the path; install ffmpeg, or convert the video to a Motion-JPEG AVI, a GIF or a Y4M elsewhere"
    )]
    NeedsFfmpeg {
        /// What was to be decoded.
        what: &'static str,
    },
    /// ffmpeg is there and could not decode it.
    #[error("ffmpeg stopped after {frames} frames: {says}")]
    Ffmpeg {
        /// What it wrote, in one line.
        says: String,
        /// Frames that came before.
        frames: u64,
    },
    /// The data stop in the middle: copy the file again. The frames before were given.
    #[error(
        "the {format} ends in the middle of frame {}; the {frames} before it stand. Copy or record it again for the rest",
        frames + 1
    )]
    Truncated {
        /// What it is.
        format: &'static str,
        /// Frames that came before.
        frames: u64,
    },
    /// The data are broken: export the video again. The frames before were given.
    #[error(
        "the {format} is damaged after {frames} frames ({detail}); those stand. Export it again for the rest"
    )]
    Damaged {
        /// What it is.
        format: &'static str,
        /// Frames that came before.
        frames: u64,
        /// What was wrong.
        detail: String,
    },
    /// A frame of another size than the first: cut the video there.
    #[error(
        "frame {} has {}×{} pixels, those before it {}×{}; the {frames} before it stand. Cut the video where its size changes",
        frames + 1, now.0, now.1, before.0, before.1
    )]
    Resized {
        /// Frames that came before.
        frames: u64,
        /// Their width and height.
        before: (u32, u32),
        /// Those of the frame.
        now: (u32, u32),
    },
    /// Frames larger than are decoded: scale the video down. Decided from a header, before memory is taken.
    #[error(
        "a frame has {width}×{height} pixels, the limit for video is {MAX_PIXELS} in all; scale the video down, for instance to 1920×1080"
    )]
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A header and nothing behind it.
    #[error("the {format} holds no frame; record or export it again")]
    NoFrames {
        /// What it is.
        format: &'static str,
    },
    /// The header gives frames a duration that cannot be.
    #[error("the {format} gives its frames an impossible duration ({detail}); export it again")]
    BadTime {
        /// What it is.
        format: &'static str,
        /// What the header says.
        detail: String,
    },
    /// A name that says no format frames can be written in.
    #[error(
        "{}: frames are written as a Motion-JPEG AVI (.avi), a Y4M (.y4m) or into a folder (no ending)", .0.display()
    )]
    UnknownOutput(PathBuf),
    /// An AVI cannot grow further: the part written so far stands.
    #[error(
        "the AVI is full (4 GB) after {frames} frames, which stand; write to a folder or a Y4M instead"
    )]
    OutputFull {
        /// Frames written.
        frames: u64,
    },
    /// A picture cannot be encoded, or not at this size.
    #[error("{}: the frame cannot be written: {why}", path.display())]
    Encode {
        /// Where to.
        path: PathBuf,
        /// What was wrong.
        why: String,
    },
}

impl VideoError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::File { path, error }
    }
}

/// What a decoder stumbled over; the video knows the rest of the sentence.
pub(crate) enum Broken {
    Cut,
    Damaged(String),
    TooManyPixels(u32, u32),
    Time(String),
    Io(io::Error),
    Ffmpeg(String),
    /// An error that is a sentence already.
    Told(VideoError),
}

impl Broken {
    pub(crate) fn damaged(detail: &str) -> Self {
        Self::Damaged(detail.to_owned())
    }

    pub(crate) fn told(self, format: &'static str, path: &Path, frames: u64) -> VideoError {
        match self {
            Self::Cut => VideoError::Truncated { format, frames },
            Self::Damaged(detail) => VideoError::Damaged {
                format,
                frames,
                detail,
            },
            Self::TooManyPixels(width, height) => VideoError::TooManyPixels { width, height },
            Self::Time(detail) => VideoError::BadTime { format, detail },
            Self::Io(error) => VideoError::file(path)(error),
            Self::Ffmpeg(says) => VideoError::Ffmpeg { says, frames },
            Self::Told(error) => error,
        }
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Cut
        } else {
            Self::Io(error)
        }
    }
}
