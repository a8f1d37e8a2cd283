//! Prints how fast five faces at 640×480 are followed and recognised, and whether memory stays flat:
//! `cargo run --release -p faceward --example watch -- 10` for ten seconds of film, `-- 3600` for an hour. A second `1`
//! gives each look one thread instead of all cores.
//!
//! The film is written once as a Motion-JPEG AVI of four seconds and read again and again, decoded on a thread of its own
//! as `faceward watch` does it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops where it fails")]

use std::path::Path;
use std::time::{Duration, Instant};

use faceward::{
    Ahead, FollowEvent, Following, Home, Image, Passage, Picture, Purpose, Recording, Source,
    Unlock, Video, Ward,
};

#[path = "../tests/stage/film.rs"]
mod film;
#[path = "../tests/stage/mod.rs"]
mod stage;

use film::{BIDEN, COLLINS, Head, OBAMA, OBAMA_AGAIN, OBAMA_ONCE_MORE, frame};
use stage::{consent, done, photo, who};

const FRAMES: u32 = 100;
const FRAME: Duration = Duration::from_millis(40);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let seconds: u64 = std::env::args()
        .nth(1)
        .map_or(10, |text| text.parse().unwrap());
    let place = tempfile::tempdir().unwrap();
    let ward = Ward::create(&Home::at(place.path()), &Unlock::File)
        .await
        .unwrap();
    let ward = match std::env::args().nth(2).as_deref() {
        Some("1") => ward.looking_at_once(std::num::NonZeroUsize::MIN),
        _ => ward,
    };
    let purpose: Purpose = "door-access".parse().unwrap();
    for name in ["obama", "biden"] {
        enrol(&ward, name, &purpose).await;
    }
    let path = place.path().join("film.avi");
    write(&path);

    let Ok(mut follow) = ward.follow_video(Following::Search(purpose)).await.unwrap() else {
        panic!("refused");
    };
    let (mut tracks, mut decided, mut faces, mut frames) = (0, 0, 0, 0_u64);
    let (began, mut told) = (Instant::now(), Instant::now());
    let (mut slowest, mut first) = (Duration::ZERO, 0);
    while frames < 25 * seconds {
        let offset = FRAME * frames as u32;
        for frame in Ahead::of(Video::open(&Source::File(path.clone())).unwrap(), false) {
            let frame = frame.unwrap();
            let (width, height) = (frame.picture.width(), frame.picture.height());
            let image = Image::from_rgb(width, height, frame.picture.into_rgb()).unwrap();
            let start = Instant::now();
            let Passage::Seen(seen) = follow.frame(offset + frame.time, image).await.unwrap()
            else {
                panic!("refused");
            };
            slowest = slowest.max(start.elapsed());
            frames += 1;
            faces += seen.faces.iter().filter(|face| face.seen).count() as u64;
            for event in seen.events {
                match event {
                    FollowEvent::Began(..) => tracks += 1,
                    FollowEvent::Decided(..) => decided += 1,
                    FollowEvent::Withdrawn(..) | FollowEvent::Ended { .. } => {}
                }
            }
            if frames == u64::from(FRAMES) {
                first = memory();
            }
        }
        if told.elapsed() > Duration::from_secs(30) {
            told = Instant::now();
            println!(
                "{:>7} frames, {:>5.0} s of film, {} KiB",
                frames,
                frames as f64 / 25.0,
                memory()
            );
        }
    }
    let (took, times) = (began.elapsed().as_secs_f64(), follow.times());
    let each = |time: Duration| time.as_secs_f64() * 1000.0 / frames as f64;
    println!(
        "{frames} frames of 640×480, {:.2} faces each, in {took:.1} s: {:.1} frames a second",
        faces as f64 / frames as f64,
        frames as f64 / took
    );
    println!(
        "processor time {:.1} ms a frame, slowest frame {:.0} ms",
        processor() * 1000.0 / frames as f64,
        slowest.as_secs_f64() * 1000.0
    );
    for (stage, time) in [
        ("finding faces", times.detect),
        ("tracks", times.track),
        ("close looks", times.looks),
        ("liveness", times.liveness),
        ("deciding", times.decide),
    ] {
        println!("{:8.2} ms a frame  {stage}", each(time));
    }
    println!(
        "{tracks} tracks, {decided} decisions; memory {first} KiB after 4 s of film, {} KiB at the end",
        memory()
    );
}

async fn enrol(ward: &Ward, name: &str, purpose: &Purpose) {
    ward.give_consent(consent(name, purpose.clone()))
        .await
        .unwrap();
    let portrait = photo(&format!("{name}.jpg"));
    done(ward.enroll(&who(name), purpose, &portrait).await.unwrap());
}

/// Five heads that sway, each with its own rhythm, four seconds long and without a jump at the end.
fn write(path: &Path) {
    let heads = [OBAMA, OBAMA_AGAIN, OBAMA_ONCE_MORE, BIDEN, COLLINS].map(Head::of);
    let places = [(30, 30), (260, 40), (480, 40), (130, 270), (400, 290)];
    let mut recording = Recording::to(path).unwrap();
    for number in 0..FRAMES {
        let turn = f64::from(number) / f64::from(FRAMES) * std::f64::consts::TAU;
        let swayed = heads
            .iter()
            .zip(places)
            .enumerate()
            .map(|(who, (head, (x, y)))| {
                let sway = |times: f64| (18.0 * (times * turn + who as f64).sin()) as i32;
                (head, (x + sway(1.0 + who as f64), y + sway(2.0)))
            });
        let image = frame((640, 480), &swayed.collect::<Vec<_>>());
        let picture = Picture::new(640, 480, image.into_rgb()).unwrap();
        recording.write(FRAME * number, picture).unwrap();
    }
    recording.finish().unwrap();
}

/// What is resident, in KiB; 0 where the system does not tell.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// Seconds of processor time used so far; 0 where the system does not tell.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|word| word.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
