//! The story, in the order it happens.

use faceward::{Entry, Unlock, Ward};

use super::backup::Backup;
use super::cast::Cast;
use super::folder::Folder;
use super::step::Step;
use super::{asking, leaving, proving, recognising};

/// The story, told.
pub(super) struct Told {
    pub(super) steps: Vec<Step>,
    /// The whole ledger, as far as it went.
    pub(super) entries: Vec<Entry>,
}

/// Tells the story in a fresh ward in `folder`; `hear` is given each step as soon as it is told. It breaks off early
/// only where the first person could not be enrolled, without which there is no story.
///
/// # Errors
/// Whatever stops a verb from deciding.
pub(super) async fn tell(folder: &Folder, hear: impl FnMut(usize, &Step)) -> anyhow::Result<Told> {
    let mut teller = Teller {
        steps: Vec::new(),
        hear,
    };
    let cast = Cast::new()?;
    let home = folder.ward();
    let ward = Ward::create(&home, &Unlock::File).await?;

    teller.tell(asking::without_consent(&ward, &cast).await?);
    teller.tell(asking::consent(&ward, &cast).await?);
    let (enrolment, kept) = asking::enrolment(&ward, &cast).await?;
    teller.tell(enrolment);
    let Some(kept) = kept else {
        return teller.end(&ward).await;
    };
    teller.tell(recognising::same_person(&ward, &cast, &kept).await?);
    teller.tell(recognising::other_person(&ward, &cast, &kept).await?);
    teller.tell(recognising::other_purpose(&ward, &cast).await?);
    teller.tell(asking::second_person(&ward, &cast).await?);
    teller.tell(recognising::search(&ward, &cast, &kept).await?);
    teller.tell(recognising::stranger(&ward, &cast).await?);

    let epoch = ward.health().await?.epoch;
    ward.close().await;
    let backup = Backup::take(&home, epoch, folder.backup())?;
    teller.tell(leaving::backup(&home, &backup, &cast).await?);
    let ward = Ward::open(&home, &Unlock::File).await?;
    let withdrawal = leaving::withdrawal(&ward, &cast).await?;
    let withdrawn_at = withdrawal.entry.unwrap_or_default();
    teller.tell(withdrawal);
    teller.tell(leaving::same_photograph(&ward, &cast).await?);
    teller.tell(leaving::searched_again(&ward, &cast).await?);
    teller.tell(leaving::forgotten(&ward, &cast).await?);
    teller.tell(leaving::old_copy(&home, &backup, &cast, &kept).await?);

    teller.tell(proving::checked(&ward, folder).await?);
    let (key, size) = (ward.ledger_key(), ward.ledger_size().await?);
    teller.tell(proving::changed(folder, &key, size, withdrawn_at)?);
    teller.end(&ward).await
}

struct Teller<H> {
    steps: Vec<Step>,
    hear: H,
}

impl<H: FnMut(usize, &Step)> Teller<H> {
    fn tell(&mut self, step: Step) {
        (self.hear)(self.steps.len() + 1, &step);
        self.steps.push(step);
    }

    async fn end(self, ward: &Ward) -> anyhow::Result<Told> {
        Ok(Told {
            steps: self.steps,
            entries: ward.entries(0..ward.ledger_size().await?).await?,
        })
    }
}
