//! Rates become scores only through a measured table.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward_match::{
    Basis, Decision, FalseMatchRate, MatchError, ModelId, Policy, Provenance, Score, ThresholdTable,
};

fn model() -> ModelId {
    ModelId::new("test", [9; 32]).unwrap()
}

fn rate(text: &str) -> FalseMatchRate {
    text.parse().unwrap()
}

/// 10,000 impostor scores 0.0000, 0.00005, … up to just under 0.5: one in a hundred is at or above
/// 0.495.
fn ramp() -> ThresholdTable {
    let scores = (0..10_000)
        .map(|i| Score::new((f64::from(i) * 5e-5) as f32).unwrap())
        .collect();
    let provenance = Provenance {
        data: "a \"ramp\"".to_owned(),
        people: 2,
        command: "none".to_owned(),
    };
    ThresholdTable::measure(model(), provenance, scores).unwrap()
}

#[test]
fn a_measured_row_lets_through_no_more_than_its_rate() {
    let table = ramp();
    let rates: Vec<String> = table.rows().iter().map(|r| r.fmr.to_string()).collect();
    assert_eq!(
        rates,
        ["10 %", "5 %", "2 %", "1 %", "0.5 %", "0.2 %", "0.1 %"]
    );
    let one = table.threshold(rate("1%")).unwrap();
    assert_eq!(one.score.to_string(), "0.495");
    let Basis::Measured(row) = one.basis else {
        panic!("1 % was measured")
    };
    assert_eq!(row.false_matches, 100);
    assert!(row.interval.low < 0.01 && row.interval.high > 0.01);
}

#[test]
fn a_rate_between_rows_gets_the_stricter_row() {
    let table = ramp();
    let asked = table.threshold(rate("0.7%")).unwrap();
    assert_eq!(asked.score, table.threshold(rate("0.5%")).unwrap().score);
    assert_eq!(asked.asked, rate("0.7%"));
}

#[test]
fn below_the_rows_the_fitted_tail_answers_and_says_so() {
    let table = ramp();
    // The mean excess of 100 evenly spaced scores over the lowest of them.
    let tail = *table.tail().unwrap();
    assert!((tail.scale - 0.002_475).abs() < 1e-6, "{}", tail.scale);
    let deep = table.threshold(rate("1e-5")).unwrap();
    assert_eq!(deep.basis, Basis::Extrapolated(tail));
    let expected = 0.495 + 0.002_475 * 1000f64.ln();
    assert!((f64::from(deep.score.value()) - expected).abs() < 1e-5);
}

#[test]
fn thresholds_never_fall_as_rates_do() {
    let table = ramp();
    let falling = (1..200).map(|i| FalseMatchRate::new(0.5 * 0.9f64.powi(i)).unwrap());
    let scores: Vec<Score> = falling.map(|r| table.threshold(r).unwrap().score).collect();
    assert!(scores.is_sorted());
}

#[test]
fn a_rate_nobody_can_reach_is_an_error_that_names_the_limit() {
    let steep = ramp()
        .to_string()
        .replace("scale = 0.0024", "scale = 0.1024");
    let table = ThresholdTable::parse(&steep).unwrap();
    let error = table.threshold(rate("1e-9")).unwrap_err();
    let MatchError::RateOutOfReach { strictest, .. } = &error else {
        panic!("{error}")
    };
    let just_within = FalseMatchRate::new(strictest.share() * 1.01).unwrap();
    assert!(table.threshold(just_within).is_ok());

    let text = ramp().to_string();
    let without_tail = ThresholdTable::parse(text.split("\n# Below").next().unwrap()).unwrap();
    let error = without_tail.threshold(rate("1e-4")).unwrap_err();
    assert!(error.to_string().contains("(0.1 %)"), "{error}");
}

#[test]
fn a_table_is_the_same_after_writing_and_reading() {
    let table = ramp();
    assert_eq!(ThresholdTable::parse(&table.to_string()).unwrap(), table);
}

