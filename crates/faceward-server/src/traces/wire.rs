//! Spans as the OpenTelemetry protocol has them in JSON: identifiers in hexadecimal, times as strings of nanoseconds.

use std::time::{Duration, SystemTime};

use faceward::hex;
use serde_json::{Value, json};

use super::Span;

/// `SPAN_KIND_SERVER`.
const SERVER: u8 = 2;
/// `STATUS_CODE_ERROR`; of a server's span only where the server was at fault.
const ERROR: u8 = 2;

/// An `ExportTraceServiceRequest`.
pub(super) fn body(spans: &[Span]) -> Value {
    json!({ "resourceSpans": [{
        "resource": { "attributes": [
            text("service.name", "faceward"),
            text("service.version", env!("CARGO_PKG_VERSION")),
        ] },
        "scopeSpans": [{
            "scope": { "name": "faceward-server" },
            "spans": spans.iter().map(span).collect::<Vec<_>>(),
        }],
    }] })
}

fn span(span: &Span) -> Value {
    let began = span.began.duration_since(SystemTime::UNIX_EPOCH);
    let began = began.unwrap_or(Duration::ZERO);
    let mut told = json!({
        "traceId": hex(&span.parent.trace),
        "spanId": hex(&span.id),
        "name": format!("{} {}", span.method, span.route),
        "kind": SERVER,
        "startTimeUnixNano": began.as_nanos().to_string(),
        "endTimeUnixNano": (began + span.took).as_nanos().to_string(),
        "attributes": [
            text("http.request.method", span.method),
            text("http.route", &span.route),
            { "key": "http.response.status_code", "value": { "intValue": span.status.to_string() } },
        ],
        "status": if span.status >= 500 { json!({ "code": ERROR }) } else { json!({}) },
    });
    if let (Some(parent), Value::Object(fields)) = (span.parent.span, &mut told) {
        fields.insert("parentSpanId".to_owned(), hex(&parent).into());
    }
    told
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}
