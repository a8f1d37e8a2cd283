//! Who is known and what is kept of them, as lists; one reference removed; what another process does
//! counts at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use faceward::*;
use tempfile::TempDir;

mod stage;

use stage::{agree, done, door, photo, ward, who};

async fn enroll(ward: &Ward, name: &str, picture: &str) -> ReferenceId {
    let kept = ward.enroll(&who(name), &door(), &photo(picture)).await;
    done(kept.unwrap()).reference
}

/// Who is found; nobody where the law refuses.
async fn found(ward: &Ward, picture: &str) -> Vec<String> {
    match ward
        .identify(&door(), &photo(picture))
        .await
        .unwrap()
        .outcome
    {
        Outcome::Done(found) => {
            let names = found.candidates.iter();
            names.map(|one| one.handle.to_string()).collect()
        }
        Outcome::Refused(_) | Outcome::Unusable(_) => Vec::new(),
    }
}

#[tokio::test]
async fn what_another_process_does_counts_at_the_next_search() {
    let folder = TempDir::new().unwrap();
    let (here, there) = (ward(&folder, "").await, ward(&folder, "").await);
    agree(&there, "barack").await;
    enroll(&there, "barack", "obama.jpg").await;
    assert_eq!(found(&here, "obama3.jpg").await, ["barack"]);
    assert!(found(&here, "biden.jpg").await.is_empty());

    agree(&there, "joe").await;
    enroll(&there, "joe", "biden.jpg").await;
    assert_eq!(found(&here, "biden.jpg").await, ["joe"]);
    there
        .correct_handle(&who("joe"), &who("joseph"))
        .await
        .unwrap();
    assert_eq!(found(&here, "biden.jpg").await, ["joseph"]);
    there.withdraw(&who("joseph"), &door()).await.unwrap();
    assert!(found(&here, "biden.jpg").await.is_empty());
    assert_eq!(found(&here, "obama3.jpg").await, ["barack"]);
    there.forget(&who("barack")).await.unwrap();
    assert!(found(&here, "obama3.jpg").await.is_empty());
    here.rest().await.unwrap();
    let known = here.subjects(None, None, 10).await.unwrap();
    assert_eq!(known.subjects[0].handle.as_str(), "joseph");
    assert_eq!((known.total, known.more), (1, false));
}

#[tokio::test]
async fn one_reference_removed_never_matches_again_and_the_others_do() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    agree(&ward, "barack").await;
    let first = enroll(&ward, "barack", "obama.jpg").await;
    let second = enroll(&ward, "barack", "obama2.jpg").await;
    assert_eq!(found(&ward, "obama3.jpg").await, ["barack"]);

    let gone = ward.remove_reference(first).await.unwrap();
    assert_eq!((gone.handle.as_str(), gone.left), ("barack", 1));
    let verified = ward
        .verify(&who("barack"), &door(), &photo("obama.jpg"))
        .await;
    let verified = done(verified.unwrap());
    assert_eq!(
        (verified.decision, verified.references),
        (Decision::Match, 1)
    );
    // It was this very picture: had its template stayed, the score would be 1.
    assert!(verified.score.to_string().as_str() < "0.999");
    assert_eq!(found(&ward, "obama3.jpg").await, ["barack"]);
    let again = ward.remove_reference(first).await;
    assert!(matches!(again, Err(WardError::UnknownReference(id)) if id == first));

    let page = Page {
        skip: 0,
        at_most: 9,
    };
    let left = ward.references(None, None, None, page).await.unwrap();
    assert_eq!((left.total, left.references[0].reference.id), (1, second));
    assert_eq!(ward.remove_reference(second).await.unwrap().left, 0);
    assert!(found(&ward, "obama3.jpg").await.is_empty());
    let traces = ward.traces(&who("barack"), &door()).await.unwrap();
    assert_eq!(
        (traces.templates, traces.keys, traces.past_epoch_keys),
        (0, 0, 0)
    );

    enroll(&ward, "barack", "obama.jpg").await;
    let removed = ward.remove_references(&who("barack"), &door()).await;
    assert_eq!(removed.unwrap().references, 1);
    assert!(found(&ward, "obama3.jpg").await.is_empty());
    let about = ward.entries_about(&who("barack")).await.unwrap();
    let removals = about
        .iter()
        .filter(|own| own.event.act == Act::ReferenceRemoved);
    assert_eq!(removals.count(), 3);
}

#[tokio::test]
async fn people_are_listed_by_handle_and_found_whatever_the_case() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    for name in ["office/Bob", "office/Ann", "zoe", "officer"] {
        ward.add_subject(&who(name)).await.unwrap();
    }
    let taken = ward.add_subject(&who("zoe")).await;
    assert!(matches!(
        taken,
        Err(WardError::Vault(VaultError::HandleTaken(_)))
    ));
    let names = |page: &SubjectPage| -> Vec<String> {
        let subjects = page.subjects.iter();
        subjects.map(|one| one.handle.to_string()).collect()
    };
    let first = ward.subjects(None, None, 3).await.unwrap();
    assert_eq!(names(&first), ["office/Ann", "office/Bob", "officer"]);
    assert_eq!((first.total, first.more), (4, true));
    let last = ward.subjects(None, Some(&who("officer")), 3).await.unwrap();
    assert_eq!((names(&last), last.more), (vec!["zoe".to_owned()], false));
    let office = ward.subjects(Some("office"), None, 9).await.unwrap();
    assert_eq!(names(&office), ["office/Ann", "office/Bob"]);

    let found = ward.find_subject("aNN", Some("office")).await.unwrap();
    assert_eq!(found.unwrap().as_str(), "office/Ann");
    assert!(ward.find_subject("ann", None).await.unwrap().is_none());
    assert!(
        ward.find_subject("zoe", Some("office"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_person_is_shown_with_references_and_consent_for_each_purpose() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    agree(&ward, "barack").await;
    enroll(&ward, "barack", "obama.jpg").await;
    let one = ward.subject(&who("barack")).await.unwrap();
    let [at_the_door] = &one.purposes[..] else {
        panic!("{:?}", one.purposes);
    };
    assert_eq!((&at_the_door.purpose, at_the_door.references), (&door(), 1));
    assert_eq!(at_the_door.consent, Some(ConsentState::Given));
    assert!(at_the_door.until.is_some());
    ward.withdraw(&who("barack"), &door()).await.unwrap();
    let one = ward.subject(&who("barack")).await.unwrap();
    assert_eq!(one.purposes[0].consent, Some(ConsentState::Withdrawn));
    assert_eq!(one.purposes[0].references, 0);
    assert!(matches!(
        ward.subject(&who("nobody")).await,
        Err(WardError::Unknown(_))
    ));
}
