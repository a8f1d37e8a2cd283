mod page;

use faceward::told::{held_json, receipt_json};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use faceward::{Controller, Held};
use jiff::Timestamp;
use serde_json::json;

use crate::answer::{Answer, Code, Console, counted};
use crate::private::{make_private, write_private};
use crate::session::{Session, handle};

/// Write out everything held on a person, for that person
///
/// Consents with everything that happened to them, references (described, never handed out),
/// requests, and every ledger entry that concerns them. Needs no permit; that it was given out is
/// recorded. A folder gets two files: held.html, a page to read, and held.json, for programs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// New folder for held.html and held.json, or a new .json file, readable by its owner only; the
    /// JSON is printed if left out
    #[arg(long, short, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    // Nothing is recorded as handed out that could not be written.
    if let Some(path) = args.out.as_ref().filter(|path| path.exists()) {
        bail!("{} is there already; name a new one", path.display());
    }
    let ward = session.open().await?;
    // The page names who is responsible where the settings say it.
    let controller = ward.controller().ok();
    let held = ward.export(handle(&args.handle)?).await?;
    let openings = ward.openings(&held.handle).await?;
    ward.close().await;
    let fields = held_json(&held, &openings, controller.as_ref());
    let pretty = serde_json::to_string_pretty(&fields)?;
    let Some(path) = &args.out else {
        return Ok(console.say(&Answer::done(pretty, fields)));
    };
    let written = if path.extension().is_some_and(|ending| ending == "json") {
        write(path, &pretty)?;
        vec![path.clone()]
    } else {
        write_folder(path, &pretty, &held, controller.as_ref())?
    };
    let named: Vec<String> = written.iter().map(|p| p.display().to_string()).collect();
    let text = format!(
        "everything held on {}: {}, {}, {}, written to {}",
        args.handle,
        counted(held.records.len() as u64, "consent record"),
        counted(held.references.len() as u64, "reference"),
        counted(held.requests.len() as u64, "request"),
        named.join(" and "),
    );
    let fields = json!({
        "outcome": "done",
        "file": named.first(),
        "files": named,
        "receipt": receipt_json(&held.receipt),
    });
    Ok(console.say(&Answer::done(text, fields)))
}

fn write_folder(
    folder: &Path,
    pretty: &str,
    held: &Held,
    controller: Option<&Controller>,
) -> anyhow::Result<Vec<PathBuf>> {
    make_private(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (page, json) = (folder.join("held.html"), folder.join("held.json"));
    write(&page, &page::write(held, controller, Timestamp::now()))?;
    write(&json, pretty)?;
    Ok(vec![page, json])
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    write_private(path, text).with_context(|| format!("cannot write {}", path.display()))
}
