use std::path::PathBuf;

use faceward::{Decision, Threshold, ThresholdBasis, Verified};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::enroll::{reading_json, reading_text};
use crate::session::{Session, Whom, handle, picture};

/// Is this the person it is claimed to be? (1:1)
///
/// The law is asked before the picture is looked at. Exit code 0 is a match, 1 no match, 4
/// uncertain, 3 refused.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
    /// A picture of one person
    picture: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let who = &args.whom.handle;
    let verdict = ward
        .verify(&handle(who)?, &purpose, &picture(&args.picture)?)
        .await?;
    ward.close().await;
    let next =
        format!("ask {who}; then `faceward consent give {who} --purpose {purpose} …` and enrol");
    let answer = Answer::of(&verdict, &next, |verified| verified_answer(who, verified));
    Ok(console.say(&answer))
}

fn verified_answer(who: &str, verified: &Verified) -> Answer {
    let verdict = match verified.decision {
        Decision::Match => format!("match: this is {who}"),
        Decision::Uncertain => format!("uncertain: this may be {who}; a person should look"),
        Decision::NoMatch => format!("no match: this is not {who}"),
    };
    let text = format!(
        "{verdict}\n  {}{}",
        scale(
            verified.score.value(),
            &verified.match_at,
            &verified.uncertain_at
        ),
        reading_text(&verified.reading),
    );
    Answer {
        text,
        json: json!({
            "outcome": word(verified.decision),
            "score": verified.score.value(),
            "match_at": threshold_json(&verified.match_at),
            "uncertain_at": threshold_json(&verified.uncertain_at),
            "references": verified.references,
            "sample": reading_json(&verified.reading),
        }),
        code: code(verified.decision),
    }
}

/// A score beside the thresholds it was held against.
pub(crate) fn scale(score: f32, match_at: &Threshold, uncertain_at: &Threshold) -> String {
    format!(
        "score {score:.3}; a match from {} (false match rate {}), uncertain from {} ({})",
        match_at.score, match_at.asked, uncertain_at.score, uncertain_at.asked
    )
}

pub(crate) fn threshold_json(threshold: &Threshold) -> Value {
    json!({
        "score": threshold.score.value(),
        "false_match_rate": threshold.asked.share(),
        "measured": matches!(threshold.basis, ThresholdBasis::Measured(_)),
    })
}

pub(crate) fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Match => "match",
        Decision::Uncertain => "uncertain",
        Decision::NoMatch => "no-match",
    }
}

pub(crate) fn code(decision: Decision) -> Code {
    match decision {
        Decision::Match => Code::Yes,
        Decision::Uncertain => Code::Uncertain,
        Decision::NoMatch => Code::No,
    }
}
