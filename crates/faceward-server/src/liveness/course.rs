//! What has to be seen, in which order and how soon: from what each frame shows to pass or fail.
//! Neither pictures nor a clock; a moment is part of what was seen.

use std::time::Duration;

/// What a person is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Turn to their own left, which is the viewer's right.
    Left,
    Right,
    Blink,
    /// To come nearer to the camera.
    Closer,
}

/// What one frame shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// Since the first frame.
    pub(super) at: Duration,
    pub(super) faces: usize,
    /// Degrees, positive to the viewer's right.
    pub(super) yaw: f32,
    /// Height of the eyes over their width.
    pub(super) eyes: f32,
    /// Distance between the eyes, as a share of the frame.
    pub(super) size: f32,
    pub(super) live: f32,
    pub(super) same: Option<bool>,
    /// How far it is from being a view of the same plane as the first frame that looked ahead.
    pub(super) depth: Option<f32>,
}

impl Seen {
    /// Whether it shows one face from the front.
    pub(super) fn looks_ahead(&self) -> bool {
        self.faces == 1 && self.yaw.abs() <= AHEAD
    }
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Standing {
    /// To look straight ahead.
    Straight,
    /// To do this.
    Do(Step),
    /// A living person, with the mean passive score of the frames that looked ahead.
    Passed(f32),
    Failed(Why),
}

/// Why a session failed, as the ledger has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Something was done that was not the turn.
    WrongOrder,
    /// It was done before anybody could have read the instruction.
    TooSoon,
    TooSlow,
    SeveralFaces,
    FaceLost,
    AnotherFace,
    /// What turned is a plane: a picture of a face.
    Flat,
    /// The passive score is too low.
    NotLive,
    TooManyFrames,
}

impl Why {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::WrongOrder => "wrong-order",
            Self::TooSoon => "too-soon",
            Self::TooSlow => "too-slow",
            Self::SeveralFaces => "several-faces",
            Self::FaceLost => "face-lost",
            Self::AnotherFace => "another-face",
            Self::Flat => "flat",
            Self::NotLive => "not-live",
            Self::TooManyFrames => "too-many-frames",
        }
    }
}

/// A session's instructions, and how far they were followed.
#[derive(Debug)]
pub(super) struct Course {
    steps: Vec<Step>,
    done: usize,
    standing: Standing,
    /// Since when it stands so.
    since: Duration,
    /// The blink has begun: the eyes were shut.
    shut: bool,
    /// Passive scores and eye openness while looking ahead: sums, and of how many frames.
    ahead: (f32, f32, usize),
    /// How large the face was when the instruction was given.
    size: f32,
    frames: usize,
    /// Whether there was a face yet, and for how many frames there is none now.
    there: bool,
    without_face: usize,
    /// The passive score that counts as a person.
    live_at: f32,
}

/// From how many degrees a head counts as turned, and up to how many as looking ahead.
const TURNED: f32 = 18.0;
const AHEAD: f32 = 10.0;
/// Shut is this part of as open as they were while looking ahead; open again is that.
const SHUT: f32 = 0.7;
const OPEN: f32 = 0.85;
/// A face that has come nearer is so many times as large as when it was told to.
const GROWN: f32 = 1.3;
/// A turned head leaves at least this much over what one plane could show, in distances between the eyes. Measured: two
/// frames of a print that is moved about leave up to 0.037, a head turned 18 degrees or more 0.045 and more.
const DEEP: f32 = 0.04;
/// How soon somebody can have read an instruction and begun, and how long they have for it.
const SOONEST: Duration = Duration::from_millis(150);
const LATEST: Duration = Duration::from_secs(12);
const MOST_FRAMES: usize = 300;
const MOST_WITHOUT_FACE: usize = 8;
/// Frames looking ahead before the first instruction, so that there is something to judge by.
const FIRST_AHEAD: usize = 3;

impl Course {
    pub(super) fn new(steps: Vec<Step>, live_at: f32) -> Self {
        Self {
            steps,
            live_at,
            done: 0,
            standing: Standing::Straight,
            since: Duration::ZERO,
            shut: false,
            ahead: (0.0, 0.0, 0),
            size: 0.0,
            frames: 0,
            there: false,
            without_face: 0,
        }
    }

