//! The room of a search: who is enrolled for one purpose, what they agreed to, and the templates of
//! those whom the law lets be searched at this very moment.
//!
//! A room is kept in memory between searches. What was read of people stands as long as the vault,
//! asked inside the search's own act, says that nothing about them changed; then only those of whom
//! something did are read anew. The law is asked about everybody at every search: whoever has a
//! permit now is seated, with templates that this permit opened, and whoever has none any more
//! leaves, templates wiped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use faceward_law::{Consent, Purpose, Sitting, SubjectId};
use faceward_match::{Candidate, Gallery, MatchError, ModelId, Template};
use faceward_vault::{Handle, Look, Moment};
use jiff::Timestamp;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::directory::belongs;
use crate::{Ward, WardError};

/// A room that was not used for so long is dropped.
const IDLE: Duration = Duration::from_secs(600);

/// The rooms in memory, one a purpose.
#[derive(Default)]
pub(crate) struct Rooms(StdMutex<BTreeMap<Purpose, Arc<Mutex<Room>>>>);

/// One purpose's room; empty until somebody looks.
pub(crate) struct Room {
    purpose: Purpose,
    used: Instant,
    read: Option<Moment>,
    people: BTreeMap<SubjectId, Person>,
    gallery: Option<Gallery<SubjectId>>,
}

/// Somebody enrolled for the purpose.
struct Person {
    handle: Handle,
    consents: Vec<Consent>,
    died: bool,
    /// How many rows of the gallery are theirs; none while they have no permit.
    seated: Option<usize>,
}

impl Ward {
    /// Where the vault stands now: whether somebody left since can be asked of it later.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn moment(&self) -> Result<Moment, WardError> {
        Ok(self.vault.look().await?.moment().await?)
    }

    /// Lets go of everything about people that is kept in memory and was not used for ten minutes,
    /// and of everyone who left since, by whichever process. A server calls it now and then.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn rest(&self) -> Result<(), WardError> {
        let now = Instant::now();
        self.rooms.drop_idle(now);
        for room in self.rooms.all() {
            let mut room = room.lock().await;
            let mut look = self.vault.look().await?;
            room.refresh(&mut look).await?;
        }
        self.directory.lock().await.drop_idle(now, IDLE);
        Ok(())
    }

    /// The room for a purpose, held until dropped. To be asked for before a look begins, so that no
    /// look is older than what was read; within an act there is nothing newer.
    pub(crate) async fn room(&self, purpose: &Purpose) -> OwnedMutexGuard<Room> {
        let now = Instant::now();
        self.rooms.drop_idle(now);
        let mut room = self.rooms.of(purpose).lock_owned().await;
        room.used = now;
        room
    }

    /// A person's templates leave memory with the person, not only at the next search.
    pub(crate) async fn show_out(&self, subject: SubjectId) {
        for room in self.rooms.all() {
            room.lock().await.leave(subject);
        }
    }
}

impl Rooms {
    fn of(&self, purpose: &Purpose) -> Arc<Mutex<Room>> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = || Arc::new(Mutex::new(Room::empty(purpose)));
        rooms.entry(purpose.clone()).or_insert_with(room).clone()
    }

    fn all(&self) -> Vec<Arc<Mutex<Room>>> {
        let rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.values().cloned().collect()
    }

    fn drop_idle(&self, now: Instant) {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|_, room| {
            let idle = |room: &Room| now.saturating_duration_since(room.used) >= IDLE;
            // One that is locked is in use.
            !room.try_lock().is_ok_and(|room| idle(&room))
        });
    }
}

impl Room {
    fn empty(purpose: &Purpose) -> Self {
        Self {
            purpose: purpose.clone(),
            used: Instant::now(),
            read: None,
            people: BTreeMap::new(),
            gallery: None,
        }
    }

    /// Brings everything up to this look, asks the law about everybody, and gives how many may be
    /// searched. They, and nobody else, have templates in the room then.
    pub(crate) async fn seat(
        &mut self,
        look: &mut Look,
        sitting: &mut Sitting<'_>,
        model: &ModelId,
        now: Timestamp,
    ) -> Result<usize, WardError> {
        let seated = match self.refresh(look).await {
            Ok(()) => self.admit(look, sitting, model, now).await,
            Err(error) => Err(error),
        };
        if seated.is_err() {
            // Whatever was half done is not to be relied on.
            *self = Self::empty(&self.purpose);
        }
        seated
    }

