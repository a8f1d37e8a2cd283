//! Aligned crop to template.

use faceward_match::Template;
use faceward_nets::Threads;
use zeroize::Zeroizing;

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
    of_crop(engine, &align::crop(image, &face.points)?, threads)
}

/// As [`template`], of a face that is aligned.
pub(crate) fn of_crop(
    engine: &Engine,
    crop: &[u8],
    threads: &Threads,
) -> Result<Template, FaceError> {
    let mut sum = engine.embed(crop, threads)?;
    let mirrored = engine.embed(&mirror(crop), threads)?;
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
    let mirrored = engine.embed_apart(&mirror(crop), threads)?;
    Ok(FacePrint::new(engine.model().clone(), face, mirrored))
}

fn mirror(crop: &[u8]) -> Zeroizing<Vec<u8>> {
    let rows = crop.chunks_exact(3 * align::SIDE);
    Zeroizing::new(
        rows.flat_map(|row| row.rchunks_exact(3).flatten().copied())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_image_swaps_left_and_right_and_keeps_the_colours() {
        let crop: Vec<u8> = (0..3 * 112 * 112).map(|i| (i % 251) as u8).collect();
        let once = mirror(&crop);
        assert_eq!(once[..3], crop[3 * 111..3 * 112]);
        assert_eq!(*mirror(&once), crop);
    }
}
