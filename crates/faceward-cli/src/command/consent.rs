mod asking;
mod ending;
mod give;
mod receipt;
mod show;

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use faceward::{NoticeText, Scope, Shown};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::answer::{Code, Console};
use crate::session::Session;

pub(crate) use ending::ended;

/// Ask for, record, show or end what a person agreed to
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Give(Box<give::Give>),
    Renew(Box<give::Renew>),
    Request(asking::Request),
    Refuse(asking::Refuse),
    Defer(asking::Defer),
    Show(show::Show),
    Log(show::Log),
    Receipt(receipt::Receipt),
    Withdraw(ending::Withdraw),
    Revoke(ending::Revoke),
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::Give(args) => give::give(*args, session, console).await,
        What::Renew(args) => give::renew(*args, session, console).await,
        What::Request(args) => asking::request(args, session, console).await,
        What::Refuse(args) => asking::refuse(args, session, console).await,
        What::Defer(args) => asking::defer(args, session, console).await,
        What::Show(args) => show::show(&args, session, console).await,
        What::Log(args) => show::log(&args, session, console).await,
        What::Receipt(args) => receipt::receipt(&args, session, console).await,
        What::Withdraw(args) => ending::withdraw(&args, session, console).await,
        What::Revoke(args) => ending::revoke(&args, session, console).await,
    }
}

/// The notice that was shown.
#[derive(clap::Args)]
struct NoticeFile {
    /// File with the notice exactly as it was shown; its hash is kept
    #[arg(long, value_name = "FILE")]
    notice: PathBuf,
    /// Your name for this version of the notice; the file's name if left out
    #[arg(long, value_name = "VERSION")]
    notice_version: Option<String>,
}

impl NoticeFile {
    fn read(self) -> anyhow::Result<NoticeText> {
        read_notice(&self.notice, self.notice_version)
    }
}

fn read_notice(path: &std::path::Path, version: Option<String>) -> anyhow::Result<NoticeText> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read the notice {}", path.display()))?;
    let file_name = || {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let version = version.or_else(file_name).unwrap_or_default();
    Ok(NoticeText { version, bytes })
}

/// How the notice was shown.
#[derive(clap::Args)]
struct HowShown {
    /// Language of the notice, such as zh-Hans, en or de
    #[arg(long, value_name = "TAG", requires = "shown_where")]
    language: Option<String>,
    /// Where the notice was shown, such as 'at the desk, on a sheet of its own'
    #[arg(long, value_name = "TEXT", requires = "language")]
    shown_where: Option<String>,
    /// When it was shown (2026-11-23T08:00:00Z), before the agreement; now if left out
    #[arg(long, value_name = "DATE", requires = "language")]
    shown_at: Option<String>,
}

impl HowShown {
    fn read(self) -> anyhow::Result<Option<Shown>> {
        let (Some(language), Some(place)) = (self.language, self.shown_where) else {
            return Ok(None);
        };
        let stated = self.shown_at.as_deref().map(moment).transpose()?.flatten();
        // Whole seconds, as the agreement is dated, so that it does not seem to come before.
        let now = Timestamp::from_second(Timestamp::now().as_second())?;
        let at = stated.unwrap_or(now);
        Ok(Some(Shown {
            language,
            at,
            place,
        }))
    }
}

/// What a consent is to.
#[derive(clap::Args)]
struct To {
    /// To what: processing, recipient:NAME, publication, abroad:DE or egress (out of the device);
    /// each needs a consent of its own
    #[arg(long, default_value = "processing", value_name = "SCOPE")]
    scope: String,
    /// With --scope recipient:NAME: how the person reaches the recipient
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
}

impl To {
    fn read(self) -> anyhow::Result<Scope> {
        let scope = match self.scope.split_once(':') {
            None if self.scope == "processing" => Scope::Processing,
            None if self.scope == "publication" => Scope::Publication,
            None if self.scope == "egress" => Scope::Egress,
            Some(("abroad", country)) => Scope::Abroad {
                country: country.to_owned(),
            },
            Some(("recipient", name)) => Scope::Recipient {
                name: name.to_owned(),
                contact: self.contact.clone().unwrap_or_default(),
            },
            _ => anyhow::bail!(
                "`{}` is no scope; say processing, recipient:NAME, publication, abroad:DE or egress",
                self.scope
            ),
        };
        Ok(scope)
    }
}

/// A day stands for its beginning in UTC; today, which has begun, for now.
pub(crate) fn moment(text: &str) -> anyhow::Result<Option<Timestamp>> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Some(moment));
    }
    let day: Option<Date> = text
        .parse()
        .ok()
        .filter(|_| text.len() == "2026-11-23".len());
    let day = day.with_context(|| {
        format!("`{text}` is neither a day (2026-11-23) nor a moment (2026-11-23T08:00:00Z)")
    })?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    if day == today {
        return Ok(None);
    }
    Ok(Some(day.to_zoned(TimeZone::UTC)?.timestamp()))
}

/// An end is never now: a day that has begun is over as an end.
fn end(text: &str) -> anyhow::Result<Timestamp> {
    moment(text)?.with_context(|| format!("`{text}` has begun; give a later end"))
}
