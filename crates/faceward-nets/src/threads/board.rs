//! How the members of a team meet at the end of a layer.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::map::{Map, Part, Size};
use crate::threads::SPINS;

/// Where the members of a team lay down their parts and pick up the whole.
pub(super) struct Board {
    /// How many maps were completed.
    round: AtomicUsize,
    /// Set when a member panicked: the others must not wait for it.
    broken: AtomicBool,
    state: Mutex<Parts>,
    completed: Condvar,
}

#[derive(Default)]
struct Parts {
    laid: Vec<Option<Arc<Part>>>,
    whole: Option<Arc<Map>>,
}

impl Board {
    pub(super) fn new(count: usize) -> Board {
        Board {
            round: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
            state: Mutex::new(Parts {
                laid: vec![None; count],
                whole: None,
            }),
            completed: Condvar::new(),
        }
    }

    pub(super) fn gather(&self, index: usize, size: Size, part: Arc<Part>) -> Arc<Map> {
        let mut state = self.lock();
        let round = self.round.load(Ordering::Acquire);
        if let Some(place) = state.laid.get_mut(index) {
            *place = Some(part);
        }
        if state.laid.iter().all(Option::is_some) {
            let parts: Vec<_> = state.laid.iter_mut().filter_map(Option::take).collect();
            let whole = Arc::new(Map::new(size, parts));
            state.whole = Some(Arc::clone(&whole));
            self.round.store(round + 1, Ordering::Release);
            self.completed.notify_all();
            return whole;
        }
        drop(state);
        self.wait_beyond(round)
    }

    /// The next round cannot be completed before this member laid down its part of it, so the map
    /// found is the one waited for.
    fn wait_beyond(&self, round: usize) -> Arc<Map> {
        let waiting =
            || self.round.load(Ordering::Acquire) == round && !self.broken.load(Ordering::Acquire);
        for _ in 0..SPINS {
            if !waiting() {
                break;
            }
            std::hint::spin_loop();
        }
        let mut state = self.lock();
        while waiting() {
            state = self
                .completed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        assert!(
            !self.broken.load(Ordering::Acquire),
            "another thread of the team panicked"
        );
        state
            .whole
            .clone()
            .unwrap_or_else(|| unreachable!("a completed round has a map"))
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the team when its member leaves by panicking.
pub(super) struct Leaving<'a>(pub(super) &'a Board);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.broken.store(true, Ordering::Release);
            let _state = self.0.lock();
            self.0.completed.notify_all();
        }
    }
}
