mod client;
mod server;

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use anyhow::Context;
use faceward::eval::time_one_face;
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use client::{Asked, Load};
use server::Served;

/// Measure what a server on this machine can do: start, memory, and verify under load
///
/// Starts `faceward serve` on a free port of this machine, in a ward that is deleted afterwards,
/// enrols a public portrait, and lets many clients verify another portrait at once. Beside it
/// stands the time of one bare face computation on one core, without law, vault or network: what no
/// server can be quicker than. The answer 429 (come back later) is counted apart: it is how the
/// server says that it is full.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Clients that ask at once, each waiting for its answer
    #[arg(long, default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    clients: u16,
    /// How long they ask, in seconds
    #[arg(long, default_value_t = 20, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
}

pub(crate) async fn run(args: Args, console: &Console) -> anyhow::Result<Code> {
    let face = {
        let looks = NonZeroUsize::new(15).unwrap_or(NonZeroUsize::MIN);
        let looked = tokio::task::spawn_blocking(move || time_one_face(PROBE, looks)).await?;
        looked.context("the portrait that comes with the program shows no face")?
    };
    console.note(&format!("one bare face computation: {}", ms(face)));
    let mut served = Served::start().await?;
    console.note(&format!(
        "start to first answer: {}",
        ms(served.first_answer)
    ));
    let idle = served.memory();
    let alone = Load::of(1, Duration::from_secs(args.seconds.min(5)));
    let alone = client::ask(&served, alone, |_, _| {}).await?;
    console.note(&format!("one client: median {}", ms(alone.quantile(0.5))));
    let load = Load::of(args.clients, Duration::from_secs(args.seconds));
    let began = Instant::now();
    let mut memory: Vec<u64> = Vec::new();
    let asked = client::ask(&served, load, |served, answers| {
        memory.extend(served.memory());
        let seconds = began.elapsed().as_secs();
        console.note(&format!("{seconds:>5} s  {answers} answers"));
    })
    .await?;
    served.stop().await?;
    let answer = told(
        &args,
        face,
        served.first_answer,
        idle,
        &memory,
        &alone,
        &asked,
    );
    Ok(console.say(&answer))
}

static PROBE: &[u8] = include_bytes!("../../../../demo/obama2.jpg");
static REFERENCE: &[u8] = include_bytes!("../../../../demo/obama.jpg");

fn told(
    args: &Args,
    face: Duration,
    first_answer: Duration,
    idle: Option<u64>,
    memory: &[u64],
    alone: &Asked,
    asked: &Asked,
) -> Answer {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    // The first samples are of a server that still grows into its load.
    let settled = memory.get(memory.len() / 5).copied();
    let last = memory.last().copied();
    let most = memory.iter().max().copied();
    let rate = asked.matches as f64 / asked.took.as_secs_f64();
    let lines = [
        format!(
            "on {cores} cores, {} for the nets",
            faceward::cpu_features()
        ),
        format!("one bare face computation, one core   {}", ms(face)),
        format!("start to first answer                 {}", ms(first_answer)),
        format!("memory idle, models loaded            {}", mib(idle)),
        format!(
            "one client: verify median, p99        {}, {}",
            ms(alone.quantile(0.5)),
            ms(alone.quantile(0.99))
        ),
        format!(
            "{} clients for {} s: verify per second {rate:.1}",
            args.clients,
            asked.took.as_secs()
        ),
        format!(
            "  median, p95, p99                    {}, {}, {}",
            ms(asked.quantile(0.5)),
            ms(asked.quantile(0.95)),
            ms(asked.quantile(0.99))
        ),
        format!(
            "  matches, 429, anything else         {}, {}, {}",
            asked.matches, asked.too_many, asked.other
        ),
        format!(
            "  memory after a fifth, last, most    {}, {}, {}",
            mib(settled),
            mib(last),
            mib(most)
        ),
    ];
    let micros = |time: Duration| time.as_micros() as u64;
    let fields = json!({
        "cores": cores,
        "bare_face_us": micros(face),
        "first_answer_us": micros(first_answer),
        "idle_bytes": idle,
        "one_client": { "median_us": micros(alone.quantile(0.5)), "p99_us": micros(alone.quantile(0.99)) },
        "load": {
            "clients": args.clients,
            "seconds": asked.took.as_secs_f64(),
            "per_second": rate,
            "median_us": micros(asked.quantile(0.5)),
            "p95_us": micros(asked.quantile(0.95)),
            "p99_us": micros(asked.quantile(0.99)),
            "matches": asked.matches,
            "too_many": asked.too_many,
            "other": asked.other,
            "memory_bytes": memory,
        },
    });
    let mut answer = Answer::done(lines.join("\n"), fields);
    if asked.other + alone.other > 0 {
        answer.code = Code::Error;
    }
    answer
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn mib(bytes: Option<u64>) -> String {
    bytes.map_or("unknown".to_owned(), |bytes| format!("{} MiB", bytes >> 20))
}
