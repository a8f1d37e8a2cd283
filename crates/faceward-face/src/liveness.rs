//! Presentation attack detection (ISO/IEC 30107): does a living person stand before the camera?

use faceward_nets::{MiniFasNet, Threads};

use crate::sample::{self, Affine};
use crate::{Face, FaceError, Image, Rect, align};

/// A passive judgement from one picture.
///
/// The net (MiniFASNet, Silent-Face) tells prints and flat screens by their texture and frame. Replays on good screens
/// and unusual cameras can pass it or be refused wrongly, so this score is one fact and never alone a proof.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Liveness {
    /// 0 (attack) to 1 (bona fide): the net's share for its class "bona fide", over the picture and its mirror image.
    pub score: f32,
}

/// Scores the face with its surroundings: the mean over the picture and its mirror image, which are as live as each
/// other and on which the net's doubts differ.
pub(crate) fn judge(
    net: &MiniFasNet,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<Liveness, FaceError> {
    let around = surroundings(image, &face.rect);
    let map = Affine::onto(around.x, around.y, around.width, around.height, SIDE);
    // The net was trained on crops shrunk without averaging and judges by their texture: the grain of a large picture,
    // averaged away, is missed as if it were a print's.
    let crop = sample::rgb_plain(image, &map, SIDE);
    let [straight, _, _] = net.run(&crop, threads)?;
    let [mirrored, _, _] = net.run(&align::mirror(&crop, SIDE), threads)?;
    let score = (straight + mirrored) / 2.0;
    Ok(Liveness { score })
}

/// Side of the net's input, in pixels.
const SIDE: usize = 128;
/// How much larger than the face the crop is: the edge of a print or a screen is the plainest sign of one.
const AROUND: f32 = 2.7;

/// The box enlarged about its middle, shrunk to what the image can hold, and pushed inside it.
fn surroundings(image: &Image, rect: &Rect) -> Rect {
    let (wide, high) = (image.width() as f32, image.height() as f32);
    let factor = AROUND.min(wide / rect.width).min(high / rect.height);
    let (width, height) = (rect.width * factor, rect.height * factor);
    let centre = rect.centre();
    Rect {
        x: (centre.x - width / 2.0).clamp(0.0, (wide - width).max(0.0)),
        y: (centre.y - height / 2.0).clamp(0.0, (high - height).max(0.0)),
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_at_the_border_keeps_the_shape_of_its_box_and_the_crop_inside_the_image() {
        let image = Image::from_rgb(200, 100, vec![0; 3 * 200 * 100]).unwrap();
        let rect = Rect {
            x: -10.0,
            y: 5.0,
            width: 60.0,
            height: 80.0,
        };
        let around = surroundings(&image, &rect);
        assert!((around.width / around.height - 0.75).abs() < 1e-4);
        assert!(around.x >= 0.0 && around.y >= 0.0);
        assert!(around.x + around.width <= 200.01 && around.y + around.height <= 100.01);
    }
}
