//! The six worked deployments: five in order, one that is refused under every provision it breaks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward_law::*;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);

fn deployment(name: &str) -> Deployment {
    let path = format!(
        "{}/../../examples/deployments/{name}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap();
    let text = PackText {
        name: &path,
        text: &text,
    };
    Deployment::read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn checked(name: &str) -> Check {
    check(&deployment(name), &Law::built_in().unwrap(), TODAY).unwrap()
}

fn refusing(check: &Check) -> Vec<&str> {
    let findings = check.packs.iter().flat_map(|pack| &pack.findings);
    let refusing = findings.filter(|finding| finding.weight != Weight::Advice);
    let mut rules: Vec<&str> = refusing.map(|finding| finding.rule.id.as_str()).collect();
    rules.dedup();
    rules
}

#[test]
fn the_lawful_five_are_in_order() {
    for name in ["gym", "residential-gate", "bank-app", "station", "school"] {
        let check = checked(name);
        assert_eq!(refusing(&check), [""; 0], "{name}");
        assert!(check.is_in_order());
        for pack in &check.packs {
            assert!(!pack.satisfied.is_empty(), "{name}: {}", pack.id);
        }
    }
}

#[test]
fn the_shop_is_refused_under_every_provision_it_breaks() {
    let check = checked("shop");
    assert!(!check.is_in_order());
    for (pack, expected) in SHOP {
        let of_pack = |rule: &&str| rule.starts_with(pack);
        let number = |rule: &str| rule.split_once('/').unwrap().1.to_owned();
        let found: Vec<String> = refusing(&check)
            .into_iter()
            .filter(of_pack)
            .map(number)
            .collect();
        assert_eq!(found.join(" "), *expected, "{pack}");
    }
    let all = check.packs.iter().flat_map(|pack| &pack.findings);
    let endless = all
        .clone()
        .find(|found| found.rule.id == "cn-pipl/19.endless")
        .unwrap();
    assert_eq!(endless.weight, Weight::RefusesOnAReading);
    let advice = all
        .clone()
        .find(|found| found.weight == Weight::Advice)
        .unwrap();
    assert_eq!(advice.rule.id, "cn-cac-2025/11");
    let sign = all
        .clone()
        .find(|found| found.rule.id == "cn-cac-2025/13.sign")
        .unwrap();
    assert!(
        sign.found
            .join("; ")
            .contains("it is not shown whether a prominent sign")
    );
    assert!(sign.mend.iter().any(|key| key.starts_with("[place] sign")));
}

/// By pack, what refuses the shop.
const SHOP: &[(&str, &str)] = &[
    (
        "cn-spc-2021-15",
        "2.1 2.2 2.3 2.3-minor 2.6 4.1-defect 11-live",
    ),
    (
        "cn-pipl",
        "6.least 7 13 14 15 16 17.1 17.2 17.3 17.form 19 19.endless 23 26.install 26.use 28.necessity 28.protection 29 30 31.guardian 31.rules 38 39 50.channel 51 55 56.content 56.records",
    ),
    (
        "cn-cac-2025",
        "4.necessity 4.impact 4.protection 5.1 5.2 5.3 5.4 5.form 5.access 6.separate 6 6.withdrawal 7.guardian 7.rules 8.egress 8.retention 9 9.content 9.records 10.sole 10.refusal 13.necessity 13.area 13.sign 13.private 14 15 15.legacy 15.parts",
    ),
];
