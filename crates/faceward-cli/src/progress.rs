//! Progress over several pictures or many bytes: a bar where a person is watching.

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

/// A line that tells how much of a long copy is done.
pub(crate) struct Bytes(Option<ProgressBar>);

impl Bytes {
    /// Drawn on the error channel if that is a terminal.
    pub(crate) fn watched(console: &Console) -> Self {
        Self((!console.json()).then(|| {
            let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}  {eta} left");
            let bar = ProgressBar::new(0);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }))
    }

    /// So many of so many are done.
    pub(crate) fn at(&self, done: u64, total: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(total);
            bar.set_position(done);
        }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
