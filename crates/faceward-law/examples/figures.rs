//! Prints what a decision costs on this machine: `cargo run --release -p faceward-law --example figures`.

#![allow(clippy::unwrap_used, reason = "it stops where it fails")]

use std::hint::black_box;
use std::time::Instant;

use faceward_law::*;
use jiff::Timestamp;

const REPEATS: u32 = 100_000;

fn main() {
    let gate = Gate::undeclared().unwrap();
    let purpose: Purpose = "door-access".parse().unwrap();
    for others in [0, 9, 99] {
        // The one that counts comes last, behind consents to other purposes.
        let mut consents: Vec<Consent> = (0..others).map(|n| consent(&format!("p{n}"))).collect();
        consents.push(consent("door-access"));
        let start = Instant::now();
        for _ in 0..REPEATS {
            let ruling = gate.decide(black_box(&Facts {
                operation: Operation::Verify,
                purpose: Some(&purpose),
                basis: Basis::Recorded {
                    subject: SubjectId([1; 16]),
                    consents: &consents,
                },
                now: now(),
                persons_held: 1,
            }));
            assert!(matches!(black_box(ruling), Ruling::Granted(_)));
        }
        let each = start.elapsed() / REPEATS;
        println!("{} consents on record: {each:?} a decision", consents.len());
    }
}

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
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
    };
    Consent::record(ConsentId([2; 16]), draft).unwrap()
}
