//! What a user sees for odd and bad picture files. The files are synthetic, from `tests/pictures/make.py`.
#![allow(clippy::indexing_slicing, reason = "a test may panic")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use faceward_face::{FaceError, Image};
use proptest::prelude::*;

/// Red, green, blue and grey, as the corners of the test card show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hue {
    Red,
    Green,
    Blue,
    Grey,
    White,
}
use Hue::{Blue, Green, Grey, Red, White};

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn decoded(name: &str) -> Image {
    Image::decode(&file(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn refused(name: &str) -> FaceError {
    let outcome = Image::decode(&file(name));
    outcome.err().unwrap_or_else(|| panic!("{name} was read"))
}

/// The hues above left, above right, below left and below right.
fn corners(image: &Image) -> [Hue; 4] {
    let (width, height) = (image.width() as usize, image.height() as usize);
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| {
        let at = 3 * (y * height / 4 * width + x * width / 4);
        let [r, g, b] = [0, 1, 2].map(|c| i32::from(image.rgb()[at + c]));
        match () {
            () if r > g + 80 && r > b + 80 => Red,
            () if g > r + 80 && g > b + 80 => Green,
            () if b > r + 80 && b > g + 80 => Blue,
            () if r > 245 && g > 245 && b > 245 => White,
            () => Grey,
        }
    })
}

#[test]
fn every_format_read_shows_the_same_card() {
    for name in [
        "plain.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "plain.png",
        "palette.png",
        "plain.webp",
        "plain.bmp",
        "plain.gif",
        "plain.ppm",
        "wrong-name.png",
    ] {
        let image = decoded(name);
        assert_eq!((image.width(), image.height()), (40, 30), "{name}");
        assert_eq!(corners(&image), [Red, Green, Blue, Grey], "{name}");
        assert!(image.notes().is_empty(), "{name}");
    }
}

#[test]
fn grey_pictures_become_rgb_with_equal_channels() {
    for name in ["grey.jpg", "plain.pgm", "grey-16-bit.png"] {
        let image = decoded(name);
        assert!(
            image
                .rgb()
                .chunks_exact(3)
                .all(|p| p[0] == p[1] && p[1] == p[2]),
            "{name}"
        );
    }
    let middle = decoded("grey-16-bit.png").rgb()[0];
    assert_eq!(middle, 0x80, "half of 16 bits is half of 8");
}

#[test]
fn a_picture_is_turned_upright_by_its_exif_orientation() {
    let expected = [
        [Red, Green, Blue, Grey],
        [Green, Red, Grey, Blue],
        [Grey, Blue, Green, Red],
        [Blue, Grey, Red, Green],
        [Red, Blue, Green, Grey],
        [Blue, Red, Grey, Green],
        [Grey, Green, Blue, Red],
        [Green, Grey, Red, Blue],
    ];
    for (orientation, hues) in (1..).zip(expected) {
        let image = decoded(&format!("orientation-{orientation}.jpg"));
        let size = if orientation < 5 { (40, 30) } else { (30, 40) };
        assert_eq!((image.width(), image.height()), size, "{orientation}");
        assert_eq!(corners(&image), hues, "{orientation}");
    }
}

#[test]
fn what_is_transparent_becomes_white() {
    assert_eq!(
        corners(&decoded("transparent.png")),
        [Red, Green, Blue, White]
    );
}

#[test]
fn of_a_moving_picture_the_first_frame_is_used_and_the_person_is_told() {
    for name in ["moving.gif", "moving.png", "moving.webp"] {
        let image = decoded(name);
        assert_eq!(corners(&image), [Red, Green, Blue, Grey], "{name}");
        assert!(
            image.notes()[0].contains("first frame"),
            "{name}: {:?}",
            image.notes()
        );
    }
}

#[test]
fn a_cut_off_file_is_called_incomplete_and_never_filled_with_grey() {
    for name in [
        "cut-plain.jpg",
        "cut-progressive.jpg",
        "cut-plain.png",
        "cut-plain.webp",
        "cut-plain.bmp",
        "cut-plain.gif",
        "cut-plain.ppm",
    ] {
        let refusal = refused(name);
        assert!(
            matches!(refusal, FaceError::Truncated { .. }),
            "{name}: {refusal}"
        );
        assert!(
            refusal.to_string().contains("send the whole file"),
            "{name}"
        );
    }
}

#[test]
fn every_shorter_jpeg_is_refused() {
    let whole = file("plain.jpg");
    for length in 0..whole.len() {
        assert!(
            Image::decode(&whole[..length]).is_err(),
            "{length} of {} bytes",
            whole.len()
        );
    }
}

#[test]
fn a_picture_of_20000_by_20000_pixels_is_refused_from_its_header() {
    for name in ["20000x20000.png", "20000x20000.jpg", "20000x20000.pgm"] {
        let refusal = refused(name);
        let told = matches!(
            refusal,
            FaceError::TooManyPixels {
                width: 20_000,
                height: 20_000
            }
        );
        assert!(told, "{name}: {refusal}");
        assert!(refusal.to_string().contains("20000×20000"), "{name}");
    }
}

#[test]
fn what_is_no_picture_is_told_by_what_it_seems_to_be() {
    for (name, words) in [
        ("text.jpg", "it seems to be text"),
        ("document.png", "it seems to be a PDF document"),
        ("random.jpg", "it seems to be data of no known kind"),
        ("phone.heic", "seems to be a HEIC picture"),
        ("scan.tiff", "seems to be a TIFF"),
        ("empty.jpg", "the picture is empty"),
        ("broken.png", "the PNG is damaged"),
    ] {
        let sentence = refused(name).to_string();
        assert!(sentence.contains(words), "{name}: {sentence}");
    }
    let refusal = refused("phone.heic").to_string();
    assert!(
        refusal.contains("JPEG, PNG, WebP, BMP, GIF, PGM or PPM"),
        "{refusal}"
    );
}

#[test]
fn pixels_given_directly_must_fit_their_size() {
    assert!(Image::from_rgb(2, 2, vec![0; 12]).is_ok());
    for (width, height, bytes) in [(2, 2, 11), (0, 4, 0), (70_000, 70_000, 3)] {
        assert!(
            Image::from_rgb(width, height, vec![0; bytes]).is_err(),
            "{width}×{height}"
        );
    }
}

fn any_picture() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "plain.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "orientation-6.jpg",
        "plain.png",
        "palette.png",
        "grey-16-bit.png",
        "moving.png",
        "plain.webp",
        "moving.webp",
        "plain.bmp",
        "moving.gif",
        "plain.pgm",
        "plain.ppm",
    ];
    prop::sample::select(names.map(file).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_give_an_image_or_a_sentence(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Err(refusal) = Image::decode(&bytes) {
            prop_assert!(!refusal.to_string().is_empty());
        }
    }

    #[test]
    fn a_changed_picture_gives_an_image_of_its_stated_size_or_a_sentence(
        mut bytes in any_picture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        if let Ok(image) = Image::decode(&bytes) {
            let pixels = image.width() as usize * image.height() as usize;
            prop_assert_eq!(image.rgb().len(), 3 * pixels);
        }
    }
}
