//! Hard light: which faces lie in it, and what a net is shown instead.
//!
//! Well-lit faces are left exactly as they are. A face in the dark is brightened by one power of all its values before
//! it is embedded ([`level`]); the detector, which places points badly there, also looks at copies whose light was taken
//! out ([`even`], and [`crate::detect`]). Measured against CLAHE, retinex, Tan–Triggs and relighting by mirror, the plain
//! power alone came out best: everything stronger also takes out what tells people apart.

mod even;

use zeroize::Zeroizing;

use crate::align::SIDE;
use crate::sample;

pub(crate) use even::even;

/// Median luma, as a share of white, that a dark face is brought up to. Faces in good light lie above it, those of dark
/// skin too.
const WELL_LIT: f32 = 0.3;
/// The strongest power: what is darker is noise.
const STRONGEST: f32 = 0.25;
/// A weaker power changes nothing that matters.
const WEAKEST: f32 = 0.95;

/// Whether an aligned crop shows a face in the dark, or lit so that most of it lies in deep shade.
pub(crate) fn hard(crop: &[u8]) -> bool {
    power(middle_of_the_face(crop)) < 1.0
}

/// Brightens a dark aligned crop; any other stays as it is.
pub(crate) fn level(crop: &mut [u8]) {
    brighten(crop, power(middle_of_the_face(crop)));
}

/// The same for any picture of interleaved RGB, judged by its middle third.
pub(crate) fn brighter(rgb: &[u8], width: usize) -> Zeroizing<Vec<u8>> {
    let height = rgb.len() / (3 * width.max(1));
    let inside = |at: usize, side: usize| (side / 3..side - side / 3).contains(&at);
    let pixels = rgb.chunks_exact(3).enumerate();
    let middle = pixels.filter(|(at, _)| inside(at % width, width) && inside(at / width, height));
    let mut out = Zeroizing::new(rgb.to_vec());
    brighten(&mut out, power(median(middle.map(|(_, pixel)| pixel))));
    out
}

/// The power that brings a median luma up to that of a well-lit face; 1 where there is nothing to do.
fn power(median: u8) -> f32 {
    let share = f32::from(median.max(1)) / 255.0;
    if share >= WELL_LIT {
        return 1.0;
    }
    let power = (WELL_LIT.ln() / share.ln()).max(STRONGEST);
    if power < WEAKEST { power } else { 1.0 }
}

fn brighten(rgb: &mut [u8], power: f32) {
    if power >= 1.0 {
        return;
    }
    let table: [u8; 256] =
        std::array::from_fn(|value| (255.0 * (value as f32 / 255.0).powf(power)).round() as u8);
    for value in rgb {
        *value = table.get(usize::from(*value)).copied().unwrap_or(*value);
    }
}

/// Median luma within an ellipse from brows to chin of an aligned crop.
fn middle_of_the_face(crop: &[u8]) -> u8 {
    let inside = |at: usize| {
        let (x, y) = ((at % SIDE) as f32, (at / SIDE) as f32);
        ((x - 56.0) / 40.0).powi(2) + ((y - 70.0) / 48.0).powi(2) < 1.0
    };
    let pixels = crop.chunks_exact(3).enumerate();
    median(pixels.filter(|(at, _)| inside(*at)).map(|(_, pixel)| pixel))
}

fn median<'p>(pixels: impl Iterator<Item = &'p [u8]>) -> u8 {
    let mut counts = [0_usize; 256];
    let mut all = 0;
    for pixel in pixels {
        if let [r, g, b] = *pixel
            && let Some(count) = counts.get_mut(usize::from(sample::luma([r, g, b])))
        {
            *count += 1;
            all += 1;
        }
    }
    let mut below = 0;
    let half = counts.iter().position(|count| {
        below += count;
        2 * below > all
    });
    half.unwrap_or(255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crop_of(luma: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        let at = |i: usize| [luma(i % SIDE, i / SIDE); 3];
        (0..SIDE * SIDE).flat_map(at).collect()
    }

    #[test]
    fn a_well_lit_face_keeps_every_value() {
        let crop = crop_of(|x, y| 110 + ((x + y) % 60) as u8);
        let mut level_crop = crop.clone();
        level(&mut level_crop);
        assert!(!hard(&crop));
        assert_eq!(level_crop, crop);
        assert_eq!(*brighter(&crop, SIDE), crop);
    }

    #[test]
    fn a_face_mostly_in_the_shade_is_brought_up_and_keeps_the_order_of_its_values() {
        // Lit on the right quarter only.
        let crop = crop_of(|x, y| if x > 84 { 200 } else { 12 + (y % 9) as u8 });
        let mut bright = crop.clone();
        level(&mut bright);
        assert!(hard(&crop));
        let middle = middle_of_the_face(&bright);
        assert!((70..=85).contains(&middle), "{middle}");
        for (a, b) in crop.chunks(3).zip(bright.chunks(3)).skip(1) {
            assert_eq!(a[0] < crop[0], b[0] < bright[0]);
        }
    }

    #[test]
    fn blackness_stays_black_and_nothing_fails_on_it() {
        let mut crop = crop_of(|_, _| 0);
        level(&mut crop);
        assert!(crop.iter().all(|value| *value == 0));
        assert!(even(&crop, SIDE).iter().all(|value| *value == 127));
    }
}
