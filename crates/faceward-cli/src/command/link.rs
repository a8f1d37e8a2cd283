use anyhow::Context;
use clap::Subcommand;
use faceward::Purpose;
use faceward::told::receipt_json;
use jiff::SignedDuration;
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::{Session, handle};

/// Let a person onto their own pages: notice, consent, what is held, every comparison, withdrawal
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Make(Make),
    List(List),
    Cancel(Cancel),
}

/// Make a link, good once; its text is shown once and kept nowhere
#[derive(clap::Args)]
struct Make {
    /// Who: the handle you know them by, or a new one
    #[arg(value_name = "WHO")]
    handle: String,
    /// A purpose the person is asked about; several times for several
    #[arg(long, value_name = "PURPOSE", required = true)]
    purpose: Vec<String>,
    /// How many days it can be opened
    #[arg(long, default_value_t = 7, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=90))]
    days: u16,
    /// Where the server is reached from outside
    #[arg(long, default_value = "http://127.0.0.1:8000", value_name = "URL")]
    url: String,
}

/// List the links of a person that were not opened yet
#[derive(clap::Args)]
struct List {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
}

/// Take back a link that was not opened yet
#[derive(clap::Args)]
struct Cancel {
    /// Its identifier, as `link list` shows it
    id: String,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open_or_create(console).await?;
    let answer = match args.what {
        What::Make(make) => {
            let purposes: Result<Vec<Purpose>, _> =
                make.purpose.iter().map(|p| p.parse()).collect();
            let valid_for = SignedDuration::from_hours(24 * i64::from(make.days));
            let made = ward
                .make_link(&handle(&make.handle)?, &purposes?, valid_for)
                .await;
            let (link, text, receipt) = made.context("no link was made")?;
            let url = format!("{}/me/{}", make.url.trim_end_matches('/'), *text.reveal());
            let said = format!(
                "{url}\n  good once, until {}; give it to {} and to nobody else\n  recorded as ledger entry {}",
                link.until,
                make.handle,
                receipt.position()
            );
            Answer::done(
                said,
                json!({ "link": url, "id": link.id.to_string(), "until": link.until, "receipt": receipt_json(&receipt) }),
            )
        }
        What::List(list) => {
            let links = ward.links(&handle(&list.handle)?).await?;
            let line = |link: &faceward::Link| format!("{}  until {}", link.id, link.until);
            let mut lines: Vec<String> = links.iter().map(line).collect();
            if lines.is_empty() {
                lines.push("no link is waiting to be opened".to_owned());
            }
            let told = |link: &faceward::Link| json!({ "id": link.id.to_string(), "created": link.created, "until": link.until });
            let told: Vec<_> = links.iter().map(told).collect();
            Answer::done(lines.join("\n"), json!({ "links": told }))
        }
        What::Cancel(Cancel { id }) => {
            let receipt = ward.cancel_link(id.parse()?).await?;
            let said = format!(
                "cancelled\n  recorded as ledger entry {}",
                receipt.position()
            );
            Answer::done(
                said,
                json!({ "cancelled": id, "receipt": receipt_json(&receipt) }),
            )
        }
    };
    ward.close().await;
    Ok(console.say(&answer))
}
