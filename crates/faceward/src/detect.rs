//! Where are faces? Asked once, under a statement; nothing is compared or kept.

use faceward_face::{Face, FaceError, Image, Point, Quality, Reader};
use faceward_law::{Operation, Ruling};

use crate::{Act, EventOutcome, Unusable, Verdict, Ward, WardError};

/// Faces were looked for.
pub struct Detected {
    /// The upright picture they were looked for in.
    pub image: Image,
    /// The faces, surest first, each with its 68 landmarks (iBUG order) and its quality.
    pub faces: Vec<(Face, [Point; 68], Quality)>,
}

impl Ward {
    /// Finds every face in a picture. `statement` says who agreed to it and how.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn detect(
        &self,
        picture: &[u8],
        statement: &str,
    ) -> Result<Verdict<Detected>, WardError> {
        let permit = match self.rule_on_statement(Operation::Detect, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Detect, refusal).await,
        };
        let found = self.see(&permit, Operation::Detect, picture, find).await?;
        let found = found.map_err(Unusable::Picture);
        let done = |_: &_| EventOutcome::Done;
        self.conclude_once(Act::Detect, &permit, found, done).await
    }
}

fn find(reader: &Reader, picture: &[u8]) -> Result<Detected, FaceError> {
    let image = Image::decode(picture)?;
    let mut faces = Vec::new();
    for face in reader.detect(&image)? {
        let landmarks = reader.landmarks(&image, &face)?;
        let covering = reader.covering(&image, &face)?;
        let quality = reader.quality_at(&image, &face, &landmarks, covering.as_ref())?;
        faces.push((face, landmarks, quality));
    }
    Ok(Detected { image, faces })
}
