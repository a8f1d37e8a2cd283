//! What is asked for, and the answer.

use super::{ClaimAnswer, Finding, PackFindings, TurningPoint};
use crate::case::{Case, find_answer};
use crate::evaluate::Outcome;
use crate::law::Law;
use crate::rule::Effect;

pub(super) fn claims(law: &Law, case: &Case, packs: &[PackFindings]) -> Vec<ClaimAnswer> {
    if case.claims.is_empty() {
        return claims_in_issue(packs);
    }
    let mut answers = Vec::new();
    for claim in &case.claims {
        let mut found: Vec<&Finding> = Vec::new();
        for name in &claim.asks {
            let Ok((pack, rules)) = find_answer(law, &case.packs, name) else {
                continue;
            };
            let ids: Vec<&str> = rules
                .iter()
                .filter_map(|at| pack.rules.get(*at))
                .map(|rule| rule.id.as_str())
                .collect();
            let all = packs.iter().flat_map(|pack| &pack.findings);
            found.extend(all.filter(|finding| ids.contains(&finding.rule.id.as_str())));
        }
        answers.push(answer(claim.id.clone(), claim.text.clone(), &found));
    }
    answers
}

/// Where the case lists no claims: every conclusion that grants something and is in issue.
fn claims_in_issue(packs: &[PackFindings]) -> Vec<ClaimAnswer> {
    let grants = |effect| {
        use Effect::{Breach, Claim, Liability, Procedure, Remedy, Sanction, WhoPays};
        matches!(
            effect,
            Claim | Liability | WhoPays | Remedy | Procedure | Breach | Sanction
        )
    };
    let mut answers: Vec<ClaimAnswer> = Vec::new();
    for pack in packs {
        let asked = pack
            .findings
            .iter()
            .filter(|finding| finding.is_told() && grants(finding.conclusion.effect));
        for finding in asked {
            let id = format!("{}/{}", pack.id, finding.conclusion.name);
            if answers.iter().any(|answer| answer.id == id) {
                continue;
            }
            let same = |other: &&Finding| other.conclusion.name == finding.conclusion.name;
            let found: Vec<&Finding> = pack.findings.iter().filter(same).collect();
            answers.push(answer(id, finding.conclusion.meaning.clone(), &found));
        }
    }
    answers
}

fn answer(id: String, text: String, found: &[&Finding]) -> ClaimAnswer {
    let ranks = [
        Outcome::MadeOut,
        Outcome::NotMadeOut,
        Outcome::NotReached,
        Outcome::NotInForce,
        Outcome::NotInIssue,
    ];
    let best = ranks
        .into_iter()
        .find(|rank| found.iter().any(|f| f.outcome == *rank));
    let outcome = best.unwrap_or(Outcome::NotInIssue);
    let mut turns_on: Vec<TurningPoint> = Vec::new();
    for point in found
        .iter()
        .filter(|f| f.outcome == outcome)
        .flat_map(|f| &f.turns_on)
    {
        if !turns_on.iter().any(|known| known.fact == point.fact) {
            turns_on.push(point.clone());
        }
    }
    ClaimAnswer {
        id,
        text,
        outcome,
        turns_on,
        rules: found.iter().map(|f| (f.rule.clone(), f.outcome)).collect(),
    }
}
