//! The server as a process: told to end, and killed, while many ask. Every answer that was given has
//! its entry; every entry has its effect.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use faceward::{Act, EventOutcome, Home, Page, Unlock, Ward};
use serde_json::Value;
use tempfile::TempDir;

const CLIENTS: usize = 4;
/// So many answers are waited for before the process ends.
const ANSWERS: usize = 6;

fn faceward(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faceward"));
    command.arg("--json").arg("--home").arg(home);
    command
}

fn said(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = text.lines().next().unwrap_or_default().to_owned();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"))
}

fn demo(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    std::fs::read(folder.join(name)).unwrap()
}

/// A ward with a person who agreed and is enrolled, a key, and a server over it.
fn serving() -> (TempDir, Child, String, String) {
    let folder = TempDir::new().unwrap();
    let notice = folder.path().join("notice.txt");
    std::fs::write(&notice, "We compare your face at the door.").unwrap();
    let home = folder.path().join("ward");
    let mut consent = faceward(&home);
    consent.args(["consent", "give", "alice", "--purpose", "door-access"]);
    consent.arg("--notice").arg(&notice);
    consent.args(["--how", "signed", "--alternative", "a card"]);
    said(&mut consent);
    let portrait = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/obama.jpg");
    let mut enroll = faceward(&home);
    enroll.args(["enroll", "alice", "--purpose", "door-access"]);
    said(enroll.arg(portrait));
    let rights = ["--right", "verify", "--right", "enroll"];
    let key = said(faceward(&home).args(["key", "create", "test"]).args(rights));
    let key = key["key"].as_str().unwrap().to_owned();
    let mut server = faceward(&home)
        .args(["serve", "--listen", "127.0.0.1:0", "--quiet"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = server.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let url = told["serving"].as_str().unwrap();
    let address = url.trim_start_matches("http://").to_owned();
    (folder, server, address, key)
}

/// Asks again and again until the server is gone; tells what was answered.
fn client(address: &str, key: &str, verb: &str, picture: &[u8], told: &Sender<(String, Value)>) {
    loop {
        let Ok(stream) = TcpStream::connect(address) else {
            return;
        };
        let Some(answer) = asked(stream, key, verb, picture) else {
            return;
        };
        if told.send((verb.to_owned(), answer)).is_err() {
            return;
        }
    }
}

/// The answer's body, if a whole one came.
fn asked(mut stream: TcpStream, key: &str, verb: &str, picture: &[u8]) -> Option<Value> {
    let mut body = Vec::new();
    for (name, value) in [("subject", "alice"), ("purpose", "door-access")] {
        let part =
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(
        b"--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n",
    );
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let head = format!(
        "POST /v1/{verb} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .ok()?;
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let text = String::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let length = name.eq_ignore_ascii_case("content-length");
        length.then(|| value.parse::<usize>().ok()).flatten()
    })?;
    if body.len() < length {
        return None;
    }
    assert!(head.starts_with("HTTP/1.1 200"), "{text}");
    serde_json::from_str(body).ok()
}

/// Lets the clients ask, ends the server by `signal` while they do, and gives what was answered.
fn under_load(signal: &str) -> (TempDir, Vec<(String, Value)>, Option<i32>) {
    let (folder, mut server, address, key) = serving();
    let (tell, told): (_, Receiver<(String, Value)>) = channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (address, key, tell) = (address.clone(), key.clone(), tell.clone());
            std::thread::spawn(move || {
                let verb = if number % 2 == 0 { "verify" } else { "enroll" };
                client(&address, &key, verb, &demo("obama2.jpg"), &tell);
            })
        })
        .collect();
    drop(tell);
    let mut answers: Vec<_> = told.iter().take(ANSWERS).collect();
    let ended = Command::new("kill")
        .args([signal, &server.id().to_string()])
        .status();
    assert!(ended.unwrap().success());
    answers.extend(told.iter());
    for client in clients {
        client.join().unwrap();
    }
    (folder, answers, server.wait().unwrap().code())
}

fn checked(folder: &TempDir, answers: &[(String, Value)]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let home = Home::at(folder.path().join("ward"));
        let ward = Ward::open(&home, &Unlock::File).await.unwrap();
        ward.audit().await.unwrap();
        let size = ward.ledger_size().await.unwrap();
        let entries = ward.entries(0..size).await.unwrap();
        for (verb, answer) in answers {
            let position = answer["receipt"]["entry"].as_u64().unwrap();
            let entry = entries.iter().find(|entry| entry.position == position);
            assert_eq!(entry.unwrap().event.act.word(), verb);
        }
        let page = Page {
            skip: 0,
            at_most: 1000,
        };
        let held = ward.references(None, None, None, page).await.unwrap();
        let enrolled = entries.iter().filter(|entry| {
            entry.event.act == Act::Enroll && entry.event.outcome == EventOutcome::Done
        });
        assert_eq!(held.total, enrolled.count(), "an entry without its effect");
        let held: BTreeSet<String> = held
            .references
            .iter()
            .map(|listed| listed.reference.id.to_string())
            .collect();
        for (_, answer) in answers {
            if let Some(reference) = answer["reference"].as_str() {
                assert!(held.contains(reference), "an answer without its effect");
            }
        }
    });
}

#[test]
fn killed_under_load_every_answer_has_its_entry_and_every_entry_its_effect() {
    let (folder, answers, _) = under_load("-KILL");
    assert!(answers.len() >= ANSWERS);
    checked(&folder, &answers);
}

#[test]
fn told_to_end_under_load_it_answers_what_is_under_way_and_ends_in_order() {
    let (folder, answers, code) = under_load("-TERM");
    assert_eq!(code, Some(0));
    assert!(answers.len() >= ANSWERS);
    checked(&folder, &answers);
}
