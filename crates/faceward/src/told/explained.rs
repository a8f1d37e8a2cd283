//! A score taken apart, as JSON: `faceward-comparison@v1`. Written for programs, and read again where somebody offers it
//! as evidence. It holds what the cells of two faces added to their score, and no face.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::verify::ending;
use crate::{CELLS, Covering, Explained, ExplainedSide, Region};

const FORMAT: &str = "faceward-comparison@v1";
/// What sums of 49 numbers in decimal may differ by.
const EXACT: f64 = 1e-5;

/// Below this false match rate the fitted tail of strangers' scores is not trusted with a number.
pub const FEWEST: f64 = 1e-6;

/// What the score of two faces does not say, sentence by sentence.
pub const LIMITS_OF_A_SCORE: [&str; 5] = [
    "It is no probability that the two are one person. That depends also on who else they could be, which no comparison of pictures knows.",
    "False match rates were measured on one set of photographs. Relatives, twins, children, masks, hard light and other cameras have others, and higher ones.",
    "The colours show arithmetic, not anatomy: what the model’s numbers for a place added to the sum. A place sees a good part of the face around it, and one that adds little is not one in which two faces differ.",
    "No distances between points of the faces were measured: they do not identify people (ASTM E3149).",
    "A score is not a finding of fact. Where something turns on it, a trained examiner should look at the pictures.",
];

/// A score taken apart as JSON.
pub fn explained_json(explained: &Explained) -> Value {
    let shares = &explained.shares;
    let regions = shares.by_region().map(|(region, first, second)| {
        json!({ "region": region.name(), "first": first, "second": second })
    });
    let neither = shares.of_no_cell();
    json!({
        "format": FORMAT,
        "outcome": ending(explained.decision).word(),
        "score": shares.score(),
        "false_match_rate": explained.rate.map(|(rate, _)| rate.share()),
        "match_from": explained.match_at.score.value(),
        "uncertain_from": explained.uncertain_at.score.value(),
        "sides": explained.sides.each_ref().map(side_json),
        "regions": regions.collect::<Vec<_>>(),
        "cells": {
            "first": shares.of_left().to_vec(),
            "second": shares.of_right().to_vec(),
            "no_cell": [neither.0, neither.1],
        },
    })
}

fn side_json(side: &ExplainedSide) -> Value {
    match side {
        ExplainedSide::Seen(seen) => json!({
            "of": "picture",
            "masked": side.masked(),
            "eyes_covered": side.eyes_covered(),
            "covered_regions": regions_covered(side),
            "covered_cells": side.covering().map(|covering| covering.cells().to_vec()),
            "quality": seen.reading.quality.unified,
            "liveness": seen.reading.liveness,
        }),
        ExplainedSide::Kept {
            reference,
            enrolled_at,
            quality,
            ..
        } => json!({
            "of": "reference",
            "reference": reference.to_string(),
            "enrolled_at": enrolled_at.to_string(),
            "masked": side.masked(),
            "quality": quality,
        }),
    }
}

fn regions_covered(side: &ExplainedSide) -> Vec<&'static str> {
    let covering = side.covering().into_iter();
    covering
        .flat_map(Covering::regions)
        .map(Region::name)
        .collect()
}

/// What such a document says, read again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ToldComparison {
    format: String,
    /// How it was decided: `match`, `uncertain` or `no-match`.
    pub outcome: String,
    /// The score, -1 to 1.
    pub score: f64,
    /// The lowest false match rate at which it would still be a match, where the table tells one.
    pub false_match_rate: Option<f64>,
    /// From which score it was a match.
    pub match_from: f64,
    /// What was compared.
    pub sides: [ToldSide; 2],
    /// What each region added.
    pub regions: Vec<ToldRegion>,
    /// What each cell added.
    pub cells: ToldCells,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ToldSide {
    /// `picture` or `reference`.
    pub of: String,
    /// Whether mouth and nose were covered.
    pub masked: bool,
    /// The regions that were covered, by name, where that could be told.
    #[serde(default)]
    pub covered_regions: Vec<String>,
    /// Unified quality, 0 to 100.
    pub quality: u8,
    /// When the reference was enrolled, if it is one.
    pub enrolled_at: Option<String>,
}

/// What a region of each face added.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ToldRegion {
    /// Its name.
    pub region: String,
    /// Of the first face.
    pub first: f64,
    /// Of the second.
    pub second: f64,
}

/// What the cells of each face added, row by row from the top left as the viewer sees it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ToldCells {
    /// Of the first face.
    pub first: Vec<f64>,
    /// Of the second.
    pub second: Vec<f64>,
    /// What no cell of the first, and of the second face added.
    pub no_cell: [f64; 2],
}

impl ToldComparison {
    /// Reads a document.
    ///
    /// # Errors
    /// A sentence that says why it is none, or what in it does not add up.
    pub fn read(text: &str) -> Result<Self, String> {
        let told: Self = serde_json::from_str(text)
            .map_err(|error| format!("it is not what `faceward explain --json` prints: {error}"))?;
        if told.format != FORMAT {
            return Err(format!(
                "it is of the format {:?}; this program reads {FORMAT}",
                told.format
            ));
        }
        let [of_first, of_second] = told.cells.no_cell;
        let first: f64 = told.regions.iter().map(|region| region.first).sum();
        let second: f64 = told.regions.iter().map(|region| region.second).sum();
        for (cells, regions, rest) in [
            (&told.cells.first, first, of_first),
            (&told.cells.second, second, of_second),
        ] {
            let sum: f64 = cells.iter().sum();
            if cells.len() != CELLS * CELLS {
                return Err(format!("it has {} cells instead of 49", cells.len()));
            }
            // Written so that what is no number does not pass.
            let adds_up = |sum: f64| (sum + rest - told.score).abs() <= EXACT;
            if !adds_up(sum) || !adds_up(regions) {
                return Err("its shares do not add up to its score".to_owned());
            }
        }
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "format": FORMAT, "outcome": "match", "score": 0.6, "false_match_rate": 1e-6, "match_from": 0.4,
            "uncertain_from": 0.3,
            "sides": [
                { "of": "reference", "reference": "00", "enrolled_at": "2026-06-01T00:00:00Z", "masked": false, "quality": 80 },
                { "of": "picture", "masked": true, "covered_regions": ["mouth"], "quality": 60, "liveness": 0.9 },
            ],
            "regions": [{ "region": "nose", "first": 0.49, "second": 0.49 }],
            "cells": { "first": vec![0.01; 49], "second": vec![0.01; 49], "no_cell": [0.11, 0.11] },
        })
    }

    #[test]
    fn a_document_is_read_when_it_adds_up_and_only_then() {
        let read = |value: &Value| ToldComparison::read(&value.to_string());
        let told = read(&document()).unwrap();
        assert_eq!(told.outcome, "match");
        assert_eq!(
            told.sides[0].enrolled_at.as_deref(),
            Some("2026-06-01T00:00:00Z")
        );
        for (place, value, why) in [
            ("/score", json!(0.7), "do not add up"),
            ("/cells/second/3", json!(0.02), "do not add up"),
            ("/regions/0/first", json!(0.4), "do not add up"),
            ("/format", json!("faceward-comparison@v2"), "format"),
            ("/cells/first", json!([0.49]), "cells"),
        ] {
            let mut other = document();
            *other.pointer_mut(place).unwrap() = value;
            let error = read(&other).unwrap_err();
            assert!(error.contains(why), "{place}: {error}");
        }
    }
}
