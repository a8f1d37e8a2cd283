use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, bail};
use faceward_law::{Case, Law, PackText, assess};
use jiff::civil::Date;
use serde_json::json;

use crate::answer::{Answer, Code, counted};
use crate::command::deployment::today;

/// Reads a pack, runs its cases, and names each article without one.
pub(super) fn check(folder: &Path) -> anyhow::Result<Answer> {
    let (pack_name, pack_text) = read(&folder.join("pack.toml"))?;
    let (cases_name, cases_text) = read(&folder.join("cases.toml"))?;
    let pack = PackText {
        name: &pack_name,
        text: &pack_text,
    };
    let law = Law::with(&[pack])?;
    let Some(id) = pack.pack_id() else {
        bail!("{pack_name} names no pack");
    };
    let pack = law.pack(&id)?;
    let cases = PackText {
        name: &cases_name,
        text: &cases_text,
    };
    let cases = Case::read_all(&law, &id, cases)?;
    let (run, surprises) = run_cases(&law, &cases, today());
    let without: Vec<&str> = pack
        .articles
        .iter()
        .map(|article| article.number.as_str())
        .filter(|number| {
            !cases
                .iter()
                .any(|case| case.articles.iter().any(|a| a == number))
        })
        .collect();
    let mut text = format!(
        "{id}: {}, {}; {} run",
        counted(pack.rules().count() as u64, "rule"),
        counted(pack.articles.len() as u64, "article"),
        counted(run, "case and variant").replace("case and variants", "cases and variants"),
    );
    for surprise in &surprises {
        let _ = write!(text, "\n  SURPRISE  {surprise}");
    }
    let said = match without.as_slice() {
        [] => "every article has a case".to_owned(),
        numbers => format!("without a case: Art. {}", numbers.join(", ")),
    };
    let _ = write!(text, "\n  {said}");
    if surprises.is_empty() {
        text.push_str("\n  every case comes out as it expects");
    }
    let outcome = if surprises.is_empty() {
        "done"
    } else {
        "surprise"
    };
    Ok(Answer {
        text,
        json: json!({
            "outcome": outcome,
            "pack": id,
            "rules": pack.rules().count(),
            "cases": run,
            "surprises": surprises,
            "articles_without_a_case": without,
        }),
        code: if surprises.is_empty() {
            Code::Yes
        } else {
            Code::No
        },
    })
}

/// Runs cases and their variants: how many, and what came out otherwise than expected.
fn run_cases(law: &Law, cases: &[Case], today: Date) -> (u64, Vec<String>) {
    let mut run = 0;
    let mut surprises = Vec::new();
    for case in cases {
        let variants = case.variants.iter().map(|variant| &*variant.case);
        for case in std::iter::once(case).chain(variants) {
            run += 1;
            let found = assess(law, case, today).surprises(law, case);
            let found = found.into_iter();
            surprises.extend(found.map(|what| format!("{} ({}): {what}", case.id, case.title)));
        }
    }
    (run, surprises)
}

fn read(path: &Path) -> anyhow::Result<(String, String)> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    Ok((path.display().to_string(), text))
}
