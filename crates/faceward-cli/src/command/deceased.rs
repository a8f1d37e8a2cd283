use anyhow::{Context, bail};
use faceward::Fate;
use faceward::told::receipt_json;
use jiff::civil::Date;
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::{Session, handle};

/// Record that a person died, or what they arranged for that case
///
/// From then on no permit is granted for their face: a consent ends with whoever gave it, and
/// nobody can renew it. What is held stays sealed until it is forgotten; relatives ask with
/// `faceward request new WHO --kind relative`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// The day they died (2026-05-01)
    #[arg(long, value_name = "DATE", requires = "evidence")]
    on: Option<String>,
    /// What shows it, such as 'death certificate, seen at the desk'
    #[arg(long, value_name = "TEXT", requires = "on")]
    evidence: Option<String>,
    /// What they arranged, in words; the last one counts
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["on", "mistake"])]
    arranged: Option<String>,
    /// With --arranged: it keeps relatives out, and prevails over what they ask (PIPL Art. 49)
    #[arg(long, requires = "arranged")]
    bars_relatives: bool,
    /// They live: how the mistake came about
    #[arg(long, value_name = "TEXT", conflicts_with = "on")]
    mistake: Option<String>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let (fate, said) = match (args.on, args.evidence, args.arranged, args.mistake) {
        (Some(on), Some(evidence), ..) => {
            let on: Date = on
                .parse()
                .with_context(|| format!("`{on}` is no day; write it like 2026-05-01"))?;
            let said = "died; no permit is granted for their face from now on";
            (Fate::Died { on, evidence }, said)
        }
        (_, _, Some(text), _) => {
            let bars_relatives = args.bars_relatives;
            let fate = Fate::Arranged {
                text,
                bars_relatives,
            };
            (fate, "what they arranged is on record")
        }
        (_, _, _, Some(reason)) => (Fate::Lives { reason }, "lives; the mistake is on record"),
        _ => bail!("say when they died with --on and --evidence, or see --help"),
    };
    let ward = session.open().await?;
    let receipt = ward.record_fate(&handle(&args.handle)?, fate).await?;
    ward.close().await;
    let text = format!(
        "{}: {said}\n  recorded as ledger entry {}",
        args.handle,
        receipt.position()
    );
    let fields = json!({ "outcome": "done", "receipt": receipt_json(&receipt) });
    Ok(console.say(&Answer::done(text, fields)))
}
