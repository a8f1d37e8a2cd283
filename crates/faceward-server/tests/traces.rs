//! Spans for a collector: what it is told of a request, and what not.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test fails by panicking, and shares its house"
)]

#[path = "place/mod.rs"]
mod place;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use axum::body::Body;
use axum::http::Request;
use faceward_server::{Collector, Limits};
use serde_json::Value;
use tower::ServiceExt;

/// A collector for one delivery: its address, and the path and body that it gets.
fn collector() -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (got, delivered) = channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let (mut first, mut length) = (String::new(), 0);
        lines.read_line(&mut first).unwrap();
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(said) = line.strip_prefix("content-length:") {
                length = said.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        lines.read_exact(&mut body).unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
        stream.write_all(answer).unwrap();
        got.send((first, serde_json::from_slice(&body).unwrap()))
            .unwrap();
    });
    (address, delivered)
}

#[tokio::test]
async fn a_collector_is_told_of_a_request_by_its_route_and_of_nobody_by_name() {
    let (address, delivered) = collector();
    let place = place::Place::new().await;
    let front = place.front(Limits::default()).await;
    front.trace_to(Collector::at(&address).unwrap()).unwrap();
    let trace = "0af7651916cd43dd8448eb211c80319c";
    for (path, flags) in [("/v1/subjects/alice", "01"), ("/v1/subjects/bob", "00")] {
        let request = Request::get(path)
            .header(
                "traceparent",
                format!("00-{trace}-b7ad6b7169203331-{flags}"),
            )
            .body(Body::empty());
        let answer = front.router().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), 401);
    }
    let told = tokio::task::spawn_blocking(move || delivered.recv().unwrap());
    let (first, told) = told.await.unwrap();
    assert!(first.starts_with("POST /v1/traces "), "{first}");
    let spans = &told["resourceSpans"][0]["scopeSpans"][0]["spans"];
    // The second was not to be recorded.
    assert_eq!(spans.as_array().unwrap().len(), 1);
    let span = &spans[0];
    assert_eq!(span["traceId"], trace);
    assert_eq!(span["parentSpanId"], "b7ad6b7169203331");
    assert_eq!(span["name"], "GET /v1/subjects/{subject}");
    let time = |key: &str| span[key].as_str().unwrap().parse::<u128>().unwrap();
    assert!(time("endTimeUnixNano") >= time("startTimeUnixNano"));
    let text = told.to_string();
    assert!(text.contains("\"intValue\":\"401\"") && !text.contains("alice"));
}

#[tokio::test]
async fn an_answer_does_not_wait_for_a_collector_that_is_away() {
    let place = place::Place::new().await;
    let front = place.front(Limits::default()).await;
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    front
        .trace_to(Collector::at(&format!("http://{free}/")).unwrap())
        .unwrap();
    let router = front.router();
    for _ in 0..5000 {
        let request = Request::get("/healthz").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}

#[test]
fn what_is_no_address_of_a_collector_is_refused_with_how_to_write_one() {
    for wrong in [
        "",
        "collector:4318",
        "ftp://collector",
        "http://",
        "http://c/?token=1",
    ] {
        let error = Collector::at(wrong).unwrap_err().to_string();
        assert!(error.contains("http://host:port"), "{wrong}: {error}");
    }
}
