use std::fmt;

use serde::{Deserialize, Deserializer};

use super::{Provenance, Row, Tail, ThresholdTable};
use crate::{FalseMatchRate, Interval, MatchError, ModelId, Score};

/// Version of the table format written and read.
const VERSION: u32 = 1;

impl ThresholdTable {
    /// Reads a table in the format `Display` writes: TOML, version 1, unknown keys refused. The
    /// rows must go from the highest rate to the lowest, their thresholds must not fall, and each
    /// count must agree with its rate and its interval, so a mistyped figure is an error here and
    /// not a wrong answer later.
    ///
    /// # Errors
    /// [`MatchError::BadTable`] with the place and what was expected.
    pub fn parse(text: &str) -> Result<ThresholdTable, MatchError> {
        let bad = |why: String| MatchError::BadTable(why.trim_end().to_owned());
        let Version { version } = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
        if version != VERSION {
            return Err(bad(format!(
                "version {version} is unknown; this program reads version {VERSION}"
            )));
        }
        let file: File = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
        check_order(&file.row).map_err(bad)?;
        let rows = file
            .row
            .iter()
            .map(|row| parsed_row(row, file.comparisons))
            .collect::<Result<_, _>>()
            .map_err(bad)?;
        let tail = file.tail.map(parsed_tail).transpose().map_err(bad)?;
        let provenance = Provenance {
            data: file.data,
            people: file.people,
            command: file.command,
        };
        Ok(ThresholdTable {
            model: file.model,
            provenance,
            comparisons: file.comparisons,
            rows,
            tail,
        })
    }
}

impl fmt::Display for ThresholdTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Provenance {
            data,
            people,
            command,
        } = &self.provenance;
        let quoted = |text: &str| toml::Value::from(text).to_string();
        writeln!(f, "version = {VERSION}")?;
        writeln!(f, "model = {}", quoted(&self.model.to_string()))?;
        writeln!(f, "data = {}", quoted(data))?;
        writeln!(f, "people = {people}")?;
        writeln!(f, "comparisons = {}", self.comparisons)?;
        writeln!(f, "command = {}", quoted(command))?;
        writeln!(
            f,
            "\n# Scores at or above the threshold match. Interval: Wilson, 95 %, as if the comparisons"
        )?;
        writeln!(
            f,
            "# were independent; they share faces, so the truth is less certain."
        )?;
        for row in &self.rows {
            writeln!(f, "\n[[row]]\nfmr = {:e}", row.fmr.share())?;
            writeln!(f, "threshold = {}", row.threshold.value())?;
            writeln!(f, "false_matches = {}", row.false_matches)?;
            writeln!(
                f,
                "interval = [{:.3e}, {:.3e}]",
                row.interval.low, row.interval.high
            )?;
        }
        let Some(tail) = &self.tail else {
            return Ok(());
        };
        writeln!(
            f,
            "\n# Below the last row: threshold = from + scale * ln(rate / fmr), an exponential tail."
        )?;
        writeln!(
            f,
            "[tail]\nfrom = {}\nrate = {:e}",
            tail.from.value(),
            tail.rate.share()
        )?;
        writeln!(
            f,
            "scale = {}\nexceedances = {}",
            tail.scale, tail.exceedances
        )
    }
}

fn check_order(rows: &[FileRow]) -> Result<(), String> {
    if rows.is_empty() {
        return Err("no [[row]]; a table needs at least one measured row".to_owned());
    }
    for (above, below) in rows.iter().zip(rows.iter().skip(1)) {
        if below.fmr.0 >= above.fmr.0 || below.threshold.0 < above.threshold.0 {
            return Err(format!(
                "row fmr = {:e}: rates must fall and thresholds rise from row to row",
                below.fmr.0.share()
            ));
        }
    }
    Ok(())
}

fn parsed_row(row: &FileRow, comparisons: u64) -> Result<Row, String> {
    let interval = Interval::wilson(row.false_matches, comparisons);
    let observed = row.false_matches as f64 / comparisons as f64;
    let [low, high] = row.interval;
    let near = |written: f64, exact: f64| (written - exact).abs() <= 1e-3 * exact;
    let fmr = row.fmr.0;
    if observed.is_nan() || observed > fmr.share() {
        return Err(format!(
            "row fmr = {:e}: {} of {comparisons} is more than that",
            fmr.share(),
            row.false_matches
        ));
    }
    if !near(low, interval.low) || !near(high, interval.high) {
        let Interval { low, high } = interval;
        return Err(format!(
            "row fmr = {:e}: the interval should be [{low:.3e}, {high:.3e}]",
            fmr.share()
        ));
    }
    Ok(Row {
        fmr,
        threshold: row.threshold.0,
        false_matches: row.false_matches,
        interval,
    })
}

fn parsed_tail(tail: FileTail) -> Result<Tail, String> {
    if !(tail.scale > 0.0 && tail.scale < 1.0) {
        return Err(format!(
            "tail: scale is {}; it must lie between 0 and 1",
            tail.scale
        ));
    }
    Ok(Tail {
        from: tail.from.0,
        rate: tail.rate.0,
        scale: tail.scale,
        exceedances: tail.exceedances,
    })
}

/// Read first, so that a newer file is named as such and not as a heap of unknown keys.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(deserialize_with = "model")]
    model: ModelId,
    data: String,
    people: u64,
    comparisons: u64,
    command: String,
    #[serde(default)]
    row: Vec<FileRow>,
    tail: Option<FileTail>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    fmr: FileRate,
    threshold: FileScore,
    false_matches: u64,
    interval: [f64; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTail {
    from: FileScore,
    rate: FileRate,
    scale: f64,
    exceedances: u64,
}

#[derive(Deserialize)]
#[serde(try_from = "f64")]
struct FileRate(FalseMatchRate);

impl TryFrom<f64> for FileRate {
    type Error = MatchError;

    fn try_from(share: f64) -> Result<FileRate, MatchError> {
        FalseMatchRate::new(share).map(FileRate)
    }
}

#[derive(Deserialize)]
#[serde(try_from = "f32")]
struct FileScore(Score);

impl TryFrom<f32> for FileScore {
    type Error = MatchError;

    fn try_from(value: f32) -> Result<FileScore, MatchError> {
        Score::new(value).map(FileScore)
    }
}

fn model<'de, D: Deserializer<'de>>(from: D) -> Result<ModelId, D::Error> {
    String::deserialize(from)?
        .parse()
        .map_err(serde::de::Error::custom)
}
