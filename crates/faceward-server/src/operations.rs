//! For whoever runs the server: is it up, can it decide, what does it do.

use std::sync::OnceLock;
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use faceward::Right;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;

use crate::Problem;
use crate::caller::Caller;
use crate::door::Door;
use crate::traces::Asked;

/// The process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Every ward's vault opens and can decide; with what is wrong, if it cannot.
pub(crate) async fn readyz(State(door): State<Door>) -> Response {
    let mut ready = true;
    let mut wards = serde_json::Map::new();
    for (name, ward) in door.house().wards() {
        let said = match (ward.ledger_size().await, ward.deployment(), ward.model()) {
            (Ok(_), Ok(_), Ok(_)) => "ready",
            (Err(_), ..) => "the vault does not open",
            (_, Err(_), _) => "the deployment is not understood",
            (.., Err(_)) => "the nets cannot be loaded",
        };
        ready &= said == "ready";
        wards.insert(name.to_string(), json!(said));
    }
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(json!({ "ready": ready, "wards": wards }))).into_response()
}

/// Counts and times in Prometheus' text format. No label holds a person, a purpose or an address.
pub(crate) async fn metrics(caller: Caller) -> Result<Response, Problem> {
    caller.may(Right::Metrics, None)?;
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, recorder().render()).into_response())
}

/// Counts, times and logs a request: which route, how it ended, how long it took. Not the path,
/// which may hold a name.
pub(crate) async fn observe(State(door): State<Door>, request: Request, next: Next) -> Response {
    recorder();
    let began = Instant::now();
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("unknown", MatchedPath::as_str).to_owned();
    let traces = door.traces();
    let asked = traces.map(|_| Asked::now(request.headers(), method, route.clone()));
    let response = next.run(request).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    if let (Some(traces), Some(asked)) = (traces, asked) {
        traces.answered(asked, status);
    }
    let labels = [
        ("method", method.to_owned()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    metrics::counter!("faceward_requests_total", &labels).increment(1);
    metrics::histogram!("faceward_request_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    tracing::info!(
        method,
        route,
        status,
        ms = took.as_millis() as u64,
        "request"
    );
    response
}

/// The method; one that nobody uses is not counted by its name, of which there is no end.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Lets go of what is held for nobody any more: the times measured since the last asking, answers
/// and imports that are over, people's data that was not used.
pub(crate) async fn rest(door: &Door) {
    recorder().run_upkeep();
    door.acts().rest();
    door.imports().rest();
    for (name, ward) in door.house().wards() {
        if let Err(error) = ward.rest().await {
            tracing::warn!(ward = %name, error = %error, "what is in memory could not be let go of");
        }
    }
}

fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let suffix = Matcher::Suffix("_seconds".to_owned());
        let recorder = match builder.set_buckets_for_metric(suffix, &BOUNDS) {
            Ok(builder) => builder.build_recorder(),
            Err(_) => PrometheusBuilder::new().build_recorder(),
        };
        let handle = recorder.handle();
        // Where somebody else's recorder was first, theirs counts and ours stays empty.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}
