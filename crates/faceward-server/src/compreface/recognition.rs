//! Who is it, of those who agreed; and is it the person of this example?

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request};
use faceward::{NearReference, Right, Sight};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::answer::{FaceTold, SubjectTold, similarity, versions};
use super::asked::Asked;
use super::body::{Embedding, json as read_json};
use super::faces::image_id;
use super::fault::{Fault, answer};
use super::picture::{FILE, pictures};

#[derive(Deserialize)]
struct Embeddings {
    embeddings: Option<Vec<Embedding>>,
}

/// Searches every face of a picture, largest first. One person may be named several times, once
/// for each of their examples, and whoever is nearest is named however far that is.
pub(crate) async fn recognize(asked: Asked, request: Request) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Identify)?;
    let options = asked.query.options()?;
    let sight = options.sight(asked.within(), asked.told_embeddings());
    let [picture] = pictures(request, [FILE]).await?;
    let found = answer(ward.recognize(purpose, &picture, &sight).await?)?;
    let mut faces = Vec::with_capacity(found.faces.len());
    for face in found.faces {
        let mut told = FaceTold::new(face.seen, &options);
        told.subjects = Some(subjects(&asked, face.nearest));
        faces.push(told);
    }
    let versions = versions(&options, Some(ward.model()?));
    Ok(Json(with_versions(json!({ "result": faces }), versions)))
}

/// Compares every face of a picture with one example.
pub(crate) async fn verify(
    asked: Asked,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Verify)?;
    let options = asked.query.options()?;
    let sight = options.sight(asked.within(), asked.told_embeddings());
    let id = image_id(&id)?;
    let [picture] = pictures(request, [FILE]).await?;
    let compared = ward.verify_reference(id, purpose, &picture, &sight);
    let found = answer(compared.await?)?;
    let subject = asked.own(&found.handle);
    let mut faces = Vec::with_capacity(found.faces.len());
    for face in found.faces {
        let mut told = FaceTold::new(face.seen, &options);
        told.subject = subject.map(ToOwned::to_owned);
        told.similarity = Some(similarity(face.score));
        faces.push(told);
    }
    let versions = versions(&options, Some(ward.model()?));
    Ok(Json(with_versions(json!({ "result": faces }), versions)))
}

/// Searches embeddings, in their order.
pub(crate) async fn recognize_embeddings(asked: Asked, body: Body) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Identify)?;
    asked.sends_embeddings()?;
    let sight = asked.query.options()?.sight(asked.within(), false);
    let sent = sent(body).await?;
    let found = ward.search_embeddings(purpose, copies(&sent), &sight);
    let found = answer(found.await?)?;
    let result: Vec<Value> = sent
        .iter()
        .zip(found)
        .map(|(Embedding(sent), near)| {
            json!({ "embedding": **sent, "similarities": subjects(&asked, near) })
        })
        .collect();
    Ok(Json(json!({ "result": result })))
}

/// Compares embeddings with one example; the nearest comes first.
pub(crate) async fn verify_embeddings(
    asked: Asked,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Verify)?;
    asked.sends_embeddings()?;
    let id = image_id(&id)?;
    let sent = sent(body).await?;
    let within = asked.within();
    let sight = Sight {
        within,
        ..Sight::default()
    };
    let found = ward.verify_reference_embeddings(id, purpose, copies(&sent), &sight);
    let found = answer(found.await?)?;
    let scores = found.into_iter().map(|(score, _)| similarity(score));
    Ok(Json(json!({ "result": best_first(&sent, scores) })))
}

/// Embeddings and their similarities, the most similar first.
pub(crate) fn best_first(
    sent: &[Embedding],
    similarities: impl Iterator<Item = f32>,
) -> Vec<Value> {
    let mut result: Vec<(&Embedding, f32)> = sent.iter().zip(similarities).collect();
    result.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let told = |(Embedding(sent), similarity): &(&Embedding, f32)| json!({ "embedding": **sent, "similarity": similarity });
    result.iter().map(told).collect()
}

/// What the verbs take, while what was sent is kept to be told again.
pub(crate) fn copies(sent: &[Embedding]) -> Vec<Zeroizing<Vec<f32>>> {
    sent.iter().map(|Embedding(sent)| sent.clone()).collect()
}

fn subjects(asked: &Asked, nearest: Vec<NearReference>) -> Vec<SubjectTold> {
    let told = |near: &NearReference| {
        Some(SubjectTold {
            subject: asked.own(&near.handle)?.to_owned(),
            similarity: similarity(near.score),
        })
    };
    nearest.iter().filter_map(told).collect()
}

async fn sent(body: Body) -> Result<Vec<Embedding>, Fault> {
    let Embeddings { embeddings } = read_json(body).await?;
    let sent = embeddings.unwrap_or_default();
    if sent.is_empty() {
        return Err(Fault::bad(5, "Field embeddings cannot be empty"));
    }
    Ok(sent)
}

/// With what made it, where that was asked for.
pub(crate) fn with_versions(mut answer: Value, versions: Option<Value>) -> Value {
    if let (Some(members), Some(versions)) = (answer.as_object_mut(), versions) {
        members.insert("plugins_versions".to_owned(), versions);
    }
    answer
}
