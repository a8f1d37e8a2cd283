//! The assessment for people, in the order in which a court goes through it.

use std::fmt::Write as _;
use std::sync::Arc;

use faceward::case::words::{self, Call};
use faceward::case::{LEDGER_CANNOT_PROVE, Worked};
use faceward_law::{Applies, Assessment, ClaimAnswer, Finding, Law, Outcome, PackFindings, Rule};

/// A report on every case, with a count of expectations at the end.
pub(super) fn report(law: &Law, worked: &[Worked]) -> String {
    let mut out = String::new();
    for case in worked {
        case_report(law, case, &mut out);
        out.push('\n');
    }
    let asked = worked.iter().flat_map(|case| &case.expected);
    let (met, all) = asked.fold((0, 0), |(met, all), expected| {
        (met + usize::from(expected.surprises.is_empty()), all + 1)
    });
    if all > 0 {
        let _ = writeln!(out, "expectations: {met} of {all} met");
    }
    out.push_str("This is decision support and not a judgment.");
    out
}

fn case_report(law: &Law, worked: &Worked, out: &mut String) {
    let (case, assessment) = (&worked.case, &worked.assessment);
    let _ = writeln!(out, "{}  {}", case.id, case.title);
    let _ = writeln!(
        out,
        "  as of {}, under {}",
        assessment.as_of,
        case.packs.join(", ")
    );
    if let Some(conduct) = words::conduct(law, case) {
        let _ = writeln!(out, "  conduct {conduct}");
    }
    evidence(worked, out);
    ledger(worked, out);
    for pack in &assessment.packs {
        pack_report(worked, pack, out);
    }
    claims(assessment, out);
    changes(law, worked, out);
    if !assessment.unread.is_empty() {
        let _ = writeln!(
            out,
            "\n  Stated, and read by no rule\n    {}",
            assessment.unread.join(", ")
        );
    }
    what_if(worked, out);
    surprises(worked, out);
}

/// Evidence with which something is wrong; the rest is told by the dossier.
fn evidence(worked: &Worked, out: &mut String) {
    for checked in worked.evidence.iter().filter(|c| c.result.is_wrong()) {
        let _ = writeln!(out, "  EVIDENCE {}: {}", checked.id, checked.detail);
    }
}

fn ledger(worked: &Worked, out: &mut String) {
    let Some(told) = &worked.ledger else {
        return;
    };
    let (audited, own) = (&told.handed.story.audited, &told.handed.story.own);
    let _ = writeln!(
        out,
        "\n  The ledger {}: {} entries, each as it was recorded; {} shown to be the claimant's",
        audited.origin,
        audited.entries,
        own.len()
    );
    for entry in own {
        let (event, purpose) = (&entry.event, entry.event.purpose.as_deref());
        let _ = writeln!(
            out,
            "    {:>6}  {}  {}, {}  {}{}",
            entry.position,
            event.at,
            event.act.word(),
            event.outcome.word(),
            purpose.unwrap_or_default(),
            words::asked_by(event)
        );
    }
    if own.is_empty() {
        let _ = writeln!(
            out,
            "    none: an entry names nobody; give what the claimant holds with --about"
        );
    }
    for filled in &told.filled {
        let _ = writeln!(
            out,
            "    {}: {} = {} (entries {}): {}",
            if filled.taken {
                "filled in"
            } else {
                "left as the file has it"
            },
            filled.fact,
            filled.value,
            words::numbers(&filled.entries),
            filled.why
        );
    }
    let _ = writeln!(out, "  What no ledger proves");
    for sentence in LEDGER_CANNOT_PROVE {
        let _ = writeln!(out, "    {sentence}");
    }
}

fn pack_report(worked: &Worked, pack: &PackFindings, out: &mut String) {
    let _ = writeln!(out, "\n  {}: {}", pack.short, applies(pack.applies));
    for (act, judged) in worked.case.acts.iter().zip(&pack.judged) {
        let days = match act.from == act.to {
            true => act.from.to_string(),
            false => format!("{} to {}", act.from, act.to),
        };
        let judged = if *judged { "judged" } else { "not judged" };
        let _ = writeln!(out, "    {judged}: {days}, {}", act.what);
    }
    let mut last = None;
    for finding in pack.findings.iter().filter(|f| words::is_told(f)) {
        let heading = words::heading(finding.conclusion.effect);
        if heading != last {
            let _ = writeln!(out, "\n  {}", heading.map_or("", |words| words.en));
            last = heading;
        }
        finding_report(pack, finding, out);
    }
    if pack.applies == Applies::No {
        let _ = writeln!(out, "\n  Had it been in force, these would be made out");
        for rule in &pack.counterfactual {
            let _ = writeln!(out, "    {}: {}", rule.citation, rule.gist);
        }
        if pack.counterfactual.is_empty() {
            let _ = writeln!(out, "    none");
        }
    }
}

