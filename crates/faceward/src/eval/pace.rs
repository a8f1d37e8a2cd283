//! How long does one face take on one core?

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use faceward_face::{Embedder, FaceError, Image, Reader, ReaderOptions};

/// The median time, over so many looks, from the bytes of a picture to quality, liveness and
/// template of its one face, on one core, with the built-in nets. Nothing is compared or kept.
///
/// # Errors
/// [`FaceError`] when the picture does not show one face.
pub fn time_one_face(picture: &[u8], looks: NonZeroUsize) -> Result<Duration, FaceError> {
    let reader = Reader::new(ReaderOptions {
        threads: NonZeroUsize::MIN,
        embedder: Embedder::Own,
    })?;
    let look = || -> Result<(), FaceError> {
        let image = Image::decode(picture)?;
        let face = reader.the_face(&image)?;
        let landmarks = reader.landmarks(&image, &face)?;
        let (_, covering) = reader.template_seen(&image, &face)?;
        reader.quality_at(&image, &face, &landmarks, covering.as_ref())?;
        reader.liveness(&image, &face)?;
        Ok(())
    };
    look()?;
    let mut times = Vec::with_capacity(looks.get());
    for _ in 0..looks.get() {
        let began = Instant::now();
        look()?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
