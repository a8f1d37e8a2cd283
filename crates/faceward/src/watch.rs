//! Is a living person before the camera, now? Frame by frame, what a session needs to see in order
//! to decide; one entry at its end. Nothing of a frame is kept but the first face, in memory.

use faceward_face::{FaceError, Image, Point, Quality, Reader, off_plane};
use faceward_law::{Operation, Permit, Purpose, Refusal, Ruling};
use faceward_match::{Decision, Template, score};
use faceward_vault::{Handle, Receipt};
use zeroize::Zeroize;

use crate::facts::{Begun, Claim, conclude};
use crate::sight::area;
use crate::{Act, EventOutcome, Outcome, Unusable, Verdict, Ward, WardError};

/// On what watching rests.
#[derive(Clone)]
pub enum Watching {
    /// The consent of a claimed person.
    Claim {
        /// The name they are known by.
        handle: Handle,
        /// For which purpose.
        purpose: Purpose,
    },
    /// What the caller states: who agreed, and how. The frames of one session are compared with
    /// each other, so the law is asked about a comparison.
    Statement(String),
}

/// What came of a frame.
pub enum Frame {
    /// It was looked at.
    Seen(Watched),
    /// It cannot be read, or shows no face that can.
    Unusable(Unusable),
    /// The law does not permit looking, or no longer.
    Refused(Refusal),
}

/// What a frame shows. Holds nothing that identifies, except what [`Watched::face`] keeps shut.
pub struct Watched {
    /// Faces in it.
    pub faces: usize,
    /// Where the nose of the largest points, in degrees: positive to the viewer's right.
    pub yaw: f32,
    /// The same, positive up.
    pub pitch: f32,
    /// How far its eyes are open: their height over their width, the mean of both.
    pub eyes: f32,
    /// The distance between them as a share of the frame's longer side, as if the head were not turned.
    pub size: f32,
    /// Passive liveness score, 0 to 1.
    pub live: f32,
    /// Whether it is the face of the first frame; nothing where it is the first.
    pub same: Option<bool>,
    /// How far it and the face of the first frame are from being two views of a plane, in distances between the eyes;
    /// nothing where it is the first. Not a number where it cannot be told.
    pub depth: Option<f32>,
    /// The face, to compare later frames with.
    pub face: FirstFace,
}

/// A face that later frames are compared with; wiped when dropped.
pub struct FirstFace {
    template: Template,
    points: Box<[Point; 68]>,
}

impl Drop for FirstFace {
    fn drop(&mut self) {
        for point in self.points.iter_mut() {
            point.x.zeroize();
            point.y.zeroize();
        }
    }
}

impl Ward {
    /// Whether a session that rests on this may begin. A refusal is recorded; a permission is not,
    /// since the law is asked again at every frame.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn may_watch(&self, on: &Watching) -> Result<Option<(Refusal, Receipt)>, WardError> {
        self.thresholds(1)?;
        match self.rule_on_watching(on).await? {
            Ruling::Granted(_) => Ok(None),
            Ruling::Refused(refusal) => {
                let receipt = self.refuse_watching(on, &refusal).await?;
                Ok(Some((refusal, receipt)))
            }
        }
    }

    /// Looks at one frame, if the law permits it now.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn watch(
        &self,
        on: &Watching,
        picture: &[u8],
        first: Option<&FirstFace>,
    ) -> Result<Frame, WardError> {
        let permit = match self.rule_on_watching(on).await? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return Ok(Frame::Refused(refusal)),
        };
        let seen = self.see(&permit, operation(on), picture, look).await?;
        let mut watched = match seen {
            Ok(watched) => watched,
            Err(error) => return Ok(Frame::Unusable(error.into())),
        };
        if let Some(first) = first {
            let score = score(&first.template, &watched.face.template)?;
            let decision = self.thresholds(1)?.decide(score);
            watched.same = Some(decision != Decision::NoMatch);
            watched.depth = Some(off_plane(&first.points, &watched.face.points));
        }
        Ok(Frame::Seen(watched))
    }

    /// Records how a session ended: passed, or why not, in a word. The law is asked once more.
    ///
    /// # Errors
    /// [`WardError`] when it could not be recorded.
    pub async fn end_watching(
        &self,
        on: &Watching,
        failed: Option<&str>,
    ) -> Result<Verdict<()>, WardError> {
        let ended = |permit: &Permit, mut event: crate::Event| {
            event.outcome = match failed {
                None => EventOutcome::Done,
                Some(_) => EventOutcome::Unusable,
            };
            event.reason = failed.map(str::to_owned);
            event.grounds(permit.grounds())
        };
        match on {
            Watching::Claim { handle, purpose } => {
                let claim = Claim { handle, purpose };
                match self.begin(claim, Operation::Verify).await? {
                    Begun::Permitted(mut act, permit) => {
                        let event = self
                            .event_about(&mut act, claim, Act::Liveness, EventOutcome::Done)
                            .await?;
                        conclude(act, &ended(&permit, event), Outcome::Done(())).await
                    }
                    Begun::Refused(act, refusal) => {
                        self.refuse(act, claim, Act::Liveness, refusal).await
                    }
                }
            }
            Watching::Statement(text) => match self.rule_on_statement(Operation::Compare, text)? {
                Ruling::Granted(permit) => {
                    let event = self.event(Act::Liveness, EventOutcome::Done);
                    let act = self.act().await?;
                    conclude(act, &ended(&permit, event), Outcome::Done(())).await
                }
                Ruling::Refused(refusal) => self.refuse_once(Act::Liveness, refusal).await,
            },
        }
    }

    async fn rule_on_watching(&self, on: &Watching) -> Result<Ruling, WardError> {
        match on {
            Watching::Claim { handle, purpose } => {
                self.on_record().await?;
                let mut look = self.vault.look().await?;
                let claim = Claim { handle, purpose };
                self.ask(&mut look, claim, Operation::Verify).await
            }
            Watching::Statement(text) => self.rule_on_statement(Operation::Compare, text),
        }
    }

    async fn refuse_watching(
        &self,
        on: &Watching,
        refusal: &Refusal,
    ) -> Result<Receipt, WardError> {
        let refusal = refusal.clone();
        let verdict: Verdict<()> = match on {
            Watching::Claim { handle, purpose } => {
                let act = self.act().await?;
                let claim = Claim { handle, purpose };
                self.refuse(act, claim, Act::Liveness, refusal).await?
            }
            Watching::Statement(_) => self.refuse_once(Act::Liveness, refusal).await?,
        };
        Ok(verdict.receipt)
    }
}

