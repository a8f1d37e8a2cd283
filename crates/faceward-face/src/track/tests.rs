//! People drawn as boxes that walk, cross, turn away and come back.

use faceward_match::ModelId;

use super::*;

const FRAME: u64 = 40;

fn at(frame: u64) -> Duration {
    Duration::from_millis(FRAME * frame)
}

fn face(x: f32, y: f32, side: f32) -> Face {
    let rect = Rect {
        x: x - side / 2.0,
        y: y - side / 2.0,
        width: 0.8 * side,
        height: side,
    };
    Face {
        rect,
        points: [Point { x, y }; 5],
        confidence: 0.9,
    }
}

/// Somebody's look: a direction of their own, off by `noise` to somewhere else in each frame.
fn look(person: usize, frame: u64, noise: f32) -> Look {
    let mut values = vec![0.0; 16];
    values[person] = 1.0;
    values[8 + (frame as usize + person) % 8] = noise;
    let model = ModelId::new("test", [1; 32]).unwrap();
    Look {
        template: Template::from_raw(model, values).unwrap(),
        worth: 1.0,
    }
}

/// Runs people along paths; `none` is a frame in which somebody is not seen. Gives each person's tracks, one a frame.
fn run(
    frames: u64,
    looks: bool,
    paths: &[&dyn Fn(u64) -> Option<(f32, f32)>],
) -> (Vec<Vec<TrackId>>, usize) {
    let mut tracker = Tracker::new();
    let mut tracks = vec![Vec::new(); paths.len()];
    let mut began = 0;
    for frame in 0..frames {
        let present = paths.iter().enumerate().filter_map(|(who, path)| {
            let (x, y) = path(frame)?;
            // Measured a little off, differently each time.
            let off = |k: u64| ((frame * 7 + k + who as u64 * 3) % 5) as f32 - 2.0;
            Some((who, face(x + 0.5 * off(1), y + 0.5 * off(2), 60.0 + off(3))))
        });
        let present: Vec<(usize, Face)> = present.collect();
        let seen = present.iter().map(|(who, face)| Seen {
            face: *face,
            look: looks.then(|| look(*who, frame, 0.6)),
        });
        let step = tracker.step(at(frame), seen.collect());
        began += step.began.len();
        for ((who, _), track) in present.iter().zip(step.of) {
            tracks[*who].extend(track);
        }
    }
    (tracks, began)
}

fn one(tracks: &[TrackId]) -> bool {
    tracks.windows(2).all(|two| two[0] == two[1])
}

#[test]
fn people_who_walk_keep_their_tracks() {
    let a = |f: u64| Some((100.0 + 5.0 * f as f32, 100.0));
    let b = |f: u64| {
        Some((
            900.0 - 3.0 * f as f32,
            400.0 + (0.2 * f as f32).sin() * 20.0,
        ))
    };
    let (tracks, began) = run(100, false, &[&a, &b]);
    assert!(one(&tracks[0]) && one(&tracks[1]));
    assert_eq!(began, 2);
    assert_ne!(tracks[0][0], tracks[1][0]);
}

#[test]
fn people_who_cross_are_told_apart_by_their_motion_alone() {
    // The one behind is not seen while the boxes overlap.
    let front = |f: u64| Some((200.0 + 6.0 * f as f32, 200.0));
    let behind = |f: u64| {
        let x = 800.0 - 6.0 * f as f32;
        let covered = (x - (200.0 + 6.0 * f as f32)).abs() < 45.0;
        (!covered).then_some((x, 206.0))
    };
    let (tracks, began) = run(100, false, &[&front, &behind]);
    assert!(one(&tracks[0]) && one(&tracks[1]), "{tracks:?}");
    assert_eq!(began, 2);
}

#[test]
fn who_turns_back_behind_another_is_known_by_their_looks() {
    // Both meet, wait together for most of a second with one seen, and each goes back where they came from: motion alone
    // would swap them.
    let left = |f: u64| {
        Some((
            if f < 50 {
                200.0 + 4.0 * f as f32
            } else {
                600.0 - 4.0 * f as f32
            },
            200.0,
        ))
    };
    let right = |f: u64| {
        let x = if f < 50 {
            620.0 - 4.0 * f as f32
        } else {
            220.0 + 4.0 * f as f32
        };
        (!(44..60).contains(&f)).then_some((x, 204.0))
    };
    let (tracks, began) = run(120, true, &[&left, &right]);
    assert!(one(&tracks[0]) && one(&tracks[1]), "{tracks:?}");
    assert_eq!(began, 2);
}

