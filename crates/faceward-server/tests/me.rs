//! A person on their own pages: let in once, asked plainly, out at any time, and never anybody else.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use faceward::{
    Age, By, ConsentState, EventOutcome, Giver, Home, Outcome, Purpose, Relation, Unlock, Ward,
};
use faceward_server::{Front, House, Limits, WardName};
use jiff::SignedDuration;
use tempfile::TempDir;
use tower::ServiceExt;

const CONTROLLER: &str = "[controller]\nname = \"Riverside Gym\"\naddress = \"12 River Road\"\ncontact = \"privacy@gym.example\"\n";

struct Place {
    folder: TempDir,
    ward: Ward,
    router: Router,
}

impl Place {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(prepare: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("faceward.toml"), CONTROLLER).unwrap();
        prepare(folder.path());
        let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
        let house = house.unwrap();
        let ward = house.ward(&WardName::main()).unwrap();
        let front = Front::of(house, Limits::default(), false).await.unwrap();
        Self {
            folder,
            ward,
            router: front.router(),
        }
    }

    async fn link(&self, handle: &str, purposes: &[&str]) -> String {
        let purposes: Vec<Purpose> = purposes.iter().map(|p| p.parse().unwrap()).collect();
        let made = self
            .ward
            .make_link(
                &handle.parse().unwrap(),
                &purposes,
                SignedDuration::from_hours(1),
            )
            .await;
        format!("/me/{}", *made.unwrap().1.reveal())
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let text = |name| {
            let value = answer.headers().get(name);
            value.map(|v| v.to_str().unwrap().to_owned())
        };
        let (to, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 22).await;
        Answer {
            status,
            to: to.unwrap_or_default(),
            cookie: cookie.unwrap_or_default(),
            body: String::from_utf8(body.unwrap().to_vec()).unwrap(),
        }
    }

    /// Opens a link, as pressing its button does.
    async fn arrive(&self, link: &str) -> Answer {
        self.ask(posted(link, "", "")).await
    }

    /// Somebody on their own pages.
    async fn person(&self, handle: &str, purposes: &[&str]) -> Person<'_> {
        let answer = self.arrive(&self.link(handle, purposes).await).await;
        assert_eq!((answer.status, answer.to.as_str()), (303, "/me"));
        let cookie = answer.cookie.split(';').next().unwrap().to_owned();
        Person {
            place: self,
            cookie,
            lang: "en",
        }
    }
}

struct Person<'a> {
    place: &'a Place,
    cookie: String,
    lang: &'static str,
}

struct Answer {
    status: u16,
    to: String,
    cookie: String,
    body: String,
}

fn posted(path: &str, cookie: &str, form: &str) -> Request<Body> {
    Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

impl Person<'_> {
    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_LANGUAGE, self.lang);
        self.place.ask(request.body(Body::empty()).unwrap()).await
    }

    /// Sends the form of a page, with one more field.
    async fn send(&self, page: &str, field: &str) -> Answer {
        let shown = self.get(page).await.body;
        let mut form = field.to_owned();
        for name in ["csrf", "shown", "age"] {
            if let Some(value) = hidden(&shown, name) {
                form.push_str(&format!("&{name}={value}"));
            }
        }
        let path = page.split('?').next().unwrap();
        self.place.ask(posted(path, &self.cookie, &form)).await
    }
}

/// The hidden field of this name in the last form of a page.
fn hidden(page: &str, name: &str) -> Option<String> {
    let after = format!("name=\"{name}\" value=\"");
    let rest = page
        .rsplit(&after)
        .next()
        .filter(|rest| rest.len() < page.len())?;
    Some(rest.split('"').next()?.to_owned())
}

const ASK: &str = "/me/ask/door-access?age=adult";

