mod check;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use faceward_law::{Fact, Law, Pack, Rule};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};

/// The provisions as data: list them, look one up, check a pack of your own
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List the packs that come with the program
    List,
    /// List every fact that a rule may read: what it asks, its answers, who must prove it
    Facts,
    Show(Show),
    Check(Check),
}

/// Show a rule: what it says, what it takes, how surely it was read
#[derive(clap::Args)]
struct Show {
    /// Such as cn-spc-2021-15/2.3, as refusals and records name it; a pack's name lists its rules
    #[arg(value_name = "RULE")]
    rule: String,
}

/// Check a pack of your own: read it, run its cases, name the articles without one
///
/// Exit code 0 when every case comes out as expected, 1 when one surprises, 2 when a file is
/// not understood.
#[derive(clap::Args)]
struct Check {
    /// Folder with pack.toml and cases.toml
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(args: Args, console: &Console) -> anyhow::Result<Code> {
    let answer = match args.what {
        What::List => list(&*Law::built_in()?),
        What::Facts => facts(&*Law::built_in()?),
        What::Show(args) => show(&*Law::built_in()?, &args.rule)?,
        What::Check(args) => check::check(&args.folder)?,
    };
    Ok(console.say(&answer))
}

fn list(law: &Law) -> Answer {
    let mut lines = Vec::new();
    for pack in law.packs() {
        let live = pack.rules().filter(|rule| rule.live).count();
        lines.push(format!(
            "{}\n  {}: {}\n  {}, {}; {}; {} rules, {live} of them asked by the live gate",
            pack.id,
            pack.short,
            pack.title,
            pack.issuer,
            pack.jurisdiction,
            in_force(pack),
            pack.rules().count(),
        ));
    }
    let pack = |pack: &Pack| {
        json!({
            "id": pack.id,
            "short": pack.short,
            "title": pack.title,
            "title_zh": pack.title_zh,
            "issuer": pack.issuer,
            "jurisdiction": pack.jurisdiction,
            "from": pack.period.from.map(|day| day.to_string()),
            "until": pack.period.until.map(|day| day.to_string()),
            "rules": pack.rules().count(),
            "live_rules": pack.rules().filter(|rule| rule.live).count(),
            "notes": pack.notes,
        })
    };
    let packs: Vec<Value> = law.packs().iter().map(pack).collect();
    Answer::done(
        lines.join("\n"),
        json!({ "outcome": "done", "packs": packs }),
    )
}

fn in_force(pack: &Pack) -> String {
    match (pack.period.from, pack.period.until) {
        (Some(from), Some(until)) => format!("in force from {from}, until before {until}"),
        (Some(from), None) => format!("in force from {from}"),
        (None, Some(until)) => format!("in force until before {until}"),
        (None, None) => "in force at all times".to_owned(),
    }
}

fn facts(law: &Law) -> Answer {
    let line = |fact: &Fact| {
        format!(
            "{}\n  {}\n  {}; burden: {}; defined in {}",
            fact.name,
            fact.meaning,
            fact.kind.expects(),
            fact.burden.say(),
            fact.pack,
        )
    };
    let lines: Vec<String> = law.facts().iter().map(line).collect();
    let fact = |fact: &Fact| {
        json!({
            "name": fact.name,
            "meaning": fact.meaning,
            "expects": fact.kind.expects(),
            "values": fact.kind.words(),
            "burden": fact.burden.on.word(),
            "burden_explicit": fact.burden.explicit,
            "pack": fact.pack,
            "note": fact.note,
        })
    };
    let facts: Vec<Value> = law.facts().iter().map(fact).collect();
    Answer::done(
        lines.join("\n"),
        json!({ "outcome": "done", "facts": facts }),
    )
}

fn show(law: &Law, named: &str) -> anyhow::Result<Answer> {
    let (pack, number) = match named.split_once('/') {
        Some((pack, number)) => (law.pack(pack)?, Some(number)),
        None => (law.pack(named)?, None),
    };
    let Some(number) = number else {
        let line = |rule: &Rule| format!("{}  {}: {}", rule.id, rule.citation, rule.gist);
        let lines: Vec<String> = pack.rules().map(line).collect();
        let rules: Vec<Value> = pack.rules().map(|rule| rule_json(pack, rule)).collect();
        let fields = json!({ "outcome": "done", "pack": pack.id, "rules": rules });
        return Ok(Answer::done(lines.join("\n"), fields));
    };
    let rule = pack.rules().find(|rule| rule.number() == number);
    let rule = rule.with_context(|| {
        format!(
            "{} has no rule `{number}`; `faceward law show {}` lists its rules",
            pack.id, pack.id
        )
    })?;
    let mut fields = rule_json(pack, rule);
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("outcome".to_owned(), json!("done"));
    }
    Ok(Answer::done(rule_text(pack, rule), fields))
}

fn rule_text(pack: &Pack, rule: &Rule) -> String {
    let conclusion = pack.conclusion_of(rule);
    let mut text = format!(
        "{}  {}\n  {}\n  concludes   {}: {} ({})",
        rule.id,
        rule.citation,
        rule.gist,
        conclusion.name,
        conclusion.meaning,
        conclusion.effect.word(),
    );
    for (role, condition) in rule.conditions() {
        let _ = write!(text, "\n  {role:<10}  {condition}");
    }
    let live = if rule.live {
        "asked by the live gate"
    } else {
        "for disputes only"
    };
    let _ = write!(
        text,
        "\n  {}, read in: {}; {live}",
        rule.modality.word(),
        rule.mark.word(),
    );
    let lines = [("orders", &rule.orders), ("note", &rule.note)];
    for (name, line) in lines {
        if let Some(line) = line {
            let _ = write!(text, "\n  {name:<10}  {line}");
        }
    }
    text
}

fn rule_json(pack: &Pack, rule: &Rule) -> Value {
    let conclusion = pack.conclusion_of(rule);
    let condition = |(role, text): (&str, &str)| json!({ "role": role, "text": text });
    json!({
        "rule": rule.id,
        "citation": rule.citation,
        "article": rule.article,
        "gist": rule.gist,
        "concludes": conclusion.name,
        "effect": conclusion.effect.word(),
        "favours": conclusion.favours.map(faceward_law::Party::word),
        "modality": rule.modality.word(),
        "mark": rule.mark.word(),
        "live": rule.live,
        "conditions": rule.conditions().map(condition).collect::<Vec<_>>(),
        "orders": rule.orders,
        "note": rule.note,
    })
}
