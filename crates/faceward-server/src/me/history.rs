//! Every time my face was looked at: when, what for, how it ended, under which rules, who asked.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use faceward::{Act, By, Entry, Law};

use super::page::Frame;
use super::words::Tag;
use super::{Here, show, words};
use crate::Problem;
use crate::lang::Lang;

#[derive(Template)]
#[template(path = "me/history.html")]
struct HistoryPage {
    lang: Lang,
    frame: Frame,
    looks: Vec<Look>,
    /// What the rules say that decided, by their citation.
    rules: BTreeMap<String, String>,
    others: Vec<Other>,
}

struct Look {
    when: String,
    what: &'static str,
    purpose: Option<String>,
    ending: Tag,
    under: String,
    by: String,
    entry: u64,
}

struct Other {
    when: String,
    what: &'static str,
    purpose: Option<String>,
    by: String,
    entry: u64,
}

pub(super) async fn history(here: Here) -> Result<Response, Problem> {
    let entries = here.me.ward.entries_about(&here.me.handle).await?;
    let law = Law::built_in().map_err(faceward::WardError::from)?;
    let mut rules = BTreeMap::new();
    let (mut looks, mut others) = (Vec::new(), Vec::new());
    for entry in entries.iter().rev() {
        if words::is_look(entry.event.act) {
            looks.push(look(&here, entry, &law, &mut rules));
        } else {
            others.push(other(&here, entry));
        }
    }
    show(&HistoryPage {
        lang: here.lang,
        frame: here.frame(),
        looks,
        rules,
        others,
    })
}

fn look(here: &Here, entry: &Entry, law: &Law, rules: &mut BTreeMap<String, String>) -> Look {
    let (event, lang) = (&entry.event, here.lang);
    let mut under = Vec::new();
    for id in &event.rules {
        match law.rule(id) {
            Some(rule) => {
                let (citation, gist) = lang.rule(rule);
                under.push(citation.clone());
                rules.insert(citation, gist);
            }
            // Of a pack that is not built in, or no longer.
            None => under.push(id.clone()),
        }
    }
    under.dedup();
    Look {
        when: words::moment(event.at, lang),
        what: words::act(event.act, lang),
        purpose: purpose(here, entry),
        ending: words::ending(event, lang),
        under: under.join(lang.say("; ", "；")),
        by: words::by(event.by, lang),
        entry: entry.position,
    }
}

fn other(here: &Here, entry: &Entry) -> Other {
    let (event, lang) = (&entry.event, here.lang);
    Other {
        when: words::moment(event.at, lang),
        what: words::act(event.act, lang),
        purpose: purpose(here, entry),
        by: match event.act {
            // The page puts the question, once the person opens it.
            Act::ConsentRequested if event.by == Some(By::Person) => {
                lang.say("this page", "本页面").to_owned()
            }
            _ => words::by(event.by, lang),
        },
        entry: entry.position,
    }
}

fn purpose(here: &Here, entry: &Entry) -> Option<String> {
    let purpose = entry.event.purpose.as_deref();
    purpose.map(|purpose| here.purpose_in_words(purpose))
}
