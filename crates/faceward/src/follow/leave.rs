//! Leave to look for longer than a permit lasts: the law is asked again before each ends.

use faceward_law::{Operation, Permit, Purpose, Refusal, Ruling};
use faceward_vault::Receipt;
use jiff::SignedDuration;

use crate::identify::Agreed;
use crate::{Act, Verdict, Ward, WardError};

/// On what following people through a video rests.
#[derive(Clone, Debug)]
pub enum Following {
    /// Everyone who agreed to be searched for this purpose is recognised; strangers are not kept.
    Search(Purpose),
    /// What the caller states: who agreed, and how. Faces are only looked for, never embedded.
    Statement(String),
}

/// A permit that is renewed.
pub(crate) struct Leave {
    pub(crate) on: Following,
    pub(crate) permit: Permit,
}

/// A permit of a minute is renewed when so much of it is left, so that a withdrawal counts soon.
const LEFT: SignedDuration = SignedDuration::from_secs(35);

impl Following {
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::Search(_) => Operation::Identify,
            Self::Statement(_) => Operation::Detect,
        }
    }
}

impl Leave {
    /// Asks for the first time; with everyone who may be searched, held until dropped.
    pub(crate) async fn ask(
        ward: &Ward,
        on: Following,
    ) -> Result<Result<(Self, Option<Agreed>), Refusal>, WardError> {
        let asked = permit(ward, &on).await?;
        Ok(asked.map(|(permit, agreed)| (Self { on, permit }, agreed)))
    }

    /// Asks again where the permit ends soon; with everyone who may be searched then.
    pub(crate) async fn renew(
        &mut self,
        ward: &Ward,
    ) -> Result<Result<Option<Agreed>, Refusal>, WardError> {
        if self.permit.expires().duration_since(ward.now()) > LEFT {
            return Ok(Ok(None));
        }
        Ok(permit(ward, &self.on).await?.map(|(permit, agreed)| {
            self.permit = permit;
            agreed
        }))
    }

    /// Records that looking was refused.
    pub(crate) async fn refused(
        ward: &Ward,
        on: &Following,
        refusal: Refusal,
    ) -> Result<Receipt, WardError> {
        let verdict: Verdict<()> = match on {
            Following::Search(purpose) => {
                let act = ward.act().await?;
                ward.refuse_search(act, purpose, refusal).await?
            }
            Following::Statement(_) => ward.refuse_once(Act::Detect, refusal).await?,
        };
        Ok(verdict.receipt)
    }
}

async fn permit(
    ward: &Ward,
    on: &Following,
) -> Result<Result<(Permit, Option<Agreed>), Refusal>, WardError> {
    match on {
        Following::Search(purpose) => {
            ward.on_record().await?;
            let room = ward.room(purpose).await;
            let mut look = ward.vault.look().await?;
            let asked = ward.may_search(room, &mut look, purpose).await?;
            Ok(asked.map(|(permit, agreed)| (permit, Some(agreed))))
        }
        Following::Statement(text) => {
            Ok(match ward.rule_on_statement(Operation::Detect, text)? {
                Ruling::Granted(permit) => Ok((permit, None)),
                Ruling::Refused(refusal) => Err(refusal),
            })
        }
    }
}
