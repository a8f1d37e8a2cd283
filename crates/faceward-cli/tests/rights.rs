//! When a person asks: requests and their dates, everything held, correction, death, oblivion.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod place;

use std::fs;

use place::Place;
use serde_json::Value;

const GIVE: &str = "consent give alice --notice notice.txt --how signed --alternative card";

fn open_request(place: &Place) -> String {
    let listed = place.json("request list");
    listed["requests"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_request_has_a_due_date_and_ends_once() {
    let place = Place::new();
    place.done(GIVE);
    let said = place
        .done("request new alice --kind access --by person --received 2026-01-31 --regime gdpr");
    assert!(
        said.contains("due by 2026-02-28"),
        "a month has no 31st of February: {said}"
    );
    let (code, said) = place.says("request list --overdue");
    assert!(code == 1 && said.contains("2026-02-28"), "{code}: {said}");
    let id = open_request(&place);
    place.done(&format!("request answer {id} --note handed-out"));
    let held = place.json("export alice");
    let opens = held["opens"].as_array().unwrap();
    let entries: Vec<_> = opens
        .iter()
        .map(|opening| opening["entry"].as_u64())
        .collect();
    let all = [Some(0), Some(1), Some(2), Some(3)];
    assert_eq!(
        entries, all,
        "the consent, the request, its answer, the handing out"
    );
    fs::write(place.path("held.json"), held.to_string()).unwrap();
    let exported = place.json("audit export log");
    let key = exported["ledger_key"].as_str().unwrap();
    fs::write(place.path("case.toml"), "[facts]").unwrap();
    let assess = format!("case assess case.toml --ledger log --key {key} --about held.json");
    let assessed = place.json(&assess);
    let own = &assessed["cases"][0]["ledger"]["own"];
    assert_eq!(own.as_array().map(Vec::len), Some(4), "{own}");
    let (code, said) = place.says(&format!("request refuse {id} --reason late"));
    assert_eq!(code, 2, "nothing follows an end: {said}");
    place.done("request list --overdue");

    let recorded = place.json("audit list --about alice");
    let acts: Vec<&str> = recorded["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["act"].as_str().unwrap())
        .collect();
    assert_eq!(
        acts,
        [
            "consent-given",
            "request-received",
            "request-answered",
            "access"
        ]
    );
}

#[test]
fn relatives_are_asked_about_in_the_order_of_the_code() {
    let place = Place::new();
    place.done(GIVE);
    place.done("deceased alice --on 2026-11-01 --evidence certificate");
    let asks = |who: &str| {
        place.done(&format!(
            "request new alice --kind relative --by relative --name Kin --interest estate {who}"
        ))
    };
    let first = |said: &str| {
        said.lines()
            .find(|line| line.contains("rule packs"))
            .unwrap()
            .to_owned()
    };
    assert!(first(&asks("--relation child")).contains("give it to them"));
    assert!(first(&asks("--relation sibling --nearer-alive false")).contains("give it to them"));
    for further in [
        "--relation sibling --nearer-alive true",
        "--relation cousin --nearer-alive false",
    ] {
        let said = asks(further);
        assert!(first(&said).contains("do not give it"), "{further}: {said}");
        assert!(said.contains("CC 994"), "{said}");
    }
}

#[test]
fn after_a_death_nobody_agrees_and_nothing_is_permitted() {
    let place = Place::new();
    place.done(GIVE);
    place.done("deceased alice --on 2026-11-01 --evidence certificate");
    let (code, said) = place.says(GIVE);
    assert!(
        code == 2 && said.contains("died on 2026-11-01"),
        "{code}: {said}"
    );
    fs::write(place.path("nothing.jpg"), "not looked at").unwrap();
    let (code, said) = place.says("verify alice nothing.jpg");
    assert!(
        code == 3 && said.contains("died on 2026-11-01"),
        "{code}: {said}"
    );
    assert!(!said.contains("ask alice"), "{said}");
}

#[test]
fn everything_held_is_a_page_to_read_with_names_as_text() {
    let place = Place::new();
    place.done("consent give <b>alice --notice notice.txt --how <script>x</script>");
    place.done("export <b>alice -o held");
    let page = fs::read_to_string(place.path("held/held.html")).unwrap();
    assert!(
        page.contains("&lt;b&gt;alice") && page.contains("&lt;script&gt;x"),
        "{page}"
    );
    assert!(
        !page.contains("<b>alice") && !page.contains("<script"),
        "{page}"
    );
    let text = fs::read_to_string(place.path("held/held.json")).unwrap();
    let held: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(held["who"], "<b>alice");
    // The consent, and the handing out itself.
    assert_eq!(held["opens"].as_array().map(Vec::len), Some(2), "{text}");
    #[cfg(unix)]
    for name in ["held", "held/held.html", "held/held.json"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(place.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
    let (code, said) = place.says("export <b>alice -o held");
    assert_eq!(code, 2, "an earlier export is not written over: {said}");
    let recorded = place.json("audit list --about <b>alice");
    let count = recorded["entries"].as_array().map(Vec::len);
    assert_eq!(
        count,
        Some(2),
        "nothing was handed out, so nothing is recorded"
    );
}

#[test]
fn a_corrected_name_keeps_its_entries() {
    let place = Place::new();
    place.done(GIVE);
    place.done("correct alice --handle alicia");
    let (code, said) = place.says("consent show alice");
    assert!(code == 2 && said.contains("nobody is known here"), "{said}");
    let recorded = place.json("audit list --about alicia");
    assert_eq!(
        recorded["entries"].as_array().map(Vec::len),
        Some(2),
        "{recorded}"
    );
}

#[test]
fn forgetting_takes_requests_along_looks_for_the_rest_and_signs_it() {
    let place = Place::new();
    place.done(GIVE);
    place.done("request new alice --kind deletion --by person");
    let key = place.done("receipt key");
    let said = place.done("forget alice");
    assert!(
        said.contains("nothing is left") && said.contains("1 request"),
        "{said}"
    );
    let listed = place.json("request list");
    assert_eq!(
        listed["requests"].as_array().map(Vec::len),
        Some(0),
        "{listed}"
    );
    let folder = place.path("home/erasures");
    let certificate = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let key = key.lines().next().unwrap().trim().to_owned();
    place.done(&format!(
        "receipt verify {} --key {key}",
        certificate.display()
    ));
    place.done("audit check");
}

#[test]
fn forgetting_one_purpose_keeps_the_evidence_and_says_so() {
    let place = Place::new();
    place.done(GIVE);
    let said = place.done("forget alice --purpose door");
    assert!(
        said.contains("0 references, 0 keys and 0 past epoch keys left")
            && said.contains("stay, as evidence"),
        "{said}"
    );
    let shown = place.json("consent show alice");
    assert_eq!(shown["consents"][0]["state"], "withdrawn", "{shown}");
}

#[test]
fn the_page_loads_nothing_runs_nothing_and_tells_what_can_be_done() {
    let place = Place::new();
    place.done(GIVE);
    place.done("request new alice --kind access --what <img/src=x>");
    place.done("export alice -o held");
    let page = fs::read_to_string(place.path("held/held.html")).unwrap();
    for never in [
        "<script", "<img", "<link", "href=", "src=\"", "url(", "http://", "https://",
    ] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(page.contains("default-src 'none'"), "{page}");
    for told in [
        "You agreed",
        "Take it back",
        "Complain",
        "due by",
        "prefers-color-scheme",
    ] {
        assert!(page.contains(told), "{told}");
    }
}
