use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use faceward::case::{self, Dossier, Worked, entry_receipts};
use faceward_law::Law;
use serde_json::{Value, json};

use super::work::{Work, work};
use crate::answer::{Answer, Code, Console};

/// Write a dossier that a judge can read: dossier.html and dossier.json
///
/// A file of several cases gives a folder for each. With --ledger the receipts of the claimant's
/// entries lie beside it, for the offline verifier.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Case file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder to write into; made if it is not there
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// Language of the headings
    #[arg(long, value_enum, default_value_t = Lang::Both)]
    lang: Lang,
    #[command(flatten)]
    how: Work,
}

/// The language of headings.
#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
    /// Both
    Both,
}

pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Code> {
    let assessor = args.how.assessor()?;
    let worked = work(&assessor, &args.file)?;
    let alone = worked.len() == 1;
    let mut written = Vec::new();
    for case in &worked {
        let folder = match alone {
            true => args.out.clone(),
            false => args.out.join(file_name(&case.case.id)?),
        };
        if written.contains(&folder) {
            bail!("two cases are called `{}`; name them apart", case.case.id);
        }
        write_dossier(assessor.law(), case, &folder, args.lang)?;
        written.push(folder);
    }
    let folders: Vec<String> = written.iter().map(|f| f.display().to_string()).collect();
    let text = format!(
        "written: dossier.html and dossier.json in {}",
        folders.join(", ")
    );
    let fields = json!({ "outcome": "done", "folders": folders });
    Ok(console.say(&Answer::done(text, fields)))
}

fn write_dossier(law: &Law, worked: &Worked, folder: &Path, lang: Lang) -> anyhow::Result<()> {
    let lang = match lang {
        Lang::En => case::Lang::En,
        Lang::Zh => case::Lang::Zh,
        Lang::Both => case::Lang::Both,
    };
    let dossier = Dossier::of(law, worked, lang);
    put(folder, "dossier.html", &dossier.page())?;
    put(folder, "dossier.json", &pretty(&dossier.json())?)?;
    for (position, receipt) in entry_receipts(worked) {
        let name = format!("entry-{position}.json");
        put(&folder.join("ledger"), &name, &pretty(&receipt)?)?;
    }
    Ok(())
}

fn pretty(fields: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(fields)?)
}

fn put(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// A case's name as a folder's: it comes from a file and must not lead elsewhere.
fn file_name(id: &str) -> anyhow::Result<&str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if id.is_empty() || id.starts_with('.') || !id.chars().all(plain) {
        bail!("`{id}` cannot name a folder; give the case an `id` of letters, digits and hyphens");
    }
    Ok(id)
}
