use faceward::told::receipt_json;
use std::path::PathBuf;

use faceward::{BackupFiles, BackupMade, backup_files};
use jiff::Timestamp;
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::private::make_private;
use crate::progress::Bytes;
use crate::session::{Phrases, Session};

/// Put a copy of the ward away: the data in one file, the keys in another
///
/// Works while a server runs. Both files are encrypted under a passphrase and read back before it
/// says done. Keep them apart. The file of the keys must be replaced with each backup, never
/// collected: an old pair brings back whoever was forgotten since.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder for the file of the data
    #[arg(long, short, value_name = "FOLDER")]
    out: PathBuf,
    /// Folder for the file of the keys, better on another disk; that of the data if left out
    #[arg(long, value_name = "FOLDER")]
    keys_to: Option<PathBuf>,
    #[command(flatten)]
    phrases: Phrases,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let phrases = args.phrases.fresh()?;
    let keys_to = args.keys_to.as_ref().unwrap_or(&args.out);
    for folder in [&args.out, keys_to] {
        make_private(folder)?;
    }
    let files = backup_files(&args.out, keys_to, Timestamp::now());
    let bar = Bytes::watched(console);
    let made = ward
        .backup(&files, &phrases, |done, total| bar.at(done, total))
        .await;
    drop(bar);
    ward.close().await;
    Ok(console.say(&answer(&made?, keys_to == &args.out)))
}

fn answer(made: &BackupMade, together: bool) -> Answer {
    let BackupFiles { data, keys } = &made.files;
    let mut text = format!(
        "backed up, read back and checked\n  \
         data  {} ({} bytes)\n  \
         keys  {} ({} bytes)\n  \
         the ledger in it has {} entries\n",
        data.display(),
        made.data_bytes,
        keys.display(),
        made.keys_bytes,
        made.entries,
    );
    for what in &made.left_out {
        text.push_str(&format!("  NOT in it: {what}\n"));
    }
    if together {
        text.push_str(
            "  move the file of the keys to another place: together they open everything\n",
        );
    }
    text.push_str(&format!(
        "  destroy the file of the keys that this one replaces: it would bring back who was forgotten\n\n\
         Keep this checkpoint elsewhere; `faceward restore --checkpoint` tells by it how old a backup is:\n\n{}",
        made.checkpoint.trim_end()
    ));
    let fields = json!({
        "outcome": "done",
        "data": data, "data_bytes": made.data_bytes,
        "keys": keys, "keys_bytes": made.keys_bytes,
        "entries": made.entries,
        "checkpoint": made.checkpoint,
        "left_out": made.left_out,
        "receipt": receipt_json(&made.receipt),
    });
    Answer::done(text, fields)
}
