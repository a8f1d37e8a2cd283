//! Where one track goes, frame by frame, and what covers it; also between its detections and around them.

use std::time::Duration;

use faceward_face::track::{Look, Pool};
use faceward_face::{Cover, Face, FaceError, Image, Reader, Rect};
use faceward_match::{Template, score};

/// Longer side of the second look, for doubtful faces.
const SIDE: u16 = 960;
/// Looks kept of one track at most, evenly over it.
const LOOKS: usize = 48;

/// A track's boxes, its cover and, until it is decided, its looks.
pub(super) struct Path {
    boxes: Vec<(u64, Rect)>,
    cover: Cover,
    looks: Vec<(f32, Template)>,
    /// Every how many frames a look is kept.
    every: u64,
}

/// A face too doubtful for a track.
pub(super) struct Stray {
    index: u64,
    rect: Rect,
    cover: Cover,
}

impl Path {
    pub(super) fn new(image: &Image, face: &Face) -> Self {
        Self {
            boxes: Vec::new(),
            cover: Cover::of(image, face),
            looks: Vec::new(),
            every: 1,
        }
    }

    pub(super) fn add(&mut self, index: u64, rect: Rect, look: Option<Look>) {
        self.boxes.push((index, rect));
        let Some(look) = look.filter(|_| index.is_multiple_of(self.every)) else {
            return;
        };
        self.looks.push((look.worth, look.template));
        if self.looks.len() >= LOOKS {
            let mut number = 0_usize;
            self.looks.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.every *= 2;
        }
    }

    /// All looks together.
    pub(super) fn whole(&self) -> Option<Pool> {
        let looks = self.looks.iter();
        Pool::of_all(looks.map(|(worth, look)| (look, *worth, Duration::ZERO)))
    }

    /// Whether no good look seems to be somebody else's.
    pub(super) fn is_one_person(&self, good: f32, least: f32) -> bool {
        self.whole()
            .is_some_and(|whole| alike(&self.looks, &whole, good, least))
    }

    /// Whether two tracks are in one frame.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut ours = self.boxes.iter().map(|(index, _)| index);
        ours.any(|index| {
            other
                .boxes
                .binary_search_by_key(index, |(at, _)| *at)
                .is_ok()
        })
    }

    pub(super) fn without_looks(mut self) -> Self {
        self.looks.clear();
        self
    }

    /// Covers the face in a frame: where it was seen, between two detections, and so many frames around them.
    pub(super) fn cover(&self, index: u64, margin: u64, image: &mut Image) {
        let after = self.boxes.partition_point(|(at, _)| *at < index);
        let next = self.boxes.get(after);
        let before = after.checked_sub(1).and_then(|at| self.boxes.get(at));
        let (rect, far) = match (before, next) {
            (_, Some((at, rect))) if *at == index => (*rect, 0),
            (Some((from, a)), Some((to, b))) if to - from <= 4 * margin => {
                let share = (index - from) as f32 / (to - from) as f32;
                (between(a, b, share), (index - from).min(to - index))
            }
            (Some((at, rect)), _) if index - at <= margin => (*rect, index - at),
            (_, Some((at, rect))) if at - index <= margin => (*rect, at - index),
            _ => return,
        };
        image.cover(&rect, &self.cover, 1.0 + 0.06 * (far.min(10) as f32));
    }
}

impl Stray {
    pub(super) fn new(index: u64, image: &Image, face: &Face) -> Self {
        Self {
            index,
            rect: face.rect,
            cover: Cover::of(image, face),
        }
    }

    pub(super) fn cover(&self, index: u64, margin: u64, image: &mut Image) {
        if self.index.abs_diff(index) <= margin {
            image.cover(&self.rect, &self.cover, 1.0);
        }
    }
}

/// Everyone, with doubtful faces that a careful look leaves out.
pub(super) fn everyone(reader: &Reader, image: &Image) -> Result<Vec<Face>, FaceError> {
    let mut faces = reader.detect(image)?;
    for face in reader.glance(image, SIDE)? {
        if faces.iter().all(|known| !overlap(&known.rect, &face.rect)) {
            faces.push(face);
        }
    }
    Ok(faces)
}

/// The same look once more.
pub(super) fn twice(look: Look) -> (Option<Look>, Option<Look>) {
    let copy = Look {
        template: look.template.copied(),
        worth: look.worth,
    };
    (Some(copy), Some(look))
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    width > 0.0
        && height > 0.0
        && width * height >= 0.3 * (a.width * a.height).min(b.width * b.height)
}

fn between(a: &Rect, b: &Rect, share: f32) -> Rect {
    let mix = |a: f32, b: f32| a + (b - a) * share;
    Rect {
        x: mix(a.x, b.x),
        y: mix(a.y, b.y),
        width: mix(a.width, b.width),
        height: mix(a.height, b.height),
    }
}

/// Whether every good look is the person the whole track is.
fn alike(looks: &[(f32, Template)], whole: &Pool, good: f32, least: f32) -> bool {
    let same = |template| {
        let score = whole
            .template()
            .and_then(|whole| score(whole, template).ok());
        score.is_some_and(|score| score.value() >= least)
    };
    looks
        .iter()
        .filter(|(worth, _)| *worth >= good)
        .all(|(_, template)| same(template))
}
