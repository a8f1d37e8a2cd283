use std::path::{Path, PathBuf};

use faceward::{Decision, Identified, Purpose, Ward};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::enroll::{reading_json, reading_text};
use crate::command::verify::{code, threshold_json, word};
use crate::progress::Steps;
use crate::session::{For, Session, picture, pictures};

/// Who, of those who agreed to be searched for this purpose, is this? (1:N)
///
/// Only people with a live consent for the purpose are in the room. Of a stranger nothing is kept.
/// Thresholds rise with the number of people, so that the false match rate holds for the whole
/// search.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    purpose: For,
    /// A picture of one person, or a folder of such pictures
    #[arg(value_name = "PICTURE")]
    pictures: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let paths = pictures(&args.pictures)?;
    let ward = session.open().await?;
    let purpose = args.purpose.resolve(&ward)?;
    let steps = Steps::over(paths.len(), console);
    let mut worst = Code::Yes;
    for path in &paths {
        let answer = identify(&ward, &purpose, path).await;
        let answer = answer.unwrap_or_else(|error| Answer::error(&error));
        steps.say(path, &answer, console);
        worst = Code::worse(worst, answer.code);
    }
    ward.close().await;
    Ok(worst)
}

async fn identify(ward: &Ward, purpose: &Purpose, path: &Path) -> anyhow::Result<Answer> {
    let verdict = ward.identify(purpose, &picture(path)?).await?;
    let next = "enrol people who agreed to this purpose; there is nobody to search";
    Ok(Answer::of(&verdict, next, identified_answer))
}

fn identified_answer(found: &Identified) -> Answer {
    let mut text = match (found.decision, found.candidates.first()) {
        (Decision::Match, Some(best)) => format!("match: this is {}", best.handle),
        (_, Some(best)) => format!(
            "uncertain: this may be {}; a person should look",
            best.handle
        ),
        (_, None) => "unknown: nobody who agreed looks like this; nothing was kept".to_owned(),
    };
    for candidate in &found.candidates {
        text.push_str(&format!("\n  {} {}", candidate.score, candidate.handle));
    }
    text.push_str(&format!(
        "\n  {} searched; a match from {}, uncertain from {}",
        found.people, found.match_at.score, found.uncertain_at.score
    ));
    text.push_str(&reading_text(&found.reading));
    let candidates: Vec<Value> = found
        .candidates
        .iter()
        .map(|c| json!({ "who": c.handle.as_str(), "score": c.score.value(), "decision": word(c.decision) }))
        .collect();
    Answer {
        text,
        json: json!({
            "outcome": word(found.decision),
            "candidates": candidates,
            "people": found.people,
            "match_at": threshold_json(&found.match_at),
            "uncertain_at": threshold_json(&found.uncertain_at),
            "sample": reading_json(&found.reading),
        }),
        code: code(found.decision),
    }
}
