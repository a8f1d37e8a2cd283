//! The law applied, how each rule came out, what follows, and what would change it.

use faceward_law::{Applies, Change, Law, Outcome, PackFindings, Rule};

use super::document::{
    Block, Cell, Finding, InChinese, Tone, cell, label, part, quiet, section, text,
};
use crate::case::Worked;
use crate::case::words::{self, Call};

/// How an outcome is set off.
pub(super) fn tone(outcome: Outcome, turns: bool) -> Tone {
    match outcome {
        _ if turns => Tone::Open,
        Outcome::MadeOut => Tone::Yes,
        Outcome::NotMadeOut => Tone::No,
        _ => Tone::Plain,
    }
}

pub(super) fn law_applied(worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("The law applied", "适用法律"));
    for pack in &worked.assessment.packs {
        let zh = pack.title_zh.as_ref().map(|zh| format!(" {zh}"));
        let (short, title) = (&pack.short, &pack.title);
        blocks.push(Block::Name {
            text: format!("{short}{}", zh.unwrap_or_default()),
        });
        blocks.push(quiet(title.clone()));
        let told = pack.findings.iter().filter(|f| words::is_told(f));
        let rows: Vec<Vec<Cell>> = told.map(|f| law_row(pack, &f.rule)).collect();
        if rows.is_empty() {
            blocks.push(text("No rule of it was reached by what is in issue."));
            continue;
        }
        blocks.push(Block::Table {
            heads: vec![
                label("Provision", "条款"),
                label("In our words", "要旨"),
                label("How it binds", "约束力"),
                label("How it was read", "确信程度"),
            ],
            widths: vec![16, 52, 15, 17],
            rows,
        });
    }
}

fn law_row(pack: &PackFindings, rule: &Rule) -> Vec<Cell> {
    let chinese = rule.chinese.as_ref();
    vec![
        cell(words::cited(pack, rule)).zh(words::cited_in_chinese(pack, rule)),
        cell(rule.gist.clone())
            .zh(chinese.map(|of| of.gist.clone()))
            .below(rule.note.clone().unwrap_or_default()),
        Cell::label(words::modality(rule.modality)),
        Cell::label(words::mark(rule.mark)),
    ]
}

pub(super) fn findings(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("Findings", "逐项认定"));
    for pack in &worked.assessment.packs {
        if worked.assessment.packs.len() > 1 {
            blocks.push(Block::Name {
                text: pack.short.clone(),
            });
        }
        let mut last = None;
        for finding in pack.findings.iter().filter(|f| words::is_told(f)) {
            let heading = words::heading(finding.conclusion.effect);
            if let Some(words) = heading.filter(|_| heading != last) {
                blocks.push(Block::Part {
                    label: words.into(),
                });
            }
            last = heading;
            blocks.push(Block::Finding(one(law, pack, finding)));
        }
        counterfactual(pack, blocks);
    }
}

fn one(law: &Law, pack: &PackFindings, finding: &faceward_law::Finding) -> Finding {
    let turns = words::own_turns(finding).map(|turn| words::turn_told(law, turn));
    let mut consequences: Vec<String> = turns.map(|turn| format!("Turns on {turn}.")).collect();
    if finding.outcome == Outcome::MadeOut {
        consequences.extend(
            finding
                .rule
                .orders
                .iter()
                .map(|orders| format!("{}: {orders}.", words::modality(finding.rule.modality).en)),
        );
        consequences.extend(
            finding
                .amount
                .map(|amount| format!("Amount stated: {amount}.")),
        );
        let weighed = finding.reports.iter();
        consequences.extend(weighed.map(|(name, says)| format!("To be weighed: {name}, {says}.")));
    }
    Finding {
        tone: tone(finding.outcome, !finding.turns_on.is_empty()),
        outcome: words::outcome(finding.outcome).into(),
        citation: words::cited(pack, &finding.rule).to_owned(),
        gist: finding.rule.gist.clone(),
        chinese: finding.rule.chinese.as_ref().map(|of| InChinese {
            citation: words::cited_in_chinese(pack, &finding.rule).unwrap_or_default(),
            gist: of.gist.clone(),
        }),
        reasons: words::reasons(finding, Call::ByMeaning),
        consequences,
        rule: finding.rule.id.clone(),
    }
}

