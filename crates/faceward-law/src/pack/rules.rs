//! The rules of a pack, their conditions, and the burdens it allocates.

use std::sync::Arc;

use toml::Spanned;

use super::file::{PackFile, RuleFile};
use super::read::{no_conclusion, no_fact, no_such, period};
use super::{Pack, PackError, PackText};
use crate::expression::parse::{Wrong, parse};
use crate::expression::resolve::{Names, resolve};
use crate::expression::{Leaf, Test};
use crate::fact::{Burden, Kind, Party};
use crate::law::{FactId, Law};
use crate::rule::{Chinese, Clause, Effect, Period, Rule};

pub(super) fn rule_of(
    text: PackText<'_>,
    file: &RuleFile,
    pack: &Pack,
    law: &Law,
    all_names: &[&str],
) -> Result<Rule, PackError> {
    let concludes = pack.conclusion_id(file.concludes.as_ref());
    let concludes = concludes.ok_or_else(|| no_conclusion(text, &file.concludes, pack))?;
    let conclusion = pack.conclusions.get(concludes.0);
    let favours = conclusion.and_then(|c| c.favours);
    if !pack
        .articles
        .iter()
        .any(|article| article.number == *file.article.as_ref())
    {
        let why = format!(
            "there is no article `{}` in [[articles]]; add it there, or correct the number",
            file.article.as_ref()
        );
        return Err(text.wrong_at(&file.article, why));
    }
    let names = Names {
        law,
        pack,
        all: all_names,
    };
    let clauses = |sources: &[Spanned<String>], helped| -> Result<Vec<Clause>, PackError> {
        let read = |source| clause(text, source, &names, pack, helped);
        sources.iter().map(read).collect()
    };
    let facts = |named: &[Spanned<String>]| -> Result<Vec<FactId>, PackError> {
        let find = |name: &Spanned<String>| {
            law.fact_id(name.as_ref())
                .ok_or_else(|| no_fact(text, name, law))
        };
        named.iter().map(find).collect()
    };
    let amounts = facts(&file.amounts)?;
    for (id, name) in amounts.iter().zip(&file.amounts) {
        if !matches!(law.fact_at(*id).kind, Kind::Number(_)) {
            let why = format!("`{}` is no number and cannot be added up", name.as_ref());
            return Err(text.wrong_at(name, why));
        }
    }
    let rule = Rule {
        id: format!("{}/{}", pack.id, file.id.as_ref()),
        citation: format!("{}, {}", pack.short, file.cite),
        article: file.article.as_ref().clone(),
        gist: file.gist.clone(),
        chinese: chinese(text, file, pack)?,
        modality: file.modality.read(),
        mark: file.mark.read(),
        live: file.live,
        orders: file.orders.clone(),
        note: file.note.clone(),
        concludes,
        amounts,
        reports: facts(&file.reports)?,
        elements: clauses(&file.elements, favours)?,
        assuming: clauses(&file.assuming, favours)?,
        unless: clauses(&file.unless, favours.map(Party::opponent))?,
        period: own_period(text, file, pack.period)?,
    };
    let empty = rule.elements.is_empty() && rule.assuming.is_empty() && rule.unless.is_empty();
    if empty && conclusion.is_some_and(|c| c.effect != Effect::Burden) {
        let why = "it has no condition at all; write `elements`, `assuming` or `unless`";
        return Err(text.wrong_at(&file.id, why));
    }
    Ok(rule)
}

/// Both halves, or neither: half a translation would mix two languages in one sentence.
fn chinese(text: PackText<'_>, file: &RuleFile, pack: &Pack) -> Result<Option<Chinese>, PackError> {
    match (&file.cite_zh, &file.gist_zh, &pack.title_zh) {
        (None, None, _) => Ok(None),
        (Some(cite), Some(gist), Some(title)) => Ok(Some(Chinese {
            // A number stands by itself, a title in its brackets.
            citation: match title.contains('〔') {
                true => format!("{title}{cite}"),
                false => format!("《{title}》{cite}"),
            },
            gist: gist.clone(),
        })),
        _ => {
            let why = "`cite_zh` and `gist_zh` go together, in a pack with a `title_zh`";
            Err(text.wrong_at(&file.id, why))
        }
    }
}

