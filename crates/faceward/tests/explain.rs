//! A score taken apart, on the public photographs of the demo.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward::{Decision, Home, Outcome, Unlock, Ward};
use tempfile::TempDir;

mod stage;

use stage::photo;

const STATED: &str = "in the public domain";

#[tokio::test]
async fn what_is_explained_is_the_score_of_a_comparison() {
    let folder = TempDir::new().unwrap();
    let ward = Ward::create(&Home::at(folder.path()), &Unlock::File).await;
    let ward = ward.unwrap();
    let one = photo("obama.jpg");
    for (name, decision) in [
        ("obama3.jpg", Decision::Match),
        ("biden.jpg", Decision::NoMatch),
    ] {
        let other = photo(name);
        let compared = ward.compare([&one, &other], STATED).await.unwrap();
        let explained = ward.explain([&one, &other], STATED).await.unwrap();
        let (Outcome::Done(compared), Outcome::Done(explained)) =
            (compared.outcome, explained.outcome)
        else {
            panic!("{name} was not compared");
        };
        assert_eq!(explained.decision, decision);
        let score = f64::from(compared.score.value());
        assert!((explained.shares.score() - score).abs() < 1e-5, "{name}");
        let regions: f64 = explained.shares.by_region().map(|(_, one, _)| one).sum();
        let whole = regions + explained.shares.of_no_cell().0;
        assert!((whole - score).abs() < 1e-5, "{name}");
        assert_eq!(explained.rate.is_some(), decision == Decision::Match);
    }
    assert_eq!(ward.ledger_size().await.unwrap(), 4);
}

#[tokio::test]
async fn nothing_is_explained_without_leave() {
    let folder = TempDir::new().unwrap();
    let ward = Ward::create(&Home::at(folder.path()), &Unlock::File).await;
    let ward = ward.unwrap();
    let (one, other) = (photo("obama.jpg"), photo("biden.jpg"));
    let verdict = ward.explain([&one, &other], "").await.unwrap();
    assert!(matches!(verdict.outcome, Outcome::Refused(_)));
}
