//! What the ward's settings say; they are changed in its file.

use askama::Template;
use axum::response::Response;

use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;

#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    lang: Lang,
    frame: Frame,
    facts: Vec<(&'static str, String)>,
    text: Option<String>,
}

pub(super) async fn view(desk: Desk) -> Result<Response, Problem> {
    let lang = desk.lang;
    let frame = desk.frame(Section::Settings)?;
    let (ward, none) = (&desk.ward, lang.say("not set", "未设置"));
    let config = ward.config();
    let or_none = |said: Option<String>| said.unwrap_or_else(|| none.to_owned());
    let purpose = config.purpose().ok().flatten().map(|one| one.to_string());
    let live = config.liveness_required().map(|least| format!("≥ {least}"));
    let controller = ward.controller().ok().map(|one| one.name);
    let receipts = ward.receipt_key().ok().map(|key| key.to_string());
    show(&SettingsPage {
        lang,
        frame,
        facts: vec![
            (
                lang.say("Folder", "目录"),
                ward.home().folder().display().to_string(),
            ),
            (
                lang.say("Purpose when none is named", "默认目的"),
                or_none(purpose),
            ),
            (lang.say("Liveness demanded", "活体要求"), or_none(live)),
            (
                lang.say("Controller on receipts", "收据上的处理者"),
                or_none(controller),
            ),
            (
                lang.say("Key of the ledger", "账本公钥"),
                ward.ledger_key().to_string(),
            ),
            (
                lang.say("Key of the receipts", "收据公钥"),
                or_none(receipts),
            ),
        ],
        text: std::fs::read_to_string(ward.home().config()).ok(),
    })
}
