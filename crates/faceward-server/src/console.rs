//! The operator's console: pages written by the server, with small scripts.
//!
//! Every page begins with a [`Desk`]: who is signed in, in which ward, in which language. A page
//! asks it for the one right it needs, and is shown in its frame.

mod fields;
mod overview;
mod page;
mod setup;
mod sign_in;

use axum::Router;
use axum::routing::{get, post};

use crate::door::Door;

use page::{Desk, Frame, Section};
pub(crate) use page::{problems_as_pages, show, token};

/// What of it answers without a key or a session.
pub(crate) const PUBLIC: &[&str] = &["/setup/{token}", "/login", "/logout", "/lang"];

pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/setup/{token}", get(setup::form).post(setup::make))
        .route("/login", get(sign_in::form).post(sign_in::sign_in))
        .route("/logout", post(sign_in::sign_out))
        .route("/lang", post(page::choose_language))
        .route("/console", get(overview::overview))
        .route("/console/due", get(overview::due))
}
