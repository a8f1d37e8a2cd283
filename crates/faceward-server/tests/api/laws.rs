//! Refusals by law: told with the article, proven, and recorded with who asked.

use faceward::*;
use serde_json::json;

use crate::client::{Client, base64, everything, only};
use crate::place::{DOOR, Place, photo};

#[tokio::test]
async fn a_refusal_by_law_names_the_article_and_the_ledger_names_who_asked() {
    let place = Place::new().await;
    place.agree("alice").await;
    let door = Client::of(&place, only(&[Right::Verify, Right::Enroll])).await;
    let auditor = Client::of(&place, only(&[Right::Ledger])).await;
    let picture = photo("obama.jpg");
    door.claim("enroll", "alice", &picture).await.done();
    place
        .ward
        .withdraw(&"alice".parse().unwrap(), &DOOR.parse().unwrap())
        .await
        .unwrap();
    for (act, subject) in [
        ("verify", "alice"),
        ("enroll", "alice"),
        ("verify", "nobody"),
    ] {
        let refused = door.claim(act, subject, &picture).await.refused(451, "");
        assert_eq!(refused["type"], "urn:faceward:problem:refused-by-law");
        let article = refused["grounds"][0]["article"].as_str().unwrap();
        assert!(article.contains("Art."), "{article}");
        let position = &refused["receipt"]["entry"];
        let entry = auditor.get(&format!("/v1/ledger/entries/{position}")).await;
        let entry = entry.done();
        assert_eq!(entry["proof"]["leaf_hash"], refused["receipt"]["leaf_hash"]);
        let entry = &entry["entry"];
        assert_eq!(entry["outcome"], "refused", "{entry}");
        assert_eq!(entry["act"], act);
        assert_eq!(entry["by"], format!("key:{}", door.id));
        assert_eq!(entry["rules"][0], refused["grounds"][0]["rule"]);
    }
}

#[tokio::test]
async fn nobody_compares_pictures_without_saying_who_agreed() {
    let place = Place::new().await;
    let silent = Client::of(&place, only(&[Right::Compare, Right::Detect])).await;
    let picture = base64(&photo("obama.jpg"));
    let two = json!({ "first": picture, "second": picture });
    silent.post("/v1/compare", two).await.refused(451, "");
    let one = json!({ "picture": picture });
    silent
        .post("/v1/detect", one.clone())
        .await
        .refused(451, "");
    let stated = Client::of(&place, everything()).await;
    stated.post("/v1/detect", one).await.done();
}
