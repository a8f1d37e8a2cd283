use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use faceward::{
    Ahead, Follow, FollowEvent, FollowTimes, Followed, Following, Next, Passage, Receipt,
    Recording, Source, Video, VideoError, Ward, Who,
};
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::{For, Session};

mod pixels;
mod screen;
mod telling;

use pixels::drawn;
pub(crate) use pixels::{image, picture};
use screen::Screen;

/// Follow everyone in a video, and recognise those who agreed
///
/// Reads Motion-JPEG AVI, GIF, Y4M and folders of pictures itself; other files, cameras (/dev/video0) and streams
/// (rtsp://...) through the program ffmpeg, if there is one.
///
/// With --purpose everyone is searched once, as soon as enough was seen of them, among those who agreed to it; each
/// decision is an entry of the ledger, and of strangers nothing is kept. With --consent faces are only looked for: nobody
/// is compared. In what --overlay writes everyone who was not recognised is covered.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A video, a folder of pictures, a camera or the address of a stream
    source: String,
    #[command(flatten)]
    purpose: For,
    /// Who agreed that faces are looked for, and how; nobody is recognised then
    #[arg(long, value_name = "TEXT", conflicts_with = "purpose")]
    consent: Option<String>,
    /// Write the frames with boxes and names: an .avi, a .y4m or a folder
    #[arg(long, value_name = "OUT")]
    overlay: Option<PathBuf>,
    /// Tell at the end how long each stage took
    #[arg(long)]
    timing: bool,
}

/// How long a frame is waited for before a wish to stop is looked at.
const PATIENCE: Duration = Duration::from_millis(200);

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let source = Source::parse(&args.source);
    let overlay = args
        .overlay
        .as_deref()
        .map(|path| recording(path, &args.source))
        .transpose()?;
    let video = Video::open(&source)?;
    let ward = session.open_or_create(console).await?;
    let on = match &args.consent {
        Some(text) => Following::Statement(text.clone()),
        None => Following::Search(args.purpose.resolve(&ward).context(
            "to look for faces only, and recognise nobody, say who agreed with --consent",
        )?),
    };
    let code = follow(&ward, on, video, source.is_live(), overlay, &args, console).await;
    ward.close().await;
    code
}

/// A recording under this name, if it is not the video itself.
pub(crate) fn recording(path: &Path, source: &str) -> anyhow::Result<Recording> {
    not_itself(path, source)?;
    Ok(Recording::to(path)?)
}

/// Refuses to write over what is read.
pub(crate) fn not_itself(path: &Path, source: &str) -> anyhow::Result<()> {
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(path, Path::new(source)) {
        bail!("{} is the video itself; name another file", path.display());
    }
    Ok(())
}

async fn follow(
    ward: &Ward,
    on: Following,
    video: Video,
    live: bool,
    overlay: Option<Recording>,
    args: &Args,
    console: &Console,
) -> anyhow::Result<Code> {
    const NEXT: &str = "enrol people who agreed to this purpose, or look for faces only, with --consent 'who agreed, and how'";
    let mut follow = match ward.follow_video(on).await? {
        Ok(follow) if overlay.is_some() => follow.thorough(),
        Ok(follow) => follow,
        Err((refusal, receipt)) => {
            return Ok(console.say(&Answer::refused(&refusal, NEXT, &receipt)));
        }
    };
    let mut watch = Watch {
        screen: Screen::new(console, video.promised()),
        overlay,
        began: Instant::now(),
        frames: 0,
        tracks: 0,
        recognised: 0,
        waited: Duration::ZERO,
        drawn: Duration::ZERO,
    };
    let ended = watch
        .frames(&mut follow, Ahead::of(video, live), &stop_wanted())
        .await?;
    let (events, times, receipt) = follow.end().await?;
    watch.tell(&events);
    watch.close(ended, &times, receipt.as_ref(), args, console)
}

/// How the frames ended.
enum Ended {
    /// With the last.
    Well,
    /// Somebody pressed Ctrl-C.
    Stopped,
    /// The video is broken.
    Broken(VideoError),
    /// The law does not permit looking any more.
    Refused(Answer),
}

/// One run over a video.
struct Watch {
    screen: Screen,
    overlay: Option<Recording>,
    began: Instant,
    frames: u64,
    tracks: u64,
    recognised: u64,
    /// For frames to be decoded.
    waited: Duration,
    /// Covering, drawing and writing.
    drawn: Duration,
}

