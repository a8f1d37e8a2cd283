//! The steps from an image to a template, each on its own and in order.

use std::num::NonZeroUsize;

use faceward_match::{ModelId, Template};
use faceward_nets::{CenterFace, Landmarks68, MiniFasNet, Threads};

use crate::covering::Covering;
use crate::detect::{self, Face, Point};
use crate::engine::{Embedder, Engine};
use crate::faceprint::FacePrint;
use crate::liveness::{self, Liveness};
use crate::quality::{self, Quality};
use crate::track::{Look, worth};
use crate::{FaceError, Image, align, embed, landmarks, models};

/// How a [`Reader`] works.
#[derive(Clone, Debug)]
pub struct ReaderOptions {
    /// Threads one call may use.
    pub threads: NonZeroUsize,
    /// What turns an aligned face into a template.
    pub embedder: Embedder,
}

impl Default for ReaderOptions {
    /// One thread, the built-in embedder.
    fn default() -> Self {
        ReaderOptions {
            threads: NonZeroUsize::MIN,
            embedder: Embedder::Own,
        }
    }
}

/// Reads faces. Made once, then shared: every method takes `&self` and may be called from several threads.
pub struct Reader {
    threads: Threads,
    detector: CenterFace,
    landmarks: Landmarks68,
    liveness: MiniFasNet,
    engine: Engine,
}

impl Reader {
    /// Loads the nets.
    ///
    /// # Errors
    /// [`FaceError::WeightsAltered`] when built-in weights differ from their manifest, and [`FaceError::Embedder`]
    /// when a configured ONNX file cannot be used.
    pub fn new(options: ReaderOptions) -> Result<Reader, FaceError> {
        Ok(Reader {
            threads: Threads::new(options.threads),
            detector: models::detector()?,
            landmarks: models::landmarks()?,
            liveness: models::liveness()?,
            engine: Engine::new(&options.embedder, options.threads)?,
        })
    }

    /// The model whose templates this reader makes.
    pub fn model(&self) -> &ModelId {
        self.engine.model()
    }

    /// Everyone in the picture, best first; an empty list when nobody is.
    ///
    /// Looks at the whole picture and, when it is large, at overlapping parts of it for small faces. Faces from about
    /// 1/80 of the picture's longer side are found in a picture of 12 megapixels.
    ///
    /// # Errors
    /// [`FaceError::Net`] only.
    pub fn detect(&self, image: &Image) -> Result<Vec<Face>, FaceError> {
        detect::everyone(&self.detector, image, &self.threads)
    }

    /// The one person the picture shows, by the rule of [`detect::alone`]. Quicker than [`Reader::detect`].
    ///
    /// # Errors
    /// [`FaceError::NoFace`] and [`FaceError::SeveralFaces`].
    pub fn the_face(&self, image: &Image) -> Result<Face, FaceError> {
        detect::subject(&self.detector, image, &self.threads)
    }

    /// Everyone in one look at the picture, scaled down so that its longer side has at most so many pixels: for video,
    /// where the next frame shows what this one hides. Faces of a confidence down to 0.3 are among them.
    ///
    /// # Errors
    /// [`FaceError::Net`] only.
    pub fn glance(&self, image: &Image, side: u16) -> Result<Vec<Face>, FaceError> {
        detect::glance(&self.detector, image, f32::from(side), &self.threads)
    }

    /// A face of [`Reader::glance`] with its points placed as well as those of [`Reader::detect`].
    ///
    /// # Errors
    /// [`FaceError::Net`] only.
    pub fn closer(&self, image: &Image, face: Face) -> Result<Face, FaceError> {
        detect::closer(&self.detector, image, face, &self.threads)
    }

    /// The 68 points of the iBUG 300-W markup: 0–16 jaw, 17–26 brows, 27–35 nose, 36–47 eyes, 48–67 mouth.
    ///
    /// # Errors
    /// [`FaceError::Net`] only.
    pub fn landmarks(&self, image: &Image, face: &Face) -> Result<[Point; 68], FaceError> {
        landmarks::find(&self.landmarks, image, face, &self.threads)
    }

    /// How good the face is for recognition, by component, and in words what stands against it.
    ///
    /// Embeds the face to see what covers it; who makes a template as well takes [`Reader::template_seen`] and
    /// [`Reader::quality_at`].
    ///
    /// # Errors
    /// [`FaceError::Unalignable`] and [`FaceError::Net`].
    pub fn quality(&self, image: &Image, face: &Face) -> Result<Quality, FaceError> {
        let covering = self.covering(image, face)?;
        self.quality_at(
            image,
            face,
            &self.landmarks(image, face)?,
            covering.as_ref(),
        )
    }

