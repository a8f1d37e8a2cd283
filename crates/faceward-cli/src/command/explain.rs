mod heat;
mod page;

use std::path::PathBuf;

use anyhow::Context;
use faceward::{Explained, Outcome};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
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
    /// Where the page goes. It shows both faces: keep it as you would keep the pictures
    #[arg(long, short, value_name = "FILE", default_value = "explained.html")]
    out: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let pictures = [picture(&args.first)?, picture(&args.second)?];
    let ward = session.open_or_create(console).await?;
    let [first, second] = &pictures;
    let verdict = ward.explain([first, second], &args.consent).await?;
    ward.close().await;
    if let Outcome::Done(explained) = &verdict.outcome {
        let page = page::write(explained, &verdict.receipt)?;
        std::fs::write(&args.out, page)
            .with_context(|| format!("cannot write {}", args.out.display()))?;
    }
    let next = "say who agreed and how, with --consent 'both asked me to, in person'";
    Ok(console.say(&Answer::of(&verdict, next, |explained| {
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
            "outcome": word(compared.decision),
            "score": compared.score.value(),
            "false_match_rate": explained.rate.map(|(rate, _)| rate.share()),
            "match_at": threshold_json(&compared.match_at),
            "uncertain_at": threshold_json(&compared.uncertain_at),
            "regions": regions,
            "cells": {
                "first": explained.shares.of_left().to_vec(),
                "second": explained.shares.of_right().to_vec(),
                "neither": explained.shares.of_no_cell(),
            },
            "samples": compared.readings.iter().map(reading_json).collect::<Vec<_>>(),
            "page": page,
        }),
        code: code(compared.decision),
    }
}
