//! Small files that would grow large: each is refused at every door, and no memory is taken for it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test fails by panicking, and shares its house"
)]

#[path = "place/mod.rs"]
mod place;
#[path = "console/visit.rs"]
mod visit;

use std::fs;
use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use faceward::{KeyKind, Right, Role};
use faceward_server::Limits;
use tower::ServiceExt;

use place::{DOOR, terms};
use visit::handed;

/// What the streams below inflate to, in bytes.
const GROWN: usize = 1 << 30;
/// More than the nets and a working server take, and far less than one of these pictures would.
const ALLOWED_KB: u64 = 300 * 1024;

#[tokio::test]
async fn a_small_file_that_would_grow_large_is_refused_and_takes_no_memory() {
    let place = place::Place::new().await;
    place.agree("alice").await;
    let front = place.front(Limits::default()).await;
    let router = front.router();
    let mut plain = terms(KeyKind::Api);
    plain.rights = [Right::Detect].into();
    plain.statement = Some("everyone in the pictures agreed".to_owned());
    let keys = [
        ("/v1/detect", "picture", place.key(plain).await),
        (
            "/api/v1/detection/detect",
            "file",
            place.key(terms(KeyKind::Detection)).await,
        ),
    ];
    let console = visit::Place::of(place.folder, place.house, false).await;
    console.account("owner", Role::Owner).await;
    let owner = console.sign_in("owner").await;
    let alice = "/console/people/alice";

    let bombs = bombs();
    let before = peak_kb();
    for (name, bomb) in &bombs {
        assert!(bomb.len() < 10 << 20, "{name} is no small file");
        for (path, field, key) in &keys {
            let answer = router.clone().oneshot(form(path, field, key, bomb)).await;
            let answer = answer.unwrap();
            let status = answer.status().as_u16();
            let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let said = String::from_utf8_lossy(&body);
            assert!((400..500).contains(&status), "{name} {path}: {said}");
        }
        let file = [("picture", "face.png", bomb.as_slice())];
        let enroll = format!("{alice}/enroll");
        let answer = console
            .ask(handed(&enroll, &owner, &[("purpose", DOOR)], &file))
            .await;
        let told = answer.body.contains("The picture gave no answer");
        assert!(told, "{name}: {}", answer.body);
        let answer = console
            .ask(handed(
                "/console/cases",
                &owner,
                &[],
                &[("case", "case.toml", bomb)],
            ))
            .await;
        assert_eq!(answer.status, 422, "{name}");
    }
    match (before, peak_kb()) {
        (Some(before), Some(after)) => assert!(
            after - before < ALLOWED_KB,
            "memory grew from {before} to {after} kB"
        ),
        _ => eprintln!("the memory was not measured: this system does not tell it"),
    }
}

fn form(path: &str, field: &str, key: &str, file: &[u8]) -> Request<Body> {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a.png\"\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--x--\r\n"].concat();
    Request::post(path)
        .header("x-api-key", key)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap()
}

/// The most memory this process ever held.
fn peak_kb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../faceward-face/tests/pictures");
    let file = |name: &str| fs::read(pictures.join(name)).unwrap();
    let zeros = zlib_of_zeros(GROWN);
    let small = zlib_of_zeros(8 * 9);
    let named = |word: &str| [word.as_bytes(), b"\0\0", zeros.as_slice()].concat();
    vec![
        ("a JPEG that says it is large", file("20000x20000.jpg")),
        ("a PNG that says it is large", file("20000x20000.png")),
        ("a PGM that says it is large", file("20000x20000.pgm")),
        (
            "a PNG of the largest sides there are",
            png(u32::MAX >> 1, u32::MAX >> 1, &[(b"IDAT", &zeros)]),
        ),
        (
            "a PNG with more in it than it says",
            png(8, 8, &[(b"IDAT", &zeros)]),
        ),
        (
            "a PNG with a large colour profile",
            png(8, 8, &[(b"iCCP", &named("p")), (b"IDAT", &small)]),
        ),
        (
            "a PNG with a large text",
            png(8, 8, &[(b"zTXt", &named("Comment")), (b"IDAT", &small)]),
        ),
    ]
}

/// A zlib stream that inflates to at least so many zeros: one, and copies of it, in the fixed codes
/// of RFC 1951.
fn zlib_of_zeros(length: usize) -> Vec<u8> {
    let copies = length / 258;
    let (mut bytes, mut held, mut bits) = (vec![0x78, 0x01], 0_u32, 0_u32);
    let mut put = |code: u32, length: u32, bytes: &mut Vec<u8>| {
        for at in (0..length).rev() {
            held |= (code >> at & 1) << bits;
            bits += 1;
            if bits == 8 {
                bytes.push(held as u8);
                (held, bits) = (0, 0);
            }
        }
    };
    // The last block, in fixed codes; then a zero.
    put(0b110, 3, &mut bytes);
    put(0b0011_0000, 8, &mut bytes);
    for _ in 0..copies {
        // 258 bytes from one byte back.
        put(0b1100_0101, 8, &mut bytes);
        put(0, 5, &mut bytes);
    }
    put(0, 7, &mut bytes);
    put(0, 7, &mut bytes);
    let length = (1 + 258 * copies) % 65521;
    bytes.extend(((length as u32) << 16 | 1).to_be_bytes());
    bytes
}

/// A grey picture of eight bits.
fn png(width: u32, height: u32, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 0, 0, 0, 0]);
    let ends: [(&[u8; 4], &[u8]); 2] = [(b"IHDR", &head), (b"IEND", &[])];
    for (kind, content) in ends[..1].iter().chain(chunks).chain(&ends[1..]) {
        file.extend((content.len() as u32).to_be_bytes());
        let from = file.len();
        file.extend(*kind);
        file.extend(*content);
        let sum = crc(&file[from..]);
        file.extend(sum.to_be_bytes());
    }
    file
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}
