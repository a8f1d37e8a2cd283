//! Leaving: withdrawal counts at once, and what is forgotten cannot be opened from an old copy.

use faceward::{Decision, Home, Ward, WardError};

use super::asking::Kept;
use super::backup::{Backup, KeyName, traces_in};
use super::cast::Cast;
use super::exhibit::Exhibit;
use super::photo::{OBAMA_SPEAKING, OBAMA_STANDING};
use super::recognising::{searched, unread};
use super::step::{Chapter, Step};

pub(super) async fn backup(home: &Home, backup: &Backup, cast: &Cast) -> anyhow::Result<Step> {
    let opened = backup.verify_with_keys_of(home, KeyName::Own, cast).await?;
    let outcome = match opened {
        Ok(Decision::Match) => "the copy opens, and matches".to_owned(),
        Ok(_) => "the copy opens, but does not match".to_owned(),
        Err(error) => format!("the copy does not open: {error}"),
    };
    Ok(Step::new(Chapter::Leaving, "backup", "First, a backup")
        .tell("Before anybody leaves, the database is copied, as a backup would. With the keys of this moment beside it, the copy opens and still recognises the person. Keep it in mind.")
        .expect("the copy opens, and matches")
        .came_to(outcome))
}

pub(super) async fn withdrawal(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let before = ward.health().await?;
    let withdrawn = ward.withdraw(&cast.obama, &cast.door).await?;
    let after = ward.health().await?;
    Ok(Step::new(Chapter::Leaving, "withdrawn", "Consent is withdrawn")
        .tell("One command, no reason asked. The record of the consent stays as evidence until the person is forgotten; the references made under it are destroyed with their key.")
        .expect("withdrawn, references destroyed: 1")
        .came_to(format!("withdrawn, references destroyed: {}", withdrawn.references))
        .entered(&withdrawn.receipt)
        .show(Exhibit::Held { before, after }))
}

pub(super) async fn same_photograph(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let verdict = ward
        .verify(&cast.obama, &cast.door, OBAMA_SPEAKING.bytes)
        .await?;
    Ok(Step::new(
        Chapter::Leaving,
        "after-withdrawal",
        "The same photograph, a moment later",
    )
    .tell("The photograph that matched is presented again. It is not even looked at.")
    .expect("refused under Fa Shi [2021] No. 15, Art. 2(3)")
    .show(unread(&OBAMA_SPEAKING))
    .answer(&verdict, |_| ("compared".to_owned(), Vec::new())))
}

pub(super) async fn searched_again(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let verdict = ward.identify(&cast.door, OBAMA_STANDING.bytes).await?;
    Ok(Step::new(Chapter::Leaving, "searched-again", "And found no more")
        .tell("The photograph that a search had found is searched once more, among those who still agree. Their references open as before.")
        .expect("unknown")
        .answer(&verdict, |identified| searched(&OBAMA_STANDING, identified)))
}

pub(super) async fn forgotten(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let before = ward.health().await?;
    let receipt = ward.forget(&cast.obama).await?;
    let after = ward.health().await?;
    let removed = receipt.forgotten;
    Ok(Step::new(Chapter::Leaving, "forgotten", "The person is forgotten")
        .tell("Name, consent records and keys are removed. The other keys are wrapped anew under a fresh epoch key and the old one is destroyed, so that copies made earlier lose their key too.")
        .expect("forgotten, consents removed: 1, keys destroyed: 1")
        .came_to(format!("forgotten, consents removed: {}, keys destroyed: {}", removed.consents, removed.keys))
        .entered(&receipt.receipt)
        .show(Exhibit::Held { before, after }))
}

pub(super) async fn old_copy(
    home: &Home,
    backup: &Backup,
    cast: &Cast,
    kept: &Kept,
) -> anyhow::Result<Step> {
    let plain = backup.verify_with_keys_of(home, KeyName::Own, cast).await?;
    let forged = backup
        .verify_with_keys_of(home, KeyName::AskedFor, cast)
        .await?;
    let shut = |opened: &Result<Decision, WardError>| matches!(opened, Err(WardError::Vault(_)));
    let opens = !(shut(&plain) && shut(&forged));
    let left = traces_in(&home.vault(), kept.reference)?;
    let mut step = Step::new(Chapter::Leaving, "old-copy", "The backup cannot bring them back")
        .tell("The copy from before still holds the sealed row; these are its bytes. With all of today's keys beside it, the copy no longer opens, nor when today's key is given the name of the one it asks for.")
        .expect("the copy does not open, and nothing of the row is in today's vault")
        .came_to(match (opens, left) {
            (false, 0) => "the copy does not open, and nothing of the row is in today's vault",
            (false, _) => "the copy does not open, but the row is still in today's vault",
            (true, _) => "the copy opens, or fails for another reason",
        });
    if let Some(row) = backup.sealed_row(kept.reference, &cast.door)? {
        step = step.show(Exhibit::Sealed(row));
    }
    Ok(step
        .show(Exhibit::Particulars(vec![
            (
                "its identifier in the copy",
                format!("{} times", backup.traces(kept.reference)?),
            ),
            ("its identifier in today's vault", format!("{left} times")),
        ]))
        .show(said("the copy, with today's keys", plain))
        .show(said(
            "the copy, with today's key under the old name",
            forged,
        )))
}

fn said(to: &str, opened: Result<Decision, WardError>) -> Exhibit {
    Exhibit::Message {
        to: to.to_owned(),
        said: match opened {
            Ok(_) => "opened".to_owned(),
            Err(error) => error.to_string(),
        },
    }
}
