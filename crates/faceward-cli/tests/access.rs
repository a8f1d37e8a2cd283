//! Who may ask, from the terminal: keys, accounts, links, and what the ledger says of them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod place;

use std::fs;

use place::Place;

#[test]
fn a_key_is_shown_once_listed_without_its_text_and_revoked() {
    let place = Place::new();
    let made = place.json(
        "key create gate --right verify --right identify --purpose door-access --collection staff --per-day 500 --hours 06:00-22:00+08:00",
    );
    let (id, text) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert_eq!(text.len(), 36);
    let listed = place.done("key list");
    assert!(
        listed.contains("gate: verify, identify for door-access"),
        "{listed}"
    );
    assert!(listed.contains(id) && !listed.contains(text), "{listed}");
    let listed = place.json("key list");
    let key = &listed["keys"][0];
    assert_eq!(key["hours"], "06:00-22:00+08:00");
    assert_eq!(key["collection"], "staff");
    assert_eq!(key["per_day"], 500);
    assert!(!listed.to_string().contains(text));

    place.done(&format!("key revoke {id}"));
    assert!(place.done("key list").contains("REVOKED"));
    let said = place.done("audit list");
    assert!(
        said.contains("key-created") && said.contains("key-revoked"),
        "{said}"
    );
    assert!(said.contains(id) && !said.contains("gate"), "{said}");
    place.done("audit check");
}

#[test]
fn a_key_that_makes_no_sense_is_refused_with_what_to_write() {
    let place = Place::new();
    for (line, hint) in [
        ("key create gate", "--right"),
        ("key create gate --right fly", "verify"),
        (
            "key create gate --right verify --purpose Door",
            "lower-case",
        ),
        (
            "key create gate --right verify --hours 8-18",
            "08:00-18:00+08:00",
        ),
        (
            "key create gate --right verify --collection Staff",
            "1 to 48",
        ),
        ("key create gate --right verify --until 2020-01-01", "past"),
        ("key revoke 00", "32 hexadecimal digits"),
        ("key revoke 00000000000000000000000000000000", "key list"),
    ] {
        let (code, said) = place.says(line);
        assert!(code == 2 && said.contains(hint), "{line}: {code}: {said}");
    }
    assert!(place.done("key list").contains("no key was made"));
}

#[test]
fn accounts_are_made_and_changed_and_the_last_owner_stays() {
    let place = Place::new();
    fs::write(place.path("word"), "a long pass phrase\n").unwrap();
    fs::write(place.path("short"), "eleven char\n").unwrap();
    let (code, said) = place.says("account create Ada --role owner --password-file short");
    assert!(code == 2 && said.contains("12 characters"), "{said}");
    place.done("account create Ada --role owner --password-file word");
    for line in ["account disable Ada", "account role Ada auditor"] {
        let (code, said) = place.says(line);
        assert!(code == 2 && said.contains("last owner"), "{line}: {said}");
    }
    place.done("account create Bob --role operator --password-file word");
    place.done("account role Bob dpo");
    place.done("account password Bob --password-file word");
    place.done("account disable Bob");
    let listed = place.json("account list");
    let (ada, bob) = (&listed["accounts"][0], &listed["accounts"][1]);
    assert_eq!(
        (ada["name"].as_str(), ada["role"].as_str()),
        (Some("Ada"), Some("owner"))
    );
    assert_eq!(
        (bob["role"].as_str(), bob["disabled"].as_bool()),
        (Some("dpo"), Some(true))
    );
    let (code, said) = place.says("account disable Eve");
    assert!(code == 2 && said.contains("account list"), "{said}");
    let said = place.done("audit list");
    assert!(said.contains("role dpo") && !said.contains("Bob"), "{said}");
}

#[test]
fn a_link_is_shown_once_and_can_be_taken_back() {
    let place = Place::new();
    let made =
        place.json("link make alice --purpose door-access --url https://door.example/ --days 2");
    let (id, url) = (made["id"].as_str().unwrap(), made["link"].as_str().unwrap());
    let text = url.strip_prefix("https://door.example/me/").unwrap();
    assert_eq!(text.len(), 43);
    let listed = place.done("link list alice");
    assert!(listed.contains(id) && !listed.contains(text), "{listed}");
    place.done(&format!("link cancel {id}"));
    assert!(place.done("link list alice").contains("no link is waiting"));
    let (code, said) = place.says(&format!("link cancel {id}"));
    assert!(code == 2 && said.contains("link list"), "{said}");
    let said = place.done("audit list --about alice");
    assert!(
        said.contains("link-created")
            && said.contains("link-cancelled")
            && !said.contains("link-used"),
        "{said}"
    );
    assert!(
        !said.contains(id),
        "a link is not named, so that it ties no entries: {said}"
    );
}
