//! Requests that a proxy in front and this server could take for different ones.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::{Problem, compreface};

/// Refuses a request for two hosts or of two lengths, and takes no other request from a connection
/// after one whose body came in chunks: where its end was read otherwise before, nothing is smuggled
/// in behind it.
pub(crate) async fn unambiguous(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let chunked = headers.contains_key(TRANSFER_ENCODING);
    let why = if headers.get_all(HOST).iter().count() > 1 {
        Some("a request is for one host")
    } else if chunked && headers.contains_key(CONTENT_LENGTH) {
        Some("a body has a length or comes in chunks, not both")
    } else {
        None
    };
    let mut response = match why {
        Some(why) => refused(request.uri().path(), why),
        None => next.run(request).await,
    };
    if chunked || why.is_some() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// A refusal in the form of the API that was asked.
fn refused(path: &str, why: &str) -> Response {
    let problem = Problem::bad_request(why);
    if compreface::speaks_at(path) {
        compreface::Fault::from(problem).into_response()
    } else {
        problem.into_response()
    }
}
