//! Everything held, as JSON to take along: the file that `faceward export` writes.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use faceward::told::held_json;

use super::Here;
use crate::Problem;

pub(super) async fn download(here: Here) -> Result<Response, Problem> {
    let ward = &here.me.ward;
    let held = ward.export(here.me.handle.clone()).await?;
    let openings = ward.openings(&here.me.handle).await?;
    let told = held_json(&held, &openings, ward.controller().ok().as_ref());
    let text = serde_json::to_string_pretty(&told).map_err(|_| Problem::failed())?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"held.json\""),
    ];
    Ok((headers, text).into_response())
}
