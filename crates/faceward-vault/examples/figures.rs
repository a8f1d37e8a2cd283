//! Prints what an act costs on this machine: `cargo run --release --example figures -- 10000`.
//!
//! Times are wall clock, of a vault in the system's folder for temporary files. An act ends with
//! its entry durable on disk and its receipt in hand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops where it fails")]

use std::time::{Duration, Instant};

use faceward_law::*;
use faceward_match::{ModelId, Template};
use faceward_vault::{Act, Unlock, Vault};
use jiff::{SignedDuration, Timestamp};

const REPEATS: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let persons: u32 = std::env::args()
        .nth(1)
        .map_or(1000, |text| text.parse().unwrap());
    let place = std::env::temp_dir().join(format!("faceward-figures-{}", std::process::id()));
    let vault = Vault::create(&place, &Unlock::File).await.unwrap();
    fill(&vault, persons).await;
    println!("{persons} persons, {} MB on disk", size(&place) / 1_000_000);

    let bare = repeat(async |_| {
        let act = vault.act().await.unwrap();
        act.record(&[b'x'; 300]).await.unwrap();
    });
    println!("act with a receipt, durable: {}", bare.await);
    let looks = repeat(async |number| {
        let mut look = vault.look().await.unwrap();
        let handle = format!("person {}", number % persons as usize)
            .parse()
            .unwrap();
        let subject = look.subject(&handle).await.unwrap().unwrap();
        let permit = permit(
            &look.consents(subject).await.unwrap(),
            subject,
            Operation::Verify,
        );
        assert_eq!(look.templates(&permit, now()).await.unwrap().len(), 1);
    });
    println!("a person's consents and reference opened: {}", looks.await);
    deciding(&vault, persons).await;
    let began = Instant::now();
    let mut act = vault.act().await.unwrap();
    let gone = act
        .subject(&"person 0".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    act.forget(gone).await.unwrap();
    act.record(b"forget").await.unwrap();
    println!("forgetting with rotation: {:?}", began.elapsed());
    let began = Instant::now();
    vault.health().await.unwrap();
    println!("health: {:?}", began.elapsed());
    if let Some(peak) = peak_memory() {
        println!("peak memory: {peak}");
    }
    vault.close().await;
    std::fs::remove_dir_all(place).unwrap();
}

/// What the gate of a declared deployment takes, with this vault behind it.
async fn deciding(vault: &Vault, persons: u32) {
    let gate = declared();
    let purpose = "door-access".parse().unwrap();
    let decides = repeat(async |number| {
        let mut look = vault.look().await.unwrap();
        let handle = format!("person {}", number % persons as usize);
        let subject = look.subject(&handle.parse().unwrap()).await.unwrap();
        let consents = look.consents(subject.unwrap()).await.unwrap();
        let ruling = gate.decide(&Facts {
            operation: Operation::Verify,
            purpose: Some(&purpose),
            basis: Basis::Recorded {
                subject: subject.unwrap(),
                consents: &consents,
            },
            now: now(),
            persons_held: look.persons_held().await.unwrap(),
        });
        assert!(matches!(ruling, Ruling::Granted(_)));
    });
    let packs = gate.deployment().unwrap().pack_names().count();
    println!(
        "asked under {packs} packs, consents and number held read: {}",
        decides.await
    );
    let mut look = vault.look().await.unwrap();
    let began = Instant::now();
    let held = look.persons_held().await.unwrap();
    println!("counting {held} persons: {:?}", began.elapsed());
    let all = look.enrolled_for(&purpose).await.unwrap();
    let (mut reading, mut ruling) = (Duration::ZERO, Duration::ZERO);
    let mut sitting = gate
        .sitting(Operation::Identify, &purpose, now(), held)
        .unwrap();
    for subject in &all {
        let began = Instant::now();
        let consents = look.consents(*subject).await.unwrap();
        reading += began.elapsed();
        let began = Instant::now();
        assert!(sitting.permit(*subject, &consents).is_some());
        ruling += began.elapsed();
    }
    let each = |all_of_it: Duration| all_of_it / persons;
    println!(
        "a search, for each person: {:?} to read consents, {:?} to decide",
        each(reading),
        each(ruling)
    );
}

