use faceward::told::{entry_json, receipt_json};
use std::path::PathBuf;

use faceward::{Act, Backup, BackupFiles, Restored, Since, restore};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::audit::entry_line;
use crate::progress::Bytes;
use crate::session::{Phrases, Session};

/// Bring a ward back from a backup, into a folder that has none
///
/// All of it or nothing, and recorded in its ledger. What happened after the backup is lost, also
/// that people withdrew or were forgotten: give a later ledger with --checkpoint to be told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file of the data (*.data.fwb)
    data: PathBuf,
    /// The file of the keys (*.keys.fwb)
    keys: PathBuf,
    /// A later checkpoint kept elsewhere, or the folder of a later `audit export`
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    #[command(flatten)]
    phrases: Phrases,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let home = session.home()?;
    let files = BackupFiles {
        data: args.data,
        keys: args.keys,
    };
    let backup = Backup::open(files, args.phrases.known()?)?;
    let unlock = session.unlock_restored(backup.is_locked())?;
    let bar = Bytes::watched(console);
    let restored = restore(
        &backup,
        &home,
        &unlock,
        args.checkpoint.as_deref(),
        |done, total| bar.at(done, total),
    )
    .await;
    drop(bar);
    let place = home.folder().display().to_string();
    Ok(console.say(&answer(&restored?, &place)))
}

fn answer(restored: &Restored, place: &str) -> Answer {
    const AGAIN: &str =
        "withdrawals and forgettings after the backup are lost and have to be done AGAIN, now";
    let mut text = format!(
        "restored to {place}: {} ledger entries, each one as it was recorded",
        restored.entries
    );
    let since = match &restored.since {
        Since::Unknown => {
            text.push_str(&format!(
                "\n  nothing says how old this backup is: {AGAIN}; `--checkpoint` compares with a ledger kept elsewhere"
            ));
            Value::Null
        }
        Since::Nothing => {
            text.push_str(
                "\n  it continues the ledger kept elsewhere: nothing is missing up to that",
            );
            json!({ "missing": 0, "proven": true })
        }
        Since::Missing { entries, told } => {
            text.push_str(&format!(
                "\n  WARNING: this backup is OLDER: {entries} later ledger entries are missing\n  {AGAIN}"
            ));
            match told {
                None => text.push_str("\n  a checkpoint alone does not say which, nor that they continue this ledger: an exported ledger does"),
                Some(told) => {
                    for entry in told.iter().filter(|entry| ends_something(entry.event.act)) {
                        text.push_str(&format!("\n  to do again: {}", entry_line(entry).trim()));
                    }
                }
            }
            let told = told.as_ref();
            json!({
                "missing": entries,
                "proven": told.is_some(),
                "entries": told.map(|told| told.iter().map(entry_json).collect::<Vec<_>>()),
            })
        }
    };
    text.push_str(&format!(
        "\n  recorded as ledger entry {}",
        restored.receipt.position()
    ));
    let fields = json!({
        "outcome": "done",
        "home": place,
        "entries": restored.entries,
        "since": since,
        "receipt": receipt_json(&restored.receipt),
    });
    Answer::done(text, fields)
}

/// Whether losing the record of it would bring something back.
fn ends_something(act: Act) -> bool {
    matches!(
        act,
        Act::ConsentWithdrawn
            | Act::ConsentRefused
            | Act::ConsentRevoked
            | Act::ConsentInvalidated
            | Act::PurposeEnded
            | Act::Erased
            | Act::Forgotten
            | Act::DeathRecorded
    )
}
