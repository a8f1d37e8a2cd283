//! People in films: followed, recognised once, covered.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use faceward::*;
use tempfile::TempDir;

#[path = "stage/film.rs"]
mod film;
mod stage;

use film::{BIDEN, Head, OBAMA_AGAIN, frame};
use stage::{agree, done, door, photo, ward, who};

const SIZE: (u32, u32) = (360, 200);

/// Two heads that sway: Obama on the left, Biden on the right.
fn film(frames: u32) -> Vec<(Duration, Image)> {
    let (obama, biden) = (Head::of(OBAMA_AGAIN), Head::of(BIDEN));
    (0..frames)
        .map(|number| {
            let sway = (8.0 * (f64::from(number) * 0.4).sin()) as i32;
            let heads = [(&obama, (30 + sway, 20)), (&biden, (220 - sway, 30))];
            (
                Duration::from_millis(u64::from(number) * 80),
                frame(SIZE, &heads),
            )
        })
        .collect()
}

async fn watched(ward: &Ward, on: Following, frames: u32) -> (Vec<FollowEvent>, Vec<Followed>) {
    let Ok(mut follow) = ward.follow_video(on).await.unwrap() else {
        panic!("refused");
    };
    let (mut events, mut seen) = (Vec::new(), Vec::new());
    for (time, image) in film(frames) {
        match follow.frame(time, image).await.unwrap() {
            Passage::Seen(mut followed) => {
                events.append(&mut followed.events);
                seen.push(followed);
            }
            Passage::Refused(refusal, _) => panic!("refused: {refusal}"),
        }
    }
    events.extend(follow.end().await.unwrap().0);
    (events, seen)
}

fn decisions(events: &[FollowEvent]) -> Vec<Option<&str>> {
    let decided = events.iter().filter_map(|event| match event {
        FollowEvent::Decided(_, _, verdict) => Some(match &verdict.outcome {
            Outcome::Done(found) => found
                .candidates
                .first()
                .filter(|best| best.decision == Decision::Match)
                .map(|best| best.handle.as_str()),
            Outcome::Refused(_) | Outcome::Unusable(_) => None,
        }),
        _ => None,
    });
    decided.collect()
}

async fn enrolled(folder: &TempDir) -> Ward {
    let ward = ward(folder, "").await;
    agree(&ward, "obama").await;
    done(
        ward.enroll(&who("obama"), &door(), &photo("obama.jpg"))
            .await
            .unwrap(),
    );
    ward
}

#[tokio::test]
async fn where_only_a_statement_is_made_people_are_followed_and_nobody_is_recognised() {
    let folder = TempDir::new().unwrap();
    let ward = enrolled(&folder).await;
    let before = ward.ledger_size().await.unwrap();
    let on = Following::Statement("both agreed".to_owned());
    let (events, seen) = watched(&ward, on, 12).await;
    assert!(decisions(&events).is_empty());
    let ended = events
        .iter()
        .filter(|event| matches!(event, FollowEvent::Ended { frames: 12, .. }));
    assert_eq!(ended.count(), 2);
    for mut followed in seen {
        assert_eq!(followed.faces.len(), 2);
        assert!(followed.faces.iter().all(|face| face.who == Who::Undecided));
        let plain = followed.image.rgb().to_vec();
        followed.cover_strangers();
        assert_ne!(plain, followed.image.rgb());
    }
    assert_eq!(ward.ledger_size().await.unwrap(), before + 1);

    let refused = ward
        .follow_video(Following::Statement(String::new()))
        .await
        .unwrap();
    assert!(refused.is_err(), "nobody said who agreed");
    assert_eq!(ward.ledger_size().await.unwrap(), before + 2);
}

#[tokio::test]
async fn each_person_is_searched_once_and_strangers_stay_covered() {
    let folder = TempDir::new().unwrap();
    let ward = enrolled(&folder).await;
    let before = ward.ledger_size().await.unwrap();
    let (events, mut seen) = watched(&ward, Following::Search(door()), 25).await;
    let mut decided = decisions(&events);
    decided.sort_unstable();
    assert_eq!(decided, [None, Some("obama")]);
    assert_eq!(
        ward.ledger_size().await.unwrap(),
        before + 2,
        "an entry for each decision"
    );

    let last = seen.last_mut().unwrap();
    let plain = last.image.rgb().to_vec();
    last.cover_strangers();
    let differs = |x: usize| {
        let at = |y: usize| 3 * (y * SIZE.0 as usize + x);
        (0..SIZE.1 as usize).any(|y| plain[at(y)] != last.image.rgb()[at(y)])
    };
    assert!(!(0..170).any(differs), "who agreed is shown");
    assert!(differs(275), "the stranger is not");

    // Who withdraws is a stranger: nobody is left to be searched.
    ward.withdraw(&who("obama"), &door()).await.unwrap();
    assert!(
        ward.follow_video(Following::Search(door()))
            .await
            .unwrap()
            .is_err()
    );
}

