//! What a person is told before they are asked, and the exact bytes that their answer rests on.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use faceward::{
    Age, Condition, Controller, Details, Function, Functions, Kept, Minors, NoticeText, Purpose,
    PurposeTerms, Retention, Ward, WardError,
};

use super::Here;
use crate::Problem;
use crate::lang::Lang;

/// What is asked, as it is shown.
pub(super) struct Offered {
    /// What it is for, in words.
    pub(super) title: String,
    pub(super) controller: Controller,
    /// The notice that the deployment declares, where it has one.
    pub(super) declared: Option<String>,
    /// Question and answer, in the order in which they are read.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Whether children may be among those who are asked, and who decides for them; nothing where
    /// that is not declared.
    pub(super) minors: Option<Minors>,
    pub(super) notice: NoticeText,
    pub(super) condition: Condition,
    pub(super) details: Details,
}

/// The name under which a text that we composed ourselves is on record.
const OUR_TEXT: &str = "page-1";

impl Offered {
    /// What is asked for this purpose; nothing where the deployment does not have it.
    pub(super) fn of(
        ward: &Ward,
        purpose: &Purpose,
        lang: Lang,
    ) -> Result<Option<Self>, WardError> {
        let deployment = ward.deployment()?;
        let terms = match &deployment {
            None => None,
            Some(declared) => match declared.purpose(purpose) {
                None => return Ok(None),
                found => found,
            },
        };
        let controller = ward.controller()?;
        let title = purpose_in_words(ward, purpose.as_str());
        let facts = facts(&controller, &title, terms, lang);
        let declared = declared(ward, lang)?;
        let notice = match &declared {
            Some(text) => text.clone(),
            None => NoticeText {
                version: OUR_TEXT.to_owned(),
                bytes: composed(&title, &facts).into_bytes(),
            },
        };
        Ok(Some(Self {
            minors: terms.map(|terms| terms.minors),
            condition: condition(terms),
            details: Details {
                functions: functions(terms),
                retention: retention(terms),
                equal_terms: terms.and_then(|terms| terms.alternative_on_equal_terms),
                ..Details::default()
            },
            declared: declared.map(|text| String::from_utf8_lossy(&text.bytes).into_owned()),
            title,
            controller,
            facts,
            notice,
        }))
    }
}

impl Offered {
    /// Whether children may be among those who are asked.
    pub(super) fn asks_age(&self) -> bool {
        self.minors != Some(Minors::Nobody)
    }

    /// Whether a guardian decides for somebody of this age: always under 14 (PIPL Art. 31), and for
    /// every child where the deployment says so.
    pub(super) fn guardian_decides(&self, age: Age) -> bool {
        self.asks_age()
            && match age {
                Age::Adult => false,
                Age::Minor => self.minors == Some(Minors::WithGuardian),
                Age::Under14 => true,
            }
    }
}

/// The text of the notice, byte for byte, to be kept: its hash is what the consent names.
pub(super) async fn text(here: Here, Path(purpose): Path<String>) -> Result<Response, Problem> {
    let purpose = here.purpose(&purpose).await?;
    let offered = Offered::of(&here.me.ward, &purpose, here.lang)?;
    let offered = offered.ok_or_else(|| Problem::not_found("this is not asked any more"))?;
    let name = format!("attachment; filename=\"notice-{purpose}.txt\"");
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, offered.notice.bytes).into_response())
}

/// What a purpose is for, as the deployment says it, or else by its name.
pub(super) fn purpose_in_words(ward: &Ward, purpose: &str) -> String {
    let declared = ward.deployment().ok().flatten();
    let parsed = purpose.parse::<Purpose>().ok();
    let terms = declared
        .as_ref()
        .and_then(|declared| declared.purpose(&parsed?));
    terms.map_or_else(|| purpose.replace('-', " "), |terms| terms.text.clone())
}

/// The deployment's own text in the reader's language, or else its first.
fn declared(ward: &Ward, lang: Lang) -> Result<Option<NoticeText>, WardError> {
    let texts = ward.notices()?;
    let declared = ward.deployment()?;
    let terms = declared.as_ref().and_then(|d| d.notice.as_ref());
    let languages = terms.map_or(&[][..], |terms| terms.languages.as_slice());
    let code = lang.say("en", "zh");
    let place = languages.iter().position(|tag| tag.starts_with(code));
    let wanted = place.filter(|_| texts.len() == languages.len());
    Ok(texts.into_iter().nth(wanted.unwrap_or(0)))
}

/// The composed text as it is on record: what the page shows, and nothing else.
fn composed(title: &str, facts: &[(&str, String)]) -> String {
    let mut text = format!("{title}\n");
    for (question, answer) in facts {
        text.push_str(&format!("\n{question}\n{answer}\n"));
    }
    text
}

