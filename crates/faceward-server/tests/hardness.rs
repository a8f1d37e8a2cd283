//! What a stranger at the door can do: nothing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use faceward::{Home, KeyKind, KeyTerms, Right, Role, Unlock};
use faceward_server::{Front, House, Limits, Listening, ServeOptions, public, serve};
use tempfile::TempDir;
use tower::ServiceExt;

async fn front(folder: &TempDir, limits: Limits) -> Front {
    let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
    Front::of(house.unwrap(), limits, false).await.unwrap()
}

async fn status(router: &Router, request: Request<Body>) -> u16 {
    let answer = router.clone().oneshot(request).await.unwrap();
    answer.status().as_u16()
}

fn asked(method: Method, path: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    request.body(Body::empty()).unwrap()
}

/// Every path that the sources route, read out of them.
fn routed() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for before in [".route(", ".both(", "path = "] {
                    for rest in text.split(before).skip(1) {
                        let Some(rest) = rest.trim_start().strip_prefix('"') else {
                            continue;
                        };
                        let path = rest.split('"').next().unwrap();
                        if path.starts_with('/') {
                            found.insert(path.to_owned());
                        }
                    }
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    found
}

#[tokio::test]
async fn nothing_but_the_public_list_answers_without_a_key_or_a_session() {
    let folder = TempDir::new().unwrap();
    let router = front(&folder, Limits::default()).await.router();
    let public: BTreeSet<&str> = public().collect();
    let routed = routed();
    assert!(
        routed.contains("/metrics"),
        "the sources were not read: {routed:?}"
    );
    for pattern in routed.iter().filter(|p| !public.contains(p.as_str())) {
        let parts = pattern
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            let answer = status(&router, asked(method.clone(), &path)).await;
            // 400 is CompreFace's word for a missing key; 303 leads to the sign-in page.
            let refused = matches!(answer, 303 | 400 | 401 | 403 | 404 | 405);
            assert!(refused, "{method} {pattern}: {answer}");
        }
    }
}

#[tokio::test]
async fn counts_are_told_to_a_key_with_that_right_only() {
    let folder = TempDir::new().unwrap();
    let front = front(&folder, Limits::default()).await;
    let (_, ward) = front.house().wards().remove(0);
    let router = front.router();
    for (right, expected) in [(Right::Verify, 403), (Right::Metrics, 200)] {
        let terms = KeyTerms::of(KeyKind::Api, "counter", [right]);
        let (_, text, _) = ward.create_key(terms).await.unwrap();
        let bearer = format!("Bearer {}", *text.reveal());
        let mut request = asked(Method::GET, "/metrics");
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, bearer.parse().unwrap());
        assert_eq!(status(&router, request).await, expected, "{right}");
    }
}

#[tokio::test]
async fn guessing_keys_is_slowed_down() {
    let folder = TempDir::new().unwrap();
    let router = front(&folder, Limits::default()).await.router();
    let mut answers = Vec::new();
    for guess in 0..12 {
        let mut request = asked(Method::GET, "/metrics");
        let key = format!("00000000-0000-4000-8000-{guess:012}");
        let headers = request.headers_mut();
        headers.insert("x-api-key", key.parse().unwrap());
        answers.push(status(&router, request).await);
    }
    assert_eq!(answers[..10], [401; 10]);
    assert_eq!(answers[10..], [429; 2]);
}

#[tokio::test]
async fn a_full_server_says_when_to_come_back() {
    let folder = TempDir::new().unwrap();
    let limits = Limits {
        at_once: 0,
        ..Limits::default()
    };
    let router = front(&folder, limits).await.router();
    let answer = router.oneshot(asked(Method::GET, "/metrics")).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
}

