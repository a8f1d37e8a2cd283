//! The operator's console: who gets in, how far each reaches, and that a page shows names and
//! nothing else of what was typed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod cases;
mod declaring;
mod import;
mod visit;

use faceward::{Home, Role, Unlock};
use faceward_server::{House, Limits};
use tempfile::TempDir;

use visit::{PASSWORD, Place, got, posted};

#[tokio::test]
async fn the_first_account_is_made_once_by_the_link() {
    let place = Place::new().await;
    let link = place.setup[0].clone();
    assert_eq!(place.ask(got("/setup/guessed", "")).await.status, 404);
    assert!(
        place
            .ask(got(&link, ""))
            .await
            .body
            .contains("first account")
    );
    let form = |again| [("name", "owner"), ("password", PASSWORD), ("again", again)];
    let differ = place.ask(posted(&link, "", &form("something else"))).await;
    assert_eq!(differ.status, 422, "{}", differ.body);
    let made = place.ask(posted(&link, "", &form(PASSWORD))).await;
    assert_eq!((made.status, made.to.as_str()), (303, "/console"));
    let cookie = made.cookie.split(';').next().unwrap();
    assert_eq!(place.ask(got("/console", cookie)).await.status, 200);
    for request in [got(&link, ""), posted(&link, "", &form(PASSWORD))] {
        assert_eq!(place.ask(request).await.status, 404);
    }
    assert_eq!(place.ward.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_and_says_nothing_of_names() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let form = |name| [("name", name), ("password", "not the password")];
    let known = place.ask(posted("/login", "", &form("owner"))).await;
    let unknown = place.ask(posted("/login", "", &form("nobody"))).await;
    assert_eq!((known.status, unknown.status), (401, 401));
    assert_eq!(known.body.replace("owner", "nobody"), unknown.body);
    for _ in 2..Limits::default().failures_a_minute {
        let answer = place.ask(posted("/login", "", &form("owner"))).await;
        assert_eq!(answer.status, 401);
    }
    // Not even the right one is tried any more.
    let right = [("name", "owner"), ("password", PASSWORD)];
    let answer = place.ask(posted("/login", "", &right)).await;
    assert_eq!(answer.status, 429);
    assert!(answer.cookie.is_empty());
}

#[tokio::test]
async fn cookies_are_out_of_reach_and_secure_behind_a_proxy() {
    for behind_proxy in [false, true] {
        let folder = TempDir::new().unwrap();
        let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
        let place = Place::of(folder, house.unwrap(), behind_proxy).await;
        place.account("owner", Role::Owner).await;
        let form = [("name", "owner"), ("password", PASSWORD)];
        let cookie = place.ask(posted("/login", "", &form)).await.cookie;
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        assert_eq!(cookie.contains("Secure"), behind_proxy, "{cookie}");
    }
}

#[tokio::test]
async fn each_role_reaches_its_part() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    place.account("op", Role::Operator).await;
    place.account("dpo", Role::DataProtectionOfficer).await;
    place.account("auditor", Role::Auditor).await;
    let (alice, _) = place
        .ward
        .add_subject(&"alice".parse().unwrap())
        .await
        .unwrap();
    let person = format!("/console/people/{alice}");
    let (op, dpo, auditor) = (
        place.sign_in("op").await,
        place.sign_in("dpo").await,
        place.sign_in("auditor").await,
    );
    for (path, for_op, for_dpo, for_auditor) in [
        ("/console", 200, 200, 303),
        ("/console/due", 200, 200, 403),
        ("/console/people", 200, 200, 403),
        (person.as_str(), 200, 200, 403),
        ("/console/people/alice", 200, 200, 403),
        ("/console/people/nobody", 404, 404, 403),
        ("/console/live", 200, 403, 403),
        ("/console/import", 200, 403, 403),
        ("/console/import/work-list.csv", 404, 403, 403),
        ("/console/ledger", 200, 200, 200),
        ("/console/ledger/0", 200, 200, 200),
        ("/console/deployment", 200, 200, 403),
        ("/console/cases", 403, 200, 200),
        ("/console/keys", 403, 403, 403),
        ("/console/accounts", 403, 403, 403),
        ("/console/settings", 403, 403, 403),
    ] {
        assert_eq!(place.status(&op, path).await, for_op, "op {path}");
        assert_eq!(place.status(&dpo, path).await, for_dpo, "dpo {path}");
        assert_eq!(
            place.status(&auditor, path).await,
            for_auditor,
            "auditor {path}"
        );
    }
    for (what, fields) in [
        ("enroll", [("purpose", "door")]),
        ("verify", [("purpose", "door")]),
    ] {
        let path = format!("{person}/{what}");
        assert_eq!(place.send(&dpo, &path, &fields).await.status, 403, "{what}");
    }
    let forget = format!("{person}/forget");
    let typed = [("name", "alice")];
    assert_eq!(place.send(&auditor, &forget, &typed).await.status, 403);
    let key = [("name", "k"), ("kind", "api")];
    assert_eq!(place.send(&op, "/console/keys", &key).await.status, 403);
    assert!(place.ward.keys().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_form_counts_only_with_its_token_and_from_here() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    let without = [("name", "bob")];
    let answer = place
        .ask(posted("/console/people", &owner.cookie, &without))
        .await;
    assert_eq!(answer.status, 403);
    let with = [("name", "bob"), ("csrf", owner.csrf.as_str())];
    let mut elsewhere = posted("/console/people", &owner.cookie, &with);
    let headers = elsewhere.headers_mut();
    headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(place.ask(elsewhere).await.status, 403);
    let found = place.ward.find_subject("bob", None).await.unwrap();
    assert!(found.is_none());
    assert_eq!(
        place.send(&owner, "/console/people", &without).await.status,
        303
    );
    let found = place.ward.find_subject("bob", None).await.unwrap();
    assert!(found.is_some());
}

#[tokio::test]
async fn what_was_typed_is_shown_as_text() {
    const MARKUP: &str = "<script>alert('\"&</script>";
    let place = Place::new().await;
    place.account(MARKUP, Role::Owner).await;
    let owner = place.sign_in(MARKUP).await;
    let added = place
        .send(&owner, "/console/people", &[("name", MARKUP)])
        .await;
    let consent = [
        ("purpose", "door"),
        ("how", MARKUP),
        ("version", MARKUP),
        ("text", "the notice"),
        ("age", "adult"),
        ("verification", "on"),
    ];
    let consented = place
        .send(&owner, &format!("{}/consent", added.to), &consent)
        .await;
    assert_eq!(consented.status, 200, "{}", consented.body);
    let link = format!("{}/link", added.to);
    let handed = place.send(&owner, &link, &[("purpose", "door")]).await;
    assert!(handed.body.contains("<svg"), "{}", handed.body);
    let key = [("name", MARKUP), ("kind", "api"), ("right", "verify")];
    let keyed = place.send(&owner, "/console/keys", &key).await;
    let tried = place
        .send(&owner, "/console/deployment", &[("text", MARKUP)])
        .await;
    let mut pages = vec![handed, keyed, tried];
    let like = serde_urlencoded::to_string([("like", MARKUP), ("act", MARKUP)]).unwrap();
    for path in [
        "/console",
        "/console/people",
        added.to.as_str(),
        &format!("/console/people?{like}"),
        &format!("/console/ledger?{like}"),
        "/console/keys",
        "/console/accounts",
    ] {
        pages.push(place.ask(got(path, &owner.cookie)).await);
    }
    for page in pages {
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
    let person = place.ask(got(&added.to, &owner.cookie)).await.body;
    assert!(person.contains("&#60;script&#62;alert"), "{person}");
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let operator = place.account("op", Role::Operator).await;
    let (owner, op) = (place.sign_in("owner").await, place.sign_in("op").await);
    assert_eq!(place.status(&op, "/console").await, 200);
    let disable = format!("/console/accounts/{}/disable", operator.id);
    let done = place.send(&owner, &disable, &[("disabled", "true")]).await;
    assert_eq!(done.status, 303);
    let answer = place.ask(got("/console", &op.cookie)).await;
    assert_eq!((answer.status, answer.to.as_str()), (303, "/login"));
    let form = [("name", "op"), ("password", PASSWORD)];
    assert_eq!(place.ask(posted("/login", "", &form)).await.status, 401);
    // The last owner cannot lock everybody out.
    let accounts = place.ward.accounts().await.unwrap();
    let last = accounts.iter().find(|one| one.name == "owner").unwrap();
    let disable = format!("/console/accounts/{}/disable", last.id);
    let kept = place.send(&owner, &disable, &[("disabled", "true")]).await;
    assert!(kept.body.contains("last owner"), "{}", kept.body);
    assert_eq!(place.status(&owner, "/console").await, 200);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    assert_eq!(place.send(&owner, "/logout", &[]).await.to, "/login");
    assert_eq!(place.status(&owner, "/console").await, 303);
}

#[tokio::test]
async fn a_person_is_forgotten_only_by_their_typed_name() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    let added = place
        .send(&owner, "/console/people", &[("name", "alice")])
        .await;
    let forget = format!("{}/forget", added.to);
    let slip = place.send(&owner, &forget, &[("name", "alicia")]).await;
    assert_eq!(slip.status, 400);
    assert_eq!(place.status(&owner, &added.to).await, 200);
    let done = place.send(&owner, &forget, &[("name", "alice")]).await;
    assert!(done.body.contains("Forgotten"), "{}", done.body);
    assert_eq!(place.status(&owner, &added.to).await, 404);
}

#[tokio::test]
async fn a_link_that_was_not_opened_is_listed_and_can_be_taken_back() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    place.account("auditor", Role::Auditor).await;
    let owner = place.sign_in("owner").await;
    let add = async |name| {
        let fields = [("name", name)];
        place.send(&owner, "/console/people", &fields).await.to
    };
    let (alice, bob) = (add("alice").await, add("bob").await);
    let asked = [("purpose", "door-access"), ("days", "7")];
    let made = place.send(&owner, &format!("{alice}/link"), &asked).await;
    let text = made.body.split("/me/").nth(1).unwrap();
    let text = format!("/me/{}", &text[..43]);
    let list = place.ask(got("/console/links", &owner.cookie)).await.body;
    assert!(
        list.contains("alice") && list.contains("door-access"),
        "{list}"
    );
    let (_, _, link) = place.ward.unopened_links().await.unwrap().remove(0);
    let of = |person: &str| format!("{person}/links/{}/cancel", link.id);
    assert_eq!(place.send(&owner, &of(&bob), &[]).await.status, 404);
    assert_eq!(place.ask(got(&text, "")).await.status, 200);
    assert_eq!(place.send(&owner, &of(&alice), &[]).await.status, 200);
    assert_eq!(place.ask(got(&text, "")).await.to, "/me/over");
    assert_eq!(place.send(&owner, &of(&alice), &[]).await.status, 404);
    let auditor = place.sign_in("auditor").await;
    assert_eq!(place.status(&auditor, "/console/links").await, 403);
}

