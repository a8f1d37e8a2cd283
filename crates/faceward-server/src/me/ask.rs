//! One question on a page of its own: nothing ticked, two answers of one size, and leaving it open.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{
    Age, Answer, Consent, ConsentAsk, ConsentRequest, ConsentState, Giver, NoticeText, Purpose,
    Scope, Shown, WardError, hex,
};
use serde::Deserialize;

use super::guardian::{self, Guardian};
use super::notice::Offered;
use super::page::Frame;
use super::{Here, receipt, show, words};
use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;
use crate::limits::now;

#[derive(Template)]
#[template(path = "me/ask.html")]
struct AskPage {
    lang: Lang,
    frame: Frame,
    purpose: Purpose,
    offered: Offered,
    age: &'static str,
    /// Who decides for a child.
    guardian: Option<Guardian>,
    child: String,
    /// The hash of what is shown, so that an answer is to this text and no other.
    shown: String,
    /// Whether the text changed while the person read it.
    changed: bool,
}

#[derive(Template)]
#[template(path = "me/age.html")]
struct AgePage {
    lang: Lang,
    frame: Frame,
    purpose: Purpose,
    offered: Offered,
    again: bool,
}

/// Where nothing is to be answered: agreed already, refused, not a matter for children, not asked.
#[derive(Template)]
#[template(path = "me/answered.html")]
struct AnsweredPage {
    lang: Lang,
    frame: Frame,
    purpose: Purpose,
    title: String,
    how: Answered,
}

