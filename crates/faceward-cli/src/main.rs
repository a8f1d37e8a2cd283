//! The program `faceward`: every verb from a terminal.

mod answer;
mod certificate;
mod command;
mod data_uri;
mod draw;
mod private;
mod progress;
mod session;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use answer::{Code, Console};
use command::{
    account, audit, backup, bench, case, compare, completions, consent, correct, deceased, demo,
    deployment, detect, doctor, enroll, eval, explain, export, forget, identify, import, init, key,
    law, link, receipt, redact, request, restore, retention, serve, verify, watch,
};
use session::Session;

/// Face recognition that works only with permission, and can prove it.
///
/// No face is looked at, kept or compared before the law engine has granted a permit from what is
/// on record: who agreed, to which purpose, after which notice, until when. A refusal names the
/// article. Every decision, refusals included, is an entry in a ledger that anyone can check.
#[derive(Parser)]
#[command(name = "faceward", version, after_help = FIRST_STEPS, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    session: Session,
    /// Print one JSON object per answer instead of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

const FIRST_STEPS: &str = "\
First steps:
  faceward demo                                        the whole story on public portraits
  faceward consent give alice --purpose door-access --notice notice.txt --how 'signed on paper'
  faceward enroll alice alice.jpg --purpose door-access
  faceward verify alice another.jpg --purpose door-access
  faceward consent withdraw alice --purpose door-access

Exit codes:
  0  done, or a match          3  refused by the law engine
  1  no match (or: does not    4  uncertain: a person should look
     verify, is overdue)
  2  error or wrong usage      5  permitted, but the picture gave no answer";

#[derive(Subcommand)]
enum Verb {
    Demo(demo::Args),
    Init(init::Args),
    Consent(consent::Args),
    Enroll(enroll::Args),
    Verify(verify::Args),
    Identify(identify::Args),
    Compare(compare::Args),
    Explain(explain::Args),
    Detect(detect::Args),
    Watch(watch::Args),
    Redact(redact::Args),
    Request(request::Args),
    Export(export::Args),
    Correct(correct::Args),
    Deceased(deceased::Args),
    Forget(forget::Args),
    Audit(audit::Args),
    Case(case::Args),
    Receipt(receipt::Args),
    Retention(retention::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Eval(eval::Args),
    Deployment(deployment::Args),
    Law(law::Args),
    Serve(serve::Args),
    Bench(bench::Args),
    Import(import::Args),
    Key(key::Args),
    Account(account::Args),
    Link(link::Args),
    Doctor(doctor::Args),
    Completions(completions::Args),
}

fn main() -> ExitCode {
    forbid_core_files();
    let cli = Cli::parse();
    let console = Console::new(cli.json);
    let runtime = match cli.verb {
        Verb::Serve(_) | Verb::Bench(_) | Verb::Watch(_) | Verb::Redact(_) => {
            tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
        }
        _ => tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build(),
    };
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(cli.verb, &cli.session, &console)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code.into(),
        Err(error) => {
            console.error(&error);
            Code::Error.into()
        }
    }
}

async fn run(verb: Verb, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match verb {
        Verb::Demo(args) => demo::run(args, console).await,
        Verb::Init(args) => init::run(args, session, console).await,
        Verb::Consent(args) => consent::run(args, session, console).await,
        Verb::Enroll(args) => enroll::run(args, session, console).await,
        Verb::Verify(args) => verify::run(args, session, console).await,
        Verb::Identify(args) => identify::run(args, session, console).await,
        Verb::Compare(args) => compare::run(args, session, console).await,
        Verb::Explain(args) => explain::run(args, session, console).await,
        Verb::Detect(args) => detect::run(args, session, console).await,
        Verb::Watch(args) => watch::run(args, session, console).await,
        Verb::Redact(args) => redact::run(args, session, console).await,
        Verb::Forget(args) => forget::run(args, session, console).await,
        Verb::Export(args) => export::run(args, session, console).await,
        Verb::Request(args) => request::run(args, session, console).await,
        Verb::Correct(args) => correct::run(args, session, console).await,
        Verb::Deceased(args) => deceased::run(args, session, console).await,
        Verb::Audit(args) => audit::run(args, session, console).await,
        Verb::Case(args) => case::run(args, console),
        Verb::Receipt(args) => receipt::run(args, session, console).await,
        Verb::Retention(args) => retention::run(args, session, console).await,
        Verb::Backup(args) => backup::run(args, session, console).await,
        Verb::Restore(args) => restore::run(args, session, console).await,
        Verb::Eval(args) => eval::run(args, console),
        Verb::Deployment(args) => deployment::run(args, session, console),
        Verb::Law(args) => law::run(args, console),
        Verb::Key(args) => key::run(args, session, console).await,
        Verb::Account(args) => account::run(args, session, console).await,
        Verb::Link(args) => link::run(args, session, console).await,
        Verb::Import(args) => import::run(args, session, console).await,
        Verb::Bench(args) => bench::run(args, console).await,
        Verb::Serve(args) => serve::run(args, session, console).await,
        Verb::Doctor(args) => doctor::run(args, session, console).await,
        Verb::Completions(args) => completions::run(args),
    }
}

/// A core file would hold keys and templates in the clear.
fn forbid_core_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // A system that does not let us lower our own limit writes what it wrote before.
        let _ = setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
