use serde_json::json;

use crate::answer::{Answer, Code, Console, hex, receipt_json};
use crate::command::consent::counted;
use crate::session::{Session, handle};

/// Forget a person: everything removed, their keys destroyed
///
/// Needs no permit. Copies of the database made earlier can no longer be read either, because the
/// key above everyone's keys is replaced: make a new backup of both vault.db and epochs at once, in
/// place of the old ones. The ledger keeps only
/// commitments that nobody can open any more, except the person, with the salt printed here.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let done = ward.forget(&handle(&args.handle)?).await?;
    ward.close().await;
    let salt = hex(&done.salt);
    let text = format!(
        "forgotten: {}\n  {}, {} and {} destroyed\n  \
         recorded as ledger entry {}\n  \
         for the person alone, to show that the entry is theirs: subject {}, salt {salt}",
        args.handle,
        counted(done.forgotten.templates, "reference"),
        counted(done.forgotten.consents, "consent record"),
        counted(done.forgotten.keys, "key"),
        done.receipt.position(),
        done.subject,
    );
    let fields = json!({
        "outcome": "done",
        "undestroyed": done.undestroyed,
        "references": done.forgotten.templates,
        "consents": done.forgotten.consents,
        "keys": done.forgotten.keys,
        "subject": done.subject.to_string(),
        "salt": salt,
        "receipt": receipt_json(&done.receipt),
    });
    Ok(console.say(&left_over(
        Answer::done(text, fields),
        done.undestroyed.as_deref(),
    )))
}

/// The answer, with a warning where a past key still lies on the disk.
pub(crate) fn left_over(mut answer: Answer, undestroyed: Option<&str>) -> Answer {
    if let Some(why) = undestroyed {
        answer.text.push_str(&format!(
            "\n  WARNING: the past epoch key could not be destroyed ({why}); \
             see to it and run `faceward doctor`, which tries again"
        ));
        answer.code = Code::Error;
    }
    answer
}