    /// The nearest of those seated, of one collection or of all.
    pub(crate) fn search(
        &self,
        probe: &Template,
        within: Option<&str>,
        at_most: usize,
    ) -> Result<Vec<Candidate<'_, SubjectId>>, MatchError> {
        let Some(gallery) = &self.gallery else {
            return Ok(Vec::new());
        };
        match within {
            None => gallery.search(probe, at_most),
            Some(_) => gallery.search_among(probe, at_most, |subject| {
                self.handle(*subject)
                    .is_some_and(|handle| belongs(handle, within))
            }),
        }
    }

    /// How many references of those seated there are to search, in one collection or in all.
    pub(crate) fn references(&self, within: Option<&str>) -> usize {
        let people = self.people.values();
        let here = people.filter(|person| belongs(&person.handle, within));
        here.filter_map(|person| person.seated).sum()
    }

    /// How many of those seated there are, in one collection or in all.
    pub(crate) fn seated(&self, within: Option<&str>) -> usize {
        let people = self.people.values();
        let here = people.filter(|person| belongs(&person.handle, within));
        here.filter(|person| person.seated.is_some()).count()
    }

    /// The name of somebody in the room.
    pub(crate) fn handle(&self, subject: SubjectId) -> Option<&Handle> {
        self.people.get(&subject).map(|person| &person.handle)
    }

    /// Reads anew whatever changed since it was read; who changed stands up.
    async fn refresh(&mut self, look: &mut Look) -> Result<(), WardError> {
        let now = look.moment().await?;
        if self.read == Some(now) {
            return Ok(());
        }
        let changed = match self.read {
            Some(then) => look.changed_since(then).await?,
            None => None,
        };
        let nobody_left = self.read.is_some_and(|then| now.nobody_left_since(then));
        let enrolled = match &changed {
            Some(_) if nobody_left => None,
            _ => Some(look.enrolled_for(&self.purpose).await?),
        };
        match (changed, enrolled) {
            (Some(changed), enrolled) => {
                if let Some(enrolled) = enrolled {
                    self.keep_only(&enrolled.into_iter().collect());
                }
                for subject in changed {
                    self.leave(subject);
                    if look.enrolled_here(subject, &self.purpose).await? {
                        self.meet(look, subject).await?;
                    }
                }
            }
            (None, enrolled) => {
                *self = Self::empty(&self.purpose);
                for subject in enrolled.unwrap_or_default() {
                    self.meet(look, subject).await?;
                }
            }
        }
        self.read = Some(now);
        Ok(())
    }

    async fn meet(&mut self, look: &mut Look, subject: SubjectId) -> Result<(), WardError> {
        let person = Person {
            handle: look.handle(subject).await?,
            consents: look.consents(subject).await?,
            died: look.died(subject).await?.is_some(),
            seated: None,
        };
        self.people.insert(subject, person);
        Ok(())
    }

    async fn admit(
        &mut self,
        look: &mut Look,
        sitting: &mut Sitting<'_>,
        model: &ModelId,
        now: Timestamp,
    ) -> Result<usize, WardError> {
        let empty = || Gallery::new(model.clone());
        let gallery = self.gallery.get_or_insert_with(empty);
        let mut agreed = 0;
        for (subject, person) in &mut self.people {
            let permit = match person.died {
                true => None,
                false => sitting.permit(*subject, &person.consents),
            };
            agreed += usize::from(permit.is_some());
            match (permit, person.seated) {
                (Some(permit), None) => {
                    let mut seats = 0;
                    for reference in look.templates(&permit, now).await? {
                        if reference.template.model() == model {
                            gallery.insert(*subject, &reference.template)?;
                            seats += 1;
                        }
                    }
                    person.seated = Some(seats);
                }
                (None, Some(_)) => {
                    gallery.remove(subject);
                    person.seated = None;
                }
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        Ok(agreed)
    }

    fn keep_only(&mut self, enrolled: &BTreeSet<SubjectId>) {
        let gone = |subject: &&SubjectId| !enrolled.contains(subject);
        let gone: Vec<SubjectId> = self.people.keys().filter(gone).copied().collect();
        for subject in gone {
            self.leave(subject);
        }
    }

    fn leave(&mut self, subject: SubjectId) {
        let left = self.people.remove(&subject);
        if left.is_some_and(|person| person.seated.is_some())
            && let Some(gallery) = &mut self.gallery
        {
            gallery.remove(&subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_nobody_used_for_ten_minutes_is_dropped_unless_it_is_in_use() {
        let rooms = Rooms::default();
        let purpose: Purpose = "door-access".parse().unwrap();
        let now = Instant::now();
        let held = Arc::downgrade(&rooms.of(&purpose));
        rooms.drop_idle(now);
        assert!(held.upgrade().is_some());
        let room = rooms.of(&purpose);
        let in_use = room.try_lock().unwrap();
        rooms.drop_idle(now + 2 * IDLE);
        assert_eq!(rooms.all().len(), 1);
        drop(in_use);
        drop(room);
        rooms.drop_idle(now + 2 * IDLE);
        assert!(held.upgrade().is_none(), "it is gone, and wiped");
    }
}
