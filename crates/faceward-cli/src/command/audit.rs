use faceward::told::{entry_json, receipt_json};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Subcommand;
use faceward::{Audited, Entry, VerifyingKey, check_entry_proof, check_folder};
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::{Session, handle};

/// Read the ledger and check that nothing in it was changed
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    List(List),
    Check(Check),
    Proof(Proof),
    Export(Export),
}

/// List what was recorded, newest last
#[derive(clap::Args)]
struct List {
    /// Only what concerns this person
    #[arg(long, value_name = "WHO")]
    about: Option<String>,
    /// Only this many of the newest entries
    #[arg(long, value_name = "N")]
    last: Option<u64>,
}

/// Rebuild the tree from every entry and hold it against the signed checkpoint
#[derive(clap::Args)]
struct Check {
    /// Check an exported ledger instead, offline and without a vault
    #[arg(long, value_name = "DIR", requires = "key", conflicts_with = "proof")]
    log: Option<PathBuf>,
    /// Check one receipt instead, offline: JSON as any answer or `audit proof --json` carries it
    #[arg(long, value_name = "FILE", requires = "key")]
    proof: Option<PathBuf>,
    /// The public key of the ledger, as its controller published it
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

/// Print the receipt of an entry: its hash, a signed checkpoint and the proof between them
#[derive(clap::Args)]
struct Proof {
    /// Position of the entry, from 0
    entry: u64,
}

/// Write the ledger into a new folder that anyone can check (C2SP tlog-tiles)
#[derive(clap::Args)]
struct Export {
    /// Folder to make
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::List(args) => list(&args, session, console).await,
        What::Check(args) => check(&args, session, console).await,
        What::Proof(args) => proof(&args, session, console).await,
        What::Export(args) => export(&args, session, console).await,
    }
}

async fn list(args: &List, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let mut entries = match &args.about {
        Some(who) => ward.entries_about(&handle(who)?).await?,
        None => {
            let size = ward.ledger_size().await?;
            let first = args.last.map_or(0, |last| size.saturating_sub(last));
            ward.entries(first..size).await?
        }
    };
    ward.close().await;
    if let Some(last) = args.last {
        let surplus = entries.len().saturating_sub(usize::try_from(last)?);
        entries.drain(..surplus);
    }
    let mut lines: Vec<String> = entries.iter().map(entry_line).collect();
    if lines.is_empty() {
        lines.push("nothing is recorded yet".to_owned());
    }
    let fields = json!({
        "outcome": "done",
        "entries": entries.iter().map(entry_json).collect::<Vec<_>>(),
    });
    Ok(console.say(&Answer::done(lines.join("\n"), fields)))
}

async fn check(args: &Check, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let key: Option<VerifyingKey> = match &args.key {
        Some(key) => Some(key.parse().context("--key")?),
        None => None,
    };
    let audited = match (&args.log, &args.proof, key) {
        (Some(folder), _, Some(key)) => check_folder(folder, &key)?,
        (_, Some(file), Some(key)) => return Ok(console.say(&check_proof(file, &key)?)),
        _ => {
            let ward = session.open().await?;
            let audited = ward.audit().await?;
            ward.close().await;
            audited
        }
    };
    Ok(console.say(&audited_answer(&audited)))
}

fn audited_answer(audited: &Audited) -> Answer {
    let text = format!(
        "the ledger holds together: {} entries, each one as it was recorded, under a checkpoint signed by {}",
        audited.entries, audited.origin
    );
    let fields = json!({
        "outcome": "done",
        "origin": audited.origin,
        "entries": audited.entries,
        "checkpoint": audited.checkpoint,
    });
    Answer::done(text, fields)
}

/// Checks a receipt: its checkpoint is signed, and its entry is in the ledger under it.
fn check_proof(file: &Path, key: &VerifyingKey) -> anyhow::Result<Answer> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let proven = check_entry_proof(&text, key).map_err(|why| anyhow!("{name}: {why}"))?;
    let text = format!(
        "the receipt holds: entry {} is in the ledger {}, under a checkpoint over {} entries",
        proven.position, proven.origin, proven.entries
    );
    let fields = json!({
        "outcome": "done",
        "entry": proven.position,
        "origin": proven.origin,
        "entries": proven.entries,
    });
    Ok(Answer::done(text, fields))
}

async fn proof(args: &Proof, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let receipt = ward.entry_proof(args.entry).await?;
    let entry = ward
        .entries(args.entry..args.entry.saturating_add(1))
        .await?;
    let key = ward.ledger_key().to_string();
    ward.close().await;
    let mut text = entry.iter().map(entry_line).collect::<Vec<_>>().join("\n");
    text.push_str(&format!(
        "\n\nleaf hash {}\nledger key {key}\n\n{}\n{}",
        receipt.entry(),
        receipt.checkpoint(),
        receipt.proof(),
    ));
    let fields = json!({
        "outcome": "done",
        "entry": entry.first().map(entry_json),
        "ledger_key": key,
        "receipt": receipt_json(&receipt),
    });
    Ok(console.say(&Answer::done(text, fields)))
}

async fn export(args: &Export, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let entries = ward.export_ledger(&args.folder).await?;
    let key = ward.ledger_key().to_string();
    ward.close().await;
    let folder = args.folder.display().to_string();
    let text = format!(
        "{entries} entries written to {folder}; anyone can check them:\n  \
         faceward audit check --log {folder} --key '{key}'"
    );
    let fields = json!({
        "outcome": "done", "entries": entries, "folder": folder, "ledger_key": key,
    });
    Ok(console.say(&Answer::done(text, fields)))
}

/// An entry of the ledger as a line.
pub(crate) fn entry_line(entry: &Entry) -> String {
    let event = &entry.event;
    let mut line = format!(
        "{:>6}  {}  {:<17} {:<9}",
        entry.position,
        event.at,
        event.act.word(),
        event.outcome.word()
    );
    for part in [&event.purpose, &event.reason].into_iter().flatten() {
        line.push_str(&format!("  {part}"));
    }
    if !event.rules.is_empty() {
        line.push_str(&format!("  [{}]", event.rules.join(", ")));
    }
    if let Some(by) = event.by {
        line.push_str(&format!("  asked by {by}"));
    }
    line.trim_end().to_owned()
}
