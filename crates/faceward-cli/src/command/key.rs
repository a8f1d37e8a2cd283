use faceward::told::receipt_json;
use std::num::NonZeroU32;

use clap::{Subcommand, ValueEnum};
use faceward::{ApiKey, KeyKind, KeyTerms, Right};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::consent::moment;
use crate::session::Session;

/// Make, list and revoke the keys that programs ask with
///
/// A key reaches only what it was made for: these purposes, these rights, these people, at these
/// hours, so often, until then. Its text is shown once and kept nowhere.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Create(Box<Create>),
    List,
    Revoke(Revoke),
}

/// Make a key
#[derive(clap::Args)]
struct Create {
    /// What you call it, such as 'the gate'
    name: String,
    /// What it may ask for; several times for several. A CompreFace key has the rights of its service
    #[arg(long, value_name = "RIGHT", required_unless_present = "compreface")]
    right: Vec<String>,
    /// A purpose it may act for; every purpose if left out
    #[arg(long, value_name = "PURPOSE")]
    purpose: Vec<String>,
    /// Which service of CompreFace's API it stands for, instead of Faceward's own API
    #[arg(long, value_name = "SERVICE")]
    compreface: Option<Service>,
    /// The people it reaches: those whose handle begins with this name and a slash
    #[arg(long, value_name = "NAME")]
    collection: Option<String>,
    /// When it may ask, such as 08:00-18:00+08:00 or 'mon-fri 08:00-18:00+08:00'
    #[arg(long, value_name = "HOURS")]
    hours: Option<String>,
    /// How often in a day
    #[arg(long, value_name = "N")]
    per_day: Option<NonZeroU32>,
    /// How often in a minute
    #[arg(long, value_name = "N")]
    per_minute: Option<NonZeroU32>,
    /// Until when: a date or a moment
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Who agreed, and how, to one-off acts (compare, detect) that are asked for with it
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// It may be told the embedding of a face it shows
    #[arg(long)]
    embeddings: bool,
    /// It may delete everybody it reaches in one call
    #[arg(long)]
    mass_delete: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Service {
    Recognition,
    Detection,
    Verification,
}

/// Take a key out of use, at once
#[derive(clap::Args)]
struct Revoke {
    /// Its identifier, as `key list` shows it
    id: String,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open_or_create(console).await?;
    let answer = match args.what {
        What::Create(create) => {
            let (key, text, receipt) = ward.create_key(terms(*create)?).await?;
            let text = text.reveal();
            let said = format!(
                "{}\n  key {} is shown this once; keep it where only its program reads it\n  recorded as ledger entry {}",
                *text,
                line(&key),
                receipt.position()
            );
            let mut fields = told(&key);
            if let Some(fields) = fields.as_object_mut() {
                fields.insert("key".to_owned(), json!(*text));
                fields.insert("receipt".to_owned(), receipt_json(&receipt));
            }
            Answer::done(said, fields)
        }
        What::List => {
            let keys = ward.keys().await?;
            let mut lines: Vec<String> = keys.iter().map(line).collect();
            if lines.is_empty() {
                lines.push("no key was made; `faceward key create` makes one".to_owned());
            }
            let keys: Vec<Value> = keys.iter().map(told).collect();
            Answer::done(lines.join("\n"), json!({ "keys": keys }))
        }
        What::Revoke(Revoke { id }) => {
            let receipt = ward.revoke_key(id.parse()?).await?;
            let said = format!("revoked\n  recorded as ledger entry {}", receipt.position());
            Answer::done(
                said,
                json!({ "revoked": id, "receipt": receipt_json(&receipt) }),
            )
        }
    };
    ward.close().await;
    Ok(console.say(&answer))
}

fn terms(create: Create) -> anyhow::Result<KeyTerms> {
    let (kind, of_service): (KeyKind, &[Right]) = match create.compreface {
        None => (KeyKind::Api, &[]),
        Some(Service::Recognition) => (
            KeyKind::Recognition,
            &[
                Right::Enroll,
                Right::Verify,
                Right::Identify,
                Right::Subjects,
            ],
        ),
        Some(Service::Detection) => (KeyKind::Detection, &[Right::Detect]),
        Some(Service::Verification) => (KeyKind::Verification, &[Right::Compare]),
    };
    let mut rights = std::collections::BTreeSet::new();
    for right in &create.right {
        rights.insert(right.parse()?);
    }
    if rights.is_empty() {
        rights.extend(of_service);
    }
    let mut purposes = Vec::new();
    for purpose in &create.purpose {
        purposes.push(purpose.parse()?);
    }
    let until = match &create.until {
        Some(text) => moment(text)?,
        None => None,
    };
    Ok(KeyTerms {
        name: create.name,
        kind,
        purposes,
        rights,
        collection: create.collection.map(|name| name.parse()).transpose()?,
        hours: create.hours.map(|hours| hours.parse()).transpose()?,
        per_day: create.per_day,
        per_minute: create.per_minute,
        until,
        statement: create.statement,
        embeddings: create.embeddings,
        mass_delete: create.mass_delete,
    })
}

fn line(key: &ApiKey) -> String {
    let rights: Vec<&str> = key.terms.rights.iter().map(|right| right.word()).collect();
    let purposes: Vec<String> = key.terms.purposes.iter().map(ToString::to_string).collect();
    let reach = if purposes.is_empty() {
        "every purpose".to_owned()
    } else {
        purposes.join(", ")
    };
    let state = if key.revoked.is_some() {
        "  REVOKED"
    } else {
        ""
    };
    format!(
        "{}  {}  {}: {} for {reach}{state}",
        key.id,
        key.terms.kind,
        key.terms.name,
        rights.join(", ")
    )
}

fn told(key: &ApiKey) -> Value {
    let terms = &key.terms;
    json!({
        "id": key.id.to_string(),
        "name": terms.name,
        "kind": terms.kind.word(),
        "purposes": terms.purposes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "rights": terms.rights.iter().map(|right| right.word()).collect::<Vec<_>>(),
        "collection": terms.collection.as_ref().map(ToString::to_string),
        "hours": terms.hours.map(|hours| hours.to_string()),
        "per_day": terms.per_day,
        "per_minute": terms.per_minute,
        "until": terms.until,
        "statement": terms.statement,
        "embeddings": terms.embeddings,
        "mass_delete": terms.mass_delete,
        "created": key.created,
        "revoked": key.revoked,
    })
}
