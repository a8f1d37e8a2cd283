use std::collections::BTreeSet;

use serde::Serialize;

use super::Scored;
use crate::eval::curve::Rate;
use crate::eval::protocol::Kind;

/// Attacks of one condition: how many are accepted as the enrolled person (IAPAR, ISO/IEC 30107-3).
#[derive(Clone, Debug, Serialize)]
pub struct AttackRow {
    /// The condition.
    pub name: String,
    /// Accepted at each point by recognition alone.
    pub accepted: Vec<Rate>,
    /// Accepted at each point when the attack must also pass for bona fide.
    pub accepted_with_pad: Vec<Rate>,
}

/// One row per condition that holds attacks.
pub(super) fn rows(scored: &[Scored<'_>], thresholds: &[f32]) -> Vec<AttackRow> {
    let attacks: Vec<&Scored<'_>> = scored
        .iter()
        .filter(|s| s.row.kind == Kind::Attack)
        .collect();
    let names: BTreeSet<&str> = attacks.iter().map(|s| s.row.cond.as_str()).collect();
    let row = |name: &str| {
        let named: Vec<&Scored<'_>> = attacks
            .iter()
            .filter(|s| s.row.cond == name)
            .copied()
            .collect();
        let accepted = |threshold: &f32, pad: bool| {
            let passes = |s: &&&Scored<'_>| s.score >= *threshold && (s.live || !pad);
            Rate::new(named.iter().filter(passes).count(), named.len())
        };
        AttackRow {
            name: name.to_owned(),
            accepted: thresholds.iter().map(|t| accepted(t, false)).collect(),
            accepted_with_pad: thresholds.iter().map(|t| accepted(t, true)).collect(),
        }
    };
    names.into_iter().map(row).collect()
}

/// Genuine comparisons refused by recognition or by PAD.
pub(super) fn genuine_refused(scored: &[Scored<'_>], threshold: f32) -> Rate {
    let genuine = || scored.iter().filter(|s| s.row.kind == Kind::Genuine);
    let refused = |s: &&Scored<'_>| s.score < threshold || !s.live;
    Rate::new(genuine().filter(refused).count(), genuine().count())
}
