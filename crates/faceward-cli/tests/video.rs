//! Video at the terminal: lines for programs, broken files, and results that give nobody away.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

mod place;

use place::Place;

/// A folder with the same portrait a few times, which is a video.
fn film(place: &Place, frames: usize) {
    let folder = place.path("film");
    fs::create_dir(&folder).unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/astronaut.png");
    for number in 0..frames {
        fs::copy(&demo, folder.join(format!("{number}.png"))).unwrap();
    }
}

fn lines(place: &Place, line: &str) -> Vec<Value> {
    let output = place.run(&format!("{line} --json"));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn watching_tells_what_happens_line_by_line_and_writes_what_it_saw() {
    let place = Place::new();
    film(&place, 4);
    let told = lines(&place, "watch film --consent asked --overlay seen --timing");
    let events: Vec<&str> = told
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["begins", "ends", "over"]);
    assert_eq!(
        (&told[1]["frames"], &told[1]["who"]),
        (&Value::from(4), &Value::Null)
    );
    assert_eq!(
        (&told[2]["frames"], &told[2]["tracks"]),
        (&Value::from(4), &Value::from(1))
    );
    assert_eq!(fs::read_dir(place.path("seen")).unwrap().count(), 4);

    let (code, said) = place.says("watch film");
    assert_eq!(code, 3, "nobody agreed to be searched: {said}");
    assert!(said.contains("--consent"), "{said}");
}

#[test]
fn a_broken_video_keeps_what_came_before_and_says_what_broke() {
    let place = Place::new();
    film(&place, 4);
    place.done("redact film --everyone --consent asked --out film.avi");
    let whole = fs::read(place.path("film.avi")).unwrap();
    fs::write(place.path("cut.avi"), &whole[..whole.len() * 3 / 5]).unwrap();
    let (code, said) = place.says("watch cut.avi --consent asked");
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("2 frames in") && said.contains("the AVI ends in the middle of frame 3"),
        "{said}"
    );
    let told = lines(
        &place,
        "redact cut.avi --everyone --consent asked --out part.avi",
    );
    assert_eq!(
        (&told[0]["frames"], &told[0]["outcome"]),
        (&Value::from(2), &Value::from("done"))
    );
    assert!(told[0]["broken"].is_string());
    let (_, said) = place.says("watch part.avi --consent asked");
    assert!(said.contains("2 frames in"), "{said}");
}

#[test]
fn without_ffmpeg_other_films_are_refused_with_what_to_do() {
    let place = Place::new();
    fs::write(
        place.path("film.mp4"),
        b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2",
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_faceward"))
        .args(["watch", "film.mp4", "--consent", "asked"])
        .current_dir(place.path(""))
        .env("FACEWARD_HOME", place.path("home"))
        .env("PATH", "")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("this MP4 is decoded by the program ffmpeg"),
        "{said}"
    );
}

#[test]
fn a_covered_picture_has_no_face_and_no_metadata_and_the_source_is_not_overwritten() {
    let place = Place::new();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/biden.jpg");
    // As a camera would, with a word about where it was taken.
    let jpeg = fs::read(demo).unwrap();
    let mut marked = jpeg[..2].to_vec();
    marked.extend(b"\xff\xfe\x00\x0dat my house");
    marked.extend(&jpeg[2..]);
    fs::write(place.path("photo.jpg"), &marked).unwrap();

    let (code, _) = place.says("redact photo.jpg --everyone --out covered.jpg");
    assert_eq!(code, 3, "nobody said who agreed");
    assert!(!place.path("covered.jpg").exists());
    let (code, said) = place.says("redact photo.jpg --everyone --consent asked --out photo.jpg");
    assert_eq!(code, 2, "{said}");
    assert_eq!(fs::read(place.path("photo.jpg")).unwrap(), marked);

    let told = place.json("redact photo.jpg --everyone --consent asked --out covered.jpg");
    assert_eq!(told["covered"], 1);
    let covered = fs::read(place.path("covered.jpg")).unwrap();
    assert!(!covered.windows(11).any(|part| part == b"at my house"));
    let told = place.json("detect covered.jpg --consent asked");
    assert_eq!(told["faces"], Value::Array(Vec::new()));
}
