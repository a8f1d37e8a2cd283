mod dump;
mod rest;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use faceward::{ConsentState, Handle, Outcome, Purpose, VaultError, Ward, WardError};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::answer::{Answer, Code, Console};
use crate::session::{For, Session};

/// Take over people from another system, matchable only once they agreed
///
/// Names come first: each person is made known, without a face. Pictures are looked at only of
/// people who have a live consent for the purpose; of everybody else the work-list says that they
/// have to be asked. Run it again after asking: what is here already is left alone.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Subcommand)]
enum From {
    Compreface(Compreface),
}

/// From a running CompreFace, or from a dump of its database (`pg_dump`, plain text)
///
/// Vectors are not taken over: they were made by another model, and never meet ours. A picture is
/// needed for each example, which CompreFace keeps unless it was told not to.
#[derive(clap::Args)]
struct Compreface {
    /// Address, such as http://localhost:8000, or the dump's file
    #[arg(value_name = "URL|FILE")]
    source: String,
    /// Key of the recognition service whose collection is meant
    #[arg(long, value_name = "UUID")]
    api_key: String,
    #[command(flatten)]
    purpose: For,
    /// Where the work-list goes, as CSV; refused if it is there
    #[arg(long, value_name = "FILE", default_value = "consent-work-list.csv")]
    work_list: PathBuf,
}

/// Somebody as the other system has them.
struct Person {
    name: String,
    /// Identifiers of their examples.
    examples: Vec<String>,
}

/// Where people and pictures come from.
enum Source {
    Rest(rest::Service),
    Dump(dump::Dump),
}

impl Source {
    fn people(&self) -> anyhow::Result<Vec<Person>> {
        match self {
            Self::Rest(service) => service.people(),
            Self::Dump(dump) => Ok(dump.people()),
        }
    }

    /// The picture of an example; `None` where the other system kept none.
    fn picture(&self, example: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>> {
        match self {
            Self::Rest(service) => service.picture(example),
            Self::Dump(dump) => Ok(dump.picture(example)),
        }
    }
}

/// What became of one person.
struct Line {
    name: String,
    examples: usize,
    enrolled: usize,
    failed: Vec<String>,
    next: &'static str,
}

const TO_ASK: &str = "ask for consent, then import again";

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let From::Compreface(args) = args.from;
    if args.work_list.exists() {
        bail!(
            "{} is there already; name another with --work-list",
            args.work_list.display()
        );
    }
    let source = if args.source.starts_with("http://") || args.source.starts_with("https://") {
        Source::Rest(rest::Service::at(&args.source, &args.api_key))
    } else {
        Source::Dump(dump::Dump::read(Path::new(&args.source), &args.api_key)?)
    };
    let people = source.people()?;
    let ward = session.open_or_create(console).await?;
    let purpose = args.purpose.resolve(&ward)?;
    let mut lines = Vec::new();
    for (position, person) in people.iter().enumerate() {
        console.note(&format!(
            "{}/{}  {}",
            position + 1,
            people.len(),
            person.name
        ));
        lines.push(take_over(&ward, &purpose, &source, person).await?);
    }
    ward.close().await;
    write(&args.work_list, &lines)?;
    Ok(console.say(&told(&args.work_list, &lines)))
}

async fn take_over(
    ward: &Ward,
    purpose: &Purpose,
    source: &Source,
    person: &Person,
) -> anyhow::Result<Line> {
    let mut line = Line {
        name: person.name.clone(),
        examples: person.examples.len(),
        enrolled: 0,
        failed: Vec::new(),
        next: TO_ASK,
    };
    let Ok(handle) = person.name.parse::<Handle>() else {
        line.next = "this name cannot be a handle; choose another";
        return Ok(line);
    };
    match ward.add_subject(&handle).await {
        Ok(_) | Err(WardError::Vault(VaultError::HandleTaken(_))) => {}
        Err(error) => return Err(error.into()),
    }
    let known = ward.subject(&handle).await?;
    let here = known.purposes.iter().find(|here| here.purpose == *purpose);
    let agreed = here.is_some_and(|here| {
        matches!(
            here.consent,
            Some(ConsentState::Given | ConsentState::Renewed)
        )
    });
    if here.is_some_and(|here| here.references > 0) {
        line.next = "nothing: references are here already";
        return Ok(line);
    }
    if !agreed {
        return Ok(line);
    }
    for example in &person.examples {
        let Some(picture) = source.picture(example)? else {
            line.failed.push(format!("{example}: no picture was kept"));
            continue;
        };
        match ward.enroll(&handle, purpose, &picture).await?.outcome {
            Outcome::Done(_) => line.enrolled += 1,
            Outcome::Refused(refusal) => line.failed.push(format!("{example}: {refusal}")),
            Outcome::Unusable(why) => line.failed.push(format!("{example}: {why}")),
        }
    }
    line.next = if line.enrolled > 0 {
        "nothing"
    } else {
        "take a new picture"
    };
    Ok(line)
}

fn write(path: &Path, lines: &[Line]) -> anyhow::Result<()> {
    let mut text = String::from("name,examples,enrolled,next,failed\n");
    for line in lines {
        let fields = [
            quoted(&line.name),
            line.examples.to_string(),
            line.enrolled.to_string(),
            quoted(line.next),
            quoted(&line.failed.join("; ")),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A field of a CSV file (RFC 4180). One that a spreadsheet would take for a formula is made text.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn told(path: &Path, lines: &[Line]) -> Answer {
    let to_ask = lines.iter().filter(|line| line.next == TO_ASK).count();
    let enrolled: usize = lines.iter().map(|line| line.enrolled).sum();
    let failed: usize = lines.iter().map(|line| line.failed.len()).sum();
    let text = format!(
        "{} people known, {enrolled} references enrolled, {failed} pictures without an answer\n  {to_ask} people have to be asked first; none of them can be matched\n  the work-list is {}",
        lines.len(),
        path.display()
    );
    let people: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "name": line.name, "examples": line.examples, "enrolled": line.enrolled,
                "next": line.next, "failed": line.failed,
            })
        })
        .collect();
    let fields = json!({ "people": people, "to_ask": to_ask, "enrolled": enrolled });
    Answer::done(text, fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_work_list_is_neither_a_formula_nor_two_fields() {
        assert_eq!(quoted("Ann, \"Lee\""), "\"Ann, \"\"Lee\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
