//! What is before the camera: the looks at one frame, in their order, and what is remembered of each track.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use faceward_face::track::{Look, Seen, Step, Track, TrackId, Tracker};
use faceward_face::{Cover, Face, FaceError, Image, Quality, Reader};

use super::seen::Scores;
use super::{FollowTimes, Who};

/// Longer side of what the detector looks at, in pixels, when it looks for everybody.
const SIDE: u16 = 640;
/// The same between such looks, when those who are there are near: a third of the work.
const NEAR: u16 = 384;
/// Every how many frames it looks for everybody.
const EVERYBODY: u64 = 3;
/// Who is near: the side of their face in the smaller look, in pixels.
const LARGE: f32 = 28.0;
/// Tracks looked at closely in one frame, so that many new faces do not hold up the video.
const CLOSELY: usize = 2;
/// Between two close looks at one track, so that they differ.
const APART: Duration = Duration::from_millis(120);
/// Good looks that are enough to decide.
pub(super) const ENOUGH: u32 = 5;
/// Looks after which it is decided whatever they are worth.
const LAST: u32 = 20;
/// What a good look is worth at least.
const GOOD: f32 = 0.1;
/// Between two liveness scores of one track.
const LIVE_APART: Duration = Duration::from_millis(500);
/// Of a look that only tells two tracks apart.
const GLIMPSE: f32 = 0.02;

/// Everyone before the camera.
#[derive(Default)]
pub(super) struct Scene {
    pub(super) tracker: Tracker,
    pub(super) known: BTreeMap<TrackId, Known>,
    /// Faces of the last frame too doubtful for a track.
    pub(super) doubtful: Vec<(Face, Cover)>,
    pub(super) times: FollowTimes,
    /// Whether every frame is looked at for everybody.
    pub(super) thorough: bool,
}

/// What is remembered of a track. No template: the tracker has it.
pub(super) struct Known {
    pub(super) who: Who,
    pub(super) cover: Cover,
    pub(super) live: Scores,
    /// What the best look is worth, where the face was in it, and its quality.
    pub(super) best: Option<(f32, Face, Quality)>,
    looks: u32,
    good: u32,
    looked: Option<Duration>,
    lived: Option<Duration>,
}

impl Scene {
    /// Looks at the next frame; `closely` where embedding is permitted.
    pub(super) fn see(
        &mut self,
        reader: &Reader,
        image: &Image,
        time: Duration,
        closely: bool,
    ) -> Result<Step, FaceError> {
        let began = Instant::now();
        let faces = reader.glance(image, self.side(image))?;
        self.times.detect += began.elapsed();

        let began = Instant::now();
        let unsure = match closely {
            true => self.tracker.unsure(time, &faces),
            false => Vec::new(),
        };
        let mut seen = Vec::with_capacity(faces.len());
        for (at, face) in faces.iter().enumerate() {
            let look = match unsure.get(at) {
                Some(true) => glimpse(reader, image, face)?,
                _ => None,
            };
            seen.push(Seen { face: *face, look });
        }
        let step = self.tracker.step(time, seen);
        self.doubtful.clear();
        for (face, id) in faces.iter().zip(&step.of) {
            match id {
                Some(id) => {
                    let known = || Known::new(Cover::of(image, face));
                    self.known.entry(*id).or_insert_with(known);
                }
                None => self.doubtful.push((*face, Cover::of(image, face))),
            }
        }
        self.times.track += began.elapsed();
        if closely {
            self.look_closely(reader, image, time)?;
            self.live(reader, image, time)?;
        }
        let tracker = &self.tracker;
        let ended = &step.ended;
        self.known.retain(|id, _| {
            tracker.track(*id).is_some() || ended.iter().any(|track| track.id == *id)
        });
        self.times.frames += 1;
        Ok(step)
    }

    /// How large a look the next frame needs.
    fn side(&self, image: &Image) -> u16 {
        let tracks = self.tracker.tracks();
        let scale = f32::from(NEAR) / image.width().max(image.height()) as f32;
        let near = |track: &Track| track.face().rect.side() * scale >= LARGE;
        let all_near = !tracks.is_empty() && tracks.iter().all(near);
        match all_near && !self.thorough && !self.times.frames.is_multiple_of(EVERYBODY) {
            true => NEAR,
            false => SIDE,
        }
    }

    /// Tracks of which enough was seen, and that were not decided.
    pub(super) fn ready(&self) -> Vec<TrackId> {
        let ready = |known: &Known| {
            known.who == Who::Undecided && (known.good >= ENOUGH || known.looks >= LAST)
        };
        let ready = self.known.iter().filter(|(_, known)| ready(known));
        ready.map(|(id, _)| *id).collect()
    }

    /// Those seen in this frame of which more is to be seen, least known first.
    fn look_closely(
        &mut self,
        reader: &Reader,
        image: &Image,
        time: Duration,
    ) -> Result<(), FaceError> {
        let began = Instant::now();
        for (id, face) in self.due(time, |known| {
            (known.who == Who::Undecided && known.looks < LAST).then_some((known.looked, APART))
        }) {
            let face = reader.closer(image, face)?;
            let Some((look, quality)) = reader.look(image, &face)? else {
                continue;
            };
            let worth = look.worth;
            self.tracker.add_look(id, look, time);
            if let Some(known) = self.known.get_mut(&id) {
                known.looked = Some(time);
                known.looks += 1;
                known.good += u32::from(worth >= GOOD);
                if known.best.as_ref().is_none_or(|(best, ..)| worth > *best) {
                    known.best = Some((worth, face, quality));
                }
            }
        }
        self.times.looks += began.elapsed();
        Ok(())
    }

    fn live(&mut self, reader: &Reader, image: &Image, time: Duration) -> Result<(), FaceError> {
        let began = Instant::now();
        for (id, face) in self.due(time, |known| Some((known.lived, LIVE_APART))) {
            let score = reader.liveness(image, &face)?.score;
            if let Some(known) = self.known.get_mut(&id) {
                known.lived = Some(time);
                known.live.add(score);
            }
        }
        self.times.liveness += began.elapsed();
        Ok(())
    }

    /// Tracks that count and are seen now, for which something is due that was done then and is to be done so often.
    fn due(
        &self,
        time: Duration,
        then: impl Fn(&Known) -> Option<(Option<Duration>, Duration)>,
    ) -> Vec<(TrackId, Face)> {
        let mut due: Vec<(Option<Duration>, TrackId, Face)> = Vec::new();
        for track in self
            .tracker
            .tracks()
            .iter()
            .filter(|track| track.confirmed && track.present(time))
        {
            let Some((last, every)) = self.known.get(&track.id).and_then(&then) else {
                continue;
            };
            if last.is_none_or(|last| time.saturating_sub(last) >= every) {
                due.push((last, track.id, *track.face()));
            }
        }
        due.sort_by_key(|(last, id, _)| (*last, *id));
        due.truncate(CLOSELY);
        due.into_iter().map(|(_, id, face)| (id, face)).collect()
    }
}

impl Known {
    fn new(cover: Cover) -> Self {
        Self {
            who: Who::Undecided,
            cover,
            live: Scores::default(),
            best: None,
            looks: 0,
            good: 0,
            looked: None,
            lived: None,
        }
    }
}

/// How a face looks, to tell tracks apart by.
fn glimpse(reader: &Reader, image: &Image, face: &Face) -> Result<Option<Look>, FaceError> {
    match reader.template(image, face) {
        Ok(template) => Ok(Some(Look {
            template,
            worth: GLIMPSE,
        })),
        Err(FaceError::Unalignable) => Ok(None),
        Err(error) => Err(error),
    }
}
