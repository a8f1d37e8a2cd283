//! Comparing faces of which something is covered: mouth and nose, the eyes, or both, of one of two or of both.
//!
//! Masks and dark glasses make strangers alike and hide what tells people apart: the scores of strangers
//! lie higher and spread wider. So each condition's scores are moved and scaled until its strangers score
//! as bare strangers do, and nobody gains by putting anything on. Dark glasses on one of two faces are the
//! exception: strangers score no higher then, and the score is left as it is.

use crate::Template;

/// What of one face is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Covers {
    mouth: bool,
    eyes: bool,
}

impl Covers {
    pub(crate) fn of(template: &Template) -> Covers {
        Covers {
            mouth: template.covered(),
            eyes: template.eyes_covered(),
        }
    }
}

/// Of how many of two faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Faces {
    None,
    One,
    Both,
}

impl Faces {
    fn of(a: bool, b: bool) -> Faces {
        match (a, b) {
            (false, false) => Faces::None,
            (true, true) => Faces::Both,
            _ => Faces::One,
        }
    }
}

/// Of which of two faces what is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    mouths: Faces,
    eyes: Faces,
}

/// Strangers' scores in one condition: their mean, and what one in a hundred lies above.
struct Strangers {
    mean: f32,
    highest: f32,
}

const fn strangers(mean: f32, highest: f32) -> Strangers {
    Strangers { mean, highest }
}

// Measured on lfw-dev, every photograph of one against every photograph of each other (26,888 comparisons), with masks
// and dark glasses drawn on by `cargo run --release -p faceward-face --example masks -- measure lfw-dev/identify.csv`.
const BARE: Strangers = strangers(0.0076, 0.2431);
const ONE_MOUTH: Strangers = strangers(0.0426, 0.3412);
const BOTH_MOUTHS: Strangers = strangers(0.0506, 0.3529);
const BOTH_EYES: Strangers = strangers(0.0489, 0.3081);
// Of the same face, enrolled bare; a mask on one and dark glasses on the other score lower.
const ONE_OF_EACH: Strangers = strangers(0.0526, 0.3438);
const ONE_MOUTH_BOTH_EYES: Strangers = strangers(0.0572, 0.3090);
const BOTH_MOUTHS_ONE_EYES: Strangers = strangers(0.0655, 0.3681);
const ALL: Strangers = strangers(0.2292, 0.5826);

impl Condition {
    pub(crate) fn of(a: Covers, b: Covers) -> Condition {
        Condition {
            mouths: Faces::of(a.mouth, b.mouth),
            eyes: Faces::of(a.eyes, b.eyes),
        }
    }

    /// Whether the templates themselves are compared, and not their veils.
    pub(crate) fn whole(self) -> bool {
        self.mouths == Faces::None
    }

    /// What of a template is compared; of one without a veil, the template.
    pub(crate) fn compared(self, template: &Template) -> &[f32] {
        match self.whole() {
            true => template.values(),
            false => template.veil().unwrap_or(template.values()),
        }
    }

    /// The score that bare strangers reach as often as strangers in this condition reach `dot`.
    pub(crate) fn level(self, dot: f32) -> f32 {
        let strangers = match (self.mouths, self.eyes) {
            (Faces::None, Faces::None | Faces::One) => return dot,
            (Faces::None, Faces::Both) => BOTH_EYES,
            (Faces::One, Faces::None) => ONE_MOUTH,
            (Faces::One, Faces::One) => ONE_OF_EACH,
            (Faces::One, Faces::Both) => ONE_MOUTH_BOTH_EYES,
            (Faces::Both, Faces::None) => BOTH_MOUTHS,
            (Faces::Both, Faces::One) => BOTH_MOUTHS_ONE_EYES,
            (Faces::Both, Faces::Both) => ALL,
        };
        let reach = |strangers: &Strangers| strangers.highest - strangers.mean;
        BARE.mean + (dot - strangers.mean) * reach(&BARE) / reach(&strangers)
    }
}

#[cfg(test)]
mod tests {
    use crate::{ModelId, Template, score};

    fn template(values: [f32; 3]) -> Template {
        Template::from_raw(ModelId::new("m", [0; 32]).unwrap(), values.to_vec()).unwrap()
    }

    #[test]
    fn what_a_mask_hides_counts_only_between_bare_faces() {
        // The first value is what mouth and nose say; the veils do not have it.
        let bare = || {
            template([0.8, 0.6, 0.0])
                .veiled(false, vec![0.0, 1.0, 0.1])
                .unwrap()
        };
        let masked = || {
            template([-0.9, 0.4, 0.1])
                .veiled(true, vec![0.0, 1.0, 0.2])
                .unwrap()
        };
        let value = |a: &Template, b: &Template| score(a, b).unwrap().value();
        assert!((value(&bare(), &bare()) - 1.0).abs() < 1e-6);
        assert!(value(&bare(), &masked()) > 0.7);
        assert_eq!(value(&bare(), &masked()), value(&masked(), &bare()));
        let without = template([0.8, 0.6, 0.0]);
        assert!((value(&without, &bare()) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn two_strangers_gain_nothing_by_dark_glasses_and_less_than_nothing_by_a_mask_too() {
        let veiled = |masked: bool, eyes: bool| {
            let face = template([0.5, 0.5, 0.707]);
            let face = face.veiled(masked, vec![0.5, 0.5, 0.707]).unwrap();
            face.with_eyes_covered(eyes)
        };
        let other = |masked: bool, eyes: bool| {
            let face = template([0.5, 0.5, -0.707]);
            let face = face.veiled(masked, vec![0.9, 0.4, 0.0]).unwrap();
            face.with_eyes_covered(eyes)
        };
        let value = |masked: bool, eyes: [bool; 2]| {
            let (a, b) = (veiled(masked, eyes[0]), other(masked, eyes[1]));
            score(&a, &b).unwrap().value()
        };
        let whole = value(false, [false, false]);
        assert_eq!(value(false, [true, false]), whole);
        // As two bare strangers score who are as rare.
        let pair =
            |a: [f32; 2]| Template::from_raw(ModelId::new("m", [0; 32]).unwrap(), a.to_vec());
        let one = pair([1.0, 0.0]).unwrap().with_eyes_covered(true);
        let rare = 0.3081_f32;
        let two = pair([rare, (1.0 - rare * rare).sqrt()]).unwrap();
        let levelled = score(&one, &two.with_eyes_covered(true)).unwrap().value();
        assert!((levelled - 0.2431).abs() < 1e-3, "{levelled}");
        assert!(value(true, [true, true]) < value(true, [false, false]));
    }

    #[test]
    fn a_veil_of_another_length_is_refused() {
        assert!(
            template([1.0, 0.0, 0.0])
                .veiled(true, vec![1.0, 0.0])
                .is_err()
        );
    }

    #[test]
    fn a_copy_keeps_what_it_says_of_the_mask() {
        let masked = template([-0.9, 0.4, 0.1])
            .veiled(true, vec![0.0, 1.0, 0.2])
            .unwrap();
        let masked = masked.with_eyes_covered(true);
        let copy = masked.copied();
        assert!(copy.covered() && copy.eyes_covered());
        assert_eq!(
            (copy.values(), copy.veil()),
            (masked.values(), masked.veil())
        );
    }
}
