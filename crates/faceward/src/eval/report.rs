use std::fmt;

use faceward_face::Reader;
use serde::Serialize;

use super::curve::Rate;
use super::readings::{Failure, Told};
use super::{
    BoxesReport, ClipsReport, IdentifyReport, Options, PadReport, PairsReport, WhichFace, det,
    discard,
};

/// What an evaluation found. As JSON it names its format and version; `Display` is for people.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Always `faceward-eval`.
    pub format: &'static str,
    /// Version of the JSON form.
    pub version: u32,
    /// The protocol file as it was given.
    pub protocol: String,
    /// The model that made the templates, with its digest.
    pub model: String,
    /// How the pictures were read.
    pub settings: Settings,
    /// Distinct pictures in the protocol.
    pub pictures: usize,
    /// Those that gave nothing.
    pub failures: Vec<Failure>,
    /// The rates.
    pub result: Outcome,
}

/// How the pictures were read.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// `central`, `largest` or, where every face counts, `all`.
    pub face: &'static str,
    /// Width of the grey frame as a share of the longer side.
    pub pad_grey: f32,
    /// Liveness threshold.
    pub live_at: f32,
}

/// The result, by protocol.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Outcome {
    /// Comparisons.
    Pairs(PairsReport),
    /// Open-set search.
    Identify(IdentifyReport),
    /// Presentation attacks.
    Pad(PadReport),
    /// Marked faces.
    Boxes(BoxesReport),
    /// Clips.
    Clips(ClipsReport),
}

impl Report {
    pub(super) fn new(options: &Options, reader: &Reader, told: Told, result: Outcome) -> Report {
        let default = match result {
            Outcome::Pad(_) => WhichFace::Largest,
            _ => WhichFace::Central,
        };
        let face = match (&result, options.face.unwrap_or(default)) {
            (Outcome::Boxes(_) | Outcome::Clips(_), _) => "all",
            (_, WhichFace::Central) => "central",
            (_, WhichFace::Largest) => "largest",
        };
        Report {
            format: "faceward-eval",
            version: 1,
            protocol: options.protocol.display().to_string(),
            model: reader.model().to_string(),
            settings: Settings {
                face,
                pad_grey: options.pad_grey,
                live_at: options.live_at,
            },
            pictures: told.pictures,
            failures: told.failures,
            result,
        }
    }

    /// The detection error trade-off as an SVG image on a light ground, both axes in normal
    /// deviates (ISO/IEC 19795-1); none for marked faces.
    pub fn det_svg(&self) -> Option<String> {
        let (axes, points, marks) = match &self.result {
            Outcome::Pairs(r) => {
                let marks = r
                    .points
                    .iter()
                    .filter_map(|p| Some((p.name.as_str(), [p.fmr.share?, p.fnmr.share?])));
                (
                    ["false match rate", "false non-match rate"],
                    &r.trade_off,
                    marks.collect(),
                )
            }
            Outcome::Identify(r) => {
                let marks = r
                    .points
                    .iter()
                    .filter_map(|p| Some((p.name.as_str(), [p.fpir.share?, p.fnir.share?])));
                let axes = [
                    "false positive identification rate",
                    "false negative identification rate",
                ];
                (axes, &r.trade_off, marks.collect())
            }
            Outcome::Pad(r) => (["APCER, all species", "BPCER"], &r.trade_off, Vec::new()),
            Outcome::Boxes(_) | Outcome::Clips(_) => return None,
        };
        Some(det::svg(&self.set_name(), axes, points, &marks))
    }
}

impl Report {
    /// Error against discard by quality as an SVG image on a light ground; none where nothing was missed, or quality not
    /// measured.
    pub fn edc_svg(&self) -> Option<String> {
        let Outcome::Pairs(pairs) = &self.result else {
            return None;
        };
        let report = pairs.discard.first()?;
        Some(discard::svg(&self.set_name(), report))
    }

    /// The protocol file and its folder, without what lies above.
    fn set_name(&self) -> String {
        let parts: Vec<&str> = self.protocol.rsplit(['/', '\\']).take(2).collect();
        parts.into_iter().rev().collect::<Vec<_>>().join("/")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.failures.len();
        writeln!(
            f,
            "{}: {} pictures, {failed} without result",
            self.protocol, self.pictures
        )?;
        writeln!(f, "model {}, face {}\n", self.model, self.settings.face)?;
        match &self.result {
            Outcome::Pairs(report) => report.fmt(f)?,
            Outcome::Identify(report) => report.fmt(f)?,
            Outcome::Pad(report) => report.fmt(f)?,
            Outcome::Boxes(report) => report.fmt(f)?,
            Outcome::Clips(report) => report.fmt(f)?,
        }
        if failed > 0 {
            writeln!(f, "\nwithout result:")?;
        }
        self.failures
            .iter()
            .try_for_each(|failure| writeln!(f, "  {}: {}", failure.file, failure.reason))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(share) = self.share else {
            return f.write_str("none tried");
        };
        let (low, high) = (100.0 * self.low, 100.0 * self.high);
        write!(
            f,
            "{}/{} = {} [{low:.2}, {high:.2}]",
            self.errors,
            self.trials,
            percent(share)
        )
    }
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
