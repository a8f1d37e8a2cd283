//! How much one request may be, how many at once, and how often a caller may ask.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use faceward::{ApiKey, KeyId};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::Problem;
use crate::door::Door;

/// Bounds of what is accepted.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one request's body.
    pub body: usize,
    /// How long one request may take, its body's arrival included.
    pub time: Duration,
    /// Requests under way at once; what comes beyond is told to come back (429).
    pub at_once: usize,
    /// Requests with a wrong key, or sign-ins with a wrong password, from one address in a minute;
    /// what comes beyond waits for the minute's end.
    pub failures_a_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 20 * 1024 * 1024,
            time: Duration::from_secs(60),
            at_once: 64,
            failures_a_minute: 10,
        }
    }
}

/// Counts kept in memory: they begin anew at a restart.
pub(crate) struct Counters {
    failures_a_minute: u32,
    under_way: Arc<Semaphore>,
    failures: Mutex<HashMap<IpAddr, Window>>,
    keys: Mutex<HashMap<KeyId, (Window, Window)>>,
}

/// How often something happened since the window began.
#[derive(Clone, Copy)]
struct Window {
    began: Instant,
    count: u32,
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Addresses remembered at once; beyond it, those whose minute is over are dropped.
const MOST_ADDRESSES: usize = 10_000;

impl Counters {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            failures_a_minute: limits.failures_a_minute,
            under_way: Arc::new(Semaphore::new(limits.at_once)),
            failures: Mutex::default(),
            keys: Mutex::default(),
        }
    }

    /// Whether this address may try another key or password.
    pub(crate) fn may_try(&self, from: IpAddr) -> Result<(), Problem> {
        let failures = lock(&self.failures);
        match failures.get(&from) {
            Some(window) if window.fresh(MINUTE) && window.count >= self.failures_a_minute => {
                let wait = window.left(MINUTE);
                Err(Problem::too_many(
                    "too many wrong keys or passwords from this address",
                    wait,
                ))
            }
            _ => Ok(()),
        }
    }

    /// A wrong key or password came from this address.
    pub(crate) fn failed(&self, from: IpAddr) {
        let mut failures = lock(&self.failures);
        if failures.len() >= MOST_ADDRESSES {
            failures.retain(|_, window| window.fresh(MINUTE));
        }
        failures
            .entry(from)
            .or_insert_with(Window::new)
            .one_more(MINUTE);
    }

    /// Counts a request of this key against its own bounds.
    pub(crate) fn count(&self, key: &ApiKey) -> Result<(), Problem> {
        let mut keys = lock(&self.keys);
        let (minute, day) = keys
            .entry(key.id)
            .or_insert_with(|| (Window::new(), Window::new()));
        let bounds = [
            (minute, MINUTE, key.terms.per_minute, "minute"),
            (day, DAY, key.terms.per_day, "day"),
        ];
        for (window, length, most, word) in bounds {
            let Some(most) = most else { continue };
            if window.fresh(length) && window.count >= most.get() {
                let detail = format!("this key may ask {most} times a {word}");
                return Err(Problem::too_many(detail, window.left(length)));
            }
            window.one_more(length);
        }
        Ok(())
    }
}

impl Window {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            count: 0,
        }
    }

    fn fresh(&self, length: Duration) -> bool {
        self.began.elapsed() < length
    }

    /// Whole seconds until it is over, at least one.
    fn left(&self, length: Duration) -> u64 {
        length.saturating_sub(self.began.elapsed()).as_secs() + 1
    }

    fn one_more(&mut self, length: Duration) {
        if !self.fresh(length) {
            *self = Self::new();
        }
        self.count = self.count.saturating_add(1);
    }
}

/// Lets in as many requests as may be under way at once, and tells the others to come back.
pub(crate) async fn at_once(State(door): State<Door>, request: Request, next: Next) -> Response {
    match door.counters().under_way.clone().try_acquire_owned() {
        Ok(_place) => next.run(request).await,
        Err(_) => Problem::too_many("too many requests are under way", 1).into_response(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Now, in whole seconds.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
