//! What is told while a video runs: events as lines, and where a person is watching, a line that changes.

use std::time::Duration;

use faceward::{FollowedFace, Who};
use indicatif::{ProgressBar, ProgressStyle};

use crate::answer::{Answer, Console};

pub(crate) struct Screen {
    bar: ProgressBar,
    console: Console,
}

impl Screen {
    pub(crate) fn new(console: &Console, frames: Option<u64>) -> Self {
        let bar = match (console.json(), frames) {
            (true, _) => ProgressBar::hidden(),
            (false, Some(frames)) => ProgressBar::new(frames),
            (false, None) => ProgressBar::no_length(),
        };
        let form = match frames {
            Some(_) => "{bar:20} {pos}/{len}  {wide_msg}",
            None => "{spinner} {pos}  {wide_msg}",
        };
        let style = ProgressStyle::with_template(form);
        Self {
            bar: bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())),
            console: Console::new(console.json()),
        }
    }

    /// Something happened.
    pub(crate) fn say(&self, answer: &Answer) {
        self.bar.suspend(|| self.console.say(answer));
    }

    /// A frame was looked at.
    pub(crate) fn frame(
        &self,
        number: u64,
        time: Duration,
        since: Duration,
        faces: &[FollowedFace],
    ) {
        if self.bar.is_hidden() {
            return;
        }
        let names: Vec<String> = faces.iter().filter(|face| face.seen).map(name).collect();
        let rate = number as f64 / since.as_secs_f64().max(1e-9);
        let who = if names.is_empty() {
            "nobody".to_owned()
        } else {
            names.join(", ")
        };
        self.bar.set_position(number);
        self.bar.set_message(format!(
            "{:.1} s  {rate:.0} a second  {who}",
            time.as_secs_f64()
        ));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn name(face: &FollowedFace) -> String {
    match (&face.who, face.track) {
        (Who::Known { handle, .. }, _) => handle.to_string(),
        (Who::Undecided, Some(track)) => format!("{}?", track.0 + 1),
        (Who::Unknown, Some(track)) => format!("{} (unknown)", track.0 + 1),
        (_, None) => "?".to_owned(),
    }
}
