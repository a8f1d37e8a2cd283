use anyhow::bail;
use faceward::told::{consent_json, receipt_json};
use faceward::{Correction, Giver, Ward};
use serde_json::json;

use crate::answer::{Answer, Code, Console, counted};
use crate::session::{Session, handle};

/// Correct what is wrong: a person's handle, or what their consents say of age or guardian
///
/// A handle changes, and everything else stays: identifier, keys, marks in the ledger. A consent is
/// never edited: a corrected record takes its place, names it, and tells of the same agreement; the
/// wrong one is revoked and kept. Whether the corrected one counts is for the law to say.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// The handle they should have
    #[arg(long = "handle", value_name = "NEW", conflicts_with_all = ["age", "guardian", "relation"])]
    to: Option<String>,
    /// The age they had when they agreed: adult, minor (14 to 17) or under-14
    #[arg(long, value_name = "BAND")]
    age: Option<String>,
    /// The parent or guardian who agreed in their place
    #[arg(long, value_name = "NAME")]
    guardian: Option<String>,
    /// What the guardian is to them: parent or guardian
    #[arg(long, value_name = "RELATION")]
    relation: Option<String>,
    /// Only consents for this purpose
    #[arg(long, value_name = "PURPOSE", conflicts_with = "to")]
    purpose: Option<String>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let answer = match &args.to {
        Some(to) => rename(&ward, &args.handle, to).await?,
        None => correct(&ward, &args).await?,
    };
    ward.close().await;
    Ok(console.say(&answer))
}

async fn rename(ward: &Ward, from: &str, to: &str) -> anyhow::Result<Answer> {
    let receipt = ward.correct_handle(&handle(from)?, &handle(to)?).await?;
    let text = format!(
        "corrected: {from} is {to} now\n  recorded as ledger entry {}",
        receipt.position()
    );
    let fields = json!({ "outcome": "done", "who": to, "receipt": receipt_json(&receipt) });
    Ok(Answer::done(text, fields))
}

async fn correct(ward: &Ward, args: &Args) -> anyhow::Result<Answer> {
    let correction = Correction {
        age: args.age.as_deref().map(str::parse).transpose()?,
        given_by: args.guardian.clone().map(Giver::Guardian),
        relation: args.relation.as_deref().map(str::parse).transpose()?,
    };
    if correction.age.is_none() && correction.given_by.is_none() && correction.relation.is_none() {
        bail!("say what is to be corrected: --handle, --age, --guardian or --relation");
    }
    let purpose = args.purpose.as_deref().map(str::parse).transpose()?;
    let corrected = ward
        .correct_consents(&handle(&args.handle)?, purpose.as_ref(), &correction)
        .await?;
    let mut text = format!(
        "corrected: {} of {}",
        counted(corrected.consents.len() as u64, "consent record"),
        args.handle
    );
    let mut told = Vec::new();
    for (wrong, right) in &corrected.consents {
        let purpose = &right.terms().purpose;
        text.push_str(&format!(
            "\n  {purpose}: record {} in place of {wrong}",
            right.id()
        ));
        told.push(json!({ "wrong": wrong.to_string(), "right": consent_json(right) }));
    }
    text.push_str(&format!(
        "\n  recorded as ledger entry {}",
        corrected.receipt.position()
    ));
    let fields = json!({
        "outcome": "done",
        "consents": told,
        "receipt": receipt_json(&corrected.receipt),
    });
    Ok(Answer::done(text, fields))
}
