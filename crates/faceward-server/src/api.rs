//! The REST API, version 1: what engineers build on. Its document is made from this code.

mod consents;
mod curl;
mod decide;
mod docs;
mod document;
mod examples;
mod extract;
mod keys;
mod ledger;
mod paging;
mod people;
mod picture;
mod references;
mod requests;
mod rules;
mod wire;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::door::Door;
use crate::liveness;

pub(crate) use extract::Body;
pub(crate) use wire::ReceiptSaid;

/// What of it answers without a key or a session.
pub(crate) const PUBLIC: &[&str] = &["/openapi.json", "/docs"];

pub(crate) fn routes() -> Router<Door> {
    let (router, document) = described().split_for_parts();
    router.merge(document::routes(document))
}

fn described() -> OpenApiRouter<Door> {
    OpenApiRouter::with_openapi(document::frame())
        .routes(routes!(decide::verify))
        .routes(routes!(decide::identify))
        .routes(routes!(decide::enroll))
        .routes(routes!(decide::compare))
        .routes(routes!(decide::detect))
        .routes(routes!(people::list, people::add))
        .routes(routes!(people::one, people::rename, people::forget))
        .routes(routes!(people::link))
        .routes(routes!(references::list))
        .routes(routes!(references::remove))
        .routes(routes!(consents::list))
        .routes(routes!(consents::give))
        .routes(routes!(consents::withdraw))
        .routes(routes!(consents::receipt))
        .routes(routes!(requests::list, requests::receive))
        .routes(routes!(requests::answer))
        .routes(routes!(ledger::entries))
        .routes(routes!(ledger::entry))
        .routes(routes!(ledger::checkpoint))
        .routes(routes!(rules::laws))
        .routes(routes!(rules::law))
        .routes(routes!(rules::deployment))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .merge(liveness::described())
}
