//! Looking at a picture, which only a permit allows.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use faceward_face::{Covering, Embedder, Face, FaceError, Image, Quality, Reader, ReaderOptions};
use faceward_law::{Operation, Permit};
use faceward_match::{ModelId, Template};
use faceward_vault::VaultError;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::{Unusable, Ward, WardError};

/// What was seen of one face; it outlives the picture and holds nothing that identifies.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Where the face is, in pixels of the upright picture.
    pub face: Face,
    /// How good the sample is.
    pub quality: Quality,
    /// Liveness score, 0 to 1: how much this looks like a person rather than a picture of one.
    pub liveness: f32,
    /// What the decoder had to decide, such as taking the first frame of an animation.
    pub notes: Vec<String>,
}

/// A face read from a picture: its template and what was seen.
pub(crate) struct Sample {
    pub(crate) template: Template,
    pub(crate) reading: Reading,
}

/// The nets, loaded when a face is first looked at, and shown to nobody without a permit.
pub(crate) struct Eyes {
    embedder: Embedder,
    /// Threads that one look may use.
    threads: NonZeroUsize,
    /// Looks under way at once.
    places: Arc<Semaphore>,
    reader: OnceLock<Arc<Reader>>,
}

impl Eyes {
    /// One look at a time, on all cores: for whoever waits at a terminal.
    pub(crate) fn new(embedder: Embedder) -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self::with(embedder, threads, NonZeroUsize::MIN)
    }

    /// So many looks at once, each on one thread: for a server.
    pub(crate) fn of_many(&self, places: NonZeroUsize) -> Self {
        Self::with(self.embedder.clone(), NonZeroUsize::MIN, places)
    }

    fn with(embedder: Embedder, threads: NonZeroUsize, places: NonZeroUsize) -> Self {
        Self {
            embedder,
            threads,
            places: Arc::new(Semaphore::new(places.get())),
            reader: OnceLock::new(),
        }
    }

    pub(crate) fn model(&self) -> Result<&ModelId, WardError> {
        Ok(self.reader()?.model())
    }

    fn reader(&self) -> Result<&Arc<Reader>, WardError> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let options = ReaderOptions {
            threads: self.threads,
            embedder: self.embedder.clone(),
        };
        let reader = Reader::new(options).map_err(WardError::Reader)?;
        Ok(self.reader.get_or_init(|| Arc::new(reader)))
    }
}

impl Ward {
    /// The same ward, looking at up to so many pictures at once, each on one thread.
    pub fn looking_at_once(&self, pictures: NonZeroUsize) -> Self {
        Self {
            eyes: Arc::new(self.eyes.of_many(pictures)),
            ..self.clone()
        }
    }

    /// Looks at a picture for this operation, if the permit allows it now, beside the threads that
    /// answer others; waits while too many look. Whoever stops waiting gives up their place when
    /// the look that was begun is over.
    pub(crate) async fn see<T: Send + 'static>(
        &self,
        permit: &Permit,
        operation: Operation,
        picture: &[u8],
        look: impl FnOnce(&Reader, &[u8]) -> T + Send + 'static,
    ) -> Result<T, WardError> {
        let picture = Zeroizing::new(picture.to_vec());
        let look = move |reader: &Reader| look(reader, &picture);
        self.look(permit, operation, look).await
    }

    /// As [`Ward::see`], at pixels that the look brings along.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        permit: &Permit,
        operation: Operation,
        look: impl FnOnce(&Reader) -> T + Send + 'static,
    ) -> Result<T, WardError> {
        let reader = self.eyes.reader()?.clone();
        let place = self.eyes.places.clone().acquire_owned().await;
        // The permit may have ended during the wait.
        if permit.operation() != operation || self.now() >= permit.expires() {
            return Err(VaultError::NotPermitted.into());
        }
        let looked = tokio::task::spawn_blocking(move || {
            let _place = place;
            look(&reader)
        });
        looked.await.map_err(|_| WardError::Look)
    }

    /// Reads the one face in a picture.
    pub(crate) async fn read_one(
        &self,
        permit: &Permit,
        operation: Operation,
        picture: &[u8],
    ) -> Result<Result<Sample, Unusable>, WardError> {
        let read = self
            .read_with(permit, operation, picture, Reader::template_seen)
            .await?;
        Ok(read.map(|(template, reading)| Sample { template, reading }))
    }

    /// Reads the one face in a picture, and makes of it what is asked for.
    pub(crate) async fn read_with<T: Send + 'static>(
        &self,
        permit: &Permit,
        operation: Operation,
        picture: &[u8],
        make: Make<T>,
    ) -> Result<Result<(T, Reading), Unusable>, WardError> {
        let read = move |reader: &Reader, picture: &[u8]| read(reader, picture, make);
        match self.see(permit, operation, picture, read).await? {
            Ok((made, reading)) => Ok(self.live(&reading).map(|()| (made, reading))),
            // No picture has a map with this embedder.
            Err(error @ FaceError::NoMap) => Err(WardError::Reader(error)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    /// Refuses what looks less like a living person than the ward demands.
    pub(crate) fn live(&self, reading: &Reading) -> Result<(), Unusable> {
        let live = reading.liveness;
        match self.config.liveness_required() {
            Some(at_least) if live < at_least => Err(Unusable::NotLive(live)),
            _ => Ok(()),
        }
    }
}

/// What is made of a face once it is found, and what covers it as far as that showed on the way.
pub(crate) type Make<T> = fn(&Reader, &Image, &Face) -> Result<(T, Option<Covering>), FaceError>;

fn read<T>(reader: &Reader, picture: &[u8], make: Make<T>) -> Result<(T, Reading), FaceError> {
    let image = Image::decode(picture)?;
    let face = reader.the_face(&image)?;
    let landmarks = reader.landmarks(&image, &face)?;
    let (made, covering) = make(reader, &image, &face)?;
    let reading = Reading {
        quality: reader.quality_at(&image, &face, &landmarks, covering.as_ref())?,
        liveness: reader.liveness(&image, &face)?.score,
        notes: image.notes().to_vec(),
        face,
    };
    Ok((made, reading))
}
