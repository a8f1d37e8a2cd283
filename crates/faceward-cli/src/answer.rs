//! What a command says: text for people, JSON for programs, a code for scripts.

use faceward::told::receipt_json;
use std::fmt::Write as _;
use std::process::ExitCode;

use faceward::{Outcome, Receipt, Refusal, Verdict};
use serde_json::{Value, json};

/// How a command ended, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Done, or a match.
    Yes = 0,
    /// No match.
    No = 1,
    /// An error, or wrong usage.
    Error = 2,
    /// Refused by the law engine.
    Refused = 3,
    /// Uncertain: a person should look.
    Uncertain = 4,
    /// Permitted, but the picture gave no answer.
    Unusable = 5,
}

impl Code {
    /// The one that says more of two: over several pictures, the last to be overlooked.
    pub(crate) fn worse(self, other: Self) -> Self {
        let weight = |code: Self| match code {
            Self::Yes => 0,
            Self::Uncertain => 1,
            Self::No => 2,
            Self::Unusable => 3,
            Self::Refused => 4,
            Self::Error => 5,
        };
        if weight(other) > weight(self) {
            other
        } else {
            self
        }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// One answer, in both forms.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) json: Value,
    pub(crate) code: Code,
}

impl Answer {
    /// What stopped one picture of several.
    pub(crate) fn error(error: &anyhow::Error) -> Self {
        Self {
            text: format!("error: {error:#}"),
            json: error_json(error),
            code: Code::Error,
        }
    }

    /// A plain success.
    pub(crate) fn done(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
            code: Code::Yes,
        }
    }

    /// The answer a verdict amounts to; `done` tells what was found when it was permitted.
    pub(crate) fn of<T>(
        verdict: &Verdict<T>,
        next_step: &str,
        done: impl FnOnce(&T) -> Answer,
    ) -> Self {
        let answer = match &verdict.outcome {
            Outcome::Done(found) => done(found),
            Outcome::Refused(refusal) => refused(refusal, next_step),
            Outcome::Unusable(why) => Self {
                text: format!("no answer: {why}"),
                json: json!({ "outcome": "unusable", "reason": why.to_string() }),
                code: Code::Unusable,
            },
        };
        answer.recorded(&verdict.receipt)
    }

    /// A refusal that was recorded.
    pub(crate) fn refused(refusal: &Refusal, next_step: &str, receipt: &Receipt) -> Self {
        refused(refusal, next_step).recorded(receipt)
    }

    /// With a warning where a past key still lies on the disk.
    pub(crate) fn left_over(mut self, undestroyed: Option<&str>) -> Self {
        if let Some(why) = undestroyed {
            self.text.push_str(&format!(
                "\n  WARNING: the past epoch key could not be destroyed ({why}); \
                 see to it and run `faceward doctor`, which tries again"
            ));
            self.code = Code::Error;
        }
        self
    }

    /// With the entry of the ledger that tells of it.
    pub(crate) fn recorded(mut self, receipt: &Receipt) -> Self {
        let position = receipt.position();
        let _ = write!(self.text, "\n  recorded as ledger entry {position}");
        if let Value::Object(fields) = &mut self.json {
            fields.insert("receipt".to_owned(), receipt_json(receipt));
        }
        self
    }
}

/// The answer a refusal amounts to.
pub(crate) fn refused(refusal: &Refusal, next_step: &str) -> Answer {
    let mut text = format!("refused to {}:", refusal.operation());
    let mut grounds = Vec::new();
    for ground in refusal.grounds() {
        let rule = &ground.rule;
        let _ = write!(
            text,
            "\n  {}\n    {}: {}",
            ground.finding, rule.citation, rule.gist
        );
        grounds.push(json!({
            "finding": ground.finding,
            "rule": rule.id,
            "citation": rule.citation,
            "gist": rule.gist,
            "mark": rule.mark.word(),
        }));
    }
    if !next_step.is_empty() && !refusal.is_for_good() {
        let _ = write!(text, "\n  to go on: {next_step}");
    }
    Answer {
        text,
        json: json!({ "outcome": "refused", "grounds": grounds }),
        code: Code::Refused,
    }
}

/// Where answers go.
pub(crate) struct Console {
    json: bool,
}

impl Console {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether programs are reading.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Says it and passes its code on.
    pub(crate) fn say(&self, answer: &Answer) -> Code {
        let said = if self.json {
            line(&answer.json.to_string())
        } else {
            line(&answer.text)
        };
        match said {
            Ok(()) => answer.code,
            Err(error) => {
                eprintln!("error: the answer could not be written: {error}");
                Code::Error
            }
        }
    }

    /// Says what went wrong, on the error channel, with its causes.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        if self.json {
            let _ = line(&error_json(error).to_string());
        } else {
            eprintln!("error: {error:#}");
        }
    }

    /// Says something by the way; not part of the answer.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            eprintln!("{text}");
        }
    }
}

/// An error as JSON.
pub(crate) fn error_json(error: &anyhow::Error) -> Value {
    json!({ "outcome": "error", "reason": format!("{error:#}") })
}

/// Prints a line; a reader that went away (as in `| head`) is no error of ours.
fn line(text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// `1 reference`, `2 references`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}