    /// As [`Reader::quality`], for a face whose landmarks, and what covers it, were found before. Where nothing is given
    /// of what covers it, nothing is said of it.
    ///
    /// # Errors
    /// [`FaceError::Unalignable`].
    pub fn quality_at(
        &self,
        image: &Image,
        face: &Face,
        landmarks: &[Point; 68],
        covering: Option<&Covering>,
    ) -> Result<Quality, FaceError> {
        quality::assess(image, face, landmarks, covering)
    }

    /// What covers the face, cell by cell; nothing of a face of fewer than 48 pixels, and with an ONNX file.
    ///
    /// # Errors
    /// [`FaceError::Unalignable`] and [`FaceError::Net`].
    pub fn covering(&self, image: &Image, face: &Face) -> Result<Option<Covering>, FaceError> {
        embed::covering(&self.engine, image, face, &self.threads)
    }

    /// The face's template: the embedding of the aligned face plus that of its mirror image, scaled to length 1.
    ///
    /// # Errors
    /// [`FaceError::Unalignable`], [`FaceError::Template`] and, with an ONNX file, [`FaceError::Embedder`].
    pub fn template(&self, image: &Image, face: &Face) -> Result<Template, FaceError> {
        Ok(self.template_seen(image, face)?.0)
    }

    /// As [`Reader::template`], with what covers the face, as [`Reader::covering`] tells it, at no further cost.
    ///
    /// # Errors
    /// As [`Reader::template`].
    pub fn template_seen(
        &self,
        image: &Image,
        face: &Face,
    ) -> Result<(Template, Option<Covering>), FaceError> {
        embed::template(&self.engine, image, face, &self.threads)
    }

    /// As [`Reader::template`], of a face that is to be enrolled: masks are drawn on it too, so that it is known again
    /// behind one. Takes about five times as long. With an ONNX file it is the template.
    ///
    /// # Errors
    /// As [`Reader::template`].
    pub fn reference(&self, image: &Image, face: &Face) -> Result<Template, FaceError> {
        Ok(self.reference_seen(image, face)?.0)
    }

    /// As [`Reader::reference`], with what covers the face.
    ///
    /// # Errors
    /// As [`Reader::template`].
    pub fn reference_seen(
        &self,
        image: &Image,
        face: &Face,
    ) -> Result<(Template, Option<Covering>), FaceError> {
        embed::reference(&self.engine, image, face, &self.threads)
    }

    /// How a face looks in a frame, what that is worth, and its quality; nothing of a face that cannot be aligned.
    ///
    /// # Errors
    /// As [`Reader::template`].
    pub fn look(&self, image: &Image, face: &Face) -> Result<Option<(Look, Quality)>, FaceError> {
        let (template, covering) = match self.template_seen(image, face) {
            Ok(made) => made,
            Err(FaceError::Unalignable) => return Ok(None),
            Err(error) => return Err(error),
        };
        let landmarks = self.landmarks(image, face)?;
        let quality = self.quality_at(image, face, &landmarks, covering.as_ref())?;
        let look = Look {
            template,
            worth: worth(&quality),
        };
        Ok(Some((look, quality)))
    }

    /// The face-print map of the face: its template taken apart by region.
    ///
    /// # Errors
    /// [`FaceError::Unalignable`], and [`FaceError::NoMap`] with an ONNX file.
    pub fn faceprint(&self, image: &Image, face: &Face) -> Result<FacePrint, FaceError> {
        embed::map(
            &self.engine,
            &align::lit(image, &face.points)?,
            &self.threads,
        )
    }

    /// The face as the embedder sees it: 112 × 112 RGB pixels, brightened where it was dark, wiped on drop.
    ///
    /// # Errors
    /// [`FaceError::Unalignable`].
    pub fn aligned(&self, image: &Image, face: &Face) -> Result<Image, FaceError> {
        let side = align::SIDE as u32;
        let mut crop = align::lit(image, &face.points)?;
        Image::from_rgb(side, side, std::mem::take(&mut *crop))
    }

    /// How much the face looks like a living person before the camera rather than a print or a screen.
    ///
    /// # Errors
    /// [`FaceError::Net`] only.
    pub fn liveness(&self, image: &Image, face: &Face) -> Result<Liveness, FaceError> {
        liveness::judge(&self.liveness, image, face, &self.threads)
    }
}

#[cfg(test)]
impl Reader {
    pub(crate) fn template_of(&self, crop: &[u8]) -> Result<Template, FaceError> {
        Ok(embed::of_crop(&self.engine, crop, true, &self.threads)?.0)
    }

    pub(crate) fn faceprint_of(&self, crop: &[u8]) -> Result<FacePrint, FaceError> {
        embed::map(&self.engine, crop, &self.threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Reader>();
    }
}
