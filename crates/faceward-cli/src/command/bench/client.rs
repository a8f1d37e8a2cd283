//! Clients that ask as fast as they are answered, each over a connection of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PROBE;
use super::server::{PURPOSE, SUBJECT, Served};

/// How many ask, and how long.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    clients: u16,
    time: Duration,
}

impl Load {
    pub(crate) fn of(clients: u16, time: Duration) -> Self {
        Self { clients, time }
    }
}

/// What came back.
pub(crate) struct Asked {
    /// Times of the answers that were a match, in order.
    times: Vec<Duration>,
    pub(crate) matches: u64,
    /// Told to come back later.
    pub(crate) too_many: u64,
    /// Any other status, and connections that broke.
    pub(crate) other: u64,
    pub(crate) took: Duration,
}

impl Asked {
    /// The time within which this share of the answers came.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        self.times.get(place).copied().unwrap_or_default()
    }
}

/// Lets the clients ask; `each` hears about it every few seconds.
pub(crate) async fn ask(
    served: &Served,
    load: Load,
    mut each: impl FnMut(&Served, u64),
) -> anyhow::Result<Asked> {
    let request = Arc::new(verify(served));
    let began = Instant::now();
    let ends = began + load.time;
    let answers = Arc::new(AtomicU64::new(0));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..load.clients {
        let (address, request, answers) =
            (served.address.clone(), request.clone(), answers.clone());
        clients.spawn(async move { one(&address, &request, ends, &answers).await });
    }
    let mut every = tokio::time::interval(Duration::from_secs(2));
    every.tick().await;
    let mut all = Asked {
        times: Vec::new(),
        matches: 0,
        too_many: 0,
        other: 0,
        took: Duration::ZERO,
    };
    loop {
        tokio::select! {
            _ = every.tick() => each(served, answers.load(Ordering::Relaxed)),
            ended = clients.join_next() => match ended {
                Some(ended) => {
                    let ended = ended?;
                    all.times.extend(ended.times);
                    all.matches += ended.matches;
                    all.too_many += ended.too_many;
                    all.other += ended.other;
                }
                None => break,
            },
        }
    }
    all.times.sort_unstable();
    all.took = began.elapsed();
    Ok(all)
}

async fn one(address: &str, request: &[u8], ends: Instant, answers: &AtomicU64) -> Asked {
    let mut asked = Asked {
        times: Vec::new(),
        matches: 0,
        too_many: 0,
        other: 0,
        took: Duration::ZERO,
    };
    let mut open = None;
    while Instant::now() < ends {
        let mut connection = match open.take() {
            Some(connection) => connection,
            None => match TcpStream::connect(address).await {
                Ok(stream) => Connection::over(stream),
                Err(_) => {
                    asked.other += 1;
                    continue;
                }
            },
        };
        let began = Instant::now();
        match connection.send(request).await {
            Ok(200) => {
                asked.times.push(began.elapsed());
                asked.matches += 1;
                open = Some(connection);
            }
            Ok(429) => {
                asked.too_many += 1;
                open = Some(connection);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(_) => {
                asked.other += 1;
                open = Some(connection);
            }
            Err(_) => asked.other += 1,
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
    asked
}

/// The bytes of a request to verify, as a program that uses the API sends it.
fn verify(served: &Served) -> Vec<u8> {
    const BOUNDARY: &str = "faceward-bench";
    let mut body = Vec::new();
    for (name, value) in [("subject", SUBJECT), ("purpose", PURPOSE)] {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"probe.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(PROBE);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let mut request = format!(
        "POST /v1/verify HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        served.address,
        served.key,
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(&body);
    request
}

/// One connection, used again and again. It knows as much of HTTP as our own server says.
pub(crate) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub(crate) fn over(stream: TcpStream) -> Self {
        Self {
            stream,
            read: Vec::new(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<u16> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.send(request.as_bytes()).await
    }

    /// Sends a request and reads its whole answer; the status.
    pub(crate) async fn send(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (head, status, length) = loop {
            self.more().await?;
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                let head = self.read.get(..end).unwrap_or_default();
                let head = std::str::from_utf8(head)?;
                break (end + 4, status(head)?, length(head)?);
            }
        };
        while self.read.len() < head + length {
            self.more().await?;
        }
        Ok(status)
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.read).await? == 0 {
            bail!("the connection ended early");
        }
        Ok(())
    }
}

fn status(head: &str) -> anyhow::Result<u16> {
    let status = head
        .split(' ')
        .nth(1)
        .context("an answer without a status")?;
    Ok(status.parse()?)
}

fn length(head: &str) -> anyhow::Result<usize> {
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim())
    });
    Ok(length.context("an answer without a length")?.parse()?)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
