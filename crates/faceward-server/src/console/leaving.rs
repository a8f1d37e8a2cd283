//! A person takes a consent back, or is forgotten.

use axum::response::Response;
use faceward::{ConsoleRight, WardError, hex};

use super::Section;
use super::agreeing::purpose;
use super::fields::Fields;
use super::person::Person;
use super::told::Told;
use crate::Problem;
use crate::lang::Lang;

pub(super) async fn withdraw(person: Person, fields: Fields) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let lang = desk.lang;
    let done = desk.ward.withdraw(handle, &purpose(&fields)?).await?;
    let told = Told::done(lang.say("Consent withdrawn", "同意已撤回"), &done.receipt)
        .text(lang.say(
            "From now on nothing matches for this purpose.",
            "自此，该目的下不再有任何匹配。",
        ))
        .fact(
            lang.say("Consents ended", "终止的同意"),
            done.consents.len(),
        )
        .fact(
            lang.say("References destroyed", "销毁的模板"),
            done.references,
        );
    let told = undestroyed(told, done.undestroyed, lang);
    let told = match done.erasure {
        Some(erasure) => told.keep(
            lang.say("Certificate of erasure, signed", "已签名的删除证明"),
            erasure.signed,
        ),
        None => told,
    };
    told.page(desk, Section::People, person.href())
}

pub(super) async fn forget(person: Person, fields: Fields) -> Result<Response, Problem> {
    let Person { desk, handle, .. } = &person;
    desk.may(ConsoleRight::Consents)?;
    let lang = desk.lang;
    if fields.raw("name").trim() != handle.as_str() {
        return Err(Problem::bad_request(lang.say(
            "nobody was forgotten: type the person's name as it stands on their page",
            "未删除任何人：请按人员页面上的名称原样输入",
        )));
    }
    let (done, found) = match desk.ward.forget(handle).await {
        Ok(done) => (done, Vec::new()),
        Err(WardError::Remains { found, forgotten }) => (*forgotten, found),
        Err(error) => return Err(error.into()),
    };
    let told = Told::done(lang.say("Forgotten", "已被遗忘"), &done.receipt).fact(
        lang.say("Where was looked for remains", "残留检查"),
        &done.verified,
    );
    let told = if found.is_empty() {
        told
    } else {
        told.titled(
            "bad",
            lang.say("Forgotten, but not gone", "已删除，但仍有残留"),
        )
        .text(found.join("; "))
    };
    let told = told
        .fact(
            lang.say("Identifier, for the person", "标识（交给本人）"),
            done.subject,
        )
        .fact(
            lang.say("Salt, for the person", "盐值（交给本人）"),
            hex(&done.salt),
        );
    let told = undestroyed(told, done.undestroyed, lang);
    let told = match done.erasure {
        Some(erasure) => told.keep(
            lang.say("Certificate of erasure, signed", "已签名的删除证明"),
            erasure.signed,
        ),
        None => told,
    };
    told.page(desk, Section::People, "/console/people".to_owned())
}

/// Says so, where a past key still lies on the disk.
pub(super) fn undestroyed(told: Told, why: Option<String>, lang: Lang) -> Told {
    match why {
        None => told,
        Some(why) => told.text(match lang {
            Lang::En => {
                format!("A past key could not be destroyed yet; the next start tries again: {why}")
            }
            Lang::Zh => format!("一个旧密钥尚未销毁，下次启动时会重试：{why}"),
        }),
    }
}
