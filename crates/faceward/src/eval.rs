//! How well does this installation recognise, on a labelled set of pictures?
//!
//! [`run`] reads a protocol file, told apart by its header, reads every picture in it once, on all
//! cores, and reports error rates in the terms of ISO/IEC 19795-1 and 30107-3:
//!
//! | header | protocol | report |
//! | --- | --- | --- |
//! | `a,b,same[,fold][,cond]` | comparisons | FNMR at FMR 1, 0.1, 0.01 %, EER, accuracy over folds, conditions |
//! | `file,subject,role` | open-set search | rank-1, FNIR and FPIR |
//! | `file,label[,pai]` | presentation attacks | APCER per species, BPCER |
//! | `file,left,top,width,height` | marked faces | found at IoU 0.4, extra |
//! | `file,people` | clips | frames with all faces, tracks, switches, pooled templates |
//!
//! Paths are relative to the protocol file. Nothing is dropped: a comparison that cannot be made
//! is a false non-match if it is genuine; if it is impostor it is not a false match, and counts
//! among the comparisons. Pictures that are missing, unreadable or show no face are named.
//!
//! [`measure_thresholds`] makes the table that turns false match rates into scores.

mod boxes;
mod clips;
mod csv;
mod curve;
mod det;
mod discard;
mod folds;
mod identify;
mod measure;
mod pace;
mod pad;
mod pairs;
mod protocol;
mod readings;
mod report;
#[cfg(test)]
mod tests;

use std::{num::NonZeroUsize, path::PathBuf};

use faceward_face::{Embedder, FaceError, Reader, ReaderOptions};
use faceward_match::{MatchError, Thresholds, table_for};

pub use boxes::{BoxesReport, ImageBoxes};
pub use clips::{ClipRow, ClipsReport};
pub use curve::{EqualError, Rate};
pub use discard::{DiscardCurve, DiscardReport};
pub use faceward_match::{Policy, ThresholdTable};
pub use folds::Accuracy;
pub use identify::{IdentifyReport, SearchPoint};
pub use measure::measure_thresholds;
pub use pace::time_one_face;
pub use pad::{AtApcer, PadPoint, PadReport, Species};
pub use pairs::{AttackRow, Condition, PairsReport, Point};
pub use readings::{Failure, Stage};
pub use report::{Outcome, Report, Settings};

use protocol::Protocol;
use readings::{Readings, Told};

/// What to evaluate, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The protocol file.
    pub protocol: PathBuf,
    /// Folder the protocol's paths start from; the protocol's own folder if absent.
    pub root: Option<PathBuf>,
    /// Which face of a picture is meant; if absent the central one for comparisons and searches,
    /// the largest for presentation attacks.
    pub face: Option<WhichFace>,
    /// Grey frame (127) laid around each picture before detection, as a share of its longer side;
    /// 0 for none, at most 4. For sets of tight crops.
    pub pad_grey: f32,
    /// What makes the templates.
    pub embedder: Embedder,
    /// Thresholds of the embedder; for the built-in one the shipped table is used if absent.
    pub table: Option<ThresholdTable>,
    /// False match rates of the working point.
    pub policy: Policy,
    /// Liveness scores at or above it count as bona fide, 0 to 1.
    pub live_at: f32,
    /// Whether to measure the quality of the pictures that are compared, and how it foretells errors.
    pub quality: bool,
    /// Cores to use; all if absent.
    pub threads: Option<NonZeroUsize>,
}

/// Which of several faces is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichFace {
    /// The one nearest the middle of the picture, as LFW's protocol asks.
    Central,
    /// The one with the largest box.
    Largest,
}

/// How far the reading of pictures has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Pictures read.
    pub done: usize,
    /// Pictures in all.
    pub total: usize,
}