fn counterfactual(pack: &PackFindings, blocks: &mut Vec<Block>) {
    if pack.applies != Applies::No {
        return;
    }
    blocks.push(part("Had it been in force", "假设当时已施行"));
    if pack.counterfactual.is_empty() {
        blocks.push(text("Nothing would have been made out under it."));
        return;
    }
    blocks.push(text(
        "It is not applied. Had it been in force, these would have been made out:",
    ));
    let rules = pack.counterfactual.iter();
    blocks.push(Block::List {
        items: rules
            .map(|rule| format!("{}: {}", rule.citation, rule.gist))
            .collect(),
    });
}

pub(super) fn remedies(worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("Liability and remedies", "责任与救济"));
    let mut rows = Vec::new();
    for pack in &worked.assessment.packs {
        for finding in &pack.findings {
            let follows = finding.rule.orders.is_some() || finding.amount.is_some();
            if finding.outcome != Outcome::MadeOut || !follows {
                continue;
            }
            rows.push(vec![
                cell(
                    finding
                        .rule
                        .orders
                        .clone()
                        .unwrap_or_else(|| finding.conclusion.meaning.clone()),
                ),
                Cell::label(words::modality(finding.rule.modality)),
                cell(
                    finding
                        .amount
                        .map_or_else(|| "none stated".to_owned(), |sum| sum.to_string()),
                ),
                cell(finding.rule.citation.clone()).zh(finding
                    .rule
                    .chinese
                    .as_ref()
                    .map(|of| of.citation.clone())),
            ]);
        }
    }
    let liable = worked
        .assessment
        .packs
        .iter()
        .flat_map(|pack| &pack.findings)
        .filter(|finding| {
            use faceward_law::Effect::{Liability, WhoPays};
            finding.outcome == Outcome::MadeOut
                && matches!(finding.conclusion.effect, Liability | WhoPays)
        });
    let liable: Vec<String> = liable
        .map(|f| format!("{} ({})", f.conclusion.meaning, f.rule.citation))
        .collect();
    if liable.is_empty() {
        blocks.push(text("No liability is made out."));
    } else {
        blocks.push(Block::List { items: liable });
    }
    if !rows.is_empty() {
        blocks.push(Block::Table {
            heads: vec![
                label("What may be ordered", "可判内容"),
                label("How it binds", "约束力"),
                label("Sum stated", "金额"),
                label("Provision", "条款"),
            ],
            widths: vec![42, 18, 14, 26],
            rows,
        });
    }
}

/// Changes that are told in a dossier; dossier.json has them all.
const MOST_CHANGES: usize = 40;

pub(super) fn changes(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section(
        "What would change the result",
        "可能改变结果的事项",
    ));
    if let Some(what_if) = &worked.what_if {
        blocks.push(part("What if", "假设"));
        blocks.push(text(format!("If {}:", what_if.changes.join(", "))));
        let items: Vec<String> = what_if
            .differences
            .iter()
            .map(|d| {
                let (after, before) = (words::outcome(d.after).en, words::outcome(d.before).en);
                format!("{}: {after}, was {before}", d.rule.citation)
            })
            .collect();
        blocks.push(match items.is_empty() {
            true => text("nothing comes out otherwise."),
            false => Block::List { items },
        });
    }
    let grouped = words::grouped(law, worked);
    let rows = grouped.iter().take(MOST_CHANGES);
    let rows: Vec<Vec<Cell>> = rows
        .map(|(change, values)| change_row(&worked.assessment.packs, change, values))
        .collect();
    if rows.is_empty() {
        blocks.push(text(
            "No single fact of those stated would change the result.",
        ));
    } else {
        blocks.push(Block::Table {
            heads: vec![
                label("If this fact", "事实"),
                label("were", "若为"),
                label("then also made out", "则成立"),
                label("then no longer", "则不再成立"),
            ],
            widths: vec![32, 20, 20, 28],
            rows,
        });
    }
    blocks.push(quiet(
        "One fact at a time, of those the case speaks of. Facts that nobody mentioned and that would change it too are in dossier.json, under `changes`.",
    ));
}

fn change_row(packs: &[PackFindings], change: &Change, values: &[String]) -> Vec<Cell> {
    let tone = if change.in_doubt {
        Tone::Open
    } else {
        Tone::Plain
    };
    vec![
        cell(change.meaning.clone())
            .below(format!("{}, now {}", change.fact, change.now))
            .tone(tone),
        cell(values.join(" or ")),
        cell(words::cited_all(packs, &change.gains)),
        cell(words::cited_all(packs, &change.loses)),
    ]
}
