use std::collections::BTreeSet;

use faceward_match::{Provenance, Score, ThresholdTable, score};

use super::readings::{Readings, Wanted};
use super::{EvalError, Options, Progress, WhichFace, protocol};

/// Measures the threshold table of the reader's model: every picture of one person against every
/// picture of every other, over a file with the columns `file` and `subject`. Pictures without a
/// template are left out.
///
/// `data` and `command` go into the table: which set it is, and how to measure it again.
///
/// # Errors
/// See [`EvalError`]; [`EvalError::Match`] if fewer than 1,000 comparisons can be made.
pub fn measure_thresholds(
    options: &Options,
    data: &str,
    command: &str,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<ThresholdTable, EvalError> {
    options.check()?;
    let people = protocol::read_people(&options.protocol)?;
    let reader = options.reader()?;
    let files = people.iter().map(|(file, _)| file.as_str()).collect();
    let wanted = Wanted::Template {
        face: options.face.unwrap_or(WhichFace::Central),
        liveness: false,
        enrolled: false,
        quality: false,
    };
    let readings = Readings::read(options, &reader, files, wanted, progress)?;
    let templates = people
        .iter()
        .filter_map(|(file, who)| Some((who, readings.template(file)?)));
    let templates: Vec<_> = templates.collect();
    let mut impostors: Vec<Score> = Vec::new();
    for (at, (who, a)) in templates.iter().enumerate() {
        for (other, b) in templates.iter().take(at) {
            if other != who {
                impostors.push(score(a, b)?);
            }
        }
    }
    let seen: BTreeSet<_> = templates.iter().map(|(who, _)| *who).collect();
    let provenance = Provenance {
        data: data.to_owned(),
        people: seen.len() as u64,
        command: command.to_owned(),
    };
    Ok(ThresholdTable::measure(
        reader.model().clone(),
        provenance,
        impostors,
    )?)
}
