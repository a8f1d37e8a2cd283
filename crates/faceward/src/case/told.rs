//! A case that was worked through, for programs. Every field is described in docs/case-format.md.

use std::collections::BTreeMap;
use std::sync::Arc;

use faceward_law::{
    Burden, Case, Change, ClaimAnswer, Evidence, Finding, FoundCondition, Law, Outcome,
    PackFindings, Point, Rule, Stated, TurningPoint,
};
use serde_json::{Map, Value, json};

use super::{LEDGER_CANNOT_PROVE, OwnEntry, ToldByLedger, WhatIf, Worked};

/// Everything about one case.
pub fn case_json(law: &Law, worked: &Worked) -> Value {
    let (case, assessment) = (&worked.case, &worked.assessment);
    let expectations = worked.expected.iter().map(|expected| {
        json!({
            "variant": expected.variant,
            "met": expected.surprises.is_empty(),
            "surprises": expected.surprises,
        })
    });
    let readings: BTreeMap<&str, &str> = case.readings().collect();
    let stated: BTreeMap<&str, bool> = case.stated_conclusions().collect();
    json!({
        "id": case.id,
        "title": case.title,
        "file": worked.file.display().to_string(),
        "as_of": assessment.as_of.to_string(),
        "parties": { "claimant": case.claimant, "respondent": case.respondent },
        "judged_under": case.packs,
        "readings": readings,
        "acts": acts(law, worked),
        "facts": facts(law, case),
        "stated_conclusions": stated,
        "evidence": evidence(worked),
        "ledger": worked.ledger.as_ref().map(ledger),
        "packs": assessment.packs.iter().map(|pack| pack_json(case, pack)).collect::<Vec<_>>(),
        "claims": assessment.claims.iter().map(claim).collect::<Vec<_>>(),
        "changes": worked.changes.iter().map(change).collect::<Vec<_>>(),
        "unread": assessment.unread,
        "what_if": worked.what_if.as_ref().map(what_if),
        "expectations": expectations.collect::<Vec<_>>(),
    })
}

fn acts(law: &Law, worked: &Worked) -> Vec<Value> {
    let mut acts = Vec::new();
    for (at, act) in worked.case.acts.iter().enumerate() {
        let judged = worked
            .assessment
            .packs
            .iter()
            .filter(|pack| pack.judged.get(at) == Some(&true));
        let judged: Vec<&str> = judged.map(|pack| pack.id.as_str()).collect();
        let facts: Vec<Value> = act
            .facts(law)
            .map(|(name, stated)| fact(law, &worked.case, name, stated))
            .collect();
        acts.push(json!({
            "from": act.from.to_string(),
            "to": act.to.to_string(),
            "what": act.what,
            "judged_under": judged,
            "facts": facts,
        }));
    }
    acts
}

fn facts(law: &Law, case: &Case) -> Vec<Value> {
    let facts = case.own_facts(law);
    facts
        .map(|(name, stated)| fact(law, case, name, stated))
        .collect()
}

fn fact(law: &Law, case: &Case, name: &str, stated: &Stated) -> Value {
    let known = law.fact(name);
    let main = case.packs.first().and_then(|id| law.pack(id).ok());
    json!({
        "name": name,
        "meaning": known.map(|fact| fact.meaning.as_str()),
        "said": stated.said,
        "counts_as": known.map(|fact| stated.state.say(&fact.kind)),
        "state": stated.footing.word(),
        "burden": main.and_then(|pack| pack.burden_of(law, name)).map(burden),
        "evidence": stated.evidence,
        "note": stated.note,
    })
}

fn evidence(worked: &Worked) -> Vec<Value> {
    let check = |id: &str| worked.evidence.iter().find(|checked| checked.id == id);
    let one = |evidence: &Evidence| {
        let check = check(&evidence.id).map(|checked| {
            json!({
                "result": checked.result.word(),
                "detail": checked.detail,
                "sha256": checked.sha256,
            })
        });
        json!({
            "id": evidence.id,
            "kind": evidence.kind.word(),
            "title": evidence.title,
            "file": evidence.file,
            "sha256": evidence.sha256,
            "key": evidence.key,
            "note": evidence.note,
            "check": check,
        })
    };
    worked.case.evidence.iter().map(one).collect()
}

fn ledger(told: &ToldByLedger) -> Value {
    let own = told.handed.story.own.iter().map(|own| {
        json!({
            "entry": own.position,
            "at": own.event.at.to_string(),
            "act": own.event.act.word(),
            "outcome": own.event.outcome.word(),
            "purpose": own.event.purpose,
            "rules": own.event.rules,
            "by": own.event.by.map(|by| by.to_string()),
            "record": own.record,
            "receipt": entry_receipt(told, own),
        })
    });
    let filled = told.filled.iter().map(|filled| {
        json!({
            "fact": filled.fact,
            "value": filled.value,
            "why": filled.why,
            "entries": filled.entries,
            "taken": filled.taken,
        })
    });
    json!({
        "origin": told.handed.story.audited.origin,
        "entries": told.handed.story.audited.entries,
        "checkpoint": told.handed.story.audited.checkpoint,
        "key": told.handed.key,
        "own": own.collect::<Vec<_>>(),
        "filled": filled.collect::<Vec<_>>(),
        "idle_openings": told.handed.story.idle,
        "unread_entries": told.handed.story.unread,
        "cannot_prove": LEDGER_CANNOT_PROVE,
    })
}

