//! What is written comes back, and what is broken gives the frames before the break and then one sentence.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use faceward_video::{Ahead, Output, Picture, Source, Video, VideoError};
use proptest::prelude::*;
use tempfile::TempDir;

const SIZE: (u32, u32) = (48, 32);
const FRAME: Duration = Duration::from_millis(40);

/// A picture whose colour tells which it is.
fn picture(number: u8, (width, height): (u32, u32)) -> Picture {
    let pixel = [40 * number, 200 - 30 * number, 90];
    Picture::new(width, height, pixel.repeat((width * height) as usize)).unwrap()
}

fn written(folder: &TempDir, name: &str, frames: u8) -> PathBuf {
    let path = folder.path().join(name);
    let mut output = Output::create(&path, SIZE, FRAME).unwrap();
    for number in 0..frames {
        output.write(&picture(number, SIZE)).unwrap();
    }
    output.finish().unwrap();
    path
}

fn gif(folder: &TempDir, frames: u8) -> PathBuf {
    let path = folder.path().join("a.gif");
    let (width, height) = (SIZE.0 as u16, SIZE.1 as u16);
    let mut encoder =
        gif::Encoder::new(fs::File::create(&path).unwrap(), width, height, &[]).unwrap();
    for number in 0..frames {
        let mut frame = gif::Frame::from_rgb(width, height, picture(number, SIZE).rgb());
        frame.delay = 4;
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    path
}

/// Times and first pixels of the frames, and the error after them.
type Story = (Vec<(u64, [u8; 3])>, Option<VideoError>);

fn story(path: &Path) -> Story {
    let mut frames = Vec::new();
    let video = match Video::open(&Source::parse(path.to_str().unwrap())) {
        Ok(video) => video,
        Err(error) => return (frames, Some(error)),
    };
    for (place, frame) in video.enumerate() {
        match frame {
            Ok(frame) => {
                assert_eq!(frame.index, place as u64);
                let pixel = *frame.picture.rgb().first_chunk().unwrap();
                frames.push((frame.time.as_millis() as u64, pixel));
            }
            Err(error) => return (frames, Some(error)),
        }
    }
    (frames, None)
}

fn all(folder: &TempDir, frames: u8) -> [PathBuf; 4] {
    [
        written(folder, "a.avi", frames),
        written(folder, "a.y4m", frames),
        written(folder, "frames", frames),
        gif(folder, frames),
    ]
}

#[test]
fn frames_come_back_in_order_with_their_times_and_colours() {
    let folder = TempDir::new().unwrap();
    for path in all(&folder, 5) {
        let (frames, error) = story(&path);
        assert!(error.is_none(), "{}: {error:?}", path.display());
        let times: Vec<u64> = frames.iter().map(|(time, _)| *time).collect();
        assert_eq!(times, [0, 40, 80, 120, 160], "{}", path.display());
        for (number, (_, pixel)) in frames.iter().enumerate() {
            let meant = picture(number as u8, SIZE);
            for (a, b) in pixel.iter().zip(meant.rgb()) {
                assert!(
                    a.abs_diff(*b) <= 4,
                    "{}: {pixel:?} for {number}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn decoding_ahead_gives_the_same_frames_and_ends_when_nobody_listens() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, "a.avi", 6);
    let open = || Video::open(&Source::File(path.clone())).unwrap();
    let ahead = Ahead::of(open(), false);
    assert_eq!(
        ahead.map(|frame| frame.unwrap().index).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4, 5]
    );
    let mut left = Ahead::of(open(), false);
    assert_eq!(left.next().unwrap().unwrap().index, 0);
}

#[test]
fn an_avi_that_was_broken_off_while_it_was_written_can_be_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.avi");
    let mut output = Output::create(&path, SIZE, FRAME).unwrap();
    output.write(&picture(1, SIZE)).unwrap();
    drop(output);
    assert_eq!(story(&path).0.len(), 1);
    assert!(story(&path).1.is_none());
}

#[test]
fn a_cut_file_gives_what_is_there_and_says_where_it_ends() {
    let folder = TempDir::new().unwrap();
    for path in all(&folder, 5) {
        if path.is_dir() {
            continue;
        }
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() * 3 / 5]).unwrap();
        let (frames, error) = story(&path);
        let Some(VideoError::Truncated { frames: told, .. }) = error else {
            panic!("{}: {error:?}", path.display())
        };
        assert!(
            (1..5).contains(&frames.len()),
            "{}: {}",
            path.display(),
            frames.len()
        );
        assert_eq!(told, frames.len() as u64);
    }
}

#[test]
fn a_header_and_no_frame_is_said() {
    let folder = TempDir::new().unwrap();
    for path in [
        written(&folder, "none.avi", 0),
        written(&folder, "none.y4m", 0),
        written(&folder, "none", 0),
        gif(&folder, 0),
    ] {
        let (_, error) = story(&path);
        assert!(
            matches!(error, Some(VideoError::NoFrames { .. })),
            "{error:?}"
        );
    }
}

#[test]
fn a_size_that_changes_ends_the_video_there() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, "frames", 2);
    picture(3, (64, 32))
        .save(&path.join("frame-000002.png"))
        .unwrap();
    let (frames, error) = story(&path);
    assert_eq!(frames.len(), 2);
    let told = error.unwrap().to_string();
    assert!(
        told.contains("frame 3 has 64×32") && told.contains("48×32"),
        "{told}"
    );

    // Two AVIs of different size, the frames of one behind those of the other.
    let (a, b) = (folder.path().join("a.avi"), folder.path().join("b.avi"));
    for (path, size) in [(&a, SIZE), (&b, (64, 32))] {
        let mut output = Output::create(path, size, FRAME).unwrap();
        output.write(&picture(1, size)).unwrap();
        output.finish().unwrap();
    }
    let (mut mixed, other) = (fs::read(&a).unwrap(), fs::read(&b).unwrap());
    mixed.extend(&other[224..]);
    fs::write(&a, mixed).unwrap();
    let (frames, error) = story(&a);
    assert_eq!(frames.len(), 1);
    assert!(
        matches!(error, Some(VideoError::Resized { frames: 1, .. })),
        "{error:?}"
    );
}

