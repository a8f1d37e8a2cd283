//! An embedder of one's own, from an ONNX file.
#![allow(clippy::expect_used, reason = "a test may panic")]

use std::path::PathBuf;

use faceward_face::{Embedder, Face, FaceError, Image, Point, Reader, ReaderOptions, Rect};
use faceward_match::{MatchError, score};

#[test]
fn an_onnx_embedder_makes_templates_that_never_meet_our_own() {
    let path = written("mean-colour.onnx", &mean_colour());
    let theirs = reader(Embedder::Onnx(path)).expect("a usable model");
    let ours = reader(Embedder::Own).expect("built-in weights");
    assert_eq!(theirs.model().name(), "mean-colour");
    let (image, face) = red_square();
    let template = theirs.template(&image, &face).expect("a template");
    // Red is (255 - 127.5) / 127.5 = 1, the other channels are -1: scaled to length 1.
    let third = 1.0 / 3.0_f32.sqrt();
    for (value, expected) in template.values().iter().zip([third, -third, -third]) {
        assert!((value - expected).abs() < 1e-5, "{:?}", template.values());
    }
    let own = ours.template(&image, &face).expect("a template");
    let refusal = score(&template, &own).err();
    assert!(matches!(refusal, Some(MatchError::ModelMismatch { .. })));
}

#[test]
fn a_file_that_is_no_model_or_absent_is_told_of_at_start() {
    let absent = PathBuf::from("no-such-file.onnx");
    for path in [
        written("text.onnx", b"not a model"),
        written("empty.onnx", b""),
        absent,
    ] {
        let refusal = reader(Embedder::Onnx(path)).err();
        assert!(
            matches!(refusal, Some(FaceError::Embedder { .. })),
            "{refusal:?}"
        );
    }
}

fn reader(embedder: Embedder) -> Result<Reader, FaceError> {
    Reader::new(ReaderOptions {
        embedder,
        ..ReaderOptions::default()
    })
}

fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("a file in the target folder");
    path
}

fn red_square() -> (Image, Face) {
    let image = Image::from_rgb(112, 112, [255, 0, 0].repeat(112 * 112)).expect("an image");
    let points = [
        (38.0, 52.0),
        (74.0, 52.0),
        (56.0, 72.0),
        (42.0, 92.0),
        (71.0, 92.0),
    ];
    let face = Face {
        rect: Rect {
            x: 20.0,
            y: 20.0,
            width: 72.0,
            height: 90.0,
        },
        points: points.map(|(x, y)| Point { x, y }),
        confidence: 1.0,
    };
    (image, face)
}

/// An ONNX model with one operator: the mean of each colour channel, 1×3×112×112 to 1×3×1×1.
fn mean_colour() -> Vec<u8> {
    let node = [
        field(1, b"face"),
        field(2, b"means"),
        field(4, b"GlobalAveragePool"),
    ];
    let graph = [
        field(1, &node.concat()),
        field(2, b"mean colour"),
        field(11, &tensor("face", [1, 3, 112, 112])),
        field(12, &tensor("means", [1, 3, 1, 1])),
    ];
    let operators = number(2, 13);
    [
        number(1, 8),
        field(7, &graph.concat()),
        field(8, &operators),
    ]
    .concat()
}

/// `ValueInfoProto` of a tensor of floats.
fn tensor(name: &str, shape: [u8; 4]) -> Vec<u8> {
    let sides = shape.map(|side| field(1, &number(1, side)));
    let kind = [number(1, 1), field(2, &sides.concat())].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &kind))].concat()
}

/// A protobuf field of bytes, shorter than 2¹⁴ so that its length takes at most two bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len();
    let mut out = vec![number << 3 | 2];
    if length < 128 {
        out.push(length as u8);
    } else {
        out.extend([(length & 127) as u8 | 128, (length >> 7) as u8]);
    }
    out.extend(bytes);
    out
}

/// A protobuf field of a number below 128.
fn number(number: u8, value: u8) -> Vec<u8> {
    vec![number << 3, value]
}
