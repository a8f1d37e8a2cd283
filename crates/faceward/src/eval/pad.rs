use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use faceward_match::FalseMatchRate;
use serde::Serialize;

use super::curve::{Curve, EqualError, Rate};
use super::protocol::Presentation;
use super::readings::{Readings, Wanted};
use super::report::percent;
use super::{Options, WhichFace};

/// Error rates of presentation attack detection (ISO/IEC 30107-3). What a whole system accepts of attacks, its IAPAR, is
/// measured on comparisons instead.
///
/// A live presentation that gives no face counts as a wrong refusal; an attack that gives none is
/// not accepted. Both are also counted apart, as non-responses.
#[derive(Clone, Debug, Serialize)]
pub struct PadReport {
    /// The working threshold: liveness scores at or above it pass for bona fide.
    pub threshold: f32,
    /// Bona fide presentations refused (BPCER).
    pub bpcer: Rate,
    /// Bona fide presentations without a face.
    pub live_non_responses: usize,
    /// Each attack species.
    pub species: Vec<Species>,
    /// Equal error rate over all species together.
    pub equal_error: Option<EqualError>,
    /// BPCER at the lowest threshold that holds the APCER of every species to 10 % (BPCER10) and to 5 % (BPCER20).
    pub at_apcer: Vec<AtApcer>,
    /// Both rates at other thresholds.
    pub sweep: Vec<PadPoint>,
    /// Trade-off over all species together: `[APCER, BPCER]` from lax to strict.
    pub trade_off: Vec<[f64; 2]>,
}

/// One kind of presentation attack instrument.
#[derive(Clone, Debug, Serialize)]
pub struct Species {
    /// Its name in the protocol.
    pub name: String,
    /// Attacks accepted at the working threshold (APCER).
    pub apcer: Rate,
    /// Attacks without a face.
    pub non_responses: usize,
}

/// BPCER where every species' APCER is held to a rate.
#[derive(Clone, Debug, Serialize)]
pub struct AtApcer {
    /// The rate, as a share.
    pub apcer: f64,
    /// Threshold and rates there.
    pub point: PadPoint,
}

/// The rates at one threshold.
#[derive(Clone, Debug, Serialize)]
pub struct PadPoint {
    /// Liveness threshold.
    pub threshold: f32,
    /// APCER of the species that passes most often.
    pub worst_apcer: Option<f64>,
    /// BPCER.
    pub bpcer: Rate,
}

/// The rates of APCER that ISO/IEC 30107-3 has BPCER reported at.
const APCERS: [&str; 2] = ["10%", "5%"];
const SWEEP: [f32; 7] = [0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98];

pub(super) fn files(rows: &[Presentation]) -> BTreeSet<&str> {
    rows.iter().map(|p| p.file.as_str()).collect()
}

pub(super) fn wanted(options: &Options) -> Wanted {
    Wanted::Liveness {
        face: options.face.unwrap_or(WhichFace::Largest),
    }
}

pub(super) fn evaluate(rows: &[Presentation], readings: &Readings, threshold: f32) -> PadReport {
    let scored: Vec<_> = rows
        .iter()
        .map(|p| (p.species.as_deref(), readings.liveness(&p.file)))
        .collect();
    report(&scored, threshold)
}

