//! How cases are worked through, by the options of a command.

use std::path::{Path, PathBuf};

use anyhow::Context;
use faceward::case::{Assessor, EvidenceFiles, HandedLedger, Openings, Worked, read_story};
use faceward::{SubjectId, VerifyingKey};
use faceward_law::PackText;
use jiff::civil::Date;

use super::read::read;

/// How a case is worked through.
#[derive(clap::Args)]
pub(super) struct Work {
    /// Show what would change if this were so; several are tried together
    #[arg(long, value_name = "FACT=VALUE")]
    what_if: Vec<String>,
    /// Assess as of this day, whatever the file says
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Folder of the processor's exported ledger (`faceward audit export`): fill in what it proves
    #[arg(long, value_name = "DIR", requires = "key")]
    ledger: Option<PathBuf>,
    /// Public key of that ledger, and of ledger entries whose evidence names none
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// What the claimant holds on its entries: a consent receipt, or the answer of
    /// `faceward export WHO --json` or `faceward forget WHO --json`; may be given again
    #[arg(long, value_name = "FILE", requires = "ledger")]
    about: Vec<PathBuf>,
    /// Or the claimant's identifier …
    #[arg(long, value_name = "HEX", requires_all = ["ledger", "salt"])]
    subject: Option<SubjectId>,
    /// … and the salt of an entry; may be given again
    #[arg(long, value_name = "HEX", requires = "subject")]
    salt: Vec<String>,
    /// Read this pack too (its pack.toml); may be given again
    #[arg(long, value_name = "FILE")]
    pack_file: Vec<PathBuf>,
}

impl Work {
    /// Gets everything out that the cases have in common.
    pub(super) fn assessor(&self) -> anyhow::Result<Assessor> {
        let mut packs = Vec::new();
        for path in &self.pack_file {
            packs.push((path.display().to_string(), read(path)?));
        }
        let packs = packs.iter().map(|(name, text)| PackText { name, text });
        let mut assessor = Assessor::new(&packs.collect::<Vec<_>>())?;
        assessor.as_of = self.as_of;
        assessor.what_if.clone_from(&self.what_if);
        if let Some(text) = &self.key {
            let key: VerifyingKey = text.parse().context("--key")?;
            if let Some(folder) = &self.ledger {
                let story = read_story(folder, &key, &self.openings()?);
                let story = story.with_context(|| format!("the ledger in {}", folder.display()));
                assessor.ledger = Some(HandedLedger {
                    story: story?,
                    folder: Some(folder.clone()),
                    key: text.clone(),
                });
            }
            assessor.key = Some(key);
        }
        Ok(assessor)
    }

    /// What the claimant holds to open entries.
    fn openings(&self) -> anyhow::Result<Vec<Openings>> {
        let read = self.about.iter().map(|path| Openings::read(path));
        let mut openings: Vec<Openings> = read.collect::<Result<_, _>>()?;
        if let Some(subject) = self.subject {
            for salt in &self.salt {
                openings.push(Openings::of_salt(subject, salt).context("--salt")?);
            }
        }
        Ok(openings)
    }
}

/// Reads a file and works through its cases.
pub(super) fn work(assessor: &Assessor, file: &Path) -> anyhow::Result<Vec<Worked>> {
    let text = read(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let files = EvidenceFiles::Folder(folder.to_owned());
    Ok(assessor.work(&assessor.read(file, &text)?, &files)?)
}
