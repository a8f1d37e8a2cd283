//! Does what moves have depth? A print or a screen that is turned or brought nearer stays a plane: one homography takes
//! every point of the first view to its place in the second (Hartley and Zisserman, Multiple View Geometry, chapter 13).
//! A head that turns shows its nose before its cheeks, and no homography does.

use crate::Point;
use crate::quality::inter_eye;

/// How far two views of one face are from being two views of a plane: what the best homography from the 68 points of the
/// first to those of the second leaves over, root mean square, in inter-eye distances of the second. Not a number where
/// the points define none.
pub fn off_plane(first: &[Point; 68], second: &[Point; 68]) -> f32 {
    let (from, to) = (centred(first), centred(second));
    let Some(h) = homography(&from, &to) else {
        return f32::NAN;
    };
    let [a, b, c, d, e, f, g, i] = h;
    let squares = from.iter().zip(&to).map(|([x, y], [u, v])| {
        let w = g * x + i * y + 1.0;
        let (left, up) = ((a * x + b * y + c) / w - u, (d * x + e * y + f) / w - v);
        left * left + up * up
    });
    (squares.sum::<f64>() / 68.0).sqrt() as f32
}

/// The points about their mean, in inter-eye distances.
fn centred(points: &[Point; 68]) -> [[f64; 2]; 68] {
    let unit = inter_eye(points);
    let mean = |of: fn(&Point) -> f32| points.iter().map(|p| f64::from(of(p))).sum::<f64>() / 68.0;
    let (x, y) = (mean(|p| p.x), mean(|p| p.y));
    points.map(|p| [(f64::from(p.x) - x) / unit, (f64::from(p.y) - y) / unit])
}

/// The eight numbers of the homography, its ninth being 1, by least squares on the linear equations.
fn homography(from: &[[f64; 2]; 68], to: &[[f64; 2]; 68]) -> Option<[f64; 8]> {
    let mut normal = [[0.0; 9]; 8];
    for ([x, y], [u, v]) in from.iter().zip(to) {
        for row in [
            [*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, *u],
            [0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y, *v],
        ] {
            for (into, k) in normal.iter_mut().zip(&row) {
                for (cell, value) in into.iter_mut().zip(&row) {
                    *cell += k * value;
                }
            }
        }
    }
    solved(normal)
}

/// Gauss's elimination with pivots; nothing where the equations define no answer.
#[allow(clippy::indexing_slicing, reason = "both indices stay below eight")]
fn solved(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for at in 0..8 {
        let pivot = (at..8).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
        rows.swap(at, pivot);
        let lead = rows[at];
        if lead[at].is_nan() || lead[at].abs() < 1e-9 {
            return None;
        }
        for (other, row) in rows.iter_mut().enumerate() {
            if other != at {
                let factor = row[at] / lead[at];
                for (cell, value) in row.iter_mut().zip(&lead) {
                    *cell -= factor * value;
                }
            }
        }
    }
    let mut answer = [0.0; 8];
    for (at, value) in answer.iter_mut().enumerate() {
        *value = rows[at][8] / rows[at][at];
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 68 points on a face of 12 cm, `deep` times as deep as a head, turned by so many degrees, half a metre from the
    /// camera, each a little off its place.
    fn view(deep: f64, turned: f64, nearer: f64) -> [Point; 68] {
        let (sin, cos) = turned.to_radians().sin_cos();
        std::array::from_fn(|at| {
            let (column, row) = ((at % 8) as f64 / 3.5 - 1.0, (at / 8) as f64 / 4.0 - 1.0);
            let (x, y) = (6.0 * column, 8.0 * row);
            // Round from ear to ear, the eyes' corners (36, 39, 42, 45) among the rest.
            let z = deep * (6.0 - 6.0 * (column * column + row * row / 2.0));
            let distance = 50.0 / nearer - (z * cos - x * sin);
            let noise = |salt: usize| ((at * 37 + salt * 101) % 17) as f64 / 17.0 - 0.5;
            Point {
                x: (600.0 * (x * cos + z * sin) / distance + noise(1)) as f32,
                y: (600.0 * y / distance + noise(2)) as f32,
            }
        })
    }

    #[test]
    fn a_head_that_turns_leaves_the_plane_and_a_print_does_not() {
        for turned in [-30.0, -20.0, 20.0, 30.0] {
            let print = off_plane(&view(0.0, 0.0, 1.0), &view(0.0, turned, 1.2));
            let head = off_plane(&view(1.0, 0.0, 1.0), &view(1.0, turned, 1.0));
            assert!(
                print < 0.02 && head > 4.0 * print,
                "{turned}: {print} {head}"
            );
        }
    }

    #[test]
    fn points_in_one_place_are_no_two_views() {
        let nowhere = [Point { x: 1.0, y: 1.0 }; 68];
        assert!(off_plane(&nowhere, &nowhere).is_nan());
    }
}
