use anyhow::{Context, bail};
use faceward::{Asker, Regime, RequestAsk, RequestKind};

use super::said;
use crate::answer::{Code, Console};
use crate::command::consent::moment;
use crate::session::{Session, handle};

/// Put on record that something was asked about a person's data
///
/// Whoever asks for a person who died is named with --name and --relation, and the rule packs are
/// asked at once: the order of CC 994 (spouse, children and parents first) and PIPL Art. 49 (an own
/// lawful interest; what the person arranged prevails). What is not said does not count for them.
#[derive(clap::Args)]
pub(super) struct New {
    /// Whose data it is about: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// What is asked for: access, copy, correction, deletion, restriction, objection, explanation,
    /// or relative (anything about the data of somebody who died)
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// Who asks: person, guardian, authorised or relative
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,
    /// Name of whoever asks, unless it is the person
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// How it came in, such as 'by letter' or 'at the desk'
    #[arg(long, default_value = "at the desk", value_name = "TEXT")]
    how: String,
    /// What exactly is asked, in words
    #[arg(long, value_name = "TEXT")]
    what: Option<String>,
    /// Day (UTC) or moment it came in; now if left out
    #[arg(long, value_name = "DATE")]
    received: Option<String>,
    /// What says when the answer is due: pipl or gdpr; as in faceward.toml if left out
    #[arg(long, value_name = "REGIME")]
    regime: Option<String>,
    /// What the relative is to the person: spouse, child, parent, sibling, grandparent, grandchild,
    /// cousin or other
    #[arg(long, value_name = "KIN")]
    relation: Option<String>,
    /// Whether a spouse, child or parent of the person lives
    #[arg(long, value_name = "true|false", requires = "relation")]
    nearer_alive: Option<bool>,
    /// The relative's own lawful and legitimate interest, in words
    #[arg(long, value_name = "TEXT", requires = "relation")]
    interest: Option<String>,
}

pub(super) async fn new(args: New, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let who = handle(&args.handle)?;
    let kind: RequestKind = args.kind.parse()?;
    let received = args.received.as_deref().map(moment).transpose()?.flatten();
    let ward = session.open_or_create(console).await?;
    let regime = match args.regime.as_deref() {
        None => None,
        Some("pipl") => Some(ward.config().promptly()),
        Some("gdpr") => Some(Regime::Gdpr),
        Some(other) => bail!("`{other}` is no regime here; say pipl or gdpr"),
    };
    let recorded = ward
        .receive_request(RequestAsk {
            handle: who,
            kind,
            asker: asker(&args, kind)?,
            details: args.what,
            channel: args.how,
            received,
            regime,
        })
        .await?;
    ward.close().await;
    Ok(console.say(&said(&recorded)))
}

fn asker(args: &New, kind: RequestKind) -> anyhow::Result<Asker> {
    let relative = kind == RequestKind::Relative;
    let usual = if relative { "relative" } else { "person" };
    let role = args.by.as_deref().unwrap_or(usual);
    if role == "person" {
        if args.name.is_some() {
            bail!("--name names somebody else who asks; say who with --by");
        }
        return Ok(Asker::Subject);
    }
    let name = args.name.clone();
    let name = name.with_context(|| format!("who is the {role} that asks? say it with --name"))?;
    Ok(match role {
        "guardian" => Asker::Guardian(name),
        "authorised" => Asker::Authorised(name),
        "relative" => Asker::Relative {
            name,
            kin: args
                .relation
                .as_deref()
                .context("what is the relative to the person? say it with --relation")?
                .parse()?,
            nearer_alive: args.nearer_alive,
            interest: args.interest.clone(),
        },
        other => bail!("`{other}` cannot ask; say person, guardian, authorised or relative"),
    })
}