#[tokio::test]
async fn a_request_is_put_on_record_and_answered_with_a_reason() {
    let place = Place::new().await;
    place.account("dpo", Role::DataProtectionOfficer).await;
    let dpo = place.sign_in("dpo").await;
    let added = place
        .send(&dpo, "/console/people", &[("name", "alice")])
        .await;
    let requests = format!("{}/requests", added.to);
    let letter = [("kind", "access"), ("channel", "by letter")];
    assert_eq!(place.send(&dpo, &requests, &letter).await.status, 200);
    let due = place.ask(got("/console/due", &dpo.cookie)).await.body;
    assert!(due.contains("alice"), "{due}");
    let id = place.ward.requests().await.unwrap()[0].request.id();
    let answer = format!("{requests}/{id}");
    let bare = place.send(&dpo, &answer, &[("answer", "refused")]).await;
    assert_eq!(bare.status, 400, "{}", bare.body);
    let other = place
        .send(&dpo, "/console/people", &[("name", "bob")])
        .await;
    let elsewhere = format!("{}/requests/{id}", other.to);
    let met = [("answer", "met"), ("words", "a copy was handed over")];
    assert_eq!(place.send(&dpo, &elsewhere, &met).await.status, 404);
    assert_eq!(place.send(&dpo, &answer, &met).await.status, 200);
    let due = place.ask(got("/console/due", &dpo.cookie)).await.body;
    assert!(!due.contains("alice"), "{due}");
}