/// The receipts of the claimant's entries with their positions, each as
/// `faceward audit check --proof` takes it.
pub fn entry_receipts(worked: &Worked) -> Vec<(u64, Value)> {
    let told = worked.ledger.iter();
    let receipts = told.flat_map(|told| {
        let own = told.handed.story.own.iter();
        own.map(|own| (own.position, entry_receipt(told, own)))
    });
    receipts.collect()
}

fn entry_receipt(told: &ToldByLedger, own: &OwnEntry) -> Value {
    json!({
        "entry": own.position,
        "leaf_hash": own.leaf.to_string(),
        "checkpoint": told.handed.story.audited.checkpoint,
        "inclusion_proof": own.proof.to_string(),
    })
}

fn pack_json(case: &Case, pack: &PackFindings) -> Value {
    let rules: Vec<Value> = pack.findings.iter().map(finding).collect();
    json!({
        "id": pack.id,
        "short": pack.short,
        "title": pack.title,
        "title_zh": pack.title_zh,
        "provisions_apply": pack.applies.word(),
        "rules": rules,
        "conclusions": conclusions(case, pack),
        "counterfactual": ids(&pack.counterfactual),
    })
}

/// Each conclusion by its name: made out if any rule for it is, or as the case states it.
fn conclusions(case: &Case, pack: &PackFindings) -> Map<String, Value> {
    let ranks = [
        Outcome::MadeOut,
        Outcome::NotMadeOut,
        Outcome::NotReached,
        Outcome::NotInForce,
    ];
    let mut conclusions = Map::new();
    for finding in &pack.findings {
        let name = &finding.conclusion.name;
        if conclusions.contains_key(name) {
            continue;
        }
        let stated = case.stated_conclusions().find(|(stated, _)| stated == name);
        let of_name = || pack.findings.iter().filter(|f| f.conclusion.name == *name);
        let derived = ranks
            .into_iter()
            .find(|rank| of_name().any(|f| f.outcome == *rank));
        let outcome = match stated {
            Some((_, true)) => Outcome::MadeOut,
            Some((_, false)) => Outcome::NotMadeOut,
            None => derived.unwrap_or(Outcome::NotInIssue),
        };
        let rules: Vec<&str> = of_name().map(|f| f.rule.id.as_str()).collect();
        conclusions.insert(
            name.clone(),
            json!({
                "outcome": outcome.word(),
                "effect": finding.conclusion.effect.word(),
                "favours": finding.conclusion.favours.map(|party| party.word()),
                "meaning": finding.conclusion.meaning,
                "stated": stated.is_some(),
                "rules": rules,
            }),
        );
    }
    conclusions
}

fn finding(finding: &Finding) -> Value {
    let rule = &finding.rule;
    let reports: Map<String, Value> = finding
        .reports
        .iter()
        .map(|(name, says)| (name.clone(), json!(says)))
        .collect();
    json!({
        "id": rule.id,
        "number": rule.number(),
        "citation": rule.citation,
        "article": rule.article,
        "gist": rule.gist,
        "effect": finding.conclusion.effect.word(),
        "concludes": finding.conclusion.name,
        "outcome": finding.outcome.word(),
        "modality": rule.modality.word(),
        "mark": rule.mark.word(),
        "conditions": finding.conditions.iter().map(condition).collect::<Vec<_>>(),
        "turns_on": finding.turns_on.iter().map(turn).collect::<Vec<_>>(),
        "orders": rule.orders,
        "amount": finding.amount,
        "reports": reports,
        "note": rule.note,
    })
}

fn condition(condition: &FoundCondition) -> Value {
    json!({
        "role": condition.role,
        "text": condition.text,
        "holds": condition.holds,
        "assumed": condition.assumed,
        "points": condition.points.iter().map(point).collect::<Vec<_>>(),
    })
}

fn point(point: &Point) -> Value {
    json!({
        "name": point.name,
        "meaning": point.meaning,
        "says": point.says,
        "negated": point.negated,
        "holds": point.holds,
        "why": point.why,
        "burden": point.burden.map(burden),
        "evidence": point.evidence,
    })
}

fn burden(burden: Burden) -> Value {
    json!({ "on": burden.on.word(), "explicit": burden.explicit })
}

fn turn(point: &TurningPoint) -> Value {
    json!({
        "fact": point.fact,
        "burden": point.burden.on.word(),
        "explicit": point.burden.explicit,
        "allocated_by": point.allocated_by.as_ref().map(|rule| rule.id.as_str()),
    })
}

fn claim(claim: &ClaimAnswer) -> Value {
    let rule = |(rule, outcome): &(Arc<Rule>, Outcome)| json!({ "id": rule.id, "outcome": outcome.word() });
    json!({
        "id": claim.id,
        "text": claim.text,
        "outcome": claim.outcome.word(),
        "turns_on": claim.turns_on.iter().map(turn).collect::<Vec<_>>(),
        "rules": claim.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    json!({
        "fact": change.fact,
        "meaning": change.meaning,
        "now": change.now,
        "becomes": change.becomes,
        "burden": burden(change.burden),
        "in_doubt": change.in_doubt,
        "gains": ids(&change.gains),
        "loses": ids(&change.loses),
    })
}

fn what_if(what_if: &WhatIf) -> Value {
    let differences = what_if.differences.iter().map(|difference| {
        json!({
            "rule": difference.rule.id,
            "citation": difference.rule.citation,
            "before": difference.before.word(),
            "after": difference.after.word(),
        })
    });
    json!({
        "changes": what_if.changes,
        "differences": differences.collect::<Vec<_>>(),
    })
}

fn ids(rules: &[Arc<Rule>]) -> Vec<&str> {
    rules.iter().map(|rule| rule.id.as_str()).collect()
}
