//! The server that is measured: this very program, as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use faceward::{
    Age, Condition, ConsentAsk, Details, Giver, Home, KeyKind, KeyTerms, NoticeText, Outcome,
    Right, Unlock, Ward,
};
use serde_json::Value;
use tokio::net::TcpStream;

use super::REFERENCE;
use super::client::Connection;

/// A server of our own; it ends, and its ward goes, when this is dropped.
pub(crate) struct Served {
    child: Child,
    home: PathBuf,
    /// Address and port.
    pub(crate) address: String,
    /// The key that the clients show.
    pub(crate) key: String,
    /// From the start of the process to its first answer.
    pub(crate) first_answer: Duration,
}

pub(crate) const SUBJECT: &str = "barack";
pub(crate) const PURPOSE: &str = "door-access";
const PATIENCE: Duration = Duration::from_secs(30);

impl Served {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let home = std::env::temp_dir().join(format!("faceward-bench-{}", std::process::id()));
        let key = furnish(&home).await?;
        let began = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--json", "--home"])
            .arg(&home)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--quiet",
                "--at-once",
                "512",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .context("the server could not be started")?;
        let output = child.stdout.take().context("the server says nothing")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).context("the server did not start")?;
        let url = said
            .get("serving")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut served = Self {
            child,
            home,
            address: url.trim_start_matches("http://").to_owned(),
            key,
            first_answer: Duration::ZERO,
        };
        served.first_answer = loop {
            if let Ok(stream) = TcpStream::connect(&served.address).await {
                let answer = Connection::over(stream).get("/readyz").await?;
                if answer == 200 {
                    break began.elapsed();
                }
            }
            if began.elapsed() > PATIENCE {
                bail!("the server does not answer");
            }
        };
        Ok(served)
    }

    /// What the process holds in memory, where the system tells.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib << 10)
    }

    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        // What was measured must also be whole.
        let ward = Ward::open(&Home::at(&self.home), &Unlock::File).await?;
        ward.audit().await?;
        ward.close().await;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// A ward with one person enrolled, and a key to verify with.
async fn furnish(home: &std::path::Path) -> anyhow::Result<String> {
    let ward = Ward::create(&Home::at(home), &Unlock::File).await?;
    ward.give_consent(ConsentAsk {
        handle: SUBJECT.parse()?,
        purpose: PURPOSE.parse()?,
        notice: NoticeText {
            version: "bench".to_owned(),
            bytes: b"A portrait in the public domain, for a measurement.".to_vec(),
        },
        given_by: Giver::Subject,
        method: "invented for a measurement".to_owned(),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("none is needed".to_owned()),
        from: None,
        until: None,
        details: Details::default(),
    })
    .await?;
    let (subject, purpose) = (SUBJECT.parse()?, PURPOSE.parse()?);
    let enrolled = ward.enroll(&subject, &purpose, REFERENCE).await?;
    if !matches!(enrolled.outcome, Outcome::Done(_)) {
        bail!("the portrait that comes with the program could not be enrolled");
    }
    let (_, text, _) = ward
        .create_key(KeyTerms::of(KeyKind::Api, "bench", [Right::Verify]))
        .await?;
    ward.close().await;
    Ok(text.reveal().to_string())
}
