//! A house to ask: a ward in a temporary folder, people who agreed, keys, and pictures. The example
//! `house` serves the same one.

use std::fs;
use std::path::Path;

use faceward::*;
use faceward_server::{Front, House, Limits};
use tempfile::TempDir;

/// A house with one ward.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) house: House,
    pub(crate) ward: Ward,
}

/// The keys of three services of CompreFace's.
pub(crate) struct Services {
    pub(crate) recognition: String,
    pub(crate) detection: String,
    pub(crate) verification: String,
}

pub(crate) const DOOR: &str = "door-access";

impl Place {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
        let house = house.unwrap();
        let (_, ward) = house.wards().remove(0);
        Self {
            folder,
            house,
            ward,
        }
    }

    pub(crate) async fn front(&self, limits: Limits) -> Front {
        let front = Front::of(self.house.clone(), limits, false);
        front.await.unwrap()
    }

    /// Somebody who agreed to be recognised at the door.
    pub(crate) async fn agree(&self, handle: &str) {
        let asked = ConsentAsk {
            handle: handle.parse().unwrap(),
            purpose: DOOR.parse().unwrap(),
            notice: NoticeText {
                version: "1".to_owned(),
                bytes: b"We compare your face at the door.".to_vec(),
            },
            given_by: Giver::Subject,
            method: "signed on paper".to_owned(),
            age: Age::Adult,
            bundled_with: None,
            condition: Condition::Alternative("a card".to_owned()),
            from: None,
            until: None,
            details: Details::default(),
        };
        self.ward.give_consent(asked).await.unwrap();
    }

    /// The text of a new key.
    pub(crate) async fn key(&self, terms: KeyTerms) -> String {
        let (_, text, _) = self.ward.create_key(terms).await.unwrap();
        text.reveal().to_string()
    }

    /// Keys of CompreFace's services, all of whose people are in the collection `gate`.
    pub(crate) async fn services(&self) -> Services {
        Services {
            recognition: self.key(terms(KeyKind::Recognition)).await,
            detection: self.key(terms(KeyKind::Detection)).await,
            verification: self.key(terms(KeyKind::Verification)).await,
        }
    }
}

/// What a key may that may all its kind can.
pub(crate) fn terms(kind: KeyKind) -> KeyTerms {
    use Right::{Compare, Detect, Enroll, Identify, Subjects, Verify};
    let (rights, statement) = match kind {
        KeyKind::Detection => (vec![Detect], true),
        KeyKind::Verification => (vec![Compare], true),
        _ => (vec![Enroll, Verify, Identify, Subjects], false),
    };
    KeyTerms {
        purposes: vec![DOOR.parse().unwrap()],
        collection: Some("gate".parse().unwrap()),
        statement: statement.then(|| "everyone in the pictures agreed at the desk".to_owned()),
        embeddings: true,
        mass_delete: true,
        ..KeyTerms::of(kind, kind.word(), rights)
    }
}

/// A portrait of the demo.
pub(crate) fn photo(name: &str) -> Vec<u8> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    fs::read(demo.join(name)).unwrap()
}

/// Two portraits side by side, the first the larger face, as a BMP.
pub(crate) fn two_faces() -> Vec<u8> {
    let (left, right) = (
        Image::decode(&photo("obama.jpg")),
        Image::decode(&photo("biden.jpg")),
    );
    let (left, right) = (left.unwrap(), right.unwrap());
    let (width, height) = (left.width() / 2 + right.width() / 3, left.height() / 2);
    bmp(width, height, |x, y| {
        let middle = left.width() / 2;
        if x < middle {
            pixel(&left, x * 2, y * 2)
        } else {
            pixel(&right, (x - middle) * 3, y * 3)
        }
    })
}

/// A picture of nobody, as a BMP.
pub(crate) fn no_face() -> Vec<u8> {
    bmp(320, 240, |x, y| [(x / 2) as u8, (y / 2) as u8, 90])
}

fn pixel(image: &Image, x: u32, y: u32) -> [u8; 3] {
    let inside = x < image.width() && y < image.height();
    let at = ((y * image.width() + x) * 3) as usize;
    let found = image.rgb().get(at..at + 3).filter(|_| inside);
    found.map_or([0; 3], |rgb| [rgb[0], rgb[1], rgb[2]])
}

fn bmp(width: u32, height: u32, rgb: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let size = 54 + row * height;
    let mut file = b"BM".to_vec();
    for value in [
        size,
        0,
        54,
        40,
        width,
        height,
        1 | 24 << 16,
        0,
        row * height,
        2835,
        2835,
        0,
        0,
    ] {
        file.extend(value.to_le_bytes());
    }
    for y in (0..height).rev() {
        for x in 0..width {
            let [red, green, blue] = rgb(x, y);
            file.extend([blue, green, red]);
        }
        file.resize(54 + (row * (height - y)) as usize, 0);
    }
    file
}
