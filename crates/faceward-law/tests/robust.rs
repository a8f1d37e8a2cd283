//! No text makes the readers of packs and cases panic or dawdle, and what they accept is assessed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::{Duration, Instant};

use faceward_law::{Case, Law, PackText, assess, changes};
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;

/// Far more than any of these texts takes, also in a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(5);

const PACKS: [&str; 2] = [
    include_str!("../../../laws/cn-spc-2021-15/pack.toml"),
    include_str!("../../../laws/us-il-bipa/pack.toml"),
];
const CASES: [&str; 2] = [
    include_str!("../../../laws/cn-spc-2021-15/cases.toml"),
    include_str!("../../../laws/cn-pipl/cases.toml"),
];

fn read_pack(text: &str) -> Result<Law, String> {
    let start = Instant::now();
    // With the built-in packs, whose facts it may read, and in the place of its original.
    let read = Law::with(&[PackText { name: "pack", text }]);
    assert!(
        start.elapsed() < SOON,
        "{:?} for {} bytes",
        start.elapsed(),
        text.len()
    );
    read.map_err(|error| {
        let lines = text.matches('\n').count() + 1;
        assert!(
            error.file != "pack" || (1..=lines).contains(&error.line),
            "{error}"
        );
        assert!(!error.why.is_empty());
        error.to_string()
    })
}

fn read_cases(text: &str) {
    let law = Law::built_in().unwrap();
    let start = Instant::now();
    let read = Case::read_all(&law, "cn-spc-2021-15", PackText { name: "case", text });
    assert!(
        start.elapsed() < SOON,
        "{:?} for {} bytes",
        start.elapsed(),
        text.len()
    );
    match read {
        Ok(cases) => {
            for case in cases.iter().take(3) {
                assess(&law, case, date(2026, 11, 24)).surprises(&law, case);
            }
        }
        Err(error) => assert!(
            (1..=text.matches('\n').count() + 1).contains(&error.line),
            "{error}"
        ),
    }
}

/// What is written over a part of a file: characters that mean something, and such as never occur.
fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\[\\]{}=\"'.,#\n ]{1,4}",
        "(and|or|not|in| |\\(|\\)|<=|>=|=|\\+|[0-9]{1,30}|working days|years|unknown|absent|true){1,8}",
        "(facts|rules|pack|elements|unless|from|until|value|evidence|cases|change|acts)",
        "\\PC{0,12}",
        Just("\u{feff}".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("-0001-01-01".to_owned()),
        Just("1e400".to_owned()),
        Just("[[rules]]\n".to_owned()),
        Just("[[cases]]\n".to_owned()),
    ]
}

