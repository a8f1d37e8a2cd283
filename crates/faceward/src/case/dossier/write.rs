//! What a dossier says, section by section, in the order in which a judge asks.

use faceward_law::{Applies, Law};

use super::document::{Block, Cell, Document, Tone, cell, label, quiet, section, term, text};
use super::{annex, compared, findings};
use crate::case::{Worked, words};

/// The whole dossier.
pub(super) fn document(law: &Law, worked: &Worked) -> Document {
    let case = &worked.case;
    let mut blocks = vec![Block::Notice {
        label: label(
            "Decision support, not a judgment. A program applied written rules to the facts that a case file states. It heard nobody, weighed no evidence and binds no court; what it says stands and falls with those facts and with the reading of the law that is marked at each rule.",
            "本文件为辅助决策材料，不是裁判文书。程序依据案件文件所载事实适用成文规则，未听取任何一方陈述，未对证据作出评价，对法院没有任何约束力。",
        ),
    }];
    answers(law, worked, &mut blocks);
    parties(worked, &mut blocks);
    events(law, worked, &mut blocks);
    issues(law, worked, &mut blocks);
    findings::law_applied(worked, &mut blocks);
    facts(law, worked, &mut blocks);
    findings::findings(law, worked, &mut blocks);
    findings::remedies(worked, &mut blocks);
    findings::changes(law, worked, &mut blocks);
    unread(law, worked, &mut blocks);
    annex::ledger(worked, &mut blocks);
    compared::compared(worked, &mut blocks);
    annex::evidence(worked, &mut blocks);
    annex::verify(worked, &mut blocks);
    annex::open_points(law, worked, &mut blocks);
    annex::versions(worked, &mut blocks);
    let title = match case.title.as_str() {
        "" => case.id.clone(),
        title => title.to_owned(),
    };
    Document { title, blocks }
}

/// The answers first; the rest is why.
fn answers(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("In short", "结论摘要"));
    let mut rows = Vec::new();
    for claim in &worked.assessment.claims {
        let turns = claim
            .turns_on
            .iter()
            .map(|turn| words::turn_told(law, turn));
        let turns: Vec<String> = turns.collect();
        let below = match turns.is_empty() {
            true => String::new(),
            false => format!("Turns on {}.", turns.join("; and on ")),
        };
        rows.push(vec![
            cell(claim.text.clone()),
            Cell::label(words::outcome(claim.outcome))
                .tone(findings::tone(claim.outcome, !turns.is_empty())),
            cell(words::answered_by(claim)).below(below),
        ]);
    }
    if rows.is_empty() {
        blocks.push(text(
            "Nothing is asked for, and nothing that grants anything is in issue.",
        ));
        return;
    }
    blocks.push(Block::Table {
        heads: vec![
            label("What is asked for", "请求"),
            label("Answer", "结论"),
            label("By which provision, and on what it turns", "依据与关键事实"),
        ],
        widths: vec![34, 18, 48],
        rows,
    });
}

fn parties(worked: &Worked, blocks: &mut Vec<Block>) {
    let case = &worked.case;
    let unnamed = || "not named".to_owned();
    blocks.push(section("Parties", "当事人"));
    blocks.push(Block::Terms {
        rows: vec![
            term(
                "Claimant",
                "原告",
                case.claimant.clone().unwrap_or_else(unnamed),
            ),
            term(
                "Respondent",
                "被告",
                case.respondent.clone().unwrap_or_else(unnamed),
            ),
            term("Case", "案件", case.id.clone()),
            term(
                "Assessed as of",
                "评估日期",
                worked.assessment.as_of.to_string(),
            ),
        ],
    });
}

/// Entries of a ledger that stand in the timeline; more than these are only counted.
const MOST_ENTRIES: usize = 40;

