mod dossier;
mod new;
mod read;
mod text;
mod work;

use std::path::PathBuf;

use clap::Subcommand;
use faceward::case::{Worked, case_json};
use faceward_law::Law;
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use work::{Work, work};

/// Work through a dispute: who must prove what, what is made out, what would change it
///
/// Needs no ward. It is decision support and no judgment. The format of a case file is described in
/// docs/case-format.md, the way from a complaint to a dossier in docs/for-lawyers.md.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    New(new::Args),
    Assess(Assess),
    Dossier(dossier::Args),
}

/// Assess the cases of a file, and check what they expect
///
/// Exit codes: 0 assessed, and every expectation met; 1 an expectation is not met; 2 a file that
/// cannot be read.
#[derive(clap::Args)]
struct Assess {
    /// Case files (TOML; or JSON with the same keys, if the name ends in .json)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    how: Work,
}

pub(crate) fn run(args: Args, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::New(args) => new::run(&args, console),
        What::Assess(args) => assess(&args, console),
        What::Dossier(args) => dossier::run(&args, console),
    }
}

fn assess(args: &Assess, console: &Console) -> anyhow::Result<Code> {
    let assessor = args.how.assessor()?;
    let (mut worked, mut broken) = (Vec::new(), Vec::new());
    for file in &args.files {
        match work(&assessor, file) {
            Ok(of_file) => worked.extend(of_file),
            Err(error) => broken.push(error),
        }
    }
    let unexpected = worked.iter().any(|case| !case.as_expected());
    let code = match (broken.is_empty(), unexpected) {
        (false, _) => Code::Error,
        (true, true) => Code::No,
        (true, false) => Code::Yes,
    };
    let answer = Answer {
        text: text::report(assessor.law(), &worked),
        json: report(assessor.law(), &worked, &broken, code),
        code,
    };
    if !console.json() {
        broken.iter().for_each(|error| console.error(error));
        if worked.is_empty() {
            return Ok(code);
        }
    }
    Ok(console.say(&answer))
}

/// Everything about every case, for programs.
fn report(law: &Law, worked: &[Worked], broken: &[anyhow::Error], code: Code) -> Value {
    let outcome = match code {
        Code::Yes => "assessed",
        Code::No => "unexpected",
        _ => "error",
    };
    let errors: Vec<String> = broken.iter().map(|error| format!("{error:#}")).collect();
    json!({
        "format": "faceward-assessment@v1",
        "outcome": outcome,
        "cases": worked.iter().map(|case| case_json(law, case)).collect::<Vec<_>>(),
        "errors": errors,
        "notice": "Decision support and not a judgment.",
        "version": env!("CARGO_PKG_VERSION"),
    })
}
