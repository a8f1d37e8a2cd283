//! Disputes at the console: what a lawyer reads, and what a case file cannot do.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use faceward::told::held_json;
use faceward::{Age, Condition, ConsentAsk, Details, Giver, NoticeText, Role, sha256_hex};
use serde_json::Value;

use crate::visit::{Answer, Place, Visitor, handed};

const CASES: &str = "/console/cases";
/// The face gate of a housing estate: no separate consent is shown, and one fact is in doubt.
const GATE: &str = r#"
id = "gate"
title = "Gu v. the Estate"
[parties]
claimant = "Gu <script>alert(1)</script>"
[facts]
respondent_role = "property_manager"
claimant_is_owner_or_occupant = true
face_is_sole_access_method = true
claimant_refuses_face = true
alternative_requested = true
reasonable_alternative_offered = false
separate_consent_obtained = "unknown"
rules_published = { value = false, evidence = ["D1"] }
deletion_claimed = true
[[evidence]]
id = "D1"
kind = "document"
title = "Notice to residents"
file = "papers/notice.txt"
sha256 = "@HASH@"
"#;

async fn auditor(place: &Place) -> Visitor {
    place.account("auditor", Role::Auditor).await;
    place.sign_in("auditor").await
}

fn gate() -> String {
    GATE.replace("@HASH@", &sha256_hex(b"no rules here"))
}

/// What a page says, without its markup.
fn said(answer: &Answer) -> String {
    let mut text = String::new();
    for piece in answer.body.split('<') {
        text += piece.split_once('>').map_or(piece, |(_, after)| after);
    }
    text
}

/// A file that a page carries in itself.
fn carried(answer: &Answer, name: &str) -> String {
    let end = format!("\" download=\"{name}\"");
    let before = answer.body.split(&end).next().unwrap();
    let coded = before.rsplit("base64,").next().unwrap();
    String::from_utf8(BASE64.decode(coded).unwrap()).unwrap()
}

