use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use faceward::{COMPONENTS, Detected, Face, Measured, Point, Quality, Ward, single_face_present};
use serde_json::{Value, json};

use super::enroll::{component_json, components_json};
use crate::answer::{Answer, Code, Console};
use crate::draw;
use crate::progress::Steps;
use crate::session::{Session, picture, pictures};

/// Find the faces in a picture, and draw them on a copy if you name one
///
/// Nothing is compared or kept. Looking at faces needs leave as well: state who agreed and how.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A picture, or a folder of pictures
    #[arg(value_name = "PICTURE")]
    pictures: PathBuf,
    /// Who agreed to this, and how: 'the group asked for it'
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    consent: String,
    /// Draw the faces on a copy there (in a folder, as PICTURE.faces.png, when several pictures are named)
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

const DRAWN: &str = ".faces.png";

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let mut paths = pictures(&args.pictures)?;
    if args.pictures.is_dir() {
        paths.retain(|path| !path.to_string_lossy().ends_with(DRAWN));
    }
    let ward = session.open_or_create(console).await?;
    let steps = Steps::over(paths.len(), console);
    let mut worst = Code::Yes;
    for path in &paths {
        let answer = detect(&ward, &args, path).await;
        let answer = answer.unwrap_or_else(|error| Answer::error(&error));
        steps.say(path, &answer, console);
        worst = Code::worse(worst, answer.code);
    }
    ward.close().await;
    Ok(worst)
}

async fn detect(ward: &Ward, args: &Args, path: &Path) -> anyhow::Result<Answer> {
    let copy = args.out.as_deref().map(|out| copy_of(path, out, args));
    if copy.as_deref() == Some(path) {
        bail!(
            "{} is the picture itself; name another file with --out",
            path.display()
        );
    }
    let verdict = ward.detect(&picture(path)?, &args.consent).await?;
    if let (faceward::Outcome::Done(detected), Some(copy)) = (&verdict.outcome, &copy) {
        draw::faces(detected, copy).with_context(|| format!("cannot write {}", copy.display()))?;
    }
    let next = "say who agreed and how, with --consent 'the group asked for it'";
    Ok(Answer::of(&verdict, next, |detected| {
        detected_answer(detected, copy.as_deref())
    }))
}

fn copy_of(path: &Path, out: &Path, args: &Args) -> PathBuf {
    if !args.pictures.is_dir() && !out.is_dir() {
        return out.to_owned();
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    out.join(format!("{name}{DRAWN}"))
}

fn detected_answer(detected: &Detected, copy: Option<&Path>) -> Answer {
    let count = detected.faces.len();
    let mut text = match count {
        0 => "no face found".to_owned(),
        1 => "1 face".to_owned(),
        n => format!("{n} faces"),
    };
    for (face, _, quality) in &detected.faces {
        let rect = &face.rect;
        text.push_str(&format!(
            "\n  {:.0}×{:.0} at {:.0},{:.0}  confidence {:.2}  quality {}",
            rect.width, rect.height, rect.x, rect.y, face.confidence, quality.unified
        ));
        for reason in &quality.reasons {
            text.push_str(&format!("\n    note: {reason}"));
        }
    }
    let copy = copy.map(|copy| copy.display().to_string());
    if let Some(copy) = &copy {
        text.push_str(&format!("\n  drawn on {copy}"));
    }
    let faces: Vec<Value> = detected.faces.iter().map(face_json).collect();
    let found: Vec<Face> = detected.faces.iter().map(|(face, ..)| *face).collect();
    let fields = json!({
        "outcome": "done",
        "width": detected.image.width(),
        "height": detected.image.height(),
        "notes": detected.image.notes(),
        "faces": faces,
        "single_face_present": component_json(&single_face_present(&found)),
        "not_measured": not_measured(),
        "drawn": copy,
    });
    Answer::done(text, fields)
}

fn face_json((face, landmarks, quality): &(Face, [Point; 68], Quality)) -> Value {
    let rect = &face.rect;
    json!({
        "box": [rect.x, rect.y, rect.width, rect.height],
        "points": face.points.map(|p| [p.x, p.y]),
        "landmarks68": landmarks.map(|p| [p.x, p.y]).to_vec(),
        "confidence": face.confidence,
        "quality": quality.unified,
        "components": components_json(quality),
        "reasons": quality.reasons.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// The components of ISO/IEC 29794-5 that are missing above, and why.
fn not_measured() -> Value {
    let missing = COMPONENTS.iter().filter_map(|known| match known.measured {
        Measured::Not(why) => Some((known.name.to_owned(), Value::from(why))),
        Measured::AsStandard | Measured::Otherwise(_) => None,
    });
    Value::Object(missing.collect())
}
