//! `HeadPoseYaw`, `HeadPosePitch`, `HeadPoseRoll`: native values in degrees, 0 looking straight into the camera with
//! the head upright, from six landmarks and a model of a head under weak perspective.
//!
//! Positive yaw: the nose points to the viewer's right. Positive pitch: it points up. Positive roll: the head leans
//! towards the viewer's left.

use super::{Defect, Measure};
use crate::Point;

/// Degrees.
#[derive(Clone, Copy)]
pub(super) struct Angles {
    pub(super) yaw: f64,
    pub(super) pitch: f64,
    pub(super) roll: f64,
}

/// The three components, by the standard's squared cosine.
pub(super) fn measure(angles: Option<Angles>) -> [Measure; 3] {
    let Angles { yaw, pitch, roll } = angles.unwrap_or(Angles {
        yaw: f64::NAN,
        pitch: f64::NAN,
        roll: f64::NAN,
    });
    let component = |name, degrees: f64, defect, advice: f64, obstacle: f64| {
        let quality = 100.0 * degrees.to_radians().cos().powi(2);
        let off = degrees.abs();
        Measure::new(name, degrees, quality).because(defect, off > advice, off > obstacle)
    };
    [
        component("HeadPoseYaw", yaw, Defect::TurnedAside, 25.0, 40.0),
        component("HeadPosePitch", pitch, Defect::TiltedUpOrDown, 20.0, 35.0),
        component("HeadPoseRoll", roll, Defect::Leaning, 20.0, 45.0),
    ]
}

/// The head's rotation; `None` when the points give none.
pub(super) fn angles(points: &[Point; 68]) -> Option<Angles> {
    let seen: Vec<[f64; 2]> = HEAD
        .iter()
        .filter_map(|(index, _)| points.get(*index))
        // Upwards is positive in the model.
        .map(|p| [f64::from(p.x), -f64::from(p.y)])
        .collect();
    let [right, up] = rotation(&seen)?;
    // The rotation is yaw, then pitch, then roll; its third row holds the first two, its second column the last.
    let [toward_x, toward_y, toward_z] = cross(&right, &up);
    let angles = Angles {
        yaw: (-toward_x).atan2(toward_z).to_degrees(),
        pitch: (-toward_y).clamp(-1.0, 1.0).asin().to_degrees(),
        roll: (-right[1]).atan2(up[1]).to_degrees(),
    };
    let finite = angles.yaw.is_finite() && angles.pitch.is_finite() && angles.roll.is_finite();
    finite.then_some(angles)
}

/// Landmark and place (right, up, forward; any unit) of nose tip, chin, outer eye corners and mouth corners: the widely
/// used six-point head, its depth enlarged so that yaw agrees with a head-pose net on turned faces.
const HEAD: [(usize, [f64; 3]); 6] = [
    (30, [0.0, 0.0, 0.0]),
    (8, [0.0, -330.0, -97.5]),
    (36, [-225.0, 170.0, -202.5]),
    (45, [225.0, 170.0, -202.5]),
    (48, [-150.0, -150.0, -187.5]),
    (54, [150.0, -150.0, -187.5]),
];

/// The first two rows of the rotation that best maps the head onto what is seen: least squares, then the nearest pair
/// of orthogonal unit rows.
fn rotation(seen: &[[f64; 2]]) -> Option<[[f64; 3]; 2]> {
    let model = centred(HEAD.map(|(_, place)| place).as_slice());
    let seen = centred(seen);
    let mut spread = [[0.0; 3]; 3];
    let mut common = [[0.0; 3]; 2];
    for (m, s) in model.iter().zip(&seen) {
        for (row, mi) in spread.iter_mut().zip(m) {
            for (cell, mj) in row.iter_mut().zip(m) {
                *cell += mi * mj;
            }
        }
        for (row, si) in common.iter_mut().zip(s) {
            for (cell, mj) in row.iter_mut().zip(m) {
                *cell += si * mj;
            }
        }
    }
    let inverse = inverse(&spread)?;
    let affine = common.map(|row| times(&row, &inverse));
    Some(orthogonal(affine))
}

