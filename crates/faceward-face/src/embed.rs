//! Aligned crop to template.

use faceward_match::Template;
use faceward_nets::Threads;
use zeroize::Zeroizing;

use crate::covering::Covering;
use crate::engine::Engine;
use crate::faceprint::FacePrint;
use crate::{Face, FaceError, Image, align, mask};

/// A face's template, and what covers it, where the embedder is our own and the face is large enough to tell.
pub(crate) type Made = (Template, Option<Covering>);

/// The embedding of the aligned face plus that of its mirror image: a face turned left then meets one turned right.
pub(crate) fn template(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Made, FaceError> {
    let crop = align::lit(image, &face.points)?;
    of_crop(engine, &crop, mask::shows(face), threads)
}

/// As [`template`], of a face that will be compared with others later: it also knows how the face looks in a mask.
pub(crate) fn reference(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Made, FaceError> {
    let crop = align::lit(image, &face.points)?;
    let (template, covering) = of_crop(engine, &crop, mask::shows(face), threads)?;
    let (Some(own), Some(bare), false) = (engine.own(), template.veil(), template.covered()) else {
        return Ok((template, covering));
    };
    let mut masked = Zeroizing::new(vec![0.0; bare.len()]);
    for style in &mask::STYLES {
        let with = both(engine, &mask::draw(&crop, style), threads)?;
        add(&mut masked, &with);
    }
    let mut veil = own.masks.of_both(bare, &masked);
    let template = template.veiled(false, std::mem::take(&mut *veil))?;
    Ok((template, covering))
}

/// As [`template`], of a face that is aligned; where it is too small, nobody asks what covers it.
pub(crate) fn of_crop(
    engine: &Engine,
    crop: &[u8],
    shows: bool,
    threads: &Threads,
) -> Result<Made, FaceError> {
    let turned = align::mirror(crop, align::SIDE);
    let Some(([face, turned], own)) = engine.embed_seen([crop, &turned], threads)? else {
        return Ok((whole(engine, both(engine, crop, threads)?)?, None));
    };
    let covered = shows && own.masks.covered([&face, &turned]);
    let covering = shows.then(|| own.lines.covering([&face, &turned]));
    let mut sum = face.embedding;
    add(&mut sum, &turned.embedding);
    let mut veil = own.masks.without(&sum);
    let template = whole(engine, sum)?.veiled(covered, std::mem::take(&mut *veil))?;
    let eyes = covering.is_some_and(|covering| covering.eyes());
    Ok((template.with_eyes_covered(eyes), covering))
}

/// What covers a face, as [`template`] tells it.
pub(crate) fn covering(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Option<Covering>, FaceError> {
    if !mask::shows(face) {
        return Ok(None);
    }
    let crop = align::lit(image, &face.points)?;
    let turned = align::mirror(&crop, align::SIDE);
    let seen = engine.embed_seen([&crop, &turned], threads)?;
    Ok(seen.map(|([face, turned], own)| own.lines.covering([&face, &turned])))
}

/// The embedding of an aligned face plus that of its mirror image.
fn both(engine: &Engine, crop: &[u8], threads: &Threads) -> Result<Zeroizing<Vec<f32>>, FaceError> {
    let mut sum = engine.embed(crop, threads)?;
    add(
        &mut sum,
        &engine.embed(&align::mirror(crop, align::SIDE), threads)?,
    );
    Ok(sum)
}

fn add(sum: &mut [f32], values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

fn whole(engine: &Engine, mut values: Zeroizing<Vec<f32>>) -> Result<Template, FaceError> {
    Ok(Template::from_raw(
        engine.model().clone(),
        std::mem::take(&mut *values),
    )?)
}

/// The map of an aligned face: what each of its regions adds to the template.
pub(crate) fn map(engine: &Engine, crop: &[u8], threads: &Threads) -> Result<FacePrint, FaceError> {
    let face = engine.embed_apart(crop, threads)?;
    let mirrored = engine.embed_apart(&align::mirror(crop, align::SIDE), threads)?;
    Ok(FacePrint::new(engine.model().clone(), face, mirrored))
}
