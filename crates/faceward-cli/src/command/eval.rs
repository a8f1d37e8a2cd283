use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context;
use faceward::Embedder;
use faceward::eval::{self, Options, Progress, ThresholdTable, WhichFace};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::answer::{Answer, Code, Console};

/// How well does recognition do on a labelled set of pictures?
///
/// The header of PROTOCOL, a CSV file, says what is measured:
///   a,b,same[,fold][,cond]        comparisons: FMR, FNMR, EER, accuracy over folds
///   file,subject,role             searches (gallery, mated, nonmated): FPIR, FNIR, rank 1
///   file,label[,pai]              live or attack: APCER per species, BPCER
///   file,left,top,width,height    marked faces: found, missed, extra
///   file,people                   clips: frames with all faces, tracks, switches, pooled templates
///
/// Nothing is dropped: a genuine comparison that cannot be made is a false non-match, an impostor
/// one is no false match. Pictures that cannot be used are named. Nothing is stored, and no consent
/// is asked: the set must be yours to use.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The CSV file; paths in it start from its folder
    protocol: PathBuf,
    /// Folder the paths start from instead
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// Which face is meant where there are several [default: largest for live or attack, else
    /// central]
    #[arg(long, value_enum)]
    face: Option<FaceArg>,
    /// Lay a grey frame around each picture, as a share of its longer side; for tight crops
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pad_grey: f32,
    /// Liveness score that counts as a person, 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.5)]
    live_at: f32,
    /// Embed with this ONNX file instead of the built-in model
    #[arg(long, value_name = "FILE")]
    onnx: Option<PathBuf>,
    /// The model's table of thresholds, for the rates at the working point
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Cores to use [default: all]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Draw the detection error trade-off
    #[arg(long, value_name = "FILE.svg")]
    det: Option<PathBuf>,
    /// Measure the pictures' quality too, and draw how false non-matches fall as the worst are
    /// discarded; for comparisons
    #[arg(long, value_name = "FILE.svg")]
    edc: Option<PathBuf>,
    /// Measure a table of thresholds instead: each picture of one subject against each of every
    /// other; PROTOCOL needs the columns file and subject
    #[arg(long, value_name = "FILE.toml", requires = "data", conflicts_with_all = ["table", "det", "edc"])]
    thresholds: Option<PathBuf>,
    /// What the set is, in words for a reader of the table
    #[arg(long, value_name = "TEXT", requires = "thresholds")]
    data: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum FaceArg {
    /// The one nearest the middle
    Central,
    /// The one with the largest box
    Largest,
}

pub(crate) fn run(args: Args, console: &Console) -> anyhow::Result<Code> {
    let options = options(&args)?;
    let bar = Bar::new(console);
    let progress = |progress| bar.show(progress);
    if let (Some(file), Some(data)) = (&args.thresholds, &args.data) {
        let command = command(&args.protocol, file);
        let table = eval::measure_thresholds(&options, data, &command, &progress)?;
        write(file, &table.to_string())?;
        return Ok(console.say(&measured(file, &table)));
    }
    let report = eval::run(&options, &progress)?;
    bar.clear();
    if let Some(file) = &args.det {
        let svg = report
            .det_svg()
            .context("marked faces and clips have no trade-off to draw; leave out --det")?;
        write(file, &svg)?;
    }
    if let Some(file) = &args.edc {
        let svg = report.edc_svg().context(
            "there is no error to draw against discard: only comparisons have them, and only where one is missed",
        )?;
        write(file, &svg)?;
    }
    let text = report.to_string();
    Ok(console.say(&Answer::done(
        text.trim_end(),
        serde_json::to_value(&report)?,
    )))
}

fn options(args: &Args) -> anyhow::Result<Options> {
    let table = args.table.as_deref().map(read_table).transpose()?;
    Ok(Options {
        root: args.root.clone(),
        face: args.face.map(|face| match face {
            FaceArg::Central => WhichFace::Central,
            FaceArg::Largest => WhichFace::Largest,
        }),
        pad_grey: args.pad_grey,
        embedder: args.onnx.clone().map_or(Embedder::Own, Embedder::Onnx),
        table,
        live_at: args.live_at,
        quality: args.edc.is_some(),
        threads: args.threads,
        ..Options::new(args.protocol.clone())
    })
}

fn read_table(path: &Path) -> anyhow::Result<ThresholdTable> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    ThresholdTable::parse(&text).with_context(|| path.display().to_string())
}

/// The command to put into a table: set and file, without the folders of this machine.
fn command(protocol: &Path, table: &Path) -> String {
    let name = |path: Option<&Path>| {
        path.and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let set = name(protocol.parent());
    let slash = if set.is_empty() { "" } else { "/" };
    let (protocol, table) = (name(Some(protocol)), name(Some(table)));
    format!("faceward eval {set}{slash}{protocol} --thresholds {table} --data ...")
}

fn measured(file: &Path, table: &ThresholdTable) -> Answer {
    let people = table.provenance().people;
    let mut text = format!(
        "{}: {} impostor comparisons of {people} people",
        file.display(),
        table.comparisons()
    );
    for row in table.rows() {
        text.push_str(&format!(
            "\n  FMR {:<8} score {:.4}",
            row.fmr.to_string(),
            row.threshold.value()
        ));
    }
    let answer = json!({
        "outcome": "measured",
        "file": file.display().to_string(),
        "model": table.model().to_string(),
        "comparisons": table.comparisons(),
        "people": people,
    });
    Answer::done(text, answer)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A bar where a person is watching; hidden when the error channel is no terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(console: &Console) -> Bar {
        let bar = if console.json() {
            ProgressBar::hidden()
        } else {
            ProgressBar::no_length()
        };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pictures  {eta} left");
        Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    fn show(&self, Progress { total, .. }: Progress) {
        self.0.set_length(total as u64);
        self.0.inc(1);
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}
