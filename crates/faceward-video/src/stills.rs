//! A folder of pictures as a video: in the order of their names, numbers in them by value, 25 a second.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::ImageFormat;
use zeroize::Zeroizing;

use crate::error::{Broken, VideoError};
use crate::picture::Picture;
use crate::sniff::{self, Kind};

const ENDINGS: [&str; 8] = ["jpg", "jpeg", "png", "webp", "bmp", "pgm", "ppm", "pnm"];
const FRAME: Duration = Duration::from_millis(40);
/// Largest picture file that is read: 64 MiB.
const LARGEST: u64 = 64 << 20;

/// Pictures that are read one by one.
pub(crate) struct Stills {
    files: VecDeque<PathBuf>,
    time: Duration,
    all: u64,
}

impl Stills {
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, VideoError> {
        let listed = std::fs::read_dir(folder).map_err(VideoError::file(folder))?;
        let mut files = Vec::new();
        for entry in listed {
            let path = entry.map_err(VideoError::file(folder))?.path();
            let ending = path.extension().and_then(|e| e.to_str());
            let ending = ending.map(str::to_ascii_lowercase);
            if ending.is_some_and(|e| ENDINGS.contains(&e.as_str())) && path.is_file() {
                files.push(path);
            }
        }
        files.sort_by(|a, b| by_name(a, b));
        Ok(Self::of(files))
    }

    pub(crate) fn of_one(path: &Path) -> Self {
        Self::of(vec![path.to_owned()])
    }

    fn of(files: Vec<PathBuf>) -> Self {
        Self {
            all: files.len() as u64,
            files: files.into(),
            time: Duration::ZERO,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.all
    }

    pub(crate) fn next(&mut self) -> Result<Option<(Duration, Picture)>, Broken> {
        let Some(path) = self.files.pop_front() else {
            return Ok(None);
        };
        let time = self.time;
        self.time += FRAME;
        let named = |broken| match broken {
            Broken::Cut => Broken::Damaged(format!("{} is cut off", name(&path))),
            Broken::Damaged(why) => Broken::Damaged(format!("{}: {why}", name(&path))),
            Broken::Io(error) => Broken::Told(VideoError::file(&path)(error)),
            other => other,
        };
        read(&path)
            .map(|picture| Some((time, picture)))
            .map_err(named)
    }
}

fn read(path: &Path) -> Result<Picture, Broken> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Broken::damaged("the file is larger than 64 MiB"));
    }
    match sniff::kind(bytes.get(..sniff::HEAD).unwrap_or(&bytes)) {
        // The decoder fills what is missing with grey.
        Kind::Picture(ImageFormat::Jpeg) if !is_whole(&bytes) => Err(Broken::Cut),
        Kind::Picture(format) => Picture::decode(&bytes, format),
        _ => Err(Broken::damaged("it is no picture")),
    }
}

/// Whether a JPEG's last scan has an end.
fn is_whole(bytes: &[u8]) -> bool {
    let last = |marker: u8| bytes.windows(2).rposition(|two| two == [0xff, marker]);
    last(0xd9) > last(0xda)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `frame2` before `frame10`.
fn by_name(a: &Path, b: &Path) -> Ordering {
    let (a_name, b_name) = (name(a), name(b));
    let (mut one, mut other) = (a_name.as_str(), b_name.as_str());
    loop {
        let (number, rest) = leading(one);
        let (against, rest_against) = leading(other);
        let order = match (number.is_empty(), against.is_empty()) {
            (false, false) => {
                let (x, y) = (
                    number.trim_start_matches('0'),
                    against.trim_start_matches('0'),
                );
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            _ => one.chars().next().cmp(&other.chars().next()),
        };
        if order.is_ne() || (one.is_empty() && other.is_empty()) {
            return order.then_with(|| a.cmp(b));
        }
        let after_one = |text: &'_ str| text.chars().next().map_or(0, char::len_utf8);
        (one, other) = match (number.is_empty(), against.is_empty()) {
            (false, false) => (rest, rest_against),
            _ => (
                one.get(after_one(one)..).unwrap_or_default(),
                other.get(after_one(other)..).unwrap_or_default(),
            ),
        };
    }
}

/// The digits a text begins with, and the rest.
fn leading(text: &str) -> (&str, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_ordered_by_value() {
        let names = ["a1", "a2", "a10", "a010b", "b", "ba", "ä1"];
        let mut paths: Vec<PathBuf> = names.iter().rev().map(PathBuf::from).collect();
        paths.sort_by(|a, b| by_name(a, b));
        assert_eq!(paths, names.map(PathBuf::from));
    }
}