fn centred<const N: usize>(points: &[[f64; N]]) -> Vec<[f64; N]> {
    let count = points.len().max(1) as f64;
    let mut mean = [0.0; N];
    for point in points {
        for (m, v) in mean.iter_mut().zip(point) {
            *m += v / count;
        }
    }
    let less = |point: &[f64; N]| {
        let mut out = *point;
        for (v, m) in out.iter_mut().zip(&mean) {
            *v -= m;
        }
        out
    };
    points.iter().map(less).collect()
}

fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    let ([a0, a1, a2], [b0, b1, b2]) = (a, b);
    [a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0]
}

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn times(row: &[f64; 3], symmetric: &[[f64; 3]; 3]) -> [f64; 3] {
    symmetric.map(|column| dot(row, &column))
}

/// Inverse of a symmetric matrix.
fn inverse([a, b, c]: &[[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let determinant = dot(a, &cross(b, c));
    let columns = [cross(b, c), cross(c, a), cross(a, b)];
    determinant
        .is_normal()
        .then(|| columns.map(|column| column.map(|v| v / determinant)))
}

/// The orthogonal unit rows nearest to two rows of similar length: each gives up half of what they have in common.
fn orthogonal([first, second]: [[f64; 3]; 2]) -> [[f64; 3]; 2] {
    let unit = |v: [f64; 3]| {
        let length = dot(&v, &v).sqrt();
        v.map(|x| x / length)
    };
    let (a, b) = (unit(first), unit(second));
    let mix = |f: fn(f64, f64) -> f64| {
        let mut out = a;
        for (x, y) in out.iter_mut().zip(&b) {
            *x = f(*x, *y);
        }
        unit(out)
    };
    // Sum and difference of unit vectors are orthogonal; turned back by 45 degrees they are the rows sought.
    let (sum, difference) = (mix(|x, y| x + y), mix(|x, y| x - y));
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let turn = |sign: f64| {
        let mut row = sum;
        for (s, d) in row.iter_mut().zip(&difference) {
            *s = half * (*s + sign * d);
        }
        row
    };
    [turn(1.0), turn(-1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The model head, turned by yaw, then pitch, then roll, and drawn as landmarks.
    fn drawn(yaw: f64, pitch: f64, roll: f64) -> [Point; 68] {
        let mut points = [Point { x: 0.0, y: 0.0 }; 68];
        for (index, [x, y, z]) in HEAD {
            let (s, c) = yaw.to_radians().sin_cos();
            let (x, z) = (c * x + s * z, c * z - s * x);
            let (s, c) = pitch.to_radians().sin_cos();
            let (y, _z) = (c * y + s * z, c * z - s * y);
            let (s, c) = roll.to_radians().sin_cos();
            let (x, y) = (c * x - s * y, c * y + s * x);
            points[index] = Point {
                x: (300.0 + 0.4 * x) as f32,
                y: (200.0 - 0.4 * y) as f32,
            };
        }
        points
    }

    #[test]
    fn the_angles_of_a_turned_model_head_are_found() {
        for (yaw, pitch, roll) in [
            (0.0, 0.0, 0.0),
            (30.0, 0.0, 0.0),
            (-30.0, 0.0, 0.0),
            (0.0, 20.0, 0.0),
            (0.0, 0.0, 25.0),
            (20.0, -15.0, -10.0),
        ] {
            let found = angles(&drawn(yaw, pitch, roll)).unwrap();
            let near = |a: f64, b: f64| (a - b).abs() < 0.1;
            assert!(
                near(found.yaw, yaw) && near(found.pitch, pitch) && near(found.roll, roll),
                "{yaw} {pitch} {roll}: {} {} {}",
                found.yaw,
                found.pitch,
                found.roll
            );
        }
    }

    #[test]
    fn points_in_one_place_give_no_angles_and_no_value() {
        let angles = angles(&[Point { x: 1.0, y: 1.0 }; 68]);
        assert!(angles.is_none());
        assert!(
            measure(angles)
                .iter()
                .all(|m| m.component.value.is_none() && m.reason.is_none())
        );
    }
}
