//! The words of reports: headings in English and Chinese, outcomes, reasons.

use std::sync::Arc;

use faceward_law::{
    Bearer, Burden, Case, Change, ClaimAnswer, Effect, Finding, FoundCondition, Law, Mark,
    Modality, Outcome, PackFindings, Point, Rule, TurningPoint,
};

use super::Worked;

/// A heading in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// Under which heading rules of this effect stand, in the order of an assessment; `None` for what
/// only the live gate asks.
pub fn heading(effect: Effect) -> Option<Words> {
    Some(match effect {
        Effect::Time => words("Time", "时间效力"),
        Effect::Scope => words("Scope", "适用范围"),
        Effect::Standing => words("Standing", "诉讼主体资格"),
        Effect::Claim => words("Claims that need no tort", "独立请求权"),
        Effect::Step => words("Steps on the way", "中间认定"),
        Effect::Infringement => words("The wrong", "侵权行为"),
        Effect::Bars => words("Defences taken away", "不予支持的抗辩"),
        Effect::Exempts => words("Exemptions", "免责事由"),
        Effect::Liability => words("Liability", "民事责任"),
        Effect::WhoPays => words("Who pays", "责任承担"),
        Effect::Weighs => words("What the court weighs", "考量因素"),
        Effect::Remedy => words("Remedies", "救济"),
        Effect::Procedure => words("Procedure", "程序"),
        Effect::Breach => words("Duties broken", "违反的义务"),
        Effect::Sanction => words("What the authority may do", "行政措施"),
        Effect::Burden => words("Burden of proof", "举证责任"),
        Effect::Permits => return None,
    })
}

/// How a rule or a claim came out.
pub fn outcome(outcome: Outcome) -> Words {
    match outcome {
        Outcome::MadeOut => words("made out", "成立"),
        Outcome::NotMadeOut => words("not made out", "不成立"),
        Outcome::NotInIssue => words("not in issue", "未涉及"),
        Outcome::NotReached => words("not reached", "不予审查"),
        Outcome::NotInForce => words("not in force", "尚未施行"),
    }
}

/// How a rule binds the court.
pub fn modality(modality: Modality) -> Words {
    match modality {
        Modality::Mandatory => words("the court shall", "应当"),
        Modality::Supported => words("supported if claimed", "请求的，予以支持"),
        Modality::Discretionary => words("the court may", "可以"),
    }
}

/// How surely a rule was read.
pub fn mark(mark: Mark) -> Words {
    match mark {
        Mark::Text => words("read in the text", "依据条文"),
        Mark::Secondary => words("read in a secondary source", "依据二手资料"),
        Mark::Inference => words("our inference", "我们的推论"),
        Mark::Unconfirmed => words("unconfirmed", "未经确认"),
    }
}

/// Whether a finding is part of a report: what was in issue, and not what only the gate asks.
pub fn is_told(finding: &Finding) -> bool {
    finding.is_told() && heading(finding.conclusion.effect).is_some()
}

/// What facts are called in a report.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// By their names, for those who write case files.
    ByName,
    /// By what they ask, for everyone else.
    ByMeaning,
}

/// The conditions that decided a rule: all that hold where it is made out, those that fail (or
/// the exceptions that defeat it) where it is not.
pub fn reasons(finding: &Finding, call: Call) -> Vec<String> {
    let made_out = finding.outcome == Outcome::MadeOut;
    let decided = |condition: &&FoundCondition| {
        let supports = condition.holds != (condition.role == "exception");
        supports == made_out && !condition.assumed
    };
    let (mut reasons, mut silence) = (Vec::new(), Vec::new());
    for condition in finding.conditions.iter().filter(decided) {
        let points = || {
            condition
                .points
                .iter()
                .filter(|p| p.holds == condition.holds)
        };
        if condition.is_in_issue() {
            for point in points().filter(|p| p.why != "not_in_issue") {
                let reason = said(point, call);
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        } else if condition.role != "exception" {
            silence.extend(points().map(|point| called(point, call)));
        }
    }
    if !silence.is_empty() {
        reasons.push(format!("nobody put in issue: {}", silence.join("; ")));
    }
    reasons
}

/// The unknown facts on which a rule turns that it reads itself; what follows from other rules
/// turns on them as well, and says so there.
pub fn own_turns(finding: &Finding) -> impl Iterator<Item = &TurningPoint> {
    let reads = |fact: &str| {
        let mut points = finding.conditions.iter().flat_map(|c| &c.points);
        points.any(|point| point.name == fact)
    };
    finding
        .turns_on
        .iter()
        .filter(move |turn| reads(&turn.fact))
}

fn called(point: &Point, call: Call) -> &str {
    match call {
        Call::ByMeaning if !point.meaning.is_empty() => &point.meaning,
        _ => &point.name,
    }
}

/// What is known of a fact or conclusion that a condition reads.
fn said(point: &Point, call: Call) -> String {
    let proof = match point.evidence.as_slice() {
        [] => String::new(),
        ids => format!(" ({})", ids.join(", ")),
    };
    let is = if call == Call::ByName { " is" } else { ":" };
    let name = called(point, call);
    match (point.why, point.burden) {
        ("unproven", Some(burden)) => format!("{name}{is} unproven, {}{proof}", borne(burden)),
        ("reading", _) => format!("the provision is read so ({})", point.name),
        _ => format!("{name}{is} {}{proof}", point.says),
    }
}

/// Who has to prove it, as a clause.
pub fn borne(burden: Burden) -> &'static str {
    match burden.on {
        Bearer::Claimant => "which the claimant has to prove",
        Bearer::Processor => "which the processor has to prove",
        Bearer::Joint => "which either side may be called on to prove",
        Bearer::Court => "which the court weighs",
        Bearer::Law => "a question of law or of what was pleaded",
    }
}

