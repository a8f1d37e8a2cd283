use std::collections::BTreeMap;
use std::path::Path;

use faceward_match::{Template, score};

use super::{most_central, open, reader, rows, set};

#[test]
fn the_same_person_scores_above_different_people_on_lfw() {
    let Some(folder) = set("lfw-dev") else { return };
    let scores = Scores::of(&folder);
    assert_eq!(scores.missed_at(0.01), 0.0);
    // The reference with these weights has 0.66 and 0.01 on this set.
    assert!(mean(&scores.genuine) > 0.65 && mean(&scores.impostor) < 0.02);
}

#[test]
fn the_same_person_scores_above_different_people_on_orl() {
    let Some(folder) = set("orl-dev") else { return };
    let missed = Scores::of(&folder).missed_at(0.01);
    assert!(missed <= 0.003, "{missed}");
}

#[test]
fn portraits_of_one_person_match_at_every_resolution_and_crop() {
    let Some(folder) = set("portraits-dev") else {
        return;
    };
    let scores = Scores::of(&folder);
    let worst = scores.genuine.iter().copied().fold(1.0, f32::min);
    let best = scores.impostor.iter().copied().fold(-1.0, f32::max);
    assert!(worst > 0.5 && best < 0.25, "{worst} {best}");
}

struct Scores {
    genuine: Vec<f32>,
    /// Rising.
    impostor: Vec<f32>,
}

impl Scores {
    /// Of all pairs of a set, the face nearest the middle each time.
    fn of(folder: &Path) -> Scores {
        let mut templates: BTreeMap<String, Template> = BTreeMap::new();
        let (mut genuine, mut impostor) = (Vec::new(), Vec::new());
        for row in rows(&folder.join("pairs.csv")) {
            for file in &row[..2] {
                if !templates.contains_key(file) {
                    templates.insert(file.clone(), template(&folder.join(file)));
                }
            }
            let score = score(&templates[&row[0]], &templates[&row[1]]).expect("one model");
            let scores = if row[2] == "1" {
                &mut genuine
            } else {
                &mut impostor
            };
            scores.push(score.value());
        }
        impostor.sort_by(f32::total_cmp);
        Scores { genuine, impostor }
    }

    /// False non-match rate at the threshold where a share `rate` of the impostors matches.
    fn missed_at(&self, rate: f64) -> f64 {
        let above = (self.impostor.len() as f64 * rate) as usize;
        let threshold = self.impostor[self.impostor.len() - 1 - above];
        let missed = self.genuine.iter().filter(|s| **s <= threshold).count();
        missed as f64 / self.genuine.len() as f64
    }
}

fn template(path: &Path) -> Template {
    let image = open(path);
    let face = most_central(&image).unwrap_or_else(|| panic!("{}: no face", path.display()));
    reader().template(&image, &face).expect("a template")
}

fn mean(scores: &[f32]) -> f32 {
    scores.iter().sum::<f32>() / scores.len() as f32
}