#[tokio::test]
async fn a_link_lets_in_once_and_only_by_its_button() {
    let place = Place::new().await;
    let link = place.link("alice", &["door-access"]).await;
    for _ in 0..3 {
        let page = place
            .ask(Request::get(&link).body(Body::empty()).unwrap())
            .await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Riverside Gym"));
    }
    let elsewhere = Request::post(&link).header("sec-fetch-site", "cross-site");
    let elsewhere = place.ask(elsewhere.body(Body::empty()).unwrap()).await;
    assert_eq!(elsewhere.status, 403);
    let opened = place.arrive(&link).await;
    assert_eq!(opened.to, "/me");
    assert!(opened.cookie.contains("HttpOnly") && opened.cookie.contains("SameSite=Strict"));
    assert_eq!(place.arrive(&link).await.to, "/me/over");
    let again = place
        .ask(Request::get(&link).body(Body::empty()).unwrap())
        .await;
    assert_eq!(again.to, "/me/over");
}

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
fn signed(page: &str) -> Option<&str> {
    let rest = page.split("data:application/jose,").nth(1)?;
    rest.split('"').next()
}

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
async fn who_takes_it_back_is_not_compared_any_more() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let (handle, purpose) = ("alice".parse().unwrap(), "door-access".parse().unwrap());
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let picture = fs::read(demo.join("obama.jpg")).unwrap();
    let enrolled = place
        .ward
        .enroll(&handle, &purpose, &picture)
        .await
        .unwrap();
    assert!(matches!(enrolled.outcome, Outcome::Done(_)));
    let page = alice.send("/me/withdraw/door-access", "").await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("download=\"erasure.jws\""),
        "{}",
        page.body
    );
    // The ward keeps the same certificate that the person takes home.
    let kept: Vec<_> = fs::read_dir(place.folder.path().join("erasures"))
        .unwrap()
        .collect();
    let kept = fs::read_to_string(kept[0].as_ref().unwrap().path()).unwrap();
    assert_eq!(signed(&page.body), Some(kept.trim_end()));
    let verified = place
        .ward
        .verify(&handle, &purpose, &picture)
        .await
        .unwrap();
    assert!(matches!(verified.outcome, Outcome::Refused(_)));
    let history = alice.get("/me/history").await.body;
    assert!(history.contains("Refused; no face was looked at"));
    assert!(history.contains("Fa Shi [2021] No. 15"));
}

#[tokio::test]
async fn who_is_deleted_is_gone_and_so_is_their_session() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let gone = alice.send("/me/delete", "").await;
    assert!(gone.body.contains("You are deleted here") && gone.body.contains("nothing is left"));
    assert!(gone.body.contains("download=\"erasure.jws\"") && gone.cookie.contains("Max-Age=0"));
    assert_eq!(alice.get("/me").await.to, "/me/over");
    let held = place.ward.export("alice".parse().unwrap()).await;
    assert!(held.is_err());
}

#[tokio::test]
async fn nobody_reaches_anybody_else() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let receipt = alice.send(ASK, "answer=agree").await.to;
    let bob = place.person("bob", &["parking"]).await;
    assert_eq!(bob.get(&receipt).await.status, 404);
    for path in ["ask", "withdraw", "notice"] {
        let path = format!("/me/{path}/door-access");
        assert_eq!(bob.get(&path).await.status, 404, "{path}");
    }
    for path in ["/me", "/me/history", "/me/download"] {
        assert!(!bob.get(path).await.body.contains("alice"), "{path}");
    }
    // A form of one person's page is no form of another's.
    let page = alice.get("/me/withdraw/door-access").await.body;
    let form = format!("csrf={}", hidden(&page, "csrf").unwrap());
    let sent = place.ask(posted("/me/delete", &bob.cookie, &form)).await;
    assert_eq!(sent.status, 403);
    assert!(place.ward.export("bob".parse().unwrap()).await.is_ok());
}

#[tokio::test]
async fn everything_held_can_be_taken_along() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let held = alice.get("/me/download").await.body;
    for part in [
        "faceward-export@v1",
        "consent-given",
        "Riverside Gym",
        "\"salt\"",
    ] {
        assert!(held.contains(part), "{part}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_put_on_record_with_a_day() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let empty = alice.send("/me/correct", "what=+").await;
    assert!(empty.body.contains("Please write what is wrong"));
    let sent = alice.send("/me/correct", "what=It+is+%3Cb%3EAlicia").await;
    assert!(sent.body.contains("Answer due by") && sent.body.contains("It is &#60;b&#62;Alicia"));
    let requests = place.ward.requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].request.asked().kind.word(), "correction");
    assert!(alice.get("/me").await.body.contains("being dealt with"));
}

#[tokio::test]
async fn names_with_markup_are_text() {
    let place = Place::with(|folder| {
        let settings = CONTROLLER.replace("Riverside Gym", "<script>alert(1)</script>");
        fs::write(folder.join("faceward.toml"), settings).unwrap();
    })
    .await;
    let mallory = place
        .person("<img src=x onerror=alert(1)>", &["door-access"])
        .await;
    let receipt = mallory.send(ASK, "answer=agree").await.to;
    for path in [
        "/me",
        ASK,
        "/me/history",
        "/me/correct",
        "/me/delete",
        &receipt,
    ] {
        let page = mallory.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img"),
            "{path}"
        );
    }
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
