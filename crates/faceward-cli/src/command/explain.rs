mod heat;
mod page;

use std::path::PathBuf;

use anyhow::Context;
use faceward::{Explained, Outcome};
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
    text.push_str(&format!("\n  page: {page}"));
    let regions = explained.shares.by_region();
    let regions: Vec<Value> = regions
        .map(|(region, first, second)| {
            json!({ "region": region.name(), "first": first, "second": second })
        })
        .collect();
    Answer {
        text,
        json: json!({
            "covered": explained.covered,
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
