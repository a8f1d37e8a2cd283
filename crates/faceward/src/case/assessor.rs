//! From a case file to everything that can be said about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use faceward_law::{Assessment, Case, Change, Difference, Law, PackText, assess, changes};
use faceward_ledger::VerifyingKey;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::read::{PackHash, read_cases, read_law};
use super::{
    CheckedEvidence, EvidenceFiles, EvidenceResult, Filled, LedgerStory, check_evidence, fill_case,
    sha256_hex,
};
use crate::WardError;

/// What is at hand while cases are worked through.
pub struct Assessor {
    law: Arc<Law>,
    hashes: Vec<PackHash>,
    today: Date,
    /// The day of the assessment, whatever the file says.
    pub as_of: Option<Date>,
    /// What is tried, together: `fact=value`.
    pub what_if: Vec<String>,
    /// The public key of ledger entries whose evidence names none.
    pub key: Option<VerifyingKey>,
    /// A processor's ledger.
    pub ledger: Option<HandedLedger>,
}

/// A processor's ledger, checked, with what it tells about the claimant.
#[derive(Debug, Clone)]
pub struct HandedLedger {
    /// What it tells.
    pub story: LedgerStory,
    /// The folder it was exported into, as given; none where it was read in its ward.
    pub folder: Option<PathBuf>,
    /// The key that checks it.
    pub key: String,
}

/// A case file that was read.
pub struct CaseFile {
    /// Its cases.
    pub cases: Vec<Case>,
    name: PathBuf,
    sha256: String,
}

/// A case, and everything found out about it.
pub struct Worked {
    /// Where it was read.
    pub file: PathBuf,
    /// SHA-256 of that file.
    pub sha256: String,
    /// The packs it was judged under: name and SHA-256 of the file.
    pub packs: Vec<(String, String)>,
    /// The case, filled in.
    pub case: Case,
    /// What became of its evidence, in its order.
    pub evidence: Vec<CheckedEvidence>,
    /// What a ledger told, if one was given.
    pub ledger: Option<ToldByLedger>,
    /// What it comes to.
    pub assessment: Assessment,
    /// Single facts that would change it, those in doubt first.
    pub changes: Vec<Change>,
    /// What would be otherwise, if that was asked.
    pub what_if: Option<WhatIf>,
    /// What the file expects, and what came out otherwise; nothing if it expects nothing.
    pub expected: Vec<Expected>,
}

/// What a ledger told about the claimant.
pub struct ToldByLedger {
    /// The ledger, checked, and the claimant's entries.
    pub handed: HandedLedger,
    /// The facts it speaks of.
    pub filled: Vec<Filled>,
}

/// What would be otherwise.
pub struct WhatIf {
    /// As it was asked.
    pub changes: Vec<String>,
    /// The rules that come out otherwise.
    pub differences: Vec<Difference>,
}

/// An expectation of the case or of one of its variants.
pub struct Expected {
    /// Title of the variant; nothing for the case itself.
    pub variant: Option<String>,
    /// What came out otherwise, a sentence each.
    pub surprises: Vec<String>,
}

impl Worked {
    /// Whether it came out as its file expects.
    pub fn as_expected(&self) -> bool {
        self.expected.iter().all(|e| e.surprises.is_empty())
    }
}

impl Assessor {
    /// One that judges under the built-in packs and these. Today is the day of an assessment whose
    /// file names none.
    ///
    /// # Errors
    /// [`WardError::Law`] when a pack cannot be read.
    pub fn new(more: &[PackText<'_>]) -> Result<Self, WardError> {
        let (law, hashes) = read_law(more)?;
        Ok(Self {
            law,
            hashes,
            today: jiff::Timestamp::now().to_zoned(TimeZone::UTC).date(),
            as_of: None,
            what_if: Vec::new(),
            key: None,
            ledger: None,
        })
    }

    /// The packs at hand.
    pub fn law(&self) -> &Arc<Law> {
        &self.law
    }

    /// Reads a case file; `name` is its name, and by its ending its form.
    ///
    /// # Errors
    /// [`WardError::Law`] with the line and what to write instead, [`WardError::Case`] where the
    /// file is JSON.
    pub fn read(&self, name: &Path, text: &str) -> Result<CaseFile, WardError> {
        Ok(CaseFile {
            cases: read_cases(&self.law, name, text)?,
            name: name.to_owned(),
            sha256: sha256_hex(text.as_bytes()),
        })
    }

    /// Works through its cases. What their evidence names is looked for among `files`.
    ///
    /// # Errors
    /// [`WardError::Law`] for something that cannot be tried.
    pub fn work(&self, file: &CaseFile, files: &EvidenceFiles) -> Result<Vec<Worked>, WardError> {
        let work = |case: &Case| self.case(file, case.clone(), files);
        file.cases.iter().map(work).collect()
    }

    fn case(
        &self,
        file: &CaseFile,
        mut case: Case,
        files: &EvidenceFiles,
    ) -> Result<Worked, WardError> {
        case.as_of = self.as_of.or(case.as_of);
        let mut evidence = check_evidence(&case, files, self.key.as_ref());
        let ledger = self.fill(&mut case);
        evidence.extend(case.evidence.iter().skip(evidence.len()).map(in_ledger));
        let assessment = assess(&self.law, &case, self.today);
        let packs = self.hashes.iter().filter(|(id, _)| case.packs.contains(id));
        Ok(Worked {
            file: file.name.clone(),
            sha256: file.sha256.clone(),
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
        let handed = self.ledger.clone()?;
        Some(ToldByLedger {
            filled: fill_case(&self.law, case, &handed.story),
            handed,
        })
    }

    fn what_if(&self, case: &Case, before: &Assessment) -> Result<Option<WhatIf>, WardError> {
        let changes = self.what_if.clone();
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
            case.as_of = self.as_of.or(case.as_of);
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
        comparison: None,
    }
}