fn events(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("What happened", "事实经过"));
    let mut rows = Vec::new();
    for (at, act) in worked.case.acts.iter().enumerate() {
        let days = match act.from == act.to {
            true => act.from.to_string(),
            false => format!("{} to {}", act.from, act.to),
        };
        let judged = worked.assessment.packs.iter().map(|pack| {
            let judged = pack.judged.get(at) == Some(&true);
            format!(
                "{}: {}",
                pack.short,
                if judged { "judged" } else { "not judged" }
            )
        });
        rows.push(vec![
            cell(days),
            cell(act.what.clone()),
            cell(judged.collect::<Vec<_>>().join("; ")),
        ]);
    }
    let own = worked.ledger.iter().flat_map(|told| &told.handed.story.own);
    for entry in own.clone().take(MOST_ENTRIES) {
        let (act, outcome) = (entry.event.act.word(), entry.event.outcome.word());
        let purpose = entry.event.purpose.as_deref().unwrap_or("no purpose");
        rows.push(vec![
            cell(entry.event.at.to_string()),
            cell(format!(
                "{act}, {outcome}, {purpose}{}",
                words::asked_by(&entry.event)
            )),
            cell(format!("ledger entry {}", entry.position)),
        ]);
    }
    rows.sort_by(|a, b| a.first().map(|c| &c.text).cmp(&b.first().map(|c| &c.text)));
    if let Some(conduct) = words::conduct(law, &worked.case) {
        blocks.push(text(format!("The conduct complained of: {conduct}.")));
    }
    if !rows.is_empty() {
        blocks.push(Block::Table {
            heads: vec![
                label("When", "时间"),
                label("What", "行为"),
                label("Judged under, or recorded as", "适用法律或记录"),
            ],
            widths: vec![24, 46, 30],
            rows,
        });
    }
    let more = own.count().saturating_sub(MOST_ENTRIES);
    if more > 0 {
        blocks.push(quiet(format!(
            "{more} further entries of the ledger are in dossier.json."
        )));
    }
    for pack in &worked.assessment.packs {
        let applies = match pack.applies {
            Applies::Yes => "was in force throughout, as far as dates are stated",
            Applies::No => "was not in force at the time, and is not applied",
            Applies::Partial => {
                "was in force for part of the time; only that part is judged under it"
            }
            Applies::Unknown => "may or may not have been in force: the dates are unproven",
        };
        blocks.push(text(format!("{} {applies}.", pack.short)));
    }
}

fn issues(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("Issues", "争议焦点"));
    let mut items = Vec::new();
    for claim in &worked.assessment.claims {
        let mut articles: Vec<&str> = Vec::new();
        for (rule, _) in &claim.rules {
            if !articles.contains(&rule.citation.as_str()) {
                articles.push(&rule.citation);
            }
        }
        items.push(format!(
            "{}: is it due under {}?",
            claim.text,
            articles.join("; ")
        ));
    }
    let mut open: Vec<&str> = Vec::new();
    for finding in worked
        .assessment
        .packs
        .iter()
        .flat_map(|pack| &pack.findings)
    {
        for point in &finding.turns_on {
            if open.contains(&point.fact.as_str()) {
                continue;
            }
            open.push(&point.fact);
            items.push(format!("Unproven: {}.", words::turn_told(law, point)));
        }
    }
    blocks.push(Block::List { items });
}

fn facts(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section(
        "Facts, burden and evidence",
        "事实、举证责任与证据",
    ));
    let case = &worked.case;
    let main = case.packs.first().and_then(|id| law.pack(id).ok());
    let mut rows = Vec::new();
    let of_acts = case
        .acts
        .iter()
        .flat_map(|act| act.facts(law).map(move |fact| (Some(act), fact)));
    for (act, (name, stated)) in case.own_facts(law).map(|fact| (None, fact)).chain(of_acts) {
        let meaning = law.fact(name).map_or("", |fact| &fact.meaning);
        let burden = main.and_then(|pack| pack.burden_of(law, name));
        let of_act = act.map(|act| format!(", of the act on {}", act.from));
        let mut evidence = stated.evidence.join(", ");
        if evidence.is_empty() {
            evidence = "none named".to_owned();
        }
        let wrong = worked
            .evidence
            .iter()
            .any(|c| stated.evidence.contains(&c.id) && c.result.is_wrong());
        rows.push(vec![
            cell(meaning).below(format!("{name}{}", of_act.unwrap_or_default())),
            cell(stated.said.clone()).below(stated.footing.word()),
            cell(burden.map(|burden| burden.say()).unwrap_or_default()),
            cell(evidence)
                .below(stated.note.clone().unwrap_or_default())
                .tone(if wrong { Tone::Open } else { Tone::Plain }),
        ]);
    }
    blocks.push(Block::Table {
        heads: vec![
            label("Fact", "事实"),
            label("Stated as, and its state", "陈述及状态"),
            label("Burden", "举证责任"),
            label("Evidence", "证据"),
        ],
        widths: vec![42, 18, 18, 22],
        rows,
    });
    blocks.push(quiet(
        "A fact that is disputed or unknown is decided against whoever has to prove it (SPC Interpretation of the Civil Procedure Law, Art. 90). A fact that nobody mentions establishes nothing.",
    ));
    let stated: Vec<String> = case
        .stated_conclusions()
        .map(|(name, yes)| format!("{name}: {yes}"))
        .collect();
    if !stated.is_empty() {
        blocks.push(text(format!(
            "Stated by the case file as conclusions, and not derived here: {}.",
            stated.join(", ")
        )));
    }
}

fn unread(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("What no rule read", "未被任何规则采用的事实"));
    if worked.assessment.unread.is_empty() {
        blocks.push(text(
            "Every fact that the file states was read by some rule.",
        ));
        return;
    }
    blocks.push(text(
        "These facts are stated and decide nothing under the instruments applied:",
    ));
    let named = worked.assessment.unread.iter().map(|name| {
        let meaning = law.fact(name).map_or("", |fact| &fact.meaning);
        format!("{name}: {meaning}")
    });
    blocks.push(Block::List {
        items: named.collect(),
    });
}
