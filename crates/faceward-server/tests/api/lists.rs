//! Every list, a page at a time: nothing twice, nothing missing.

use serde_json::{Value, json};

use crate::client::{Client, everything};
use crate::place::{Place, photo};

/// Walks a list by `after`, so many at a time; every page but the last is full.
async fn walked(client: &Client, path: &str, members: &str, id: &str, limit: usize) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = format!("{path}?limit={limit}{after}");
        let page = client.get(&page).await.done();
        let these = page[members].as_array().unwrap();
        found.extend(these.iter().map(|one| one[id].clone()));
        let Some(next) = page["next"].as_str() else {
            assert_eq!(page["total"], found.len(), "{path} says how many there are");
            return found;
        };
        assert_eq!(these.len(), limit, "{path}");
        after = format!("&after={next}");
    }
}

/// Walks a list by position.
async fn counted(client: &Client, path: &str, from: &str, members: &str, id: &str) -> Vec<Value> {
    let mut found = Vec::new();
    loop {
        let page = format!("{path}?limit=2&{from}={}", found.len());
        let page = client.get(&page).await.done();
        let these = page[members].as_array().unwrap();
        if these.is_empty() {
            return found;
        }
        found.extend(these.iter().map(|one| one[id].clone()));
    }
}

#[track_caller]
fn whole(found: &[Value], expected: usize) {
    let mut once = found.to_vec();
    once.sort_by_key(Value::to_string);
    once.dedup();
    assert_eq!((found.len(), once.len()), (expected, expected), "{found:?}");
}

#[tokio::test]
async fn every_list_comes_whole_in_pages_of_any_size() {
    let place = Place::new().await;
    let client = Client::of(&place, everything()).await;
    for n in 0..5 {
        let subject = format!("person-{n}");
        let name = json!({ "subject": subject });
        client.post("/v1/subjects", name).await.done();
        let ask = json!({ "subject": subject, "kind": "access", "channel": "by letter" });
        client.post("/v1/requests", ask).await.done();
        let ask = json!({ "name": format!("key {n}"), "rights": ["verify"] });
        client.post("/v1/keys", ask).await.done();
    }
    for limit in [1, 2, 5, 6] {
        let people = walked(&client, "/v1/subjects", "subjects", "subject", limit).await;
        whole(&people, 5);
        assert!(people.is_sorted_by_key(|one| one.as_str().unwrap().to_owned()));
        whole(
            &walked(&client, "/v1/requests", "requests", "id", limit).await,
            5,
        );
        whole(&walked(&client, "/v1/keys", "keys", "id", limit).await, 6);
    }
    place.agree("person-0").await;
    for picture in ["obama.jpg", "obama2.jpg", "obama3.jpg"] {
        let kept = client.claim("enroll", "person-0", &photo(picture)).await;
        kept.done();
    }
    let kept = counted(&client, "/v1/references", "skip", "references", "reference").await;
    whole(&kept, 3);
    let size = client.get("/v1/ledger/checkpoint").await.done()["size"].clone();
    let entries = counted(&client, "/v1/ledger/entries", "from", "entries", "entry").await;
    whole(&entries, size.as_u64().unwrap().try_into().unwrap());
    assert!(entries.iter().enumerate().all(|(at, entry)| *entry == at));
}

#[tokio::test]
async fn past_the_end_there_is_nothing_and_no_page_begins_at_nonsense() {
    let place = Place::new().await;
    let client = Client::of(&place, everything()).await;
    for (path, members) in [
        ("/v1/subjects?after=zzz", "subjects"),
        ("/v1/references?skip=1000000", "references"),
        ("/v1/references?skip=18446744073709551615", "references"),
        ("/v1/ledger/entries?from=1000000", "entries"),
        ("/v1/ledger/entries?from=18446744073709551615", "entries"),
        ("/v1/requests", "requests"),
    ] {
        assert_eq!(client.get(path).await.done()[members], json!([]), "{path}");
    }
    let long = format!("/v1/subjects?after={}", "a".repeat(300));
    for (path, words) in [
        (long.as_str(), "handle"),
        ("/v1/subjects?limit=0", "`limit` is 1 to 1000"),
        ("/v1/subjects?limit=1001", "`limit` is 1 to 1000"),
        ("/v1/subjects?limit=ten", "limit"),
        ("/v1/subjects?page=2", "page"),
        ("/v1/references?skip=-1", "skip"),
        ("/v1/references?purpose=%20", "purpose"),
        ("/v1/ledger/entries?from=x", "from"),
        ("/v1/requests?after=zzz", "begin anew without it"),
        ("/v1/keys?after=zzz", "begin anew without it"),
        ("/v1/keys?limit=0", "`limit` is 1 to 1000"),
    ] {
        client.get(path).await.refused(400, words);
    }
}
