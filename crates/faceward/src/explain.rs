//! What of two faces made their score? Asked as a comparison of two pictures, under a statement, or as a verification
//! against the map that was kept of a person, under their consent. It keeps nothing, and is recorded as what it is: a
//! comparison or a verification.

use faceward_face::faceprint::Shares;
use faceward_face::{Covering, Face, FaceError, FacePrint, Image, Reader};
use faceward_law::{Permit, Purpose};
use faceward_match::{Basis, Decision, FalseMatchRate, Score, Threshold};
use faceward_vault::{Act as VaultAct, Handle, ReferenceId};
use jiff::Timestamp;

use crate::facts::Claim;
use crate::reading::Reading;
use crate::verify::Meeting;
use crate::{Unusable, Verdict, Ward, WardError};

/// Two faces were compared, and the score taken apart.
pub struct Explained {
    /// The answer.
    pub decision: Decision,
    /// Score, -1 to 1, of the faces as they are.
    pub score: Score,
    /// From which score it is a match.
    pub match_at: Threshold,
    /// From which score it is at least uncertain.
    pub uncertain_at: Threshold,
    /// The two sides, in the order in which they were named.
    pub sides: [ExplainedSide; 2],
    /// What each region of each face added to the score.
    pub shares: Shares,
    /// The lowest false match rate at which the score would still be a match, and how it is known;
    /// `None` for a score that strangers reach more often than the table tells.
    pub rate: Option<(FalseMatchRate, Basis)>,
}

/// One side of it.
pub enum ExplainedSide {
    /// A picture.
    Seen(Box<ExplainedFace>),
    /// The map kept with a reference; the picture that it was made from was not kept.
    Kept {
        /// The reference.
        reference: ReferenceId,
        /// When it was enrolled.
        enrolled_at: Timestamp,
        /// Unified quality of that picture, 0 to 100.
        quality: u8,
        /// Whether mouth and nose were covered in it.
        masked: bool,
    },
}

/// A face in a picture.
pub struct ExplainedFace {
    /// The face as the model saw it, 112 × 112 pixels, wiped on drop.
    pub face: Image,
    /// Whether mouth and nose are covered, as by a mask. [`Ward::compare`] and [`Ward::verify`] then leave out what
    /// masks do, and their score is another.
    pub masked: bool,
    /// Whether both eyes are covered, as by dark glasses. Where they are on both faces, the score of
    /// [`Ward::compare`] is lower than this.
    pub eyes_covered: bool,
    /// What covers the face, cell by cell; nothing where it is too small to tell.
    pub covering: Option<Covering>,
    /// What was seen.
    pub reading: Reading,
}

impl ExplainedSide {
    /// Whether mouth and nose are covered.
    pub fn masked(&self) -> bool {
        match self {
            Self::Seen(seen) => seen.masked,
            Self::Kept { masked, .. } => *masked,
        }
    }

    /// Whether both eyes are covered; no reference is made of such a picture.
    pub fn eyes_covered(&self) -> bool {
        match self {
            Self::Seen(seen) => seen.eyes_covered,
            Self::Kept { .. } => false,
        }
    }

    /// What covers the face, cell by cell, where that is known.
    pub fn covering(&self) -> Option<&Covering> {
        match self {
            Self::Seen(seen) => seen.covering.as_ref(),
            Self::Kept { .. } => None,
        }
    }
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
            .of_two(&table, pictures, statement, look, |[first, second]| {
                let shares = first.print.compare(&second.print);
                let shares = shares.map_err(WardError::Reader)?;
                let score = Score::new(shares.score() as f32)?;
                Ok((score, (shares, first, second)))
            })
            .await?;
        Ok(verdict.map(|(compared, (shares, first, second))| {
            let [one, other] = compared.readings;
            Explained {
                decision: compared.decision,
                score: compared.score,
                match_at: compared.match_at,
                uncertain_at: compared.uncertain_at,
                sides: [first.beside(one), second.beside(other)],
                shares,
                rate: table.rate_at(compared.score),
            }
        }))
    }

    /// Compares the one face in `picture` with the map kept of the claimed person, and takes the score apart. Where
    /// several were kept, with the one that is nearest.
    ///
    /// # Errors
    /// As [`Ward::explain`].
    pub async fn explain_claim(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Explained>, WardError> {
        let claim = Claim { handle, purpose };
        let met = self.meet(claim, picture, look).await?;
        let Meeting {
            mut act,
            permit,
            seen,
        } = match met {
            Ok(meeting) => meeting,
            Err(refused) => return Ok(refused),
        };
        let explained = match seen {
            Ok((looked, reading)) => {
                self.against_kept(&mut act, &permit, looked, reading)
                    .await?
            }
            Err(why) => Err(why),
        };
        self.part(act, claim, &permit, explained, |told| told.decision)
            .await
    }

    /// The face against the nearest map that the permit opens.
    async fn against_kept(
        &self,
        act: &mut VaultAct,
        permit: &Permit,
        looked: Looked,
        reading: Reading,
    ) -> Result<Result<Explained, Unusable>, WardError> {
        let model = self.eyes.model()?;
        let (mut best, mut maps) = (None, 0);
        for kept in act.maps(permit, self.now()).await? {
            let reference = kept.reference;
            if reference.template.model() != model {
                continue;
            }
            let print = FacePrint::from_record(model.clone(), &kept.record);
            let shares = print.and_then(|print| print.compare(&looked.print));
            let shares = shares.map_err(WardError::Reader)?;
            maps += 1;
            if best
                .as_ref()
                .is_none_or(|(known, _): &(Shares, _)| shares.score() > known.score())
            {
                best = Some((shares, reference));
            }
        }
        let Some((shares, reference)) = best else {
            return Ok(Err(Unusable::NoMap));
        };
        let score = Score::new(shares.score() as f32)?;
        let thresholds = match self.thresholds_over(maps)? {
            Ok(thresholds) => thresholds,
            Err(why) => return Ok(Err(why)),
        };
        let kept = ExplainedSide::Kept {
            reference: reference.id,
            enrolled_at: reference.enrolled_at,
            quality: reference.quality,
            masked: reference.template.covered(),
        };
        Ok(Ok(Explained {
            decision: thresholds.decide(score),
            score,
            match_at: thresholds.match_at,
            uncertain_at: thresholds.uncertain_at,
            sides: [kept, looked.beside(reading)],
            shares,
            rate: self.threshold_table()?.rate_at(score),
        }))
    }
}

/// What is made of a face to explain its score.
struct Looked {
    print: FacePrint,
    face: Image,
    masked: bool,
    eyes_covered: bool,
    covering: Option<Covering>,
}

fn look(
    reader: &Reader,
    image: &Image,
    face: &Face,
) -> Result<(Looked, Option<Covering>), FaceError> {
    let (template, covering) = reader.template_seen(image, face)?;
    let looked = Looked {
        print: reader.faceprint(image, face)?,
        face: reader.aligned(image, face)?,
        masked: template.covered(),
        eyes_covered: template.eyes_covered(),
        covering,
    };
    Ok((looked, covering))
}

impl Looked {
    fn beside(self, reading: Reading) -> ExplainedSide {
        ExplainedSide::Seen(Box::new(ExplainedFace {
            face: self.face,
            masked: self.masked,
            eyes_covered: self.eyes_covered,
            covering: self.covering,
            reading,
        }))
    }
}
