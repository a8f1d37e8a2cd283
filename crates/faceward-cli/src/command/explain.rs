mod heat;
mod page;
mod regions;

use std::path::PathBuf;

use anyhow::{Context, bail};
use faceward::told::explained_json;
use faceward::{Covering, Explained, ExplainedSide, Outcome, Purpose, Region, Verdict, Ward};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::compare::STATE;
use crate::command::enroll::reading_json;
use crate::command::verify::{code, scale, threshold_json};
use crate::session::{Session, handle, picture};

/// Show what of two faces made their score
///
/// Writes a page: both faces as the model saw them, what each region added to the score, how often
/// strangers score as high, and what the score does not say. With --consent, of two pictures, as
/// `compare` does. With --purpose, of a person and a picture, as `verify` does: against the face map
/// that was kept when they were enrolled, where the deployment says `face_map_because`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A picture of one person; with --purpose, who: the handle you know them by
    #[arg(value_name = "A")]
    first: PathBuf,
    /// A picture
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
    /// The purpose that the person agreed to
    #[arg(long, value_name = "PURPOSE", conflicts_with = "consent")]
    purpose: Option<Purpose>,
    /// Where the page goes. It shows faces: keep it as you would keep the pictures
    #[arg(long, short, value_name = "FILE", default_value = "explained.html")]
    out: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let second = picture(&args.second)?;
    let (ward, verdict, next) = match &args.purpose {
        Some(purpose) => {
            let Some(who) = args.first.to_str() else {
                bail!("{} is no handle", args.first.display());
            };
            let ward = session.open().await?;
            let verdict = claim(&ward, who, purpose, &second).await?;
            let next = format!(
                "ask {who}; then `faceward consent give {who} --purpose {purpose} …` and enrol"
            );
            (ward, verdict, next)
        }
        None => {
            let first = picture(&args.first)?;
            let ward = session.open_or_create(console).await?;
            let verdict = ward.explain([&first, &second], &args.consent).await?;
            (ward, verdict, STATE.to_owned())
        }
    };
    ward.close().await;
    if let Outcome::Done(explained) = &verdict.outcome {
        let page = page::write(explained, &verdict.receipt)?;
        std::fs::write(&args.out, page)
            .with_context(|| format!("cannot write {}", args.out.display()))?;
    }
    Ok(console.say(&Answer::of(&verdict, &next, |explained| {
        explained_answer(explained, &args.out.display().to_string())
    })))
}

async fn claim(
    ward: &Ward,
    who: &str,
    purpose: &Purpose,
    picture: &[u8],
) -> anyhow::Result<Verdict<Explained>> {
    Ok(ward.explain_claim(&handle(who)?, purpose, picture).await?)
}

fn explained_answer(explained: &Explained, page: &str) -> Answer {
    let mut text = format!(
        "{}\n  {}",
        page::verdict(explained.decision),
        scale(
            explained.score.value(),
            &explained.match_at,
            &explained.uncertain_at
        )
    );
    for (region, first, second) in explained.shares.by_region() {
        text.push_str(&format!("\n  {first:+.3} {second:+.3}  {}", region.name()));
    }
    for (which, side) in ["first", "second"].into_iter().zip(&explained.sides) {
        let names = covered_regions(side.covering());
        if !names.is_empty() {
            text.push_str(&format!("\n  covered in the {which}: {}", names.join(", ")));
        }
    }
    text.push_str(&format!("\n  page: {page}"));
    let samples = explained.sides.iter().map(|side| match side {
        ExplainedSide::Seen(seen) => reading_json(&seen.reading),
        ExplainedSide::Kept { .. } => Value::Null,
    });
    let mut json = explained_json(explained);
    if let Value::Object(fields) = &mut json {
        fields.insert("match_at".into(), threshold_json(&explained.match_at));
        fields.insert(
            "uncertain_at".into(),
            threshold_json(&explained.uncertain_at),
        );
        fields.insert("samples".into(), samples.collect());
        fields.insert("page".into(), json!(page));
    }
    Answer {
        text,
        json,
        code: code(explained.decision),
    }
}

/// What is covered, by name.
fn covered_regions(covering: Option<&Covering>) -> Vec<&'static str> {
    let regions = covering.into_iter().flat_map(Covering::regions);
    regions.map(Region::name).collect()
}
