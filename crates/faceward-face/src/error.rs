//! What can go wrong between bytes and a template: one variant per thing a caller can do about it.

use std::path::PathBuf;

use faceward_match::MatchError;
use faceward_nets::NetError;

use crate::decode::{MAX_BYTES, MAX_PIXELS, SUPPORTED};

/// Why a picture, a face or a model could not be used. Messages say what was wrong and what to do next; none holds
/// pixels, templates or the name of a person.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FaceError {
    /// No bytes at all: send the file again.
    #[error("the picture is empty (0 bytes); send the file again")]
    Empty,
    /// The data stop before the picture is complete: send the whole file.
    #[error("the {format} ends before the picture is complete; copy or send the whole file again")]
    Truncated {
        /// Format the data claim to be.
        format: &'static str,
    },
    /// The data are a picture format, but broken inside: export the picture again.
    #[error("the {format} is damaged ({detail}); open it in a picture viewer and export it again")]
    Damaged {
        /// Format the data claim to be.
        format: &'static str,
        /// What the decoder stumbled over.
        detail: String,
    },
    /// No picture: choose another file.
    #[error("this is not a picture; it seems to be {seems}. Choose a picture: {SUPPORTED}")]
    NotAPicture {
        /// What the data look like.
        seems: &'static str,
    },
    /// A picture in a format this build does not read: convert it.
    #[error("this seems to be {format}, which is not read here; convert it to one of {SUPPORTED}")]
    UnsupportedFormat {
        /// What the data look like.
        format: &'static str,
    },
    /// More bytes than are accepted: compress the picture.
    #[error(
        "the file has {bytes} bytes, the limit is {MAX_BYTES}; save the picture smaller or more compressed"
    )]
    TooManyBytes {
        /// Bytes given.
        bytes: usize,
    },
    /// More pixels than are accepted: shrink the picture. Decided from the header, before memory is taken.
    #[error(
        "the picture has {width}×{height} pixels, the limit is {MAX_PIXELS} in all; scale it down and try again"
    )]
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A pixel buffer whose length does not fit its width and height: a mistake of the calling program.
    #[error("{width}×{height} RGB pixels need {} bytes, {bytes} were given", 3 * u64::from(*width) * u64::from(*height))]
    BufferLength {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Bytes given.
        bytes: usize,
    },
    /// Nobody in the picture: use a picture with a visible face.
    #[error("no face was found; use a picture in which the face is visible, upright and well lit")]
    NoFace,
    /// Several people where one is asked for: crop to one of them.
    #[error(
        "{count} faces were found where one is needed; use a picture of one person, or crop to the one you mean"
    )]
    SeveralFaces {
        /// Faces that count, by the rule of [`crate::detect::alone`].
        count: usize,
    },
    /// The points of the face span no area, so it cannot be aligned: use another picture.
    #[error(
        "the face cannot be aligned because its landmarks coincide; use another picture of the person"
    )]
    Unalignable,
    /// Built-in weights that differ from their manifest: reinstall.
    #[error(
        "the built-in weights `{file}` do not match their manifest; rebuild or reinstall Faceward"
    )]
    WeightsAltered {
        /// File in `models/`.
        file: &'static str,
    },
    /// The configured ONNX embedder cannot be used: correct the configuration.
    #[error("the embedder {} cannot be used: {reason}; it must take 1×3×112×112 and give one vector", path.display())]
    Embedder {
        /// The configured file.
        path: PathBuf,
        /// What was wrong with it.
        reason: String,
    },
    /// A net refused its input.
    #[error(transparent)]
    Net(#[from] NetError),
    /// Two maps of different models, which have nothing to say to each other: read one of the faces again.
    #[error("the two face-print maps were made by different models; make one of them again")]
    OtherModel,
    /// An embedder that is not linear at its end: use the built-in one.
    #[error("this embedder has no face-print map; only the built-in one does")]
    NoMap,
    /// A stored face-print map that cannot be read: make it again from the picture.
    #[error("this is no face-print map of a version known here; make it again from the picture")]
    Record,
    /// The embedding cannot be a template, for instance because it is not finite.
    #[error(transparent)]
    Template(#[from] MatchError),
}