/// Species (none: live) and liveness score (none: no response) of each presentation.
fn report(scored: &[(Option<&str>, Option<f32>)], threshold: f32) -> PadReport {
    let mut live = Vec::new();
    let mut attacks: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for (species, score) in scored {
        let kind = species.map_or(&mut live, |name| attacks.entry(name).or_default());
        kind.push(score.unwrap_or(SILENT));
    }
    let silent = |scores: &[f32]| scores.iter().filter(|s| **s == SILENT).count();
    let live_non_responses = silent(&live);
    let species = attacks.iter().map(|(name, scores)| Species {
        name: (*name).to_owned(),
        apcer: accepted(scores, threshold),
        non_responses: silent(scores),
    });
    let species = species.collect();
    let curve = Curve::new(live, attacks.values().flatten().copied().collect());
    let point = |threshold: f32| {
        let apcers = attacks
            .values()
            .filter_map(|scores| accepted(scores, threshold).share);
        let worst_apcer = apcers.max_by(f64::total_cmp);
        PadPoint {
            threshold,
            worst_apcer,
            bpcer: curve.misses(threshold),
        }
    };
    let at_apcer = |rate: FalseMatchRate| {
        let each = attacks
            .values()
            .map(|scores| Curve::new(Vec::new(), scores.clone()).threshold_at(rate));
        let threshold = each.max_by(f32::total_cmp)?;
        Some(AtApcer {
            apcer: rate.share(),
            point: point(threshold),
        })
    };
    let rates = APCERS.iter().filter_map(|text| text.parse().ok());
    let at_apcer = rates.filter_map(at_apcer).collect();
    PadReport {
        threshold,
        bpcer: curve.misses(threshold),
        live_non_responses,
        species,
        equal_error: curve.equal_error(),
        at_apcer,
        sweep: SWEEP.map(point).to_vec(),
        trade_off: curve.trade_off(),
    }
}

/// The score of a presentation without a face.
const SILENT: f32 = f32::NEG_INFINITY;

fn accepted(scores: &[f32], threshold: f32) -> Rate {
    Rate::new(
        scores.iter().filter(|s| **s >= threshold).count(),
        scores.len(),
    )
}

impl fmt::Display for PadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "liveness threshold {:.2}", self.threshold)?;
        writeln!(
            f,
            "{:<22} {} ({} without a face)",
            "BPCER", self.bpcer, self.live_non_responses
        )?;
        for s in &self.species {
            let name = format!("APCER {}", s.name);
            writeln!(
                f,
                "{name:<22} {} ({} without a face)",
                s.apcer, s.non_responses
            )?;
        }
        if let Some(eer) = &self.equal_error {
            writeln!(f, "EER {} at {:.4}", percent(eer.rate), eer.threshold)?;
        }
        for at in &self.at_apcer {
            let name = format!("BPCER at APCER {:.0} %", 100.0 * at.apcer);
            writeln!(
                f,
                "{name:<22} {} at {:.4}",
                at.point.bpcer, at.point.threshold
            )?;
        }
        writeln!(f, "\n{:<10} {:>12}  BPCER", "threshold", "worst APCER")?;
        for p in &self.sweep {
            let apcer = p.worst_apcer.map_or("-".to_owned(), percent);
            writeln!(f, "{:<10} {apcer:>12}  {}", p.threshold, p.bpcer)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn species_are_judged_apart_and_non_responses_are_counted() {
        let scored = [
            (None, Some(0.9)),
            (None, Some(0.4)),
            (None, None),
            (Some("print"), Some(0.5)),
            (Some("print"), Some(0.1)),
            (Some("replay"), Some(0.2)),
            (Some("replay"), None),
        ];
        let report = report(&scored, 0.5);
        assert_eq!(
            (
                report.bpcer.errors,
                report.bpcer.trials,
                report.live_non_responses
            ),
            (2, 3, 1)
        );
        let species: Vec<_> = report
            .species
            .iter()
            .map(|s| (s.name.as_str(), s.apcer.errors, s.non_responses))
            .collect();
        assert_eq!(species, [("print", 1, 0), ("replay", 0, 1)]);
        // No species may pass: the print at 0.5 decides, and the living at 0.4 is refused.
        let strict = &report.at_apcer[1];
        assert_eq!(
            (strict.apcer, strict.point.threshold),
            (0.05, 0.5_f32.next_up())
        );
        assert_eq!(
            (strict.point.worst_apcer, strict.point.bpcer.errors),
            (Some(0.0), 2)
        );
        let lax = &report.sweep[0];
        assert_eq!(
            (lax.threshold, lax.worst_apcer, lax.bpcer.errors),
            (0.1, Some(1.0), 1)
        );
    }
}
