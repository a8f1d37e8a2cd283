//! What one frame of a liveness session shows, on the public photographs of the demo.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward::{Frame, Home, Unlock, Ward, Watched, Watching};
use tempfile::TempDir;

mod stage;

use stage::photo;

async fn seen(ward: &Ward, name: &str, first: Option<&Watched>) -> Watched {
    let on = Watching::Statement("in the public domain".to_owned());
    let first = first.map(|first| &first.face);
    match ward.watch(&on, &photo(name), first).await.unwrap() {
        Frame::Seen(watched) => watched,
        Frame::Unusable(why) => panic!("{why}"),
        Frame::Refused(refusal) => panic!("{refusal}"),
    }
}

#[tokio::test]
async fn a_frame_tells_pose_and_eyes_and_whether_it_is_the_same_face() {
    let folder = TempDir::new().unwrap();
    let ward = Ward::create(&Home::at(folder.path()), &Unlock::File).await;
    let ward = ward.unwrap();
    let first = seen(&ward, "obama.jpg", None).await;
    assert_eq!((first.faces, first.same), (1, None));
    for (name, same) in [
        ("obama.jpg", true),
        ("obama2.jpg", true),
        ("biden.jpg", false),
    ] {
        let frame = seen(&ward, name, Some(&first)).await;
        println!(
            "{name} {} {} {} {}",
            frame.yaw, frame.pitch, frame.eyes, frame.live
        );
        assert_eq!(frame.same, Some(same), "{name}");
        assert!(frame.yaw.abs() < 30.0 && frame.pitch.abs() < 30.0, "{name}");
        assert!((0.15..0.5).contains(&frame.eyes), "{name}: {}", frame.eyes);
    }
    // Watching alone is no entry: the one there is comes with the end.
    assert_eq!(ward.ledger_size().await.unwrap(), 0);
}
