//! Frames between the readers of videos and of faces, and boxes and names drawn on them.

use anyhow::Context;
use faceward::{Followed, Image, Picture, VideoFrame, Who};
use image::RgbImage;

use crate::draw::{KNOWN, STRANGER, label, outline};

/// A frame as the reader of faces takes it.
pub(crate) fn image(frame: VideoFrame) -> anyhow::Result<Image> {
    let (width, height) = (frame.picture.width(), frame.picture.height());
    Ok(Image::from_rgb(width, height, frame.picture.into_rgb())?)
}

/// And back.
pub(crate) fn picture(image: Image) -> anyhow::Result<Picture> {
    let (width, height) = (image.width(), image.height());
    Picture::new(width, height, image.into_rgb()).context("the frame has an impossible size")
}

/// Boxes and names on a frame whose strangers are covered.
pub(super) fn drawn(followed: Followed) -> anyhow::Result<Picture> {
    let (width, height) = (followed.image.width(), followed.image.height());
    let canvas = RgbImage::from_raw(width, height, followed.image.into_rgb());
    let mut canvas = canvas.context("the frame has an impossible size")?;
    for face in &followed.faces {
        let Some(track) = face.track else { continue };
        let (name, colour) = match &face.who {
            Who::Known { handle, .. } => (handle.to_string(), KNOWN),
            Who::Undecided | Who::Unknown => (format!("{}", track.0 + 1), STRANGER),
        };
        let rect = &face.face.rect;
        if face.seen {
            outline(
                &mut canvas,
                rect,
                (width as f32 / 400.0).clamp(1.0, 4.0),
                colour,
            );
        }
        label(&mut canvas, (rect.x, rect.y), &name, colour);
    }
    Picture::new(width, height, canvas.into_raw()).context("the frame has an impossible size")
}
