//! What a key reaches, and how it is told where that ends.

use faceward::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::client::{Client, everything, only};
use crate::place::{DOOR, Place, photo};

#[tokio::test]
async fn one_wards_key_reaches_nothing_of_another() {
    let place = Place::new().await;
    let further = Home::at(place.folder.path().join("wards/second"));
    let second = Ward::open_or_create(&further, &Unlock::File).await.unwrap();
    place.house.put("second".parse().unwrap(), second.clone());
    let main = Client::of(&place, everything()).await;
    place.agree("alice").await;
    let kept = main.claim("enroll", "alice", &photo("obama.jpg")).await;
    let reference = kept.done()["reference"].as_str().unwrap().to_owned();
    let asked = json!({ "subject": "alice", "kind": "access", "channel": "by letter" });
    let request = main.post("/v1/requests", asked).await.done();
    let request = request["request"]["id"].as_str().unwrap();

    let other = Client::at(main.router.clone(), &second, everything()).await;
    assert_eq!(other.get("/v1/deployment").await.done()["ward"], "second");
    for (list, members) in [
        ("/v1/subjects", "subjects"),
        ("/v1/references", "references"),
        ("/v1/references?subject=alice", "references"),
        ("/v1/requests", "requests"),
    ] {
        let said = other.get(list).await.done();
        assert_eq!(said[members], json!([]), "{list}");
        assert_eq!(said["total"], 0, "{list}");
    }
    let keys = other.get("/v1/keys").await.done();
    assert_eq!(keys["total"], 1, "its own only");
    let entries = other.get("/v1/ledger/entries").await.done();
    let acts = entries["entries"].as_array().unwrap().iter();
    assert!(acts.clone().all(|entry| entry["act"] == "key-created"));
    for path in ["/v1/subjects/alice", "/v1/subjects/alice/consents"] {
        other.get(path).await.refused(404, "nobody is known");
    }
    for path in [
        format!("/v1/references/{reference}"),
        format!("/v1/keys/{}", main.id),
        "/v1/subjects/alice".to_owned(),
    ] {
        other.delete(&path).await.refused(404, "");
    }
    let met = json!({ "outcome": "met" });
    let answer = format!("/v1/requests/{request}/answer");
    other
        .post(&answer, met)
        .await
        .refused(404, "no such request");
    let claim = other.claim("verify", "alice", &photo("obama2.jpg")).await;
    claim.refused(451, "");
    // And all of it is still there.
    main.claim("verify", "alice", &photo("obama2.jpg"))
        .await
        .done();
}

#[tokio::test]
async fn each_bound_of_a_key_refuses_and_says_which() {
    let place = Place::new().await;
    place.agree("alice").await;
    let purpose = || vec![DOOR.parse().unwrap()];
    let now = Timestamp::now();
    let clock = |hours| {
        let then = now + SignedDuration::from_hours(hours);
        then.strftime("%H:%M").to_string()
    };
    let elsewhen = format!("{}-{}+00:00", clock(2), clock(3));

    let key = Client::of(&place, only(&[Right::Verify])).await;
    key.get("/v1/subjects")
        .await
        .refused(403, "the right `subjects`");
    key.claim("enroll", "alice", b"")
        .await
        .refused(403, "the right `enroll`");

    let terms = KeyTerms {
        purposes: purpose(),
        ..everything()
    };
    let key = Client::of(&place, terms).await;
    let ask = json!({ "subject": "alice", "purpose": "payment", "picture": "" });
    key.post("/v1/verify", ask).await.refused(403, "`payment`");
    let ask = json!({ "subject": "alice", "purpose": "payment" });
    key.post("/v1/consents/withdraw", ask)
        .await
        .refused(403, "`payment`");
    let ask = json!({ "purposes": ["payment"] });
    key.post("/v1/subjects/alice/links", ask)
        .await
        .refused(403, "`payment`");

    let terms = KeyTerms {
        hours: Some(elsewhen.parse().unwrap()),
        ..everything()
    };
    let key = Client::of(&place, terms).await;
    key.get("/v1/subjects").await.refused(403, &elsewhen);

    let terms = KeyTerms {
        per_minute: Some(2.try_into().unwrap()),
        ..everything()
    };
    let key = Client::of(&place, terms).await;
    for _ in 0..2 {
        key.get("/v1/subjects").await.done();
    }
    let over = key.get("/v1/subjects").await;
    let wait: u64 = over.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    over.refused(429, "2 times a minute");

    place.ward.revoke_key(key.id).await.unwrap();
    let key = Client::of(&place, everything()).await;
    place.ward.revoke_key(key.id).await.unwrap();
    key.get("/v1/subjects").await.refused(403, "was revoked");
}

#[tokio::test]
async fn a_key_ends_when_its_time_is_over() {
    let place = Place::new().await;
    let until = Timestamp::from_second(Timestamp::now().as_second() + 2).unwrap();
    let terms = KeyTerms {
        until: Some(until),
        ..everything()
    };
    let key = Client::of(&place, terms).await;
    key.get("/v1/keys").await.done();
    while Timestamp::now() < until {
        tokio::task::yield_now().await;
    }
    key.get("/v1/keys").await.refused(403, "ended on");
}

