//! Liveness sessions: is a living person before the camera, now?

use axum::Router;

use crate::door::Door;

/// What of it answers without a key or a session.
pub(crate) const PUBLIC: &[&str] = &[];

pub(crate) fn routes() -> Router<Door> {
    Router::new()
}
