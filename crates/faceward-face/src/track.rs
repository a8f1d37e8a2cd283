//! Faces through time: which of a frame's faces are the people of the frames before?
//!
//! A pure state machine over detections. Each track predicts where its face is by now; the faces of a frame are given to
//! the tracks so that the sum of distances is least. How a face looks counts only where the caller may and does say it:
//! then crossings are told apart by it, and who was away for some seconds is known again.

use std::time::Duration;

use faceward_match::Template;

use crate::detect::{Face, Point, Rect};

mod assign;
mod motion;
mod pool;

use motion::Motion;
pub use pool::{Pool, worth};

/// Confidence from which a face begins a track.
const BIRTH: f32 = 0.5;
/// Frames with the face before a track counts, so that a pattern that looks like one for a moment does not.
const CONFIRMED: u32 = 3;
/// How long a track without face stays, for people who turn away or pass behind others.
const LOST: Duration = Duration::from_millis(2000);
/// The same where its looks are known, so that it can be known again anywhere.
const LOST_KNOWN: Duration = Duration::from_secs(10);
/// The same before it counts.
const LOST_UNCONFIRMED: Duration = Duration::from_millis(260);
/// Cosine from which a face that appears elsewhere is somebody who was lost.
const SAME_ANYWHERE: f32 = 0.45;
/// Cosine below which nobody who was away for a while comes back at the same place.
const SOMEONE_ELSE: f32 = 0.2;
/// After so long without face its looks are asked for again.
const AWAY: Duration = Duration::from_millis(400);

/// Names a track within its tracker; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId(pub u64);

/// A face of a frame.
pub struct Seen {
    /// Where it is.
    pub face: Face,
    /// How it looks, where that was permitted and made.
    pub look: Option<Look>,
}

/// How a face looks in one frame.
pub struct Look {
    /// Its template.
    pub template: Template,
    /// How much the frame is worth for recognising it, above 0 (see [`worth`]).
    pub worth: f32,
}

/// What a frame changed.
#[derive(Default)]
pub struct Step {
    /// The track of each face, in the order given; none for one that is too doubtful to begin a track.
    pub of: Vec<Option<TrackId>>,
    /// Tracks that count from now on.
    pub began: Vec<TrackId>,
    /// Tracks that are over. Those that never counted are not among them.
    pub ended: Vec<Track>,
}

/// One person's face through time. Its looks are wiped when it is dropped.
pub struct Track {
    /// Its name.
    pub id: TrackId,
    /// When the face was first seen.
    pub first: Duration,
    /// When it was last seen.
    pub last: Duration,
    /// Frames in which it was seen.
    pub frames: u32,
    /// How it looks, over all its frames that were looked at so.
    pub pool: Option<Pool>,
    /// Whether it counts.
    pub confirmed: bool,
    face: Face,
    motion: Motion,
    /// The five points as shares of the box, smoothed.
    points: [Point; 5],
}

/// Follows everyone in a video.
#[derive(Default)]
pub struct Tracker {
    tracks: Vec<Track>,
    next: u64,
    now: Duration,
}

impl Tracker {
    /// With nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everyone followed now, the oldest first, those that do not count yet included.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// One of them.
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// For which of these faces it would help to know how they look: where more than one track may be meant, or one that
    /// was away.
    pub fn unsure(&self, time: Duration, faces: &[Face]) -> Vec<bool> {
        let time = time.max(self.now);
        let near: Vec<Vec<bool>> = self
            .tracks
            .iter()
            .map(|track| {
                faces
                    .iter()
                    .map(|face| track.apart(face, time).is_some())
                    .collect()
            })
            .collect();
        let unsure = |at: usize| {
            let claims = || {
                self.tracks
                    .iter()
                    .zip(&near)
                    .filter(|(_, near)| near.get(at) == Some(&true))
            };
            let several = |near: &Vec<bool>| near.iter().filter(|near| **near).count() > 1;
            let present = claims().any(|(track, _)| time.saturating_sub(track.last) < AWAY);
            let somebody_away = self
                .tracks
                .iter()
                .any(|track| track.confirmed && time.saturating_sub(track.last) >= AWAY);
            claims().count() > 1
                || claims().any(|(_, near)| several(near))
                || (!present && somebody_away)
        };
        (0..faces.len()).map(unsure).collect()
    }

    /// Takes the faces of the next frame. A time before that of the frame before counts as the same.
    pub fn step(&mut self, time: Duration, seen: Vec<Seen>) -> Step {
        self.now = self.now.max(time);
        let now = self.now;
        let costs: Vec<Vec<Option<f32>>> = self
            .tracks
            .iter()
            .map(|track| seen.iter().map(|seen| track.cost(seen, now)).collect())
            .collect();
        let mut step = Step::default();
        let mut taken = assign::least(&costs, seen.len());
        for (at, seen) in seen.into_iter().enumerate() {
            let owner = taken.get_mut(at).and_then(Option::take);
            let id = match owner.and_then(|owner| self.tracks.get_mut(owner)) {
                Some(track) => {
                    if track.take(seen, now) {
                        step.began.push(track.id);
                    }
                    Some(track.id)
                }
                None if seen.face.confidence >= BIRTH => Some(self.begin(seen, now)),
                None => None,
            };
            step.of.push(id);
        }
        step.ended = self.let_go(|track| now.saturating_sub(track.last) > track.patience());
        step
    }

    /// Adds how somebody looked at a time.
    pub fn add_look(&mut self, id: TrackId, look: Look, time: Duration) {
        if let Some(track) = self.tracks.iter_mut().find(|track| track.id == id) {
            track.keep(Some(look), time);
        }
    }

