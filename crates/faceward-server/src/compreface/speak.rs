//! The manners of the whole API: any page may ask, and every refusal, also one made before a
//! handler was reached, is JSON with a message and a code.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::fault::Fault;
use crate::Problem;

/// Whether an address is one of this API.
pub(crate) fn speaks_at(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

/// Around everything else, because bounds and missing routes refuse, too.
pub(crate) async fn speak(request: Request, next: Next) -> Response {
    if !speaks_at(request.uri().path()) {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let asks_first = request
        .headers()
        .contains_key("access-control-request-method");
    let mut response = if method == Method::OPTIONS && asks_first {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let response = next.run(request).await;
        if is_ours(&response) {
            response
        } else {
            said_again(&method, response).await
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, OPTIONS, PUT, DELETE",
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Content-Type, x-api-key",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "1728000"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let anywhere = HeaderValue::from_static("cross-origin");
    headers.insert("cross-origin-resource-policy", anywhere);
    response
}

fn is_ours(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    response.status().is_success() || kind.is_some_and(|kind| kind == "application/json")
}

/// A refusal of the server's own, in the form of this API.
async fn said_again(method: &Method, response: Response) -> Response {
    const LARGEST_PROBLEM: usize = 64 * 1024;
    let status = response.status();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let why = format!("Request method '{method}' not supported");
        return Fault::not_found(0, why).into_response();
    }
    let retry = response.headers().get(header::RETRY_AFTER).cloned();
    let body = to_bytes(response.into_body(), LARGEST_PROBLEM).await;
    let body = body.unwrap_or_default();
    let problem: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
    let detail = problem
        .as_ref()
        .and_then(|said| said.get("detail")?.as_str());
    let detail = detail.unwrap_or("Something went wrong, please try again");
    let problem = Problem::new(status, "", "", detail);
    let mut response = Fault::from(problem).into_response();
    if let Some(retry) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, retry);
    }
    response
}
