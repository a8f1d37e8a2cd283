use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use folder::Folder;
use story::Told;

mod asking;
mod backup;
mod cast;
mod exhibit;
mod folder;
mod leaving;
mod page;
mod photo;
mod proving;
mod recognising;
mod step;
mod story;

/// The whole story on public portraits: refuse, ask, recognise, forget, prove
///
/// Runs every verb once on five photographs that come with the program, in a ward of its own, and
/// writes a page that shows what happened. The photographs are real and public; the consents are
/// invented. Needs no network. Exit code 2 if anything comes out other than the story says.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder for the page, the ward and the ledger; replaced if an earlier demo made it
    #[arg(long, value_name = "DIR", default_value = "faceward-demo")]
    out: PathBuf,
}

pub(crate) async fn run(args: Args, console: &Console) -> anyhow::Result<Code> {
    let began = Instant::now();
    let folder = Folder::prepare(&args.out)?;
    say(console, INTRODUCTION);
    let told = story::tell(&folder, |number, step| say(console, &step.text(number))).await?;
    let page = folder.page();
    std::fs::write(&page, page::write(&told))
        .with_context(|| format!("cannot write {}", page.display()))?;
    Ok(console.say(&ending(&told, &page.display().to_string(), began)))
}

const INTRODUCTION: &str = "\
Faceward, from the first question to the last proof.
The photographs are real and public. The consents are invented: nobody shown here gave one.";

/// Says a part of the story while it happens; programs get it whole at the end.
fn say(console: &Console, text: &str) {
    if !console.json() {
        console.say(&Answer::done(text, Value::Null));
    }
}

fn ending(told: &Told, page: &str, began: Instant) -> Answer {
    let seconds = (began.elapsed().as_secs_f64() * 100.0).round() / 100.0;
    let steps = told.steps.len();
    let astray = told.steps.iter().filter(|step| !step.as_told()).count();
    let (summary, code) = if astray == 0 {
        (
            format!("All {steps} steps came out as told, in {seconds} seconds."),
            Code::Yes,
        )
    } else {
        (
            format!(
                "{astray} of {steps} steps did NOT come out as told; they are marked with !! above."
            ),
            Code::Error,
        )
    };
    let json = json!({
        "outcome": if astray == 0 { "as-told" } else { "not-as-told" },
        "consents": "invented",
        "steps": told.steps.iter().map(step::Step::json).collect::<Vec<_>>(),
        "ledger_entries": told.entries.len(),
        "seconds": seconds,
        "page": page,
    });
    Answer {
        text: format!("\n{summary}\nThe page with the pictures: {page}"),
        json,
        code,
    }
}

#[cfg(test)]
mod tests {
    use super::step::{Chapter, Step};
    use super::*;

    #[test]
    fn a_step_that_goes_astray_is_said_plainly_everywhere() {
        let step = Step::new(Chapter::Recognising, "same-person", "The same person")
            .expect("match")
            .came_to("no match");
        assert!(step.text(4).contains("!! the story says: match"));
        let told = Told {
            steps: vec![step],
            entries: Vec::new(),
        };
        let answer = ending(&told, "index.html", Instant::now());
        assert_eq!(answer.code, Code::Error);
        assert!(
            answer
                .text
                .contains("1 of 1 steps did NOT come out as told")
        );
        assert_eq!(answer.json["outcome"], "not-as-told");
        assert!(page::write(&told).contains("The story says: match."));
    }
}
