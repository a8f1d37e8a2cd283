//! What is not a net or not a picture of the right size is refused with a sentence, never a panic.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use faceward_nets::{CenterFace, Landmarks68, MiniFasNet, MobileFaceNet, NetError, Threads};

const CENTERFACE: &[u8] = include_bytes!("../../../models/centerface.safetensors");
const LANDMARKS: &[u8] = include_bytes!("../../../models/landmarks68.safetensors");
const MINIFASNET: &[u8] = include_bytes!("../../../models/minifasnet.safetensors");
const MOBILEFACENET: &[u8] = include_bytes!("../../../models/mobilefacenet.safetensors");

#[test]
fn pictures_of_another_size_are_refused() {
    let one = Threads::one();
    let landmarks = Landmarks68::from_safetensors(LANDMARKS).unwrap();
    let minifasnet = MiniFasNet::from_safetensors(MINIFASNET).unwrap();
    let mobilefacenet = MobileFaceNet::from_safetensors(MOBILEFACENET).unwrap();
    for length in [0, 1, 64 * 64 - 1, 112 * 112 * 3 + 1, 200 * 200 * 3] {
        let pixels = vec![0; length];
        assert!(matches!(
            landmarks.run(&pixels, &one),
            Err(NetError::Input { .. })
        ));
        assert!(matches!(
            minifasnet.run(&pixels, &one),
            Err(NetError::Input { .. })
        ));
        assert!(matches!(
            mobilefacenet.run(&pixels, &one),
            Err(NetError::Input { .. })
        ));
    }
    let error = mobilefacenet.run(&[0; 7], &one).unwrap_err();
    assert_eq!(
        error.to_string(),
        "mobilefacenet takes 112 × 112 RGB pixels, got 7 bytes"
    );
}

#[test]
fn detection_asks_for_multiples_of_32() {
    let net = CenterFace::from_safetensors(CENTERFACE).unwrap();
    let pixels = vec![0; 64 * 96 * 3];
    let run = |width, height| net.run(&pixels, width, height, &Threads::one());
    assert!(run(96, 64).is_ok());
    let huge = usize::MAX / 32 * 32;
    for (width, height) in [
        (64, 64),
        (96, 96),
        (0, 0),
        (0, 32),
        (95, 64),
        (48, 128),
        (huge, huge),
        (huge, 32),
    ] {
        assert!(
            matches!(run(width, height), Err(NetError::Input { .. })),
            "{width} × {height}"
        );
    }
}

#[test]
fn the_smallest_picture_gives_maps_of_eight_by_eight() {
    let net = CenterFace::from_safetensors(CENTERFACE).unwrap();
    let maps = net
        .run(&[128; 32 * 32 * 3], 32, 32, &Threads::one())
        .unwrap();
    assert_eq!((maps.width, maps.height), (8, 8));
    assert!(
        maps.heat.iter().all(|heat| (0.0..0.5).contains(heat)),
        "a face seen in plain grey"
    );
    assert!(maps.landmarks.iter().all(|map| map.len() == 64));
}

#[test]
fn the_weights_of_another_net_are_refused() {
    let error = MobileFaceNet::from_safetensors(LANDMARKS)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("mobilefacenet") && error.contains("`landmarks68`"),
        "{error}"
    );
    assert!(CenterFace::from_safetensors(MINIFASNET).is_err());
    assert!(MiniFasNet::from_safetensors(CENTERFACE).is_err());
    assert!(Landmarks68::from_safetensors(MOBILEFACENET).is_err());
}

#[test]
fn damaged_weights_are_refused_or_still_a_net() {
    for length in [0, 1, 7, 8, 9, 100, 5_000, LANDMARKS.len() - 1] {
        assert!(
            Landmarks68::from_safetensors(&LANDMARKS[..length]).is_err(),
            "cut to {length} bytes"
        );
    }
    // One byte of the header changed: mostly refused; where it is not (a byte of the licence, say)
    // the net must run.
    let header =
        8 + usize::try_from(u64::from_le_bytes(LANDMARKS[..8].try_into().unwrap())).unwrap();
    let mut refused = 0;
    let mut damaged = LANDMARKS.to_vec();
    for at in (0..header).step_by(37) {
        damaged[at] ^= 0x15;
        match Landmarks68::from_safetensors(&damaged) {
            Err(error) => {
                refused += 1;
                assert!(
                    error.to_string().contains("models/manifest.toml"),
                    "{error}"
                );
            }
            Ok(net) => drop(net.run(&[0; 64 * 64], &Threads::one()).unwrap()),
        }
        damaged[at] ^= 0x15;
    }
    assert!(
        refused > 100,
        "only {refused} of the damaged headers were refused"
    );
}

#[test]
fn weights_that_are_not_numbers_are_refused() {
    let mut damaged = LANDMARKS.to_vec();
    let end = damaged.len();
    damaged[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let error = Landmarks68::from_safetensors(&damaged)
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("not numbers"), "{error}");
}
