//! May this relative ask about somebody who died? The rule packs decide: the order of CC 994
//! (Fa Shi \[2021\] No. 15, Art. 15) and PIPL Art. 49.

use jiff::civil::Date;

use super::{Asker, Kin};
use crate::evaluate::Outcome;
use crate::{Case, Finding, Law, LawError, PackText, assess};

/// What the packs find on a relative's request.
#[derive(Debug, Clone)]
pub struct Relatives {
    /// Art. 15: spouse, children and parents first; others only where there is none of them.
    pub order: Finding,
    /// PIPL Art. 49, made out where leaving the request unmet would breach it: an own lawful
    /// interest, and nothing arranged otherwise.
    pub owed: Finding,
}

impl Relatives {
    /// Whether the request is owed an answer in substance: nearest of kin, with an interest of
    /// their own, and nothing arranged otherwise.
    pub fn may_ask(&self) -> bool {
        self.findings()
            .iter()
            .all(|finding| finding.outcome == Outcome::MadeOut)
    }

    /// Both findings, the order first.
    pub fn findings(&self) -> [&Finding; 2] {
        [&self.order, &self.owed]
    }
}

/// Asks the packs about a relative's request; `None` where it is somebody else's.
///
/// Nothing is taken for granted: whether somebody nearer lives, or which interest the relative has,
/// counts for them only where it was shown.
///
/// # Errors
/// [`LawError::Pack`] when a built-in pack cannot be asked, which tests rule out.
pub fn standing_of(
    law: &Law,
    asker: &Asker,
    deceased: bool,
    arranged_otherwise: bool,
    today: Date,
) -> Result<Option<Relatives>, LawError> {
    let Asker::Relative {
        kin,
        nearer_alive,
        interest,
        ..
    } = asker
    else {
        return Ok(None);
    };
    let text = case_text(&CaseFacts {
        kin: *kin,
        nearer_alive: *nearer_alive,
        interest: interest.is_some(),
        deceased,
        arranged_otherwise,
        today,
    });
    let name = "the relative's request";
    let cases = Case::read_all(law, SPC, PackText { name, text: &text })?;
    let finding = |rule: &str| {
        let case = cases.first()?;
        assess(law, case, today).finding(rule).cloned()
    };
    let missing = |rule: &str| LawError::NoPack {
        named: rule.to_owned(),
        hint: "the built-in packs have this rule".to_owned(),
    };
    let found = |rule: &str| finding(rule).ok_or_else(|| missing(rule));
    Ok(Some(Relatives {
        order: found(ORDER)?,
        owed: found(OWED)?,
    }))
}

const SPC: &str = "cn-spc-2021-15";
const ORDER: &str = "cn-spc-2021-15/15";
const OWED: &str = "cn-pipl/49";

struct CaseFacts {
    kin: Kin,
    nearer_alive: Option<bool>,
    interest: bool,
    deceased: bool,
    arranged_otherwise: bool,
    today: Date,
}

/// Words and truth values only; nothing a person wrote goes into it.
fn case_text(facts: &CaseFacts) -> String {
    let shown = |known: Option<bool>| known.map_or("\"unknown\"".to_owned(), |v| v.to_string());
    format!(
        "id = \"request\"\n\
         title = \"A relative asks about the data of somebody who died\"\n\
         packs = [\"{SPC}\", \"cn-pipl\"]\n\
         [facts]\n\
         conduct_start = {today}\n\
         conduct_end = {today}\n\
         claimant_type = \"close_relative\"\n\
         subject_deceased = {deceased}\n\
         relation_to_deceased = \"{kin}\"\n\
         spouse_child_or_parent_alive = {nearer}\n\
         relative_lawful_interest = {interest}\n\
         deceased_arranged_otherwise = {arranged}\n\
         relative_request_answered = false\n",
        today = facts.today,
        deceased = facts.deceased,
        kin = facts.kin,
        nearer = shown(facts.nearer_alive),
        interest = shown(facts.interest.then_some(true)),
        arranged = facts.arranged_otherwise,
    )
}