fn clause(
    text: PackText<'_>,
    source: &Spanned<String>,
    names: &Names<'_>,
    pack: &Pack,
    helped: Option<Party>,
) -> Result<Clause, PackError> {
    let place = |wrong: Wrong| {
        let at = text.inside(source) + wrong.at;
        text.wrong(
            at,
            format!("in `{}`: {}", source.as_ref().trim(), wrong.why),
        )
    };
    let parsed = parse(source.as_ref()).map_err(place)?;
    let expr = resolve(&parsed, names, false).map_err(place)?;
    let mut astray = None;
    expr.leaves(&mut |leaf: &Leaf| {
        let Test::Concluded(conclusion) = leaf.test else {
            return;
        };
        let Some(conclusion) = pack.conclusions.get(conclusion.0) else {
            return;
        };
        if conclusion.effect == Effect::Burden {
            astray = Some(format!(
                "`{}` allocates a burden, which no rule reads; read the facts it allocates",
                conclusion.name
            ));
        }
        let Some(helped) = helped else {
            return;
        };
        let where_it_helps = match conclusion.favours {
            None => format!("favours nobody, and the {} here", helped.word()),
            Some(favours) if (favours == helped) == leaf.negated => {
                let word = favours.word();
                format!(
                    "favours the {word}, and here the {}",
                    favours.opponent().word()
                )
            }
            Some(_) => return,
        };
        astray = Some(format!(
            "`{}` {where_it_helps}: an unknown could then help whoever has to prove it; \
             make it favour the side that it helps, or read the facts themselves",
            conclusion.name
        ));
    });
    match astray {
        Some(why) => Err(text.wrong_at(source, format!("in `{}`: {why}", source.as_ref().trim()))),
        None => Ok(Clause {
            text: source.as_ref().trim().to_owned(),
            expr,
        }),
    }
}

/// A condition that a case can never state; it reads facts only, as it is asked before any rule.
pub(super) fn contradiction(
    text: PackText<'_>,
    source: &Spanned<String>,
    names: &Names<'_>,
    pack: &Pack,
) -> Result<Clause, PackError> {
    let clause = clause(text, source, names, pack, None)?;
    let mut concluded = None;
    clause.expr.leaves(&mut |leaf| {
        if let Test::Concluded(conclusion) = leaf.test {
            concluded = pack.conclusions.get(conclusion.0);
        }
    });
    match concluded {
        Some(conclusion) => {
            let why = format!(
                "in `{}`: a contradiction reads facts, and `{}` is a conclusion",
                clause.text, conclusion.name
            );
            Err(text.wrong_at(source, why))
        }
        None => Ok(clause),
    }
}

/// Enters the pack's own allocations of burdens.
pub(super) fn allocate(
    text: PackText<'_>,
    file: &PackFile,
    pack: &mut Pack,
    law: &Law,
) -> Result<(), PackError> {
    for burden in &file.burdens {
        let id = format!("{}/{}", pack.id, burden.rule.as_ref());
        let rule = pack.rules.iter().position(|rule| rule.id == id);
        let rule = rule.ok_or_else(|| {
            let known: Vec<&str> = pack.rules.iter().map(|rule| rule.number()).collect();
            no_such(text, &burden.rule, "rule", &known)
        })?;
        let allocates = |rule: &Arc<Rule>| pack.conclusion_of(rule).effect == Effect::Burden;
        if !pack.rules.get(rule).is_some_and(allocates) {
            let why = format!(
                "rule `{}` does not conclude anything of effect `burden`; name one that does",
                burden.rule.as_ref()
            );
            return Err(text.wrong_at(&burden.rule, why));
        }
        for name in &burden.facts {
            let fact = law.fact_id(name.as_ref());
            let fact = fact.ok_or_else(|| no_fact(text, name, law))?;
            if let Some(bearer) = pack.bearers.get_mut(fact.0) {
                *bearer = Burden {
                    on: burden.on.read(),
                    explicit: burden.basis.read(),
                };
            }
            if pack.allocating.insert(fact, rule).is_some() {
                let why = format!(
                    "the burden of `{}` is allocated twice; take it out of one list",
                    name.as_ref()
                );
                return Err(text.wrong_at(name, why));
            }
        }
    }
    // Without an article that says otherwise, a fact's own burden stands.
    Ok(())
}

/// The period of a rule that has one of its own: it never reaches beyond the pack's.
fn own_period(text: PackText<'_>, file: &RuleFile, of_pack: Period) -> Result<Period, PackError> {
    let own = period(text, &file.from, &file.until)?;
    if own == Period::default() {
        return Ok(own);
    }
    let within = Period {
        from: own.from.max(of_pack.from),
        until: match (own.until, of_pack.until) {
            (Some(own), Some(of_pack)) => Some(own.min(of_pack)),
            (own, of_pack) => own.or(of_pack),
        },
    };
    match (
        within.from,
        within.until,
        file.from.as_ref().or(file.until.as_ref()),
    ) {
        (Some(from), Some(until), Some(written)) if until <= from => {
            let why = "the rule would never be in force while the pack is; correct its period";
            Err(text.wrong_at(written, why))
        }
        _ => Ok(within),
    }
}