#[tokio::test]
async fn a_key_of_a_collection_knows_its_people_only_and_by_their_short_names() {
    let place = Place::new().await;
    for person in ["alice", "gate/ann", "staff/bob"] {
        place.agree(person).await;
    }
    let everybody = Client::of(&place, everything()).await;
    for person in ["alice", "gate/ann"] {
        let kept = everybody.claim("enroll", person, &photo("obama.jpg")).await;
        kept.done();
    }
    let mut terms = everything();
    terms.collection = Some("gate".parse().unwrap());
    terms.rights.remove(&Right::Ledger);
    let gate = Client::of(&place, terms).await;
    let people = gate.get("/v1/subjects").await.done();
    assert_eq!(people["total"], 1);
    assert_eq!(people["subjects"][0]["subject"], "ann");
    let kept = gate.get("/v1/references").await.done();
    assert_eq!(kept["total"], 1);
    assert_eq!(kept["references"][0]["subject"], "ann");
    for outside in ["alice", "gate%2Fann", "bob", "..%2Falice"] {
        let path = format!("/v1/subjects/{outside}");
        gate.get(&path).await.refused(404, "nobody is known");
        gate.delete(&path).await.refused(404, "nobody is known");
    }
    let searched = gate
        .form(
            "/v1/identify",
            &[
                ("purpose", DOOR.as_bytes()),
                ("picture", &photo("obama2.jpg")),
            ],
        )
        .await
        .done();
    assert_eq!(searched["people"], 1);
    assert_eq!(searched["candidates"][0]["subject"], "ann");
}

#[tokio::test]
async fn a_key_of_a_purpose_is_told_of_that_purpose_only() {
    let place = Place::new().await;
    place.agree("alice").await;
    let all = Client::of(&place, everything()).await;
    let kept = all.claim("enroll", "alice", &photo("obama.jpg")).await;
    kept.done();
    for (purposes, expected) in [(vec![DOOR], 1), (vec!["payment"], 0)] {
        let terms = KeyTerms {
            purposes: purposes.iter().map(|one| one.parse().unwrap()).collect(),
            ..everything()
        };
        let key = Client::of(&place, terms).await;
        let count = async |path: &str, members: &str| {
            let said = key.get(path).await.done();
            said[members].as_array().unwrap().len()
        };
        let consents = count("/v1/subjects/alice/consents", "consents").await;
        let purposes = count("/v1/subjects/alice", "purposes").await;
        let references = count("/v1/references", "references").await;
        assert_eq!(
            (consents, purposes, references),
            (expected, expected, expected)
        );
    }
    let terms = KeyTerms {
        purposes: vec![DOOR.parse().unwrap(), "payment".parse().unwrap()],
        ..everything()
    };
    let key = Client::of(&place, terms).await;
    key.get("/v1/references")
        .await
        .refused(400, "say which as `purpose`");
    key.get("/v1/references?purpose=door-access").await.done();
    key.get("/v1/references?purpose=other")
        .await
        .refused(403, "`other`");
}

#[tokio::test]
async fn the_ledger_of_everybody_is_not_for_a_key_of_some() {
    let place = Place::new().await;
    let all = Client::of(&place, everything()).await;
    let ask = json!({ "name": "gate", "rights": ["verify", "ledger"], "collection": "gate" });
    let refused = all.post("/v1/keys", ask).await;
    refused.refused(400, "either a collection or the right `ledger`");
    assert_eq!(all.get("/v1/keys").await.done()["total"], 1);
}

#[tokio::test]
async fn a_key_makes_and_revokes_no_key_beyond_itself() {
    let place = Place::new().await;
    let all = Client::of(&place, everything()).await;
    let terms = KeyTerms {
        collection: Some("gate".parse().unwrap()),
        ..only(&[Right::Keys, Right::Verify])
    };
    let gate = Client::of(&place, terms).await;
    let wider = [
        json!({ "name": "x", "rights": ["verify"] }),
        json!({ "name": "x", "rights": ["verify"], "collection": "staff" }),
        json!({ "name": "x", "rights": ["enroll"], "collection": "gate" }),
    ];
    for ask in wider {
        gate.post("/v1/keys", ask)
            .await
            .refused(403, "no key that reaches further");
    }
    let ask = json!({ "name": "x", "rights": ["verify"], "collection": "gate" });
    let made = gate.post("/v1/keys", ask).await.done();
    let known = gate.get("/v1/keys").await.done();
    assert_eq!(known["total"], 2, "itself and the one it made: {known}");
    gate.delete(&format!("/v1/keys/{}", all.id))
        .await
        .refused(404, "no such key");
    let made = made["key"]["id"].as_str().unwrap();
    gate.delete(&format!("/v1/keys/{made}")).await.done();
    all.get("/v1/subjects").await.done();
}
