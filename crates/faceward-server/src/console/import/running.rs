//! Imports that run beside the requests, one a ward.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use faceward::{ImportSource, ImportStep, ImportedPerson, Purpose, Ward, WardError};

use crate::WardName;

/// For so long the work-list of an import that ended can be read; it holds names.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// The imports that run, and those that ended a while ago.
#[derive(Default)]
pub(crate) struct Imports(Mutex<HashMap<WardName, Arc<Running>>>);

/// One import, as its page looks at it.
pub(super) struct Running {
    pub(super) purpose: Purpose,
    stopped: AtomicBool,
    progress: Mutex<Progress>,
}

/// How far it is.
#[derive(Clone, Default)]
pub(super) struct Progress {
    /// How many people and examples the other system has, once it said so.
    pub(super) expected: Option<(usize, usize)>,
    /// Those that are done with.
    pub(super) people: Vec<ImportedPerson>,
    /// How many examples of the next one are done with.
    begun: usize,
    pub(super) end: Option<End>,
}

#[derive(Clone)]
pub(super) struct End {
    at: Instant,
    pub(super) how: How,
}

#[derive(Clone)]
pub(super) enum How {
    Done,
    Stopped,
    Failed(String),
}

impl Imports {
    /// Begins one in the background, unless one runs in this ward; whether it did.
    pub(super) fn begin(
        &self,
        name: WardName,
        ward: Ward,
        purpose: Purpose,
        source: ImportSource,
    ) -> bool {
        let mut imports = held(&self.0);
        if imports.get(&name).is_some_and(|one| one.runs()) {
            return false;
        }
        let import = Arc::new(Running {
            purpose,
            stopped: AtomicBool::new(false),
            progress: Mutex::default(),
        });
        imports.insert(name, import.clone());
        tokio::spawn(async move {
            let taken = tokio::spawn(take(import.clone(), ward, source)).await;
            import.ended(match taken {
                Ok(Ok(())) if import.stopped() => How::Stopped,
                Ok(Ok(())) => How::Done,
                Ok(Err(error)) => How::Failed(error.to_string()),
                Err(_) => How::Failed("the import broke off".to_owned()),
            });
        });
        true
    }

    /// The one that runs in this ward, or ended not long ago.
    pub(super) fn of(&self, name: &WardName) -> Option<Arc<Running>> {
        held(&self.0).get(name).cloned()
    }

    /// Lets go of those that ended a while ago.
    pub(crate) fn rest(&self) {
        let recent = |end: &End| end.at.elapsed() < KEPT;
        held(&self.0).retain(|_, one| one.progress().end.as_ref().is_none_or(recent));
    }
}

impl Running {
    pub(super) fn runs(&self) -> bool {
        held(&self.progress).end.is_none()
    }

    pub(super) fn progress(&self) -> Progress {
        held(&self.progress).clone()
    }

    /// Ends it after the person whose turn it is.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn ended(&self, how: How) {
        let at = Instant::now();
        held(&self.progress).end = Some(End { at, how });
    }
}

impl Progress {
    /// How many examples are enrolled, left aside, or wait for their person to be asked.
    pub(super) fn examples(&self) -> usize {
        let done: usize = self.people.iter().map(|one| one.examples).sum();
        done + self.begun
    }
}

async fn take(import: Arc<Running>, ward: Ward, source: ImportSource) -> Result<(), WardError> {
    let mut steps = ward.import(&import.purpose, source).await?;
    held(&import.progress).expected = Some((steps.people(), steps.examples()));
    let mut between = true;
    while !(between && import.stopped()) {
        let Some(step) = steps.step().await? else {
            break;
        };
        let mut progress = held(&import.progress);
        match step {
            ImportStep::Example => progress.begun += 1,
            ImportStep::Person(person) => {
                progress.begun = 0;
                progress.people.push(person);
            }
        }
        between = progress.begun == 0;
    }
    Ok(())
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
