use std::path::PathBuf;

use faceward::{Compared, Decision};
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::command::enroll::{reading_json, reading_text};
use crate::command::verify::{code, scale, threshold_json, word};
use crate::session::{Session, picture};

/// Do two pictures show the same person? Asked once; nothing is kept
///
/// There is no consent on record to go by, so you state one: who agreed to this comparison, and
/// how. That a statement was made is recorded (not its words), and proving it would be up to you.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A picture of one person
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Another
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Who agreed to this, and how: 'both asked me to, in person'
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    consent: String,
}

/// What to do when it was not stated who agreed.
pub(crate) const STATE: &str =
    "say who agreed and how, with --consent 'both asked me to, in person'";

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let pictures = [picture(&args.first)?, picture(&args.second)?];
    let ward = session.open_or_create(console).await?;
    let [first, second] = &pictures;
    let verdict = ward.compare([first, second], &args.consent).await?;
    ward.close().await;
    Ok(console.say(&Answer::of(&verdict, STATE, compared_answer)))
}

fn compared_answer(compared: &Compared) -> Answer {
    let verdict = match compared.decision {
        Decision::Match => "match: the same person",
        Decision::Uncertain => "uncertain: perhaps the same person; a person should look",
        Decision::NoMatch => "no match: two different people",
    };
    let readings: String = compared.readings.iter().map(reading_text).collect();
    let text = format!(
        "{verdict}\n  {}{readings}",
        scale(
            compared.score.value(),
            &compared.match_at,
            &compared.uncertain_at
        )
    );
    Answer {
        text,
        json: json!({
            "outcome": word(compared.decision),
            "score": compared.score.value(),
            "match_at": threshold_json(&compared.match_at),
            "uncertain_at": threshold_json(&compared.uncertain_at),
            "samples": compared.readings.iter().map(reading_json).collect::<Vec<_>>(),
        }),
        code: code(compared.decision),
    }
}