/// A worked example that has filed, made to serve 1:1 and 1:N under every built-in pack.
fn declared() -> Gate {
    let law = Law::built_in().unwrap();
    let ids: Vec<&str> = law.packs().iter().map(|pack| pack.id.as_str()).collect();
    let text = include_str!("../../../examples/deployments/bank-app.toml");
    let (before, after) = text.split_once("packs = ").unwrap();
    let (_, rest) = after.split_once('\n').unwrap();
    let text = format!("{before}packs = {ids:?}\n{rest}")
        .replace("account-recovery", "door-access")
        .replace("version = \"2026-12\"", "version = \"1\"")
        .replace(
            "[\"verification\"]",
            "[\"verification\", \"identification\"]",
        )
        .replace("sold = false", "sold = false\nat_a_distance = false");
    let text = PackText {
        name: "bank-app.toml",
        text: &text,
    };
    Gate::declared(Deployment::read(text).unwrap(), law).unwrap()
}

async fn fill(vault: &Vault, persons: u32) {
    let mut act = vault.act().await.unwrap();
    for number in 0..persons {
        enrol(&mut act, number).await;
    }
    act.record(b"filled").await.unwrap();
}

async fn enrol(act: &mut Act, number: u32) {
    let handle = format!("person {number}").parse().unwrap();
    let subject = act.know(&handle).await.unwrap();
    let consent = consent(subject, number);
    act.keep_consent(&consent).await.unwrap();
    let permit = permit(&[consent], subject, Operation::Enroll);
    let values = (0..512).map(|i| ((number + i) as f32).sin()).collect();
    let model = ModelId::new("example", [7; 32]).unwrap();
    let template = Template::from_raw(model, values).unwrap();
    act.keep_template(&permit, &template, 80, now())
        .await
        .unwrap();
}

fn consent(subject: SubjectId, number: u32) -> Consent {
    let draft = ConsentDraft {
        subject,
        purpose: "door-access".parse().unwrap(),
        notice: Notice {
            version: "1".to_owned(),
            sha256: [9; 32],
        },
        given_by: Giver::Subject,
        method: Method("signed".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card".to_owned()),
        given_at: now(),
        from: now(),
        until: now() + SignedDuration::from_hours(24),
        details: Details::default(),
    };
    let id = u128::from(number).to_be_bytes();
    Consent::record(ConsentId(id), draft).unwrap()
}

fn permit(consents: &[Consent], subject: SubjectId, operation: Operation) -> Permit {
    let ruling = Gate::undeclared().unwrap().decide(&Facts {
        operation,
        purpose: Some(&"door-access".parse().unwrap()),
        basis: Basis::Recorded { subject, consents },
        now: now(),
        persons_held: 1,
    });
    match ruling {
        Ruling::Granted(permit) => permit,
        Ruling::Refused(refusal) => panic!("{refusal}"),
    }
}

fn now() -> Timestamp {
    "2026-12-20T00:00:00Z".parse().unwrap()
}

/// Median and slowest of many runs.
async fn repeat(mut run: impl AsyncFnMut(usize)) -> String {
    let mut times: Vec<Duration> = Vec::new();
    for number in 0..REPEATS {
        let began = Instant::now();
        run(number).await;
        times.push(began.elapsed());
    }
    times.sort();
    let (middle, slowest) = (times.get(REPEATS / 2).unwrap(), times.last().unwrap());
    format!("median {middle:?}, slowest {slowest:?} of {REPEATS}")
}

fn size(folder: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum()
}

#[cfg(target_os = "linux")]
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}

#[cfg(not(target_os = "linux"))]
fn peak_memory() -> Option<String> {
    None
}
