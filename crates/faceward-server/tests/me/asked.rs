//! The question: put plainly, agreed to or not, by whom it may be.

use std::fs;
use std::path::Path;

use faceward::{Age, By, ConsentState, EventOutcome, Giver, Relation};

use crate::hand::*;

#[tokio::test]
async fn the_question_has_two_ways_and_nothing_ticked() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    assert!(alice.get("/me").await.body.contains("/me/ask/door-access"));
    let age = alice.get("/me/ask/door-access").await.body;
    assert!(age.contains("How old are you?") && !age.contains("value=\"agree\""));
    let page = alice.get(ASK).await.body;
    assert!(!page.contains("checked") && !page.contains("type=\"checkbox\""));
    let answers: Vec<&str> = page.split("<button name=\"answer\" ").skip(1).collect();
    let starts: Vec<bool> = answers
        .iter()
        .map(|a| a.starts_with("value=\"agree\"") || a.starts_with("value=\"refuse\""))
        .collect();
    assert_eq!(starts, [true, true]);
    assert!(page.contains("value=\"later\""));
    let chinese = Person {
        lang: "zh-CN",
        ..alice
    };
    let page = chinese.get(ASK).await.body;
    assert!(page.contains("我同意") && page.contains("我不同意"));
}

#[tokio::test]
async fn who_agrees_has_a_consent_to_the_text_they_read_and_a_receipt() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let text = alice.get("/me/notice/door-access").await.body;
    let agreed = alice.send(ASK, "answer=agree").await;
    assert_eq!(agreed.status, 303);
    let receipt = alice.get(&agreed.to).await.body;
    assert!(receipt.contains("download=\"receipt.jws\""));
    let consents = place
        .ward
        .consents(&"alice".parse().unwrap())
        .await
        .unwrap();
    let terms = consents[0].terms();
    assert!(consents[0].is_live(jiff::Timestamp::now()));
    assert_eq!(
        faceward::sha256_hex(text.as_bytes()),
        terms.notice.sha256.map(|b| format!("{b:02x}")).concat()
    );
    assert!(text.contains("Riverside Gym") && text.contains("Who asks"));
    let entries = place.ward.entries_about(&"alice".parse().unwrap()).await;
    let entries = entries.unwrap();
    let given = entries
        .iter()
        .find(|e| e.event.act.word() == "consent-given");
    let given = &given.unwrap().event;
    assert_eq!(
        (given.by, given.outcome),
        (Some(By::Person), EventOutcome::Done)
    );
    let jws = signed(&receipt).unwrap();
    let key = place.ward.receipt_key().unwrap();
    assert!(
        faceward::check_receipt(
            jws,
            Some(&key),
            Some(&place.ward.ledger_key()),
            jiff::Timestamp::now()
        )
        .is_ok()
    );
}

#[tokio::test]
async fn looking_at_a_receipt_makes_out_no_other() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let made = alice.send(ASK, "answer=agree").await.to;
    let path = made.split('?').next().unwrap();
    let size = place.ward.ledger_size().await.unwrap();
    let (first, second) = (alice.get(&made).await.body, alice.get(path).await.body);
    assert_eq!(signed(&first), signed(&second));
    let again = place.person("alice", &["door-access"]).await;
    let opened = place.ward.ledger_size().await.unwrap();
    assert_eq!(opened, size + 2, "a link was made and opened, that is all");
    let bare = again.get(path).await.body;
    assert!(signed(&bare).is_none() && bare.contains("Make out the signed receipt"));
    assert_eq!(place.ward.ledger_size().await.unwrap(), opened);
    assert_eq!(again.send(path, "").await.to, path);
    assert!(signed(&again.get(path).await.body).is_some());
    assert_eq!(place.ward.ledger_size().await.unwrap(), opened + 1);
    // What was signed before does not tell of the withdrawal.
    again.send("/me/withdraw/door-access", "").await;
    assert!(signed(&again.get(path).await.body).is_none());
}

#[tokio::test]
async fn who_answered_in_one_language_is_not_asked_in_the_other() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let size = place.ward.ledger_size().await.unwrap();
    let chinese = Person {
        lang: "zh-CN",
        ..alice
    };
    assert!(chinese.get(ASK).await.body.contains("您已同意"));
    assert_eq!(place.ward.ledger_size().await.unwrap(), size);
    assert!(!chinese.get("/me").await.body.contains("阅读并答复"));
}

/// The signed text that a page has for taking home.

