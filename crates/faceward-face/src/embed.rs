//! Aligned crop to template.

use faceward_match::Template;
use faceward_nets::Threads;

use crate::engine::Engine;
use crate::faceprint::FacePrint;
use crate::{Face, FaceError, Image, align};

/// The embedding of the aligned face plus that of its mirror image: a face turned left then meets one turned right.
pub(crate) fn template(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Template, FaceError> {
    of_crop(engine, &align::lit(image, &face.points)?, threads)
}

/// As [`template`], of a face that is aligned.
pub(crate) fn of_crop(
    engine: &Engine,
    crop: &[u8],
    threads: &Threads,
) -> Result<Template, FaceError> {
    let mut sum = engine.embed(crop, threads)?;
    let mirrored = engine.embed(&align::mirror(crop, align::SIDE), threads)?;
    for (value, other) in sum.iter_mut().zip(mirrored.iter()) {
        *value += other;
    }
    Ok(Template::from_raw(
        engine.model().clone(),
        std::mem::take(&mut *sum),
    )?)
}

/// The map of an aligned face: what each of its regions adds to the template.
pub(crate) fn map(engine: &Engine, crop: &[u8], threads: &Threads) -> Result<FacePrint, FaceError> {
    let face = engine.embed_apart(crop, threads)?;
    let mirrored = engine.embed_apart(&align::mirror(crop, align::SIDE), threads)?;
    Ok(FacePrint::new(engine.model().clone(), face, mirrored))
}
