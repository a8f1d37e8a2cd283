use std::path::Path;

use faceward_face::{Defect, Quality};

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

fn judged(path: &Path) -> Quality {
    let image = open(path);
    let face = largest(&image).unwrap_or_else(|| panic!("{}: no face", path.display()));
    reader().quality(&image, &face).expect("a judgement")
}
