//! What frames does this video hold, and when is each shown?
//!
//! ```no_run
//! use faceward_video::{Source, Video};
//!
//! # fn main() -> Result<(), faceward_video::VideoError> {
//! for frame in Video::open(&Source::parse("entrance.avi"))? {
//!     let frame = frame?;
//!     println!("{} at {:?}: {} pixels across", frame.index, frame.time, frame.picture.width());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Motion-JPEG AVI, GIF, YUV4MPEG2 and folders of pictures are decoded here; everything else, with cameras and streams,
//! by a process of the program ffmpeg. A broken video gives the frames before the break and then one error, which says
//! in a sentence what was wrong. Frames of one video have one size and times that never go back.
//!
//! Pixels are wiped when dropped and never printed; working memory of decoders is freed by them unwiped. Never: faces.

mod ahead;
mod avi;
mod error;
mod ffmpeg;
mod gif;
mod output;
mod picture;
mod sniff;
mod source;
mod stills;
mod video;
mod y4m;

pub use ahead::{Ahead, Next};
pub use error::VideoError;
pub use output::{Output, Recording};
pub use picture::{MAX_PIXELS, Picture};
pub use source::Source;
pub use video::{Frame, Video};
