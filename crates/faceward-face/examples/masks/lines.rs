//! Bytes of the table of what covers a face, from pictures of bare ones.

use std::num::NonZeroUsize;
use std::path::Path;

use faceward_face::{Reader, ReaderOptions};
use faceward_nets::Threads;

use crate::bare;
use crate::canvas::{CELLS, Canvas};
use crate::covers::Kind;
use crate::fit;
use crate::pictures::{self, Chance};

/// Channels of the last map, and cells of it.
const CHANNELS: usize = 512;
const ALL: usize = CELLS * CELLS;
/// Pictures made of each photograph, five of eight with something on them. Each counts mirrored, too.
const EXAMPLES: usize = 1500;
/// On standardised channels.
const PENALTY: f64 = 0.3;

pub(crate) fn table(folder: &Path) -> Vec<u8> {
    let reader = Reader::new(ReaderOptions::default()).unwrap();
    let net = fit::net();
    let threads = Threads::new(NonZeroUsize::MIN);
    let mut chance = Chance(11);
    let mut sums: Vec<Sums> = (0..ALL).map(|_| Sums::new()).collect();
    for (image, face) in &pictures::of_folder(&reader, folder) {
        for i in 0..EXAMPLES {
            let crop = pictures::aligned(&reader, image, face, &mut chance);
            let mut canvas = Canvas::new(crop);
            for often in [0.6, 0.25] {
                if chance.often(often) {
                    bare::draw(&mut canvas, &mut chance);
                }
            }
            for often in if i % 8 < 5 { [1.0, 0.25] } else { [0.0; 2] } {
                if chance.often(often) {
                    Kind::any(&mut chance).draw(&mut canvas, &mut chance);
                }
            }
            // A cell that something only touches is bare; one that is half hidden is covered.
            let told = canvas
                .covered()
                .map(|share| ((share - 0.15) / 0.4).clamp(0.0, 1.0));
            pictures::taken(&mut canvas.rgb, &mut chance);
            let (image, face) = pictures::as_picture(canvas.rgb);
            let crop = reader.aligned(&image, &face).unwrap();
            let seen = net.run_seen(crop.rgb(), &threads).unwrap();
            let turned = net
                .run_seen(&pictures::mirrored(crop.rgb()), &threads)
                .unwrap();
            for (cell, sums) in sums.iter_mut().enumerate() {
                let other = cell / CELLS * CELLS + CELLS - 1 - cell % CELLS;
                let values = |map: &[f32]| map[cell * CHANNELS..][..CHANNELS].to_vec();
                sums.add(values(&seen.map), told[cell]);
                sums.add(values(&turned.map), told[other]);
            }
        }
        eprintln!("{} examples", sums[0].told.len() as f64 + sums[0].count);
    }
    let mut bytes = b"faceward-covers1".to_vec();
    for sums in sums {
        for value in sums.line() {
            bytes.extend((value as f32).to_le_bytes());
        }
    }
    bytes
}

/// What ridge regression needs to know of one cell's examples.
struct Sums {
    count: f64,
    values: Vec<f64>,
    products: Vec<f64>,
    with_told: Vec<f64>,
    all_told: f64,
    /// Examples not yet added up, and what is told of each.
    waiting: Vec<f32>,
    told: Vec<f32>,
}

impl Sums {
    fn new() -> Sums {
        Sums {
            count: 0.0,
            values: vec![0.0; CHANNELS],
            products: vec![0.0; CHANNELS * CHANNELS],
            with_told: vec![0.0; CHANNELS],
            all_told: 0.0,
            waiting: Vec::new(),
            told: Vec::new(),
        }
    }

    fn add(&mut self, values: Vec<f32>, told: f32) {
        self.waiting.extend(values);
        self.told.push(told);
        // Many at once, so that the products are walked through seldom.
        if self.told.len() == 64 {
            self.add_up();
        }
    }

    fn add_up(&mut self) {
        let examples: Vec<f32> = std::mem::take(&mut self.waiting);
        for (values, told) in examples.chunks_exact(CHANNELS).zip(&self.told) {
            self.count += 1.0;
            self.all_told += f64::from(*told);
            for (i, value) in values.iter().enumerate() {
                self.values[i] += f64::from(*value);
                self.with_told[i] += f64::from(*value) * f64::from(*told);
            }
        }
        let mut row = [0.0_f32; CHANNELS];
        for i in 0..CHANNELS {
            row.fill(0.0);
            for values in examples.chunks_exact(CHANNELS) {
                let value = values[i];
                for (sum, other) in row[..=i].iter_mut().zip(values) {
                    *sum += value * other;
                }
            }
            for (product, sum) in self.products[i * CHANNELS..].iter_mut().zip(&row[..=i]) {
                *product += f64::from(*sum);
            }
        }
        self.told.clear();
    }

    /// The bias and the weights that come nearest to what was told.
    fn line(mut self) -> Vec<f64> {
        self.add_up();
        let count = self.count;
        let mean: Vec<f64> = self.values.iter().map(|sum| sum / count).collect();
        let mean_told = self.all_told / count;
        let covariance =
            |i: usize, j: usize| self.products[i * CHANNELS + j] / count - mean[i] * mean[j];
        let deviation: Vec<f64> = (0..CHANNELS)
            .map(|i| covariance(i, i).max(0.0).sqrt() + 1e-3)
            .collect();
        let mut matrix = vec![0.0; CHANNELS * CHANNELS];
        for i in 0..CHANNELS {
            for j in 0..=i {
                matrix[i * CHANNELS + j] = covariance(i, j) / deviation[i] / deviation[j];
            }
            matrix[i * CHANNELS + i] += PENALTY;
        }
        let aim = (0..CHANNELS)
            .map(|i| (self.with_told[i] / count - mean[i] * mean_told) / deviation[i])
            .collect();
        let weights = solved(matrix, aim);
        let weights: Vec<f64> = weights.iter().zip(&deviation).map(|(w, d)| w / d).collect();
        let shift: f64 = weights.iter().zip(&mean).map(|(w, m)| w * m).sum();
        std::iter::once(mean_told - shift).chain(weights).collect()
    }
}

/// The solution of a symmetric system of which the lower half is given, by Cholesky's way.
fn solved(mut matrix: Vec<f64>, mut aim: Vec<f64>) -> Vec<f64> {
    let n = aim.len();
    for i in 0..n {
        for j in 0..=i {
            let before: f64 = (0..j).map(|k| matrix[i * n + k] * matrix[j * n + k]).sum();
            let left = matrix[i * n + j] - before;
            matrix[i * n + j] = if i == j {
                left.sqrt()
            } else {
                left / matrix[j * n + j]
            };
        }
    }
    for i in 0..n {
        let before: f64 = (0..i).map(|k| matrix[i * n + k] * aim[k]).sum();
        aim[i] = (aim[i] - before) / matrix[i * n + i];
    }
    for i in (0..n).rev() {
        let after: f64 = (i + 1..n).map(|k| matrix[k * n + i] * aim[k]).sum();
        aim[i] = (aim[i] - after) / matrix[i * n + i];
    }
    aim
}
