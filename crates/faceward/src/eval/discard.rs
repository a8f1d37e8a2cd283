//! Does quality foretell errors? The error-versus-discard curve (Grother and Tabassi, 2007; ISO/IEC 29794-1).

mod svg;

use faceward_face::Quality;
use serde::Serialize;

use super::report::percent;

pub(super) use svg::svg;

/// How false non-matches fall at one threshold as genuine comparisons are discarded, those with the lowest of their two
/// pictures' qualities first. A comparison that could not be made counts as one of the lowest quality.
#[derive(Clone, Debug, Serialize)]
pub struct DiscardReport {
    /// How the threshold was chosen, in words.
    pub name: String,
    /// Scores at or above it match.
    pub threshold: f32,
    /// The areas below are taken up to this share of discarded comparisons.
    pub up_to: f64,
    /// Mean FNMR up to there if chance chose what is discarded: the FNMR with nothing discarded.
    pub random: f64,
    /// Mean FNMR up to there if the false non-matches were discarded first.
    pub ideal: f64,
    /// Unified quality, then each component.
    pub qualities: Vec<DiscardCurve>,
}

/// The curve of one quality.
#[derive(Clone, Debug, Serialize)]
pub struct DiscardCurve {
    /// Its name in ISO/IEC 29794-5.
    pub name: &'static str,
    /// FNMR with 0, 1, 2 … percent discarded.
    pub fnmr: Vec<f64>,
    /// Mean FNMR over the curve: the area under it, divided by its width.
    pub mean: f64,
    /// How far the mean lies from random (0) to ideal (1); below 0 it is worse than chance.
    pub gain: f64,
}

/// A genuine comparison: whether it is a false non-match at the threshold, and the qualities of its two pictures.
pub(super) struct Genuine<'a> {
    pub(super) missed: bool,
    pub(super) qualities: [Option<&'a Quality>; 2],
}

/// Percent of the comparisons that are discarded at most.
const UP_TO: usize = 30;
pub(super) const UNIFIED: &str = "UnifiedQualityScore";

