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
        if stands_for < SOONEST {
            return Err(Why::TooSoon);
        }
        if turned.is_some()
            && seen
                .depth
                .is_none_or(|depth| depth.is_nan() || depth < DEEP)
        {
            return Err(Why::Flat);
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
mod tests;