    /// Instructions of this session's own order: three, no one twice in a row, and nearer only once.
    pub(super) fn random(live_at: f32) -> Option<Self> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).ok()?;
        let mut steps: Vec<Step> = Vec::new();
        for byte in bytes {
            let step = match byte % 4 {
                0 => Step::Left,
                1 => Step::Right,
                2 => Step::Blink,
                _ => Step::Closer,
            };
            let again = step == Step::Closer && steps.contains(&step);
            if steps.len() < 3 && steps.last() != Some(&step) && !again {
                steps.push(step);
            }
        }
        (steps.len() == 3).then(|| Self::new(steps, live_at))
    }

    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Instructions followed, and how many there are.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.done, self.steps.len())
    }

    pub(super) fn has_begun(&self) -> bool {
        self.frames > 0
    }

    /// Goes on by one frame. What has ended stays as it ended.
    pub(super) fn see(&mut self, seen: &Seen) -> Standing {
        if !self.is_over() {
            self.frames = self.frames.saturating_add(1);
            match self.judge(seen) {
                Ok(Some(next)) => {
                    self.standing = next;
                    self.since = seen.at;
                    self.shut = false;
                }
                Ok(None) => {}
                Err(why) => self.standing = Standing::Failed(why),
            }
        }
        self.standing
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.standing, Standing::Passed(_) | Standing::Failed(_))
    }

    /// Where it stands next, if anywhere else.
    fn judge(&mut self, seen: &Seen) -> Result<Option<Standing>, Why> {
        let stands_for = seen.at.saturating_sub(self.since);
        if self.frames > MOST_FRAMES {
            return Err(Why::TooManyFrames);
        }
        if stands_for > LATEST {
            return Err(Why::TooSlow);
        }
        match seen.faces {
            1 => {
                self.without_face = 0;
                self.there = true;
            }
            // Not yet before the camera.
            0 if !self.there => return Ok(None),
            0 => {
                self.without_face = self.without_face.saturating_add(1);
                let lost = self.without_face > MOST_WITHOUT_FACE;
                return if lost { Err(Why::FaceLost) } else { Ok(None) };
            }
            _ => return Err(Why::SeveralFaces),
        }
        // A head that is turned away is alike to nobody; it is compared when it comes back.
        if seen.yaw.abs() < TURNED && seen.same == Some(false) {
            return Err(Why::AnotherFace);
        }
        match self.standing {
            Standing::Straight => self.straight(seen),
            Standing::Do(step) => self.follow(step, seen, stands_for),
            over => Ok(Some(over)),
        }
    }

    fn straight(&mut self, seen: &Seen) -> Result<Option<Standing>, Why> {
        if !seen.looks_ahead() {
            return Ok(None);
        }
        let (live, eyes, count) = self.ahead;
        self.ahead = (live + seen.live, eyes + seen.eyes, count.saturating_add(1));
        if self.ahead.2 < FIRST_AHEAD {
            return Ok(None);
        }
        self.size = seen.size;
        match self.steps.get(self.done) {
            Some(step) => Ok(Some(Standing::Do(*step))),
            None => self.end(),
        }
    }

    fn end(&self) -> Result<Option<Standing>, Why> {
        let mean = self.ahead.0 / self.ahead.2.max(1) as f32;
        if mean >= self.live_at {
            Ok(Some(Standing::Passed(mean)))
        } else {
            Err(Why::NotLive)
        }
    }

    fn follow(
        &mut self,
        step: Step,
        seen: &Seen,
        stands_for: Duration,
    ) -> Result<Option<Standing>, Why> {
        let turned = match seen.yaw {
            yaw if yaw >= TURNED => Some(Step::Left),
            yaw if yaw <= -TURNED => Some(Step::Right),
            _ => None,
        };
        let did = match turned {
            Some(turned) => Some(turned),
            None if seen.size >= self.size * GROWN => Some(Step::Closer),
            None if step == Step::Blink => self.blinked(seen, stands_for).then_some(step),
            None => None,
        };
        let Some(did) = did else { return Ok(None) };
        if did != step {
            return Err(Why::WrongOrder);
        }
        if turned.is_some()
            && seen
                .depth
                .is_none_or(|depth| depth.is_nan() || depth < DEEP)
        {
            return Err(Why::Flat);
        }
        if stands_for < SOONEST {
            return Err(Why::TooSoon);
        }
        self.done = self.done.saturating_add(1);
        Ok(Some(Standing::Straight))
    }

    /// Whether the eyes were shut and are open again.
    fn blinked(&mut self, seen: &Seen, stands_for: Duration) -> bool {
        let usual = self.ahead.1 / self.ahead.2.max(1) as f32;
        // Everybody blinks now and then: one that began before the instruction is not it.
        if seen.eyes < usual * SHUT && stands_for >= SOONEST {
            self.shut = true;
        }
        self.shut && seen.eyes > usual * OPEN
    }
}

#[cfg(test)]
mod tests {
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
}