fn operation(on: &Watching) -> Operation {
    match on {
        Watching::Claim { .. } => Operation::Verify,
        Watching::Statement(_) => Operation::Compare,
    }
}

/// The largest face of a frame.
fn look(reader: &Reader, picture: &[u8]) -> Result<Watched, FaceError> {
    let image = Image::decode(picture)?;
    let faces = reader.detect(&image)?;
    let largest = faces.iter().max_by(|a, b| area(a).total_cmp(&area(b)));
    let face = largest.ok_or(FaceError::NoFace)?;
    let landmarks = reader.landmarks(&image, face)?;
    let quality = reader.quality_at(&image, face, &landmarks, None)?;
    Ok(Watched {
        faces: faces.len(),
        yaw: native(&quality, "HeadPoseYaw"),
        pitch: native(&quality, "HeadPosePitch"),
        eyes: openness(&landmarks),
        size: native(&quality, "InterEyeDistance") / image.width().max(image.height()) as f32,
        live: reader.liveness(&image, face)?.score,
        same: None,
        depth: None,
        face: FirstFace {
            template: reader.template(&image, face)?,
            points: Box::new(landmarks),
        },
    })
}

fn native(quality: &Quality, name: &str) -> f32 {
    let mut named = quality.components.iter().filter(|c| c.name == name);
    named.next().map_or(f32::NAN, |c| c.native as f32)
}

/// The eye aspect ratio (Soukupová and Čech, 2016) over both eyes of the iBUG markup.
fn openness(points: &[Point; 68]) -> f32 {
    let [.., a, b, c, d, e, f, g, h, i, j, k, l] = points
        .first_chunk::<48>()
        .map_or([Point { x: 0.0, y: 0.0 }; 48], |upper| *upper);
    (ratio([a, b, c, d, e, f]) + ratio([g, h, i, j, k, l])) / 2.0
}

/// Corner, two above, corner, two below.
fn ratio([left, up1, up2, right, down1, down2]: [Point; 6]) -> f32 {
    let far = |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y);
    (far(up1, down2) + far(up2, down1)) / (2.0 * far(left, right)).max(f32::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_eye_is_flatter_than_an_open_one() {
        let eye = |high: f32| {
            let at = |x: f32, y: f32| Point { x, y };
            let (up, down) = (10.0 - high, 10.0 + high);
            [
                at(0.0, 10.0),
                at(10.0, up),
                at(20.0, up),
                at(30.0, 10.0),
                at(20.0, down),
                at(10.0, down),
            ]
        };
        assert!((ratio(eye(4.5)) - 0.3).abs() < 1e-6);
        assert!(ratio(eye(1.0)) < 0.1);
    }
}