/// On what an outcome turns, and whose burden it is, by which provision.
pub fn turn(point: &TurningPoint) -> String {
    format!(
        "{}, {} ({})",
        point.fact,
        borne(point.burden),
        allocated(point)
    )
}

/// The same in words.
pub fn turn_told(law: &Law, point: &TurningPoint) -> String {
    let meaning = law
        .fact(&point.fact)
        .map_or(point.fact.as_str(), |fact| &fact.meaning);
    format!(
        "whether {meaning}, {} ({})",
        borne(point.burden),
        allocated(point)
    )
}

fn allocated(point: &TurningPoint) -> String {
    match (&point.allocated_by, point.burden.explicit) {
        (Some(rule), _) => rule.citation.clone(),
        (None, true) => "by the text".to_owned(),
        (None, false) => "inferred".to_owned(),
    }
}

/// What answers a claim, each provision once.
pub fn answered_by(claim: &ClaimAnswer) -> String {
    let by = claim.rules.iter().filter(|(_, o)| *o == claim.outcome);
    let mut by: Vec<&str> = by.map(|(rule, _)| rule.citation.as_str()).collect();
    by.dedup();
    by.join("; ")
}

/// How a rule is cited where its instrument is named above.
pub fn cited<'r>(pack: &PackFindings, rule: &'r Rule) -> &'r str {
    let short = rule.citation.strip_prefix(&pack.short);
    short.map_or(&rule.citation, |rest| rest.trim_start_matches([',', ' ']))
}

/// The same in Chinese, where the pack has it.
pub(super) fn cited_in_chinese(pack: &PackFindings, rule: &Rule) -> Option<String> {
    let chinese = rule.chinese.as_ref()?;
    let title = pack.title_zh.as_deref().unwrap_or_default();
    let rest = chinese.citation.trim_start_matches('《');
    let rest = rest.strip_prefix(title).unwrap_or(rest);
    Some(rest.trim_start_matches('》').to_owned())
}

/// Many rules, each provision once, under the name of its instrument.
pub fn cited_all(packs: &[PackFindings], rules: &[Arc<Rule>]) -> String {
    let mut of_packs = Vec::new();
    for pack in packs {
        let mut own: Vec<&str> = Vec::new();
        for rule in rules.iter().filter(|rule| rule.pack() == pack.id) {
            let cited = cited(pack, rule);
            if !own.contains(&cited) {
                own.push(cited);
            }
        }
        if !own.is_empty() {
            of_packs.push(format!("{}: {}", pack.short, own.join("; ")));
        }
    }
    of_packs.join(". ")
}

/// When the conduct took place, as the case states it.
pub fn conduct(law: &Law, case: &Case) -> Option<String> {
    let said = |name: &str| case.fact(law, name).map(|stated| stated.said.as_str());
    let start = said("conduct_start");
    let end = said("conduct_end").filter(|end| *end != "ongoing");
    match (start, end) {
        (None, None) => None,
        (Some(start), None) => Some(format!("from {start}, going on")),
        (None, Some(end)) => Some(format!("until {end}")),
        (Some(start), Some(end)) if start == end => Some(format!("on {start}")),
        (Some(start), Some(end)) => Some(format!("from {start} to {end}")),
    }
}

/// Positions, the first few of many.
pub fn numbers(positions: &[u64]) -> String {
    const MOST: usize = 8;
    let told: Vec<String> = positions.iter().take(MOST).map(u64::to_string).collect();
    match positions.len().saturating_sub(MOST) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

/// The changes that the case speaks of, those in doubt first, values of one fact with the same
/// effect together.
pub fn grouped<'w>(law: &Law, worked: &'w Worked) -> Vec<(&'w Change, Vec<String>)> {
    let spoken = |change: &&Change| {
        change.in_doubt || worked.case.facts(law).any(|(name, _)| name == change.fact)
    };
    let same_rules = |a: &[Arc<Rule>], b: &[Arc<Rule>]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.id == b.id)
    };
    let mut groups: Vec<(&Change, Vec<String>)> = Vec::new();
    for change in worked.changes.iter().filter(spoken) {
        let same = groups.iter_mut().find(|(known, _)| {
            known.fact == change.fact
                && same_rules(&known.gains, &change.gains)
                && same_rules(&known.loses, &change.loses)
        });
        match same {
            Some((_, values)) => values.push(change.becomes.clone()),
            None => groups.push((change, vec![change.becomes.clone()])),
        }
    }
    groups
}

/// Who asked for the act of an entry, by identifier; nothing for the terminal.
pub fn asked_by(event: &crate::Event) -> String {
    event
        .by
        .map(|by| format!(", asked by {by}"))
        .unwrap_or_default()
}
