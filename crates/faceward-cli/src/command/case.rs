mod dossier;
mod json;
mod new;
mod read;
mod text;
mod words;
mod work;

use std::path::PathBuf;

use clap::Subcommand;

use crate::answer::{Answer, Code, Console};
use work::Work;

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
    let desk = args.how.desk()?;
    let (mut worked, mut broken) = (Vec::new(), Vec::new());
    for file in &args.files {
        match desk.work(file) {
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
        text: text::report(&desk.law, &worked),
        json: json::report(&desk.law, &worked, &broken, code),
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
