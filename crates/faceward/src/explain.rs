//! What of two faces made their score? Asked once, under a statement, as a comparison is; nothing is
//! kept, and what is recorded is the comparison.

use faceward_face::faceprint::Shares;
use faceward_face::{Covering, Face, FaceError, FacePrint, Image, Reader};
use faceward_match::{Basis, FalseMatchRate, Score};

use crate::{Compared, Verdict, Ward, WardError};

/// Two pictures were compared, and the score taken apart. The faces are wiped when it is dropped.
pub struct Explained {
    /// The comparison.
    pub compared: Compared,
    /// The faces as the model saw them, 112 × 112 pixels.
    pub faces: [Image; 2],
    /// Whether mouth and nose are covered, as by a mask. [`Ward::compare`] then leaves out what masks do, and its score
    /// is another; this one is of the faces as they are.
    pub masked: [bool; 2],
    /// Whether both eyes are covered, as by dark glasses. Where they are on both faces, the score of [`Ward::compare`]
    /// is lower than this.
    pub eyes_covered: [bool; 2],
    /// What covers each face, cell by cell; nothing where it is too small to tell.
    pub covering: [Option<Covering>; 2],
    /// What each region of each face added to the score.
    pub shares: Shares,
    /// The lowest false match rate at which the score would still be a match, and how it is known;
    /// `None` for a score that strangers reach more often than the table tells.
    pub rate: Option<(FalseMatchRate, Basis)>,
}

impl Ward {
    /// Compares the faces in two pictures and takes the score apart. `statement` as in
    /// [`Ward::compare`].
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached; [`WardError::Reader`] with an embedder of one's
    /// own, which has no face-print map.
    pub async fn explain(
        &self,
        pictures: [&[u8]; 2],
        statement: &str,
    ) -> Result<Verdict<Explained>, WardError> {
        let table = self.threshold_table()?;
        let verdict = self
            .of_two(&table, pictures, statement, side, |[first, second]| {
                let shares = first.print.compare(&second.print);
                let shares = shares.map_err(WardError::Reader)?;
                let score = Score::new(shares.score() as f32)?;
                Ok((score, (shares, [first, second])))
            })
            .await?;
        Ok(
            verdict.map(|(compared, (shares, [first, second]))| Explained {
                rate: table.rate_at(compared.score),
                compared,
                masked: [first.masked, second.masked],
                eyes_covered: [first.eyes_covered, second.eyes_covered],
                covering: [first.covering, second.covering],
                faces: [first.face, second.face],
                shares,
            }),
        )
    }
}

/// One side of it.
struct Side {
    print: FacePrint,
    face: Image,
    masked: bool,
    eyes_covered: bool,
    covering: Option<Covering>,
}

fn side(
    reader: &Reader,
    image: &Image,
    face: &Face,
) -> Result<(Side, Option<Covering>), FaceError> {
    let (template, covering) = reader.template_seen(image, face)?;
    let side = Side {
        print: reader.faceprint(image, face)?,
        face: reader.aligned(image, face)?,
        masked: template.covered(),
        eyes_covered: template.eyes_covered(),
        covering,
    };
    Ok((side, covering))
}