enum Answered {
    Agreed { until: String, consent: String },
    Refused { on: String },
    Grown { contact: String },
    NotOffered,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    age: Option<String>,
    again: Option<String>,
    changed: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Said {
    answer: String,
    #[serde(default)]
    age: String,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    relation: String,
}

/// To whom a question is put.
pub(super) struct Question {
    pub(super) age: Age,
    pub(super) guardian: Option<Guardian>,
    /// Whether the text changed while it was read.
    pub(super) changed: bool,
}

pub(super) async fn ask(
    here: Here,
    Path(purpose): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let purpose = here.purpose(&purpose).await?;
    let Some(offered) = Offered::of(&here.me.ward, &purpose, here.lang)? else {
        return answered(&here, purpose, Answered::NotOffered);
    };
    if let Some(how) = standing(&here, &purpose).await? {
        let again = asked.again.is_some() && matches!(how, Answered::Refused { .. });
        if !again {
            return answered(&here, purpose, how);
        }
    }
    let age = match asked.age.as_deref().map(str::parse::<Age>) {
        Some(Ok(age)) if offered.guardian_decides(age) => {
            return guardian::who(&here, purpose, offered, age, asked.changed.is_some());
        }
        Some(Ok(Age::Under14)) => return grown(&here, purpose, &offered),
        Some(Ok(age)) => age,
        _ if !offered.asks_age() => Age::Adult,
        _ => {
            return show(&AgePage {
                lang: here.lang,
                frame: here.frame(),
                again: asked.again.is_some(),
                purpose,
                offered,
            });
        }
    };
    let asked = Question {
        age,
        guardian: None,
        changed: asked.changed.is_some(),
    };
    question(&here, purpose, offered, asked).await
}

/// The question, on a screen of its own.
pub(super) async fn question(
    here: &Here,
    purpose: Purpose,
    offered: Offered,
    asked: Question,
) -> Result<Response, Problem> {
    note_asked(here, &purpose, &offered).await?;
    show(&AskPage {
        lang: here.lang,
        frame: here.frame(),
        shown: hash(&offered.notice)?,
        age: asked.age.word(),
        guardian: asked.guardian,
        child: here.me.handle.to_string(),
        changed: asked.changed,
        purpose,
        offered,
    })
}

pub(super) async fn answer(
    State(door): State<Door>,
    here: Here,
    headers: HeaderMap,
    Path(purpose): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let purpose = here.purpose(&purpose).await?;
    let back = format!("/me/ask/{purpose}");
    let Some((offered, lang)) = what_was_shown(&here, &purpose, &said.shown)? else {
        let to = format!("{back}?again=1&changed=1&age={}", age_word(&said.age));
        return Ok(Redirect::to(&to).into_response());
    };
    let by = Guardian::said(&said.guardian, &said.relation);
    match said.answer.as_str() {
        "agree" => match said.age.parse::<Age>() {
            Ok(age) if by.is_none() && offered.guardian_decides(age) => {
                guardian::who(&here, purpose, offered, age, false)
            }
            Ok(Age::Under14) if !offered.asks_age() => grown(&here, purpose, &offered),
            Ok(age) => {
                let by = by.filter(|_| age != Age::Adult);
                let consent = agree(&here, purpose, offered, lang, (age, by)).await?;
                // The consent stands without it; the page has a button to ask once more.
                let made = receipt::make_out(&door, &here, &headers, &consent).await;
                if made.is_err() {
                    tracing::warn!("a receipt could not be made out");
                }
                let to = format!("/me/receipt/{}?new=1", consent.id());
                Ok(Redirect::to(&to).into_response())
            }
            Err(_) => Ok(Redirect::to(&back).into_response()),
        },
        "refuse" => {
            reply(&here, &purpose, offered, Answer::Refused, by).await?;
            Ok(Redirect::to(&back).into_response())
        }
        "later" => {
            reply(&here, &purpose, offered, Answer::Deferred, by).await?;
            Ok(Redirect::to("/me").into_response())
        }
        _ => Err(Problem::bad_request("an answer is agree, refuse or later")),
    }
}

async fn agree(
    here: &Here,
    purpose: Purpose,
    offered: Offered,
    lang: Lang,
    (age, by): (Age, Option<Guardian>),
) -> Result<Consent, Problem> {
    let mut details = offered.details;
    let place = "on the person's own page, on a screen of its own";
    details.shown = Some(Shown {
        language: lang.code().to_owned(),
        at: now(),
        place: place.to_owned(),
    });
    details.relation = by.as_ref().map(|guardian| guardian.relation);
    let own = "on the person's own page";
    let ask = ConsentAsk {
        handle: here.me.handle.clone(),
        purpose,
        notice: offered.notice,
        given_by: by.as_ref().map_or(Giver::Subject, Guardian::giver),
        method: by.map_or(own, |_| Guardian::METHOD).to_owned(),
        age,
        bundled_with: None,
        condition: offered.condition,
        from: None,
        until: None,
        details,
    };
    Ok(here.me.ward.give_consent(ask).await?.consent)
}

async fn reply(
    here: &Here,
    purpose: &Purpose,
    offered: Offered,
    answer: Answer,
    by: Option<Guardian>,
) -> Result<(), Problem> {
    let request = request(here, purpose, offered.notice);
    let by = by.map_or(Giver::Subject, |guardian| guardian.giver());
    match here.me.ward.answer_request(request, answer, &by).await {
        Ok(_) => Ok(()),
        // They agreed meanwhile, in another window: that is taken back, not refused.
        Err(WardError::AgreedAlready(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Puts on record that the person is asked, the first time they see the question.
async fn note_asked(here: &Here, purpose: &Purpose, offered: &Offered) -> Result<(), Problem> {
    let request = request(here, purpose, offered.notice.clone());
    match here.me.ward.request_consent(request).await {
        // Asked before, or reading again of their own accord: nothing new to record.
        Ok(_) | Err(WardError::Law(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn request(here: &Here, purpose: &Purpose, notice: NoticeText) -> ConsentRequest {
    ConsentRequest {
        handle: here.me.handle.clone(),
        purpose: purpose.clone(),
        scope: Scope::Processing,
        notice: Some(notice),
    }
}

/// Where the question stands, unless it is open. An answer to the same notice in the other language
/// is an answer.
async fn standing(here: &Here, purpose: &Purpose) -> Result<Option<Answered>, Problem> {
    let mut hashes = Vec::new();
    for lang in Lang::ALL {
        if let Some(offered) = Offered::of(&here.me.ward, purpose, lang)? {
            hashes.push(offered.notice.hashed()?.sha256);
        }
    }
    let records = here.me.ward.consent_records(&here.me.handle).await?;
    let answered = records.iter().filter(|record| {
        let asked = record.asked();
        asked.purpose == *purpose
            && asked.scope == Scope::Processing
            && hashes.contains(&asked.notice.sha256)
    });
    let last = answered.max_by_key(|record| record.events().last().map(|event| event.at));
    let Some(record) = last else { return Ok(None) };
    let lang = here.lang;
    Ok(match record.state(now()) {
        state if state.is_valid() => {
            let until = record.agreed_until().map(|until| words::day(until, lang));
            Some(Answered::Agreed {
                until: until.unwrap_or_default(),
                consent: record.id().to_string(),
            })
        }
        ConsentState::Refused => {
            let on = record.end().map(|end| words::day(end.at, lang));
            Some(Answered::Refused {
                on: on.unwrap_or_default(),
            })
        }
        _ => None,
    })
}

/// The text with this hash, if it is still the current one, in whichever language it was read.
fn what_was_shown(
    here: &Here,
    purpose: &Purpose,
    shown: &str,
) -> Result<Option<(Offered, Lang)>, Problem> {
    for lang in [here.lang, Lang::En, Lang::Zh] {
        if let Some(offered) = Offered::of(&here.me.ward, purpose, lang)?
            && hash(&offered.notice)? == shown
        {
            return Ok(Some((offered, lang)));
        }
    }
    Ok(None)
}

fn answered(here: &Here, purpose: Purpose, how: Answered) -> Result<Response, Problem> {
    show(&AnsweredPage {
        lang: here.lang,
        frame: here.frame(),
        title: here.purpose_in_words(purpose.as_str()),
        purpose,
        how,
    })
}

/// A child is not asked at all, where only adults take part.
fn grown(here: &Here, purpose: Purpose, offered: &Offered) -> Result<Response, Problem> {
    let contact = offered.controller.contact.clone();
    answered(here, purpose, Answered::Grown { contact })
}

fn age_word(said: &str) -> &'static str {
    said.parse::<Age>().map_or("", Age::word)
}

fn hash(notice: &NoticeText) -> Result<String, Problem> {
    Ok(hex(&notice.clone().hashed()?.sha256))
}
