use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use faceward::{Held, Opening, Openings};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console, hex, receipt_json};
use crate::command::audit::entry_json;
use crate::command::consent::{consent_json, counted, record_json};
use crate::session::{Session, handle};

/// Write out everything held on a person, for that person (JSON)
///
/// Consents, references by purpose (described, not handed out), and every ledger entry that
/// concerns them. Needs no permit; that it was given out is recorded.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// New file to write, readable by its owner only; printed if left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let held = ward.export(handle(&args.handle)?).await?;
    let openings = ward.openings(&held.handle).await?;
    ward.close().await;
    let mut fields = held_json(&held);
    fields["opens"] = opens(&openings);
    let pretty = serde_json::to_string_pretty(&fields)?;
    let text = match &args.out {
        Some(path) => {
            write_private(path, &pretty)
                .with_context(|| format!("cannot write {}", path.display()))?;
            format!(
                "everything held on {}: {}, {}, written to {}",
                args.handle,
                counted(held.consents.len() as u64, "consent record"),
                counted(held.references.iter().map(|r| r.count).sum(), "reference"),
                path.display(),
            )
        }
        None => pretty,
    };
    let fields = match &args.out {
        Some(path) => json!({
            "outcome": "done",
            "file": path.display().to_string(),
            "receipt": receipt_json(&held.receipt),
        }),
        None => fields,
    };
    Ok(console.say(&Answer::done(text, fields)))
}

/// Writes a new file that only its owner may read: it holds personal data in the clear.
pub(crate) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// What lets the person show, without us, that these entries are theirs.
fn opens(openings: &Openings) -> Value {
    let opening = |opening: &Opening| {
        json!({
            "entry": opening.entry,
            "salt": hex(&opening.salt),
            "record": opening.record,
        })
    };
    openings.opens.iter().map(opening).collect()
}

fn held_json(held: &Held) -> Value {
    let references: Vec<Value> = held
        .references
        .iter()
        .map(|r| json!({ "purpose": r.purpose, "count": r.count }))
        .collect();
    json!({
        "format": "faceward-export@v1",
        "outcome": "done",
        "who": held.handle.as_str(),
        "subject": held.subject.to_string(),
        "consents": held.consents.iter().map(consent_json).collect::<Vec<_>>(),
        "consent_records": held.records.iter().map(record_json).collect::<Vec<_>>(),
        "references": references,
        "ledger_entries": held.entries.iter().map(entry_json).collect::<Vec<_>>(),
        "receipt": receipt_json(&held.receipt),
    })
}