/// Nothing where there is no false non-match to foretell.
pub(super) fn evaluate(
    name: &str,
    threshold: f32,
    genuine: &[Genuine<'_>],
) -> Option<DiscardReport> {
    let missed = genuine.iter().filter(|g| g.missed).count();
    if missed == 0 {
        return None;
    }
    let random = missed as f64 / genuine.len() as f64;
    let ideal = mean(|x| (random - x).max(0.0) / (1.0 - x));
    let qualities = names(genuine).into_iter().map(|name| {
        let groups = groups(genuine, name);
        let fnmr = |x: f64| remaining(&groups, x * genuine.len() as f64);
        let mean = mean(fnmr);
        DiscardCurve {
            name,
            fnmr: (0..=UP_TO).map(|p| fnmr(p as f64 / 100.0)).collect(),
            mean,
            gain: (random - mean) / (random - ideal),
        }
    });
    Some(DiscardReport {
        name: name.to_owned(),
        threshold,
        up_to: UP_TO as f64 / 100.0,
        random,
        ideal,
        qualities: qualities.collect(),
    })
}

fn names(genuine: &[Genuine<'_>]) -> Vec<&'static str> {
    let measured = genuine.iter().flat_map(|g| g.qualities).flatten().next();
    let components = measured.into_iter().flat_map(|q| &q.components);
    std::iter::once(UNIFIED)
        .chain(components.map(|c| c.name))
        .collect()
}

/// Comparisons of equal quality, from the lowest quality up: how many, and how many of them are missed.
fn groups(genuine: &[Genuine<'_>], name: &str) -> Vec<(f64, f64)> {
    let mut groups = std::collections::BTreeMap::new();
    for one in genuine {
        let worse = one.qualities.map(|q| value(q?, name));
        let (all, missed) = groups
            .entry(worse.into_iter().min().flatten())
            .or_insert((0.0, 0.0));
        *all += 1.0;
        *missed += f64::from(u8::from(one.missed));
    }
    groups.into_values().collect()
}

fn value(quality: &Quality, name: &str) -> Option<u8> {
    if name == UNIFIED {
        return Some(quality.unified);
    }
    let named = quality.components.iter().find(|c| c.name == name);
    named.and_then(|c| c.value)
}

/// FNMR after so many comparisons are discarded. Which of equals go first is chance, so each of them goes in part.
fn remaining(groups: &[(f64, f64)], mut discarded: f64) -> f64 {
    let (mut all, mut missed) = (0.0, 0.0);
    for (size, errors) in groups {
        let kept = 1.0 - (discarded / size).clamp(0.0, 1.0);
        discarded = (discarded - size).max(0.0);
        all += kept * size;
        missed += kept * errors;
    }
    missed / all
}

/// Mean of a curve from nothing to [`UP_TO`] percent discarded, by trapezoids a tenth of a percent wide.
fn mean(curve: impl Fn(f64) -> f64) -> f64 {
    let steps = 10 * UP_TO;
    let at = |step: usize| curve(step as f64 / 1000.0);
    let inner: f64 = (1..steps).map(at).sum();
    (inner + (at(0) + at(steps)) / 2.0) / steps as f64
}

impl std::fmt::Display for DiscardReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, threshold) = (&self.name, self.threshold);
        writeln!(
            f,
            "\nerror versus discard at {name} (score {threshold:.4}): mean FNMR while 0 to {UP_TO} % of the\n\
             genuine comparisons are discarded, the worst quality first; random {}, ideal {}",
            percent(self.random),
            percent(self.ideal)
        )?;
        writeln!(f, "{:<30} {:>9}  {:>6}", "quality", "mean FNMR", "gain")?;
        for q in &self.qualities {
            let (mean, gain) = (percent(q.mean), 100.0 * q.gain);
            writeln!(f, "{:<30} {mean:>9}  {gain:>4.0} %", q.name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faceward_face::Component;

    fn quality(unified: u8, sharpness: Option<u8>) -> Quality {
        Quality {
            components: vec![Component {
                name: "Sharpness",
                native: 0.0,
                value: sharpness,
            }],
            unified,
            reasons: Vec::new(),
        }
    }

    #[test]
    fn a_quality_that_foretells_every_error_is_ideal_and_one_that_tells_nothing_is_random() {
        // Ten comparisons, of which one is missed: the only one with a picture of low unified quality.
        let (good, bad) = (quality(90, Some(50)), quality(20, Some(50)));
        let genuine: Vec<Genuine<'_>> = (0..10)
            .map(|i| Genuine {
                missed: i == 4,
                qualities: [Some(&good), Some(if i == 4 { &bad } else { &good })],
            })
            .collect();
        let report = evaluate("FMR 1 %", 0.3, &genuine).unwrap();
        let [unified, sharpness] = &report.qualities[..] else {
            panic!("two qualities")
        };
        assert!((report.random - 0.1).abs() < 1e-12);
        assert!((unified.gain - 1.0).abs() < 1e-9 && sharpness.gain.abs() < 1e-9);
        assert!(unified.fnmr[10] < 1e-12 && (unified.fnmr[5] - 0.05 / 0.95).abs() < 1e-9);
        assert!(report.to_string().contains("UnifiedQualityScore"));
    }

    #[test]
    fn a_comparison_that_could_not_be_made_is_discarded_first_and_no_errors_give_no_curve() {
        let good = quality(10, None);
        let of = |missed| {
            [None, Some(&good), Some(&good), Some(&good)].map(|q| Genuine {
                missed: missed && q.is_none(),
                qualities: [q, Some(&good)],
            })
        };
        let report = evaluate("FMR 1 %", 0.3, &of(true)).unwrap();
        assert_eq!(report.qualities[0].fnmr[25], 0.0);
        assert!(evaluate("FMR 1 %", 0.3, &of(false)).is_none());
    }
}
