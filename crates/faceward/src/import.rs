//! Taking people over from another system, so that nobody is matchable who did not agree.
//!
//! Names come first: each person is made known, without a face. Pictures are looked at only of people
//! who have a live consent for the purpose; of everybody else the work-list says that they have to be
//! asked. Taken over once more, after the asking or because it broke off, what is here already is left alone: whoever has
//! as many references as examples is not looked at, and of the others no picture is kept twice.

mod dump;
mod list;
mod service;

use std::io::BufRead;
use std::sync::Arc;

use faceward_law::{ConsentState, Purpose, Refusal};
use faceward_vault::{Handle, VaultError};
use zeroize::Zeroizing;

use crate::{Outcome, Unusable, Ward, WardError};
use dump::Dump;
pub use list::work_list;
use service::Service;

/// Where people and pictures come from: a recognition service of CompreFace. Vectors are not taken
/// over: they were made by another model, and never meet ours. Cheap to clone.
#[derive(Clone)]
pub struct ImportSource(Kind);

#[derive(Clone)]
enum Kind {
    Service(Arc<Service>),
    Dump(Arc<Dump>),
}

/// Somebody as the other system has them.
#[derive(Clone)]
struct Known {
    name: String,
    /// Identifiers of their examples.
    examples: Vec<String>,
}

/// An import, taken step by step: whoever takes no further step has stopped it.
pub struct Import {
    ward: Ward,
    purpose: Purpose,
    source: ImportSource,
    /// Those to come, the next one last.
    waiting: Vec<Known>,
    people: usize,
    examples: usize,
    /// Whose examples are being looked at, and those to come, the next one last.
    open: Option<(Handle, Vec<String>, ImportedPerson)>,
}

/// What one step did.
pub enum ImportStep {
    /// One example of somebody was enrolled, or left aside.
    Example,
    /// All that can be done about this person is done.
    Person(ImportedPerson),
}

/// What became of one person.
#[derive(Debug, Clone)]
pub struct ImportedPerson {
    /// As the other system has it.
    pub name: String,
    /// How many examples the other system has.
    pub examples: usize,
    /// How many of them were enrolled.
    pub enrolled: usize,
    /// How many of them were enrolled before.
    pub here_already: usize,
    /// Those that were looked for and not enrolled.
    pub left_aside: Vec<LeftAside>,
    /// What there is to do about them.
    pub next: ImportNext,
}

/// An example that was not enrolled.
#[derive(Debug, Clone)]
pub struct LeftAside {
    /// Its identifier in the other system.
    pub example: String,
    /// Why, in words.
    pub why: String,
}

/// What there is to do about somebody after an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportNext {
    /// They are to be asked; until they agreed nothing of their face is here.
    Ask,
    /// Nothing: they agreed, and were enrolled.
    Nothing,
    /// Nothing: what can be enrolled of them was enrolled before.
    HereAlready,
    /// They agreed, and no example of theirs could be enrolled.
    NewPicture,
    /// Their name cannot be a handle.
    OtherName,
}

impl ImportSource {
    /// A running CompreFace at `url`, asked by the key of a recognition service. Each answer may have
    /// 20 MiB and take a minute; no redirection is followed.
    ///
    /// # Errors
    /// [`WardError::Import`] when the address is neither http nor https, or the key is none.
    pub fn service(url: &str, key: &str) -> Result<Self, WardError> {
        let service = Service::at(url, key)?;
        Ok(Self(Kind::Service(Arc::new(service))))
    }

    /// A dump of CompreFace's database (`pg_dump`, plain text), of which the people of this key count.
    ///
    /// # Errors
    /// [`WardError::Import`] when it is no whole dump, or nobody in it belongs to the key.
    pub fn dump(text: impl BufRead, key: &str) -> Result<Self, WardError> {
        Ok(Self(Kind::Dump(Arc::new(Dump::parse(text, key)?))))
    }

    async fn people(&self) -> Result<Vec<Known>, WardError> {
        match &self.0 {
            Kind::Service(service) => {
                let service = service.clone();
                aside(move || service.people()).await
            }
            Kind::Dump(dump) => Ok(dump.people().to_vec()),
        }
    }

    /// The picture of an example; `None` where the other system kept none.
    async fn picture(&self, example: &str) -> Result<Option<Zeroizing<Vec<u8>>>, WardError> {
        match &self.0 {
            Kind::Service(service) => {
                let (service, example) = (service.clone(), example.to_owned());
                aside(move || service.picture(&example)).await
            }
            Kind::Dump(dump) => Ok(dump.picture(example)),
        }
    }
}

