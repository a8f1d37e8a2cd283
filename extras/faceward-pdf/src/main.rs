//! Prints a dossier as PDF/A-3b: `faceward-pdf dossier.json dossier.pdf`.
//!
//! It reads the blocks of `dossier.json` (the same that the page shows) and lays them out on A4.
//! The JSON itself is attached to the PDF, so that the print carries what it was made from.

mod blocks;
mod layout;
mod print;
mod typefaces;

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};

use blocks::Dossier;
use layout::Layout;
use typefaces::Typefaces;

/// Print a Faceward dossier as PDF/A-3b
#[derive(Parser)]
#[command(version)]
struct Args {
    /// dossier.json, as `faceward case dossier` writes it
    dossier: PathBuf,
    /// PDF to write
    pdf: PathBuf,
    /// A font with Chinese characters (TTF, OTF or TTC); otherwise the usual places are tried
    #[arg(long)]
    font: Option<PathBuf>,
    /// Language of the headings; that of the dossier if left out
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

/// The language of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
    /// Both
    Both,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let name = args.dossier.display().to_string();
    let bytes = std::fs::read(&args.dossier).with_context(|| format!("cannot read {name}"))?;
    let dossier: Dossier =
        serde_json::from_slice(&bytes).with_context(|| format!("{name} is no dossier.json"))?;
    if dossier.format != "faceward-dossier@v1" {
        bail!(
            "{name} is a `{}`; this prints faceward-dossier@v1",
            dossier.format
        );
    }
    let faces = Typefaces::load(args.font.as_deref())?;
    let asked = args.lang.unwrap_or(match dossier.lang.as_str() {
        "en" => Lang::En,
        "zh" => Lang::Zh,
        _ => Lang::Both,
    });
    let lang = match (asked, faces.chinese()) {
        (Lang::Zh, None) => {
            bail!("no font with Chinese characters was found; name one with --font")
        }
        (Lang::Both, None) => {
            eprintln!(
                "no font with Chinese characters was found: headings in English only; name one with --font"
            );
            Lang::En
        }
        (asked, _) => asked,
    };
    let mut layout = Layout::new(&faces, lang);
    layout.dossier(&dossier.document);
    let pages = layout.finish();
    let count = pages.len();
    let pdf = print::pdf(&dossier, bytes, &faces, lang, pages)?;
    let target = args.pdf.display();
    std::fs::write(&args.pdf, pdf).with_context(|| format!("cannot write {target}"))?;
    println!("{target}: {count} pages, PDF/A-3b");
    if faces.missing() > 0 {
        println!(
            "{} characters were in no font and are shown as `?`",
            faces.missing()
        );
    }
    Ok(())
}
