//! Where frames come from.

use std::path::{Path, PathBuf};

/// Where frames come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, told apart by its content.
    File(PathBuf),
    /// A folder of pictures, in the order of their names.
    Folder(PathBuf),
    /// A camera, such as `/dev/video0`.
    Camera(PathBuf),
    /// The address of a stream, such as `rtsp://…`.
    Stream(String),
}

const STREAMS: [&str; 8] = [
    "rtsp://", "rtsps://", "rtmp://", "rtmps://", "http://", "https://", "udp://", "srt://",
];

impl Source {
    /// What a word on a command line means.
    pub fn parse(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        if STREAMS.iter().any(|scheme| lower.starts_with(scheme)) {
            return Self::Stream(text.to_owned());
        }
        let path = PathBuf::from(text);
        if is_camera(&path) {
            Self::Camera(path)
        } else if path.is_dir() {
            Self::Folder(path)
        } else {
            Self::File(path)
        }
    }

    /// Whether frames come as they happen, so that one that is not taken in time is gone.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Camera(_) | Self::Stream(_))
    }

    /// Where it lies, for messages; an address is not told, since it may hold a password.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Folder(path) | Self::Camera(path) => path,
            Self::Stream(_) => Path::new("the stream"),
        }
    }
}

/// The video devices of Linux.
fn is_camera(path: &Path) -> bool {
    let name = path.strip_prefix("/dev").ok().and_then(Path::to_str);
    name.and_then(|name| name.strip_prefix("video"))
        .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_cameras_folders_and_files_are_told_apart() {
        let stream = "RTSP://user:secret@10.0.0.7/door";
        assert_eq!(Source::parse(stream), Source::Stream(stream.to_owned()));
        assert!(!format!("{}", Source::parse(stream).path().display()).contains("secret"));
        assert!(matches!(Source::parse("/dev/video0"), Source::Camera(_)));
        assert!(matches!(Source::parse("/dev/videos"), Source::File(_)));
        assert!(matches!(Source::parse("."), Source::Folder(_)));
        assert!(matches!(Source::parse("concat:a|b"), Source::File(_)));
    }
}
