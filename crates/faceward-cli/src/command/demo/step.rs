//! One step of the story: what was asked, what should come of it, what did, and the exhibits.

use faceward::{Outcome, Receipt, Verdict};
use serde_json::{Value, json};

use super::exhibit::Exhibit;

/// One step, told.
pub(super) struct Step {
    /// Name for programs.
    pub(super) id: &'static str,
    pub(super) chapter: Chapter,
    pub(super) title: &'static str,
    /// What is done here, in a sentence or two.
    pub(super) told: String,
    /// What the story says comes of it.
    pub(super) expected: String,
    /// What came of it.
    pub(super) outcome: String,
    /// Its entry in the ledger, if it is an act that is recorded.
    pub(super) entry: Option<u64>,
    pub(super) exhibits: Vec<Exhibit>,
}

/// The four parts of the story.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chapter {
    Asking,
    Recognising,
    Leaving,
    Proving,
}

impl Step {
    /// A step before anything was done.
    pub(super) fn new(chapter: Chapter, id: &'static str, title: &'static str) -> Self {
        Self {
            id,
            chapter,
            title,
            told: String::new(),
            expected: String::new(),
            outcome: String::new(),
            entry: None,
            exhibits: Vec::new(),
        }
    }

    pub(super) fn tell(mut self, told: impl Into<String>) -> Self {
        self.told = told.into();
        self
    }

    pub(super) fn expect(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    pub(super) fn came_to(mut self, outcome: impl Into<String>) -> Self {
        self.outcome = outcome.into();
        self
    }

    pub(super) fn entered(mut self, receipt: &Receipt) -> Self {
        self.entry = Some(receipt.position());
        self
    }

    pub(super) fn show(mut self, exhibit: Exhibit) -> Self {
        self.exhibits.push(exhibit);
        self
    }

    /// What a verb answered; `done` says in a few words what it found when it was permitted, and
    /// what there is to see.
    pub(super) fn answer<T>(
        self,
        verdict: &Verdict<T>,
        done: impl FnOnce(&T) -> (String, Vec<Exhibit>),
    ) -> Self {
        let mut step = self.entered(&verdict.receipt);
        match &verdict.outcome {
            Outcome::Done(found) => {
                let (outcome, exhibits) = done(found);
                step.exhibits.extend(exhibits);
                step.came_to(outcome)
            }
            Outcome::Refused(refusal) => {
                let grounds = refusal.grounds();
                let deciding = grounds
                    .first()
                    .map_or("", |ground| ground.rule.citation.as_str());
                let outcome = format!("refused under {deciding}");
                step.came_to(outcome)
                    .show(Exhibit::Refusal(grounds.to_vec()))
            }
            Outcome::Unusable(why) => step.came_to(format!("no answer: {why}")),
        }
    }

    /// Whether it came out as the story says.
    pub(super) fn as_told(&self) -> bool {
        self.outcome == self.expected
    }

    /// The step for a terminal.
    pub(super) fn text(&self, number: usize) -> String {
        let mut text = format!("\n{number:>2}  {}", self.title);
        wrap(&mut text, 4, &self.told);
        wrap(&mut text, 4, &format!("→ {}", self.outcome));
        if !self.as_told() {
            wrap(
                &mut text,
                4,
                &format!("!! the story says: {}", self.expected),
            );
        }
        for exhibit in &self.exhibits {
            for line in exhibit.lines() {
                match exhibit {
                    // Quoted word for word, and so line for line.
                    Exhibit::Message { .. } => text += &format!("\n      {line}"),
                    _ => wrap(&mut text, 6, &line),
                }
            }
        }
        if let Some(entry) = self.entry {
            wrap(&mut text, 6, &format!("ledger entry {entry}"));
        }
        text
    }

    /// The step for programs.
    pub(super) fn json(&self) -> Value {
        let exhibits: Vec<Value> = self.exhibits.iter().map(Exhibit::json).collect();
        json!({
            "step": self.id,
            "expected": self.expected,
            "outcome": self.outcome,
            "as_told": self.as_told(),
            "entry": self.entry,
            "exhibits": exhibits,
        })
    }
}

/// Adds lines of at most 96 columns, all of them indented.
fn wrap(text: &mut String, indent: usize, words: &str) {
    const WIDTH: usize = 96;
    let mut column = WIDTH;
    for word in words.split(' ') {
        let length = word.chars().count();
        if column + 1 + length > WIDTH {
            *text += "\n";
            *text += &" ".repeat(indent);
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        *text += word;
        column += length;
    }
}
