use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use faceward::{ImportNext, ImportSource, ImportStep, ImportedPerson, LeftAside, work_list};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::session::{For, Session};

/// Take over people from another system, matchable only once they agreed
///
/// Names come first: each person is made known, without a face. Pictures are looked at only of
/// people who have a live consent for the purpose; of everybody else the work-list says that they
/// have to be asked. Run it again after asking, or where it broke off: what is here already is left
/// alone.
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

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let From::Compreface(args) = args.from;
    if args.work_list.exists() {
        bail!(
            "{} is there already; name another with --work-list",
            args.work_list.display()
        );
    }
    let source = source(&args)?;
    let ward = session.open_or_create(console).await?;
    let purpose = args.purpose.resolve(&ward)?;
    let mut import = ward.import(&purpose, source).await?;
    let mut people = Vec::new();
    while let Some(step) = import.step().await? {
        if let ImportStep::Person(person) = step {
            let (done, all) = (people.len() + 1, import.people());
            console.note(&format!("{done}/{all}  {}", person.name));
            people.push(person);
        }
    }
    drop(import);
    ward.close().await;
    std::fs::write(&args.work_list, work_list(&people))
        .with_context(|| format!("cannot write {}", args.work_list.display()))?;
    Ok(console.say(&told(&args.work_list, &people)))
}

fn source(args: &Compreface) -> anyhow::Result<ImportSource> {
    if args.source.starts_with("http://") || args.source.starts_with("https://") {
        return Ok(ImportSource::service(&args.source, &args.api_key)?);
    }
    let path = Path::new(&args.source);
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    ImportSource::dump(BufReader::new(file), &args.api_key)
        .with_context(|| path.display().to_string())
}

fn told(path: &Path, people: &[ImportedPerson]) -> Answer {
    let to_ask = people.iter().filter(|one| one.next == ImportNext::Ask);
    let to_ask = to_ask.count();
    let enrolled: usize = people.iter().map(|one| one.enrolled).sum();
    let here: usize = people.iter().map(|one| one.here_already).sum();
    let failed: usize = people.iter().map(|one| one.left_aside.len()).sum();
    let text = format!(
        "{} people known, {enrolled} references enrolled, {here} enrolled before, {failed} pictures without an answer\n  {to_ask} people have to be asked first; none of them can be matched\n  the work-list is {}",
        people.len(),
        path.display()
    );
    let people = people.iter().map(|one| {
        let failed = one.left_aside.iter().map(LeftAside::to_string);
        json!({
            "name": one.name, "examples": one.examples, "enrolled": one.enrolled,
            "here_already": one.here_already, "next": one.next.to_string(),
            "failed": failed.collect::<Vec<_>>(),
        })
    });
    let people: Vec<Value> = people.collect();
    let fields =
        json!({ "people": people, "to_ask": to_ask, "enrolled": enrolled, "here_already": here });
    Answer::done(text, fields)
}
