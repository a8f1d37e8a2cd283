//! Prints what a search costs without the face: `cargo run --release -p faceward --example identify -- 10000`.
//!
//! A picture that cannot be read makes a search that asks the law about everybody, twice, and is
//! recorded; the comparison itself is timed beside it, on as many templates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops where it fails")]

use std::time::{Duration, Instant};

use faceward::{Age, Condition, Details, Giver, Home, Method, Notice, Purpose, Unlock, Ward};
use faceward_law::{
    Basis, Consent, ConsentDraft, ConsentId, Facts, Gate, Operation, Permit, Ruling, SubjectId,
};
use faceward_match::{Gallery, ModelId, Template};
use faceward_vault::{Act, Vault};
use jiff::{SignedDuration, Timestamp};

const REPEATS: usize = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let persons: u32 = std::env::args()
        .nth(1)
        .map_or(1000, |text| text.parse().unwrap());
    let place = tempfile::tempdir().unwrap();
    let home = Home::at(place.path());
    let ward = Ward::create(&home, &Unlock::File).await.unwrap();
    let model = ward.model().unwrap().clone();
    let vault = Vault::open(&home.vault(), &Unlock::File).await.unwrap();
    let mut gallery = Gallery::new(model.clone());
    let mut act = vault.act().await.unwrap();
    for number in 0..persons {
        let template = template(&model, number);
        enrol(&mut act, number, &template).await;
        gallery.insert(number, &template).unwrap();
    }
    act.record(b"filled").await.unwrap();

    println!("{persons} persons; before: {}", memory());
    let began = Instant::now();
    search(&ward).await;
    println!("first search, which reads everybody: {:?}", began.elapsed());
    println!("memory with everybody read: {}", memory());
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let began = Instant::now();
        search(&ward).await;
        times.push(began.elapsed());
    }
    println!("law twice, and ledger: {}", said(times));
    let probe = template(&model, 7);
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let began = Instant::now();
        assert_eq!(gallery.search(&probe, 5).unwrap().len(), 5);
        times.push(began.elapsed());
    }
    println!("comparing with everybody: {}", said(times));
    let mut times = Vec::new();
    for number in 0..10 {
        let mut act = vault.act().await.unwrap();
        enrol(&mut act, persons + number, &template(&model, number)).await;
        act.record(b"one more").await.unwrap();
        let began = Instant::now();
        search(&ward).await;
        times.push(began.elapsed());
    }
    println!(
        "the same, after one more was enrolled elsewhere: {}",
        said(times)
    );
    let gone = format!("person {}", persons / 2).parse().unwrap();
    let began = Instant::now();
    ward.remove_references(&gone, &purpose()).await.unwrap();
    println!("removing references, with rotation: {:?}", began.elapsed());
    let began = Instant::now();
    search(&ward).await;
    println!("the search after it: {:?}", began.elapsed());
}

async fn search(ward: &Ward) {
    ward.identify(&purpose(), b"no picture").await.unwrap();
}

fn purpose() -> Purpose {
    "door-access".parse().unwrap()
}

fn template(model: &ModelId, number: u32) -> Template {
    let values = (0..512).map(|i| ((number * 31 + i * i) as f32).sin());
    Template::from_raw(model.clone(), values.collect()).unwrap()
}

async fn enrol(act: &mut Act, number: u32, template: &Template) {
    let handle = format!("person {number}").parse().unwrap();
    let subject = act.know(&handle).await.unwrap();
    let consent = consent(subject, number);
    act.keep_consent(&consent).await.unwrap();
    let permit = permit(&[consent], subject);
    let now = Timestamp::now();
    let kept = act.keep_template(&permit, template, 80, now).await;
    kept.unwrap();
}

fn consent(subject: SubjectId, number: u32) -> Consent {
    let began = Timestamp::now() - SignedDuration::from_secs(60);
    let draft = ConsentDraft {
        subject,
        purpose: purpose(),
        notice: Notice {
            version: "1".to_owned(),
            sha256: [9; 32],
        },
        given_by: Giver::Subject,
        method: Method("signed".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card".to_owned()),
        given_at: began,
        from: began,
        until: began + SignedDuration::from_hours(24),
        details: Details::default(),
    };
    Consent::record(ConsentId(u128::from(number).to_be_bytes()), draft).unwrap()
}

fn permit(consents: &[Consent], subject: SubjectId) -> Permit {
    let ruling = Gate::undeclared().unwrap().decide(&Facts {
        operation: Operation::Enroll,
        purpose: Some(&purpose()),
        basis: Basis::Recorded { subject, consents },
        now: Timestamp::now(),
        persons_held: 1,
    });
    match ruling {
        Ruling::Granted(permit) => permit,
        Ruling::Refused(refusal) => panic!("{refusal}"),
    }
}

fn said(mut times: Vec<Duration>) -> String {
    times.sort();
    let middle = times.get(times.len() / 2).unwrap();
    format!("median {middle:?}, slowest {:?}", times.last().unwrap())
}

/// What is held now, and was held at most, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let said = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
    let (now, most) = (said("VmRSS:"), said("VmHWM:"));
    format!(
        "{}, at most {}",
        now.map_or("?", str::trim),
        most.map_or("?", str::trim)
    )
}