/// A text with some parts written over, taken out or doubled.
fn mutated(text: &'static str, longest: usize) -> impl Strategy<Value = String> {
    let change = (any::<Index>(), any::<Index>(), scrap(), 0..3);
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut text: Vec<char> = text.chars().take(longest).collect();
        for (at, length, scrap, how) in changes {
            if text.is_empty() {
                break;
            }
            let from = at.index(text.len());
            let to = (from + length.index(40)).min(text.len());
            let part: String = text[from..to].iter().collect();
            let with = match how {
                0 => scrap,
                1 => String::new(),
                _ => format!("{part}{scrap}{part}"),
            };
            text.splice(from..to, with.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}|(\\PC|\n){0,200}") {
        let _ = read_pack(&text);
        read_cases(&text);
    }

    #[test]
    fn any_condition_is_read_or_refused(
        condition in "((not |\\(|\\))?(permitted|uses_frt|place_type|conduct_start|processor_count|art11|zzz)( (in \\[mall|=|<=|>|and|or|\\+ [0-9]{1,20} (days|years|working days)) ?)?){1,6}",
    ) {
        let text = PACKS[0].replacen("elements = [\"tort_liability\"]", &format!("elements = [{condition:?}]"), 1);
        if let Ok(law) = read_pack(&text) {
            let case = "[facts]\nconduct_start = 2023-05-10\nprocessor_count = 2\nplace_type = \"unknown\"\n";
            let read = Case::read_all(&law, "cn-spc-2021-15", PackText { name: "case", text: case });
            for case in read.unwrap() {
                assess(&law, &case, date(2026, 11, 24));
            }
        }
    }

    #[test]
    fn a_damaged_pack_is_read_or_refused(
        text in prop_oneof![mutated(PACKS[0], usize::MAX), mutated(PACKS[1], usize::MAX), mutated(PACKS[1], 4000)],
    ) {
        let _ = read_pack(&text);
    }

    #[test]
    fn a_damaged_case_is_read_or_refused(
        text in prop_oneof![mutated(CASES[0], 3000), mutated(CASES[1], 3000), mutated(CASES[0], 600)],
    ) {
        read_cases(&text);
    }

    #[test]
    fn a_change_typed_by_hand_is_made_or_refused(
        fact in "(conduct_start|place_type|processing_operation|processor_count|infringement|cc998.manner|zzz|\\PC{0,6})",
        value in "(unknown|absent|true|\\[?(collect|store|,){0,4}\\]?|-?[0-9]{0,30}(e[0-9]{1,4})?|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|\\PC{0,8})",
    ) {
        let law = Law::built_in().unwrap();
        let text = "[facts]\nconduct_start = 2023-05-10\n";
        let case = Case::read_all(&law, "cn-spc-2021-15", PackText { name: "case", text }).unwrap().remove(0);
        match case.what_if(&law, &format!("{fact}={value}")) {
            Ok(changed) => { assess(&law, &changed, date(2026, 11, 24)); }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn a_large_pack_and_a_long_condition_are_read_soon() {
    let mut pack = PACKS[1].to_owned();
    for n in 0..1000 {
        pack.push_str(&format!(
            "[facts.more_{n}]\ntype = \"bool\"\nmeaning = \"m\"\nburden = \"court\"\n"
        ));
        pack.push_str(&format!(
            "[conclusions.step_{n}]\neffect = \"step\"\nfavours = \"claimant\"\nmeaning = \"m\"\n"
        ));
        let before = if n == 0 {
            String::new()
        } else {
            format!(", \"step_{}\"", n - 1)
        };
        pack.push_str(&format!("[[rules]]\nid = \"s{n}\"\narticle = \"15\"\ncite = \"c\"\ngist = \"g\"\nconcludes = \"step_{n}\"\nmodality = \"mandatory\"\nmark = \"text\"\nelements = [\"more_{n}\"{before}]\n"));
    }
    let error = read_pack(&pack.replace("\"more_7\"]", "\"more_7 and step_999\"]"));
    assert!(error.is_err());
    let long = vec!["uses_frt"; 20_000].join(" and ");
    let text = PACKS[0].replacen("tort_liability\"]", &format!("{long}\"]"), 1);
    read_pack(&text).unwrap();
}

#[test]
fn every_change_that_is_told_makes_that_change() {
    let law = Law::built_in().unwrap();
    let today = date(2026, 11, 24);
    for (pack, text) in [("cn-spc-2021-15", CASES[0]), ("cn-pipl", CASES[1])] {
        let cases = Case::read_all(
            &law,
            pack,
            PackText {
                name: "cases",
                text,
            },
        )
        .unwrap();
        for case in cases.iter().take(8) {
            let before = assess(&law, case, today);
            for change in changes(&law, case, today) {
                // What is computed can be stated only by hand, and a set is written otherwise.
                let value = match change.becomes.as_str() {
                    "none of them" => "[]",
                    value => value,
                };
                let after = case
                    .what_if(&law, &format!("{}={value}", change.fact))
                    .unwrap();
                let after = assess(&law, &after, today);
                let differs = after.differences(&before);
                for rule in change.gains.iter().chain(&change.loses) {
                    assert!(
                        differs.iter().any(|d| d.rule.id == rule.id),
                        "{}: {change:?}",
                        case.id
                    );
                }
            }
        }
    }
}
