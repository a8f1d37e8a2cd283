use faceward::{
    Asker, Finding, FoundCondition, Listed, Relatives, Request, RequestRecorded, RuleOutcome,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Who asks, in words.
pub(super) fn asker(asker: &Asker) -> String {
    match asker {
        Asker::Subject => "the person".to_owned(),
        Asker::Guardian(name) => format!("the guardian {name}"),
        Asker::Authorised(name) => format!("{name}, authorised by the person"),
        Asker::Relative { name, kin, .. } => format!("{name} ({kin})"),
    }
}

/// The last day on which the answer is in time.
pub(super) fn day(request: &Request) -> String {
    let last = request.due().saturating_sub(SignedDuration::from_secs(1));
    last.unwrap_or_else(|_| request.due())
        .strftime("by %Y-%m-%d")
        .to_string()
}

/// A request in the list.
pub(super) fn line(listed: &Listed) -> String {
    let request = &listed.request;
    let asked = request.asked();
    let standing = match (request.state().is_final(), listed.overdue) {
        (true, _) => request.state().to_string(),
        (false, true) => format!("LATE, was due {}", day(request)),
        (false, false) => format!("due {}", day(request)),
    };
    let mut line = format!(
        "{standing}  {} for {}\n  received {} ({}), asked by {}\n  request {}",
        asked.kind,
        listed.handle,
        asked.received,
        asked.channel,
        asker(&asked.asker),
        request.id(),
    );
    for said in request
        .events()
        .iter()
        .filter_map(|event| event.what.said())
    {
        line.push_str(&format!("\n  {said}"));
    }
    line
}

/// What the rule packs find on a relative, condition by condition.
pub(super) fn relatives(recorded: &RequestRecorded) -> String {
    let Some(found) = &recorded.relatives else {
        return String::new();
    };
    let mut text = if found.may_ask() {
        "\n  the rule packs give it to them:".to_owned()
    } else {
        "\n  the rule packs do not give it to them:".to_owned()
    };
    for finding in found.findings() {
        let rule = &finding.rule;
        text.push_str(&format!(
            "\n    {}: {}\n    {}",
            rule.citation,
            rule.gist,
            outcome(finding)
        ));
        for condition in &finding.conditions {
            text.push_str(&format!("\n      {}", held(condition)));
        }
    }
    if let Some(arrangement) = &recorded.arrangement {
        text.push_str(&format!("\n  the person arranged: {arrangement}"));
    }
    text
}

fn outcome(finding: &Finding) -> String {
    let word = match finding.outcome {
        RuleOutcome::MadeOut => "made out",
        RuleOutcome::NotMadeOut => "not made out",
        RuleOutcome::NotInIssue => "not in issue",
        RuleOutcome::NotReached => "not reached",
        RuleOutcome::NotInForce => "not in force",
    };
    let turning: Vec<&str> = finding.turns_on.iter().map(|p| p.fact.as_str()).collect();
    if turning.is_empty() {
        word.to_owned()
    } else {
        format!("{word}; it turns on {}", turning.join(", "))
    }
}

fn held(condition: &FoundCondition) -> String {
    let sign = if condition.holds { "yes" } else { "no " };
    let role = match condition.role {
        "exception" => "unless ",
        _ => "",
    };
    format!("{sign} {role}{}", condition.text)
}

/// What the rule packs find on a relative, as JSON.
pub(super) fn relatives_json(found: &Relatives) -> Value {
    let condition = |condition: &FoundCondition| {
        json!({
            "role": condition.role,
            "text": condition.text,
            "holds": condition.holds,
        })
    };
    let finding = |finding: &Finding| {
        json!({
            "rule": finding.rule.id,
            "citation": finding.rule.citation,
            "gist": finding.rule.gist,
            "outcome": finding.outcome.word(),
            "conditions": finding.conditions.iter().map(condition).collect::<Vec<_>>(),
            "turns_on": finding.turns_on.iter().map(|p| p.fact.as_str()).collect::<Vec<_>>(),
        })
    };
    json!({
        "may_ask": found.may_ask(),
        "findings": found.findings().map(finding),
    })
}
