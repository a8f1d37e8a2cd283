//! Taking people over from CompreFace at the console.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use faceward::{Outcome, Role};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::visit::{Answer, Place, Visitor, got, handed};

const PAGE: &str = "/console/import";
const PURPOSE: &str = "door-access";

/// A CompreFace with two examples of Ann and one of Bob, whose answers wait for a place each.
struct Compreface {
    url: String,
    places: Arc<Semaphore>,
}

impl Compreface {
    async fn serve() -> Self {
        let places = Arc::new(Semaphore::new(0));
        let router = Router::new()
            .route("/api/v1/recognition/subjects", get(subjects))
            .route("/api/v1/recognition/faces", get(faces))
            .route("/api/v1/recognition/faces/{id}/img", get(picture))
            .with_state(places.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, places }
    }

    async fn asked(&self, place: &Place, by: &Visitor) -> Answer {
        let fields = [("purpose", PURPOSE), ("key", "k-1"), ("url", &self.url)];
        place.ask(handed(PAGE, by, &fields, &[])).await
    }
}

type Places = State<Arc<Semaphore>>;

async fn subjects(State(places): Places) -> String {
    places.acquire().await.unwrap().forget();
    json!({ "subjects": ["Bob", "Ann"] }).to_string()
}

async fn faces() -> String {
    let face = |id, subject| json!({ "image_id": id, "subject": subject });
    let faces = [face("a-1", "Ann"), face("a-2", "Ann"), face("b-1", "Bob")];
    json!({ "faces": faces, "total_pages": 1 }).to_string()
}

async fn picture(State(places): Places, Path(id): Path<String>) -> Vec<u8> {
    places.acquire().await.unwrap().forget();
    match id.as_str() {
        "a-1" => photo(),
        _ => Vec::new(),
    }
}

fn photo() -> Vec<u8> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/obama.jpg");
    std::fs::read(demo).unwrap()
}

/// The page once nothing runs any more.
async fn over(place: &Place, by: &Visitor) -> String {
    loop {
        let page = place.ask(got(PAGE, &by.cookie)).await.body;
        if !page.contains("data-running") {
            return page;
        }
        tokio::task::yield_now().await;
    }
}

