//! Everyone by name. Names are kept in memory between askings, as long as the vault says that
//! nothing about people has changed since they were read.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use faceward_law::SubjectId;
use faceward_vault::{Handle, Look, Moment};
use tokio::sync::MutexGuard;

use crate::{Ward, WardError};

/// The names of one moment; wiped when dropped.
#[derive(Default)]
pub(crate) struct Directory {
    used: Option<Instant>,
    read: Option<Moment>,
    names: BTreeMap<SubjectId, Handle>,
    people: BTreeMap<Handle, SubjectId>,
}

impl Ward {
    /// Everyone as they stand now, and the look that saw it.
    pub(crate) async fn directory(&self) -> Result<(MutexGuard<'_, Directory>, Look), WardError> {
        // In this order, so that the look is never older than what was read.
        let mut directory = self.directory.lock().await;
        let mut look = self.vault.look().await?;
        directory.refresh(&mut look).await?;
        directory.used = Some(Instant::now());
        Ok((directory, look))
    }
}

impl Directory {
    /// Everyone in a collection in the order of their handles; with none, everyone.
    pub(crate) fn within<'a, 'c>(
        &'a self,
        collection: Option<&'c str>,
    ) -> impl Iterator<Item = (&'a Handle, SubjectId)> + use<'a, 'c> {
        let belongs = move |handle: &Handle| belongs(handle, collection);
        let all = self.people.iter().map(|(handle, id)| (handle, *id));
        all.filter(move |(handle, _)| belongs(handle))
    }

    /// The name of a person, if they are known.
    pub(crate) fn name(&self, subject: SubjectId) -> Option<&Handle> {
        self.names.get(&subject)
    }

    /// The handle that reads like this apart from the case of letters; spelled the same, if there is
    /// such a one.
    pub(crate) fn find(&self, name: &str, collection: Option<&str>) -> Option<&Handle> {
        let wanted = match collection {
            Some(collection) => format!("{collection}/{name}"),
            None => name.to_owned(),
        };
        let alike = |(handle, _): &(&Handle, SubjectId)| {
            let folded = handle.as_str().chars().flat_map(char::to_lowercase);
            folded.eq(wanted.chars().flat_map(char::to_lowercase))
        };
        let found: Vec<&Handle> = self
            .within(collection)
            .filter(alike)
            .map(|(handle, _)| handle)
            .collect();
        let same = found.iter().find(|handle| handle.as_str() == wanted);
        same.or(found.first()).copied()
    }

    /// Forgets every name unless they were used in this time.
    pub(crate) fn drop_idle(&mut self, now: Instant, after: Duration) {
        let idle = |used| now.saturating_duration_since(used) >= after;
        if self.used.is_none_or(idle) {
            *self = Self::default();
        }
    }

    async fn refresh(&mut self, look: &mut Look) -> Result<(), WardError> {
        let now = look.moment().await?;
        if self.read == Some(now) {
            return Ok(());
        }
        let changed = match self.read {
            Some(then) if now.nobody_left_since(then) => look.changed_since(then).await?,
            _ => None,
        };
        match changed {
            Some(changed) => {
                for subject in changed {
                    let handle = look.handle(subject).await?;
                    self.enter(subject, handle);
                }
            }
            None => {
                *self = Self::default();
                for subject in look.subjects().await? {
                    self.enter(subject.id, subject.handle);
                }
            }
        }
        self.read = Some(now);
        Ok(())
    }

    fn enter(&mut self, subject: SubjectId, handle: Handle) {
        if let Some(former) = self.names.insert(subject, handle.clone())
            && self.people.get(&former) == Some(&subject)
        {
            self.people.remove(&former);
        }
        self.people.insert(handle, subject);
    }
}

/// Whether a person belongs to a collection: their handle begins with its name and a slash.
pub(crate) fn belongs(handle: &Handle, collection: Option<&str>) -> bool {
    let Some(collection) = collection else {
        return true;
    };
    let rest = handle.as_str().strip_prefix(collection);
    rest.is_some_and(|rest| rest.starts_with('/'))
}
