//! References: listed, described, destroyed; never given out.

use axum::Json;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use faceward::{Page, Purpose, ReferenceId, Right, WardError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Asked;
use super::paging::limit;
use super::wire::DoneSaid;
use crate::Problem;
use crate::caller::Caller;
use crate::tagged::tagged;

/// A reference, described and not given out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReferenceSaid {
    reference: String,
    subject: String,
    purpose: String,
    /// The model that made it.
    model: String,
    /// Unified quality of its sample, 0 to 100.
    quality: u8,
    enrolled_at: String,
}

/// A page of references.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReferencesSaid {
    references: Vec<ReferenceSaid>,
    total: usize,
}

/// Which references.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichReferences {
    /// Only of this person.
    subject: Option<String>,
    /// Only for this purpose.
    purpose: Option<String>,
    /// How many to leave out at the beginning.
    skip: Option<usize>,
    /// How many at most, 1 to 1000; 100 if not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// References, in the order in which they were enrolled
#[utoipa::path(
    get, path = "/v1/references", tag = "people", params(WhichReferences),
    responses((status = 200, body = ReferencesSaid), (status = 304)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(which): Asked<WhichReferences>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked: Option<Purpose> = match which.purpose.as_deref().map(str::parse) {
        Some(purpose) => Some(purpose.map_err(Problem::bad_request)?),
        None => None,
    };
    let purpose = match (asked, caller.key.terms.purposes.as_slice()) {
        (None, [only]) => Some(only.clone()),
        (None, [_, _, ..]) => {
            let which = "this key acts for several purposes: say which as `purpose`";
            return Err(Problem::bad_request(which));
        }
        (asked, _) => asked,
    };
    caller.may(Right::Subjects, purpose.as_ref())?;
    let handle = which
        .subject
        .map(|name| caller.key.handle(&name))
        .transpose()?;
    let page = Page {
        skip: which.skip.unwrap_or(0),
        at_most: limit(which.limit)?,
    };
    let found = caller
        .ward
        .references(purpose.as_ref(), handle.as_ref(), caller.key.within(), page)
        .await?;
    let said = |listed: &faceward::ListedReference| {
        Some(ReferenceSaid {
            reference: listed.reference.id.to_string(),
            subject: caller.key.own(&listed.handle)?.to_owned(),
            purpose: listed.reference.purpose.to_string(),
            model: listed.reference.model.to_string(),
            quality: listed.reference.quality,
            enrolled_at: listed.reference.enrolled_at.to_string(),
        })
    };
    let said = ReferencesSaid {
        references: found.references.iter().filter_map(said).collect(),
        total: found.total,
    };
    tagged(&headers, &said)
}

/// Destroy one reference with its key
#[utoipa::path(
    delete, path = "/v1/references/{reference}", tag = "people", params(("reference" = String, Path, description = "Identifier of the reference")),
    responses((status = 200, body = DoneSaid), (status = 404, body = Problem)),
)]
pub(crate) async fn remove(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DoneSaid>, Problem> {
    caller.may(Right::Subjects, None)?;
    let nowhere = || Problem::not_found("there is no such reference");
    let id: ReferenceId = id.parse().map_err(|_| nowhere())?;
    // Of somebody this key does not reach it may not even be told that it is there.
    let listed = match caller.ward.reference(id).await {
        Err(WardError::UnknownReference(_)) => return Err(nowhere()),
        listed => listed?,
    };
    caller.key.own(&listed.handle).ok_or_else(nowhere)?;
    caller.may(Right::Subjects, Some(&listed.reference.purpose))?;
    let removed = caller.ward.remove_reference(id).await?;
    Ok(Json(DoneSaid::of(&removed.receipt)))
}