#[test]
fn frames_over_the_limit_are_refused_from_the_header() {
    let folder = TempDir::new().unwrap();
    let avi = written(&folder, "a.avi", 1);
    let mut bytes = fs::read(&avi).unwrap();
    // Width and height in the header of the stream's format.
    bytes[176..180].copy_from_slice(&7680_u32.to_le_bytes());
    bytes[180..184].copy_from_slice(&4320_u32.to_le_bytes());
    fs::write(&avi, bytes).unwrap();
    let y4m = folder.path().join("8k.y4m");
    fs::write(&y4m, "YUV4MPEG2 W7680 H4320 F25:1 C420\nFRAME\n").unwrap();
    let gif = gif(&folder, 1);
    let mut bytes = fs::read(&gif).unwrap();
    bytes[6..10].fill(0xff);
    fs::write(&gif, bytes).unwrap();
    for path in [avi, y4m, gif] {
        let (frames, error) = story(&path);
        assert!(frames.is_empty());
        assert!(
            matches!(error, Some(VideoError::TooManyPixels { .. })),
            "{error:?}"
        );
    }
}

#[test]
fn times_that_cannot_be_are_refused() {
    let folder = TempDir::new().unwrap();
    let avi = written(&folder, "a.avi", 1);
    let mut bytes = fs::read(&avi).unwrap();
    bytes[128..132].copy_from_slice(&(-1_i32).to_le_bytes());
    fs::write(&avi, bytes).unwrap();
    let mut paths = vec![avi];
    for rate in ["-25:1", "25:-1", "1:99999999999", "9999999999:1"] {
        let y4m = folder.path().join(format!("{}.y4m", paths.len()));
        fs::write(&y4m, format!("YUV4MPEG2 W2 H2 F{rate} Cmono\nFRAME\n1234")).unwrap();
        paths.push(y4m);
    }
    for path in paths {
        let (_, error) = story(&path);
        assert!(
            matches!(error, Some(VideoError::BadTime { .. })),
            "{}: {error:?}",
            path.display()
        );
    }
}

