//! GIF: each frame drawn onto the canvas as the frames before it leave it.

use std::io::Read;
use std::num::NonZeroU64;
use std::time::Duration;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, DisposalMethod, MemoryLimit};
use zeroize::Zeroizing;

use crate::error::Broken;
use crate::picture::{MAX_PIXELS, Picture, one_line, within_limit};

/// Shorter delays than 20 ms are shown as 100 ms, as browsers do.
const SHORTEST: u16 = 2;
const USUAL: u16 = 10;

/// A GIF that is being read.
pub(crate) struct Gif<R: Read> {
    decoder: Decoder<R>,
    canvas: Zeroizing<Vec<u8>>,
    /// What the frame before leaves to be done before the next is drawn.
    dispose: Dispose,
    time: Duration,
}

enum Dispose {
    Nothing,
    /// Clear this part: left, top, width, height.
    Clear([usize; 4]),
    /// Put this back.
    Restore(Zeroizing<Vec<u8>>),
}

impl<R: Read> Gif<R> {
    pub(crate) fn open(file: R) -> Result<Self, Broken> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        if let Some(most) = NonZeroU64::new(4 * MAX_PIXELS) {
            options.set_memory_limit(MemoryLimit::Bytes(most));
        }
        let decoder = options.read_info(file).map_err(broken)?;
        let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
        within_limit(width, height)?;
        // Transparent places are shown on white.
        let canvas = Zeroizing::new(vec![255; 3 * width as usize * height as usize]);
        Ok(Self {
            decoder,
            canvas,
            dispose: Dispose::Nothing,
            time: Duration::ZERO,
        })
    }

    pub(crate) fn next(&mut self) -> Result<Option<(Duration, Picture)>, Broken> {
        let width = usize::from(self.decoder.width());
        let Some(frame) = self.decoder.read_next_frame().map_err(broken)? else {
            return Ok(None);
        };
        match std::mem::replace(&mut self.dispose, Dispose::Nothing) {
            Dispose::Nothing => {}
            Dispose::Clear(area) => clear(&mut self.canvas, width, area),
            Dispose::Restore(before) => self.canvas = before,
        }
        let area = [frame.left, frame.top, frame.width, frame.height].map(usize::from);
        self.dispose = match frame.dispose {
            DisposalMethod::Background => Dispose::Clear(area),
            DisposalMethod::Previous => Dispose::Restore(self.canvas.clone()),
            DisposalMethod::Any | DisposalMethod::Keep => Dispose::Nothing,
        };
        draw(&mut self.canvas, width, area, &frame.buffer);
        let delay = match frame.delay {
            delay if delay < SHORTEST => USUAL,
            delay => delay,
        };
        let time = self.time;
        self.time += Duration::from_millis(10 * u64::from(delay));
        let (wide, high) = (self.decoder.width(), self.decoder.height());
        let picture = Picture::new(wide.into(), high.into(), self.canvas.to_vec());
        picture
            .map(|picture| Some((time, picture)))
            .ok_or_else(|| Broken::damaged("its width or height is zero"))
    }
}

/// Lays the opaque pixels of a frame onto the canvas; what lies beyond it is left out.
fn draw(canvas: &mut [u8], width: usize, [left, top, wide, _]: [usize; 4], rgba: &[u8]) {
    if wide == 0 {
        return;
    }
    for (row, line) in rgba.chunks_exact(4 * wide).enumerate() {
        let place = row_of(canvas, width, top + row, left);
        for (to, from) in place.chunks_exact_mut(3).zip(line.chunks_exact(4)) {
            if let [rgb @ .., alpha] = from
                && *alpha > 0
            {
                to.copy_from_slice(rgb);
            }
        }
    }
}

fn clear(canvas: &mut [u8], width: usize, [left, top, wide, high]: [usize; 4]) {
    for row in top..top + high {
        let place = row_of(canvas, width, row, left);
        let length = place.len().min(3 * wide);
        if let Some(place) = place.get_mut(..length) {
            place.fill(255);
        }
    }
}

/// The rest of a row of the canvas from this column on; empty where there is none.
fn row_of(canvas: &mut [u8], width: usize, row: usize, left: usize) -> &mut [u8] {
    let begins = 3 * (row * width + left.min(width));
    canvas
        .get_mut(begins..3 * (row + 1) * width)
        .unwrap_or_default()
}

fn broken(error: DecodingError) -> Broken {
    match error {
        DecodingError::UnexpectedEof => Broken::Cut,
        DecodingError::Io(error) => error.into(),
        other => Broken::Damaged(one_line(&other.to_string())),
    }
}