fn facts(
    controller: &Controller,
    title: &str,
    terms: Option<&PurposeTerms>,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    let functions = functions(terms);
    let who = format!(
        "{}, {}\n{}",
        controller.name, controller.address, controller.contact
    );
    let why = terms.and_then(|terms| terms.necessary_because.clone());
    let other_way = terms.and_then(|terms| terms.alternative.clone());
    [
        Some((question(lang, "Who asks", "谁在征求同意"), who)),
        Some((
            question(lang, "What for", "用于什么"),
            format!("{title}\n{}", used_for(functions, lang)),
        )),
        Some((
            question(lang, "What is taken", "收集什么"),
            lang.say(
                "A picture of your face is looked at and not kept. A list of numbers is computed from it and kept, sealed under a key of your own. This is biometric data, which the law protects especially.",
                "系统会查看您的一张人脸照片，看完即弃，不予保存；只保存由它计算出的一串数字（人脸模板），并用专属于您的密钥封存。这是受法律特别保护的生物识别信息。",
            )
            .to_owned(),
        )),
        why.map(|why| (question(lang, "Why your face", "为什么需要人脸"), why)),
        Some((
            question(lang, "For how long", "保存多久"),
            kept(terms, lang),
        )),
        Some((
            question(lang, "Who gets it", "提供给谁"),
            recipients(terms, lang),
        )),
        Some((
            question(lang, "Where it lies", "存放在哪里"),
            controller.storage.clone(),
        )),
        Some((
            question(lang, "If you say no", "如果您不同意"),
            other_way.unwrap_or_else(|| {
                lang.say(
                    "Your face is not used. Ask the above for the other way.",
                    "不会使用您的人脸。请向上述机构询问其他办理方式。",
                )
                .to_owned()
            }),
        )),
        Some((
            question(lang, "Your rights", "您的权利"),
            lang.say(
                "You can take your consent back at any time, as easily as you gave it, on this page; what was done before stays lawful. You can see, correct, take along and delete what is held on you, and see every comparison of your face.",
                "您可以随时在本页面撤回同意，与给出同意一样方便；撤回不影响此前已进行的处理的效力。您可以查阅、更正、复制和删除关于您的信息，并查看每一次人脸比对的记录。",
            )
            .to_owned(),
        )),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn question(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

fn used_for(functions: Functions, lang: Lang) -> String {
    let parts = [
        functions.verification.then(|| {
            lang.say(
                "Your face is compared with your own numbers, to see whether it is you.",
                "将您的人脸与您本人的模板进行比对，确认是否为您本人。",
            )
        }),
        functions.identification.then(|| {
            lang.say(
                "Your face is searched for among those who agreed to this purpose.",
                "在同意了这一用途的人当中查找您的人脸。",
            )
        }),
        functions.analysis.then(|| {
            lang.say(
                "Faces are found in a picture and their quality is judged.",
                "在画面中查找人脸并评估其质量。",
            )
        }),
    ];
    let separator = lang.say(" ", "");
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(separator)
}

fn kept(terms: Option<&PurposeTerms>, lang: Lang) -> String {
    let consent_ends = lang.say(
        "Your consent ends by itself after one year; you are asked again then.",
        "您的同意一年后自动失效，届时会重新征求您的意见。",
    );
    let kept = match terms.and_then(|terms| terms.retention.as_ref()) {
        Some(Kept::After { after, days }) => match lang {
            Lang::En => format!(
                "The numbers are destroyed {days} days after this at the latest: {after}; and at once when you take your consent back."
            ),
            Lang::Zh => {
                format!("最迟在以下情形发生后 {days} 天销毁：{after}；您撤回同意时立即销毁。")
            }
        },
        _ => lang
            .say(
                "The numbers are kept while you agree, and destroyed as soon as you do not.",
                "只在您同意期间保存；同意一旦撤回或失效，立即销毁。",
            )
            .to_owned(),
    };
    format!("{kept}{}{consent_ends}", lang.say(" ", ""))
}

fn recipients(terms: Option<&PurposeTerms>, lang: Lang) -> String {
    let named = terms.and_then(|terms| terms.recipients.as_deref());
    match named {
        Some(named) if !named.is_empty() => {
            let names: Vec<&str> = named.iter().map(|one| one.name.as_str()).collect();
            let names = names.join(lang.say(", ", "、"));
            let each = lang.say(
                "You are asked about that on its own; agreeing here does not include it.",
                "向其提供须另行征得您的同意，不包含在此次同意之内。",
            );
            format!("{names}{}{each}", lang.say(". ", "。"))
        }
        _ => lang.say("Nobody else.", "不提供给任何其他人。").to_owned(),
    }
}

fn functions(terms: Option<&PurposeTerms>) -> Functions {
    let Some(terms) = terms else {
        return Functions::default();
    };
    let has = |function| terms.functions.contains(&function);
    Functions {
        verification: has(Function::Verification),
        identification: has(Function::Identification),
        analysis: has(Function::Analysis),
    }
}

fn retention(terms: Option<&PurposeTerms>) -> Retention {
    match terms.and_then(|terms| terms.retention.as_ref()) {
        Some(Kept::After { after, days }) => Retention::After {
            event: after.clone(),
            days: u16::try_from(*days).unwrap_or(u16::MAX),
        },
        _ => Retention::WithConsent,
    }
}

fn condition(terms: Option<&PurposeTerms>) -> Condition {
    let Some(terms) = terms else {
        return Condition::Unstated;
    };
    match (&terms.alternative, &terms.service_needs_face_because) {
        (Some(other_way), _) => Condition::Alternative(other_way.clone()),
        (None, Some(why)) => Condition::Required {
            necessary_because: Some(why.clone()),
        },
        (None, None) => Condition::Unstated,
    }
}
