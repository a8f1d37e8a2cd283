use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use faceward::{Check, Deployment, DeploymentFinding, PackCheck, Weight, check, read_deployment};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::session::Session;

/// Declare what is done with faces, where, why and after which notice, and check it against the law
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Check(CheckArgs),
    New(New),
    Show(Show),
}

/// Say what is missing, pack by pack, before the camera is switched on
///
/// Exit code 0 when nothing is, 3 when something would be refused even to people who agreed.
#[derive(clap::Args)]
struct CheckArgs {
    /// The deployment's file; deployment.toml of the ward if left out
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Also list the provisions that find nothing missing
    #[arg(long)]
    all: bool,
}

/// Write a deployment to start from, every key with its reason
///
/// In the ward's folder, as deployment.toml, it is what the ward judges by.
#[derive(clap::Args)]
struct New {
    /// Where to write it; nothing is overwritten
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which of the worked examples to start from
    #[arg(long, value_enum, default_value_t = Like::Gym)]
    like: Like,
}

/// Show the deployment in short
#[derive(clap::Args)]
struct Show {
    /// The deployment's file; deployment.toml of the ward if left out
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// The worked examples.
#[derive(Clone, Copy, ValueEnum)]
enum Like {
    /// A turnstile for members: 1:N among those who agreed
    Gym,
    /// The gate of a housing estate
    Gate,
    /// Account recovery in an app: 1:1, filed with the authority
    Bank,
    /// Deliberately unlawful, to see what a check says
    Shop,
    /// A ticket gate in a public place: 1:1
    Station,
    /// A door for pupils, whose parents agree
    School,
}

impl Like {
    fn text(self) -> &'static str {
        match self {
            Self::Gym => include_str!("../../../../examples/deployments/gym.toml"),
            Self::Gate => include_str!("../../../../examples/deployments/residential-gate.toml"),
            Self::Bank => include_str!("../../../../examples/deployments/bank-app.toml"),
            Self::Shop => include_str!("../../../../examples/deployments/shop.toml"),
            Self::Station => include_str!("../../../../examples/deployments/station.toml"),
            Self::School => include_str!("../../../../examples/deployments/school.toml"),
        }
    }
}

pub(crate) fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::Check(args) => checked(&args, session, console),
        What::New(args) => new(&args, console),
        What::Show(args) => show(&args, session, console),
    }
}

fn checked(args: &CheckArgs, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let path = file(args.file.as_deref(), session)?;
    let (deployment, law) = read_deployment(&path)?;
    let check = check(&deployment, &law, today())?;
    let code = if check.is_in_order() {
        Code::Yes
    } else {
        Code::Refused
    };
    Ok(console.say(&Answer {
        text: check_text(&check, args.all),
        json: check_json(&check),
        code,
    }))
}

fn check_text(check: &Check, all: bool) -> String {
    let mut text = check.name.clone();
    for pack in &check.packs {
        let _ = write!(text, "\n\n{}  {}", pack.short, pack.title);
        for finding in &pack.findings {
            finding_text(&mut text, pack, finding);
        }
        let asked: Vec<&str> = pack.satisfied.iter().map(|rule| rule.number()).collect();
        let _ = if all {
            write!(text, "\n  in order   {}", asked.join(", "))
        } else {
            write!(text, "\n  in order   {} of the rules asked", asked.len())
        };
    }
    let verdict = if check.is_in_order() {
        "In order: whoever agreed is served, and nobody else is looked at.\nThis is a check against rules written as data, not legal advice."
    } else {
        "Not in order: the gate refuses as long as this stands.\nThis is a check against rules written as data, not legal advice."
    };
    let _ = write!(text, "\n\n{verdict}");
    text
}

fn finding_text(text: &mut String, pack: &PackCheck, finding: &DeploymentFinding) {
    let rule = &finding.rule;
    let citation = rule.citation.strip_prefix(&pack.short);
    let citation = citation.map_or(rule.citation.as_str(), |cite| cite.trim_start_matches(", "));
    let word = match finding.weight {
        Weight::Refuses => "REFUSES",
        Weight::RefusesOnAReading => "REFUSES*",
        Weight::Advice => "advice",
    };
    let _ = write!(
        text,
        "\n  {word:<9}  {citation}: {}",
        finding.found.join("; ")
    );
    if finding.weight == Weight::RefusesOnAReading {
        let (mark, modality) = (rule.mark.word(), rule.modality.word());
        let _ = write!(
            text,
            "\n             * a reading ({mark}, {modality}): have it looked at"
        );
    }
    if !finding.concerns.is_empty() {
        let _ = write!(text, "\n             for {}", finding.concerns.join("; "));
    }
    if !finding.mend.is_empty() {
        let _ = write!(
            text,
            "
             mend: {}",
            finding.mend.join("; ")
        );
    }
}

