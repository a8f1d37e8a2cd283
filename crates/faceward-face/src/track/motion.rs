//! Where a face will be: a Kalman filter with constant speed for its middle and, in logarithms, its size.

use std::time::Duration;

use crate::detect::Rect;

/// How far a measured middle is off, in sides of the face; of the size, as a share.
const NOISE: f32 = 0.03;
/// How fast heads change their speed, in sides a second, each second.
const AGILE: f32 = 6.0;
/// The same for the size.
const GROWING: f32 = 1.5;
/// Nobody is followed further than this by guessing.
const GUESS: f32 = 0.5;

/// Box and speed of a face.
#[derive(Clone, Copy)]
pub(super) struct Motion {
    x: Axis,
    y: Axis,
    size: Axis,
    /// Width over height, smoothed.
    shape: f32,
}

impl Motion {
    pub(super) fn at(rect: &Rect) -> Self {
        let (middle, side) = (rect.centre(), rect.side());
        let spread = NOISE * side;
        Self {
            x: Axis::at(middle.x, spread, side),
            y: Axis::at(middle.y, spread, side),
            size: Axis::at(rect.height.ln(), NOISE, 0.5),
            shape: rect.width / rect.height,
        }
    }

    /// The box after so long without a look.
    pub(super) fn rect(&self, after: Duration) -> Rect {
        let seconds = after.as_secs_f32().min(GUESS);
        let height = (self.size.at + self.size.speed * seconds).exp();
        let width = height * self.shape;
        Rect {
            x: self.x.at + self.x.speed * seconds - width / 2.0,
            y: self.y.at + self.y.speed * seconds - height / 2.0,
            width,
            height,
        }
    }

    /// Takes the box that was seen so long after the last one.
    pub(super) fn see(&mut self, rect: &Rect, after: Duration) {
        let seconds = after.as_secs_f32().min(GUESS);
        let (middle, side) = (rect.centre(), rect.side());
        let (agile, noise) = (AGILE * side, NOISE * side);
        self.x.see(middle.x, seconds, agile, noise);
        self.y.see(middle.y, seconds, agile, noise);
        self.size.see(rect.height.ln(), seconds, GROWING, NOISE);
        self.shape += 0.3 * (rect.width / rect.height - self.shape);
    }
}

/// A value, its speed, and how sure both are.
#[derive(Clone, Copy)]
struct Axis {
    at: f32,
    speed: f32,
    /// Variance of the value, of value and speed together, of the speed.
    spread: [f32; 3],
}

impl Axis {
    fn at(at: f32, noise: f32, speed: f32) -> Self {
        Self {
            at,
            speed: 0.0,
            spread: [noise * noise, 0.0, speed * speed],
        }
    }

    fn see(&mut self, value: f32, seconds: f32, agile: f32, noise: f32) {
        let [a, b, c] = self.spread;
        let (t, q) = (seconds, agile * agile);
        let a = a + 2.0 * t * b + t * t * c + q * t.powi(4) / 4.0;
        let b = b + t * c + q * t.powi(3) / 2.0;
        let c = c + q * t * t;
        let off = value - (self.at + self.speed * t);
        let all = a + noise * noise;
        let (to_value, to_speed) = (a / all, b / all);
        self.at += self.speed * t + to_value * off;
        self.speed += to_speed * off;
        self.spread = [(1.0 - to_value) * a, (1.0 - to_value) * b, c - to_speed * b];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_that_moves_evenly_is_expected_where_it_will_be_and_one_that_rests_stays() {
        let rect = |x: f32, height: f32| Rect {
            x,
            y: 50.0,
            width: 0.8 * height,
            height,
        };
        let frame = Duration::from_millis(40);
        let (mut walking, mut resting) =
            (Motion::at(&rect(0.0, 60.0)), Motion::at(&rect(0.0, 60.0)));
        for step in 1..25 {
            walking.see(&rect(4.0 * step as f32, 60.0 * 1.01_f32.powi(step)), frame);
            resting.see(&rect(if step % 2 == 0 { 1.0 } else { -1.0 }, 60.0), frame);
        }
        let expected = walking.rect(frame);
        assert!((expected.x - 100.0).abs() < 2.0, "{expected:?}");
        assert!(
            (expected.height - 60.0 * 1.01_f32.powi(25)).abs() < 2.0,
            "{expected:?}"
        );
        let (now, later) = (
            resting.rect(Duration::ZERO),
            resting.rect(Duration::from_secs(60)),
        );
        assert!(
            now.x.abs() < 1.0 && later.x.abs() < 10.0,
            "{now:?} {later:?}"
        );
    }
}
