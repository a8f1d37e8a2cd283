//! Pictures of one person: enrolled, verified, or a reference removed.

use axum::extract::Path;
use axum::response::Response;
use faceward::{ConsoleRight, Decision, Enrolled, ReferenceId, Verified, WardError};

use super::Section;
use super::agreeing::purpose;
use super::fields::Fields;
use super::person::Person;
use super::told::Told;
use crate::Problem;
use crate::lang::Lang;

pub(super) async fn enroll(person: Person, fields: Fields) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Faces)?;
    let lang = desk.lang;
    let picture = picture(&fields, lang)?;
    let verdict = desk
        .ward
        .enroll(handle, &purpose(&fields)?, picture)
        .await?;
    let told = Told::of(&verdict, lang, |done, told| enrolled(done, told, lang));
    told.page(desk, Section::People, person.href())
}

pub(super) async fn verify(person: Person, fields: Fields) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Faces)?;
    let lang = desk.lang;
    let picture = picture(&fields, lang)?;
    let verdict = desk
        .ward
        .verify(handle, &purpose(&fields)?, picture)
        .await?;
    let told = Told::of(&verdict, lang, |done, told| verified(done, told, lang));
    told.page(desk, Section::People, person.href())
}

pub(super) async fn remove(
    person: Person,
    Path((_, reference)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let Person { desk, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let lang = desk.lang;
    let id: ReferenceId = reference.parse().map_err(Problem::bad_request)?;
    let theirs = whose(&person, id).await?;
    if !theirs {
        let why = lang.say("there is no such reference", "没有此模板");
        return Err(Problem::not_found(why));
    }
    let removed = desk.ward.remove_reference(id).await?;
    let title = lang.say("Reference destroyed", "模板已销毁");
    let told = Told::done(title, &removed.receipt)
        .fact(lang.say("Purpose", "目的"), &removed.purpose)
        .fact(lang.say("Left for it", "剩余模板"), removed.left);
    super::leaving::undestroyed(told, removed.undestroyed, lang).page(
        desk,
        Section::People,
        person.href(),
    )
}

async fn whose(person: &Person, id: ReferenceId) -> Result<bool, Problem> {
    match person.desk.ward.reference(id).await {
        Ok(reference) => Ok(reference.subject == person.subject),
        Err(WardError::UnknownReference(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn picture(fields: &Fields, lang: Lang) -> Result<&[u8], Problem> {
    let why = lang.say("choose a picture", "请选择图片");
    fields
        .file("picture")
        .ok_or_else(|| Problem::bad_request(why))
}

fn enrolled(done: &Enrolled, told: Told, lang: Lang) -> Told {
    let told = told
        .titled("good", lang.say("Enrolled", "已登记"))
        .fact(lang.say("Reference", "模板编号"), done.reference);
    let told = match done.agreement {
        Some(score) => told.fact(
            lang.say("Agreement with the others", "与已有模板的一致度"),
            score,
        ),
        None => told,
    };
    told.seen(&done.reading, lang)
}

fn verified(done: &Verified, told: Told, lang: Lang) -> Told {
    let (tone, title) = match done.decision {
        Decision::Match => ("good", lang.say("It is this person", "是本人")),
        Decision::Uncertain => (
            "warn",
            lang.say("Uncertain: have a person look", "不确定：请人工核对"),
        ),
        Decision::NoMatch => ("bad", lang.say("It is not this person", "不是本人")),
    };
    told.titled(tone, title)
        .fact(lang.say("Score", "得分"), done.score)
        .fact(lang.say("A match from", "匹配阈值"), done.match_at.score)
        .fact(
            lang.say("Uncertain from", "不确定阈值"),
            done.uncertain_at.score,
        )
        .fact(
            lang.say("References compared", "比对的模板数"),
            done.references,
        )
        .seen(&done.reading, lang)
}