    /// Wipes how somebody looks, as when nobody who agreed looks so.
    pub fn forget_looks(&mut self, id: TrackId) {
        if let Some(track) = self.tracks.iter_mut().find(|track| track.id == id) {
            track.pool = None;
        }
    }

    /// Ends all tracks, as at the end of a video.
    pub fn end(&mut self) -> Vec<Track> {
        self.let_go(|_| true)
    }

    fn begin(&mut self, seen: Seen, now: Duration) -> TrackId {
        let id = TrackId(self.next);
        self.next += 1;
        self.tracks.push(Track::new(id, seen, now));
        id
    }

    fn let_go(&mut self, over: impl Fn(&Track) -> bool) -> Vec<Track> {
        let (over, on) = self.tracks.drain(..).partition(over);
        self.tracks = on;
        let over: Vec<Track> = over;
        over.into_iter().filter(|track| track.confirmed).collect()
    }
}

impl Track {
    fn new(id: TrackId, seen: Seen, now: Duration) -> Self {
        let mut track = Self {
            id,
            first: now,
            last: now,
            frames: 1,
            pool: None,
            confirmed: false,
            face: seen.face,
            motion: Motion::at(&seen.face.rect),
            points: shares(&seen.face),
        };
        track.keep(seen.look, now);
        track
    }

    /// The face as it was last seen.
    pub fn face(&self) -> &Face {
        &self.face
    }

    /// Where the face is at a time, smoothed, and guessed while it is not seen.
    pub fn face_at(&self, time: Duration) -> Face {
        let rect = self.motion.rect(time.saturating_sub(self.last));
        let points = self.points.map(|p| Point {
            x: rect.x + p.x * rect.width,
            y: rect.y + p.y * rect.height,
        });
        Face {
            rect,
            points,
            confidence: self.face.confidence,
        }
    }

    /// Whether the face was seen in the last frame.
    pub fn present(&self, now: Duration) -> bool {
        self.last >= now
    }

    /// Takes a frame's face; whether the track counts from now on.
    fn take(&mut self, seen: Seen, now: Duration) -> bool {
        match self.apart(&seen.face, now) {
            Some(_) => self
                .motion
                .see(&seen.face.rect, now.saturating_sub(self.last)),
            // Known again somewhere else: how it came there is no speed.
            None => self.motion = Motion::at(&seen.face.rect),
        }
        let here = shares(&seen.face);
        for (smooth, here) in self.points.iter_mut().zip(here) {
            smooth.x += 0.5 * (here.x - smooth.x);
            smooth.y += 0.5 * (here.y - smooth.y);
        }
        self.face = seen.face;
        self.last = now;
        self.frames += 1;
        self.keep(seen.look, now);
        let counts = !self.confirmed && self.frames >= CONFIRMED;
        self.confirmed |= counts;
        counts
    }

    fn keep(&mut self, look: Option<Look>, now: Duration) {
        if let Some(look) = look {
            match &mut self.pool {
                Some(pool) => pool.add(&look.template, look.worth, now),
                None => self.pool = Some(Pool::of(&look.template, look.worth, now)),
            }
        }
    }

    /// How little it costs to say that this face is mine; nothing where it cannot be.
    fn cost(&self, seen: &Seen, now: Duration) -> Option<f32> {
        let away = now.saturating_sub(self.last);
        let alike = match (&self.pool, &seen.look) {
            (Some(pool), Some(look)) => pool.score(&look.template),
            _ => None,
        };
        let apart = self.apart(&seen.face, now);
        let doubt = 0.5 * (1.0 - seen.face.confidence);
        match (apart, alike) {
            (Some(_), Some(alike)) if away >= AWAY && alike < SOMEONE_ELSE => None,
            (Some(apart), alike) => Some(apart + doubt + 1.5 * (1.0 - alike.unwrap_or(0.4))),
            // Somewhere else, but plainly the same.
            (None, Some(alike)) if self.confirmed && away >= AWAY && alike >= SAME_ANYWHERE => {
                Some(2.0 + doubt + 1.5 * (1.0 - alike))
            }
            (None, _) => None,
        }
    }

    /// How far a face is from where mine should be, in sizes; nothing where it is out of reach.
    fn apart(&self, face: &Face, now: Duration) -> Option<f32> {
        let away = now.saturating_sub(self.last);
        let seconds = away.as_secs_f32();
        let expected = self.motion.rect(away);
        let (a, b) = (expected.centre(), face.rect.centre());
        let size = expected.side().max(face.rect.side());
        let far = (a.x - b.x).hypot(a.y - b.y) / size;
        let grown = (face.rect.side() / expected.side()).ln().abs();
        let (reach, growth) = (
            (0.6 + 2.0 * seconds).min(2.5),
            (0.35 + 0.7 * seconds).min(0.8),
        );
        (far <= reach && grown <= growth).then_some(far + grown)
    }

    fn patience(&self) -> Duration {
        match (self.confirmed, &self.pool) {
            (false, _) => LOST_UNCONFIRMED,
            (true, None) => LOST,
            (true, Some(_)) => LOST_KNOWN,
        }
    }
}

/// The five points as shares of the box.
fn shares(face: &Face) -> [Point; 5] {
    let Rect {
        x,
        y,
        width,
        height,
    } = face.rect;
    face.points.map(|p| Point {
        x: (p.x - x) / width,
        y: (p.y - y) / height,
    })
}

#[cfg(test)]
mod tests;
