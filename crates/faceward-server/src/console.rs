//! The operator's console: pages written by the server, with small scripts.
//!
//! Every page begins with a [`Desk`]: who is signed in, in which ward, in which language. A page
//! asks it for the one right it needs, and is shown in its frame.

mod accounts;
mod agreeing;
mod cases;
mod deployment;
mod faces;
mod fields;
mod import;
mod keys;
mod leaving;
mod ledger;
mod links;
mod live;
mod overview;
mod page;
mod people;
mod person;
mod quality;
mod requests;
mod settings;
mod setup;
mod sign_in;
mod told;

use axum::Router;
use axum::routing::{get, post};

use crate::door::Door;

pub(crate) use import::Imports;
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
        .route("/console/live", get(live::page))
        .route("/console/live/frame", post(live::frame))
        .route("/console/ledger", get(ledger::list))
        .route("/console/ledger/{position}", get(ledger::entry))
        .route(
            "/console/deployment",
            get(deployment::view).post(deployment::try_out),
        )
        .route("/console/deployment/declare", post(deployment::declare))
        .route("/console/cases", get(cases::form).post(cases::assess))
        .route("/console/settings", get(settings::view))
        .merge(persons())
        .merge(administration())
}

fn persons() -> Router<Door> {
    Router::new()
        .route("/console/people", get(people::list).post(people::add))
        .route("/console/people/{handle}", get(person::view))
        .route("/console/people/{handle}/consent", post(agreeing::record))
        .route("/console/import", get(import::page).post(import::begin))
        .route("/console/import/stop", post(import::stop))
        .route("/console/import/work-list.csv", get(import::list))
        .route("/console/links", get(links::list))
        .route("/console/people/{handle}/link", post(links::make))
        .route(
            "/console/people/{handle}/links/{link}/cancel",
            post(links::cancel),
        )
        .route("/console/people/{handle}/enroll", post(faces::enroll))
        .route("/console/people/{handle}/verify", post(faces::verify))
        .route(
            "/console/people/{handle}/references/{reference}/remove",
            post(faces::remove),
        )
        .route("/console/people/{handle}/requests", post(requests::receive))
        .route(
            "/console/people/{handle}/requests/{request}",
            post(requests::answer),
        )
        .route("/console/people/{handle}/withdraw", post(leaving::withdraw))
        .route("/console/people/{handle}/forget", post(leaving::forget))
}

fn administration() -> Router<Door> {
    Router::new()
        .route("/console/keys", get(keys::list).post(keys::make))
        .route("/console/keys/{id}/revoke", post(keys::revoke))
        .route(
            "/console/accounts",
            get(accounts::list).post(accounts::make),
        )
        .route("/console/accounts/{id}/role", post(accounts::set_role))
        .route(
            "/console/accounts/{id}/password",
            post(accounts::set_password),
        )
        .route("/console/accounts/{id}/disable", post(accounts::disable))
}
