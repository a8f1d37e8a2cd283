//! What was recorded, in plain words.

use faceward::{Act, By, ConsentState, Event, EventOutcome, RequestKind, RequestState};
use jiff::Timestamp;

use crate::lang::Lang;

/// A word and the colour it is shown in.
pub(super) struct Tag {
    pub(super) word: &'static str,
    pub(super) tone: &'static str,
}

/// A moment, to the minute.
pub(super) fn moment(at: Timestamp, lang: Lang) -> String {
    let form = lang.say("%-d %B %Y, %H:%M UTC", "%Y年%-m月%-d日 %H:%M（UTC）");
    at.strftime(form).to_string()
}

/// A day.
pub(super) fn day(at: Timestamp, lang: Lang) -> String {
    at.strftime(lang.say("%-d %B %Y", "%Y年%-m月%-d日"))
        .to_string()
}

pub(super) fn state(state: ConsentState, lang: Lang) -> Tag {
    use ConsentState as S;
    let (word, tone) = match state {
        S::Unknown => (pick(lang, "not begun yet", "尚未生效"), ""),
        S::Requested => (pick(lang, "not answered yet", "等待您的答复"), "warn"),
        S::Deferred => (pick(lang, "you left it open", "您选择稍后决定"), "warn"),
        S::Refused => (pick(lang, "you said no", "您已拒绝"), ""),
        S::Given => (pick(lang, "you agree", "您已同意"), "good"),
        S::Renewed => (pick(lang, "you agree, renewed", "您已续期同意"), "good"),
        S::Expired => (pick(lang, "over", "已到期"), ""),
        S::Withdrawn => (pick(lang, "you took it back", "您已撤回"), ""),
        S::Revoked => (pick(lang, "ended by somebody else", "已被他人终止"), "bad"),
        S::Invalidated => (pick(lang, "never counted", "自始无效"), "bad"),
    };
    Tag { word, tone }
}

/// How good a picture was, of 100.
pub(super) fn quality(value: u8, lang: Lang) -> &'static str {
    match value {
        0..30 => pick(lang, "poor", "较差"),
        30..60 => pick(lang, "fair", "一般"),
        _ => pick(lang, "good", "良好"),
    }
}

/// So many references.
pub(super) fn references(count: u64, lang: Lang) -> String {
    match (lang, count) {
        (Lang::En, 1) => "1 reference".to_owned(),
        (Lang::En, count) => format!("{count} references"),
        (Lang::Zh, count) => format!("{count} 个模板"),
    }
}

/// How often a face was looked at.
pub(super) fn times(count: usize, lang: Lang) -> String {
    match (lang, count) {
        (Lang::En, 1) => "Once so far, refused attempts included.".to_owned(),
        (Lang::En, count) => format!("{count} times so far, refused attempts included."),
        (Lang::Zh, count) => format!("{count} 次（含被依法拒绝的请求）。"),
    }
}

/// Whether an entry is about looking at a face.
pub(super) fn is_look(act: Act) -> bool {
    matches!(
        act,
        Act::Enroll | Act::Verify | Act::Identify | Act::Compare | Act::Detect | Act::Liveness
    )
}

/// What was done, or was to be done.
pub(super) fn act(act: Act, lang: Lang) -> &'static str {
    let (en, zh) = match act {
        Act::Enroll => ("A picture of you was to become a reference", "登记您的人脸"),
        Act::Verify => (
            "A face was compared with yours, to see whether it is you",
            "将一张人脸与您的模板比对，确认是否为您本人",
        ),
        Act::Identify => (
            "A face was searched for among those who agreed; you were among the nearest",
            "在同意的人当中查找一张人脸；您在最相近者之列",
        ),
        Act::Compare => (
            "Two pictures were compared once",
            "对两张照片进行了一次比对",
        ),
        Act::Liveness => (
            "It was to be found out whether you were before the camera, living",
            "检测镜头前是否为您本人的真实活体",
        ),
        Act::Detect => ("Faces were looked for in a picture", "在一张照片中查找人脸"),
        Act::ConsentGiven => ("You agreed", "您给出了同意"),
        Act::ConsentRequested => ("You were asked", "征求了您的同意"),
        Act::ConsentDeferred => ("You left the question open", "您选择稍后决定"),
        Act::ConsentRefused => ("You said no", "您拒绝了"),
        Act::ConsentRenewed => ("You agreed again", "您再次同意"),
        Act::ConsentWithdrawn => ("You took your consent back", "您撤回了同意"),
        Act::ConsentRevoked => ("A consent was ended by somebody else", "一项同意被他人终止"),
        Act::ConsentInvalidated => (
            "A consent was found never to have counted",
            "一项同意被认定自始无效",
        ),
        Act::PurposeEnded => ("A purpose ended", "一项用途已经终止"),
        Act::ReceiptIssued => ("A receipt was handed out to you", "向您出具了回执"),
        Act::Erased => (
            "References were destroyed because their time was over",
            "模板到期，已被销毁",
        ),
        Act::Access => (
            "What is held on you was handed out",
            "提供了关于您的信息副本",
        ),
        Act::Forgotten => ("You were deleted", "您的信息已被删除"),
        Act::RequestReceived => ("A request came in", "收到一项请求"),
        Act::RequestExtended => ("The time for an answer was extended", "延长了答复期限"),
        Act::RequestAnswered => ("A request was met", "一项请求已办结"),
        Act::RequestRefused => ("A request was refused", "一项请求被拒绝"),
        Act::RequestWithdrawn => ("A request was taken back", "一项请求已撤回"),
        Act::Corrected => ("Something on record was corrected", "更正了一项记录"),
        Act::DeathRecorded => ("A death was put on record", "登记了死亡信息"),
        Act::DeathRetracted => ("A death on record was taken back", "撤销了误登记的死亡信息"),
        Act::ArrangementRecorded => (
            "What you arranged for the case of death was put on record",
            "登记了您对身后事的安排",
        ),
        Act::LinkCreated => ("A link to your pages was made", "生成了通往您页面的链接"),
        Act::LinkUsed => ("Your link was opened", "打开了您的链接"),
        Act::LinkCancelled => (
            "A link to your pages was taken back, unopened",
            "撤回了一个尚未打开的通往您页面的链接",
        ),
        Act::SubjectKnown => ("Your name was put on record", "登记了您的名称"),
        Act::ReferenceRemoved => ("References of yours were destroyed", "销毁了您的模板"),
        Act::KeyCreated
        | Act::KeyRevoked
        | Act::AccountCreated
        | Act::AccountChanged
        | Act::SignedIn
        | Act::SignInRefused
        | Act::BackupMade
        | Act::Restored
        | Act::DeploymentDeclared => ("The system was administered", "系统管理操作"),
    };
    pick(lang, en, zh)
}

