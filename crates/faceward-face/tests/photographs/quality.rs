use std::path::{Path, PathBuf};

use faceward_face::{COMPONENTS, Defect, Image, Measured, Quality, single_face_present};

use super::{largest, open, pictures, reader, set};

#[test]
fn the_same_portrait_is_worth_less_with_fewer_pixels() {
    let Some(folder) = set("portraits-dev") else {
        return;
    };
    let ladder = ["1080p", "720p", "480p", "240p"]
        .map(|p| judged(&folder.join(format!("obama-{p}.jpg"))).unified);
    assert!(
        ladder.windows(2).all(|pair| pair[0] > pair[1]),
        "{ladder:?}"
    );
}

#[test]
fn a_face_cut_by_the_edge_of_the_picture_is_not_enrolled_and_whole_ones_are() {
    let Some(folder) = set("portraits-dev") else {
        return;
    };
    for path in pictures(&folder) {
        let quality = judged(&path);
        let cut = quality.obstacles().any(|r| r.defect == Defect::CutOff);
        assert_eq!(
            cut,
            path.display().to_string().contains("partial_face"),
            "{}",
            path.display()
        );
        assert_eq!(
            quality.obstacles().count(),
            usize::from(cut),
            "{}",
            path.display()
        );
    }
}

#[test]
fn torn_captures_are_told_from_whole_ones() {
    let Some(folder) = set("yaleb-dev") else {
        return;
    };
    let torn: Vec<String> = pictures(&folder)
        .iter()
        .filter(|path| {
            judged(path)
                .obstacles()
                .any(|r| r.defect == Defect::ScanLines)
        })
        .map(|path| {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(torn, ["yaleB02_P00A+020E-10", "yaleB05_P00A+035E+40"]);
}

#[test]
fn ordinary_pictures_may_be_enrolled() {
    for (name, most) in [("lfw-dev", 0.03), ("nuaa-dev", 0.0)] {
        let Some(folder) = set(name) else { return };
        let all = pictures(&folder);
        let kept_out = all
            .iter()
            .filter(|p| judged(p).obstacles().count() > 0)
            .count();
        assert!(
            kept_out as f64 <= most * all.len() as f64,
            "{name}: {kept_out} of {}",
            all.len()
        );
    }
}

#[test]
fn the_list_of_components_tells_what_is_measured_and_what_is_not() {
    let quality = judged(&demo());
    let mut measured: Vec<&str> = quality.components.iter().map(|c| c.name).collect();
    measured.insert(0, "UnifiedQualityScore");
    let at = measured.iter().position(|name| *name == "EyesOpen");
    measured.insert(at.unwrap(), single_face_present(&[]).name);
    let told: Vec<&str> = COMPONENTS
        .iter()
        .filter(|known| !matches!(known.measured, Measured::Not(_)))
        .map(|known| known.name)
        .collect();
    assert_eq!(measured, told);
    assert!(quality.components.iter().all(|c| c.value.is_some()));
}

#[test]
fn a_tinted_picture_a_flat_one_and_one_lit_from_the_side_are_told_with_what_to_do() {
    let plain = open(&demo());
    assert_eq!(words(&plain), Vec::<String>::new());
    let blue = |_: f32, [r, g, b]: [f32; 3]| [0.5 * r, 0.7 * g, b];
    let flat = |_: f32, rgb: [f32; 3]| rgb.map(|v| 120.0 + v / 25.0);
    let side = |x: f32, rgb: [f32; 3]| rgb.map(|v| v * if x < 0.5 { 0.15 } else { 1.0 });
    for (change, hint) in [
        (&blue as &dyn Fn(f32, [f32; 3]) -> [f32; 3], "white light"),
        (&flat, "no contrast"),
        (&side, "turn towards the light"),
    ] {
        let told = words(&changed(&plain, change));
        assert!(
            told.iter().any(|reason| reason.contains(hint)),
            "{hint}: {told:?}"
        );
    }
}

/// Every pixel changed, by where it lies from the left edge of the face's box, 0, to the right, 1.
fn changed(image: &Image, change: &dyn Fn(f32, [f32; 3]) -> [f32; 3]) -> Image {
    let rect = largest(image).expect("a face").rect;
    let pixels = image.rgb().chunks_exact(3).enumerate();
    let rgb = pixels.flat_map(|(at, pixel)| {
        let x = (at as u32 % image.width()) as f32;
        let new = change(
            (x - rect.x) / rect.width,
            [0, 1, 2].map(|c| f32::from(pixel[c])),
        );
        new.map(|v| v as u8)
    });
    let rgb = rgb.collect();
    Image::from_rgb(image.width(), image.height(), rgb).expect("a picture of that size")
}

fn words(image: &Image) -> Vec<String> {
    let face = largest(image).expect("a face");
    let quality = reader().quality(image, &face).expect("a judgement");
    quality.reasons.iter().map(ToString::to_string).collect()
}

/// A portrait in the public domain, which is part of the project.
fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/obama.jpg")
}

fn judged(path: &Path) -> Quality {
    let image = open(path);
    let face = largest(&image).unwrap_or_else(|| panic!("{}: no face", path.display()));
    reader().quality(&image, &face).expect("a judgement")
}
