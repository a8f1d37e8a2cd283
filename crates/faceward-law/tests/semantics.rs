//! Points of docs/law.md that random packs do not reach, one test each.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward_law::{Assessment, Case, Law, Outcome, PackText, assess, changes};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);

fn pack(id: &str, more: &str) -> String {
    format!(
        "format = 1\n[pack]\nid = \"{id}\"\nshort = \"T\"\ntitle = \"t\"\nissuer = \"i\"\njurisdiction = \"j\"\n\
         from = 2021-08-01\n[[articles]]\nnumber = \"1\"\ntitle = \"t\"\n\
         [conclusions.wrong]\neffect = \"infringement\"\nfavours = \"claimant\"\nmeaning = \"m\"\n{more}"
    )
}

fn rule(id: &str, conditions: &str) -> String {
    format!(
        "[[rules]]\nid = \"{id}\"\narticle = \"1\"\ncite = \"c\"\ngist = \"g\"\nconcludes = \"wrong\"\n\
         modality = \"mandatory\"\nmark = \"text\"\n{conditions}\n"
    )
}

fn fact(name: &str, kind: &str, burden: &str) -> String {
    format!("[facts.{name}]\ntype = \"{kind}\"\nmeaning = \"m\"\nburden = \"{burden}\"\n")
}

fn law(packs: &[String]) -> Law {
    let texts: Vec<PackText<'_>> = packs
        .iter()
        .map(|text| PackText {
            name: "pack.toml",
            text,
        })
        .collect();
    Law::read(&texts).unwrap_or_else(|error| panic!("{error}"))
}

fn case(law: &Law, text: &str) -> Case {
    let name = "case.toml";
    let read = Case::read_all(law, "one", PackText { name, text });
    read.unwrap_or_else(|error| panic!("{error}")).remove(0)
}

fn outcome(assessment: &Assessment, rule: &str) -> Outcome {
    assessment.finding(rule).unwrap().outcome
}

#[test]
fn each_pack_gives_a_fact_its_own_burden() {
    let one = pack(
        "one",
        &(fact("told", "bool", "claimant") + &rule("1", "elements = [\"not told\"]")),
    );
    let two = pack(
        "two",
        &(fact("told", "bool", "processor") + &rule("1", "elements = [\"not told\"]")),
    );
    let three = pack("three", &rule("1", "elements = [\"not told\"]"));
    let law = law(&[one, two, three]);
    let text = "packs = [\"one\", \"two\", \"three\"]\n[facts]\ntold = \"unknown\"\n";
    let found = assess(&law, &case(&law, text), TODAY);
    assert_eq!(outcome(&found, "one/1"), Outcome::NotMadeOut);
    assert_eq!(outcome(&found, "two/1"), Outcome::MadeOut);
    assert_eq!(outcome(&found, "three/1"), Outcome::NotMadeOut);
}

#[test]
fn had_it_been_in_force_the_facts_of_earlier_acts_would_count() {
    let apply = "[facts.provisions_apply]\ntype = \"one of\"\nvalues = [\"yes\", \"no\", \"partial\"]\n\
                 meaning = \"m\"\nburden = \"claimant\"\n";
    let condition = rule(
        "1",
        "elements = [\"hidden\", \"provisions_apply in [yes, partial]\"]",
    );
    let law = law(&[pack(
        "one",
        &(fact("hidden", "bool", "claimant") + apply + &condition),
    )]);
    let text = "[[acts]]\ndate = 2020-01-01\nwhat = \"w\"\nfacts = { hidden = true }\n";
    let found = assess(&law, &case(&law, text), TODAY);
    assert_eq!(outcome(&found, "one/1"), Outcome::NotMadeOut);
    let told = found.packs.iter().flat_map(|pack| &pack.counterfactual);
    assert_eq!(told.map(|rule| rule.number()).collect::<Vec<_>>(), ["1"]);
}

#[test]
fn an_act_that_a_later_rule_does_not_reach_gives_it_nothing() {
    let later = rule("2", "from = 2025-01-01\nelements = [\"hidden\"]");
    let both = fact("hidden", "bool", "claimant") + &rule("1", "elements = [\"hidden\"]") + &later;
    let law = law(&[pack("one", &both)]);
    let text = "[[acts]]\ndate = 2023-01-01\nwhat = \"w\"\nfacts = { hidden = true }\n\
                [[acts]]\ndate = 2025-06-01\nwhat = \"w\"\n";
    let found = assess(&law, &case(&law, text), TODAY);
    assert_eq!(outcome(&found, "one/1"), Outcome::MadeOut);
    assert_eq!(outcome(&found, "one/2"), Outcome::NotInIssue);
}

#[test]
fn either_side_of_a_comparison_is_tried_as_a_change() {
    let facts = fact("filed", "date", "processor") + &fact("due", "date", "claimant");
    let late = rule("1", "elements = [\"filed > due + 30 working days\"]");
    let law = law(&[pack("one", &(facts + &late))]);
    let text = "[facts]\nfiled = 2023-06-01\ndue = 2023-05-01\n";
    let told = changes(&law, &case(&law, text), TODAY);
    let told: Vec<&str> = told.iter().map(|change| change.fact.as_str()).collect();
    assert!(told.contains(&"filed") && told.contains(&"due"), "{told:?}");
}

#[test]
fn an_end_that_is_unproven_does_not_bring_conduct_under_a_later_law() {
    let law = Law::built_in().unwrap();
    let read = |end: &str| {
        let text = format!("[facts]\nconduct_start = 2021-07-01\nuses_frt = true\n{end}");
        let text = PackText {
            name: "case.toml",
            text: &text,
        };
        let case = Case::read_all(&law, "cn-spc-2021-15", text)
            .unwrap()
            .remove(0);
        let found = assess(&law, &case, TODAY);
        let time = found.finding("cn-spc-2021-15/16").unwrap();
        let turns_on: Vec<String> = time.turns_on.iter().map(|t| t.fact.clone()).collect();
        (time.outcome, turns_on)
    };
    assert_eq!(read(""), (Outcome::MadeOut, vec![]));
    assert_eq!(
        read("conduct_end = 2021-07-31"),
        (Outcome::NotMadeOut, vec![])
    );
    let unknown = read("conduct_end = \"unknown\"");
    assert_eq!(
        unknown,
        (Outcome::NotMadeOut, vec!["conduct_end".to_owned()])
    );
}

#[test]
fn what_cannot_be_under_the_provisions_is_refused() {
    let law = Law::built_in().unwrap();
    for (facts, at) in [
        (
            "consent_obtained = false\nseparate_consent_obtained = true",
            2,
        ),
        (
            "uses_frt = true\nsubject_is_minor = false\nsubject_under_14 = true",
            3,
        ),
        ("loss_amount = -1", 2),
    ] {
        let text = format!("[facts]\n{facts}\n");
        let text = PackText {
            name: "case.toml",
            text: &text,
        };
        let error = Case::read_all(&law, "cn-pipl", text).unwrap_err();
        assert!(
            error.why.contains("cannot be, says cn-spc-2021-15"),
            "{error}"
        );
        assert_eq!(error.line, at, "{error}");
    }
}
