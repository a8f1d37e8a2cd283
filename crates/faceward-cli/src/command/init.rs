use faceward::{Unlock, Ward};
use serde_json::json;

use crate::answer::{Answer, Code, Console};
use crate::session::Session;

/// Make a ward: an empty vault, its keys and its ledger
///
/// Any command makes one at its first start; `init` lets you choose a passphrase and tells you
/// where everything lies. Keep copies of root.key (or the passphrase), ledger.key and receipt.key apart from
/// backups of vault.db, and of the folder `epochs` one copy only, replaced each time: that past
/// epoch keys are gone is what makes forgetting final.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Lock the root key with a passphrase as well (asked for, or read from --passphrase-file)
    #[arg(long)]
    passphrase: bool,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let home = session.home()?;
    let unlock = if args.passphrase || session.names_passphrase() {
        session.new_passphrase()?
    } else {
        Unlock::File
    };
    let ward = Ward::create(&home, &unlock).await?;
    let key = ward.ledger_key().to_string();
    ward.close().await;
    let folder = home.folder().display().to_string();
    let text = format!(
        "made a ward in {folder}\n  \
         vault      {}\n  \
         settings   {} (optional)\n  \
         ledger key {key}\n  \
         Publish the ledger key: with it anyone can check what this ward records.",
        home.vault().display(),
        home.config().display(),
    );
    let fields = json!({ "outcome": "done", "home": folder, "ledger_key": key });
    Ok(console.say(&Answer::done(text, fields)))
}
