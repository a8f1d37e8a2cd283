use std::net::SocketAddr;
use std::path::PathBuf;

use faceward_server::{Collector, Front, House, Limits, Listening, ServeOptions, Tls};
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::Session;

/// Serve everything on one port: REST API, CompreFace-compatible API, console, each person's pages
///
/// Listens on this machine only unless --listen says otherwise. At the first start it prints a link,
/// good once, to make the first account of the console; there is no default password. Ends in order
/// at Ctrl-C or SIGTERM: what is under way is answered, nothing is lost.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address and port to listen at
    #[arg(long, default_value = "127.0.0.1:8000", value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// Certificate chain, PEM; needed where other machines can reach the address
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy in front speaks TLS and says in X-Forwarded-For who asks
    #[arg(long)]
    behind_proxy: bool,
    /// Requests under way at once; those beyond are told to come back
    #[arg(long, default_value_t = Limits::default().at_once, value_name = "N")]
    at_once: usize,
    /// Hand a span of each request to an OpenTelemetry collector at this address, such as
    /// http://127.0.0.1:4318 (OTLP over HTTP): route, status, time; no names, no addresses
    #[arg(long, value_name = "URL")]
    traces: Option<String>,
    /// Log no requests
    #[arg(long)]
    quiet: bool,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    if !args.quiet {
        log();
    }
    let collector = args.traces.as_deref().map(Collector::at).transpose()?;
    let tls = match (args.tls_cert, args.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls { certificate, key }),
        _ => None,
    };
    let listening = Listening::at(ServeOptions {
        listen: args.listen,
        tls,
        behind_proxy: args.behind_proxy,
    })
    .await?;
    let home = session.home()?;
    let house = House::open(&home, &session.unlock(&home)?).await?;
    let limits = Limits {
        at_once: args.at_once,
        ..Limits::default()
    };
    let front = Front::of(house, limits, args.behind_proxy).await?;
    if let Some(collector) = collector {
        front.trace_to(collector)?;
    }
    let url = listening.url();
    let setup: Vec<String> = front
        .setup()
        .iter()
        .map(|(_, path)| format!("{url}{path}"))
        .collect();
    let mut text = format!("faceward serves {} at {url}", home.folder().display());
    for link in &setup {
        text.push_str("\n  make the first account here, once, within the hour: ");
        text.push_str(link);
    }
    console.say(&Answer::done(
        text,
        json!({ "serving": url, "setup": setup }),
    ));
    faceward_server::serve(listening, front, told_to_end()).await?;
    console.note("ended in order");
    Ok(Code::Yes)
}

/// One JSON object a line on standard error: routes, outcomes, times; no names, no addresses.
fn log() {
    let log = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr)
        .try_init();
    // Somebody else's log is as good.
    let _ = log;
}

async fn told_to_end() {
    let ctrl_c = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminated => {}
    }
}
