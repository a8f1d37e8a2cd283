//! The detector's maps to boxes and points (CenterFace, Xu et al. 2020), in pixels of its input.
#![allow(
    clippy::indexing_slicing,
    reason = "every map has one value per cell, and cells come from the heat map"
)]

use faceward_nets::CenterFaceMaps;

use super::{Face, Point, Rect};

/// Input pixels per cell.
const STRIDE: f32 = 4.0;
/// Natural logarithm of the largest box side in cells that is believed (a box of 2000 input pixels).
const LARGEST: f32 = 6.2;

/// One face for every cell at least `least` hot, overlapping ones included.
pub(super) fn faces(maps: &CenterFaceMaps, least: f32) -> Vec<Face> {
    let hot = maps
        .heat
        .iter()
        .enumerate()
        .filter(|(_, heat)| **heat >= least);
    hot.filter_map(|(cell, heat)| face(maps, cell, *heat))
        .collect()
}

fn face(maps: &CenterFaceMaps, cell: usize, heat: f32) -> Option<Face> {
    let (row, column) = ((cell / maps.width) as f32, (cell % maps.width) as f32);
    let [log_height, log_width] = [maps.scale[0][cell], maps.scale[1][cell]];
    if log_height > LARGEST || log_width > LARGEST {
        return None;
    }
    let (height, width) = (log_height.exp() * STRIDE, log_width.exp() * STRIDE);
    let centre_y = (row + maps.offset[0][cell] + 0.5) * STRIDE;
    let centre_x = (column + maps.offset[1][cell] + 0.5) * STRIDE;
    let rect = Rect {
        x: centre_x - width / 2.0,
        y: centre_y - height / 2.0,
        width,
        height,
    };
    // Points come as shares of the box, y before x.
    let points = std::array::from_fn(|i| Point {
        x: rect.x + maps.landmarks[2 * i + 1][cell] * width,
        y: rect.y + maps.landmarks[2 * i][cell] * height,
    });
    let finite = points
        .iter()
        .all(|p: &Point| p.x.is_finite() && p.y.is_finite());
    (finite && width.is_normal() && height.is_normal()).then_some(Face {
        rect,
        points,
        confidence: heat,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hot_cell_becomes_a_box_around_it_with_points_inside() {
        let cells = 8 * 6;
        let flat = |value: f32| vec![value; cells];
        let mut maps = CenterFaceMaps {
            width: 8,
            height: 6,
            heat: flat(0.1),
            scale: [flat(2.0_f32.ln()), flat(3.0_f32.ln())],
            offset: [flat(0.25), flat(-0.5)],
            landmarks: std::array::from_fn(|i| flat(i as f32 / 10.0)),
        };
        maps.heat[2 * 8 + 5] = 0.9;
        let found = faces(&maps, 0.5);
        let [face] = found.as_slice() else {
            panic!("one face expected")
        };
        // Column 5, row 2: centre ((5 - 0.5 + 0.5)·4, (2 + 0.25 + 0.5)·4) = (20, 11), 12 wide, 8 high.
        let rect = face.rect;
        let near = |a: f32, b: f32| (a - b).abs() < 1e-4;
        assert!(
            near(rect.x, 14.0)
                && near(rect.y, 7.0)
                && near(rect.width, 12.0)
                && near(rect.height, 8.0)
        );
        assert!(near(face.points[0].x, 14.0 + 0.1 * 12.0) && near(face.points[0].y, 7.0));
        assert!(
            near(face.points[4].x, 14.0 + 0.9 * 12.0) && near(face.points[4].y, 7.0 + 0.8 * 8.0)
        );
    }

    #[test]
    fn absurd_sizes_are_dropped_and_not_believed() {
        let wild = CenterFaceMaps {
            width: 1,
            height: 1,
            heat: vec![0.9],
            scale: [vec![80.0], vec![1.0]],
            offset: [vec![0.0], vec![0.0]],
            landmarks: std::array::from_fn(|_| vec![0.5]),
        };
        assert!(faces(&wild, 0.5).is_empty());
    }
}
