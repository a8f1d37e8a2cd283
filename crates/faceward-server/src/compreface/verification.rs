//! Do two pictures show the same person? Nothing is kept of either.

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use faceward::Right;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{FaceTold, similarity, versions};
use super::asked::Asked;
use super::body::{Embedding, json as read_json};
use super::fault::{Fault, answer};
use super::picture::{Named, pictures};
use super::recognition::{best_first, copies, with_versions};

const SOURCE: Named = Named {
    part: "source_image",
    field: "sourceImageBase64",
};
const TARGET: Named = Named {
    part: "target_image",
    field: "targetImageBase64",
};

#[derive(Deserialize)]
struct Embeddings {
    source: Option<Embedding>,
    targets: Option<Vec<Embedding>>,
}

/// Compares the one face of the source with every face of the target. The answer is a list of one.
pub(crate) async fn verify(asked: Asked, request: Request) -> Result<Json<Value>, Fault> {
    let ward = asked.ward(Right::Compare)?;
    let options = asked.query.options()?;
    let mut sight = options.sight(None, asked.told_embeddings());
    sight.whole_picture = false;
    let [source, target] = pictures(request, [SOURCE, TARGET]).await?;
    let compared = ward.compare_all(&source, &target, asked.statement(), &sight);
    let found = answer(compared.await?)?;
    let mut matches = Vec::with_capacity(found.faces.len());
    for face in found.faces {
        let mut told = FaceTold::new(face.seen, &options);
        told.similarity = Some(similarity(face.score));
        matches.push(told);
    }
    let one = json!({
        "source_image_face": FaceTold::new(found.source, &options),
        "face_matches": matches,
    });
    let one = with_versions(one, versions(&options, Some(ward.model()?)));
    Ok(Json(json!({ "result": [one] })))
}

/// Compares an embedding with others; the nearest comes first.
pub(crate) async fn verify_embeddings(asked: Asked, body: Body) -> Result<Json<Value>, Fault> {
    let ward = asked.ward(Right::Compare)?;
    asked.sends_embeddings()?;
    let Embeddings { source, targets } = read_json(body).await?;
    let empty = |name: &str| Fault::bad(5, format!("Field {name} cannot be empty"));
    let source = source.filter(|Embedding(source)| !source.is_empty());
    let Embedding(source) = source.ok_or_else(|| empty("source"))?;
    let targets = targets.unwrap_or_default();
    if targets.is_empty() {
        return Err(empty("targets"));
    }
    let compared = ward.compare_embeddings(source, copies(&targets), asked.statement());
    let found = answer(compared.await?)?;
    let scores = found.into_iter().map(|(score, _)| similarity(score));
    Ok(Json(json!({ "result": best_first(&targets, scores) })))
}
