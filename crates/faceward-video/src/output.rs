//! Frames written: to a Motion-JPEG AVI, a Y4M or a folder of pictures. No sound, no metadata.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::avi::AviWriter;
use crate::error::VideoError;
use crate::picture::Picture;
use crate::y4m::Y4mWriter;

/// Frames being written. Dropped unfinished it keeps what was written in a form that can be read.
pub struct Output(Form);

/// Frames being written whose size and duration are those of the first two.
pub struct Recording {
    path: PathBuf,
    first: Option<(Duration, Picture)>,
    output: Option<Output>,
}

enum Form {
    Avi(AviWriter),
    Y4m(Y4mWriter),
    Folder { path: PathBuf, written: u64 },
}

/// Quality of single JPEG pictures, of 100.
const QUALITY: u8 = 95;

impl Output {
    /// Whether frames can be written under this name.
    ///
    /// # Errors
    /// [`VideoError::UnknownOutput`].
    pub fn check(path: &Path) -> Result<(), VideoError> {
        match ending(path).as_str() {
            "avi" | "y4m" | "" => Ok(()),
            _ if path.is_dir() => Ok(()),
            _ => Err(VideoError::UnknownOutput(path.to_owned())),
        }
    }

    /// Begins a video of frames of this size that last so long, in the form the name's ending says.
    ///
    /// # Errors
    /// [`VideoError::UnknownOutput`], [`VideoError::Encode`] for sizes an AVI cannot have, [`VideoError::File`].
    pub fn create(path: &Path, size: (u32, u32), frame_time: Duration) -> Result<Self, VideoError> {
        Self::check(path)?;
        Ok(Self(match ending(path).as_str() {
            "avi" if size.0.max(size.1) > u32::from(u16::MAX) => {
                return Err(VideoError::Encode {
                    path: path.to_owned(),
                    why: "a side has more than 65535 pixels".to_owned(),
                });
            }
            "avi" => Form::Avi(AviWriter::create(path, size, frame_time)?),
            "y4m" => Form::Y4m(Y4mWriter::create(path, size, frame_time)?),
            _ => {
                std::fs::create_dir_all(path).map_err(VideoError::file(path))?;
                Form::Folder {
                    path: path.to_owned(),
                    written: 0,
                }
            }
        }))
    }

    /// Writes the next frame.
    ///
    /// # Errors
    /// [`VideoError::File`], [`VideoError::Encode`] and [`VideoError::OutputFull`]; the frames before stand.
    pub fn write(&mut self, picture: &Picture) -> Result<(), VideoError> {
        match &mut self.0 {
            Form::Avi(avi) => avi.write(picture),
            Form::Y4m(y4m) => y4m.write(picture),
            Form::Folder { path, written } => {
                let file = path.join(format!("frame-{written:06}.png"));
                *written += 1;
                picture.save(&file)
            }
        }
    }

    /// Completes it.
    ///
    /// # Errors
    /// [`VideoError::File`].
    pub fn finish(self) -> Result<(), VideoError> {
        match self.0 {
            Form::Avi(avi) => avi.finish(),
            Form::Y4m(y4m) => y4m.finish(),
            Form::Folder { .. } => Ok(()),
        }
    }
}

impl Recording {
    /// How long a single frame is shown.
    const USUAL: Duration = Duration::from_millis(40);

    /// Nothing is written before the first frame.
    ///
    /// # Errors
    /// [`VideoError::UnknownOutput`].
    pub fn to(path: &Path) -> Result<Self, VideoError> {
        Output::check(path)?;
        Ok(Self {
            path: path.to_owned(),
            first: None,
            output: None,
        })
    }

    /// Writes the next frame, shown from this time on.
    ///
    /// # Errors
    /// As [`Output::create`] and [`Output::write`].
    pub fn write(&mut self, time: Duration, picture: Picture) -> Result<(), VideoError> {
        if let Some(output) = &mut self.output {
            return output.write(&picture);
        }
        match self.first.take() {
            None => {
                self.first = Some((time, picture));
                Ok(())
            }
            Some((began, first)) => {
                let lasts = time.saturating_sub(began);
                self.begin(&first, lasts)?.write(&picture)
            }
        }
    }

    /// Completes it; where no frame was written there is no file.
    ///
    /// # Errors
    /// As [`Output::create`] and [`Output::finish`].
    pub fn finish(mut self) -> Result<(), VideoError> {
        if let Some((_, first)) = self.first.take() {
            self.begin(&first, Self::USUAL)?;
        }
        self.output.take().map_or(Ok(()), Output::finish)
    }

    fn begin(&mut self, first: &Picture, lasts: Duration) -> Result<&mut Output, VideoError> {
        let lasts = if lasts.is_zero() { Self::USUAL } else { lasts };
        let size = (first.width(), first.height());
        let output = self.output.insert(Output::create(&self.path, size, lasts)?);
        output.write(first)?;
        Ok(output)
    }
}

impl Picture {
    /// Writes it as a JPEG where the name ends so, else as a PNG. Nothing but the pixels is in it.
    ///
    /// # Errors
    /// [`VideoError::Encode`] and [`VideoError::File`].
    pub fn save(&self, path: &Path) -> Result<(), VideoError> {
        let bytes = match ending(path).as_str() {
            "jpg" | "jpeg" => self.jpeg(QUALITY),
            _ => self.png(),
        };
        let bytes = bytes.map_err(|why| VideoError::Encode {
            path: path.to_owned(),
            why,
        })?;
        std::fs::write(path, zeroize::Zeroizing::new(bytes)).map_err(VideoError::file(path))
    }
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_ascii_lowercase()
}
