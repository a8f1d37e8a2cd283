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

pub(crate) use speak::speak;

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
        .route_both("/recognition/subjects", own.delete(subjects::delete_all))
        .route_both(
            "/recognition/subjects/{subject}",
            put(subjects::rename).delete(subjects::delete),
        )
        .route_both("/recognition/faces", examples)
        .route_both("/recognition/faces/delete", post(faces::delete_several))
        .route_both("/recognition/faces/{image_id}", delete(faces::delete))
        .route_both("/recognition/faces/{image_id}/img", get(faces::picture))
        .route_both(
            "/recognition/faces/{image_id}/verify",
            post(recognition::verify),
        )
        .route_both("/recognition/recognize", post(recognition::recognize))
        .route_both(
            "/recognition/embeddings/recognize",
            post(recognition::recognize_embeddings),
        )
        .route_both(
            "/recognition/embeddings/faces/{image_id}/verify",
            post(recognition::verify_embeddings),
        )
        .route_both("/detection/detect", post(detection::detect))
        .route_both("/verification/verify", post(verification::verify))
        .route_both(
            "/verification/embeddings/verify",
            post(verification::verify_embeddings),
        )
        .route("/api/v1/config", get(side::config))
        .route("/api/v1/consistence/status", get(side::status))
        .route("/api/v1/static/{key}/images/{id}", get(side::picture))
}

trait Both {
    fn route_both(self, path: &str, to: MethodRouter<Door>) -> Self;
}

impl Both for Router<Door> {
    /// With and without a slash at the end, as CompreFace takes them.
    fn route_both(self, path: &str, to: MethodRouter<Door>) -> Self {
        self.route(&format!("/api/v1{path}"), to.clone())
            .route(&format!("/api/v1{path}/"), to)
    }
}
