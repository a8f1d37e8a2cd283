//! Prints what a decision costs on this machine: `cargo run --release -p faceward-law --example figures`.

#![allow(clippy::unwrap_used, reason = "it stops where it fails")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use faceward_law::*;
use jiff::Timestamp;

const REPEATS: u32 = 100_000;

fn main() {
    let undeclared = Gate::undeclared().unwrap();
    decisions("undeclared, 1 pack", &undeclared);
    let declared = declared();
    let packs = declared.deployment().unwrap().pack_names().count();
    let name = format!("declared, {packs} packs");
    decisions(&name, &declared);
    search(&name, &declared);
}

/// What one decision costs.
fn decisions(name: &str, gate: &Gate) {
    let purpose: Purpose = "door-access".parse().unwrap();
    for others in [0, 9, 99] {
        // The one that counts comes last, behind consents to other purposes.
        let mut consents: Vec<Consent> = (0..others).map(|n| consent(&format!("p{n}"))).collect();
        consents.push(consent("door-access"));
        let each = each(|| {
            let ruling = gate.decide(black_box(&Facts {
                operation: Operation::Verify,
                purpose: Some(&purpose),
                basis: Basis::Recorded {
                    subject: SubjectId([1; 16]),
                    consents: &consents,
                },
                now: now(),
                persons_held: 100_000,
            }));
            assert!(matches!(black_box(ruling), Ruling::Granted(_)));
        });
        println!(
            "{name}, {} consents on record: {each:?} a decision",
            consents.len()
        );
    }
    let each = each(|| {
        let ruling = gate.decide(black_box(&Facts {
            operation: Operation::Verify,
            purpose: Some(&purpose),
            basis: Basis::Recorded {
                subject: SubjectId([1; 16]),
                consents: &[],
            },
            now: now(),
            persons_held: 100_000,
        }));
        assert!(matches!(black_box(ruling), Ruling::Refused(_)));
    });
    println!("{name}, no consent: {each:?} a refusal with its reasons");
}

/// What asking about everybody in a room costs.
fn search(name: &str, gate: &Gate) {
    let purpose: Purpose = "door-access".parse().unwrap();
    let consents = [consent("door-access")];
    let start = Instant::now();
    let sitting = gate.sitting(Operation::Identify, &purpose, now(), 100_000);
    let mut sitting = sitting.unwrap();
    for _ in 0..REPEATS {
        let permit = sitting.permit(SubjectId([1; 16]), black_box(&consents));
        assert!(black_box(permit).is_some());
    }
    let each = start.elapsed() / REPEATS;
    println!("{name}: {each:?} a person of {REPEATS} in one search");
}

fn each(mut run: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..REPEATS).for_each(|_| run());
    start.elapsed() / REPEATS
}

/// A worked example, made to serve 1:1 and 1:N under every built-in pack.
fn declared() -> Gate {
    let law = Law::built_in().unwrap();
    let ids: Vec<&str> = law.packs().iter().map(|pack| pack.id.as_str()).collect();
    let text = include_str!("../../../examples/deployments/bank-app.toml");
    let packs = text.find("packs = ").unwrap();
    let (before, after) = text.split_at(packs);
    let rest = after.split_once('\n').unwrap().1;
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

fn now() -> Timestamp {
    "2026-12-20T00:00:00Z".parse().unwrap()
}

fn consent(purpose: &str) -> Consent {
    let draft = ConsentDraft {
        subject: SubjectId([1; 16]),
        purpose: purpose.parse().unwrap(),
        notice: Notice {
            version: "1".to_owned(),
            sha256: [0; 32],
        },
        given_by: Giver::Subject,
        method: Method("on paper".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Unstated,
        given_at: now(),
        from: now(),
        until: now() + jiff::SignedDuration::from_hours(24),
        details: Details::default(),
    };
    Consent::record(ConsentId([2; 16]), draft).unwrap()
}
