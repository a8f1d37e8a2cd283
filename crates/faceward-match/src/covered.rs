//! Comparing faces whose mouth and nose are covered, by one of two or by both.
//!
//! Masks make strangers alike and hide half of what tells people apart: the scores of strangers lie
//! higher and spread wider. So each condition's scores are moved and scaled until its strangers score
//! as bare strangers do, and nobody gains by putting on a mask.

use crate::Template;

/// Which of two faces are covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mouths {
    Bare,
    OneCovered,
    BothCovered,
}

/// Strangers' scores in one condition: their mean, and what one in a hundred lies above.
struct Strangers {
    mean: f32,
    highest: f32,
}

// Measured on lfw-dev, every photograph of one against every photograph of each other (26,888 comparisons), with masks
// drawn on by `cargo run --release -p faceward-face --example masks -- measure lfw-dev/identify.csv`.
const BARE: Strangers = Strangers {
    mean: 0.0076,
    highest: 0.2431,
};
const ONE: Strangers = Strangers {
    mean: 0.0426,
    highest: 0.3412,
};
const BOTH: Strangers = Strangers {
    mean: 0.0506,
    highest: 0.3529,
};

impl Mouths {
    pub(crate) fn of(a: bool, b: bool) -> Mouths {
        match (a, b) {
            (false, false) => Mouths::Bare,
            (true, true) => Mouths::BothCovered,
            _ => Mouths::OneCovered,
        }
    }

    /// What of a template is compared; of one without a veil, the template.
    pub(crate) fn compared(self, template: &Template) -> &[f32] {
        match self {
            Mouths::Bare => template.values(),
            _ => template.veil().unwrap_or(template.values()),
        }
    }

    /// The score that bare strangers reach as often as strangers in this condition reach `dot`.
    pub(crate) fn level(self, dot: f32) -> f32 {
        let strangers = match self {
            Mouths::Bare => return dot,
            Mouths::OneCovered => ONE,
            Mouths::BothCovered => BOTH,
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
        let copy = masked.copied();
        assert!(copy.covered());
        assert_eq!(
            (copy.values(), copy.veil()),
            (masked.values(), masked.veil())
        );
    }
}