/// Waits for another server beside the threads that answer others.
async fn aside<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, WardError> + Send + 'static,
) -> Result<T, WardError> {
    let asked = tokio::task::spawn_blocking(ask).await;
    asked.map_err(|_| WardError::Import("asking the other server broke off".to_owned()))?
}

impl Ward {
    /// Begins to take over everybody of `source`, for this purpose. Nothing is done before the first
    /// [`Import::step`].
    ///
    /// # Errors
    /// [`WardError::Import`] when the source cannot say who there is.
    pub async fn import(
        &self,
        purpose: &Purpose,
        source: ImportSource,
    ) -> Result<Import, WardError> {
        let mut waiting = source.people().await?;
        waiting.reverse();
        Ok(Import {
            ward: self.clone(),
            purpose: purpose.clone(),
            source,
            people: waiting.len(),
            examples: waiting.iter().map(|one| one.examples.len()).sum(),
            waiting,
            open: None,
        })
    }
}

impl Import {
    /// How many people the other system has.
    pub fn people(&self) -> usize {
        self.people
    }

    /// How many examples they have together.
    pub fn examples(&self) -> usize {
        self.examples
    }

    /// Takes over one person, or one example of somebody who agreed; `None` when nobody is left.
    ///
    /// # Errors
    /// [`WardError::Import`] when the source does not answer, and whatever enrolling fails with.
    /// What was taken over stands.
    pub async fn step(&mut self) -> Result<Option<ImportStep>, WardError> {
        let Some((handle, mut examples, mut person)) = self.open.take() else {
            return match self.waiting.pop() {
                Some(known) => self.begin(known).await.map(Some),
                None => Ok(None),
            };
        };
        let Some(example) = examples.pop() else {
            if person.enrolled > 0 {
                person.next = ImportNext::Nothing;
            } else if person.here_already > 0 {
                person.next = ImportNext::HereAlready;
            }
            return Ok(Some(ImportStep::Person(person)));
        };
        match self.enroll(&handle, &example).await? {
            Taken::Enrolled => person.enrolled += 1,
            Taken::Before => person.here_already += 1,
            Taken::Not(why) => person.left_aside.push(LeftAside { example, why }),
        }
        self.open = Some((handle, examples, person));
        Ok(Some(ImportStep::Example))
    }

    /// Makes somebody known, and looks whether they agreed.
    async fn begin(&mut self, known: Known) -> Result<ImportStep, WardError> {
        let mut person = ImportedPerson {
            name: known.name.clone(),
            examples: known.examples.len(),
            enrolled: 0,
            here_already: 0,
            left_aside: Vec::new(),
            next: ImportNext::OtherName,
        };
        let Ok(handle) = known.name.parse::<Handle>() else {
            return Ok(ImportStep::Person(person));
        };
        match self.ward.add_subject(&handle).await {
            Ok(_) | Err(WardError::Vault(VaultError::HandleTaken(_))) => {}
            Err(error) => return Err(error),
        }
        let here = self.ward.subject(&handle).await?;
        let here = here.purposes.iter().find(|one| one.purpose == self.purpose);
        let live = [ConsentState::Given, ConsentState::Renewed];
        person.next = match here {
            Some(here) if here.references > 0 && here.references >= person.examples as u64 => {
                person.here_already = person.examples;
                ImportNext::HereAlready
            }
            Some(here) if here.consent.is_some_and(|state| live.contains(&state)) => {
                ImportNext::NewPicture
            }
            _ => ImportNext::Ask,
        };
        if person.next != ImportNext::NewPicture {
            return Ok(ImportStep::Person(person));
        }
        let mut examples = known.examples;
        examples.reverse();
        self.open = Some((handle, examples, person));
        Box::pin(self.step())
            .await
            .map(|step| step.unwrap_or(ImportStep::Example))
    }

    /// Enrols one example, unless it was enrolled before.
    async fn enroll(&self, handle: &Handle, example: &str) -> Result<Taken, WardError> {
        let Some(picture) = self.source.picture(example).await? else {
            return Ok(Taken::Not("no picture was kept".to_owned()));
        };
        let enrolled = self
            .ward
            .enroll_once(handle, &self.purpose, &picture)
            .await?;
        Ok(match enrolled.outcome {
            Outcome::Done(_) => Taken::Enrolled,
            Outcome::Refused(why) => Taken::Not(Refusal::to_string(&why)),
            Outcome::Unusable(Unusable::KeptAlready) => Taken::Before,
            Outcome::Unusable(why) => Taken::Not(Unusable::to_string(&why)),
        })
    }
}

/// What became of one example.
enum Taken {
    Enrolled,
    Before,
    /// Left aside, and why.
    Not(String),
}
