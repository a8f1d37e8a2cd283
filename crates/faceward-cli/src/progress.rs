//! Progress over several pictures: a bar where a person is watching, answers as they come.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::answer::{Answer, Console};

/// A run over several pictures.
pub(crate) struct Steps {
    bar: Option<ProgressBar>,
}

impl Steps {
    /// A bar for more than one picture, drawn on the error channel if that is a terminal.
    pub(crate) fn over(count: usize, console: &Console) -> Self {
        let bar = (count > 1 && !console.json()).then(|| {
            let bar = ProgressBar::new(count as u64);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {eta} left");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar }
    }

    /// Says the answer for one picture, with its name where there are several.
    pub(crate) fn say(&self, path: &Path, answer: &Answer, console: &Console) {
        let Some(bar) = &self.bar else {
            let mut fields = answer.json.clone();
            if let Value::Object(fields) = &mut fields {
                fields.insert("picture".to_owned(), path.display().to_string().into());
            }
            console.say(&Answer {
                text: answer.text.clone(),
                json: fields,
                code: answer.code,
            });
            return;
        };
        bar.suspend(|| {
            console.say(&Answer {
                text: format!("{}: {}", path.display(), answer.text),
                json: Value::Null,
                code: answer.code,
            })
        });
        bar.inc(1);
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
