//! Aligned crop to template.

use faceward_match::Template;
use faceward_nets::Threads;
use zeroize::Zeroizing;

use crate::engine::Engine;
use crate::faceprint::FacePrint;
use crate::{Face, FaceError, Image, align, mask};

/// The embedding of the aligned face plus that of its mirror image: a face turned left then meets one turned right.
pub(crate) fn template(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Template, FaceError> {
    of_crop(
        engine,
        &align::lit(image, &face.points)?,
        mask::shows(face),
        threads,
    )
}

/// As [`template`], of a face that will be compared with others later: it also knows how the face looks in a mask.
pub(crate) fn reference(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Template, FaceError> {
    let crop = align::lit(image, &face.points)?;
    let template = of_crop(engine, &crop, mask::shows(face), threads)?;
    if template.covered() {
        return Ok(template);
    }
    let (Some(masks), Some(bare)) = (engine.masks(), template.veil()) else {
        return Ok(template);
    };
    let mut masked = Zeroizing::new(vec![0.0; bare.len()]);
    for style in &mask::STYLES {
        let with = both(engine, &mask::draw(&crop, style), threads)?;
        add(&mut masked, &with);
    }
    let mut veil = masks.of_both(bare, &masked);
    Ok(template.veiled(false, std::mem::take(&mut *veil))?)
}

/// As [`template`], of a face that is aligned; where it is too small, nobody asks whether it is `covered`.
pub(crate) fn of_crop(
    engine: &Engine,
    crop: &[u8],
    covered: bool,
    threads: &Threads,
) -> Result<Template, FaceError> {
    let turned = align::mirror(crop, align::SIDE);
    let Some(([face, turned], masks)) = engine.embed_halves([crop, &turned], threads)? else {
        return whole(engine, both(engine, crop, threads)?);
    };
    let covered = covered && masks.covered([&face, &turned]);
    let mut sum = face.embedding;
    add(&mut sum, &turned.embedding);
    let mut veil = masks.without(&sum);
    Ok(whole(engine, sum)?.veiled(covered, std::mem::take(&mut *veil))?)
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
