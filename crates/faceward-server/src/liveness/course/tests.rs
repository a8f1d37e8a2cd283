use super::Step::*;
use super::*;

/// Frames of a session, 200 ms apart unless it says otherwise.
struct Film {
    course: Course,
    at: u64,
}

const AHEAD_FRAME: Seen = Seen {
    at: Duration::ZERO,
    faces: 1,
    yaw: 2.0,
    eyes: 0.3,
    size: 0.1,
    live: 0.9,
    same: Some(true),
    depth: Some(0.01),
};

fn film(steps: &[Step]) -> Film {
    Film {
        course: Course::new(steps.to_vec(), 0.5),
        at: 0,
    }
}

impl Film {
    fn frame(&mut self, change: impl FnOnce(&mut Seen)) -> Standing {
        self.at += 200;
        let mut seen = AHEAD_FRAME;
        seen.at = Duration::from_millis(self.at);
        change(&mut seen);
        self.course.see(&seen)
    }

    fn ahead(&mut self) -> Standing {
        (0..3).map(|_| self.frame(|_| {})).last().unwrap()
    }

    fn turn(&mut self, yaw: f32) -> Standing {
        self.frame(|seen| seen.yaw = yaw / 2.0);
        self.frame(|seen| {
            seen.yaw = yaw;
            seen.depth = Some(0.1);
        })
    }

    fn blink(&mut self) -> Standing {
        self.frame(|seen| seen.eyes = 0.1);
        self.frame(|_| {})
    }

    fn act(&mut self, step: Step) -> Standing {
        match step {
            Left => self.turn(25.0),
            Right => self.turn(-25.0),
            Blink => self.blink(),
            Closer => {
                self.frame(|seen| seen.size = 0.12);
                self.frame(|seen| seen.size = 0.14)
            }
        }
    }
}

const ORDERS: [[Step; 3]; 8] = [
    [Closer, Left, Blink],
    [Left, Closer, Blink],
    [Blink, Right, Closer],
    [Left, Right, Blink],
    [Left, Blink, Right],
    [Right, Left, Blink],
    [Blink, Left, Blink],
    [Right, Blink, Left],
];

#[test]
fn who_does_as_told_passes() {
    for order in ORDERS {
        let mut film = film(&order);
        for step in order {
            assert_eq!(film.ahead(), Standing::Do(step), "{order:?}");
            film.act(step);
        }
        let Standing::Passed(score) = film.ahead() else {
            panic!("{order:?}: {:?}", film.course.standing());
        };
        assert!((score - 0.9).abs() < 1e-5);
    }
}

#[test]
fn a_recording_of_another_order_fails() {
    for asked in ORDERS {
        for played in ORDERS.into_iter().filter(|played| *played != asked) {
            let mut film = film(&asked);
            for step in played {
                film.ahead();
                film.act(step);
            }
            let end = film.ahead();
            assert!(!matches!(end, Standing::Passed(_)), "{asked:?} {played:?}");
        }
    }
    let mut film = film(&[Left]);
    film.ahead();
    assert_eq!(film.turn(-25.0), Standing::Failed(Why::WrongOrder));
}

#[test]
fn each_way_to_fail_is_told_by_its_word() {
    type Change = fn(&mut Seen);
    let cases: [(Change, usize, Why); 5] = [
        (|seen| seen.faces = 2, 1, Why::SeveralFaces),
        (|seen| seen.faces = 0, 9, Why::FaceLost),
        (|seen| seen.same = Some(false), 1, Why::AnotherFace),
        (|seen| seen.at += Duration::from_secs(20), 1, Why::TooSlow),
        (|_| {}, 301, Why::TooSlow),
    ];
    for (change, times, why) in cases {
        let mut film = film(&[Left]);
        film.ahead();
        let last = (0..times).map(|_| film.frame(change)).last();
        assert_eq!(last, Some(Standing::Failed(why)));
    }
}

#[test]
fn who_is_not_there_yet_has_time_to_come() {
    let mut film = film(&[Left]);
    for _ in 0..20 {
        assert_eq!(film.frame(|seen| seen.faces = 0), Standing::Straight);
    }
    assert_eq!(film.ahead(), Standing::Do(Left));
}

#[test]
fn what_nobody_could_have_read_yet_does_not_count() {
    let mut film = film(&[Right]);
    film.ahead();
    film.at -= 100;
    let soon = film.frame(|seen| seen.yaw = -30.0);
    assert_eq!(soon, Standing::Failed(Why::TooSoon));
}

#[test]
fn a_picture_of_a_picture_fails_though_it_moves_rightly() {
    let mut film = film(&[Left]);
    for _ in 0..3 {
        film.frame(|seen| seen.live = 0.1);
    }
    film.turn(25.0);
    let end = film.frame(|seen| seen.live = 0.1);
    assert_eq!(end, Standing::Failed(Why::NotLive));
}

#[test]
fn a_turn_without_depth_is_a_picture_that_is_turned() {
    for depth in [Some(0.03), Some(f32::NAN), None] {
        let mut film = film(&[Left]);
        film.ahead();
        let end = film.frame(|seen| {
            seen.yaw = 25.0;
            seen.depth = depth;
        });
        assert_eq!(end, Standing::Failed(Why::Flat), "{depth:?}");
    }
}

#[test]
fn nearer_is_measured_from_where_the_face_was_when_told() {
    let mut film = film(&[Closer]);
    for _ in 0..3 {
        film.frame(|seen| seen.size = 0.2);
    }
    assert_eq!(film.frame(|seen| seen.size = 0.25), Standing::Do(Closer));
    assert_eq!(film.frame(|seen| seen.size = 0.27), Standing::Straight);
}

#[test]
fn another_face_is_found_when_it_looks_ahead_again() {
    let mut film = film(&[Left]);
    film.ahead();
    film.frame(|seen| {
        seen.yaw = 30.0;
        seen.depth = Some(0.1);
        seen.same = Some(false);
    });
    let end = film.frame(|seen| seen.same = Some(false));
    assert_eq!(end, Standing::Failed(Why::AnotherFace));
}

#[test]
fn a_still_picture_gets_nowhere_and_what_is_over_stays_over() {
    let mut film = film(&[Blink]);
    film.ahead();
    for _ in 0..80 {
        film.frame(|_| {});
    }
    assert_eq!(film.course.standing(), Standing::Failed(Why::TooSlow));
    film.blink();
    assert_eq!(film.ahead(), Standing::Failed(Why::TooSlow));
}

#[test]
fn orders_are_made_at_random_and_no_step_follows_itself() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let Some(course) = Course::random(0.5) else {
            continue;
        };
        assert_eq!(course.steps.len(), 3);
        assert!(course.steps.windows(2).all(|pair| pair[0] != pair[1]));
        let nearer = course.steps.iter().filter(|step| **step == Closer);
        assert!(nearer.count() <= 1);
        seen.insert(format!("{:?}", course.steps));
    }
    assert!(seen.len() > 20, "{seen:?}");
}
