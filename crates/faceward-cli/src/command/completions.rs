use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::Cli;
use crate::answer::Code;

/// Print a completion script for your shell
///
/// For example: faceward completions bash > ~/.local/share/bash-completion/completions/faceward
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(args: Args) -> anyhow::Result<Code> {
    // Written in one piece, so that a reader that stops early cannot make it fail halfway.
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "faceward", &mut script);
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(&script);
    Ok(Code::Yes)
}