/// Why an evaluation cannot be made, one variant per thing a caller can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The protocol file cannot be read.
    #[error("cannot read the protocol `{path}`: {error}")]
    CannotRead {
        /// The file asked for.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The protocol file is wrong.
    #[error("{path}, line {line}: {what}")]
    Protocol {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// Not one picture could be read.
    #[error(
        "none of {pictures} pictures could be read from `{root}`; first: {first}. Give the folder with --root"
    )]
    NoPictures {
        /// How many the protocol names.
        pictures: usize,
        /// Where they were looked for.
        root: PathBuf,
        /// What was wrong with the first.
        first: String,
    },
    /// An option has no meaning.
    #[error("{0}")]
    BadOption(&'static str),
    /// The nets cannot be loaded.
    #[error(transparent)]
    Face(#[from] FaceError),
    /// The threshold table does not serve.
    #[error(transparent)]
    Match(#[from] MatchError),
}

/// Evaluates one protocol. `progress` is called from several threads, once per picture.
///
/// # Errors
/// See [`EvalError`]. Single pictures that cannot be read are no error: the report names them.
pub fn run(options: &Options, progress: &(dyn Fn(Progress) + Sync)) -> Result<Report, EvalError> {
    options.check()?;
    let protocol = protocol::read(&options.protocol)?;
    let reader = options.reader()?;
    let table = options.table_for(&reader)?;
    let read = |files, wanted| Readings::read(options, &reader, files, wanted, progress);
    let (told, outcome) = match &protocol {
        Protocol::Pairs(rows) => {
            let readings = read(pairs::files(rows), pairs::wanted(options, rows))?;
            let working = table
                .as_ref()
                .map(|t| options.policy.for_verification(t))
                .transpose()?;
            let report = pairs::evaluate(rows, &readings, working.as_ref(), options.live_at);
            (readings.told(), Outcome::Pairs(report))
        }
        Protocol::Identify(rows) => {
            let readings = read(identify::files(rows), identify::wanted(options))?;
            let report = identify::evaluate(rows, &readings, |size| {
                options.working(table.as_ref(), size)
            })?;
            (readings.told(), Outcome::Identify(report))
        }
        Protocol::Pad(rows) => {
            let readings = read(pad::files(rows), pad::wanted(options))?;
            let report = pad::evaluate(rows, &readings, options.live_at);
            (readings.told(), Outcome::Pad(report))
        }
        Protocol::Boxes(rows) => {
            let readings = read(boxes::files(rows), boxes::wanted())?;
            let report = boxes::evaluate(rows, &readings);
            (readings.told(), Outcome::Boxes(report))
        }
        Protocol::Clips(rows) => {
            let root = readings::root(options);
            let (report, failures) = clips::evaluate(rows, &root, &reader, progress);
            let pictures = rows.len();
            (Told { pictures, failures }, Outcome::Clips(report))
        }
    };
    Ok(Report::new(options, &reader, told, outcome))
}

impl Options {
    /// A protocol with every choice at its default.
    pub fn new(protocol: PathBuf) -> Options {
        Options {
            protocol,
            root: None,
            face: None,
            pad_grey: 0.0,
            embedder: Embedder::Own,
            table: None,
            policy: Policy::default(),
            live_at: 0.5,
            quality: false,
            threads: None,
        }
    }

    fn check(&self) -> Result<(), EvalError> {
        if !(0.0..=4.0).contains(&self.pad_grey) {
            return Err(EvalError::BadOption(
                "the grey frame is a share of the longer side, 0 to 4",
            ));
        }
        if !(0.0..=1.0).contains(&self.live_at) {
            return Err(EvalError::BadOption(
                "the liveness threshold lies in 0 to 1",
            ));
        }
        Ok(())
    }

    /// One thread per call: the cores are shared out by picture.
    fn reader(&self) -> Result<Reader, EvalError> {
        let options = ReaderOptions {
            threads: NonZeroUsize::MIN,
            embedder: self.embedder.clone(),
        };
        Ok(Reader::new(options)?)
    }

    fn table_for(&self, reader: &Reader) -> Result<Option<ThresholdTable>, EvalError> {
        match &self.table {
            Some(table) if table.model() != reader.model() => {
                let (left, right) = (table.model().clone(), reader.model().clone());
                Err(MatchError::ModelMismatch { left, right }.into())
            }
            Some(table) => Ok(Some(table.clone())),
            None => Ok(table_for(reader.model())),
        }
    }

    fn working(
        &self,
        table: Option<&ThresholdTable>,
        gallery: usize,
    ) -> Result<Option<Thresholds>, EvalError> {
        Ok(table
            .map(|t| self.policy.for_gallery(t, gallery))
            .transpose()?)
    }
}
