//! What the ward declares, and what each law finds missing in it; an edited text can be tried
//! without saving it.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use faceward::{
    Deployment, DeploymentFinding, Law, LawError, PackCheck, PackText, Weight, check,
    read_deployment,
};
use jiff::tz::TimeZone;

use super::fields::Fields;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;
use crate::limits::now;

#[derive(Template)]
#[template(path = "console/deployment.html")]
struct DeploymentPage {
    lang: Lang,
    frame: Frame,
    text: String,
    /// Whether the text is an edited one.
    tried: bool,
    declared: bool,
    wrong: Option<String>,
    name: String,
    in_order: bool,
    packs: Vec<Pack>,
}

struct Pack {
    short: String,
    title: String,
    satisfied: Vec<String>,
    findings: Vec<Found>,
}

struct Found {
    tone: &'static str,
    weight: &'static str,
    citation: String,
    rule: String,
    found: String,
    concerns: String,
    mend: Vec<&'static str>,
}

pub(super) async fn view(desk: Desk) -> Result<Response, Problem> {
    let path = desk.ward.home().deployment();
    let text = std::fs::read_to_string(&path).ok();
    let read = text
        .as_ref()
        .map(|_| read_deployment(&path).map_err(|e| e.to_string()));
    page(&desk, text.unwrap_or_default(), read, false)
}

pub(super) async fn try_out(desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let text = fields.raw("text").replace("\r\n", "\n");
    let read = edited(&desk, &text);
    page(&desk, text, Some(read), true)
}

/// An edited text. It may name no other file than the saved one does: what lies on the server is not
/// read for whoever can write a text here.
fn edited(desk: &Desk, text: &str) -> Result<(Deployment, Arc<Law>), String> {
    let said = |error: LawError| error.to_string();
    let name = "deployment.toml";
    let deployment = Deployment::read(PackText { name, text }).map_err(|e| e.to_string())?;
    if deployment.pack_files.is_empty() {
        return Ok((deployment, Law::built_in().map_err(said)?));
    }
    let saved = read_deployment(&desk.ward.home().deployment());
    match saved {
        Ok((saved, law)) if saved.pack_files == deployment.pack_files => Ok((deployment, law)),
        _ => Err(desk
            .lang
            .say(
                "`pack_files` can be tried only as the saved deployment has it",
                "pack_files 只能与已保存的部署相同",
            )
            .to_owned()),
    }
}

fn page(
    desk: &Desk,
    text: String,
    read: Option<Result<(Deployment, Arc<Law>), String>>,
    tried: bool,
) -> Result<Response, Problem> {
    let mut page = DeploymentPage {
        lang: desk.lang,
        frame: desk.frame(Section::Deployment)?,
        text,
        tried,
        declared: read.is_some(),
        wrong: None,
        name: String::new(),
        in_order: false,
        packs: Vec::new(),
    };
    let today = now().to_zoned(TimeZone::UTC).date();
    match read {
        None => {}
        Some(Err(why)) => page.wrong = Some(why),
        Some(Ok((deployment, law))) => match check(&deployment, &law, today) {
            Err(error) => page.wrong = Some(error.to_string()),
            Ok(found) => {
                page.in_order = found.is_in_order();
                page.packs = found.packs.iter().map(|one| pack(one, desk.lang)).collect();
                page.name = found.name;
            }
        },
    }
    show(&page)
}

fn pack(pack: &PackCheck, lang: Lang) -> Pack {
    let satisfied = pack.satisfied.iter();
    Pack {
        short: pack.short.clone(),
        title: pack.title.clone(),
        satisfied: satisfied.map(|rule| rule.citation.clone()).collect(),
        findings: pack.findings.iter().map(|one| found(one, lang)).collect(),
    }
}

fn found(finding: &DeploymentFinding, lang: Lang) -> Found {
    let (tone, weight) = match finding.weight {
        Weight::Refuses => ("bad", lang.say("refuses", "拒绝")),
        Weight::RefusesOnAReading => (
            "bad",
            lang.say(
                "refuses, on a reading: have it looked at",
                "按一种解释拒绝：请专业人士审阅",
            ),
        ),
        Weight::Advice => ("warn", lang.say("advice", "建议")),
    };
    Found {
        tone,
        weight,
        citation: finding.rule.citation.clone(),
        rule: finding.rule.id.clone(),
        found: finding.found.join("; "),
        concerns: finding.concerns.join("; "),
        mend: finding.mend.clone(),
    }
}
