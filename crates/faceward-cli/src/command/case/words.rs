//! The words of reports: headings in English and Chinese, outcomes, reasons.

use faceward_law::{Bearer, Burden, Effect, Finding, FoundCondition, Mark, Modality, Outcome};
use faceward_law::{Point, TurningPoint};

/// A heading in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

pub(super) const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// Under which heading rules of this effect stand, in the order of an assessment; `None` for what
/// only the live gate asks.
pub(super) fn heading(effect: Effect) -> Option<Words> {
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
        Effect::Breach => words("Public-law duties broken", "违反的公法义务"),
        Effect::Sanction => words("What the authority may do", "行政措施"),
        Effect::Burden => words("Burden of proof", "举证责任"),
        Effect::Permits => return None,
    })
}

pub(super) fn outcome(outcome: Outcome) -> Words {
    match outcome {
        Outcome::MadeOut => words("made out", "成立"),
        Outcome::NotMadeOut => words("not made out", "不成立"),
        Outcome::NotInIssue => words("not in issue", "未涉及"),
        Outcome::NotReached => words("not reached", "不予审查"),
        Outcome::NotInForce => words("not in force", "尚未施行"),
    }
}

pub(super) fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Mandatory => "the court shall",
        Modality::Supported => "supported if claimed",
        Modality::Discretionary => "the court may",
    }
}

pub(super) fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Text => "read in the text",
        Mark::Secondary => "read in a secondary source",
        Mark::Inference => "our inference",
        Mark::Unconfirmed => "unconfirmed",
    }
}

/// Whether a finding is part of a report: what was in issue, and not what only the gate asks.
pub(super) fn is_told(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::MadeOut | Outcome::NotMadeOut)
        && heading(finding.conclusion.effect).is_some()
}

/// A condition that decided, and what it came down to.
pub(super) struct Reason {
    pub(super) condition: String,
    pub(super) why: String,
}

/// The conditions that decided a rule: all that hold where it is made out, those that fail (or
/// the exceptions that defeat it) where it is not.
pub(super) fn reasons(finding: &Finding) -> Vec<Reason> {
    let made_out = finding.outcome == Outcome::MadeOut;
    let decided = |condition: &&FoundCondition| {
        let supports = condition.holds != (condition.role == "exception");
        supports == made_out && !condition.assumed
    };
    let mut reasons = Vec::new();
    for condition in finding.conditions.iter().filter(decided) {
        let silent = condition.points.iter().all(|p| p.why == "not_in_issue");
        if condition.role == "exception" && silent {
            continue;
        }
        let told = condition.points.iter().filter(|point| {
            let idle = point.why == "not_in_issue" && !silent;
            point.holds == condition.holds && !idle
        });
        let told: Vec<String> = told.map(said).collect();
        reasons.push(Reason {
            condition: match condition.role {
                "exception" => format!("unless {}", condition.text),
                _ => condition.text.clone(),
            },
            why: told.join("; "),
        });
    }
    reasons
}

/// What is known of a fact or conclusion that a condition reads.
fn said(point: &Point) -> String {
    let proof = match point.evidence.as_slice() {
        [] => String::new(),
        ids => format!(" ({})", ids.join(", ")),
    };
    match (point.why, point.burden) {
        ("unproven", Some(burden)) => {
            format!("{} is unproven, {}{proof}", point.name, borne(burden))
        }
        ("not_in_issue", _) => format!("nobody put {} in issue", point.name),
        ("reading", _) => format!("{} is read so", point.name),
        _ => format!("{} is {}{proof}", point.name, point.says),
    }
}

/// Who has to prove it, as a clause.
pub(super) fn borne(burden: Burden) -> &'static str {
    match burden.on {
        Bearer::Claimant => "which the claimant has to prove",
        Bearer::Processor => "which the processor has to prove",
        Bearer::Joint => "which either side may be called on to prove",
        Bearer::Court => "which the court weighs",
        Bearer::Law => "a question of law or of what was pleaded",
    }
}

/// On what an outcome turns, and whose burden it is, by which provision.
pub(super) fn turn(point: &TurningPoint) -> String {
    let by = match (&point.allocated_by, point.burden.explicit) {
        (Some(rule), _) => rule.citation.clone(),
        (None, true) => "by the text".to_owned(),
        (None, false) => "inferred".to_owned(),
    };
    format!("{}, {} ({by})", point.fact, borne(point.burden))
}
