use faceward::told::{receipt_json, record_json};
use std::path::PathBuf;

use faceward::{Answer as Reply, ConsentRecorded, ConsentRequest, Giver};
use serde_json::json;

use super::{NoticeFile, To, read_notice};
use crate::answer::{Answer, Code, Console};
use crate::session::{Session, Whom, handle};

/// Record that a person is asked for consent
///
/// Who said no is not asked again for the same purpose unless the notice has changed (Network Data
/// Security Regulations, Art. 22). The answer is recorded with give, refuse or defer.
#[derive(clap::Args)]
pub(super) struct Request {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    notice: NoticeFile,
    #[command(flatten)]
    to: To,
}

/// Record that a person said no
#[derive(clap::Args)]
pub(super) struct Refuse {
    #[command(flatten)]
    no: No,
}

/// Record that a person left the question open
#[derive(clap::Args)]
pub(super) struct Defer {
    #[command(flatten)]
    no: No,
}

/// An answer that is no consent.
#[derive(clap::Args)]
struct No {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    to: To,
    /// File with the notice exactly as it was shown; needed where no request was recorded
    #[arg(long, value_name = "FILE")]
    notice: Option<PathBuf>,
    /// Your name for this version of the notice; the file's name if left out
    #[arg(long, value_name = "VERSION", requires = "notice")]
    notice_version: Option<String>,
    /// Parent or guardian who answered in the person's place
    #[arg(long, value_name = "NAME")]
    guardian: Option<String>,
}

pub(super) async fn request(
    args: Request,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let (handle, notice) = (handle(&args.whom.handle)?, args.notice.read()?);
    let scope = args.to.read()?;
    let ward = session.open_or_create(console).await?;
    let request = ConsentRequest {
        handle,
        purpose: args.whom.purpose.resolve(&ward)?,
        scope,
        notice: Some(notice),
    };
    let asked = ward.request_consent(request).await?;
    ward.close().await;
    Ok(console.say(&recorded(&asked, &args.whom.handle, "was asked")))
}

pub(super) async fn refuse(
    args: Refuse,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    answer(args.no, Reply::Refused, "said no", session, console).await
}

pub(super) async fn defer(
    args: Defer,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    answer(args.no, Reply::Deferred, "left it open", session, console).await
}

async fn answer(
    args: No,
    reply: Reply,
    said: &str,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let handle = handle(&args.whom.handle)?;
    let version = args.notice_version;
    let notice = args
        .notice
        .map(|path| read_notice(&path, version))
        .transpose()?;
    let scope = args.to.read()?;
    let ward = session.open_or_create(console).await?;
    let request = ConsentRequest {
        handle,
        purpose: args.whom.purpose.resolve(&ward)?,
        scope,
        notice,
    };
    let by = args.guardian.map_or(Giver::Subject, Giver::Guardian);
    let answered = ward.answer_request(request, reply, &by).await?;
    ward.close().await;
    Ok(console.say(&recorded(&answered, &args.whom.handle, said)))
}

fn recorded(done: &ConsentRecorded, who: &str, said: &str) -> Answer {
    let text = format!(
        "{who} {said}: {}\n  record {}\n  recorded as ledger entry {}",
        done.record.asked().purpose,
        done.record.id(),
        done.receipt.position(),
    );
    let fields = json!({
        "outcome": "done",
        "record": record_json(&done.record),
        "receipt": receipt_json(&done.receipt),
    });
    Answer::done(text, fields)
}
