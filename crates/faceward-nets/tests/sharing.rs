//! One net and one team of threads, used from everywhere at once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drawn;

use std::num::NonZeroUsize;

use drawn::Picture;
use faceward_nets::{CenterFace, MobileFaceNet, Threads};

#[test]
fn callers_sharing_a_team_get_their_own_answers() {
    let net = MobileFaceNet::from_safetensors(include_bytes!(
        "../../../models/mobilefacenet.safetensors"
    ))
    .unwrap();
    let team = Threads::new(NonZeroUsize::new(3).unwrap());
    let faces: Vec<_> = Picture::ALL
        .iter()
        .map(|(picture, _)| picture.draw(112, 112, 3))
        .collect();
    let alone: Vec<_> = faces
        .iter()
        .map(|face| net.run(face, &Threads::one()).unwrap())
        .collect();
    std::thread::scope(|scope| {
        for (face, expected) in faces.iter().zip(&alone) {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert!(
                        net.run(face, &team).unwrap() == *expected,
                        "an answer of somebody else's face"
                    );
                }
            });
        }
    });
}

#[test]
fn what_a_net_saw_before_does_not_change_its_answer() {
    let net =
        CenterFace::from_safetensors(include_bytes!("../../../models/centerface.safetensors"))
            .unwrap();
    let one = Threads::one();
    let small = Picture::Drawing.draw(64, 96, 3);
    let first = net.run(&small, 64, 96, &one).unwrap();
    net.run(&Picture::Noise.draw(160, 128, 3), 160, 128, &one)
        .unwrap();
    assert!(net.run(&small, 64, 96, &one).unwrap() == first);
}

#[test]
fn more_threads_than_rows_are_no_harm() {
    let face = MobileFaceNet::from_safetensors(include_bytes!(
        "../../../models/mobilefacenet.safetensors"
    ))
    .unwrap();
    let detector =
        CenterFace::from_safetensors(include_bytes!("../../../models/centerface.safetensors"))
            .unwrap();
    let (many, one) = (Threads::new(NonZeroUsize::new(9).unwrap()), Threads::one());
    let pixels = Picture::Drawing.draw(112, 112, 3);
    assert!(face.run(&pixels, &many).unwrap() == face.run(&pixels, &one).unwrap());
    let pixels = Picture::Mixed.draw(32, 32, 3);
    assert!(
        detector.run(&pixels, 32, 32, &many).unwrap()
            == detector.run(&pixels, 32, 32, &one).unwrap()
    );
}
