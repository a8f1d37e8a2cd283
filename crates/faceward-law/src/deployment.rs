//! What a controller declares before the camera is switched on: who they are, where it hangs, what
//! for, on what basis, after which notice, with which other way, for how long, under which packs.
//!
//! [`Deployment::read`] reads the one file in which it stands; [`check`] tells for each pack what is
//! missing; [`crate::Gate::declared`] judges every act by it. What the file does not say is not
//! known, and counts against the operator.

mod check;
pub(crate) mod facts;
mod file;
mod keys;
pub(crate) mod terms;

use crate::law::Law;
use crate::pack::{Pack, PackError, PackText};
use crate::rule::Effect;
use crate::suggest::nearest;
use crate::{Operation, Purpose};
use file::{DeploymentFile, PurposeFile};
use terms::*;

pub(crate) use check::strangers;
pub use check::{Check, Finding, PackCheck, Weight, check};

/// A declared deployment.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// What it is called.
    pub name: String,
    /// First day of use.
    pub in_use_from: Day,
    /// Files of packs of one's own, relative to the deployment's file.
    pub pack_files: Vec<String>,
    /// Who decides.
    pub controller: Controller,
    /// Where.
    pub place: Place,
    /// Where faces are kept.
    pub storage: Storage,
    /// What people are told.
    pub notice: Option<NoticeTerms>,
    /// How faces are protected.
    pub protection: Protection,
    /// The impact assessment.
    pub assessment: Option<ImpactAssessment>,
    /// What is kept about the handling.
    pub records: Records,
    /// How many people.
    pub persons: Persons,
    /// The filing.
    pub filing: Option<Filing>,
    /// How people exercise their rights.
    pub requests: Requests,
    /// What is decided by machine.
    pub decisions: Decisions,
    /// Children under 14.
    pub children: Children,
    /// The national channel that is used first (CAC 11).
    pub national_channel: Option<String>,
    /// What for.
    pub purposes: Vec<PurposeTerms>,
    /// SHA-256 of each text of the notice, once they were read.
    pub(crate) notice_hashes: Vec<[u8; 32]>,
    packs: Vec<(String, PackError)>,
}

/// A declared purpose.
#[derive(Debug, Clone)]
pub struct PurposeTerms {
    /// Its name.
    pub name: Purpose,
    /// What it is, in words.
    pub text: String,
    /// What is done for it.
    pub functions: Vec<Function>,
    /// On what it rests.
    pub basis: Ground,
    /// The law behind a basis other than consent.
    pub citation: Option<String>,
    /// Why it takes a face.
    pub necessary_because: Option<String>,
    /// Why nothing milder would do.
    pub least_intrusive_because: Option<String>,
    /// Why the service cannot be given without a face.
    pub service_needs_face_because: Option<String>,
    /// Why the face-print map is kept beside the template; it is not kept where nothing is said.
    pub face_map_because: Option<String>,
    /// The other way.
    pub alternative: Option<String>,
    /// Whether it is as good.
    pub alternative_on_equal_terms: Option<bool>,
    /// Why there can be no other way.
    pub no_other_way_because: Option<String>,
    /// Whether the face is the only way in, or to be verified.
    pub face_is_only_way: Option<bool>,
    /// The State rule that demands the face.
    pub face_required_by: Option<String>,
    /// The law that demands consent in writing.
    pub written_consent_required_by: Option<String>,
    /// How a written release is signed.
    pub written_release: Option<Release>,
    /// When references end; `None` is never.
    pub retention: Option<Retention>,
    /// To whom faces are given.
    pub recipients: Option<Vec<Recipient>>,
    /// Whether they are sold or otherwise profited from.
    pub sold: Option<bool>,
    /// Whether people under 18 take part.
    pub minors: Minors,
    /// Public security.
    pub security: Option<Security>,
    /// What is inferred.
    pub infers: Inference,
    /// Whether people are identified from afar, without taking part.
    pub at_a_distance: Option<bool>,
    /// Whether it serves law enforcement.
    pub law_enforcement: Option<bool>,
}

impl Deployment {
    /// Reads a deployment's file.
    ///
    /// # Errors
    /// [`PackError`] with the line, and what to write instead.
    pub fn read(text: PackText<'_>) -> Result<Self, PackError> {
        let file: DeploymentFile = text.parse()?;
        if *file.format.as_ref() != 1 {
            let why = "this program reads format 1; use a newer faceward";
            return Err(text.wrong_at(&file.format, why));
        }
        if file.packs.as_ref().is_empty() {
            let why = "name at least one pack, such as \"cn-spc-2021-15\"; `faceward law list` lists them";
            return Err(text.wrong_at(&file.packs, why));
        }
        if let Some(notice) = &file.notice
            && notice.version.as_ref().trim().is_empty()
        {
            let why = "give this version of the notice a name, such as \"2026-11\"";
            return Err(text.wrong_at(&notice.version, why));
        }
        let mut purposes: Vec<PurposeTerms> = Vec::new();
        for purpose in file.purposes {
            let at = purpose.name.span().start;
            let read = purpose_of(text, purpose)?;
            if purposes.iter().any(|known| known.name == read.name) {
                return Err(text.wrong(at, "this purpose is declared twice; name one otherwise"));
            }
            purposes.push(read);
        }
        if purposes.is_empty() {
            return Err(text.wrong(0, "it declares no purpose; add [[purposes]]"));
        }
        let named = |id: &toml::Spanned<String>| (id.as_ref().clone(), text.wrong_at(id, ""));
        Ok(Self {
            name: file.name,
            in_use_from: file.in_use_from,
            packs: file.packs.as_ref().iter().map(named).collect(),
            pack_files: file.pack_files,
            controller: file.controller,
            place: file.place,
            storage: file.storage,
            notice: file.notice,
            protection: file.protection,
            assessment: file.assessment,
            records: file.records,
            persons: file.persons,
            filing: file.filing,
            requests: file.requests,
            decisions: file.decisions,
            children: file.children,
            national_channel: file.national_channel,
            purposes,
            notice_hashes: Vec::new(),
        })
    }

