//! Asking, refusing, receipts and retention from the terminal: exit codes, sentences, files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod place;

use std::fs;
use std::path::Path;

use place::Place;

const GIVE: &str = "consent give alice --notice notice.txt --how signed";

#[test]
fn a_consent_is_asked_for_refused_given_renewed_revoked_and_logged() {
    let place = Place::new();
    place.done("consent request alice --notice notice.txt");
    place.done("consent defer alice");
    place.done("consent request alice --notice notice.txt");
    place.done("consent refuse alice");
    let (code, said) = place.says("consent request alice --notice notice.txt");
    assert!(code == 2 && said.contains("NDSR Art. 22"), "{said}");
    place.done("consent request alice --notice new.txt");
    place.done("consent give alice --notice new.txt --how signed --language de --shown-where desk");
    let said = place.done("consent give alice --notice new.txt --how signed");
    assert!(said.contains("renewed"), "{said}");
    place.done("consent renew alice --notice new.txt --how again");
    let (code, said) = place.says("consent renew alice --notice notice.txt --how again");
    assert!(
        code == 2 && said.contains("the notice has changed"),
        "{said}"
    );
    let said = place.done("consent show alice --notice new.txt");
    assert!(said.contains("still counts"), "{said}");
    let said = place.done("consent show alice --notice notice.txt");
    assert!(said.contains("ask anew: the notice has changed"), "{said}");
    place.done("consent revoke alice --by court --reason order");
    let log = place.json("consent log alice");
    let records = log["records"].as_array().unwrap();
    let states: Vec<_> = records
        .iter()
        .map(|record| record["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["refused", "revoked"]);
    assert_eq!(records[1]["previous"], records[0]["id"]);
    let said = place.done("consent log alice");
    for word in [
        "deferred",
        "refused",
        "given",
        "renewed",
        "by court",
        "now revoked",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let (code, said) = place.says("consent refuse bob");
    assert!(code == 2 && said.contains("--notice"), "{said}");
}

#[test]
fn each_recipient_has_a_consent_of_its_own_and_can_be_taken_back_alone() {
    let place = Place::new();
    place.done(GIVE);
    let (code, said) = place.says(&format!("{GIVE} --scope recipient:landlord"));
    assert!(code == 2 && said.contains("contact"), "{said}");
    let (code, said) = place.says(&format!("{GIVE} --scope friends"));
    assert!(code == 2 && said.contains("no scope"), "{said}");
    place.done(&format!(
        "{GIVE} --scope recipient:landlord --contact desk3"
    ));
    let said = place.done("consent show alice");
    assert!(said.contains("[recipient:landlord]"), "{said}");
    let (code, _) = place.says("consent withdraw alice --scope recipient:nobody");
    assert_eq!(code, 2);
    place.done("consent withdraw alice --scope recipient:landlord");
    let said = place.done("consent show alice");
    assert!(
        said.contains("live until") && said.contains("withdrawn on"),
        "{said}"
    );
    place.done("consent withdraw alice");
    assert_eq!(place.says("consent withdraw alice").0, 2);
}

#[test]
fn a_receipt_is_checked_anywhere_and_every_failure_has_its_sentence_and_code() {
    let place = Place::new();
    place.done(GIVE);
    let said = place.done("consent receipt alice --out alice.jws");
    assert!(said.contains("receipt verify alice.jws --key"), "{said}");
    assert_eq!(
        place.says("consent receipt alice -o alice.jws").0,
        2,
        "never overwritten"
    );
    let key = place.json("receipt key");
    let (key, jwk) = (
        key["key"].as_str().unwrap().to_owned(),
        key["jwk"].to_string(),
    );
    let ledger = place.json("doctor")["vault"]["ledger_key"]
        .as_str()
        .unwrap()
        .to_owned();
    let issued = place.json("consent receipt alice");
    assert_eq!(issued["document"]["processing"]["purpose"], "door");
    fs::rename(place.path("home"), place.path("elsewhere")).unwrap();

    let verify = format!("receipt verify alice.jws --key {key} --ledger-key {ledger}");
    let said = place.done(&verify);
    assert!(
        said.contains("the receipt holds") && !said.contains("NOTE"),
        "{said}"
    );
    place.done(&format!("receipt verify alice.jws --key {jwk}"));
    let said = place.done("receipt verify alice.jws");
    assert!(said.contains("NOTE"), "{said}");
    assert_eq!(
        place.json("receipt verify alice.jws")["kind"],
        "consent-receipt"
    );

    let whole = fs::read_to_string(place.path("alice.jws")).unwrap();
    let [header, payload, signature] = whole.trim().split('.').collect::<Vec<_>>()[..] else {
        panic!("{whole}");
    };
    // {"alg":"none"} and {"alg":"HS256"}
    let (none, hs) = ("eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9");
    let swapped = if signature.starts_with('A') { 'B' } else { 'A' };
    let changed = format!("{header}.{payload}.{swapped}{}", &signature[1..]);
    let cases: [(&str, Vec<u8>, i32, &str); 8] = [
        (
            "changed",
            changed.into_bytes(),
            1,
            "was changed after it was signed",
        ),
        (
            "none",
            format!("{none}.{payload}.").into_bytes(),
            1,
            "only EdDSA",
        ),
        (
            "hs256",
            format!("{hs}.{payload}.{signature}").into_bytes(),
            1,
            "only EdDSA",
        ),
        (
            "short",
            whole.as_bytes()[..whole.len() - 9].to_vec(),
            1,
            "changed",
        ),
        (
            "cut",
            whole.as_bytes()[..whole.len() / 2].to_vec(),
            2,
            "cut short",
        ),
        (
            "text",
            b"We compare your face at the door.".to_vec(),
            2,
            "not a receipt",
        ),
        ("picture", vec![0xff, 0xd8, 0xff], 2, "not a receipt"),
        ("empty", Vec::new(), 2, "not a receipt"),
    ];
    for (name, bytes, expected, says) in cases {
        fs::write(place.path("case"), bytes).unwrap();
        let (code, said) = place.says("receipt verify case");
        assert!(
            code == expected && said.contains(says),
            "{name}: {code}: {said}"
        );
    }
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/receipts");
    let other = fs::read_to_string(vectors.join("key.txt")).unwrap();
    let (code, said) = place.says(&format!("receipt verify alice.jws --key {other}"));
    assert!(
        code == 1 && said.contains("was signed by the key"),
        "{said}"
    );
    let other = fs::read_to_string(vectors.join("ledger.pub")).unwrap();
    let (code, said) = place.says(&format!("receipt verify alice.jws --ledger-key {other}"));
    assert!(code == 1, "{said}");
    assert_eq!(place.says("receipt verify alice.jws --key hello").0, 2);
    assert_eq!(place.says("receipt verify absent.jws").0, 2);
}

#[test]
fn what_is_due_is_listed_swept_and_certified() {
    let place = Place::new();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/obama.jpg");
    place.done("consent give barack --notice notice.txt --how signed");
    place.done(&format!("enroll barack {}", demo.display()));
    let (code, said) = place.says("retention due");
    assert!(code == 0 && said.contains("nothing is due"), "{said}");
    assert!(place.done("retention due --within 400").contains("due on"));
    place.done("retention end barack --reason gone");
    let (code, said) = place.says("retention due");
    assert!(code == 1 && said.contains("OVERDUE"), "{said}");
    let said = place.done("retention sweep --dry-run");
    assert!(said.contains("1 reference would be destroyed"), "{said}");
    assert_eq!(
        place.says("retention due").0,
        1,
        "nothing was destroyed yet"
    );

    let swept = place.json("retention sweep");
    let file = swept["erased"][0]["file"].as_str().unwrap().to_owned();
    assert!(file.contains("erasures"), "{file}");
    let key = place.json("receipt key")["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let said = place.done(&format!("receipt verify {file} --key {key}"));
    assert!(said.contains("found nothing"), "{said}");
    assert_eq!(
        place.says(&format!("receipt verify {file}")).0,
        2,
        "it names no key"
    );
    assert!(
        place
            .done("retention sweep")
            .contains("nothing was overdue")
    );
    assert_eq!(place.says("retention due").0, 0);
    assert!(place.done("consent log barack").contains("purpose-ended"));
    assert!(place.done("audit list").contains("erased"));
}