/// Obama walks from left to right, Biden the other way and behind him: for some frames one head hides the other.
fn crossing() -> Vec<(Duration, Image)> {
    let (obama, biden) = (Head::of(OBAMA_AGAIN), Head::of(BIDEN));
    (0..66_i32)
        .map(|number| {
            let heads = [
                (&biden, (330 - 5 * number, 30)),
                (&obama, (5 + 5 * number, 24)),
            ];
            let time = Duration::from_millis(40 * u64::from(number.unsigned_abs()));
            (time, frame((480, 200), &heads))
        })
        .collect()
}

#[tokio::test]
async fn people_who_cross_keep_their_tracks_whether_or_not_they_may_be_recognised() {
    let folder = TempDir::new().unwrap();
    let ward = enrolled(&folder).await;
    for on in [
        Following::Statement("both agreed".to_owned()),
        Following::Search(door()),
    ] {
        let Ok(mut follow) = ward.follow_video(on).await.unwrap() else {
            panic!("refused");
        };
        let mut ends: Vec<Vec<Option<TrackId>>> = Vec::new();
        for (time, image) in crossing() {
            let Passage::Seen(seen) = follow.frame(time, image).await.unwrap() else {
                panic!("refused");
            };
            let mut faces: Vec<&FollowedFace> =
                seen.faces.iter().filter(|face| face.seen).collect();
            faces.sort_by(|a, b| a.face.rect.x.total_cmp(&b.face.rect.x));
            ends.push(faces.iter().map(|face| face.track).collect());
        }
        let (first, last) = (ends.first().unwrap(), ends.last().unwrap());
        assert_eq!((first.len(), last.len()), (2, 2));
        assert_eq!(
            (first[0], first[1]),
            (last[1], last[0]),
            "each came out on the other side"
        );
        let (events, ..) = follow.end().await.unwrap();
        let ended = events
            .iter()
            .filter(|event| matches!(event, FollowEvent::Ended { .. }));
        assert_eq!(ended.count(), 2);
    }
}

async fn redaction(ward: &Ward, on: Redacting, frames: u32) -> Redaction {
    let Ok(mut redactor) = ward.redactor(on).await.unwrap() else {
        panic!("refused");
    };
    for (time, image) in film(frames) {
        assert!(redactor.look(time, image).await.unwrap().is_ok());
    }
    done(redactor.decide().await.unwrap())
}

/// Whether the left and the right face are covered in a frame.
fn covered(redaction: &Redaction, number: u64) -> [bool; 2] {
    let (_, mut image) = film(number as u32 + 1).pop().unwrap();
    let plain = image.rgb().to_vec();
    redaction.cover(number, &mut image);
    let part = |range: std::ops::Range<usize>| {
        let mut columns = range.flat_map(|x| (40..150).map(move |y| 3 * (y * SIZE.0 as usize + x)));
        columns.any(|at| plain[at] != image.rgb()[at])
    };
    [part(60..110), part(250..300)]
}

#[tokio::test]
async fn everyone_is_covered_but_who_agreed_or_only_who_is_named() {
    let folder = TempDir::new().unwrap();
    let ward = enrolled(&folder).await;
    let before = ward.ledger_size().await.unwrap();

    let everyone = redaction(&ward, Redacting::Everyone("asked".to_owned()), 8).await;
    assert_eq!(everyone.report.covered, 2);
    let others = redaction(&ward, Redacting::Others(door()), 8).await;
    assert_eq!((others.report.covered, others.report.shown.len()), (1, 1));
    assert_eq!(others.report.shown[0].0.as_str(), "obama");
    let only = redaction(&ward, Redacting::Only(door(), vec![who("obama")]), 8).await;
    assert_eq!((only.report.covered, only.report.left), (1, 1));
    for number in [0, 3, 7] {
        assert_eq!(covered(&everyone, number), [true, true]);
        assert_eq!(covered(&others, number), [false, true]);
        assert_eq!(covered(&only, number), [true, false]);
    }
    assert_eq!(ward.ledger_size().await.unwrap(), before + 3);

    let unknown = ward
        .redactor(Redacting::Only(door(), vec![who("biden")]))
        .await;
    assert!(matches!(unknown, Err(WardError::CannotRecognise(_))));
}

#[tokio::test]
async fn a_face_stays_covered_where_it_is_not_found_for_some_frames() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    let on = Redacting::Everyone("asked".to_owned());
    let Ok(mut redactor) = ward.redactor(on).await.unwrap() else {
        panic!("refused");
    };
    for (number, (time, image)) in film(14).into_iter().enumerate() {
        // As if the detector saw nobody in some frames, at the beginning, between and at the end.
        let image = match number {
            0 | 1 | 6 | 7 | 13 => frame(SIZE, &[]),
            _ => image,
        };
        assert!(redactor.look(time, image).await.unwrap().is_ok());
    }
    let redaction = done(redactor.decide().await.unwrap());
    for number in 0..14 {
        assert_eq!(covered(&redaction, number), [true, true], "frame {number}");
    }
}