impl Watch {
    async fn frames(
        &mut self,
        follow: &mut Follow,
        mut video: Ahead,
        stop: &AtomicBool,
    ) -> anyhow::Result<Ended> {
        loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(Ended::Stopped);
            }
            let began = Instant::now();
            let next = tokio::task::block_in_place(|| video.within(PATIENCE));
            self.waited += began.elapsed();
            let frame = match next {
                Next::Frame(frame) => frame,
                Next::NotYet => continue,
                Next::Over => return Ok(Ended::Well),
                Next::Broken(error) => return Ok(Ended::Broken(error)),
            };
            let time = frame.time;
            match follow.frame(time, image(frame)?).await? {
                Passage::Seen(followed) => self.seen(time, followed)?,
                Passage::Refused(refusal, receipt) => {
                    return Ok(Ended::Refused(Answer::refused(&refusal, "", &receipt)));
                }
            }
        }
    }

    fn seen(&mut self, time: Duration, mut followed: Followed) -> anyhow::Result<()> {
        self.frames += 1;
        self.tell(&followed.events);
        self.screen
            .frame(self.frames, time, self.began.elapsed(), &followed.faces);
        let began = Instant::now();
        if let Some(overlay) = &mut self.overlay {
            followed.cover_strangers();
            overlay.write(time, drawn(followed)?)?;
        }
        self.drawn += began.elapsed();
        Ok(())
    }

    fn tell(&mut self, events: &[FollowEvent]) {
        for event in events {
            match event {
                FollowEvent::Began(..) => self.tracks += 1,
                FollowEvent::Ended {
                    who: Who::Known { .. },
                    ..
                } => self.recognised += 1,
                FollowEvent::Decided(..)
                | FollowEvent::Withdrawn(..)
                | FollowEvent::Ended { .. } => {}
            }
            self.screen.say(&telling::answer(event));
        }
    }

    fn close(
        self,
        ended: Ended,
        times: &FollowTimes,
        receipt: Option<&Receipt>,
        args: &Args,
        console: &Console,
    ) -> anyhow::Result<Code> {
        let seconds = self.began.elapsed().as_secs_f64();
        if let Some(overlay) = self.overlay {
            overlay.finish()?;
        }
        drop(self.screen);
        let (word, code) = match &ended {
            Ended::Well => ("", Code::Yes),
            Ended::Stopped => (", stopped", Code::Yes),
            Ended::Broken(_) => (", then the video broke off", Code::Error),
            Ended::Refused(_) => (", then the law refused", Code::Refused),
        };
        let rate = self.frames as f64 / seconds.max(1e-9);
        let mut text = format!(
            "{} frames in {seconds:.1} s ({rate:.1} a second){word}: {} tracks, {} recognised",
            self.frames, self.tracks, self.recognised
        );
        let stages = [
            ("waiting for frames", self.waited),
            ("finding faces", times.detect),
            ("tracks", times.track),
            ("close looks", times.looks),
            ("liveness", times.liveness),
            ("deciding", times.decide),
            ("overlay", self.drawn),
        ];
        let each = |time: Duration| time.as_secs_f64() * 1000.0 / (self.frames.max(1)) as f64;
        if args.timing {
            for (stage, time) in stages {
                text.push_str(&format!("\n  {:7.2} ms a frame  {stage}", each(time)));
            }
        }
        let stages: serde_json::Map<_, _> = stages
            .into_iter()
            .map(|(stage, time)| (stage.replace(' ', "_"), each(time).into()))
            .collect();
        let broken = match &ended {
            Ended::Broken(error) => Some(error.to_string()),
            _ => None,
        };
        let answer = Answer {
            text,
            json: json!({
                "event": "over", "frames": self.frames, "seconds": seconds, "frames_a_second": rate,
                "tracks": self.tracks, "recognised": self.recognised, "broken": broken,
                "stopped": matches!(ended, Ended::Stopped), "ms_a_frame": stages,
            }),
            code,
        };
        console.say(&match receipt {
            Some(receipt) => answer.recorded(receipt),
            None => answer,
        });
        match ended {
            Ended::Broken(error) if !console.json() => console.error(&error.into()),
            Ended::Refused(answer) => return Ok(console.say(&answer)),
            Ended::Well | Ended::Stopped | Ended::Broken(_) => {}
        }
        Ok(code)
    }
}

/// Set once somebody pressed Ctrl-C; a second time ends the program at once.
pub(crate) fn stop_wanted() -> Arc<AtomicBool> {
    let wanted = Arc::new(AtomicBool::new(false));
    let set = wanted.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if set.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        }
    });
    wanted
}
