//! Each person's own pages: asked first, told everything, out in one step.
//!
//! A link is opened once, by a button, and begins a session. Every page then begins with [`Here`]:
//! who is looking, in which language. Nothing on these pages needs a script.

mod arrive;
mod ask;
mod correct;
mod download;
mod guardian;
mod history;
mod leave;
mod notice;
mod overview;
mod page;
mod receipt;
mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::door::Door;
use page::{Here, show};
pub(crate) use receipt::MadeReceipt;

/// What of it answers without a key or a session.
pub(crate) const PUBLIC: &[&str] = &["/me/{token}", "/me/over"];

pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/me", get(overview::overview))
        .route("/me/{token}", get(arrive::arrive))
        .route("/me/over", get(arrive::over))
        .route("/me/ask/{purpose}", get(ask::ask).post(ask::answer))
        .route("/me/ask/{purpose}/guardian", post(guardian::ask))
        .route("/me/notice/{purpose}", get(notice::text))
        .route("/me/history", get(history::history))
        .route(
            "/me/receipt/{consent}",
            get(receipt::receipt).post(receipt::make),
        )
        .route("/me/download", get(download::download))
        .route("/me/correct", get(correct::form).post(correct::send))
        .route(
            "/me/withdraw/{purpose}",
            get(leave::may_withdraw).post(leave::withdraw),
        )
        .route("/me/delete", get(leave::may_delete).post(leave::delete))
}

/// Opening a link, which comes before there is a session.
pub(crate) fn arriving() -> Router<Door> {
    Router::new().route("/me/{token}", post(arrive::open))
}
