//! The API that CompreFace's clients speak, so that they need another address and key and nothing
//! else. What it leaves out and where it answers differently stands in `docs/from-compreface.md`.
//!
//! A key is a service of CompreFace's: of recognition, of detection or of verification. A key for
//! recognition acts for its one purpose, and its collection is its face collection. Nobody is
//! known here without having agreed: an example of somebody who did not is refused (code 1001),
//! and who withdrew is not found any more.

mod answer;
mod asked;
mod body;
mod detection;
mod faces;
mod fault;
mod multipart;
mod picture;
mod query;
mod recognition;
mod side;
mod speak;
mod subjects;
mod verification;

use axum::Router;
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::door::Door;

pub(crate) use fault::Fault;
pub(crate) use speak::{speak, speaks_at};

/// What of it answers without a key or a session.
pub(crate) const PUBLIC: &[&str] = &[
    "/api/v1/config",
    "/api/v1/consistence/status",
    "/api/v1/static/{key}/images/{id}",
];

pub(crate) fn routes() -> Router<Door> {
    let own = get(subjects::list).post(subjects::add);
    let examples = get(faces::list).post(faces::add).delete(faces::delete_of);
    Router::new()
        .both(
            "/api/v1/recognition/subjects",
            own.delete(subjects::delete_all),
        )
        .both(
            "/api/v1/recognition/subjects/{subject}",
            put(subjects::rename).delete(subjects::delete),
        )
        .both("/api/v1/recognition/faces", examples)
        .both(
            "/api/v1/recognition/faces/delete",
            post(faces::delete_several),
        )
        .both(
            "/api/v1/recognition/faces/{image_id}",
            delete(faces::delete),
        )
        .both(
            "/api/v1/recognition/faces/{image_id}/img",
            get(faces::picture),
        )
        .both(
            "/api/v1/recognition/faces/{image_id}/verify",
            post(recognition::verify),
        )
        .both(
            "/api/v1/recognition/recognize",
            post(recognition::recognize),
        )
        .both(
            "/api/v1/recognition/embeddings/recognize",
            post(recognition::recognize_embeddings),
        )
        .both(
            "/api/v1/recognition/embeddings/faces/{image_id}/verify",
            post(recognition::verify_embeddings),
        )
        .both("/api/v1/detection/detect", post(detection::detect))
        .both("/api/v1/verification/verify", post(verification::verify))
        .both(
            "/api/v1/verification/embeddings/verify",
            post(verification::verify_embeddings),
        )
        .route("/api/v1/config", get(side::config))
        .route("/api/v1/consistence/status", get(side::status))
        .route("/api/v1/static/{key}/images/{id}", get(side::picture))
}

trait Both {
    fn both(self, path: &str, to: MethodRouter<Door>) -> Self;
}

impl Both for Router<Door> {
    /// With and without a slash at the end, as CompreFace takes them.
    fn both(self, path: &str, to: MethodRouter<Door>) -> Self {
        self.route(path, to.clone()).route(&format!("{path}/"), to)
    }
}
