//! Entity tags: an answer that is known is not sent again, and a change that comes too late is not
//! made.

use axum::http::Method;
use serde_json::json;

use crate::client::{Answer, Client, everything};
use crate::place::Place;

async fn house() -> (Place, Client) {
    let place = Place::new().await;
    place.agree("alice").await;
    let client = Client::of(&place, everything()).await;
    (place, client)
}

impl Client {
    async fn known(&self, path: &str, tag: &str) -> Answer {
        let known = [("if-none-match", tag)];
        self.send(Method::GET, path, &known, "").await
    }

    async fn rename(&self, from: &str, to: &str, meant: &str) -> Answer {
        let path = format!("/v1/subjects/{from}");
        let name = json!({ "subject": to });
        self.json(Method::PUT, &path, &[("if-match", meant)], name)
            .await
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let (place, client) = house().await;
    for path in [
        "/v1/subjects",
        "/v1/subjects/alice",
        "/v1/subjects/alice/consents",
        "/v1/references",
        "/v1/requests",
        "/v1/keys",
        "/v1/laws",
        "/v1/laws/cn-pipl",
        "/v1/deployment",
    ] {
        let first = client.get(path).await;
        let tag = first.tag();
        first.done();
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
        ] {
            let again = client.known(path, &known).await;
            assert_eq!(again.status, 304, "{path} {known}");
            assert_eq!(again.tag(), tag);
            assert!(again.said.is_null());
        }
        let other = client.known(path, "\"other\"").await;
        assert_eq!(other.status, 200, "{path}");
    }
    let before = client.get("/v1/subjects").await.tag();
    place.agree("bob").await;
    let after = client.known("/v1/subjects", &before).await;
    assert_eq!(after.status, 200);
}

#[tokio::test]
async fn a_person_is_renamed_as_they_were_seen_or_not_at_all() {
    let (place, client) = house().await;
    let seen = client.get("/v1/subjects/alice").await.tag();
    let weak = format!("W/{seen}");
    for other in ["\"other\"", &weak] {
        let late = client.rename("alice", "alicia", other).await;
        late.refused(412, "read it again");
    }
    client.rename("alice", "alicia", &seen).await.done();
    client.get("/v1/subjects/alice").await.refused(404, "alice");

    let seen = client.get("/v1/subjects/alicia").await.tag();
    place
        .ward
        .withdraw(&"alicia".parse().unwrap(), &"door-access".parse().unwrap())
        .await
        .unwrap();
    let late = client.rename("alicia", "alice", &seen).await;
    late.refused(412, "it changed meanwhile");
    let (listed, any) = (format!("\"other\", {seen}"), "*");
    let late = client.rename("alicia", "alice", &listed).await;
    late.refused(412, "it changed meanwhile");
    client.rename("alicia", "alice", any).await.done();
}

#[tokio::test]
async fn a_name_that_is_taken_or_the_same_is_a_conflict() {
    let (place, client) = house().await;
    place.agree("bob").await;
    for (to, words) in [("bob", "bob"), ("alice", "the same already")] {
        client.rename("alice", to, "*").await.refused(409, words);
    }
    let add = json!({ "subject": "bob" });
    client.post("/v1/subjects", add).await.refused(409, "bob");
}
