//! The table of routes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::door::Door;
use crate::limits::at_once;
use crate::traces::Traces;
use crate::{
    Collector, House, Limits, Problem, ServerError, WardName, api, assets, bare, compreface,
    console, framing, headers, liveness, me, once, operations, session,
};

/// What answers without a key or a session; nothing else does.
pub fn public() -> impl Iterator<Item = &'static str> {
    const OURS: &[&str] = &["/healthz", "/readyz", "/assets/{name}"];
    let rooms = [
        api::PUBLIC,
        compreface::PUBLIC,
        console::PUBLIC,
        me::PUBLIC,
        liveness::PUBLIC,
    ];
    OURS.iter().chain(rooms.into_iter().flatten()).copied()
}

/// The server before it listens.
#[derive(Clone)]
pub struct Front {
    door: Door,
    setup: Vec<(WardName, String)>,
}

impl Front {
    /// Everything behind the door. A ward without an account gets a one-time link, good for an
    /// hour, to make its first.
    ///
    /// # Errors
    /// [`ServerError::Ward`].
    pub async fn of(house: House, limits: Limits, behind_proxy: bool) -> Result<Self, ServerError> {
        let door = Door::new(house, limits, behind_proxy);
        let mut setup = Vec::new();
        for (name, ward) in door.house().wards() {
            if !ward.has_accounts().await?
                && let Some(secret) = door.setup().give(name.clone())
            {
                setup.push((name, format!("/setup/{}", *secret)));
            }
        }
        Ok(Self { door, setup })
    }

    /// Where the first account of a ward is made: path by ward, for those that have none.
    pub fn setup(&self) -> &[(WardName, String)] {
        &self.setup
    }

    /// Says that browsers speak TLS to this server, so that cookies are sent no other way.
    pub(crate) fn speaks_tls(&self) {
        self.door.speaks_tls();
    }

    /// Hands a span of each request to a collector from now on; once, and the second time changes nothing.
    ///
    /// # Errors
    /// [`ServerError::Failed`].
    pub fn trace_to(&self, collector: Collector) -> Result<(), ServerError> {
        self.door.trace_to(Traces::to(collector)?);
        Ok(())
    }

    /// Hands over what a collector has not yet, for a while.
    pub(crate) async fn traced(&self) {
        if let Some(traces) = self.door.traces() {
            traces.end().await;
        }
    }

    /// Lets go of what is kept in memory for nobody any more; [`serve`](crate::serve) does it now
    /// and then.
    pub async fn rest(&self) {
        operations::rest(&self.door).await;
    }

    /// The wards behind it.
    pub fn house(&self) -> &House {
        self.door.house()
    }

    /// The server as a function from request to response.
    pub fn router(&self) -> Router {
        router(self.door.clone())
    }
}

fn router(door: Door) -> Router {
    let pages = console::routes()
        .merge(me::routes())
        .layer(from_fn_with_state(door.clone(), session::meant))
        .layer(from_fn(console::problems_as_pages));
    // The secret in a link stands for the token that the forms of a session have.
    let arriving = me::arriving()
        .layer(from_fn(session::from_our_page))
        .layer(from_fn(console::problems_as_pages));
    let asked = Router::new()
        .route("/metrics", get(operations::metrics))
        .merge(api::routes().layer(from_fn_with_state(door.clone(), once::once)))
        .merge(compreface::routes())
        .merge(liveness::routes())
        .merge(pages)
        .merge(arriving)
        // One bound for every body, in place of axum's own of 2 MB.
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(door.limits().body))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            door.limits().time,
        ))
        .layer(from_fn_with_state(door.clone(), at_once));
    Router::new()
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/assets/{name}", get(assets::asset))
        .merge(asked)
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_this_way)
        .layer(from_fn_with_state(door.clone(), bare::told))
        .layer(CatchPanicLayer::custom(broke))
        .layer(from_fn(compreface::speak))
        .layer(from_fn(framing::unambiguous))
        .layer(from_fn(headers::secure))
        .layer(from_fn_with_state(door.clone(), operations::observe))
        .with_state(door)
}

async fn nothing_here() -> Problem {
    Problem::not_found("there is nothing at this address")
}

async fn not_this_way() -> Problem {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(
        status,
        "method-not-allowed",
        "Not this way",
        "ask with another method",
    )
}

fn broke(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request broke down");
    Problem::failed().into_response()
}