    /// The same deployment, knowing the hashes of its notice's texts: from then on a consent counts
    /// only if it was given after one of these texts, whatever its version was called.
    #[must_use]
    pub fn with_notice_hashes(mut self, hashes: Vec<[u8; 32]>) -> Self {
        self.notice_hashes = hashes;
        self
    }

    /// The packs it is judged under, by name.
    pub fn pack_names(&self) -> impl Iterator<Item = &str> {
        self.packs.iter().map(|(id, _)| id.as_str())
    }

    /// Whether this is the notice in use: the same bytes where they are known, or else the same
    /// version. A deployment without a notice lacks one, which is another matter.
    pub(crate) fn shows(&self, notice: &crate::Notice) -> bool {
        match &self.notice {
            _ if !self.notice_hashes.is_empty() => self.notice_hashes.contains(&notice.sha256),
            Some(current) => *current.version.as_ref() == notice.version,
            None => true,
        }
    }

    /// Whether the face-print map is kept for a purpose: it is declared why, and the notice tells it.
    pub(crate) fn keeps_map(&self, purpose: &PurposeTerms) -> bool {
        let told = |notice: &NoticeTerms| notice.covers.contains(&Item::FaceMap);
        purpose.declares_map() && self.notice.as_ref().is_some_and(told)
    }

    /// The declared purpose of this name.
    pub fn purpose(&self, name: &Purpose) -> Option<&PurposeTerms> {
        self.purposes.iter().find(|purpose| purpose.name == *name)
    }

    /// Its packs.
    ///
    /// # Errors
    /// [`PackError`] at the name of a pack that there is not, or that could never permit anything.
    pub(crate) fn packs<'l>(&self, law: &'l Law) -> Result<Vec<&'l Pack>, PackError> {
        let found = self.packs.iter().map(|(id, place)| {
            let wrong = |why: String| PackError {
                why,
                ..place.clone()
            };
            let pack = law.pack(id).map_err(|error| {
                wrong(format!(
                    "{error}; list its file in `pack_files` if it is your own"
                ))
            })?;
            let permits = |rule: &&crate::Rule| {
                rule.live && pack.conclusion_of(rule).effect == Effect::Permits
            };
            match pack.rules().find(permits) {
                Some(_) => Ok(pack),
                None => Err(wrong(format!(
                    "`{id}` has no live rule that permits anything; the gate could never say yes"
                ))),
            }
        });
        found.collect()
    }
}

impl PurposeTerms {
    /// Whether it is said why the face-print map is kept.
    pub fn declares_map(&self) -> bool {
        facts::stated(&self.face_map_because)
    }

    /// Whether an operation is among the functions declared for it.
    pub fn allows(&self, operation: Operation) -> bool {
        let has = |function| self.functions.contains(&function);
        match operation {
            Operation::Verify | Operation::Compare => has(Function::Verification),
            Operation::Identify => has(Function::Identification),
            Operation::Enroll => has(Function::Verification) || has(Function::Identification),
            Operation::Detect => has(Function::Analysis),
        }
    }
}

fn purpose_of(text: PackText<'_>, file: PurposeFile) -> Result<PurposeTerms, PackError> {
    let name: Result<Purpose, _> = file.name.as_ref().parse();
    let name = name.map_err(|error| text.wrong_at(&file.name, error.to_string()))?;
    if file.text.as_ref().trim().is_empty() {
        return Err(text.wrong_at(&file.text, "say what the purpose is, in a sentence"));
    }
    if file.functions.as_ref().is_empty() {
        let why = "say what is done: \"verification\", \"identification\" or \"analysis\"";
        return Err(text.wrong_at(&file.functions, why));
    }
    let basis = *file.basis.as_ref();
    let cited = file.citation.as_ref().is_some_and(|c| !c.trim().is_empty());
    if basis == Ground::Exception && !cited {
        let why = "an exception rests on a provision: name it as `citation`";
        return Err(text.wrong_at(&file.basis, why));
    }
    Ok(PurposeTerms {
        name,
        text: file.text.into_inner(),
        functions: file.functions.into_inner(),
        basis,
        citation: file.citation,
        necessary_because: file.necessary_because,
        least_intrusive_because: file.least_intrusive_because,
        service_needs_face_because: file.service_needs_face_because,
        face_map_because: file.face_map_because,
        alternative: file.alternative,
        alternative_on_equal_terms: file.alternative_on_equal_terms,
        no_other_way_because: file.no_other_way_because,
        face_is_only_way: file.face_is_only_way,
        face_required_by: file.face_required_by,
        written_consent_required_by: file.written_consent_required_by,
        written_release: file.written_release,
        retention: file.retention,
        recipients: file.recipients,
        sold: file.sold,
        minors: file.minors,
        security: file.security,
        infers: file.infers,
        at_a_distance: file.at_a_distance,
        law_enforcement: file.law_enforcement,
    })
}

/// The nearest declared purpose to one that is not, for messages.
pub(crate) fn no_such_purpose(deployment: &Deployment, purpose: &Purpose) -> String {
    let known: Vec<&str> = deployment
        .purposes
        .iter()
        .map(|p| p.name.as_str())
        .collect();
    let hint = nearest(purpose.as_str(), &known).map_or_else(
        || format!("it declares `{}`", known.join("`, `")),
        |near| format!("did you mean `{near}`?"),
    );
    format!("the deployment declares no purpose `{purpose}`; {hint}")
}
