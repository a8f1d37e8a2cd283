use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use faceward_face::track::{Look, Pool, Seen, TrackId, Tracker};
use faceward_face::{Face, FaceError, Image, Reader};
use faceward_match::{Template, score};
use faceward_video::{Source, Video};
use serde::Serialize;

use super::Progress;
use super::protocol::Clip;
use super::readings::{Failure, Stage};

/// How people are followed through clips in which the number of people is known.
///
/// Tracks are made by motion alone, as where nobody may be recognised; looks are made beside them, to judge them by.
#[derive(Clone, Debug, Serialize)]
pub struct ClipsReport {
    /// Each clip.
    pub clips: Vec<ClipRow>,
}

/// One clip.
#[derive(Clone, Debug, Serialize)]
pub struct ClipRow {
    /// The path as the protocol writes it.
    pub file: String,
    /// People in view.
    pub people: usize,
    /// Frames read.
    pub frames: usize,
    /// Frames in which as many faces were found as there are people.
    pub right: usize,
    /// Tracks that counted.
    pub tracks: usize,
    /// Share of frames in which a track saw its face, the least of all tracks.
    pub seen: f64,
    /// Looks more like another track of the clip than like their own: identity switches show so.
    pub strange: usize,
    /// Looks that were compared so.
    pub looks: usize,
    /// Cosine of single frames with the best frame of their track, half a second away or more; the mean.
    pub single: Option<f64>,
    /// Cosine of all those frames pooled with that frame; the mean over tracks.
    pub pooled: Option<f64>,
    /// How far the tip of the nose jumps between frames beside its motion, in pixels, as found; the median.
    pub jitter: Option<f64>,
    /// The same as shown.
    pub jitter_shown: Option<f64>,
}

/// Longer side the detector looks at.
const SIDE: u16 = 640;
/// Confidence that counts as a detection, as the reference of such sets takes it.
const DETECTED: f32 = 0.4;
/// Nearer frames are no independent look.
const INDEPENDENT: Duration = Duration::from_millis(500);
/// Looks worth less show too little to judge a track by.
const GOOD: f32 = 0.1;

/// What a track showed.
#[derive(Default)]
struct Shown {
    looks: Vec<(Duration, f32, Template)>,
    noses: Vec<[(f32, f32); 2]>,
}

pub(super) fn evaluate(
    clips: &[Clip],
    root: &Path,
    reader: &Reader,
    progress: &(dyn Fn(Progress) + Sync),
) -> (ClipsReport, Vec<Failure>) {
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for (done, clip) in clips.iter().enumerate() {
        match one(clip, root, reader) {
            Ok(row) => rows.push(row),
            Err(reason) => failures.push(Failure {
                file: clip.file.clone(),
                stage: Stage::File,
                reason,
            }),
        }
        progress(Progress {
            done: done + 1,
            total: clips.len(),
        });
    }
    (ClipsReport { clips: rows }, failures)
}

fn one(clip: &Clip, root: &Path, reader: &Reader) -> Result<ClipRow, String> {
    let path = root.join(&clip.file);
    let video = Video::open(&Source::parse(&path.to_string_lossy())).map_err(|e| e.to_string())?;
    let mut tracker = Tracker::new();
    let mut shown: BTreeMap<TrackId, Shown> = BTreeMap::new();
    let (mut frames, mut right, mut ended) = (0, 0, Vec::new());
    for frame in video {
        let frame = frame.map_err(|e| e.to_string())?;
        let (width, height) = (frame.picture.width(), frame.picture.height());
        let image = Image::from_rgb(width, height, frame.picture.into_rgb());
        let image = image.map_err(|e| e.to_string())?;
        let faces = reader.glance(&image, SIDE).map_err(|e| e.to_string())?;
        let detected = faces.iter().filter(|face| face.confidence >= DETECTED);
        frames += 1;
        right += usize::from(detected.count() == clip.people);
        let seen = faces.iter().map(|face| Seen {
            face: *face,
            look: None,
        });
        let step = tracker.step(frame.time, seen.collect());
        ended.extend(step.ended);
        for (face, id) in faces.iter().zip(step.of) {
            let Some(track) = id.and_then(|id| tracker.track(id)) else {
                continue;
            };
            let shown = shown.entry(track.id).or_default();
            let smooth = track.face_at(frame.time);
            shown.noses.push([nose(face), nose(&smooth)]);
            if let Some(look) = look(reader, &image, face).map_err(|e| e.to_string())? {
                shown.looks.push((frame.time, look.worth, look.template));
            }
        }
    }
    ended.extend(tracker.end());
    shown.retain(|id, _| ended.iter().any(|track| track.id == *id));
    let seen = ended
        .iter()
        .map(|track| f64::from(track.frames) / f64::from(frames.max(1) as u32));
    let shown: Vec<Shown> = shown.into_values().collect();
    let (strange, looks) = strange(&shown);
    let (single, pooled): (Vec<f64>, Vec<f64>) = shown.iter().filter_map(against_best).unzip();
    let jitter =
        |which: usize| median(shown.iter().flat_map(|shown| jumps(shown, which)).collect());
    Ok(ClipRow {
        file: clip.file.clone(),
        people: clip.people,
        frames,
        right,
        tracks: ended.len(),
        seen: seen.fold(1.0, f64::min),
        strange,
        looks,
        single: mean(&single),
        pooled: mean(&pooled),
        jitter: jitter(0),
        jitter_shown: jitter(1),
    })
}

