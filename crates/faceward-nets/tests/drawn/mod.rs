//! The pictures of `reference.py`, by the same formulas.

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Picture {
    Waves,
    Noise,
    Mixed,
    Drawing,
}

impl Picture {
    pub(crate) const ALL: [(Picture, &str); 4] = [
        (Picture::Waves, "waves"),
        (Picture::Noise, "noise"),
        (Picture::Mixed, "mixed"),
        (Picture::Drawing, "drawing"),
    ];

    /// Interleaved pixels, 0 to 255.
    pub(crate) fn draw(self, width: usize, height: usize, channels: usize) -> Vec<u8> {
        let value = |y: i64, x: i64, c: i64| {
            let waves = (triangle(x * 7 + c * 60) + triangle(y * 5 + x * 2)) / 2;
            let number = (y * width as i64 + x) * channels as i64 + c;
            let noise = (number * 2_654_435_761 % (1 << 32)) >> 24;
            match self {
                Picture::Waves => waves,
                Picture::Noise => noise,
                Picture::Mixed => (waves * 3 + noise) / 4,
                Picture::Drawing => face(
                    x * 200 / width as i64 - 100,
                    y * 200 / height as i64 - 100,
                    c,
                ),
            }
        };
        let mut pixels = Vec::with_capacity(width * height * channels);
        for y in 0..height {
            for x in 0..width {
                pixels.extend((0..channels).map(|c| value(y as i64, x as i64, c as i64) as u8));
            }
        }
        pixels
    }
}

fn triangle(phase: i64) -> i64 {
    let phase = phase % 512;
    if phase < 256 { phase } else { 511 - phase }
}

/// A cartoon on a grid from -100 to 99: head, eyes with pupils, nose, mouth.
fn face(x: i64, y: i64, c: i64) -> i64 {
    let inside = |centre: [i64; 2], half: [i64; 2]| {
        let (x, y) = ((x - centre[0]) * half[1], (y - centre[1]) * half[0]);
        x * x + y * y <= half[0] * half[1] * half[0] * half[1]
    };
    let mut value = 90 + c * 20 + y.div_euclid(4);
    if inside([0, 0], [60, 80]) {
        value = 210 - c * 35 - (x * x + y * y) / 200;
    }
    for side in [-26, 26] {
        for (centre, half, shade) in [(-20, [14, 7], 235), (-20, [6, 7], 30), (-38, [17, 4], 60)] {
            value = if inside([side, centre], half) {
                shade
            } else {
                value
            };
        }
    }
    if inside([0, 10], [7, 14]) {
        value = 170 - c * 30;
    }
    if inside([0, 44], [26, 9]) {
        value = 150 - c * 50;
    }
    value
}
