//! What a person asks for: put on record, and answered.

use axum::extract::Path;
use axum::response::Response;
use faceward::{Asker, ConsoleRight, RequestAsk, RequestId};

use super::Section;
use super::fields::Fields;
use super::page::moment;
use super::person::Person;
use super::told::Told;
use crate::Problem;

/// Puts a request on record that came in otherwise than through this server.
pub(super) async fn receive(person: Person, fields: Fields) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let lang = desk.lang;
    let ask = RequestAsk {
        handle: handle.clone(),
        kind: fields.raw("kind").parse().map_err(Problem::bad_request)?,
        asker: match fields.said("guardian") {
            Some(name) => Asker::Guardian(name.to_owned()),
            None => Asker::Subject,
        },
        details: fields.said("details").map(str::to_owned),
        channel: fields.raw("channel").trim().to_owned(),
        received: None,
        regime: None,
    };
    let recorded = desk.ward.receive_request(ask).await?;
    let title = lang.say("Request put on record", "请求已记录");
    Told::done(title, &recorded.receipt)
        .fact(
            lang.say("Answer due", "答复期限"),
            moment(recorded.request.due()),
        )
        .page(desk, Section::People, person.href())
}

/// What became of a request of this person.
pub(super) async fn answer(
    person: Person,
    Path((_, request)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let (ward, lang) = (&desk.ward, desk.lang);
    let id: RequestId = request.parse().map_err(Problem::bad_request)?;
    let theirs = ward.requests_about(handle).await?;
    if !theirs.iter().any(|one| one.request.id() == id) {
        let why = lang.say("there is no such request", "没有此请求");
        return Err(Problem::not_found(why));
    }
    let words = fields.raw("words").trim().to_owned();
    let recorded = match fields.raw("answer") {
        "met" => {
            ward.meet_request(id, fields.said("words").map(str::to_owned))
                .await?
        }
        "refused" => ward.refuse_request(id, words).await?,
        "extended" => ward.extend_request(id, words).await?,
        "withdrawn" => ward.withdraw_request(id).await?,
        _ => {
            return Err(Problem::bad_request(
                "an answer is met, refused, extended or withdrawn",
            ));
        }
    };
    let title = lang.say("Recorded", "已记录");
    Told::done(title, &recorded.receipt).page(desk, Section::People, person.href())
}