#[tokio::test]
async fn paths_lead_to_nothing_but_what_is_served() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    for path in [
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e%2fCargo.toml",
        "/assets//etc/passwd",
        "/console/people/..%2f..%2froot.key",
        "/console/people/%00",
        "/console/people/%2e%2e",
    ] {
        let answer = place.ask(got(path, &owner.cookie)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.policy, "{path}");
    }
    // A file that the declaration names is not read for whoever types a declaration.
    let text = include_str!("../../../../examples/deployments/gym.toml");
    let text = format!("pack_files = [\"/etc/hostname\"]\n{text}");
    let tried = place
        .send(&owner, "/console/deployment", &[("text", &text)])
        .await;
    let told = "names the file `/etc/hostname`";
    let shown = tried.body.replace("&#96;", "`");
    assert!(shown.contains(told), "{}", tried.body);
}

#[tokio::test]
async fn every_answer_has_the_policy_and_no_page_has_a_script_of_its_own() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    for path in [
        "/login",
        "/setup/x",
        "/console",
        "/console/due",
        "/console/people",
        "/console/people/nobody",
        "/console/live",
        "/console/import",
        "/console/ledger",
        "/console/ledger/0",
        "/console/ledger/99999",
        "/console/deployment",
        "/console/cases",
        "/console/cases?pack=cn-pipl",
        "/console/keys",
        "/console/accounts",
        "/console/settings",
        "/assets/ledger.js",
        "/assets/live.js",
        "/nothing",
    ] {
        let answer = place.ask(got(path, &owner.cookie)).await;
        assert!(answer.policy, "{path}");
        let scripts = answer.body.matches("<script").count();
        let ours = answer.body.matches("<script src=\"/assets/").count();
        assert_eq!(scripts, ours, "{path}");
        let page = answer.body.replace("xmlns", "").to_lowercase();
        assert!(
            !page.contains(" style=") && !page.contains(" onclick="),
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_speak_the_chosen_language() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    let choice = [("lang", "zh"), ("back", "/console/ledger")];
    let chosen = place.send(&owner, "/lang", &choice).await;
    assert_eq!(
        (chosen.status, chosen.to.as_str()),
        (303, "/console/ledger")
    );
    let cookies = format!(
        "{}; {}",
        owner.cookie,
        chosen.cookie.split(';').next().unwrap()
    );
    let page = place.ask(got("/console/ledger", &cookies)).await.body;
    assert!(
        page.contains("账本") && page.contains("lang=\"zh-Hans\""),
        "{page}"
    );
    let elsewhere = [("lang", "en"), ("back", "https://elsewhere.example")];
    assert_eq!(place.send(&owner, "/lang", &elsewhere).await.to, "/login");
}
