//! The nets against ONNX Runtime on the weights as published, every instruction set of this machine.
//!
//! `reference.safetensors` holds what ONNX Runtime answered on four drawn pictures; `reference.py`
//! made it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drawn;

use std::num::NonZeroUsize;

use drawn::Picture;
use faceward_nets::{CenterFace, Kernels, Landmarks68, MiniFasNet, MobileFaceNet, Threads};
use safetensors::SafeTensors;

/// Largest difference allowed between an output and the reference: 0.1 % of a probability, of a
/// crop's side or of a unit embedding.
const TOLERANCE: f32 = 1e-3;
/// For what CenterFace says beside the heat: logarithms, cells and box sizes, here 0.2 %.
const MAP_TOLERANCE: f32 = 2e-3;
/// Largest difference allowed between an instruction set and the scalar one.
const ROUNDING: f32 = 1e-4;

#[test]
fn centerface_agrees() {
    let net =
        CenterFace::from_safetensors(include_bytes!("../../../models/centerface.safetensors"))
            .unwrap();
    let maps = |picture: Picture, threads: &Threads| {
        let maps = net
            .run(&picture.draw(160, 96, 3), 160, 96, threads)
            .unwrap();
        assert_eq!((maps.width, maps.height), (40, 24));
        maps
    };
    let sample = |maps: &[Vec<f32>]| {
        maps.iter()
            .flat_map(|map| map.iter().copied().step_by(7))
            .collect()
    };
    agrees("centerface_heat", TOLERANCE, |picture, threads| {
        sample(&[maps(picture, threads).heat])
    });
    agrees("centerface_maps", MAP_TOLERANCE, |picture, threads| {
        let maps = maps(picture, threads);
        sample(&[maps.scale.as_slice(), &maps.offset, &maps.landmarks].concat())
    });
}

#[test]
fn mobilefacenet_embeddings_agree() {
    let net = MobileFaceNet::from_safetensors(include_bytes!(
        "../../../models/mobilefacenet.safetensors"
    ))
    .unwrap();
    // Scaled to unit length, on both sides.
    agrees("mobilefacenet", TOLERANCE, |picture, threads| {
        net.run(
            &picture.draw(MobileFaceNet::SIDE, MobileFaceNet::SIDE, 3),
            threads,
        )
        .unwrap()
    });
}

#[test]
fn landmarks_agree() {
    let net =
        Landmarks68::from_safetensors(include_bytes!("../../../models/landmarks68.safetensors"))
            .unwrap();
    // In parts of the crop.
    agrees("landmarks68", TOLERANCE, |picture, threads| {
        net.run(
            &picture.draw(Landmarks68::SIDE, Landmarks68::SIDE, 1),
            threads,
        )
        .unwrap()
        .concat()
    });
}

#[test]
fn minifasnet_probabilities_agree() {
    let net =
        MiniFasNet::from_safetensors(include_bytes!("../../../models/minifasnet.safetensors"))
            .unwrap();
    agrees("minifasnet", TOLERANCE, |picture, threads| {
        net.run(
            &picture.draw(MiniFasNet::SIDE, MiniFasNet::SIDE, 3),
            threads,
        )
        .unwrap()
        .to_vec()
    });
}

/// Holds `answer` to the reference, to the scalar kernels and to itself on one thread.
fn agrees(net: &str, tolerance: f32, answer: impl Fn(Picture, &Threads) -> Vec<f32>) {
    let file = SafeTensors::deserialize(include_bytes!("reference.safetensors")).unwrap();
    for (picture, name) in Picture::ALL {
        let tensor = file.tensor(&format!("{net}.{name}")).unwrap();
        let mut expected: Vec<f32> = tensor
            .data()
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect();
        let normalise = |values: &mut Vec<f32>| {
            let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
            if net == "mobilefacenet" {
                values.iter_mut().for_each(|value| *value /= norm);
            }
        };
        normalise(&mut expected);
        let mut scalar: Option<Vec<f32>> = None;
        for kernels in Kernels::available() {
            let team = |n| Threads::with_kernels(NonZeroUsize::new(n).unwrap(), kernels);
            let mut alone = answer(picture, &team(1));
            let mut together = answer(picture, &team(3));
            normalise(&mut alone);
            normalise(&mut together);
            assert!(
                alone == together,
                "{net} {name}: three threads disagree with one on {kernels}"
            );
            let scalar = scalar.get_or_insert_with(|| alone.clone());
            let (off, rounding) = (difference(&alone, &expected), difference(&alone, scalar));
            println!(
                "{net} {name} {kernels}: {off:.1e} from the reference, {rounding:.1e} from scalar"
            );
            assert!(
                off <= tolerance,
                "{net} {name}: {kernels} is {off} from the reference"
            );
            assert!(
                rounding <= ROUNDING,
                "{net} {name}: {kernels} is {rounding} from scalar"
            );
        }
    }
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}