#[tokio::test]
async fn a_text_that_changed_is_not_agreed_to() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let page = alice.get(ASK).await.body;
    let form = format!(
        "answer=agree&age=adult&shown={}&csrf={}",
        "0".repeat(64),
        hidden(&page, "csrf").unwrap()
    );
    let sent = posted("/me/ask/door-access", &alice.cookie, &form);
    let sent = place.ask(sent).await;
    let shown = alice.get(&sent.to).await.body;
    assert!(shown.contains("The text has changed"), "{}", sent.to);
    assert!(
        place
            .ward
            .consents(&"alice".parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn who_says_no_is_not_asked_again_and_nothing_else_happens() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let refused = alice.send(ASK, "answer=refuse").await;
    assert!(alice.get(&refused.to).await.body.contains("You said no"));
    assert!(!alice.get("/me").await.body.contains("You are asked"));
    let handle = "alice".parse().unwrap();
    assert!(place.ward.consents(&handle).await.unwrap().is_empty());
    let records = place.ward.consent_records(&handle).await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(
        records[0].state(jiff::Timestamp::now()),
        ConsentState::Refused
    );
    // Of their own accord they may read it again, and agree.
    let agreed = alice
        .send("/me/ask/door-access?again=1&age=adult", "answer=agree")
        .await;
    assert!(agreed.to.starts_with("/me/receipt/"), "{}", agreed.to);
}

#[tokio::test]
async fn who_leaves_it_open_is_asked_still() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    assert_eq!(alice.send(ASK, "answer=later").await.to, "/me");
    assert!(alice.get("/me").await.body.contains("You are asked"));
    let agreed = alice.send(ASK, "answer=agree").await;
    assert!(agreed.to.starts_with("/me/receipt/"));
}

#[tokio::test]
async fn a_child_does_not_agree_alone() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let child = "/me/ask/door-access?age=under-14";
    assert!(
        alice
            .get(child)
            .await
            .body
            .contains("A parent or guardian has to decide")
    );
    let page = alice.get(ASK).await.body;
    let form = format!(
        "answer=agree&age=under-14&shown={}&csrf={}",
        hidden(&page, "shown").unwrap(),
        hidden(&page, "csrf").unwrap()
    );
    let sent = place
        .ask(posted("/me/ask/door-access", &alice.cookie, &form))
        .await;
    assert!(sent.body.contains("A parent or guardian has to decide"));
    assert!(
        place
            .ward
            .consents(&"alice".parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_guardian_agrees_for_a_child_by_name_on_the_same_link() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let page = alice.get("/me/ask/door-access?age=under-14").await.body;
    let csrf = hidden(&page, "csrf").unwrap();
    let who = "/me/ask/door-access/guardian";
    let size = place.ward.ledger_size().await.unwrap();
    for nobody in [
        "guardian=&relation=parent",
        "guardian=Ann&relation=friend",
        "guardian=Ann%00&relation=parent",
    ] {
        let form = format!("csrf={csrf}&age=under-14&{nobody}");
        let again = place.ask(posted(who, &alice.cookie, &form)).await.body;
        assert!(again.contains("Please give your name"), "{again}");
    }
    assert_eq!(place.ward.ledger_size().await.unwrap(), size);
    let form = format!("csrf={csrf}&age=under-14&guardian=Ann+%3CLee%3E&relation=parent");
    let question = place.ask(posted(who, &alice.cookie, &form)).await.body;
    assert!(question.contains("the child in your care"), "{question}");
    assert!(question.contains("I agree for the child") && !question.contains("<Lee>"));
    let form = format!(
        "answer=agree&csrf={csrf}&age=under-14&guardian=Ann+%3CLee%3E&relation=parent&shown={}",
        hidden(&question, "shown").unwrap()
    );
    let agreed = posted("/me/ask/door-access", &alice.cookie, &form);
    assert!(place.ask(agreed).await.to.starts_with("/me/receipt/"));
    let consents = place.ward.consents(&"alice".parse().unwrap()).await;
    let consents = consents.unwrap();
    let terms = consents[0].terms();
    assert_eq!(terms.given_by, Giver::Guardian("Ann <Lee>".to_owned()));
    assert_eq!(terms.details.relation, Some(Relation::Parent));
    assert_eq!(terms.age, Age::Under14);
    // An adult is nobody's ward.
    let form = form.replace("under-14", "adult");
    let adult = place.ask(posted(who, &alice.cookie, &form)).await;
    assert_eq!(adult.status, 404);
}

#[tokio::test]
async fn the_notice_of_a_deployment_is_what_is_agreed_to() {
    let gym = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/deployments/gym.toml");
    let gym = fs::read_to_string(gym).unwrap();
    let place = Place::with(|folder| fs::write(folder.join("deployment.toml"), gym).unwrap()).await;
    let alice = place.person("alice", &["gym-access", "door-access"]).await;
    let page = alice.get("/me/ask/gym-access").await.body;
    // Its notice is for grown people alone: they are asked at once, with the other way named.
    assert!(page.contains("a membership card") && page.contains("value=\"agree\""));
    alice.send("/me/ask/gym-access", "answer=agree").await;
    let consents = place
        .ward
        .consents(&"alice".parse().unwrap())
        .await
        .unwrap();
    let shown = place.ward.notices().unwrap().remove(0).hashed().unwrap();
    assert_eq!(consents[0].terms().notice, shown);
    let other = alice.get("/me/ask/door-access").await.body;
    assert!(other.contains("This is not asked any more"));
}
