use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use faceward_face::Rect;
use serde::Serialize;

use super::curve::Rate;
use super::protocol::Marked;
use super::readings::{Readings, Wanted};

/// How the detector does on faces marked by hand.
#[derive(Clone, Debug, Serialize)]
pub struct BoxesReport {
    /// Marked faces that no detection covers.
    pub missed: Rate,
    /// Detections that cover no marked face; not wrong if the marks are incomplete.
    pub extra: usize,
    /// Each picture.
    pub images: Vec<ImageBoxes>,
}

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImageBoxes {
    /// The path as the protocol writes it.
    pub file: String,
    /// Faces marked.
    pub marked: usize,
    /// Marked faces found.
    pub found: usize,
    /// Detections besides.
    pub extra: usize,
}

/// Intersection over union at which a detection is the marked face.
const SAME: f32 = 0.4;

pub(super) fn files(rows: &[Marked]) -> BTreeSet<&str> {
    rows.iter().map(|m| m.file.as_str()).collect()
}

pub(super) fn wanted() -> Wanted {
    Wanted::Faces
}

pub(super) fn evaluate(rows: &[Marked], readings: &Readings) -> BoxesReport {
    let mut marks: BTreeMap<&str, Vec<Rect>> = BTreeMap::new();
    for row in rows {
        let rects = row.bounds.map(|[x, y, width, height]| Rect {
            x,
            y,
            width,
            height,
        });
        marks.entry(&row.file).or_default().extend(rects);
    }
    let image = |(file, marked): (&str, Vec<Rect>)| {
        let faces = readings.get(file).map_or(&[][..], |r| &r.faces);
        let found = paired(&marked, faces);
        ImageBoxes {
            file: file.to_owned(),
            marked: marked.len(),
            found,
            extra: faces.len() - found,
        }
    };
    let images: Vec<ImageBoxes> = marks.into_iter().map(image).collect();
    let sum = |of: fn(&ImageBoxes) -> usize| images.iter().map(of).sum::<usize>();
    let marked = sum(|i| i.marked);
    BoxesReport {
        missed: Rate::new(marked - sum(|i| i.found), marked),
        extra: sum(|i| i.extra),
        images,
    }
}

/// How many marks get a detection of their own, the best-fitting pairs first.
fn paired(marked: &[Rect], faces: &[Rect]) -> usize {
    let fits = marked.iter().enumerate().flat_map(|(m, mark)| {
        faces
            .iter()
            .enumerate()
            .map(move |(f, face)| (overlap(mark, face), m, f))
    });
    let mut fits: Vec<_> = fits.filter(|(iou, ..)| *iou >= SAME).collect();
    fits.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut marks_used, mut faces_used) = (BTreeSet::new(), BTreeSet::new());
    for (_, mark, face) in fits {
        if !marks_used.contains(&mark) && !faces_used.contains(&face) {
            marks_used.insert(mark);
            faces_used.insert(face);
        }
    }
    marks_used.len()
}

/// Intersection over union.
fn overlap(a: &Rect, b: &Rect) -> f32 {
    let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    let shared = width.max(0.0) * height.max(0.0);
    shared / (a.width * a.height + b.width * b.height - shared)
}

impl fmt::Display for BoxesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rate { errors, trials, .. } = self.missed;
        writeln!(
            f,
            "{} of {trials} marked faces found at IoU {SAME}, {} extra",
            trials - errors,
            self.extra
        )?;
        writeln!(f, "missed {}\n", self.missed)?;
        writeln!(f, "{:>6} {:>6} {:>6}  picture", "marked", "found", "extra")?;
        for i in &self.images {
            writeln!(
                f,
                "{:>6} {:>6} {:>6}  {}",
                i.marked, i.found, i.extra, i.file
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f32, y: f32, width: f32, height: f32) -> Rect {
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn intersection_over_union_by_hand() {
        assert_eq!(
            overlap(&rect(0.0, 0.0, 2.0, 2.0), &rect(1.0, 0.0, 2.0, 2.0)),
            1.0 / 3.0
        );
        assert_eq!(
            overlap(&rect(0.0, 0.0, 1.0, 1.0), &rect(5.0, 5.0, 1.0, 1.0)),
            0.0
        );
        assert_eq!(
            overlap(&rect(0.0, 0.0, 4.0, 4.0), &rect(1.0, 1.0, 2.0, 2.0)),
            0.25
        );
    }

    #[test]
    fn one_detection_finds_one_face_and_the_better_fit_wins() {
        let marked = [rect(0.0, 0.0, 10.0, 10.0), rect(3.0, 0.0, 10.0, 10.0)];
        assert_eq!(paired(&marked, &[rect(2.0, 0.0, 10.0, 10.0)]), 1);
        // Taken in the order marked, the first would take the second's detection.
        assert_eq!(
            paired(
                &marked,
                &[rect(3.0, 0.0, 10.0, 10.0), rect(-3.0, 0.0, 10.0, 10.0)]
            ),
            2
        );
        assert_eq!(paired(&marked, &[]), 0);
    }
}
