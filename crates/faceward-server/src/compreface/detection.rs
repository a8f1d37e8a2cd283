//! Where are faces?

use axum::Json;
use axum::extract::Request;
use faceward::Right;
use serde_json::{Value, json};

use super::answer::{FaceTold, versions};
use super::asked::Asked;
use super::fault::{Fault, answer};
use super::picture::{FILE, pictures};
use super::recognition::with_versions;

/// Every face of a picture, largest first; nobody is recognised.
pub(crate) async fn detect(asked: Asked, request: Request) -> Result<Json<Value>, Fault> {
    let ward = asked.ward(Right::Detect)?;
    let options = asked.query.options()?;
    let mut sight = options.sight(None, asked.told_embeddings());
    sight.whole_picture = false;
    let [picture] = pictures(request, [FILE]).await?;
    let found = ward.detect_all(&picture, asked.statement(), &sight).await?;
    let told: Vec<FaceTold> = answer(found)?
        .into_iter()
        .map(|seen| FaceTold::detected(seen, &options))
        .collect();
    let model = sight.embedding.then(|| ward.model()).transpose()?;
    let versions = versions(&options, model);
    Ok(Json(with_versions(json!({ "result": told }), versions)))
}
