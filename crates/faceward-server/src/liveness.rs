//! Liveness sessions: is a living person before the camera, now?
//!
//! A program with a key begins one and sends the person to its page. The page shows one instruction
//! at a time, in an order made here for this session, and sends frames; what they show is judged
//! here ([`course`]). Nothing of them is kept, and the outcome is one entry of the ledger.

mod course;
mod page;
mod session;
mod sessions;

use axum::Router;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::door::Door;

pub(crate) use session::Session;
pub(crate) use sessions::Sessions;

/// What of it answers without a key or a session: the page and its frames, to whoever has its
/// short-lived token.
pub(crate) const PUBLIC: &[&str] = &["/liveness/{token}", "/liveness/{token}/frame"];

/// What programs ask, a part of the REST API and its document.
pub(crate) fn described() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(sessions::begin))
        .routes(routes!(sessions::result))
}

/// What the person's browser asks.
pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/liveness/{token}", get(page::page))
        .route("/liveness/{token}/frame", post(page::frame))
}
