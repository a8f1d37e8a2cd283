//! What every request finds behind the door: the wards, the bounds, and what is held between
//! requests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::console::Imports;
use crate::limits::Counters;
use crate::liveness;
use crate::once::Acts;
use crate::session::Session;
use crate::tokens::Tokens;
use crate::traces::Traces;
use crate::{House, Limits, WardName};

/// After so long without a request a session is over.
const SESSION_LIFETIME: Duration = Duration::from_secs(30 * 60);
const MOST_SESSIONS: usize = 10_000;
const SETUP_LIFETIME: Duration = Duration::from_secs(60 * 60);
const MOST_SETUPS: usize = 100;

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Door(Arc<Behind>);

struct Behind {
    house: House,
    limits: Limits,
    counters: Counters,
    sessions: Tokens<Session>,
    liveness: liveness::Sessions,
    acts: Acts,
    imports: Imports,
    /// Links to make a ward's first account with.
    setup: Tokens<WardName>,
    /// Whether a proxy in front names the address a request came from.
    behind_proxy: bool,
    /// Whether browsers speak TLS to this server itself.
    over_tls: AtomicBool,
    /// Working out one password takes 64 MiB: so many at once, and the others wait.
    passwords: Semaphore,
    began: Instant,
    /// Where spans of requests go, if anywhere.
    traces: OnceLock<Traces>,
}

const PASSWORDS_AT_ONCE: usize = 2;

impl Door {
    pub(crate) fn new(house: House, limits: Limits, behind_proxy: bool) -> Self {
        Self(Arc::new(Behind {
            counters: Counters::new(&limits),
            sessions: Tokens::new(SESSION_LIFETIME, MOST_SESSIONS),
            liveness: liveness::Sessions::new(),
            acts: Acts::default(),
            imports: Imports::default(),
            setup: Tokens::new(SETUP_LIFETIME, MOST_SETUPS),
            house,
            limits,
            behind_proxy,
            over_tls: AtomicBool::new(false),
            passwords: Semaphore::new(PASSWORDS_AT_ONCE),
            began: Instant::now(),
            traces: OnceLock::new(),
        }))
    }

    pub(crate) fn sessions(&self) -> &Tokens<Session> {
        &self.0.sessions
    }

    pub(crate) fn liveness(&self) -> &liveness::Sessions {
        &self.0.liveness
    }

    pub(crate) fn acts(&self) -> &Acts {
        &self.0.acts
    }

    pub(crate) fn imports(&self) -> &Imports {
        &self.0.imports
    }

    pub(crate) fn setup(&self) -> &Tokens<WardName> {
        &self.0.setup
    }

    pub(crate) fn house(&self) -> &House {
        &self.0.house
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.0.counters
    }

    pub(crate) fn behind_proxy(&self) -> bool {
        self.0.behind_proxy
    }

    /// From now on browsers speak TLS to this server.
    pub(crate) fn speaks_tls(&self) {
        self.0.over_tls.store(true, Ordering::Relaxed);
    }

    /// Whether a cookie may say that it goes over TLS only: to us, or to the proxy in front.
    pub(crate) fn secure(&self) -> bool {
        self.0.behind_proxy || self.0.over_tls.load(Ordering::Relaxed)
    }

    pub(crate) fn trace_to(&self, traces: Traces) {
        let _ = self.0.traces.set(traces);
    }

    pub(crate) fn traces(&self) -> Option<&Traces> {
        self.0.traces.get()
    }

    /// Room to work out passwords in.
    pub(crate) fn passwords(&self) -> &Semaphore {
        &self.0.passwords
    }

    /// For how long the server has been up.
    pub(crate) fn up_for(&self) -> Duration {
        self.0.began.elapsed()
    }
}
