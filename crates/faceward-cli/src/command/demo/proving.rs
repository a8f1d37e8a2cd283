//! Proving: the ledger is checked by anyone with its public key, and no byte of it can change.

use std::fs;

use anyhow::Context;
use faceward::{LedgerError, VerifyingKey, Ward, WardError, check_folder};
use faceward_ledger::{TileContent, TilePath, decode_bundle};

use super::exhibit::Exhibit;
use super::folder::{Folder, copy_folder};
use super::step::{Chapter, Step};

pub(super) async fn checked(ward: &Ward, folder: &Folder) -> anyhow::Result<Step> {
    let size = ward.export_ledger(&folder.ledger()).await?;
    let step = Step::new(Chapter::Proving, "ledger", "The ledger, checked without the vault")
        .tell("Every decision so far, refusals included, is an entry in a Merkle tree whose root is signed. The ledger is exported as plain files and checked with nothing but its public key.")
        .expect(format!("all {size} entries hold"));
    Ok(match check_folder(&folder.ledger(), &ward.ledger_key()) {
        Ok(audited) => step
            .came_to(format!("all {} entries hold", audited.entries))
            .show(Exhibit::Message {
                to: "the signed checkpoint".to_owned(),
                said: audited.checkpoint,
            })
            .show(Exhibit::Particulars(vec![(
                "public key",
                ward.ledger_key().to_string(),
            )])),
        Err(error) => step.came_to(error.to_string()),
    })
}

/// Changes the date of one entry in a copy of the exported ledger, and checks the copy.
pub(super) fn changed(
    folder: &Folder,
    key: &VerifyingKey,
    size: u64,
    position: u64,
) -> anyhow::Result<Step> {
    copy_folder(&folder.ledger(), &folder.changed_ledger())?;
    let change = Change::make(folder, size, position)?;
    let check = check_folder(&folder.changed_ledger(), key);
    let outcome = match &check {
        Err(WardError::Ledger(LedgerError::EntryChanged { index })) => {
            format!("the check names entry {index}")
        }
        Err(error) => format!("the check fails otherwise: {error}"),
        Ok(_) => "the change went unnoticed".to_owned(),
    };
    let said = match check {
        Ok(_) => "it holds".to_owned(),
        Err(error) => error.to_string(),
    };
    Ok(Step::new(Chapter::Proving, "one-byte", "One byte changed, and found")
        .tell("In a copy of those files somebody moves the withdrawal to another day: one digit of one entry.")
        .expect(format!("the check names entry {position}"))
        .came_to(outcome)
        .show(Exhibit::Particulars(vec![
            ("file", change.file),
            ("recorded", change.recorded),
            ("changed to", change.forged),
        ]))
        .show(Exhibit::Message {
            to: "the check of the copy".to_owned(),
            said,
        }))
}

/// One digit of one entry, changed.
struct Change {
    file: String,
    /// The date as recorded.
    recorded: String,
    /// The date as forged.
    forged: String,
}

impl Change {
    fn make(folder: &Folder, size: u64, position: u64) -> anyhow::Result<Self> {
        let holds = |path: &TilePath| {
            path.content() == TileContent::Entries && path.positions().contains(&position)
        };
        let file = TilePath::all(size)
            .find(holds)
            .context("the export lacks the entry")?;
        let path = folder.changed_ledger().join(file.to_string());
        let mut bytes = fs::read(&path)?;
        let place = date_of(&bytes, &file, position).context("the entry has no date")?;
        let date = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes.get(place..place + DATE).unwrap_or_default()).into_owned()
        };
        let recorded = date(&bytes);
        if let Some(digit) = bytes.get_mut(place + DATE - 1) {
            *digit = if *digit == b'9' { b'8' } else { *digit + 1 };
        }
        fs::write(&path, &bytes)?;
        Ok(Self {
            file: file.to_string(),
            recorded,
            forged: date(&bytes),
        })
    }
}

/// Length of a date such as `2026-11-23`.
const DATE: usize = 10;

/// Where, in a bundle of entries, the date of the entry at `position` begins.
fn date_of(bundle: &[u8], file: &TilePath, position: u64) -> Option<usize> {
    let entries = decode_bundle(bundle, file.width()).ok()?;
    let place = usize::try_from(position - file.positions().start).ok()?;
    let (before, from) = entries.split_at_checked(place)?;
    // Each entry is preceded by its length in two bytes.
    let start: usize = before.iter().map(|entry| entry.len() + 2).sum::<usize>() + 2;
    let field = br#""at":""#;
    let within = from
        .first()?
        .windows(field.len())
        .position(|window| window == field)?;
    Some(start + within + field.len())
}
