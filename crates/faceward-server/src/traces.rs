//! Traces for a collector, where one is named: one span for each request, by the OpenTelemetry protocol over HTTP, in
//! JSON (OTLP 1). Route, method, status and time; no path, no name, no address, no key.
//!
//! A thread of its own hands them over. A collector that is slow or away costs spans, and no request waits for it.

mod parent;
mod wire;

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant, SystemTime};

use axum::http::{HeaderMap, Uri};
use tokio::sync::oneshot;

use crate::ServerError;
use parent::Parent;

/// Where a collector takes spans.
#[derive(Debug, Clone)]
pub struct Collector(String);

/// Spans on their way to it.
pub(crate) struct Traces {
    queue: SyncSender<Sent>,
}

/// A request that was answered.
struct Span {
    parent: Parent,
    /// Of this span.
    id: [u8; 8],
    method: &'static str,
    route: String,
    status: u16,
    began: SystemTime,
    took: Duration,
}

enum Sent {
    Span(Span),
    /// Hand over what there is, and say so.
    End(oneshot::Sender<()>),
}

/// Spans that wait; those beyond are lost.
const WAITING: usize = 4096;
/// Spans handed over at once, and how long the first of them waits for others.
const AT_ONCE: usize = 512;
const GATHER: Duration = Duration::from_secs(2);
/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

impl Collector {
    /// At this base address, such as `http://127.0.0.1:4318`; spans go to `/v1/traces` below it.
    ///
    /// # Errors
    /// [`ServerError::Collector`] when it is no http or https address.
    pub fn at(base: &str) -> Result<Self, ServerError> {
        let uri: Option<Uri> = base.parse().ok();
        let usable = |uri: &Uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some()
                && uri.query().is_none()
        };
        match uri.filter(usable) {
            Some(_) => Ok(Self(format!("{}/v1/traces", base.trim_end_matches('/')))),
            None => Err(ServerError::Collector(base.to_owned())),
        }
    }
}

impl Traces {
    /// Begins to hand over.
    ///
    /// # Errors
    /// [`ServerError::Failed`] where there is no thread for it.
    pub(crate) fn to(collector: Collector) -> Result<Self, ServerError> {
        let (queue, sent) = sync_channel(WAITING);
        let hand_over = move || hand_over(&collector, &sent);
        let thread = std::thread::Builder::new().name("traces".to_owned());
        thread.spawn(hand_over).map_err(ServerError::Failed)?;
        Ok(Self { queue })
    }

    /// A request was answered; its caller's trace goes on, where its headers name one that is wanted.
    pub(crate) fn answered(&self, request: Asked, status: u16) {
        let Some(parent) = request.parent else {
            return;
        };
        let mut id = [0; 8];
        if getrandom::fill(&mut id).is_err() {
            return;
        }
        // Full, or over: the span is lost, as said.
        let _ = self.queue.try_send(Sent::Span(Span {
            parent,
            id,
            method: request.method,
            route: request.route,
            status,
            began: request.began,
            took: request.since.elapsed(),
        }));
    }

    /// Hands over what waits, for a while.
    pub(crate) async fn end(&self) {
        let (done, over) = oneshot::channel();
        if self.queue.try_send(Sent::End(done)).is_ok() {
            let _ = tokio::time::timeout(PATIENCE, over).await;
        }
    }
}

/// A request under way.
pub(crate) struct Asked {
    parent: Option<Parent>,
    method: &'static str,
    route: String,
    began: SystemTime,
    since: Instant,
}

impl Asked {
    pub(crate) fn now(headers: &HeaderMap, method: &'static str, route: String) -> Self {
        Self {
            parent: Parent::of(headers),
            method,
            route,
            began: SystemTime::now(),
            since: Instant::now(),
        }
    }
}

fn hand_over(collector: &Collector, sent: &Receiver<Sent>) {
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .build()
        .new_agent();
    let mut reached = true;
    loop {
        let (spans, told, over) = gather(sent);
        if !spans.is_empty() {
            let body = wire::body(&spans).to_string();
            let answer = agent
                .post(&collector.0)
                .header("content-type", "application/json")
                .send(body);
            match answer {
                Ok(_) => reached = true,
                Err(error) => {
                    // Once, until it is back.
                    if std::mem::take(&mut reached) {
                        tracing::warn!(error = %error, "the collector takes no traces");
                    }
                }
            }
        }
        if let Some(told) = told {
            let _ = told.send(());
        }
        if over {
            return;
        }
    }
}

/// What came within a while; whom to tell that it is handed over; whether nothing more can come.
fn gather(sent: &Receiver<Sent>) -> (Vec<Span>, Option<oneshot::Sender<()>>, bool) {
    let mut spans = Vec::new();
    let mut wait = Duration::MAX;
    let mut until = None;
    loop {
        match sent.recv_timeout(wait) {
            Ok(Sent::Span(span)) => spans.push(span),
            Ok(Sent::End(told)) => return (spans, Some(told), false),
            Err(RecvTimeoutError::Timeout) => return (spans, None, false),
            Err(RecvTimeoutError::Disconnected) => return (spans, None, true),
        }
        if spans.len() >= AT_ONCE {
            return (spans, None, false);
        }
        let until = until.get_or_insert_with(|| Instant::now() + GATHER);
        wait = until.saturating_duration_since(Instant::now());
    }
}