fn check_json(check: &Check) -> Value {
    let finding = |finding: &DeploymentFinding| {
        json!({
            "weight": finding.weight.word(),
            "rule": finding.rule.id,
            "citation": finding.rule.citation,
            "gist": finding.rule.gist,
            "mark": finding.rule.mark.word(),
            "modality": finding.rule.modality.word(),
            "found": finding.found,
            "concerns": finding.concerns,
            "mend": finding.mend,
        })
    };
    let pack = |pack: &PackCheck| {
        json!({
            "pack": pack.id,
            "title": pack.title,
            "findings": pack.findings.iter().map(finding).collect::<Vec<_>>(),
            "in_order": pack.satisfied.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(),
        })
    };
    let in_order = check.is_in_order();
    json!({
        "outcome": if in_order { "done" } else { "refused" },
        "deployment": check.name,
        "in_order": in_order,
        "packs": check.packs.iter().map(pack).collect::<Vec<_>>(),
    })
}

fn new(args: &New, console: &Console) -> anyhow::Result<Code> {
    use std::io::Write as _;
    let path = &args.file;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    let mut made = match made {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already; name another file", path.display())
        }
        made => made.with_context(|| format!("cannot write {}", path.display()))?,
    };
    made.write_all(args.like.text().as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))?;
    let shown = path.display();
    let text = format!(
        "wrote {shown}: make it say what is true of yours, then\n  faceward deployment check {shown}"
    );
    let fields = json!({ "outcome": "done", "file": shown.to_string() });
    Ok(console.say(&Answer::done(text, fields)))
}

fn show(args: &Show, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let path = file(args.file.as_deref(), session)?;
    let (deployment, _) = read_deployment(&path)?;
    let packs: Vec<&str> = deployment.pack_names().collect();
    let notice = deployment.notice.as_ref();
    let version = notice.map_or("none", |notice| notice.version.as_ref());
    let mut text = format!(
        "{}\n  controller  {} ({}), {}\n  place       {}: {}\n  packs       {}\n  notice      {version}",
        deployment.name,
        deployment.controller.name,
        deployment.controller.role.word(),
        deployment.controller.contact,
        deployment.place.kind.word(),
        deployment.place.description,
        packs.join(", "),
    );
    for purpose in &deployment.purposes {
        let functions: Vec<&str> = purpose.functions.iter().map(|f| f.word()).collect();
        let _ = write!(
            text,
            "\n  purpose     {}: {} ({}, on {}); other way: {}",
            purpose.name,
            purpose.text,
            functions.join(" and "),
            purpose.basis.word(),
            purpose.alternative.as_deref().unwrap_or("none"),
        );
    }
    Ok(console.say(&Answer::done(text, show_json(&deployment))))
}

fn show_json(deployment: &Deployment) -> Value {
    let purposes = deployment.purposes.iter().map(|purpose| {
        json!({
            "name": purpose.name.as_str(),
            "text": purpose.text,
            "functions": purpose.functions.iter().map(|f| f.word()).collect::<Vec<_>>(),
            "basis": purpose.basis.word(),
            "alternative": purpose.alternative,
        })
    });
    json!({
        "outcome": "done",
        "name": deployment.name,
        "controller": deployment.controller.name,
        "contact": deployment.controller.contact,
        "place": deployment.place.kind.word(),
        "packs": deployment.pack_names().collect::<Vec<_>>(),
        "notice": deployment.notice.as_ref().map(|notice| notice.version.as_ref().as_str()),
        "purposes": purposes.collect::<Vec<_>>(),
    })
}

pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The file that was named, or the ward's.
fn file(named: Option<&Path>, session: &Session) -> anyhow::Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    let path = session.home()?.deployment();
    if !path.exists() {
        bail!(
            "this ward declares no deployment; begin one with: faceward deployment new {}",
            path.display()
        );
    }
    Ok(path)
}
