//! From a case file to everything that can be said about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use faceward::{
    CheckedEvidence, EvidenceResult, Filled, LedgerStory, Openings, SubjectId, VerifyingKey,
    check_evidence, fill_case, read_story, sha256_hex,
};
use faceward_law::{Assessment, Case, Change, Difference, Law, assess, changes};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::read::{read, read_cases, read_law};

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

/// What is at hand while cases are worked through.
pub(super) struct Desk<'w> {
    pub(super) law: Arc<Law>,
    /// Name and SHA-256 of every pack.
    hashes: Vec<(String, String)>,
    how: &'w Work,
    today: Date,
    key: Option<VerifyingKey>,
    ledger: Option<LedgerStory>,
}

/// A case, and everything found out about it.
pub(super) struct Worked {
    /// Where it was read.
    pub(super) file: PathBuf,
    /// SHA-256 of that file.
    pub(super) sha256: String,
    /// The packs it was judged under: name and SHA-256 of the file.
    pub(super) packs: Vec<(String, String)>,
    /// The case, filled in.
    pub(super) case: Case,
    /// What became of its evidence, in its order.
    pub(super) evidence: Vec<CheckedEvidence>,
    /// What a ledger told, if one was given.
    pub(super) ledger: Option<ToldByLedger>,
    /// What it comes to.
    pub(super) assessment: Assessment,
    /// Single facts that would change it, those in doubt first.
    pub(super) changes: Vec<Change>,
    /// What would be otherwise, if that was asked.
    pub(super) what_if: Option<WhatIf>,
    /// What the file expects, and what came out otherwise; nothing if it expects nothing.
    pub(super) expected: Vec<Expected>,
}

/// What a ledger told about the claimant.
pub(super) struct ToldByLedger {
    /// The ledger, checked, and the claimant's entries.
    pub(super) story: LedgerStory,
    /// Its folder, as given.
    pub(super) folder: PathBuf,
    /// The key that checks it.
    pub(super) key: String,
    /// The facts it speaks of.
    pub(super) filled: Vec<Filled>,
}

/// What would be otherwise.
pub(super) struct WhatIf {
    /// As it was asked.
    pub(super) changes: Vec<String>,
    /// The rules that come out otherwise.
    pub(super) differences: Vec<Difference>,
}

/// An expectation of the case or of one of its variants.
pub(super) struct Expected {
    /// Title of the variant; nothing for the case itself.
    pub(super) variant: Option<String>,
    /// What came out otherwise, a sentence each.
    pub(super) surprises: Vec<String>,
}

impl Worked {
    /// Whether it came out as its file expects.
    pub(super) fn as_expected(&self) -> bool {
        self.expected.iter().all(|e| e.surprises.is_empty())
    }
}

impl Work {
    /// Gets everything out that the cases have in common.
    pub(super) fn desk(&self) -> anyhow::Result<Desk<'_>> {
        let (law, hashes) = read_law(&self.pack_file)?;
        let key: Option<VerifyingKey> = match &self.key {
            Some(key) => Some(key.parse().context("--key")?),
            None => None,
        };
        let ledger = match (&self.ledger, &key) {
            (Some(folder), Some(key)) => {
                let story = read_story(folder, key, &self.openings()?);
                Some(story.with_context(|| format!("the ledger in {}", folder.display()))?)
            }
            _ => None,
        };
        Ok(Desk {
            law,
            hashes,
            how: self,
            today: jiff::Timestamp::now().to_zoned(TimeZone::UTC).date(),
            key,
            ledger,
        })
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

impl Desk<'_> {
    /// Reads a file and works through its cases.
    pub(super) fn work(&self, file: &Path) -> anyhow::Result<Vec<Worked>> {
        let text = read(file)?;
        let sha256 = sha256_hex(text.as_bytes());
        let cases = read_cases(&self.law, file, &text)?;
        let work = |case| self.case(file, &sha256, case);
        cases.into_iter().map(work).collect()
    }

    fn case(&self, file: &Path, sha256: &str, mut case: Case) -> anyhow::Result<Worked> {
        case.as_of = self.how.as_of.or(case.as_of);
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut evidence = check_evidence(&case, folder, self.key.as_ref());
        let ledger = self.fill(&mut case);
        evidence.extend(case.evidence.iter().skip(evidence.len()).map(in_ledger));
        let assessment = assess(&self.law, &case, self.today);
        let packs = self.hashes.iter().filter(|(id, _)| case.packs.contains(id));
        Ok(Worked {
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            packs: packs.cloned().collect(),
            evidence,
            ledger,
            changes: changes(&self.law, &case, self.today),
            what_if: self.what_if(&case, &assessment)?,
            expected: self.expected(&case, &assessment),
            assessment,
            case,
        })
    }

    /// Fills in what the ledger proves about the claimant.
    fn fill(&self, case: &mut Case) -> Option<ToldByLedger> {
        let story = self.ledger.clone()?;
        Some(ToldByLedger {
            filled: fill_case(&self.law, case, &story),
            folder: self.how.ledger.clone()?,
            key: self.how.key.clone()?,
            story,
        })
    }

    fn what_if(&self, case: &Case, before: &Assessment) -> anyhow::Result<Option<WhatIf>> {
        let changes = self.how.what_if.clone();
        if changes.is_empty() {
            return Ok(None);
        }
        let mut changed = case.clone();
        for change in &changes {
            changed = changed.what_if(&self.law, change)?;
        }
        let after = assess(&self.law, &changed, self.today);
        Ok(Some(WhatIf {
            changes,
            differences: after.differences(before),
        }))
    }

    fn expected(&self, case: &Case, assessment: &Assessment) -> Vec<Expected> {
        let mut expected = Vec::new();
        if case.expect.is_some() {
            expected.push(Expected {
                variant: None,
                surprises: assessment.surprises(&self.law, case),
            });
        }
        for variant in &case.variants {
            let mut case = (*variant.case).clone();
            case.as_of = self.how.as_of.or(case.as_of);
            let assessment = assess(&self.law, &case, self.today);
            expected.push(Expected {
                variant: Some(variant.title.clone()),
                surprises: assessment.surprises(&self.law, &case),
            });
        }
        expected
    }
}

/// An entry that the ledger itself brought in as evidence.
fn in_ledger(entry: &faceward_law::Evidence) -> CheckedEvidence {
    CheckedEvidence {
        id: entry.id.clone(),
        result: EvidenceResult::Holds,
        detail: "it is in the ledger, under the signed checkpoint".to_owned(),
        sha256: None,
    }
}