#[tokio::test]
async fn every_answer_forbids_framing_and_what_comes_from_elsewhere() {
    let folder = TempDir::new().unwrap();
    let router = front(&folder, Limits::default()).await.router();
    for path in [
        "/healthz",
        "/no/such/page",
        "/metrics",
        "/assets/faceward.css",
    ] {
        let answer = router.clone().oneshot(asked(Method::GET, path)).await;
        let answer = answer.unwrap();
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str();
        let policy = policy.unwrap();
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(!policy.contains("http"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn files_of_the_machine_are_not_assets() {
    let folder = TempDir::new().unwrap();
    let router = front(&folder, Limits::default()).await.router();
    for path in [
        "/assets/..%2f..%2fCargo.toml",
        "/assets/../Cargo.toml",
        "/assets/%2fetc%2fpasswd",
        "/assets/faceward.css%00",
    ] {
        let answer = status(&router, asked(Method::GET, path)).await;
        assert_eq!(answer, 404, "{path}");
    }
}

#[tokio::test]
async fn others_can_reach_it_only_under_a_certificate_or_behind_a_proxy() {
    let at = |behind_proxy| ServeOptions {
        listen: "0.0.0.0:0".parse().unwrap(),
        tls: None,
        behind_proxy,
    };
    assert!(Listening::at(at(false)).await.is_err());
    assert!(Listening::at(at(true)).await.is_ok());
}

#[tokio::test]
async fn a_setup_link_is_offered_only_while_nobody_could_sign_in() {
    let folder = TempDir::new().unwrap();
    let front = front(&folder, Limits::default()).await;
    assert_eq!(front.setup().len(), 1);
    let (_, ward) = front.house().wards().remove(0);
    ward.create_account("Ada", Role::Owner, "a long pass phrase")
        .await
        .unwrap();
    let again = Front::of(front.house().clone(), Limits::default(), false).await;
    assert!(again.unwrap().setup().is_empty());
}

/// Everything that raw bytes are answered with, until the connection ends.
fn all(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    // A connection that is kept open fails here, after a while.
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

/// The status line that raw bytes are answered with; empty where the connection just ends.
fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !answer.windows(2).any(|two| two == b"\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(read) => answer.extend_from_slice(&piece[..read]),
        }
    }
    let text = String::from_utf8_lossy(&answer);
    text.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_two_lengths_and_broken_ones_are_refused_at_the_socket() {
    let folder = TempDir::new().unwrap();
    let front = front(&folder, Limits::default()).await;
    let listening = Listening::at(ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: None,
        behind_proxy: false,
    });
    let listening = listening.await.unwrap();
    let address = listening.address();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve(listening, front, async move {
        let _ = ended.await;
    }));
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    let requests = [
        "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n".to_owned(),
        "POST /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcd"
            .to_owned(),
        "POST /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n".to_owned(),
        "POST /healthz HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, identity\r\n\r\n"
            .to_owned(),
        "GET /healthz HTTP/1.1\r\nhost : a\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: 1\r\n 2\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: 1\rx-b: 2\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-a\nx-b: 1\r\n\r\n".to_owned(),
        "POST /login HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n4\nabcd\n0\n\n"
            .to_owned(),
        format!("GET /healthz HTTP/1.1\r\nhost: a\r\n{many}\r\n"),
    ];
    // What follows a body in chunks is never taken for a request, however its end was read before.
    const BEHIND: &str = "0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    let [length, chunks] = ["content-length: 5", "transfer-encoding: chunked"];
    let smuggled = [
        format!("{length}\r\n{chunks}"),
        format!("{chunks}\r\n{length}"),
        chunks.to_owned(),
    ];
    let smuggled = smuggled.map(|framing| {
        format!("POST /no/such/page HTTP/1.1\r\nhost: a\r\n{framing}\r\n\r\n{BEHIND}")
    });
    let answers = tokio::task::spawn_blocking(move || {
        let to_compreface = "GET /api/v1/config HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n";
        let answer = all(address, to_compreface.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("connection: close"), "{head}");
        let said: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(said["message"], "a request is for one host");
        assert_eq!(said["code"], 0);
        for request in smuggled {
            let answer = all(address, request.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 4"), "{request}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
        }
        let answer = |request: &String| raw(address, request.as_bytes());
        requests.iter().map(answer).collect::<Vec<_>>()
    });
    let answers = answers.await.unwrap();
    assert_eq!(answers[0], "HTTP/1.1 200 OK");
    for refused in &answers[1..] {
        let is_refused = refused.starts_with("HTTP/1.1 4") || refused.is_empty();
        assert!(is_refused, "{answers:?}");
    }
    end.send(()).unwrap();
    server.await.unwrap().unwrap();
}
