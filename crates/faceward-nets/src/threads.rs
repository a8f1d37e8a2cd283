//! A team of threads that runs one net together.
//!
//! Every member runs the same code, a layer at a time: it computes its share of the rows, then
//! [`Member::gather`] waits for the others and gives everyone the whole map. Work is handed to the
//! helpers by value and parts are shared by reference count, so nothing here needs `unsafe`.

mod board;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::JoinHandle;

use crate::kernel::{FlushDenormals, Kernels};
use crate::map::{Map, Part, Size};
use crate::store::{Buffer, Store};
use crate::threads::board::{Board, Leaving};

/// The threads a net may use, the caller's own included, and the instructions they use.
///
/// One value can serve any number of nets and callers. A caller who finds the helpers busy with
/// somebody else's net works alone rather than wait; the answer is the same, bit for bit.
pub struct Threads {
    kernels: Kernels,
    helpers: Mutex<Vec<Helper>>,
}

struct Helper {
    /// Closed when the team is dropped, which ends the thread.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

struct Job {
    work: Arc<dyn Fn(&Member) + Send + Sync>,
    member: Member,
}

impl Threads {
    /// A team of `n`: the caller and `n - 1` helpers, which sleep while there is nothing to do.
    /// Should the system refuse a thread, the team is smaller.
    #[must_use]
    pub fn new(n: NonZeroUsize) -> Threads {
        Threads::with_kernels(n, Kernels::best())
    }

    /// The caller alone.
    #[must_use]
    pub fn one() -> Threads {
        Threads::new(NonZeroUsize::MIN)
    }

    /// A team of `n` held to one instruction set, for tests and measurements.
    #[must_use]
    pub fn with_kernels(n: NonZeroUsize, kernels: Kernels) -> Threads {
        let helpers = (1..n.get()).filter_map(|_| Helper::spawn().ok()).collect();
        Threads {
            kernels,
            helpers: Mutex::new(helpers),
        }
    }

    /// Runs `work` on every member at once and returns what it returned on the caller's thread.
    pub(crate) fn run<T>(
        &self,
        store: &Arc<Store>,
        work: impl Fn(&Member) -> T + Send + Sync + 'static,
    ) -> T {
        let helpers = match self.helpers.try_lock() {
            Ok(helpers) => Some(helpers),
            // A caller panicked; the helpers did not.
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let helpers = helpers.filter(|helpers| !helpers.is_empty());
        let count = 1 + helpers.as_ref().map_or(0, |helpers| helpers.len());
        let board = (count > 1).then(|| Arc::new(Board::new(count)));
        let member = |index| Member {
            index,
            count,
            board: board.clone(),
            kernels: self.kernels,
            store: Arc::clone(store),
        };
        let work = Arc::new(work);
        for (index, helper) in helpers
            .iter()
            .flat_map(|helpers| helpers.iter())
            .enumerate()
        {
            let theirs = Arc::clone(&work);
            let work: Arc<dyn Fn(&Member) + Send + Sync> =
                Arc::new(move |member: &Member| drop(theirs(member)));
            helper.start(Job {
                work,
                member: member(index + 1),
            });
        }
        let member = member(0);
        member.take_part(|| work(&member))
    }

    /// Runs `work` on the caller's thread only: for a net so small that meeting at every layer
    /// would cost more than sharing saves.
    pub(crate) fn run_alone<T>(&self, store: &Arc<Store>, work: impl FnOnce(&Member) -> T) -> T {
        let store = Arc::clone(store);
        let member = Member {
            index: 0,
            count: 1,
            board: None,
            kernels: self.kernels,
            store,
        };
        member.take_part(|| work(&member))
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let helpers = self
            .helpers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        helpers.iter_mut().for_each(|helper| helper.jobs = None);
        for thread in helpers.iter_mut().filter_map(|helper| helper.thread.take()) {
            // A helper outlives a panic of its work, so there is nothing to hear from it.
            let _ = thread.join();
        }
    }
}

impl Helper {
    fn spawn() -> std::io::Result<Helper> {
        let (jobs, inbox) = channel();
        let name = "faceward-nets".to_owned();
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(move || serve(&inbox))?;
        Ok(Helper {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    fn start(&self, job: Job) {
        let delivered = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(job).is_ok());
        assert!(delivered, "a helper ends only with its team");
    }
}

/// The life of a helper.
fn serve(inbox: &Receiver<Job>) {
    while let Some(job) = next_job(inbox) {
        // `take_part` tells the team of a panic; the helper itself goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            job.member.take_part(|| (job.work)(&job.member))
        }));
    }
}

/// Looks for a while, for calls often follow each other closely, then sleeps.
fn next_job(inbox: &Receiver<Job>) -> Option<Job> {
    for _ in 0..SPINS {
        match inbox.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => std::hint::spin_loop(),
        }
    }
    inbox.recv().ok()
}

/// Tens of microseconds, about what waking a sleeping thread costs.
const SPINS: usize = 2_000;

/// One thread's place in a team while a net runs.
pub(crate) struct Member {
    index: usize,
    count: usize,
    /// None when working alone.
    board: Option<Arc<Board>>,
    pub(crate) kernels: Kernels,
    store: Arc<Store>,
}

impl Member {
    /// Whether this is the caller's own thread, whose answer counts.
    pub(crate) fn leads(&self) -> bool {
        self.index == 0
    }

    /// This member's share of `rows` rows.
    pub(crate) fn share(&self, rows: usize) -> Range<usize> {
        rows * self.index / self.count..rows * (self.index + 1) / self.count
    }

    /// Scratch memory of the net that runs: `length` lanes, left as they were.
    pub(crate) fn buffer(&self, length: usize) -> Buffer {
        self.store.take(length)
    }

    /// Contributes this member's share of a map and returns the whole, once all have.
    pub(crate) fn gather(&self, size: Size, lanes: Buffer) -> Arc<Map> {
        let part = Arc::new(Part {
            rows: self.share(size.height),
            lanes,
        });
        match &self.board {
            None => Arc::new(Map::new(size, vec![part])),
            Some(board) => board.gather(self.index, size, part),
        }
    }

    fn take_part<T>(&self, work: impl FnOnce() -> T) -> T {
        let _flush = FlushDenormals::new();
        let _leave = self.board.as_deref().map(Leaving);
        work()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(n: usize) -> Threads {
        Threads::new(NonZeroUsize::new(n).unwrap())
    }

    #[test]
    fn shares_cover_all_rows_once() {
        for count in 1..8 {
            for rows in 0..20 {
                let member = |index| Member {
                    index,
                    count,
                    board: None,
                    kernels: Kernels::SCALAR,
                    store: Arc::default(),
                };
                let covered: Vec<usize> = (0..count)
                    .flat_map(|index| member(index).share(rows))
                    .collect();
                assert!(covered.into_iter().eq(0..rows));
            }
        }
    }

    #[test]
    fn a_panic_of_one_member_reaches_the_caller_and_the_team_survives() {
        let team = team(3);
        let failed = catch_unwind(AssertUnwindSafe(|| {
            team.run(&Arc::default(), |member| {
                assert!(member.index != 2, "this member fails");
                let size = Size {
                    height: 3,
                    width: 1,
                    blocks: 1,
                };
                member.gather(size, member.buffer(1)).size.height
            })
        }));
        assert!(failed.is_err());
        assert_eq!(team.run(&Arc::default(), |member| member.count), 3);
    }

    #[test]
    fn a_team_may_be_dropped_at_once() {
        drop(team(4));
    }
}
