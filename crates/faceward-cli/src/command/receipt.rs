use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use faceward::{
    CheckedReceipt, ConsentReceipt, ErasureCertificate, ReceiptKey, VerifyingKey, WardError,
    check_receipt,
};
use jiff::Timestamp;
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::Session;

/// Check a consent receipt or an erasure certificate, or print the key that signs them
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Verify(Verify),
    Key(Key),
}

/// Check a receipt or certificate offline, without a ward
///
/// Exit code 0: it verifies; 1: it does not; 2: it is no receipt at all, or cannot be read.
#[derive(clap::Args)]
struct Verify {
    /// File with the signed receipt
    file: PathBuf,
    /// The controller's receipt key, as published (`faceward receipt key`), as text or as a JWK
    ///
    /// Without it a consent receipt is checked with the key it names itself: that shows that it is
    /// whole, not who made it.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The public key of the ledger, as its controller published it
    #[arg(long, value_name = "KEY")]
    ledger_key: Option<String>,
}

/// Print the public key that signs this ward's receipts, as text and as a JWK
#[derive(clap::Args)]
struct Key {}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::Verify(args) => verify(&args, console),
        What::Key(Key {}) => key(session, console).await,
    }
}

fn verify(args: &Verify, console: &Console) -> anyhow::Result<Code> {
    let key: Option<ReceiptKey> = match &args.key {
        Some(text) => Some(text.parse().context("--key")?),
        None => None,
    };
    let ledger: Option<VerifyingKey> = match &args.ledger_key {
        Some(text) => Some(text.parse().context("--ledger-key")?),
        None => None,
    };
    let file = args.file.display();
    let bytes = std::fs::read(&args.file).with_context(|| format!("cannot read {file}"))?;
    let signed = String::from_utf8(bytes)
        .with_context(|| format!("{file} is not a receipt: it is not text"))?;
    match check_receipt(&signed, key.as_ref(), ledger.as_ref(), Timestamp::now()) {
        Ok(checked) => {
            let mut answer = holds(&checked);
            if key.is_none() || ledger.is_none() {
                answer.text.push_str(
                    "\n  NOTE: checked with what the document says itself where no key was given; \
                     compare with the keys that the controller publishes",
                );
            }
            Ok(console.say(&answer))
        }
        Err(WardError::Receipt(error)) if error.is_no_receipt() => {
            Err(error).with_context(|| file.to_string())
        }
        Err(error) => Ok(console.say(&Answer {
            text: format!("{file} does not verify: {error}"),
            json: json!({ "outcome": "invalid", "reason": error.to_string() }),
            code: Code::No,
        })),
    }
}

fn holds(checked: &CheckedReceipt) -> Answer {
    match checked {
        CheckedReceipt::Consent {
            receipt,
            key,
            ledger,
        } => consent(receipt, key, ledger),
        CheckedReceipt::Erasure {
            certificate, key, ..
        } => erasure(certificate, key),
    }
}

fn consent(receipt: &ConsentReceipt, key: &ReceiptKey, ledger: &VerifyingKey) -> Answer {
    let last = receipt.events.last();
    let state = last.map_or("", |event| &event.event_state);
    let until = receipt
        .valid_until()
        .map_or_else(String::new, |until| format!(" until {until}"));
    let entries: Vec<String> = receipt
        .ledger
        .iter()
        .map(|tie| tie.position.to_string())
        .collect();
    let text = format!(
        "the receipt holds: {} ({}){until}, {state} when it was made out on {}\n  \
         record {}, person {}\n  signed by {key}\n  entry {} of the ledger {}",
        receipt.processing.purpose,
        receipt.processing.scope,
        receipt.issued_at,
        receipt.record_id,
        receipt.pii_principal_id,
        entries.join(", "),
        ledger.name(),
    );
    let fields = json!({
        "outcome": "done",
        "kind": "consent-receipt",
        "document": receipt,
        "key": key.to_string(),
        "kid": key.id(),
        "ledger": ledger.name().to_string(),
    });
    Answer::done(text, fields)
}

fn erasure(certificate: &ErasureCertificate, key: &ReceiptKey) -> Answer {
    let destroyed: Vec<String> = certificate
        .items
        .iter()
        .map(|item| format!("{} × {} ({})", item.count, item.kind, item.method))
        .collect();
    let text = format!(
        "the certificate holds: {} destroyed for {} ({}, due {})\n  \
         a search on {} found nothing\n  signed by {key}\n  entry {} of the ledger",
        destroyed.join(", "),
        certificate.purpose,
        certificate.trigger,
        certificate.trigger_time,
        certificate.verified_by.at,
        certificate.ledger.position,
    );
    let fields = json!({
        "outcome": "done",
        "kind": "erasure-certificate",
        "document": certificate,
        "key": key.to_string(),
        "kid": key.id(),
    });
    Answer::done(text, fields)
}

async fn key(session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let key = ward.receipt_key()?;
    ward.close().await;
    let jwk = key.jwk();
    let fields = json!({ "outcome": "done", "key": key.to_string(), "kid": key.id(), "jwk": jwk });
    Ok(console.say(&Answer::done(format!("{key}\n{jwk}"), fields)))
}
