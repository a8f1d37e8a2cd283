use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use faceward::case::{HOME, template};
use serde_json::json;

use crate::answer::{Answer, Code, Console};

/// Write a case file to fill in, with a comment at every part
#[derive(clap::Args)]
pub(super) struct Args {
    /// New file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Judge it under this pack, the main one first; may be given again
    #[arg(long = "pack", value_name = "PACK", default_values_t = [HOME.to_owned()])]
    packs: Vec<String>,
}

pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Code> {
    let text = template(&args.packs)?;
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).open(&args.file);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    let name = args.file.display().to_string();
    written.with_context(|| format!("cannot write {name}"))?;
    let text = format!("written to {name}; fill it in, then: faceward case assess {name}");
    let fields = json!({ "outcome": "done", "file": name, "packs": args.packs });
    Ok(console.say(&Answer::done(text, fields)))
}
