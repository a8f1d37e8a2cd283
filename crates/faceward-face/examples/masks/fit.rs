//! Bytes of the table from pictures of bare faces.

use std::num::NonZeroUsize;
use std::path::Path;

use faceward_face::mask::{draw, halves};
use faceward_face::{Image, Reader, ReaderOptions};
use faceward_nets::{MobileFaceNet, Threads};

use crate::pictures::{self, Chance};

/// Values of an embedding, and channels of the last map.
const DIM: usize = 512;
/// Pictures made of each photograph for the line, half of them masked.
const EXAMPLES: usize = 600;
/// Differently aligned faces of each photograph, and masks on each, for the directions.
const FACES: usize = 8;
const MASKS: usize = 24;
/// Directions beside the mean one.
const DIRECTIONS: usize = 16;

pub(crate) fn table(folder: &Path) -> Vec<u8> {
    let reader = Reader::new(ReaderOptions::default()).unwrap();
    let net = net();
    let threads = Threads::new(NonZeroUsize::MIN);
    let photographs = pictures::of_folder(&reader, folder);
    let (bias, line) = line(&reader, &net, &threads, &photographs);
    let directions = directions(&reader, &net, &threads, &photographs);
    let mut bytes = b"faceward-masks 1".to_vec();
    for value in std::iter::once(bias).chain(line).chain(directions) {
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

/// The embedder, by itself.
pub(crate) fn net() -> MobileFaceNet {
    let weights = include_bytes!("../../../../models/mobilefacenet.safetensors");
    MobileFaceNet::from_safetensors(weights).unwrap()
}

/// The line that parts the halves of masked faces from those of bare ones: logistic regression with a penalty on
/// standardised values, by gradient descent with momentum.
fn line(
    reader: &Reader,
    net: &MobileFaceNet,
    threads: &Threads,
    photographs: &[(Image, faceward_face::Face)],
) -> (f32, Vec<f32>) {
    let mut chance = Chance(1);
    let mut examples: Vec<(Vec<f64>, f64)> = Vec::new();
    for (image, face) in photographs {
        for i in 0..EXAMPLES {
            let mut crop = pictures::aligned(reader, image, face, &mut chance);
            let masked = i % 2 == 1;
            if masked {
                crop = draw(&crop, &pictures::any_style(&mut chance)).to_vec();
            } else if chance.often(0.4) {
                pictures::disturbed(&mut crop, &mut chance);
            }
            pictures::taken(&mut crop, &mut chance);
            let seen = pictures::as_picture(crop);
            let crop = reader.aligned(&seen.0, &seen.1).unwrap();
            let seen = net.run_seen(crop.rgb(), threads).unwrap();
            let values = halves(&seen);
            let values = values.iter().map(|v| f64::from(*v)).collect();
            examples.push((values, f64::from(masked)));
        }
        eprintln!("{} examples", examples.len());
    }
    let count = examples.len() as f64;
    let mean: Vec<f64> = (0..2 * DIM)
        .map(|i| examples.iter().map(|(x, _)| x[i]).sum::<f64>() / count)
        .collect();
    let spread = |i: usize| {
        let squares = examples.iter().map(|(x, _)| (x[i] - mean[i]).powi(2));
        (squares.sum::<f64>() / count).sqrt() + 1e-3
    };
    let deviation: Vec<f64> = (0..2 * DIM).map(spread).collect();
    for (x, _) in &mut examples {
        for (i, value) in x.iter_mut().enumerate() {
            *value = (*value - mean[i]) / deviation[i];
        }
    }
    let (mut weights, mut bias) = (vec![0.0; 2 * DIM], 0.0);
    let (mut speed, mut bias_speed) = (vec![0.0; 2 * DIM], 0.0);
    const PENALTY: f64 = 0.01;
    const STEP: f64 = 0.005;
    for _ in 0..1500 {
        let mut slope: Vec<f64> = weights.iter().map(|w| PENALTY * w).collect();
        let mut bias_slope = 0.0;
        for (x, y) in &examples {
            let says = bias + x.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>();
            let wrong = (1.0 / (1.0 + (-says).exp()) - y) / count;
            bias_slope += wrong;
            for (slope, x) in slope.iter_mut().zip(x) {
                *slope += wrong * x;
            }
        }
        for ((weight, speed), slope) in weights.iter_mut().zip(&mut speed).zip(&slope) {
            *speed = 0.9 * *speed - STEP * slope;
            *weight += *speed;
        }
        bias_speed = 0.9 * bias_speed - STEP * bias_slope;
        bias += bias_speed;
    }
    let line: Vec<f64> = weights.iter().zip(&deviation).map(|(w, d)| w / d).collect();
    let shift: f64 = line.iter().zip(&mean).map(|(w, m)| w * m).sum();
    (
        (bias - shift) as f32,
        line.iter().map(|w| *w as f32).collect(),
    )
}

/// The mean direction of masked faces, then those in which the masks on one face differ most, at right angles.
fn directions(
    reader: &Reader,
    net: &MobileFaceNet,
    threads: &Threads,
    photographs: &[(Image, faceward_face::Face)],
) -> Vec<f32> {
    let mut chance = Chance(2);
    let embed = |crop: &[u8]| {
        let face = net.run(crop, threads).unwrap();
        let other = net.run(&pictures::mirrored(crop), threads).unwrap();
        face.iter()
            .zip(other)
            .map(|(a, b)| f64::from(a + b))
            .collect::<Vec<f64>>()
    };
    let mut mean = vec![0.0; DIM];
    let mut differences: Vec<Vec<f64>> = Vec::new();
    for (image, face) in photographs {
        for _ in 0..FACES {
            let crop = pictures::aligned(reader, image, face, &mut chance);
            let with = |chance: &mut Chance| embed(&draw(&crop, &pictures::any_style(chance)));
            let masked: Vec<Vec<f64>> = (0..MASKS).map(|_| with(&mut chance)).collect();
            let own: Vec<f64> = (0..DIM)
                .map(|i| masked.iter().map(|m| m[i]).sum::<f64>() / MASKS as f64)
                .collect();
            for (sum, value) in mean.iter_mut().zip(&own) {
                *sum += value;
            }
            let apart = |m: &Vec<f64>| m.iter().zip(&own).map(|(m, o)| m - o).collect();
            differences.extend(masked.iter().map(apart));
        }
        eprintln!("{} differences", differences.len());
    }
    let mut found: Vec<Vec<f64>> = Vec::new();
    let mut start = mean;
    for round in 0..=DIRECTIONS {
        // Power iteration on what the directions before left over; the mean direction is taken as it is.
        for _ in 0..if round == 0 { 1 } else { 300 } {
            if round > 0 {
                let mut next = vec![0.0; DIM];
                for difference in &differences {
                    let along: f64 = difference.iter().zip(&start).map(|(d, s)| d * s).sum();
                    for (next, value) in next.iter_mut().zip(difference) {
                        *next += along * value;
                    }
                }
                start = next;
            }
            for before in &found {
                let along: f64 = start.iter().zip(before).map(|(s, b)| s * b).sum();
                for (value, before) in start.iter_mut().zip(before) {
                    *value -= along * before;
                }
            }
            let length = start.iter().map(|v| v * v).sum::<f64>().sqrt();
            start.iter_mut().for_each(|v| *v /= length);
        }
        found.push(start.clone());
        start = (0..DIM).map(|_| f64::from(chance.normal())).collect();
    }
    found.into_iter().flatten().map(|v| v as f32).collect()
}
