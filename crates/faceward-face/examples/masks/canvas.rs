//! An aligned face to paint on, which remembers what is covered.

use crate::pictures::Chance;

/// Side of the aligned crop, in pixels.
pub(crate) const SIDE: usize = 112;
/// Cells along each side of the embedder's last map.
pub(crate) const CELLS: usize = 7;

/// Places of a face in the aligned crop: the eyes, the nose's tip, the mouth.
pub(crate) const EYES: [At; 2] = [(38.3, 51.7), (73.5, 51.5)];
pub(crate) const NOSE: At = (56.0, 71.7);
pub(crate) const MOUTH: At = (56.1, 92.3);

/// A place in the crop, in pixels to the right and down.
pub(crate) type At = (f32, f32);
pub(crate) type Colour = [f32; 3];

/// A crop and how much of each pixel is covered.
pub(crate) struct Canvas {
    pub(crate) rgb: Vec<u8>,
    cover: Vec<f32>,
}

impl Canvas {
    pub(crate) fn new(rgb: Vec<u8>) -> Canvas {
        Canvas {
            rgb,
            cover: vec![0.0; SIDE * SIDE],
        }
    }

    /// Paints what does not cover: hair, frames, shade.
    pub(crate) fn tint(&mut self, much: impl Fn(At) -> f32, colour: impl Fn(At, Colour) -> Colour) {
        for (at, pixel) in self.rgb.chunks_exact_mut(3).enumerate() {
            let place = ((at % SIDE) as f32, (at / SIDE) as f32);
            let much = much(place).clamp(0.0, 1.0);
            if much > 0.0 {
                let under = [0, 1, 2].map(|c| f32::from(pixel[c]));
                let over = colour(place, under);
                for (value, (under, over)) in pixel.iter_mut().zip(under.into_iter().zip(over)) {
                    *value = (under * (1.0 - much) + over * much).clamp(0.0, 255.0) as u8;
                }
            }
        }
    }

    /// Paints what covers as much as it hides.
    pub(crate) fn cover(&mut self, much: impl Fn(At) -> f32, colour: impl Fn(At) -> Colour) {
        for (at, cover) in self.cover.iter_mut().enumerate() {
            let place = ((at % SIDE) as f32, (at / SIDE) as f32);
            *cover = cover.max(much(place).clamp(0.0, 1.0));
        }
        self.tint(much, |place, _| colour(place));
    }

    /// How much of each cell is covered, 0 to 1, row by row.
    pub(crate) fn covered(&self) -> [f32; CELLS * CELLS] {
        let mut shares = [0.0; CELLS * CELLS];
        let side = SIDE / CELLS;
        for (at, cover) in self.cover.iter().enumerate() {
            let cell = at / SIDE / side * CELLS + at % SIDE / side;
            shares[cell] += cover / (side * side) as f32;
        }
        shares
    }

    /// Mean colour of both cheeks.
    pub(crate) fn skin(&self) -> Colour {
        let (mut sum, mut count) = ([0.0; 3], 0.0);
        for (at, pixel) in self.rgb.chunks_exact(3).enumerate() {
            let (x, y) = (at % SIDE, at / SIDE);
            if (64..80).contains(&y) && ((28..42).contains(&x) || (70..84).contains(&x)) {
                count += 1.0;
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += f32::from(*value);
                }
            }
        }
        sum.map(|sum| sum / count)
    }

    /// How bright the face is, about 1.
    pub(crate) fn light(&self) -> f32 {
        let [r, g, b] = self.skin();
        (0.4 + 0.6 * (0.3 * r + 0.6 * g + 0.1 * b) / 150.0).clamp(0.3, 1.3)
    }
}

/// Cloth of one colour or with a pattern of two.
pub(crate) struct Cloth {
    colours: [Colour; 2],
    pattern: u32,
    dense: f32,
    way: f32,
    folds: f32,
    light: f32,
}

impl Cloth {
    pub(crate) fn any(chance: &mut Chance, light: f32) -> Cloth {
        let dark = chance.often(0.35);
        let base = if chance.often(0.5) {
            [if dark {
                chance.between(5.0, 60.0)
            } else {
                chance.between(60.0, 240.0)
            }; 3]
                .map(|value| value + 12.0 * chance.normal())
        } else {
            [0; 3].map(|_| chance.between(5.0, if dark { 90.0 } else { 240.0 }))
        };
        Cloth {
            colours: [base, [0; 3].map(|_| chance.between(5.0, 240.0))],
            pattern: if chance.often(0.6) {
                0
            } else {
                chance.one_of(4)
            },
            dense: chance.between(0.15, 1.6),
            way: chance.between(0.0, 3.1),
            folds: if chance.often(0.7) {
                chance.between(0.0, 0.25)
            } else {
                0.0
            },
            light,
        }
    }

    /// The same with another colour.
    pub(crate) fn dyed(self, colour: Colour) -> Cloth {
        Cloth {
            colours: [colour, self.colours[1]],
            ..self
        }
    }

    pub(crate) fn at(&self, (x, y): At) -> Colour {
        let along = x * self.way.cos() + y * self.way.sin();
        let across = y * self.way.cos() - x * self.way.sin();
        let second = match self.pattern {
            0 => false,
            1 => (self.dense * along).sin() > 0.2,
            2 => (self.dense * along).sin() * (self.dense * across).sin() > 0.1,
            _ => {
                let wave = (0.5 * self.dense * along + 2.0 * (0.2 * across).sin()).sin();
                wave + (0.37 * self.dense * across + 1.0).cos() > 0.6
            }
        };
        let fold = (0.33 * across + 1.3 * (0.09 * along).sin()).sin();
        let round = 1.0 - 0.25 * ((x - 56.0) / 56.0).powi(2);
        let shade = self.light * round * (1.0 + self.folds * fold);
        self.colours[usize::from(second)].map(|value| value * shade)
    }
}

/// A soft edge: how much of a pixel lies inside, from its distance to the edge (negative inside).
pub(crate) fn soft(distance: f32) -> f32 {
    (0.5 - distance).clamp(0.0, 1.0)
}

/// Distance to an outline of straight lines.
pub(crate) fn polygon(edge: &[At], (x, y): At) -> f32 {
    let mut nearest = f32::MAX;
    let mut inside = false;
    for (a, b) in edge.iter().zip(edge.iter().cycle().skip(1)) {
        nearest = nearest.min(stroke(*a, *b, 0.0, (x, y)));
        if (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0 {
            inside = !inside;
        }
    }
    if inside { -nearest } else { nearest }
}

/// Distance to a line from `a` to `b` as thick as twice a radius, with round ends.
pub(crate) fn stroke(a: At, b: At, radius: f32, (x, y): At) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let long = (dx * dx + dy * dy).max(1e-6);
    let t = (((x - a.0) * dx + (y - a.1) * dy) / long).clamp(0.0, 1.0);
    (x - a.0 - t * dx).hypot(y - a.1 - t * dy) - radius
}

/// About the distance to an oval: round with a power of 2, nearly a rectangle with 6.
pub(crate) fn oval(middle: At, [wide, high]: [f32; 2], power: f32, (x, y): At) -> f32 {
    let (u, v) = (((x - middle.0) / wide).abs(), ((y - middle.1) / high).abs());
    ((u.powf(power) + v.powf(power)).powf(1.0 / power) - 1.0) * wide.min(high)
}