fn applies(applies: Applies) -> &'static str {
    match applies {
        Applies::Yes => "applies",
        Applies::No => "does not apply: the conduct lies outside its time",
        Applies::Partial => "applies to the part of the conduct that lies in its time",
        Applies::Unknown => "whether it applies is unproven: the dates are unknown",
    }
}

fn finding_report(pack: &PackFindings, finding: &Finding, out: &mut String) {
    let rule = &finding.rule;
    let _ = writeln!(
        out,
        "    {:<12}  {} [{}]: {}",
        words::outcome(finding.outcome).en,
        words::cited(pack, rule),
        rule.number(),
        rule.gist
    );
    let indent = " ".repeat(18);
    for reason in words::reasons(finding, Call::ByName) {
        let _ = writeln!(out, "{indent}{reason}");
    }
    for point in words::own_turns(finding) {
        let _ = writeln!(out, "{indent}turns on {}", words::turn(point));
    }
    if finding.outcome == Outcome::MadeOut {
        if let Some(orders) = &rule.orders {
            let _ = writeln!(
                out,
                "{indent}{}: {orders}",
                words::modality(rule.modality).en
            );
        }
        if let Some(amount) = finding.amount {
            let _ = writeln!(out, "{indent}amount stated: {amount}");
        }
        for (name, says) in &finding.reports {
            let _ = writeln!(out, "{indent}{name}: {says}");
        }
    }
}

fn claims(assessment: &Assessment, out: &mut String) {
    if assessment.claims.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  What is asked for");
    for claim in &assessment.claims {
        claim_report(claim, out);
    }
}

fn claim_report(claim: &ClaimAnswer, out: &mut String) {
    let outcome = words::outcome(claim.outcome).en;
    let _ = writeln!(out, "    {outcome:<12}  {}: {}", claim.id, claim.text);
    let indent = " ".repeat(18);
    let by = words::answered_by(claim);
    if !by.is_empty() {
        let _ = writeln!(out, "{indent}{by}");
    }
    for point in &claim.turns_on {
        let _ = writeln!(out, "{indent}turns on {}", words::turn(point));
    }
}

/// Changes that are told; JSON has them all.
const MOST_CHANGES: usize = 24;

fn changes(law: &Law, worked: &Worked, out: &mut String) {
    let told = words::grouped(law, worked);
    if told.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  What would change the result, one fact at a time");
    let ids = |rules: &[Arc<Rule>]| -> String {
        let ids: Vec<&str> = rules.iter().map(|rule| rule.number()).collect();
        ids.join(", ")
    };
    for (change, values) in told.iter().take(MOST_CHANGES) {
        let _ = write!(
            out,
            "    {}: {} instead of {}",
            change.fact,
            values.join(" or "),
            change.now
        );
        if !change.gains.is_empty() {
            let _ = write!(out, "; then made out: {}", ids(&change.gains));
        }
        if !change.loses.is_empty() {
            let _ = write!(out, "; no longer: {}", ids(&change.loses));
        }
        out.push('\n');
    }
}

fn what_if(worked: &Worked, out: &mut String) {
    let Some(what_if) = &worked.what_if else {
        return;
    };
    let _ = writeln!(out, "\n  What if {}", what_if.changes.join(", "));
    for difference in &what_if.differences {
        let _ = writeln!(
            out,
            "    {} [{}]: {}, was {}",
            difference.rule.citation,
            difference.rule.number(),
            words::outcome(difference.after).en,
            words::outcome(difference.before).en,
        );
    }
    if what_if.differences.is_empty() {
        let _ = writeln!(out, "    nothing comes out otherwise");
    }
}

fn surprises(worked: &Worked, out: &mut String) {
    for expected in &worked.expected {
        for surprise in &expected.surprises {
            let of = match &expected.variant {
                Some(title) => format!("variant `{title}`"),
                None => "expected".to_owned(),
            };
            let _ = writeln!(out, "  NOT AS EXPECTED ({of}): {surprise}");
        }
    }
}
