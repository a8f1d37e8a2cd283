//! What strangers score, bare, with one masked, and with both.

use std::fs;
use std::path::Path;

use faceward_face::mask::draw;
use faceward_face::{Choice, Image, Reader, ReaderOptions, choose};
use faceward_match::Template;

use crate::pictures::{self, Chance};

pub(crate) fn strangers(protocol: &Path) {
    let reader = Reader::new(ReaderOptions::default()).unwrap();
    let mut chance = Chance(3);
    let mut bare: Vec<(String, Template)> = Vec::new();
    let mut masked = Vec::new();
    let mut seen = 0;
    for line in fs::read_to_string(protocol).unwrap().lines().skip(1) {
        let mut fields = line.split(',');
        let (file, subject) = (fields.next().unwrap(), fields.next().unwrap().to_owned());
        let image =
            Image::decode(&fs::read(protocol.with_file_name("").join(file)).unwrap()).unwrap();
        let faces = reader.detect(&image).unwrap();
        let (width, height) = (image.width(), image.height());
        let Some(face) = choose(&faces, Choice::MostCentral { width, height }) else {
            continue;
        };
        bare.push((subject.clone(), reader.reference(&image, face).unwrap()));
        let crop = reader.aligned(&image, face).unwrap();
        let with = draw(crop.rgb(), &pictures::any_style(&mut chance)).to_vec();
        let (image, face) = pictures::as_picture(with);
        let template = reader.template(&image, &face).unwrap();
        seen += usize::from(template.covered());
        masked.push((subject, template));
    }
    let told = bare.iter().filter(|(_, t)| t.covered()).count();
    println!(
        "{} faces: {seen} masks seen, {told} seen where none was drawn",
        bare.len()
    );
    let whole = |t: &Template| t.values().to_vec();
    let veil = |t: &Template| t.veil().unwrap().to_vec();
    tell("bare", &pairs(&bare, &bare, whole));
    tell("one covered", &pairs(&bare, &masked, veil));
    tell("both covered", &pairs(&masked, &masked, veil));
}

fn pairs(
    a: &[(String, Template)],
    b: &[(String, Template)],
    part: impl Fn(&Template) -> Vec<f32>,
) -> Vec<f32> {
    let a: Vec<_> = a.iter().map(|(who, t)| (who, part(t))).collect();
    let b: Vec<_> = b.iter().map(|(who, t)| (who, part(t))).collect();
    let mut scores = Vec::new();
    for (i, (who, one)) in a.iter().enumerate() {
        for (other, two) in b.iter().take(i) {
            if who != other {
                scores.push(one.iter().zip(two).map(|(x, y)| x * y).sum());
            }
        }
    }
    scores
}

fn tell(name: &str, scores: &[f32]) {
    let count = scores.len() as f32;
    let mean = scores.iter().sum::<f32>() / count;
    let squares = scores.iter().map(|s| (s - mean).powi(2)).sum::<f32>();
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    println!(
        "{name}: {} comparisons, mean {mean:.4}, deviation {:.4}, 1 % above {:.4}, 0.1 % above {:.4}",
        scores.len(),
        (squares / count).sqrt(),
        sorted[sorted.len() / 100],
        sorted[sorted.len() / 1000]
    );
}
