//! Putting a ward away and bringing it back, at the terminal.

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
fn a_ward_is_put_away_and_brought_back() {
    let place = Place::new();
    place.done("consent give alice --notice notice.txt --how signed --alternative card");
    fs::write(place.path("phrase"), "correct horse battery staple\n").unwrap();
    let away = "--backup-passphrase-file phrase";
    let made = place.json(&format!("backup -o a --keys-to b {away}"));
    assert_eq!(
        (&made["outcome"], &made["entries"]),
        (&"done".into(), &2.into())
    );
    fs::write(place.path("kept"), made["checkpoint"].as_str().unwrap()).unwrap();
    let (data, keys) = (
        made["data"].as_str().unwrap(),
        made["keys"].as_str().unwrap(),
    );
    place.done("consent withdraw alice");
    place.done("audit export log");

    let restore = format!("restore {data} {keys} {away} --home new");
    let said = place.done(&format!("{restore} --checkpoint log"));
    assert!(
        said.contains("OLDER") && said.contains("to do again"),
        "{said}"
    );
    assert!(said.contains("consent-withdrawn"), "{said}");
    let listed = place.done("audit list --home new");
    assert!(
        listed.contains("backup-made") && listed.contains("restored"),
        "{listed}"
    );
    place.done("doctor --home new");

    let (code, said) = place.says(&restore);
    assert!(
        code == 2 && said.contains("already holds a vault"),
        "{code}: {said}"
    );
    fs::write(place.path("wrong"), "another passphrase\n").unwrap();
    let line = format!("restore {data} {keys} --backup-passphrase-file wrong --home third");
    let (code, said) = place.says(&line);
    assert!(
        code == 2 && said.contains("does not open"),
        "{code}: {said}"
    );
    assert!(!place.path("third").exists());
    let line = format!("restore {data} {keys} {away} --home third --checkpoint kept");
    assert!(place.done(&line).contains("nothing is missing"));
    let (code, said) = place.says("backup -o a");
    assert!(
        code == 2 && said.contains("--backup-passphrase-file"),
        "{code}: {said}"
    );
}
