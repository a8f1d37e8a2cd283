use std::path::{Path, PathBuf};

use faceward::{Component, Enrolled, Purpose, Quality, Reading, Ward};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::progress::Steps;
use crate::session::{Session, Whom, handle, picture, pictures};

/// Keep a reference of a person who agreed to it
///
/// The law is asked first; without a live consent for the purpose the picture is not even looked
/// at. Of the picture only a sealed template is kept. Several pictures make recognition better.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
    /// A picture of the person alone, or a folder of such pictures
    #[arg(value_name = "PICTURE", required = true)]
    pictures: Vec<PathBuf>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let mut paths = Vec::new();
    for path in &args.pictures {
        paths.extend(pictures(path)?);
    }
    handle(&args.whom.handle)?;
    let ward = session.open_or_create(console).await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let steps = Steps::over(paths.len(), console);
    let mut worst = Code::Yes;
    for path in &paths {
        let answer = enroll(&ward, &args.whom.handle, &purpose, path).await;
        let answer = answer.unwrap_or_else(|error| Answer::error(&error));
        steps.say(path, &answer, console);
        worst = Code::worse(worst, answer.code);
    }
    ward.close().await;
    Ok(worst)
}

async fn enroll(ward: &Ward, who: &str, purpose: &Purpose, path: &Path) -> anyhow::Result<Answer> {
    let verdict = ward.enroll(&handle(who)?, purpose, &picture(path)?).await?;
    let next =
        format!("faceward consent give {who} --purpose {purpose} --notice NOTICE.txt --how '…'");
    Ok(Answer::of(&verdict, &next, |enrolled| {
        enrolled_answer(who, purpose, enrolled)
    }))
}

fn enrolled_answer(who: &str, purpose: &Purpose, enrolled: &Enrolled) -> Answer {
    let reading = &enrolled.reading;
    let text = format!("enrolled {who} for {purpose}{}", reading_text(reading));
    let fields = json!({
        "outcome": "done",
        "reference": enrolled.reference.to_string(),
        "agreement": enrolled.agreement.map(|score| score.value()),
        "face_map": enrolled.map,
        "sample": reading_json(reading),
    });
    Answer::done(text, fields)
}

/// What was seen of a face, as lines to follow an answer.
pub(crate) fn reading_text(reading: &Reading) -> String {
    let mut text = format!(
        "\n  quality {}, liveness {:.2}",
        reading.quality.unified, reading.liveness
    );
    for reason in &reading.quality.reasons {
        text.push_str(&format!("\n  note: {reason}"));
    }
    for note in &reading.notes {
        text.push_str(&format!("\n  note: {note}"));
    }
    text
}

/// What was seen of a face, as JSON.
pub(crate) fn reading_json(reading: &Reading) -> Value {
    let rect = &reading.face.rect;
    json!({
        "box": [rect.x, rect.y, rect.width, rect.height],
        "points": reading.face.points.map(|p| [p.x, p.y]),
        "confidence": reading.face.confidence,
        "liveness": reading.liveness,
        "quality": {
            "unified": reading.quality.unified,
            "components": components_json(&reading.quality),
            "reasons": reading.quality.reasons.iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
        "notes": reading.notes,
    })
}

/// The components of a face's quality by name, as JSON.
pub(crate) fn components_json(quality: &Quality) -> Value {
    let components = quality.components.iter();
    let named = components.map(|c| (c.name.to_owned(), component_json(c)));
    Value::Object(named.collect())
}

pub(crate) fn component_json(component: &Component) -> Value {
    json!({ "native": component.native, "value": component.value })
}