#[test]
fn what_is_no_video_is_named() {
    let folder = TempDir::new().unwrap();
    for (bytes, says) in [
        (&b""[..], "an empty file"),
        (b"%PDF-1.7 and so on", "a PDF document"),
        (b"Dear Sir or Madam", "a text"),
        (b"PK\x03\x04", "a ZIP archive"),
    ] {
        let path = folder.path().join("x.avi");
        fs::write(&path, bytes).unwrap();
        let told = story(&path).1.unwrap().to_string();
        assert!(told.contains(says), "{told}");
    }
    let error = Output::check(Path::new("out.mp4")).unwrap_err().to_string();
    assert!(error.contains(".avi"), "{error}");
}

#[test]
fn a_picture_that_is_cut_off_in_a_folder_is_named() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, "frames", 1);
    let file = path.join("frame-000001.jpg");
    picture(2, SIZE).save(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 30]).unwrap();
    let (frames, error) = story(&path);
    assert_eq!(frames.len(), 1);
    assert!(
        error
            .unwrap()
            .to_string()
            .contains("frame-000001.jpg is cut off")
    );
}

#[test]
fn frames_of_a_gif_leave_the_canvas_as_they_say() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.gif");
    let palette = [255, 0, 0, 0, 255, 0, 0, 0, 255];
    let mut encoder = gif::Encoder::new(fs::File::create(&path).unwrap(), 2, 1, &palette).unwrap();
    for (left, colour, dispose) in [
        (0, 0, gif::DisposalMethod::Keep),
        (1, 1, gif::DisposalMethod::Previous),
        (0, 2, gif::DisposalMethod::Background),
        (1, 2, gif::DisposalMethod::Keep),
    ] {
        let frame = gif::Frame {
            left,
            dispose,
            width: 1,
            height: 1,
            buffer: vec![colour].into(),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    let seen: Vec<Vec<u8>> = Video::open(&Source::File(path))
        .unwrap()
        .map(|frame| frame.unwrap().picture.into_rgb())
        .collect();
    let (red, green, blue, white) = ([255, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3]);
    assert_eq!(
        seen,
        [[red, white], [red, green], [blue, white], [white, blue]].map(|two| two.concat())
    );
}

#[test]
fn the_clips_have_the_frames_their_list_says() {
    let clips = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/clips-dev");
    let Ok(list) = fs::read_to_string(clips.join("clips.csv")) else {
        println!("skipped: there are no clips beside the project");
        return;
    };
    for row in list.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let number = |at: usize| cells[at].parse::<u64>().unwrap();
        let video = Video::open(&Source::File(clips.join(cells[0]))).unwrap();
        let frames: Vec<_> = video.map(Result::unwrap).collect();
        assert_eq!(frames.len() as u64, number(1), "{row}");
        let last = frames.last().unwrap();
        assert_eq!(
            (
                u64::from(last.picture.width()),
                u64::from(last.picture.height())
            ),
            (number(2), number(3))
        );
        let between = last.time.as_millis() as u64 / (number(1) - 1);
        assert!(between.abs_diff(number(4)) <= 10, "{row}: {between} ms");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever is done to a file, it ends, with at most one error, and no more frames than bytes allow.
    #[test]
    fn a_mutated_file_never_does_worse_than_a_sentence(
        which in 0_usize..3,
        cut in proptest::option::of(0.0_f64..1.0),
        changes in proptest::collection::vec((0.0_f64..1.0, any::<u8>()), 0..12),
    ) {
        let folder = TempDir::new().unwrap();
        let path = match which {
            0 => written(&folder, "a.avi", 4),
            1 => written(&folder, "a.y4m", 4),
            _ => gif(&folder, 4),
        };
        let mut bytes = fs::read(&path).unwrap();
        for (place, value) in changes {
            let place = (place * bytes.len() as f64) as usize;
            bytes[place] = value;
        }
        if let Some(share) = cut {
            bytes.truncate((share * bytes.len() as f64) as usize);
        }
        fs::write(&path, &bytes).unwrap();
        let (frames, error) = story(&path);
        prop_assert!(frames.len() <= bytes.len());
        let mut last = 0;
        for (time, _) in frames {
            prop_assert!(time >= last);
            last = time;
        }
        if let Some(error) = error {
            prop_assert!(error.to_string().len() > 20);
        }
    }
}
