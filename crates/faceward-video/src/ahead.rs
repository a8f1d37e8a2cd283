//! Frames decoded on a thread of their own, a little ahead of who looks at them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::{Frame, Video, VideoError};

/// Frames in waiting. More would only hold more pixels.
const WAITING: usize = 4;

/// The frames of a [`Video`], decoded ahead; an iterator like it. Dropped, it ends the decoding.
pub struct Ahead(Receiver<Result<Frame, VideoError>>);

impl Ahead {
    /// Begins. Of a `live` source frames are left out while nobody takes them, so that who looks is never behind;
    /// otherwise decoding waits.
    pub fn of(video: Video, live: bool) -> Self {
        let (sender, receiver) = sync_channel(if live { 1 } else { WAITING });
        thread::spawn(move || feed(video, live, &sender));
        Self(receiver)
    }
}

/// What came within a time.
pub enum Next {
    /// The next frame.
    Frame(Frame),
    /// The video is broken here.
    Broken(VideoError),
    /// Nothing so far, as of a camera that is slow or a stream that hangs.
    NotYet,
    /// There are no more frames.
    Over,
}

impl Ahead {
    /// Waits for the next frame, but not longer than this.
    pub fn within(&mut self, most: Duration) -> Next {
        match self.0.recv_timeout(most) {
            Ok(Ok(frame)) => Next::Frame(frame),
            Ok(Err(error)) => Next::Broken(error),
            Err(RecvTimeoutError::Timeout) => Next::NotYet,
            Err(RecvTimeoutError::Disconnected) => Next::Over,
        }
    }
}

impl Iterator for Ahead {
    type Item = Result<Frame, VideoError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.recv().ok()
    }
}

fn feed(video: Video, live: bool, to: &SyncSender<Result<Frame, VideoError>>) {
    for frame in video {
        let gone = match (live && frame.is_ok(), frame) {
            (true, frame) => matches!(to.try_send(frame), Err(TrySendError::Disconnected(_))),
            (false, frame) => to.send(frame).is_err(),
        };
        if gone {
            return;
        }
    }
}
