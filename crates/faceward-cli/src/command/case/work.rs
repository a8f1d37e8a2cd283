//! From a case file to everything that can be said about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use faceward_law::{Assessment, Case, Difference, Law, PackText, assess};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The pack that is meant where a case names none.
pub(super) const HOME: &str = "cn-spc-2021-15";

/// How a case is worked through.
#[derive(clap::Args)]
pub(super) struct Work {
    /// Show what would change if this were so; several are tried together
    #[arg(long, value_name = "FACT=VALUE")]
    what_if: Vec<String>,
    /// Assess as of this day, whatever the file says
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Read this pack too (its pack.toml); may be given again
    #[arg(long, value_name = "FILE")]
    pack_file: Vec<PathBuf>,
}

/// What is at hand while cases are worked through.
pub(super) struct Desk<'w> {
    pub(super) law: Arc<Law>,
    how: &'w Work,
    today: Date,
}

/// A case, and everything found out about it.
pub(super) struct Worked {
    /// Where it was read.
    pub(super) file: PathBuf,
    /// The case, filled in.
    pub(super) case: Case,
    /// What it comes to.
    pub(super) assessment: Assessment,
    /// What would be otherwise, if that was asked.
    pub(super) what_if: Option<WhatIf>,
    /// What the file expects, and what came out otherwise; nothing if it expects nothing.
    pub(super) expected: Vec<Expected>,
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
        Ok(Desk {
            law: read_law(&self.pack_file)?,
            how: self,
            today: jiff::Timestamp::now().to_zoned(TimeZone::UTC).date(),
        })
    }
}

impl Desk<'_> {
    /// Reads a file and works through its cases.
    pub(super) fn work(&self, file: &Path) -> anyhow::Result<Vec<Worked>> {
        let cases = read_cases(&self.law, file)?;
        cases
            .into_iter()
            .map(|case| self.case(file, case))
            .collect()
    }

    fn case(&self, file: &Path, mut case: Case) -> anyhow::Result<Worked> {
        case.as_of = self.how.as_of.or(case.as_of);
        let assessment = assess(&self.law, &case, self.today);
        Ok(Worked {
            file: file.to_owned(),
            what_if: self.what_if(&case, &assessment)?,
            expected: self.expected(&case, &assessment),
            assessment,
            case,
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

fn read_law(more: &[PathBuf]) -> anyhow::Result<Arc<Law>> {
    if more.is_empty() {
        return Ok(Law::built_in()?);
    }
    let mut texts = Vec::new();
    for path in more {
        texts.push((path.display().to_string(), read(path)?));
    }
    let packs: Vec<PackText<'_>> = texts
        .iter()
        .map(|(name, text)| PackText { name, text })
        .collect();
    Ok(Arc::new(Law::with(&packs)?))
}

fn read_cases(law: &Law, file: &Path) -> anyhow::Result<Vec<Case>> {
    let text = read(file)?;
    let name = file.display().to_string();
    if file.extension().is_none_or(|ending| ending != "json") {
        let text = PackText {
            name: &name,
            text: &text,
        };
        return Ok(Case::read_all(law, HOME, text)?);
    }
    // The same keys in JSON; a line of the TOML made from it would say nothing to its author.
    let same: toml::Table = serde_json::from_str(&text).with_context(|| name.clone())?;
    let text = toml::to_string(&same).with_context(|| name.clone())?;
    let text = PackText {
        name: &name,
        text: &text,
    };
    Case::read_all(law, HOME, text).map_err(|error| anyhow!("{name}: {}", error.why))
}

/// The longest case file that is read, in bytes.
const LONGEST: u64 = 4 << 20;

fn read(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("cannot read {name}"))?;
    if size.len() > LONGEST {
        bail!("{name} is longer than 4 MiB; that is no case file");
    }
    std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))
}