#[tokio::test]
async fn a_lawyer_reads_who_must_prove_what_and_takes_the_dossier_along() {
    let place = Place::new().await;
    let visitor = auditor(&place).await;
    let text = gate();
    let notice = [
        ("case", "gate.toml", text.as_bytes()),
        ("evidence", "notice.txt", b"no rules here".as_slice()),
    ];
    let answer = place.ask(handed(CASES, &visitor, &[], &notice)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let page = said(&answer);
    for told in [
        "Gu v. the Estate",
        // The claim, its answer and its article.
        "another reasonable way in and out is due",
        "Art. 10(1)",
        "made out",
        // On what it turns, and who bears the burden.
        "which the processor has to prove",
        "Unproven: whether",
        // What may be ordered, and the evidence held against its hash.
        "provide another reasonable way in and out",
        "delete the face information",
        "the court shall",
        "has the SHA-256 that is stated",
        "Decision support, not a judgment",
        "Nothing of this is kept on the server",
    ] {
        assert!(page.contains(told), "`{told}` is not on the page: {page}");
    }
    assert!(!answer.body.contains("<script>") && !answer.body.contains(" style="));
    let dossier = carried(&answer, "dossier.html");
    assert!(dossier.starts_with("<!doctype html>") && dossier.contains("Gu v. the Estate"));
    let json: Value = serde_json::from_str(&carried(&answer, "dossier.json")).unwrap();
    assert_eq!(json["case"]["id"], "gate");
    assert_eq!(json["case"]["evidence"][0]["check"]["result"], "holds");

    let other = [notice[0], ("evidence", "notice.txt", b"rules".as_slice())];
    let answer = place.ask(handed(CASES, &visitor, &[], &other)).await;
    assert!(said(&answer).contains("is not the file whose SHA-256 is stated"));
    let tried = [("what_if", "separate_consent_obtained=true")];
    let answer = place.ask(handed(CASES, &visitor, &tried, &notice)).await;
    assert!(said(&answer).contains("not made out, was made out"));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_line_and_what_was_meant() {
    let place = Place::new().await;
    let visitor = auditor(&place).await;
    let slip = "[facts]\nseperate_consent_obtained = false\n";
    let answer = place
        .ask(handed(CASES, &visitor, &[("text", slip)], &[]))
        .await;
    assert_eq!(answer.status, 422);
    let page = said(&answer);
    assert!(
        page.contains("line 2") && page.contains("did you mean `separate_consent_obtained`?"),
        "{page}"
    );
    assert!(
        page.contains("2 | seperate_consent_obtained = false"),
        "{page}"
    );
    // What was written is still there.
    assert!(answer.body.contains(slip), "{}", answer.body);

    let many = "[[cases]]\n".repeat(21);
    let long = format!("# {}", "x".repeat(300_000));
    for (texts, told) in [
        (vec![("text", "")], "choose a case file"),
        (vec![("text", many.as_str())], "at most 20 cases"),
        (vec![("text", long.as_str())], "256 KiB"),
        (vec![("text", "id = \"a\""), ("only", "b")], "no case `b`"),
        (
            vec![("text", "id = \"a\""), ("as_of", "soon")],
            "2026-01-31",
        ),
        (vec![("text", "id = \"a\""), ("what_if", "a")], "fact=value"),
    ] {
        let answer = place.ask(handed(CASES, &visitor, &texts, &[])).await;
        assert_eq!(answer.status, 422, "{told}");
        assert!(said(&answer).contains(told), "{told}: {}", answer.body);
    }
}

#[tokio::test]
async fn several_cases_are_answered_in_short_and_one_is_named_for_its_dossier() {
    let place = Place::new().await;
    let visitor = auditor(&place).await;
    let case = |id: &str, separate: bool| {
        format!(
            "[[cases]]\nid = \"{id}\"\n[cases.facts]\nseparate_consent_obtained = {separate}\n[cases.expect]\nmade_out = [\"2.3\"]\n"
        )
    };
    let text = case("with", true) + &case("without", false);
    let answer = place
        .ask(handed(CASES, &visitor, &[("text", &text)], &[]))
        .await;
    let page = said(&answer);
    assert!(page.contains("the processor is liable in tort"), "{page}");
    assert_eq!(page.matches("Not as the file expects").count(), 1, "{page}");
    let named = [("text", text.as_str()), ("only", "without")];
    let answer = place.ask(handed(CASES, &visitor, &named, &[])).await;
    let json: Value = serde_json::from_str(&carried(&answer, "dossier.json")).unwrap();
    assert_eq!(json["case"]["id"], "without");
}

/// A case file is somebody's text: it must not make the server look at its own disk.
#[tokio::test]
async fn no_file_of_the_machine_is_evidence() {
    let place = Place::new().await;
    let visitor = auditor(&place).await;
    let secret = place.ward.home().folder().join("looked-for.txt");
    std::fs::write(&secret, "abc").unwrap();
    let text = format!(
        "[[evidence]]\nid = \"D\"\nkind = \"document\"\ntitle = \"t\"\nfile = \"{}\"\n",
        secret.display()
    );
    let answer = place
        .ask(handed(CASES, &visitor, &[("text", &text)], &[]))
        .await;
    assert_eq!(answer.status, 200);
    assert!(said(&answer).contains("it was not handed in with the case"));
    assert!(!answer.body.contains(&sha256_hex(b"abc")));
}

#[tokio::test]
async fn the_wards_own_ledger_fills_in_what_the_claimant_can_open() {
    let place = Place::new().await;
    let asked = ConsentAsk {
        handle: "gu".parse().unwrap(),
        purpose: "door".parse().unwrap(),
        notice: NoticeText {
            version: "1".to_owned(),
            bytes: b"We compare your face at the door.".to_vec(),
        },
        given_by: Giver::Subject,
        method: "on paper".to_owned(),
        age: Age::Adult,
        bundled_with: Some("the newsletter".to_owned()),
        condition: Condition::Alternative("a card".to_owned()),
        from: None,
        until: None,
        details: Details::default(),
    };
    place.ward.give_consent(asked).await.unwrap();
    let gu: faceward::Handle = "gu".parse().unwrap();
    let openings = place.ward.openings(&gu).await.unwrap();
    let held = place.ward.export(gu).await.unwrap();
    let held = held_json(&held, &openings, None).to_string();
    let visitor = auditor(&place).await;
    let before = place.ward.ledger_size().await.unwrap();
    let texts = [
        (
            "text",
            "id = \"gu\"\n[facts]\nconsent_defence_raised = true\nconsent_obtained = \"unknown\"\n",
        ),
        ("own_ledger", "yes"),
    ];
    // Nobody's entries open without what the person holds.
    let answer = place.ask(handed(CASES, &visitor, &texts, &[])).await;
    assert!(said(&answer).contains("0 of them were shown to be the claimant's"));
    let about = [("about", "held.json", held.as_bytes())];
    let answer = place.ask(handed(CASES, &visitor, &texts, &about)).await;
    let page = said(&answer);
    assert!(
        page.contains("consent_bundled") && page.contains("taken into the facts"),
        "{page}"
    );
    assert!(page.contains("What no ledger proves"), "{page}");
    let json: Value = serde_json::from_str(&carried(&answer, "dossier.json")).unwrap();
    let entry = json["case"]["ledger"]["own"][0]["entry"].as_u64().unwrap();
    let receipt = carried(&answer, &format!("entry-{entry}.json"));
    let key = place.ward.ledger_key();
    let proven = faceward::check_entry_proof(&receipt, &key).unwrap();
    assert_eq!(proven.position, entry);
    // Assessing is no act about anybody.
    assert_eq!(place.ward.ledger_size().await.unwrap(), before);

    let nothing = [("about", "held.json", b"{}".as_slice())];
    let answer = place.ask(handed(CASES, &visitor, &texts, &nothing)).await;
    assert_eq!(answer.status, 422);
    assert!(said(&answer).contains("held.json"), "{}", answer.body);
}
