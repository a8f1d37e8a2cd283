mod heat;
mod page;

use std::path::PathBuf;

use anyhow::Context;
use faceward::{Covering, Explained, Outcome, Region};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::compare::{STATE, Two};
use crate::command::enroll::reading_json;
use crate::command::verify::{code, scale, threshold_json, word};
use crate::session::{Session, picture};

/// Show what of two faces made their score
///
/// Writes a page: both faces as the model saw them, what each region added to the score, how often
/// strangers score as high, and what the score does not say. Consent is stated as for `compare`;
/// what is recorded is a comparison.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    two: Two,
    /// Where the page goes. It shows both faces: keep it as you would keep the pictures
    #[arg(long, short, value_name = "FILE", default_value = "explained.html")]
    out: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let Two {
        first,
        second,
        consent,
    } = args.two;
    let pictures = [picture(&first)?, picture(&second)?];
    let ward = session.open_or_create(console).await?;
    let [first, second] = &pictures;
    let verdict = ward.explain([first, second], &consent).await?;
    ward.close().await;
    if let Outcome::Done(explained) = &verdict.outcome {
        let page = page::write(explained, &verdict.receipt)?;
        std::fs::write(&args.out, page)
            .with_context(|| format!("cannot write {}", args.out.display()))?;
    }
    Ok(console.say(&Answer::of(&verdict, STATE, |explained| {
        explained_answer(explained, &args.out.display().to_string())
    })))
}

fn explained_answer(explained: &Explained, page: &str) -> Answer {
    let compared = &explained.compared;
    let mut text = format!(
        "{}\n  {}",
        page::verdict(compared.decision),
        scale(
            compared.score.value(),
            &compared.match_at,
            &compared.uncertain_at
        )
    );
    for (region, first, second) in explained.shares.by_region() {
        text.push_str(&format!("\n  {first:+.3} {second:+.3}  {}", region.name()));
    }
    for (which, covering) in ["first", "second"].into_iter().zip(&explained.covering) {
        let names = covered_regions(covering.as_ref());
        if !names.is_empty() {
            text.push_str(&format!("\n  covered in the {which}: {}", names.join(", ")));
        }
    }
    text.push_str(&format!("\n  page: {page}"));
    let [masked, other_masked] = explained.masked;
    let [covering, other_covering] = &explained.covering;
    let regions = explained.shares.by_region();
    let regions: Vec<Value> = regions
        .map(|(region, first, second)| {
            json!({ "region": region.name(), "first": first, "second": second })
        })
        .collect();
    Answer {
        text,
        json: json!({
            "covered": {
                "first": covered_json(masked, covering.as_ref()),
                "second": covered_json(other_masked, other_covering.as_ref()),
            },
            "outcome": word(compared.decision),
            "score": compared.score.value(),
            "false_match_rate": explained.rate.map(|(rate, _)| rate.share()),
            "match_at": threshold_json(&compared.match_at),
            "uncertain_at": threshold_json(&compared.uncertain_at),
            "regions": regions,
            "cells": {
                "first": explained.shares.of_left().to_vec(),
                "second": explained.shares.of_right().to_vec(),
                "neither": explained.shares.of_no_cell().0,
            },
            "samples": compared.readings.iter().map(reading_json).collect::<Vec<_>>(),
            "page": page,
        }),
        code: code(compared.decision),
    }
}

/// What is covered, by name.
fn covered_regions(covering: Option<&Covering>) -> Vec<&'static str> {
    let regions = covering.into_iter().flat_map(Covering::regions);
    regions.map(Region::name).collect()
}

/// `cells` is null where the face is too small to tell.
fn covered_json(mask: bool, covering: Option<&Covering>) -> Value {
    json!({
        "mask": mask,
        "regions": covered_regions(covering),
        "cells": covering.map(|covering| covering.cells().to_vec()),
    })
}
