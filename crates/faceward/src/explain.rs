//! What of two faces made their score? Asked once, under a statement, as a comparison is; nothing is
//! kept, and what is recorded is the comparison.

use faceward_face::faceprint::Shares;
use faceward_face::{FaceError, FacePrint, Image, Reader};
use faceward_law::{Operation, Permit, Ruling};
use faceward_match::{Basis, FalseMatchRate, Score};

use crate::compare::{Compared, compared};
use crate::reading::{Reading, read_face};
use crate::verify::ending;
use crate::{Act, Unusable, Verdict, Ward, WardError};

/// Two pictures were compared, and the score taken apart. The faces are wiped when it is dropped.
pub struct Explained {
    /// The comparison.
    pub compared: Compared,
    /// The faces as the model saw them, 112 × 112 pixels.
    pub faces: [Image; 2],
    /// What each region of each face added to the score.
    pub shares: Shares,
    /// The lowest false match rate at which the score would still be a match, and how it is known;
    /// `None` for a score that strangers reach more often than the table tells.
    pub rate: Option<(FalseMatchRate, Basis)>,
}

/// One side of it.
struct Side {
    print: FacePrint,
    face: Image,
    reading: Reading,
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
        let thresholds = self.thresholds(1)?;
        let permit = match self.rule_on_statement(Operation::Compare, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Compare, refusal).await,
        };
        let [first, second] = pictures;
        let sides = match self.side(&permit, first).await? {
            Ok(first) => self
                .side(&permit, second)
                .await?
                .map(|second| (first, second)),
            Err(why) => Err(why),
        };
        let explained = match sides {
            Ok((first, second)) => {
                let shares = first
                    .print
                    .compare(&second.print)
                    .map_err(WardError::Reader)?;
                let score = Score::new(shares.score() as f32)?;
                Ok(Explained {
                    compared: compared(thresholds, score, [first.reading, second.reading]),
                    faces: [first.face, second.face],
                    shares,
                    rate: table.rate_at(score),
                })
            }
            Err(why) => Err(why),
        };
        self.conclude_once(Act::Compare, &permit, explained, |explained| {
            ending(explained.compared.decision)
        })
        .await
    }

    async fn side(
        &self,
        permit: &Permit,
        picture: &[u8],
    ) -> Result<Result<Side, Unusable>, WardError> {
        match self.see(permit, Operation::Compare, picture, side).await? {
            Ok(side) => Ok(self.live(&side.reading).map(|()| side)),
            Err(FaceError::NoMap) => Err(WardError::Reader(FaceError::NoMap)),
            Err(error) => Ok(Err(error.into())),
        }
    }
}

fn side(reader: &Reader, picture: &[u8]) -> Result<Side, FaceError> {
    let image = Image::decode(picture)?;
    let reading = read_face(reader, &image)?;
    Ok(Side {
        print: reader.faceprint(&image, &reading.face)?,
        face: reader.aligned(&image, &reading.face)?,
        reading,
    })
}