#[test]
fn the_format_of_version_1_is_pinned() {
    let text = include_str!("table-v1.toml");
    let table = ThresholdTable::parse(text).unwrap();
    assert_eq!(table.model(), &model());
    assert_eq!(table.comparisons(), 26_888);
    assert_eq!(table.rows()[1].threshold, Score::new(0.2345).unwrap());
    assert_eq!(table.to_string(), text);
}

#[test]
fn a_wrong_table_is_refused_with_the_place() {
    let good = include_str!("table-v1.toml");
    for (from, to, says) in [
        ("version = 1", "version = 2", "version 2 is unknown"),
        (
            "people = 152",
            "people = 152\ncolour = 3",
            "unknown field `colour`",
        ),
        (
            "false_matches = 268",
            "false_matches = 300",
            "is more than that",
        ),
        (
            "false_matches = 268",
            "false_matches = 26",
            "the interval should be",
        ),
        ("threshold = 0.2345", "threshold = 0.1", "thresholds rise"),
        (
            "threshold = 0.2345",
            "threshold = 2.5",
            "2.5 is not a score",
        ),
        ("fmr = 1e-2", "fmr = 1e0", "not a false match rate"),
        ("fmr = 1e-2", "fmr = 1e-1", "rates must fall"),
        ("test@sha256:09", "test@sha256:9", "is not a model id"),
        ("scale = 0.03", "scale = -0.03", "scale is -0.03"),
        ("[[row]]", "[[line]]", "unknown field `line`"),
        (
            "comparisons = 26888",
            "comparisons = 0",
            "is more than that",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let error = ThresholdTable::parse(&good.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains(says), "{to}: {error}");
    }
    let no_rows = good.split("\n# Scores").next().unwrap();
    assert!(
        ThresholdTable::parse(no_rows)
            .unwrap_err()
            .to_string()
            .contains("no [[row]]")
    );
}

#[test]
fn too_few_comparisons_make_no_table() {
    let provenance = Provenance {
        data: String::new(),
        people: 0,
        command: String::new(),
    };
    let scores = vec![Score::new(0.0).unwrap(); 999];
    let refused = ThresholdTable::measure(model(), provenance, scores);
    assert!(matches!(refused, Err(MatchError::BadTable(_))));
}

#[test]
fn a_policy_gives_three_answers_with_the_thresholds_inclusive() {
    let thresholds = Policy::default().for_verification(&ramp()).unwrap();
    let (upper, lower) = (thresholds.match_at.score, thresholds.uncertain_at.score);
    assert!(upper > lower);
    let just_below = |s: Score| Score::new(s.value().next_down()).unwrap();
    assert_eq!(thresholds.decide(upper), Decision::Match);
    assert_eq!(thresholds.decide(just_below(upper)), Decision::Uncertain);
    assert_eq!(thresholds.decide(lower), Decision::Uncertain);
    assert_eq!(thresholds.decide(just_below(lower)), Decision::NoMatch);
}

#[test]
fn a_larger_gallery_asks_for_a_higher_score() {
    let (table, policy) = (ramp(), Policy::default());
    let alone = policy.for_verification(&table).unwrap();
    assert_eq!(policy.for_gallery(&table, 0).unwrap(), alone);
    let crowd = policy.for_gallery(&table, 1000).unwrap();
    assert!(crowd.match_at.score > alone.match_at.score);
    assert!((crowd.match_at.asked.share() / 1e-7 - 1.0).abs() < 1e-3);
    assert!(matches!(crowd.uncertain_at.basis, Basis::Extrapolated(_)));
}

#[test]
fn a_policy_may_not_match_what_it_would_not_call_uncertain() {
    assert!(Policy::new(rate("1%"), rate("1%")).is_ok());
    assert!(matches!(
        Policy::new(rate("2%"), rate("1%")),
        Err(MatchError::BadPolicy { .. })
    ));
}
