//! The cases of every pack come out as their authors expect, and every article has one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward_law::{Case, Law, Outcome, PackText, assess};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);

fn cases(law: &Law, pack: &str) -> Vec<Case> {
    let name = format!("laws/{pack}/cases.toml");
    let text = Law::built_in_cases(pack).unwrap();
    let cases = Case::read_all(law, pack, PackText { name: &name, text });
    cases.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_case_and_every_variant_comes_out_as_expected() {
    let law = Law::built_in().unwrap_or_else(|error| panic!("{error}"));
    let mut wrong = Vec::new();
    for pack in law.packs() {
        for case in cases(&law, &pack.id) {
            assert!(case.expect.is_some(), "{}: expects nothing", case.id);
            let variants = case.variants.iter().map(|variant| &*variant.case);
            for case in std::iter::once(&case).chain(variants) {
                for surprise in assess(&law, case, TODAY).surprises(&law, case) {
                    wrong.push(format!(
                        "{} {} ({}): {surprise}",
                        pack.id, case.id, case.title
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_article_has_a_case_that_it_decides_and_a_changed_fact_that_flips_it() {
    let law = Law::built_in().unwrap();
    let mut missing = Vec::new();
    for pack in law.packs() {
        let cases = cases(&law, &pack.id);
        for article in &pack.articles {
            let of_article = cases
                .iter()
                .filter(|case| case.articles.contains(&article.number));
            let flipped = of_article.filter(|case| {
                let before = assess(&law, case, TODAY);
                let decides = |rule: &faceward_law::Rule| rule.article == article.number;
                case.variants.iter().any(|variant| {
                    let after = assess(&law, &variant.case, TODAY);
                    after.differences(&before).iter().any(|difference| {
                        decides(&difference.rule)
                            && (difference.before == Outcome::MadeOut)
                                != (difference.after == Outcome::MadeOut)
                    })
                })
            });
            if flipped.count() == 0 {
                missing.push(format!("{} article {}", pack.id, article.number));
            }
        }
    }
    assert!(missing.is_empty(), "no case flips {}", missing.join(", "));
}
