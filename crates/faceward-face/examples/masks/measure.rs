//! What strangers score, bare, masked, in dark glasses and both; and how much of what covers faces is found.

use std::fs;
use std::path::Path;

use faceward_face::faceprint::Region;
use faceward_face::mask::draw;
use faceward_face::{Choice, Covering, Face, Image, Reader, ReaderOptions, choose};
use faceward_match::Template;

use crate::bare;
use crate::canvas::{CELLS, Canvas};
use crate::covers::Kind;
use crate::pictures::{self, Chance};

type Set = Vec<(String, Template)>;

pub(crate) fn strangers(protocol: &Path) {
    let reader = Reader::new(ReaderOptions::default()).unwrap();
    let (mut chance, mut other_chance) = (Chance(3), Chance(4));
    let [mut bare, mut masked, mut dark, mut both]: [Set; 4] = Default::default();
    for (_, subject, image, face) in faces(&reader, protocol) {
        bare.push((subject.clone(), reader.reference(&image, &face).unwrap()));
        let crop = reader.aligned(&image, &face).unwrap();
        let crop = crop.rgb();
        let with = draw(crop, &pictures::any_style(&mut chance)).to_vec();
        let template = |crop: Vec<u8>, set: &mut Set| {
            let (image, face) = pictures::as_picture(crop);
            set.push((subject.clone(), reader.template(&image, &face).unwrap()));
        };
        let mut glasses = |crop: &[u8]| {
            let mut canvas = Canvas::new(crop.to_vec());
            Kind::DarkGlasses.draw(&mut canvas, &mut other_chance);
            canvas.rgb
        };
        template(glasses(crop), &mut dark);
        template(glasses(&with), &mut both);
        template(with, &mut masked);
    }
    for (name, set) in [
        ("none", &bare),
        ("mask", &masked),
        ("dark glasses", &dark),
        ("both", &both),
    ] {
        let masks = set.iter().filter(|(_, t)| t.covered()).count();
        let eyes = set.iter().filter(|(_, t)| t.eyes_covered()).count();
        println!(
            "{} faces, drawn on: {name}; masks seen {masks}, covered eyes {eyes}",
            set.len()
        );
    }
    let whole = |t: &Template| t.values().to_vec();
    let veil = |t: &Template| t.veil().unwrap().to_vec();
    tell("bare", &pairs(&bare, &bare, whole));
    tell("one mouth", &pairs(&bare, &masked, veil));
    tell("both mouths", &pairs(&masked, &masked, veil));
    tell("one's eyes", &pairs(&bare, &dark, whole));
    tell("both's eyes", &pairs(&dark, &dark, whole));
    tell("one's mouth and eyes", &pairs(&bare, &both, veil));
    tell("one's mouth, other's eyes", &pairs(&masked, &dark, veil));
    tell("one mouth, both's eyes", &pairs(&dark, &both, veil));
    tell("both mouths, one's eyes", &pairs(&masked, &both, veil));
    tell("both mouths, both's eyes", &pairs(&both, &both, veil));
}

/// The central face of each picture of a list, with the file's name and whose it is.
fn faces(reader: &Reader, protocol: &Path) -> impl Iterator<Item = (String, String, Image, Face)> {
    let lines = fs::read_to_string(protocol).unwrap();
    let lines: Vec<String> = lines.lines().skip(1).map(str::to_owned).collect();
    lines.into_iter().filter_map(move |line| {
        let mut fields = line.split(',');
        let (file, subject) = (fields.next().unwrap(), fields.next().unwrap());
        let bytes = fs::read(protocol.with_file_name("").join(file)).unwrap();
        let image = Image::decode(&bytes).unwrap();
        let faces = reader.detect(&image).unwrap();
        let (width, height) = (image.width(), image.height());
        let face = *choose(&faces, Choice::MostCentral { width, height })?;
        Some((file.to_owned(), subject.to_owned(), image, face))
    })
}

/// What is marked as covered on the faces of a list as they are, with things drawn on that cover, and with such that do
/// not.
pub(crate) fn covers(protocol: &Path) {
    let reader = Reader::new(ReaderOptions::default()).unwrap();
    let mut chance = Chance(5);
    let (mut count, mut marked, mut marked_with) = (0, 0, 0);
    let mut drawn: Vec<Found> = Kind::ALL.iter().map(|_| Found::default()).collect();
    for (file, _, image, face) in faces(&reader, protocol) {
        let Some(covering) = reader.covering(&image, &face).unwrap() else {
            continue;
        };
        count += 1;
        let names: Vec<&str> = covering.regions().map(Region::name).collect();
        if !names.is_empty() {
            marked += 1;
            println!("{file}: {}", names.join(", "));
        }
        let crop = reader.aligned(&image, &face).unwrap();
        let seen = |canvas: &Canvas| {
            let (image, face) = pictures::as_picture(canvas.rgb.clone());
            reader.covering(&image, &face).unwrap().unwrap()
        };
        let mut canvas = Canvas::new(crop.rgb().to_vec());
        bare::draw(&mut canvas, &mut chance);
        marked_with += usize::from(seen(&canvas).regions().next().is_some());
        for (kind, found) in Kind::ALL.into_iter().zip(&mut drawn) {
            let mut canvas = Canvas::new(crop.rgb().to_vec());
            kind.draw(&mut canvas, &mut chance);
            found.count(&canvas.covered(), &seen(&canvas));
        }
    }
    println!("{count} faces: {marked} marked as they are, {marked_with} with what does not cover");
    for (kind, found) in Kind::ALL.into_iter().zip(drawn) {
        println!("{kind:?}: {}", found.told());
    }
}

/// Of the regions that were covered, those found; and those marked of the ones left bare.
#[derive(Default)]
struct Found {
    covered: [(usize, usize); Region::ALL.len()],
    bare: (usize, usize),
}

impl Found {
    fn count(&mut self, shares: &[f32; CELLS * CELLS], seen: &Covering) {
        for (region, (found, covered)) in Region::ALL.into_iter().zip(&mut self.covered) {
            if region == Region::Surroundings {
                continue;
            }
            let inside = (0..CELLS * CELLS).filter(|cell| Region::of(*cell) == region);
            let inside: Vec<f32> = inside.map(|cell| shares[cell]).collect();
            let share = inside.iter().sum::<f32>() / inside.len() as f32;
            let marked = seen.regions().any(|of| of == region);
            if share > 0.6 {
                *covered += 1;
                *found += usize::from(marked);
            } else if share < 0.1 {
                self.bare.1 += 1;
                self.bare.0 += usize::from(marked);
            }
        }
    }

    fn told(&self) -> String {
        let regions = Region::ALL.into_iter().zip(self.covered);
        let regions = regions.filter(|(_, (_, covered))| *covered > 0);
        let regions = regions.map(|(of, (found, all))| format!("{} {found} of {all}", of.name()));
        let regions: Vec<String> = regions.collect();
        let (marked, bare) = self.bare;
        format!(
            "{}; bare regions marked {marked} of {bare}",
            regions.join(", ")
        )
    }
}

fn pairs(a: &Set, b: &Set, part: impl Fn(&Template) -> Vec<f32>) -> Vec<f32> {
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
