use faceward::told::receipt_json;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::private::write_private;
use crate::session::{Session, Whom, handle};

/// Make out a signed receipt of a consent, for the person
///
/// The person can show it to anyone, who checks it with `faceward receipt verify` or any other
/// program that reads JWS. It names no person and holds no picture. Needs a table [controller] in
/// faceward.toml, or a deployment.
#[derive(clap::Args)]
pub(super) struct Receipt {
    #[command(flatten)]
    whom: Whom,
    /// New file to write, readable by its owner only; printed if left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn receipt(
    args: &Receipt,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let issued = ward
        .consent_receipt(&handle(&args.whom.handle)?, &purpose)
        .await?;
    let (key, ledger) = (ward.receipt_key()?, ward.ledger_key());
    ward.close().await;
    let text = match &args.out {
        Some(path) => {
            write_private(path, &issued.signed)
                .with_context(|| format!("cannot write {}", path.display()))?;
            format!(
                "receipt {} written to {}; anyone can check it:\n  \
                 faceward receipt verify {} --key '{key}' --ledger-key '{ledger}'\n  \
                 recorded as ledger entry {}",
                issued.document.receipt_id,
                path.display(),
                path.display(),
                issued.receipt.position(),
            )
        }
        None => issued.signed.clone(),
    };
    let fields = json!({
        "outcome": "done",
        "document": issued.document,
        "signed": issued.signed,
        "file": args.out.as_ref().map(|path| path.display().to_string()),
        "receipt": receipt_json(&issued.receipt),
    });
    Ok(console.say(&Answer::done(text, fields)))
}
