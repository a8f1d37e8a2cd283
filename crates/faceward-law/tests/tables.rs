//! The tables in the guide say what the packs say.
//!
//! `FACEWARD_WRITE_TABLES=1 cargo test -p faceward-law --test tables` writes them anew.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use faceward_law::{Case, Law, Pack, PackText};

#[test]
fn the_fact_dictionary_in_the_guide_is_that_of_the_packs() {
    hold("docs/case-format.md", "facts", &dictionary());
}

#[test]
fn the_articles_in_the_guide_are_those_of_the_packs_and_each_has_a_rule_and_a_case() {
    hold("docs/law.md", "articles", &articles());
}

#[test]
fn every_rule_of_a_chinese_pack_is_told_in_chinese_too() {
    let law = Law::built_in().unwrap();
    for pack in law.packs().iter().filter(|pack| pack.jurisdiction == "CN") {
        let title = pack.title_zh.as_deref().unwrap();
        for rule in pack.rules() {
            let chinese = rule
                .chinese
                .as_ref()
                .unwrap_or_else(|| panic!("{}", rule.id));
            assert!(chinese.citation.contains(title), "{}", rule.id);
            let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(chinese.gist.chars().any(han), "{}", rule.id);
        }
    }
}

/// Holds a part of a document, between its markers, against what it should be.
fn hold(document: &str, part: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(document);
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = (
        format!("<!-- generated: {part} -->\n"),
        format!("<!-- end: {part} -->"),
    );
    let from = text.find(&begin).unwrap() + begin.len();
    let to = text.find(&end).unwrap();
    let found = text.get(from..to).unwrap();
    if found == expected {
        return;
    }
    if std::env::var_os("FACEWARD_WRITE_TABLES").is_some() {
        let whole = [text.get(..from).unwrap(), expected, text.get(to..).unwrap()];
        fs::write(&path, whole.concat()).unwrap();
        return;
    }
    let line = found.lines().zip(expected.lines()).find(|(a, b)| a != b);
    panic!(
        "{document}: the table `{part}` is not what the packs say, first at {line:?}; write it anew with \
         FACEWARD_WRITE_TABLES=1 cargo test -p faceward-law --test tables"
    );
}

/// Every fact of every pack: name, what it takes, what it asks, who proves it.
fn dictionary() -> String {
    let law = Law::built_in().unwrap();
    let mut table = String::new();
    for pack in law.packs() {
        let own = || law.facts().iter().filter(|fact| fact.pack == pack.id);
        let _ = write!(table, "\n### {}: {} facts\n\n", pack.id, own().count());
        table.push_str("| fact | takes | asks | burden |\n| --- | --- | --- | --- |\n");
        for fact in own() {
            let mut asks = fact.meaning.clone();
            if let Some(note) = &fact.note {
                let _ = write!(asks, ". {note}");
            }
            let _ = writeln!(
                table,
                "| `{}` | {} | {} | {} |",
                fact.name,
                cell(&takes(&fact.kind)),
                cell(&asks),
                cell(&burdens(&law, pack, &fact.name)),
            );
        }
    }
    table.push('\n');
    table
}

fn takes(kind: &faceward_law::Kind) -> String {
    use faceward_law::Kind;
    match kind {
        Kind::Bool => "true, false".to_owned(),
        Kind::OneOf(words) => format!("one of {}", words.join(", ")),
        Kind::SetOf(words) => format!("any of {}", words.join(", ")),
        Kind::Number(Some(unit)) => format!("number ({unit})"),
        Kind::Number(None) => "number".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Text => "text".to_owned(),
    }
}

/// The burden in the fact's own pack, and where another pack allocates it otherwise.
fn burdens(law: &Law, own: &Pack, fact: &str) -> String {
    let of = |pack: &Pack| pack.burden_of(law, fact).unwrap();
    let mut said = of(own).say();
    for pack in law.packs() {
        if of(pack).on != of(own).on {
            let _ = write!(said, "; {} under {}", of(pack).say(), pack.id);
        }
    }
    said
}

/// Every article of every pack: its rules, and the cases that test it.
fn articles() -> String {
    let law = Law::built_in().unwrap();
    let mut table = String::new();
    for pack in law.packs() {
        let name = format!("laws/{}/cases.toml", pack.id);
        let text = Law::built_in_cases(&pack.id).unwrap();
        let cases = Case::read_all(&law, &pack.id, PackText { name: &name, text }).unwrap();
        let _ = write!(table, "\n### {}: {}\n\n", pack.id, pack.short);
        table.push_str("| article | rules | tests |\n| --- | --- | --- |\n");
        for article in &pack.articles {
            let rules = pack.rules().filter(|rule| rule.article == article.number);
            let rules: Vec<&str> = rules.map(|rule| rule.number()).collect();
            let tests = cases
                .iter()
                .filter(|c| c.articles.contains(&article.number));
            let tests: Vec<&str> = tests.map(|case| case.id.as_str()).collect();
            let of = format!("{} article {}", pack.id, article.number);
            assert!(!rules.is_empty(), "{of} has no rule");
            assert!(!tests.is_empty(), "{of} has no test");
            let _ = writeln!(
                table,
                "| {} {} | {} | {} |",
                article.number,
                cell(&article.title),
                cell(&rules.join(", ")),
                cell(&tests.join(", ")),
            );
        }
    }
    table.push('\n');
    table
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
