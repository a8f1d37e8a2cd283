//! A Y4M with full colours (4:4:4).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::colour;
use crate::error::VideoError;
use crate::picture::Picture;

/// Written frame by frame.
pub(crate) struct Y4mWriter {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Y4mWriter {
    pub(crate) fn create(
        path: &Path,
        (width, height): (u32, u32),
        frame_time: Duration,
    ) -> Result<Self, VideoError> {
        let create = || {
            let mut file = BufWriter::new(File::create(path)?);
            let micros = frame_time.as_micros().max(1);
            writeln!(
                file,
                "YUV4MPEG2 W{width} H{height} F1000000:{micros} Ip A1:1 C444 XCOLORRANGE=FULL"
            )?;
            Ok(file)
        };
        Ok(Self {
            file: create().map_err(VideoError::file(path))?,
            path: path.to_owned(),
        })
    }

    pub(crate) fn write(&mut self, picture: &Picture) -> Result<(), VideoError> {
        let size = picture.rgb().len() / 3;
        let mut planes = Zeroizing::new(vec![0; 3 * size]);
        let (luma, chroma) = planes.split_at_mut(size);
        let (blue, red) = chroma.split_at_mut(size);
        let places = luma.iter_mut().zip(blue).zip(red);
        for (pixel, ((y, u), v)) in picture.rgb().chunks_exact(3).zip(places) {
            if let [r, g, b] = *pixel {
                [*y, *u, *v] = colour::yuv([r, g, b]);
            }
        }
        let mut write = || {
            self.file.write_all(b"FRAME\n")?;
            self.file.write_all(&planes)
        };
        write().map_err(VideoError::file(&self.path))
    }

    pub(crate) fn finish(mut self) -> Result<(), VideoError> {
        self.file.flush().map_err(VideoError::file(&self.path))
    }
}
