//! Everyone in a video, gathered frame by frame, and who of them may be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use faceward_face::track::{Seen, TrackId, Tracker};
use faceward_face::{FaceError, Image, Reader};
use faceward_match::{Decision, Score};
use faceward_vault::Handle;

use super::path::{self, Path, Stray};
use super::{Redacting, Redaction, RedactionReport};
use crate::identify::Candidate;

/// Everyone so far.
#[derive(Default)]
pub(super) struct Scene {
    tracker: Tracker,
    pub(super) paths: BTreeMap<TrackId, Path>,
    strays: Vec<Stray>,
    times: Vec<Duration>,
}

/// A look that is less like the whole of its track than this is somebody else's.
const SOMEONE_ELSE: f32 = 0.2;
/// Looks worth less than this prove nothing against a track.
const GOOD: f32 = 0.15;
/// How long a cover stays around a track.
const MARGIN: f64 = 0.5;

impl Scene {
    /// Looks at the next frame.
    pub(super) fn see(
        &mut self,
        reader: &Reader,
        image: &Image,
        time: Duration,
        closely: bool,
    ) -> Result<(), FaceError> {
        let index = self.times.len() as u64;
        self.times.push(time);
        let faces = path::everyone(reader, image)?;
        let mut seen = Vec::with_capacity(faces.len());
        let mut looks = Vec::with_capacity(faces.len());
        for face in &faces {
            let look = match closely {
                true => reader.look(image, face)?.map(|(look, _)| look),
                false => None,
            };
            // The tracker gets one of its own, and the track keeps each, to be held against the whole.
            let (to_tracker, kept) = look.map(path::twice).unzip();
            seen.push(Seen {
                face: *face,
                look: to_tracker.flatten(),
            });
            looks.push(kept.flatten());
        }
        let step = self.tracker.step(time, seen);
        for ((face, id), look) in faces.iter().zip(step.of).zip(looks) {
            match id {
                Some(id) => {
                    let path = self
                        .paths
                        .entry(id)
                        .or_insert_with(|| Path::new(image, face));
                    path.add(index, face.rect, look);
                }
                None => self.strays.push(Stray::new(index, image, face)),
            }
        }
        Ok(())
    }

    /// Everything but those who may be shown.
    pub(super) fn cover(
        mut self,
        on: &Redacting,
        people: BTreeMap<TrackId, Vec<Candidate>>,
    ) -> Redaction {
        let mut report = RedactionReport {
            frames: self.times.len() as u64,
            covered: 0,
            shown: Vec::new(),
            left: 0,
            named: Vec::new(),
        };
        let shown = match on {
            Redacting::Everyone(_) => BTreeSet::new(),
            Redacting::Others(_) => self.shown(&people, &mut report.shown),
            Redacting::Only(_, handles) => self.not_named(&people, handles, &mut report),
        };
        let margin = self.margin();
        self.paths.retain(|id, _| !shown.contains(id));
        report.covered = self.paths.len();
        if let Redacting::Only(..) = on {
            self.strays.clear();
        }
        Redaction {
            report,
            covered: self.paths.into_values().map(Path::without_looks).collect(),
            strays: self.strays,
            margin,
        }
    }

    /// Tracks that are surely one person who agreed. Of two at the same time for one person the surer counts.
    fn shown(
        &self,
        people: &BTreeMap<TrackId, Vec<Candidate>>,
        told: &mut Vec<(Handle, Score)>,
    ) -> BTreeSet<TrackId> {
        let mut sure: Vec<(TrackId, &Candidate, &Path)> = Vec::new();
        for (id, candidates) in people {
            let best = candidates
                .first()
                .filter(|best| best.decision == Decision::Match);
            if let (Some(best), Some(path)) = (best, self.paths.get(id))
                && path.is_one_person(GOOD, SOMEONE_ELSE)
            {
                sure.push((*id, best, path));
            }
        }
        sure.sort_by_key(|(_, best, _)| std::cmp::Reverse(best.score));
        let mut kept: Vec<(TrackId, &Candidate, &Path)> = Vec::new();
        for (id, best, path) in sure {
            let taken = |(_, other, at): &(TrackId, &Candidate, &Path)| {
                other.subject == best.subject && at.meets(path)
            };
            if !kept.iter().any(taken) {
                kept.push((id, best, path));
            }
        }
        told.extend(people_of(kept.iter().map(|(_, best, _)| *best)));
        kept.into_iter().map(|(id, ..)| id).collect()
    }

    /// Tracks that nobody named, not even perhaps. A track that may hold two people, or was not seen well enough to say,
    /// is covered.
    fn not_named(
        &self,
        people: &BTreeMap<TrackId, Vec<Candidate>>,
        handles: &[Handle],
        report: &mut RedactionReport,
    ) -> BTreeSet<TrackId> {
        let mut left = BTreeSet::new();
        let mut named = Vec::new();
        for (id, path) in &self.paths {
            let found = people
                .get(id)
                .and_then(|found| found.iter().find(|one| handles.contains(&one.handle)));
            match found {
                Some(found) => named.push(found),
                None if people.contains_key(id) && path.is_one_person(GOOD, SOMEONE_ELSE) => {
                    left.insert(*id);
                }
                None => {}
            }
        }
        report.named = people_of(named.into_iter());
        report.left = left.len();
        left
    }

    fn margin(&self) -> u64 {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else {
            return 0;
        };
        let steps = self.times.len().saturating_sub(1);
        if steps == 0 {
            return 0;
        }
        let each = (last.saturating_sub(*first).as_secs_f64() / steps as f64).max(1e-3);
        ((MARGIN / each).ceil() as u64).clamp(2, 250)
    }
}

/// Each person once, with the best score.
fn people_of<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> Vec<(Handle, Score)> {
    let mut people: Vec<(Handle, Score)> = Vec::new();
    for candidate in candidates {
        match people
            .iter_mut()
            .find(|(handle, _)| *handle == candidate.handle)
        {
            Some((_, best)) => *best = (*best).max(candidate.score),
            None => people.push((candidate.handle.clone(), candidate.score)),
        }
    }
    people
}
