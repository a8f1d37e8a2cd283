//! Comparisons of faces that are offered as evidence: what the score was, where in the faces it comes from, and what it
//! does not say.

use super::document::{Block, Cells, cell, label, part, quiet, section, text};
use crate::case::Worked;
use crate::told::{FEWEST, LIMITS_OF_A_SCORE, ToldComparison, ToldSide};

pub(super) fn compared(worked: &Worked, blocks: &mut Vec<Block>) {
    let of = |id: &str| worked.case.evidence.iter().find(|e| e.id == id);
    let mut begun = false;
    for checked in &worked.evidence {
        let (Some(told), Some(evidence)) = (&checked.comparison, of(&checked.id)) else {
            continue;
        };
        if !begun {
            blocks.push(section(
                "What the comparison of faces shows",
                "人脸比对所示",
            ));
            begun = true;
        }
        blocks.push(Block::Name {
            text: format!("{}: {}", evidence.id, evidence.title),
        });
        one(told, blocks);
    }
    if begun {
        limits(blocks);
    }
}

fn one(told: &ToldComparison, blocks: &mut Vec<Block>) {
    let decided = match told.outcome.as_str() {
        "match" => "a match",
        "uncertain" => "uncertain: a person should look",
        _ => "no match",
    };
    blocks.push(text(format!(
        "The score is {:.3}, on a scale on which strangers lie about 0 and one person about 0.7; decided as {decided}, with a match from {:.3}. {}",
        told.score,
        told.match_from,
        rate(told)
    )));
    let most = told.cells.first.iter().chain(&told.cells.second);
    let most = most.fold(1e-6_f64, |most, share| most.max(share.abs()));
    let [first, second] = &told.sides;
    let cells =
        [(first, &told.cells.first), (second, &told.cells.second)].map(|(side, cells)| Cells {
            caption: side_told(side),
            shares: cells.clone(),
            most,
        });
    blocks.push(Block::Faces { cells });
    let rows = told.regions.iter().map(|region| {
        vec![
            cell(region.region.clone()),
            cell(format!("{:+.3}", region.first)),
            cell(format!("{:+.3}", region.second)),
        ]
    });
    let mut rows: Vec<_> = rows.collect();
    let [of_first, of_second] = told.cells.no_cell;
    rows.push(vec![
        cell("no region (the model’s constant)"),
        cell(format!("{of_first:+.3}")),
        cell(format!("{of_second:+.3}")),
    ]);
    let sum = || cell(format!("{:+.3}", told.score));
    rows.push(vec![cell("together: the score"), sum(), sum()]);
    blocks.push(Block::Table {
        heads: vec![
            label("Region of the face", "面部区域"),
            label("Added by the first", "第一张的贡献"),
            label("Added by the second", "第二张的贡献"),
        ],
        widths: vec![46, 27, 27],
        rows,
    });
}

fn side_told(side: &ToldSide) -> String {
    let what = match &side.enrolled_at {
        Some(at) => format!("the map kept of the reference enrolled at {at}"),
        None => "a picture".to_owned(),
    };
    let covered = match (side.covered_regions.as_slice(), side.masked) {
        ([], false) => String::new(),
        ([], true) => "; mouth and nose are covered".to_owned(),
        (regions, _) => format!("; covered: {}", regions.join(", ")),
    };
    format!("{what}, quality {} of 100{covered}", side.quality)
}

/// How often strangers score as high.
fn rate(told: &ToldComparison) -> String {
    match told.false_match_rate {
        None => "Strangers score as high more often than the table of thresholds tells: it says nothing for the two being one person.".to_owned(),
        Some(rate) if rate < FEWEST => format!(
            "Of comparisons of strangers, fewer than one in {:.0} scores as high.",
            1.0 / FEWEST
        ),
        Some(rate) => format!(
            "Of comparisons of strangers, at most one in {:.0} scores as high.",
            1.0 / rate
        ),
    }
}

fn limits(blocks: &mut Vec<Block>) {
    blocks.push(part("What a score does not say", "分值不能说明的事项"));
    let items = LIMITS_OF_A_SCORE.map(str::to_owned).to_vec();
    blocks.push(Block::List { items });
    blocks.push(quiet(
        "The columns add up to the score without remainder; the cells are those of the model’s last map, seven by seven, and lie where the face has them. The faces themselves are not in this dossier.",
    ));
}
