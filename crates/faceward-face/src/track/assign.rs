//! Who gets which face, so that the sum of costs is least (the Hungarian method with potentials).
#![allow(
    clippy::indexing_slicing,
    reason = "all indices run over the sides of a square that the vectors were made for"
)]

/// What it costs to leave a face without track: more than any cost that is accepted.
const NOBODY: f32 = 1000.0;

/// For each of `faces`, which row of `costs` gets it. A cost of nothing means never.
pub(super) fn least(costs: &[Vec<Option<f32>>], faces: usize) -> Vec<Option<usize>> {
    let side = costs.len().max(faces);
    let cost = |row: usize, column: usize| {
        let known = costs.get(row).and_then(|row| row.get(column));
        known.copied().flatten().unwrap_or(NOBODY)
    };
    let rows = solve(side, cost);
    let owner = |face: usize| rows.get(face).copied();
    (0..faces)
        .map(|face| owner(face).filter(|row| *row < costs.len() && cost(*row, face) < NOBODY))
        .collect()
}

/// For each column of a square its row. Columns and rows count from 1 inside; 0 is the one being placed.
fn solve(side: usize, cost: impl Fn(usize, usize) -> f32) -> Vec<usize> {
    let (mut of_row, mut of_column) = (vec![0.0_f32; side + 1], vec![0.0_f32; side + 1]);
    let (mut row_at, mut from) = (vec![0_usize; side + 1], vec![0_usize; side + 1]);
    for row in 1..=side {
        row_at[0] = row;
        let mut here = 0;
        let (mut slack, mut used) = (vec![f32::INFINITY; side + 1], vec![false; side + 1]);
        while row_at[here] != 0 {
            used[here] = true;
            let (mut step, mut next) = (f32::INFINITY, 0);
            for column in (1..=side).filter(|column| !used[*column]) {
                let reduced =
                    cost(row_at[here] - 1, column - 1) - of_row[row_at[here]] - of_column[column];
                if reduced < slack[column] {
                    (slack[column], from[column]) = (reduced, here);
                }
                if slack[column] < step {
                    (step, next) = (slack[column], column);
                }
            }
            for column in 0..=side {
                if used[column] {
                    of_row[row_at[column]] += step;
                    of_column[column] -= step;
                } else {
                    slack[column] -= step;
                }
            }
            here = next;
        }
        while here != 0 {
            row_at[here] = row_at[from[here]];
            here = from[here];
        }
    }
    row_at.into_iter().skip(1).map(|row| row - 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_counts_and_not_who_comes_first() {
        // The nearest pair (0, 0) would leave the other two with the dearest.
        let costs = [vec![Some(0.1), Some(0.2)], vec![Some(0.2), None]];
        assert_eq!(least(&costs, 2), [Some(1), Some(0)]);
    }

    #[test]
    fn as_many_are_placed_as_can_be_and_never_where_it_cannot_be() {
        assert_eq!(least(&[vec![None], vec![Some(3.0)]], 1), [Some(1)]);
        assert_eq!(
            least(&[vec![None, Some(1.0), None]], 3),
            [None, Some(0), None]
        );
        assert_eq!(least(&[], 2), [None, None]);
        assert_eq!(least(&[vec![], vec![]], 0), []);
    }

    #[test]
    fn no_other_order_of_five_costs_less() {
        let costs: Vec<Vec<f32>> = (0..5_u32)
            .map(|r| {
                (0..5_u32)
                    .map(|c| ((r * 7 + c * 13 + r * c * 5) % 11) as f32)
                    .collect()
            })
            .collect();
        let some: Vec<Vec<Option<f32>>> = costs
            .iter()
            .map(|row| row.iter().copied().map(Some).collect())
            .collect();
        let sum: f32 = least(&some, 5)
            .iter()
            .enumerate()
            .map(|(c, r)| costs[r.unwrap()][c])
            .sum();
        let mut best = f32::INFINITY;
        for code in 0..5_usize.pow(5) {
            let order: Vec<usize> = (0..5_u32).map(|i| code / 5_usize.pow(i) % 5).collect();
            if (0..5).all(|row| order.contains(&row)) {
                best = best.min(order.iter().enumerate().map(|(c, r)| costs[*r][c]).sum());
            }
        }
        assert_eq!(sum, best);
    }
}
