//! Each person's own pages: asked first, told everything, out in one step.

use axum::Router;
use zeroize::Zeroizing;

use crate::door::Door;

/// What of it answers without a key or a session.
pub(crate) const PUBLIC: &[&str] = &[];

pub(crate) fn routes() -> Router<Door> {
    Router::new()
}

/// Where a person's link leads.
pub(crate) fn link_path(secret: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("/me/link/{secret}"))
}
