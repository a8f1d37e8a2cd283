use std::collections::BTreeMap;

use faceward_face::{FaceError, Image, Rect};

use super::{most_central, open, pictures, reader, rows, set};

#[test]
fn nobody_is_missed_in_pictures_of_one_person() {
    for name in ["lfw-dev", "orl-dev", "portraits-dev", "groups-dev/johns"] {
        let Some(folder) = set(name) else { return };
        for path in pictures(&folder) {
            assert!(most_central(&open(&path)).is_some(), "{}", path.display());
        }
    }
}

#[test]
fn everyone_in_a_group_is_found_and_hardly_anybody_invented() {
    let Some(folder) = set("groups-dev") else {
        return;
    };
    let mut known: BTreeMap<String, Vec<Rect>> = BTreeMap::new();
    for row in rows(&folder.join("boxes.csv")) {
        let [x, y, width, height] = [1, 2, 3, 4].map(|i| row[i].parse().expect("a number"));
        let rect = Rect {
            x,
            y,
            width,
            height,
        };
        known.entry(row[0].clone()).or_default().push(rect);
    }
    let (mut missed, mut extra) = (Vec::new(), 0);
    for (file, boxes) in &known {
        let mut faces = reader()
            .detect(&open(&folder.join(file)))
            .expect("a detection");
        for rect in boxes {
            match faces.iter().position(|f| shared(&f.rect, rect) >= 0.4) {
                Some(at) => drop(faces.swap_remove(at)),
                None => missed.push(format!("{file} {rect:?}")),
            }
        }
        extra += faces.len();
    }
    assert!(missed.is_empty(), "{missed:?}");
    assert!(extra <= 3, "{extra} more than known");
}

#[test]
fn dogs_have_no_human_face_and_two_dozen_bald_men_are_counted() {
    let Some(folder) = set("groups-dev") else {
        return;
    };
    let dogs = open(&folder.join("faces/dogs.jpg"));
    assert_eq!(reader().detect(&dogs).expect("a detection").len(), 0);
    assert!(matches!(reader().the_face(&dogs), Err(FaceError::NoFace)));
    let men = open(&folder.join("faces/bald_guys.jpg"));
    let count = reader().detect(&men).expect("a detection").len();
    assert!((23..=27).contains(&count), "{count}");
    assert!(matches!(
        reader().the_face(&men),
        Err(FaceError::SeveralFaces { count: 20.. })
    ));
}

#[test]
fn a_portrait_with_one_person_gives_that_person() {
    let Some(folder) = set("portraits-dev") else {
        return;
    };
    for path in pictures(&folder) {
        let (image, several) = (open(&path), path.ends_with("obama_and_biden.jpg"));
        match reader().the_face(&image) {
            Ok(_) => assert!(!several, "{}", path.display()),
            Err(FaceError::SeveralFaces { .. }) => assert!(several, "{}", path.display()),
            Err(other) => panic!("{}: {other}", path.display()),
        }
    }
}

#[test]
fn hard_light_and_masks_hide_hardly_anybody() {
    for (name, most) in [("yaleb-dev", 1), ("mfr2-dev", 0)] {
        let Some(folder) = set(name) else { return };
        let missed: Vec<_> = pictures(&folder)
            .into_iter()
            .filter(|path| most_central(&open(path)).is_none())
            .collect();
        assert!(missed.len() <= most, "{missed:?}");
    }
}

#[test]
fn small_faces_are_found_in_a_picture_of_twelve_megapixels() {
    let Some(folder) = set("groups-dev/johns") else {
        return;
    };
    let (width, height, side) = (4000_usize, 3000_usize, 150_usize);
    let mut wall = vec![90; 3 * width * height];
    let people: Vec<_> = pictures(&folder)
        .into_iter()
        .step_by(5)
        .map(|p| open(&p))
        .collect();
    for (place, person) in people.iter().enumerate() {
        assert_eq!((person.width(), person.height()), (150, 150));
        let (x, y) = (120 + place % 4 * 1050, 80 + place / 4 * 1100);
        for (row, line) in person.rgb().chunks_exact(3 * side).enumerate() {
            let at = 3 * ((y + row) * width + x);
            wall[at..at + 3 * side].copy_from_slice(line);
        }
    }
    let image = Image::from_rgb(width as u32, height as u32, wall).expect("an image");
    assert_eq!(
        reader().detect(&image).expect("a detection").len(),
        people.len()
    );
}

/// Intersection over union.
fn shared(a: &Rect, b: &Rect) -> f32 {
    let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    if width <= 0.0 || height <= 0.0 {
        return 0.0;
    }
    let common = width * height;
    common / (a.width * a.height + b.width * b.height - common)
}
