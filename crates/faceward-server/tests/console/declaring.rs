//! Another declaration put in force at the console.

use std::fs;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::{Request, header};
use faceward::{Act, Decision, Home, Outcome, Role, Unlock};
use faceward_server::House;
use tempfile::TempDir;

use crate::visit::{Answer, Place, Visitor, posted};

const PAGE: &str = "/console/deployment";
const DECLARE: &str = "/console/deployment/declare";
const GYM: &str = include_str!("../../../../examples/deployments/gym.toml");

/// The gym, which also lets its members be verified; and where its file lies.
async fn gym() -> (Place, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("deployment.toml");
    fs::write(&file, text()).unwrap();
    let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
    (Place::of(folder, house.unwrap(), false).await, file)
}

fn text() -> String {
    GYM.replace(
        "[\"identification\"]",
        "[\"verification\", \"identification\"]",
    )
}

fn without_the_purpose() -> String {
    text().replace("\"gym-access\"", "\"pool-access\"")
}

/// What the form says that is shown with a text that was tried.
async fn tried(place: &Place, by: &Visitor, text: &str) -> (Answer, String) {
    let page = place.send(by, PAGE, &[("text", text)]).await;
    let shown = page.body.split("name=\"instead_of\" value=\"").nth(1);
    let instead_of = shown.and_then(|rest| rest.split('"').next());
    let instead_of = instead_of.unwrap_or_default().to_owned();
    (page, instead_of)
}

async fn declared(place: &Place, by: &Visitor, text: &str, instead_of: &str) -> Answer {
    let fields = [("text", text), ("instead_of", instead_of)];
    place.send(by, DECLARE, &fields).await
}

/// Signs in as the owner and enrols a member who agreed to the notice as it is declared.
async fn with_a_member(place: &Place) -> Visitor {
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    place
        .send(&owner, "/console/people", &[("name", "Ann")])
        .await;
    let notice = place.ward.notices().unwrap().remove(0).bytes;
    let consent = [
        ("purpose", "gym-access"),
        ("how", "signed on paper"),
        ("text", &String::from_utf8(notice).unwrap()),
        ("age", "adult"),
        ("alternative", "a card"),
        ("verification", "on"),
        ("identification", "on"),
    ];
    let path = "/console/people/Ann/consent";
    let agreed = place.send(&owner, path, &consent).await;
    assert_eq!(agreed.status, 200, "{}", agreed.body);
    let (ann, purpose, picture) = (ann(), purpose(), photo("obama.jpg"));
    let kept = place.ward.enroll(&ann, &purpose, &picture).await;
    let kept = kept.unwrap().outcome;
    assert!(matches!(kept, Outcome::Done(_)), "{kept:?}");
    owner
}

fn ann() -> faceward::Handle {
    "Ann".parse().unwrap()
}

fn purpose() -> faceward::Purpose {
    "gym-access".parse().unwrap()
}

fn photo(name: &str) -> Vec<u8> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/");
    fs::read(format!("{demo}{name}")).unwrap()
}

/// What a verification comes to: a match, or the law's sentence.
async fn verified(place: &Place) -> Result<Decision, String> {
    let (ann, purpose, picture) = (ann(), purpose(), photo("obama2.jpg"));
    let asked = place.ward.verify(&ann, &purpose, &picture).await.unwrap();
    match asked.outcome {
        Outcome::Done(found) => Ok(found.decision),
        Outcome::Refused(refusal) => Err(refusal.to_string()),
        Outcome::Unusable(why) => panic!("{why}"),
    }
}

#[tokio::test]
async fn a_purpose_that_an_edit_removes_is_refused_at_the_next_verification() {
    let (place, file) = gym().await;
    let owner = with_a_member(&place).await;
    assert_eq!(verified(&place).await, Ok(Decision::Match));
    let edited = without_the_purpose();
    let (page, instead_of) = tried(&place, &owner, &edited).await;
    assert!(
        page.body.contains("Put this text in force"),
        "{}",
        page.body
    );
    assert_eq!(verified(&place).await, Ok(Decision::Match), "only tried");
    let done = declared(&place, &owner, &edited, &instead_of).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let shown = place.ask(crate::visit::got(&done.to, &owner.cookie)).await;
    assert!(
        shown.body.contains("This declaration is in force."),
        "{}",
        shown.body
    );
    let why = verified(&place).await.unwrap_err();
    assert!(why.contains("declares no purpose `gym-access`"), "{why}");
    assert_eq!(fs::read_to_string(&file).unwrap(), edited);
    let before = file.with_extension("toml.before");
    assert_eq!(fs::read_to_string(before).unwrap(), text());
    let (_, entry) = done.to.split_once("entry=").unwrap();
    let entry: u64 = entry.parse().unwrap();
    let entry = place
        .ward
        .entries(entry..entry + 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(entry.event.act, Act::DeploymentDeclared);
    assert!(entry.event.by.is_some(), "who put it in force is on record");
    let late = declared(&place, &owner, &text(), &instead_of).await;
    assert_eq!(late.status, 412, "what was seen is not there any more");
}

#[tokio::test]
async fn a_broken_text_or_one_that_names_other_files_changes_nothing() {
    let (place, file) = gym().await;
    let owner = with_a_member(&place).await;
    let (_, instead_of) = tried(&place, &owner, &without_the_purpose()).await;
    let before = place.ward.ledger_size().await.unwrap();
    let broken = text().replace("role = ", "roll = ");
    let other = text().replace(
        "languages = [",
        "files = [\"vault/root.key\"]\nlanguages = [",
    );
    for (text, why) in [(broken, "did you mean `role`?"), (other, "root.key")] {
        let (page, _) = tried(&place, &owner, &text).await;
        let told = page.body.replace("&#96;", "`");
        assert!(told.contains(why), "{told}");
        assert!(!told.contains("Put this text in force"), "{told}");
        let refused = declared(&place, &owner, &text, &instead_of).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains("deployment.toml"), "{}", refused.body);
    }
    assert_eq!(
        declared(&place, &owner, &without_the_purpose(), "xyz")
            .await
            .status,
        400
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), text());
    assert_eq!(place.ward.ledger_size().await.unwrap(), before);
    assert_eq!(verified(&place).await, Ok(Decision::Match));
}

#[tokio::test]
async fn only_the_owner_declares_and_only_by_a_form_of_ours() {
    let (place, file) = gym().await;
    let edited = without_the_purpose();
    for (name, role) in [("owner", Role::Owner), ("op", Role::Operator)] {
        place.account(name, role).await;
    }
    let op = place.sign_in("op").await;
    let (page, instead_of) = tried(&place, &op, &edited).await;
    assert!(
        !page.body.contains("Put this text in force"),
        "{}",
        page.body
    );
    assert_eq!(
        declared(&place, &op, &edited, &instead_of).await.status,
        403
    );
    let owner = place.sign_in("owner").await;
    let (_, instead_of) = tried(&place, &owner, &edited).await;
    let fields = [("text", edited.as_str()), ("instead_of", &instead_of)];
    let untold = place.ask(posted(DECLARE, &owner.cookie, &fields)).await;
    assert_eq!(untold.status, 403, "without the token of the form");
    let elsewhere = Request::post(DECLARE)
        .header(header::COOKIE, &owner.cookie)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(
            serde_urlencoded::to_string([("csrf", &owner.csrf), ("text", &edited)]).unwrap(),
        ));
    assert_eq!(place.ask(elsewhere.unwrap()).await.status, 403);
    assert_eq!(fs::read_to_string(&file).unwrap(), text());
}
