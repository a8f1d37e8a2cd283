//! Taking people over once more, after an import broke off.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;

use faceward::*;
use tempfile::TempDir;

mod stage;

use stage::{agree, door, photo, ward, who};

/// A dump in which Ann has these pictures, and somebody else's last.
fn dump(pictures: &[&str]) -> ImportSource {
    let (mut examples, mut images) = (String::new(), String::new());
    for (place, name) in pictures.iter().enumerate() {
        let _ = writeln!(examples, "e{place}\ts1\ti{place}");
        let _ = write!(images, "i{place}\t\\\\x");
        for byte in photo(name) {
            let _ = write!(images, "{byte:02x}");
        }
        images.push('\n');
    }
    let text = format!(
        "COPY public.embedding (id, subject_id, img_id) FROM stdin;\n{examples}\\.\n\
         COPY public.img (id, content) FROM stdin;\n{images}\\.\n\
         COPY public.subject (id, api_key, subject_name) FROM stdin;\ns1\tk-1\tAnn\n\\.\n"
    );
    ImportSource::dump(text.as_bytes(), "k-1").unwrap()
}

/// Imports to the end; what became of the one person there is.
async fn imported(ward: &Ward, source: &ImportSource) -> ImportedPerson {
    let mut import = ward.import(&door(), source.clone()).await.unwrap();
    loop {
        match import.step().await.unwrap() {
            Some(ImportStep::Person(person)) => return person,
            Some(ImportStep::Example) => {}
            None => panic!("nobody was taken over"),
        }
    }
}

async fn references(ward: &Ward) -> u64 {
    let ann = ward.subject(&who("Ann")).await.unwrap();
    ann.purposes[0].references
}

#[tokio::test]
async fn an_import_that_broke_off_is_completed_and_nothing_is_kept_twice() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    agree(&ward, "Ann").await;
    let source = dump(&["obama.jpg", "obama2.jpg", "biden.jpg"]);
    let mut broken = ward.import(&door(), source.clone()).await.unwrap();
    let first = broken.step().await.unwrap();
    assert!(matches!(first, Some(ImportStep::Example)));
    drop(broken);
    assert_eq!(references(&ward).await, 1);

    let second = imported(&ward, &source).await;
    assert_eq!((second.here_already, second.enrolled), (1, 1));
    assert_eq!(second.next, ImportNext::Nothing);
    assert_eq!(second.left_aside.len(), 1, "somebody else's picture");
    assert_eq!(references(&ward).await, 2);

    let third = imported(&ward, &source).await;
    assert_eq!((third.here_already, third.enrolled), (2, 0));
    assert_eq!(third.next, ImportNext::HereAlready);
    assert_eq!(references(&ward).await, 2);
}

#[tokio::test]
async fn whoever_is_here_whole_is_not_looked_at_again() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, "").await;
    agree(&ward, "Ann").await;
    let source = dump(&["obama.jpg"]);
    assert_eq!(imported(&ward, &source).await.enrolled, 1);
    let before = ward.health().await.unwrap();
    let again = imported(&ward, &source).await;
    assert_eq!((again.here_already, again.enrolled), (1, 0));
    assert_eq!(again.next, ImportNext::HereAlready);
    // Looking at a face would have left an entry.
    assert_eq!(ward.health().await.unwrap().entries, before.entries);
}