fn look(reader: &Reader, image: &Image, face: &Face) -> Result<Option<Look>, FaceError> {
    let face = reader.closer(image, *face)?;
    Ok(reader.look(image, &face)?.map(|(look, _)| look))
}

/// Single looks and all of them pooled, against the best frame of the track; nothing where no look is far enough from it.
fn against_best(shown: &Shown) -> Option<(f64, f64)> {
    let (at, _, best) = shown.looks.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let apart = || {
        let looks = shown.looks.iter();
        looks.filter(|(time, ..)| time.abs_diff(*at) >= INDEPENDENT)
    };
    let single: Vec<f64> = apart()
        .map(|(.., template)| cosine(template, best))
        .collect();
    let pool = Pool::of_all(apart().map(|(time, worth, template)| (template, *worth, *time)));
    let pool = pool?;
    Some((mean(&single)?, cosine(pool.template()?, best)))
}

/// Good looks that are more like another track than like their own, and how many there are.
fn strange(shown: &[Shown]) -> (usize, usize) {
    let whole = |shown: &Shown, without: Option<Duration>| {
        let looks = shown.looks.iter();
        let looks = looks.filter(|(time, ..)| Some(*time) != without);
        Pool::of_all(looks.map(|(time, worth, template)| (template, *worth, *time)))
    };
    let wholes: Vec<Option<Pool>> = shown.iter().map(|shown| whole(shown, None)).collect();
    let (mut strange, mut looks) = (0, 0);
    for (own, track) in shown.iter().enumerate() {
        for (time, _, template) in track.looks.iter().filter(|(_, worth, _)| *worth >= GOOD) {
            let like = |pool: &Option<Pool>| {
                pool.as_ref()
                    .and_then(Pool::template)
                    .map_or(-1.0, |whole| cosine(whole, template))
            };
            let others = wholes.iter().enumerate().filter(|(at, _)| *at != own);
            let nearest = others.map(|(_, pool)| like(pool)).fold(-1.0, f64::max);
            looks += 1;
            strange += usize::from(nearest > like(&whole(track, Some(*time))));
        }
    }
    (strange, looks)
}

/// How far each point lies from the middle of those before and after it.
fn jumps(shown: &Shown, which: usize) -> Vec<f64> {
    let at = |noses: &[(f32, f32); 2]| noses.get(which).copied().unwrap_or_default();
    let points: Vec<(f32, f32)> = shown.noses.iter().map(at).collect();
    let jump = |three: &[(f32, f32)]| match three {
        [a, b, c] => Some(f64::from(
            (b.0 - (a.0 + c.0) / 2.0).hypot(b.1 - (a.1 + c.1) / 2.0),
        )),
        _ => None,
    };
    points.windows(3).filter_map(jump).collect()
}

fn nose(face: &Face) -> (f32, f32) {
    let [_, _, nose, _, _] = face.points;
    (nose.x, nose.y)
}

fn cosine(a: &Template, b: &Template) -> f64 {
    score(a, b).map_or(-1.0, |score| f64::from(score.value()))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

impl fmt::Display for ClipsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
        writeln!(
            f,
            "{:>6} {:>6} {:>6} {:>6} {:>6} {:>11} {:>7} {:>7} {:>7} {:>7}  clip",
            "people",
            "tracks",
            "frames",
            "right",
            "seen",
            "strange",
            "single",
            "pooled",
            "jitter",
            "shown"
        )?;
        for row in &self.clips {
            writeln!(
                f,
                "{:>6} {:>6} {:>6} {:>6} {:>5.0}% {:>11} {:>7} {:>7} {:>7} {:>7}  {}",
                row.people,
                row.tracks,
                row.frames,
                row.right,
                100.0 * row.seen,
                format!("{}/{}", row.strange, row.looks),
                told(row.single),
                told(row.pooled),
                told(row.jitter),
                told(row.jitter_shown),
                row.file
            )?;
        }
        Ok(())
    }
}
