use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use faceward::{
    Ahead, Handle, Outcome, Recording, Redacting, Redaction, RedactionReport, Redactor, Score,
    Source, Video, VideoError, Ward,
};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::command::watch::{image, not_itself, picture, recording, stop_wanted};
use crate::session::{For, Session, handle};

/// Cover faces in a picture or a video so that they cannot be brought back
///
/// With --purpose everyone is covered but those who agreed to it and are recognised; with --only the people named, who
/// must have agreed to be recognised for the purpose; with --everyone everyone, and nobody is compared. Whoever cannot be
/// told is covered.
///
/// A covered head is an ellipse of sixteen blurred colours, in a video the same for all frames. What is written is
/// encoded anew: no metadata and no sound come along. A video is written as a Motion-JPEG AVI, a Y4M or a folder.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A picture, a video or a folder of pictures
    source: String,
    #[command(flatten)]
    purpose: For,
    /// Cover everyone
    #[arg(long, conflicts_with_all = ["purpose", "only"])]
    everyone: bool,
    /// Cover only these people
    #[arg(long, value_name = "WHO,WHO", value_delimiter = ',')]
    only: Vec<String>,
    /// With --everyone: who agreed that faces are looked for, and how
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        requires = "everyone"
    )]
    consent: String,
    /// Where the result goes: a .png or .jpg for a picture; an .avi, a .y4m or a folder for a video
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let source = Source::parse(&args.source);
    if source.is_live() {
        bail!("a video is read twice to be redacted; record the camera or the stream first");
    }
    not_itself(&args.out, &args.source)?;
    let video = Video::open(&source)?;
    if video.format() == "picture" {
        let ending = args
            .out
            .extension()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !["png", "jpg", "jpeg"].iter().any(|known| ending == *known) {
            bail!(
                "{}: a picture is written as .png or .jpg",
                args.out.display()
            );
        }
    } else {
        recording(&args.out, &args.source)?;
    }
    let ward = session.open_or_create(console).await?;
    let on = redacting(&args, &ward)?;
    let code = redact(&ward, on, video, &source, &args, console).await;
    ward.close().await;
    code
}

fn redacting(args: &Args, ward: &Ward) -> anyhow::Result<Redacting> {
    if args.everyone {
        return Ok(Redacting::Everyone(args.consent.clone()));
    }
    let purpose = args.purpose.resolve(ward)?;
    if args.only.is_empty() {
        return Ok(Redacting::Others(purpose));
    }
    let handles: anyhow::Result<Vec<Handle>> =
        args.only.iter().map(|name| handle(name.trim())).collect();
    Ok(Redacting::Only(purpose, handles?))
}

async fn redact(
    ward: &Ward,
    on: Redacting,
    video: Video,
    source: &Source,
    args: &Args,
    console: &Console,
) -> anyhow::Result<Code> {
    let next = match on {
        Redacting::Everyone(_) => {
            "say who agreed that faces are looked for, with --consent 'who agreed, and how'"
        }
        Redacting::Others(_) | Redacting::Only(..) => {
            "enrol people who agreed to this purpose, or cover everyone with --everyone"
        }
    };
    let stop = stop_wanted();
    let is_picture = video.format() == "picture";
    let mut redactor = match ward.redactor(on).await? {
        Ok(redactor) => redactor,
        Err((refusal, receipt)) => {
            return Ok(console.say(&Answer::refused(&refusal, next, &receipt)));
        }
    };
    let broken = match look(&mut redactor, video, &stop).await? {
        Looked::At(broken) => broken,
        Looked::Refused(answer) => return Ok(console.say(&answer)),
    };
    let verdict = redactor.decide().await?;
    if let Outcome::Done(redaction) = &verdict.outcome {
        write(redaction, is_picture, source, &args.out, &stop)?;
    }
    let mut answer = Answer::of(&verdict, next, |redaction| {
        told(&redaction.report, is_picture, &args.out)
    });
    if let (Some(error), Value::Object(fields)) = (&broken, &mut answer.json) {
        fields.insert("broken".to_owned(), error.to_string().into());
        answer.code = answer.code.worse(Code::Error);
    }
    let code = console.say(&answer);
    if let Some(error) = broken.filter(|_| !console.json()) {
        console.error(&error.into());
    }
    Ok(code)
}

enum Looked {
    /// At all frames, or at those before the video broke.
    At(Option<VideoError>),
    Refused(Answer),
}

async fn look(redactor: &mut Redactor, video: Video, stop: &AtomicBool) -> anyhow::Result<Looked> {
    for (seen, frame) in Ahead::of(video, false).enumerate() {
        if stop.load(Ordering::Relaxed) {
            bail!("stopped; nothing was written");
        }
        let frame = match frame {
            Ok(frame) => frame,
            // Without a single frame there is nothing to keep.
            Err(error) if seen == 0 => return Err(error.into()),
            Err(error) => return Ok(Looked::At(Some(error))),
        };
        if let Err((refusal, receipt)) = redactor.look(frame.time, image(frame)?).await? {
            return Ok(Looked::Refused(Answer::refused(&refusal, "", &receipt)));
        }
    }
    Ok(Looked::At(None))
}

/// The second time through: as many frames as were looked at, and no more.
fn write(
    redaction: &Redaction,
    is_picture: bool,
    source: &Source,
    out: &Path,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let mut video_out = match is_picture {
        true => None,
        false => Some(Recording::to(out)?),
    };
    for frame in Video::open(source)?.take(usize::try_from(redaction.report.frames)?) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let frame = frame?;
        let (index, time) = (frame.index, frame.time);
        let mut image = image(frame)?;
        redaction.cover(index, &mut image);
        match &mut video_out {
            Some(recording) => recording.write(time, picture(image)?)?,
            None => picture(image)?.save(out)?,
        }
    }
    if let Some(recording) = video_out {
        recording.finish()?;
    }
    Ok(())
}

fn told(report: &RedactionReport, is_picture: bool, out: &Path) -> Answer {
    let what = match (is_picture, report.covered.max(report.left)) {
        (true, 1) => "face",
        (true, _) => "faces",
        (false, 1) => "track",
        (false, _) => "tracks",
    };
    let mut text = format!("{} {what} covered", report.covered);
    if !report.named.is_empty() {
        text.push_str(&format!(", among them {}", names(&report.named)));
    }
    match (report.shown.is_empty(), report.left) {
        (false, _) => text.push_str(&format!(
            "; shown, as they agreed: {}",
            names(&report.shown)
        )),
        (true, 1..) => text.push_str(&format!("; {} {what} left as they are", report.left)),
        (true, 0) => {}
    }
    let frames = match is_picture {
        true => String::new(),
        false => format!(" ({} frames, without sound)", report.frames),
    };
    text.push_str(&format!(
        "\n  written to {}{frames}, without metadata",
        out.display()
    ));
    let people = |people: &[(Handle, Score)]| -> Vec<Value> {
        let told = |(handle, score): &(Handle, Score)| json!({ "who": handle.as_str(), "score": score.value() });
        people.iter().map(told).collect()
    };
    let fields = json!({
        "outcome": "done", "frames": report.frames, "covered": report.covered, "left": report.left,
        "named": people(&report.named), "shown": people(&report.shown), "out": out.display().to_string(),
        "sound": false, "metadata": false,
    });
    Answer::done(text, fields)
}

fn names(people: &[(Handle, Score)]) -> String {
    let names: Vec<&str> = people.iter().map(|(handle, _)| handle.as_str()).collect();
    names.join(", ")
}