#[test]
fn who_turns_away_for_a_second_keeps_the_track_and_who_leaves_ends_it() {
    let turns = |f: u64| (!(40..65).contains(&f)).then_some((300.0, 200.0));
    let (tracks, began) = run(120, false, &[&turns]);
    assert!(one(&tracks[0]), "{tracks:?}");
    assert_eq!(began, 1);

    let mut tracker = Tracker::new();
    for frame in 0..10 {
        let seen = Seen {
            face: face(100.0, 100.0, 50.0),
            look: None,
        };
        tracker.step(at(frame), vec![seen]);
    }
    let ended: Vec<Track> = (10..80)
        .flat_map(|frame| tracker.step(at(frame), Vec::new()).ended)
        .collect();
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].frames, ended[0].last), (10, at(9)));
    assert!(tracker.tracks().is_empty());
}

#[test]
fn who_comes_back_elsewhere_is_known_by_looks_and_a_stranger_at_the_old_place_is_not_taken_for_them()
 {
    let moved = |f: u64| match f {
        0..40 => Some((100.0, 100.0)),
        40..140 => None,
        _ => Some((900.0, 500.0)),
    };
    let stranger = |f: u64| (f >= 140).then_some((110.0, 100.0));
    let (tracks, began) = run(200, true, &[&moved, &stranger]);
    assert!(one(&tracks[0]), "{tracks:?}");
    assert!(one(&tracks[1]) && tracks[1][0] != tracks[0][0]);
    assert_eq!(began, 2);
    let (tracks, _) = run(200, false, &[&moved]);
    assert!(
        !one(&tracks[0]),
        "without looks nobody is known again after seconds"
    );
}

#[test]
fn a_flash_that_looks_like_a_face_never_counts_and_a_doubtful_one_only_goes_on() {
    let mut tracker = Tracker::new();
    let seen = |x: f32, confidence: f32| Seen {
        face: Face {
            confidence,
            ..face(x, 100.0, 50.0)
        },
        look: None,
    };
    let mut began = Vec::new();
    for frame in 0..30 {
        let mut faces = vec![seen(100.0, if frame < 5 { 0.9 } else { 0.35 })];
        if frame % 10 < 2 {
            faces.push(seen(500.0, 0.9));
        }
        if frame > 3 {
            faces.push(seen(900.0, 0.4));
        }
        let step = tracker.step(at(frame), faces);
        assert_eq!(step.of[0], Some(TrackId(0)));
        assert!(step.ended.is_empty());
        began.extend(step.began);
    }
    assert_eq!(began, [TrackId(0)]);
    assert_eq!(tracker.end().len(), 1);
}

#[test]
fn looks_are_asked_for_where_two_may_be_meant() {
    let mut tracker = Tracker::new();
    for frame in 0..10 {
        let seen = [100.0, 400.0].map(|x| Seen {
            face: face(x, 100.0, 60.0),
            look: None,
        });
        tracker.step(at(frame), seen.into());
    }
    let apart = [face(101.0, 100.0, 60.0), face(401.0, 100.0, 60.0)];
    assert_eq!(tracker.unsure(at(10), &apart), [false, false]);
    let together = [face(101.0, 100.0, 60.0), face(130.0, 100.0, 60.0)];
    assert_eq!(tracker.unsure(at(10), &together), [true, true]);
    let back = [face(900.0, 100.0, 60.0)];
    assert_eq!(tracker.unsure(at(25), &back), [true]);
}

#[test]
fn times_that_stand_still_or_go_back_do_no_harm() {
    let mut tracker = Tracker::new();
    for time in [5, 5, 4, 0, 5, u64::from(u32::MAX), 7] {
        let seen = Seen {
            face: face(100.0, 100.0, 60.0),
            look: None,
        };
        tracker.step(Duration::from_millis(time), vec![seen]);
    }
    let track = tracker.tracks().last().unwrap();
    let rect = track.face_at(Duration::ZERO).rect;
    assert!(rect.x.is_finite() && (rect.height - 60.0).abs() < 5.0);
}
