//! Aligned crop to template.

use faceward_match::Template;
use faceward_nets::Threads;
use zeroize::Zeroizing;

use crate::engine::Engine;
use crate::{Face, FaceError, Image, align};

/// The embedding of the aligned face plus that of its mirror image: a face turned left then meets one turned right.
pub(crate) fn template(
    engine: &Engine,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Template, FaceError> {
    let crop = align::crop(image, &face.points)?;
    let mut sum = engine.embed(&crop, threads)?;
    let mirrored = engine.embed(&mirror(&crop), threads)?;
    for (value, other) in sum.iter_mut().zip(mirrored.iter()) {
        *value += other;
    }
    Ok(Template::from_raw(
        engine.model().clone(),
        std::mem::take(&mut *sum),
    )?)
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
