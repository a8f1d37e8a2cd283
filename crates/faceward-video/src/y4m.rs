//! YUV4MPEG2: a line of words, then planes of eight bits. What ffmpeg is asked for as well.

use std::io::{BufRead, Read};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::Broken;
use crate::picture::{Picture, within_limit};

mod colour;
mod writer;

use colour::{Range, Sampling};
pub(crate) use writer::Y4mWriter;

/// Longest header that is read, of the file and of a frame.
const LINE: u64 = 1024;

/// A Y4M that is being read.
pub(crate) struct Y4m<R> {
    file: R,
    width: usize,
    height: usize,
    /// Frames in so many seconds.
    rate: (u64, u64),
    sampling: Sampling,
    range: Range,
    planes: Zeroizing<Vec<u8>>,
    frame: u64,
}

impl<R: BufRead> Y4m<R> {
    pub(crate) fn open(mut file: R) -> Result<Self, Broken> {
        let line = line(&mut file)?.ok_or(Broken::Cut)?;
        let mut words = line.split(' ');
        if words.next() != Some("YUV4MPEG2") {
            return Err(Broken::damaged("it does not begin with YUV4MPEG2"));
        }
        let (mut size, mut rate) = ([0, 0], (25, 1));
        let (mut sampling, mut range) = (Sampling::Half, Range::Limited);
        for word in words {
            let mut chars = word.chars();
            let (key, value) = (chars.next(), chars.as_str());
            match key {
                Some('W') => size[0] = side(value)?,
                Some('H') => size[1] = side(value)?,
                Some('F') => rate = frames_a_second(value)?,
                Some('C') => sampling = Sampling::named(value)?,
                Some('X') if value == "COLORRANGE=FULL" => range = Range::Full,
                _ => {}
            }
        }
        let [width, height] = size;
        within_limit(width, height)?;
        let (width, height) = (width as usize, height as usize);
        Ok(Self {
            file,
            width,
            height,
            rate,
            sampling,
            range,
            planes: Zeroizing::new(Vec::new()),
            frame: 0,
        })
    }

    pub(crate) fn next(&mut self) -> Result<Option<(Duration, Picture)>, Broken> {
        let Some(line) = line(&mut self.file)? else {
            return Ok(None);
        };
        if line != "FRAME" && !line.starts_with("FRAME ") {
            return Err(Broken::damaged(
                "something else stands where a frame should begin",
            ));
        }
        let length = self.sampling.bytes(self.width, self.height);
        self.planes.clear();
        let mut frame = self.file.by_ref().take(length as u64);
        if frame.read_to_end(&mut self.planes)? < length {
            return Err(Broken::Cut);
        }
        let rgb = self
            .sampling
            .rgb(&self.planes, self.width, self.height, self.range);
        let picture = Picture::new(self.width as u32, self.height as u32, rgb);
        let picture = picture.ok_or_else(|| Broken::damaged("its planes do not fit its size"))?;
        let (frames, seconds) = self.rate;
        let nanos =
            u128::from(self.frame) * u128::from(seconds) * 1_000_000_000 / u128::from(frames);
        self.frame += 1;
        let time = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        Ok(Some((time, picture)))
    }
}

/// A line without its end; nothing at the end of the file.
fn line(file: &mut impl BufRead) -> Result<Option<String>, Broken> {
    let mut bytes = Vec::new();
    let read = file.by_ref().take(LINE).read_until(b'\n', &mut bytes)?;
    match bytes.pop() {
        None => Ok(None),
        Some(b'\n') => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| Broken::damaged("a header is no text")),
        Some(_) if read as u64 == LINE => Err(Broken::damaged("a header has no end")),
        Some(_) => Err(Broken::Cut),
    }
}

fn side(value: &str) -> Result<u32, Broken> {
    let side = value
        .parse()
        .ok()
        .filter(|side| (1..=65_535).contains(side));
    side.ok_or_else(|| Broken::damaged("its width or height is no number of pixels"))
}

fn frames_a_second(value: &str) -> Result<(u64, u64), Broken> {
    let (frames, seconds) = value.split_once(':').unwrap_or((value, "1"));
    let number = |text: &str| text.parse::<i64>();
    match (number(frames), number(seconds)) {
        // Unknown, as of a film with a rate that changes.
        (Ok(0), Ok(_)) | (Ok(_), Ok(0)) => Ok((25, 1)),
        (Ok(frames), Ok(seconds)) if frames > 0 && seconds > 0 => {
            let (frames, seconds) = (frames.unsigned_abs(), seconds.unsigned_abs());
            let plausible =
                seconds <= frames.saturating_mul(3600) && frames <= seconds.saturating_mul(10_000);
            plausible
                .then_some((frames, seconds))
                .ok_or_else(|| Broken::Time(format!("{frames} frames in {seconds} seconds")))
        }
        (Ok(_), Ok(_)) => Err(Broken::Time(format!(
            "{value} frames a second, which is negative"
        ))),
        _ => Err(Broken::damaged("its frame rate is no number")),
    }
}
