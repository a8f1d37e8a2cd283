//! A process of the program ffmpeg that turns anything it reads into a Y4M on a pipe. A crash of it stays outside.

use std::ffi::OsString;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::Broken;
use crate::picture::{Picture, one_line};
use crate::y4m::Y4m;

/// Bytes kept of what it complains about; the rest is read and dropped.
const COMPLAINT: usize = 4096;
/// Bytes of pixels read at once.
const BUFFER: usize = 1 << 20;

/// The running process; it is killed when this is dropped.
pub(crate) struct Ffmpeg {
    child: Child,
    output: Option<BufReader<ChildStdout>>,
    video: Option<Y4m<BufReader<ChildStdout>>>,
    /// The thread that hears what it complains of.
    hearing: Option<JoinHandle<String>>,
    said: String,
}

/// The program, from the folders of the path that are named in full: one beside a video is not run.
pub(crate) fn find() -> Option<PathBuf> {
    let name = format!("ffmpeg{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    let mut folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.find_map(|folder| Some(folder.join(&name)).filter(|file| file.is_file()))
}

/// What it is told about a file: that it is one, whatever its name looks like, and that it may lead to no other place.
pub(crate) fn file(path: &Path) -> Vec<OsString> {
    let mut input = words(&["-protocol_whitelist", "file,pipe", "-i"]);
    let mut name = OsString::from("file:");
    name.push(path);
    input.push(name);
    input
}

/// About a camera.
pub(crate) fn camera(device: &Path) -> Vec<OsString> {
    let mut input = words(&["-f", "v4l2", "-i"]);
    input.push(device.into());
    input
}

/// About a stream.
pub(crate) fn stream(address: &str) -> Vec<OsString> {
    let mut input = words(&[
        "-protocol_whitelist",
        "rtsp,rtsps,rtp,rtmp,rtmps,srt,udp,tcp,tls,http,https,crypto",
    ]);
    if address.to_ascii_lowercase().starts_with("rtsp") {
        input.extend(words(&["-rtsp_transport", "tcp"]));
    }
    input.extend(words(&["-i", address]));
    input
}

impl Ffmpeg {
    /// Starts it. Arguments go to it as they are, through no shell, and it gets nothing to read from us.
    pub(crate) fn start(program: &Path, input: &[OsString]) -> std::io::Result<Self> {
        let mut child = Command::new(program)
            .args(["-nostdin", "-hide_banner", "-loglevel", "error"])
            .args(input)
            .args(["-map", "0:v:0", "-an", "-sn", "-dn", "-pix_fmt", "yuv420p"])
            .args(["-f", "yuv4mpegpipe", "pipe:1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let output = child
            .stdout
            .take()
            .map(|out| BufReader::with_capacity(BUFFER, out));
        let hearing = child
            .stderr
            .take()
            .map(|errors| std::thread::spawn(move || hear(errors)));
        Ok(Self {
            child,
            output,
            video: None,
            hearing,
            said: String::new(),
        })
    }

    pub(crate) fn next(&mut self) -> Result<Option<(Duration, Picture)>, Broken> {
        let next = match self.opened() {
            Ok(video) => video.next(),
            Err(broken) => Err(broken),
        };
        match next {
            Ok(Some(frame)) => Ok(Some(frame)),
            // Of a file that is cut off it complains, and calls that success.
            Ok(None) if self.went_well() && self.said().is_empty() => Ok(None),
            Err(broken @ (Broken::TooManyPixels(..) | Broken::Time(_))) => Err(broken),
            Ok(None) | Err(_) => Err(Broken::Ffmpeg(self.says())),
        }
    }

    fn opened(&mut self) -> Result<&mut Y4m<BufReader<ChildStdout>>, Broken> {
        if self.video.is_none() {
            let output = self.output.take().ok_or(Broken::Cut)?;
            self.video = Some(Y4m::open(output)?);
        }
        self.video.as_mut().ok_or(Broken::Cut)
    }

    fn went_well(&mut self) -> bool {
        self.child.wait().is_ok_and(|status| status.success())
    }

    /// Everything it complained of, once it has ended.
    fn said(&mut self) -> &str {
        if let Some(said) = self.hearing.take().and_then(|thread| thread.join().ok()) {
            self.said = said;
        }
        &self.said
    }

    /// Its last word.
    fn says(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut lines = self.said().lines().map(str::trim);
        let last = lines.rfind(|line| !line.is_empty());
        last.map_or_else(
            || "it gave no reason".to_owned(),
            |line| one_line(&unnamed(line)),
        )
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads everything, so that the process is never held up, and keeps the end.
fn hear(mut errors: impl Read) -> String {
    let mut kept: Vec<u8> = Vec::new();
    let mut some = [0; 1024];
    while let Ok(read @ 1..) = errors.read(&mut some) {
        kept.extend(some.iter().take(read));
        let over = kept.len().saturating_sub(COMPLAINT);
        kept.drain(..over);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Without the names of its parts, and without addresses, which may hold a password.
fn unnamed(mut line: &str) -> String {
    while let Some((_, rest)) = line
        .strip_prefix('[')
        .and_then(|line| line.split_once("] "))
    {
        line = rest;
    }
    let word = |word: &str| match word.contains("://") {
        true => "the stream:".to_owned(),
        false => word.to_owned(),
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A program that answers like ffmpeg.
    fn pretender(folder: &Path, script: &str) -> PathBuf {
        let path = folder.join("ffmpeg");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        path
    }

    fn frames(ffmpeg: &mut Ffmpeg) -> (u32, Option<String>) {
        let mut frames = 0;
        loop {
            match ffmpeg.next() {
                Ok(Some(_)) => frames += 1,
                Ok(None) => return (frames, None),
                Err(Broken::Ffmpeg(says)) => return (frames, Some(says)),
                Err(_) => return (frames, Some("another error".to_owned())),
            }
        }
    }

    #[test]
    fn its_frames_are_read_and_its_last_word_is_told_without_addresses() {
        let folder = tempfile::tempdir().unwrap();
        let good = r"printf 'YUV4MPEG2 W2 H2 F25:1 C420jpeg\nFRAME\n123456FRAME\n123456'";
        for (script, expected) in [
            (good.to_owned(), (2, None)),
            (
                format!("{good}; echo 'rtsp://me:pw@host/x: Connection refused' >&2; exit 1"),
                (2, Some("the stream: Connection refused".to_owned())),
            ),
            (
                format!("{good}; printf 'FRAME\\n12'"),
                (2, Some("it gave no reason".to_owned())),
            ),
            (
                format!("{good}; echo '[in#0/mov @ 0x55] [a] partial file' >&2"),
                (2, Some("partial file".to_owned())),
            ),
            (
                "echo 'moov atom not found' >&2; exit 1".to_owned(),
                (0, Some("moov atom not found".to_owned())),
            ),
        ] {
            let program = pretender(folder.path(), &script);
            let mut ffmpeg = Ffmpeg::start(&program, &file(Path::new("a.mp4"))).unwrap();
            assert_eq!(frames(&mut ffmpeg), expected, "{script}");
        }
    }

    #[test]
    fn a_name_that_looks_like_an_option_or_a_protocol_stays_a_name() {
        for name in ["-y", "concat:a|b", "$(touch x)"] {
            let input = file(Path::new(name));
            assert_eq!(
                input.last().unwrap(),
                &OsString::from(format!("file:{name}"))
            );
        }
    }
}
