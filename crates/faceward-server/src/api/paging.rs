//! Lists, a page at a time.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::Problem;

/// Where a page begins and how much is on it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    /// What the page before gave as `next`; from the beginning if not said.
    pub(super) after: Option<String>,
    /// How many at most, 1 to 1000; 100 if not said.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<usize>,
}

/// One page of a list.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// How many there are in all.
    pub(super) total: usize,
    /// What to give as `after` for the next page; none on the last.
    pub(super) next: Option<String>,
}

impl After {
    /// The page of a list that is asked for, its members told apart by an identifier.
    pub(super) fn of<T>(
        self,
        mut list: Vec<T>,
        id: impl Fn(&T) -> String,
    ) -> Result<Page<T>, Problem> {
        let limit = limit(self.limit)?;
        let total = list.len();
        if let Some(after) = self.after {
            let last = list.iter().position(|one| id(one) == after);
            let last = last.ok_or_else(|| {
                Problem::bad_request(
                    "`after` is none of this list: give what the page before said as `next`, or begin anew without it",
                )
            })?;
            list.drain(..=last);
        }
        let more = list.len() > limit;
        list.truncate(limit);
        let next = list.last().filter(|_| more).map(id);
        Ok(Page {
            items: list,
            total,
            next,
        })
    }
}

pub(super) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(100);
    if (1..=1000).contains(&limit) {
        Ok(limit)
    } else {
        Err(Problem::bad_request("`limit` is 1 to 1000"))
    }
}