async fn agreed_on_paper(place: &Place, by: &Visitor, name: &str) {
    let consent = [
        ("purpose", PURPOSE),
        ("how", "signed on paper"),
        ("text", "We compare your face at the door."),
        ("age", "adult"),
        ("alternative", "a card"),
        ("verification", "on"),
    ];
    let path = format!("/console/people/{name}/consent");
    let answer = place.send(by, &path, &consent).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn only_who_agreed_is_taken_over_with_a_face() {
    let place = Place::new().await;
    place.account("op", Role::Operator).await;
    let op = place.sign_in("op").await;
    place.send(&op, "/console/people", &[("name", "Ann")]).await;
    agreed_on_paper(&place, &op, "Ann").await;
    let other = Compreface::serve().await;
    assert_eq!(other.asked(&place, &op).await.to, PAGE);
    let running = place.ask(got(PAGE, &op.cookie)).await.body;
    assert!(running.contains("data-running"), "{running}");
    assert!(running.contains("http-equiv=\"refresh\""), "{running}");
    let second = other.asked(&place, &op).await;
    assert_eq!(second.status, 409);
    assert!(
        second.body.contains("runs in this ward already"),
        "{}",
        second.body
    );
    other.places.add_permits(3);
    let page = over(&place, &op).await;
    assert!(page.contains("The import is done."), "{page}");
    assert!(page.contains("a-2: no picture was kept"), "{page}");
    assert!(page.contains("to be asked"), "{page}");
    let list = place
        .ask(got("/console/import/work-list.csv", &op.cookie))
        .await
        .body;
    let lines: Vec<&str> = list.lines().skip(1).collect();
    assert!(lines[0].starts_with("\"Ann\",2,1,\"nothing\""), "{list}");
    assert!(
        lines[1].starts_with("\"Bob\",1,0,\"ask for consent"),
        "{list}"
    );
    let purpose = PURPOSE.parse().unwrap();
    let bob = place
        .ward
        .verify(&"Bob".parse().unwrap(), &purpose, &photo())
        .await;
    assert!(matches!(bob.unwrap().outcome, Outcome::Refused(_)));
    let entry = place.ward.subject(&"Bob".parse().unwrap()).await.unwrap();
    assert!(entry.purposes.is_empty());
}

#[tokio::test]
async fn an_import_is_stopped_between_two_people() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    place
        .send(&owner, "/console/people", &[("name", "Ann")])
        .await;
    agreed_on_paper(&place, &owner, "Ann").await;
    let other = Compreface::serve().await;
    other.asked(&place, &owner).await;
    other.places.add_permits(1);
    // Ann's first picture is waited for.
    while !place
        .ask(got(PAGE, &owner.cookie))
        .await
        .body
        .contains("0 / 2")
    {
        tokio::task::yield_now().await;
    }
    let stopped = place.send(&owner, "/console/import/stop", &[]).await;
    assert_eq!(stopped.to, PAGE);
    other.places.add_permits(2);
    let page = over(&place, &owner).await;
    assert!(page.contains("The import was stopped."), "{page}");
    let ann = place.ward.subject(&"Ann".parse().unwrap()).await.unwrap();
    assert_eq!(ann.purposes[0].references, 1);
    assert!(
        place
            .ward
            .find_subject("Bob", None)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_dump_is_read_at_the_console_and_imported_again_after_the_asking() {
    let place = Place::new().await;
    place.account("owner", Role::Owner).await;
    let owner = place.sign_in("owner").await;
    let picture: String = photo().iter().map(|byte| format!("{byte:02x}")).collect();
    let dump = format!(
        "COPY public.embedding (id, subject_id, img_id) FROM stdin;\ne1\ts1\ti1\n\\.\n\
         COPY public.img (id, content) FROM stdin;\ni1\t\\\\x{picture}\n\\.\n\
         COPY public.subject (id, api_key, subject_name) FROM stdin;\n\
         s1\tk-1\tCy <b>\n\\.\n"
    );
    let files = [("dump", "dump.sql", dump.as_bytes())];
    let begin = async |key| {
        let fields = [("purpose", PURPOSE), ("key", key)];
        place.ask(handed(PAGE, &owner, &fields, &files)).await
    };
    let stranger = begin("k-2").await;
    assert_eq!(stranger.status, 400);
    assert!(stranger.body.contains("nobody belongs to this key"));
    assert_eq!(begin("k-1").await.to, PAGE);
    let page = over(&place, &owner).await;
    assert!(
        page.contains("to be asked") && !page.contains("<b>"),
        "{page}"
    );
    agreed_on_paper(&place, &owner, "Cy%20%3Cb%3E").await;
    assert_eq!(begin("k-1").await.to, PAGE);
    assert!(over(&place, &owner).await.contains("1 / 1"));
    let known = place
        .ward
        .subject(&"Cy <b>".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(known.purposes[0].references, 1);
}

#[tokio::test]
async fn no_address_but_a_servers_is_asked_and_only_for_who_may() {
    let place = Place::new().await;
    for (name, role) in [
        ("owner", Role::Owner),
        ("dpo", Role::DataProtectionOfficer),
        ("auditor", Role::Auditor),
    ] {
        place.account(name, role).await;
    }
    let other = Compreface::serve().await;
    for name in ["dpo", "auditor"] {
        let visitor = place.sign_in(name).await;
        assert_eq!(other.asked(&place, &visitor).await.status, 403);
        let stop = place.send(&visitor, "/console/import/stop", &[]).await;
        assert_eq!(stop.status, 403);
    }
    let owner = place.sign_in("owner").await;
    for url in ["file:///etc/passwd", "gopher://a", ""] {
        let fields = [("purpose", PURPOSE), ("key", "k-1"), ("url", url)];
        let answer = place.ask(handed(PAGE, &owner, &fields, &[])).await;
        assert_eq!(answer.status, 400, "{url}");
    }
    let page = place.ask(got(PAGE, &owner.cookie)).await.body;
    assert!(!page.contains("id=\"progress\""), "{page}");
}