/// How looking at a face ended.
pub(super) fn ending(event: &Event, lang: Lang) -> Tag {
    let (en, zh, tone) = match (event.act, event.outcome) {
        (Act::Enroll, EventOutcome::Done) => ("The reference was made", "模板已建立", "good"),
        (Act::Liveness, EventOutcome::Done) => ("A living person was there", "是真实活体", "good"),
        (Act::Liveness, EventOutcome::Unusable) => ("It could not be shown", "未能确认", ""),
        (_, EventOutcome::Done) => ("Done", "已完成", ""),
        (_, EventOutcome::Refused) => (
            "Refused; no face was looked at",
            "依法拒绝，未查看任何人脸",
            "warn",
        ),
        (_, EventOutcome::Unusable) => ("No answer from the picture", "照片无法得出结果", ""),
        (Act::Identify, EventOutcome::Match) => {
            ("The search ended with a match", "查找得出匹配结果", "good")
        }
        (Act::Identify, EventOutcome::NoMatch) => {
            ("The search matched nobody", "未匹配到任何人", "")
        }
        (_, EventOutcome::Match) => ("It was you", "是您本人", "good"),
        (_, EventOutcome::NoMatch) => ("It was not you", "不是您本人", ""),
        (_, EventOutcome::Uncertain) => (
            "Uncertain; for a person to decide",
            "不确定，须由人工判断",
            "warn",
        ),
    };
    Tag {
        word: pick(lang, en, zh),
        tone,
    }
}

/// Who asked for it.
pub(super) fn by(by: Option<By>, lang: Lang) -> String {
    match by {
        None => lang
            .say("the operator, at a terminal", "运营方终端")
            .to_owned(),
        Some(By::Person) => lang.say("you", "您本人").to_owned(),
        Some(By::Account(_)) => lang
            .say(
                "somebody at the operator's console",
                "运营方控制台的工作人员",
            )
            .to_owned(),
        Some(By::Key(id)) => {
            let id: String = id.to_string().chars().take(8).collect();
            match lang {
                Lang::En => format!("a program of the operator (key {id}…)"),
                Lang::Zh => format!("运营方的程序（密钥 {id}…）"),
            }
        }
    }
}

pub(super) fn request_kind(kind: RequestKind, lang: Lang) -> &'static str {
    let (en, zh) = match kind {
        RequestKind::Access => ("to see what is held", "查阅信息"),
        RequestKind::Copy => ("to get a copy", "复制信息"),
        RequestKind::Correction => ("to have it corrected", "更正信息"),
        RequestKind::Deletion => ("to have it deleted", "删除信息"),
        RequestKind::Restriction => ("to have its handling restricted", "限制处理"),
        RequestKind::Objection => ("to object", "提出反对"),
        RequestKind::Explanation => ("to have it explained", "请求说明"),
        RequestKind::Relative => ("a relative asks", "近亲属提出请求"),
    };
    pick(lang, en, zh)
}

pub(super) fn request_state(state: RequestState, lang: Lang) -> Tag {
    let (en, zh, tone) = match state {
        RequestState::Open => ("being dealt with", "办理中", "warn"),
        RequestState::Extended => ("will take longer", "已延期", "warn"),
        RequestState::Answered => ("met", "已办结", "good"),
        RequestState::Refused => ("refused", "已拒绝", "bad"),
        RequestState::Withdrawn => ("taken back", "已撤回", ""),
    };
    Tag {
        word: pick(lang, en, zh),
        tone,
    }
}

fn pick(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}
