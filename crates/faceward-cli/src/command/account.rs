use clap::Subcommand;
use faceward::told::receipt_json;
use faceward::{Account, Role};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console};
use crate::session::{Session, new_password};

/// Make, list and change the accounts of the console
///
/// Roles: owner (everything), operator (people, pictures, consents), dpo (records, no faces),
/// auditor (the ledger and cases). There is no default account and no default password.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Create(Create),
    List,
    Role(SetRole),
    Disable(Which),
    Enable(Which),
    Password(Password),
}

/// Make an account
#[derive(clap::Args)]
struct Create {
    /// The name to sign in with
    name: String,
    /// owner, operator, dpo or auditor
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// File whose first line is the password; asked for at the terminal if left out
    #[arg(long, value_name = "FILE")]
    password_file: Option<std::path::PathBuf>,
}

/// Give an account another role
#[derive(clap::Args)]
struct SetRole {
    /// The name it signs in with
    name: String,
    /// owner, operator, dpo or auditor
    role: String,
}

/// By the name it signs in with
#[derive(clap::Args)]
struct Which {
    /// The name it signs in with
    name: String,
}

/// Give an account another password
#[derive(clap::Args)]
struct Password {
    /// The name it signs in with
    name: String,
    /// File whose first line is the password; asked for at the terminal if left out
    #[arg(long, value_name = "FILE")]
    password_file: Option<std::path::PathBuf>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open_or_create(console).await?;
    let named = async |name: &str| -> anyhow::Result<faceward::AccountId> {
        let accounts = ward.accounts().await?;
        let found = accounts.into_iter().find(|account| account.name == name);
        found.map(|account| account.id).ok_or_else(|| {
            anyhow::anyhow!("no account signs in as `{name}`; `faceward account list` shows them")
        })
    };
    let receipt = match args.what {
        What::List => {
            let accounts = ward.accounts().await?;
            let mut lines: Vec<String> = accounts.iter().map(line).collect();
            if lines.is_empty() {
                lines
                    .push("no account was made; `faceward serve` prints a link to make one".into());
            }
            let told: Vec<Value> = accounts.iter().map(told).collect();
            return Ok(console.say(&Answer::done(lines.join("\n"), json!({ "accounts": told }))));
        }
        What::Create(create) => {
            let role: Role = create.role.parse()?;
            let password = new_password(create.password_file.as_deref())?;
            ward.create_account(&create.name, role, &password).await?.1
        }
        What::Role(set) => {
            ward.set_role(named(&set.name).await?, set.role.parse()?)
                .await?
        }
        What::Disable(which) => {
            ward.disable_account(named(&which.name).await?, true)
                .await?
        }
        What::Enable(which) => {
            ward.disable_account(named(&which.name).await?, false)
                .await?
        }
        What::Password(change) => {
            let id = named(&change.name).await?;
            let password = new_password(change.password_file.as_deref())?;
            ward.set_password(id, &password).await?
        }
    };
    ward.close().await;
    let said = format!("done\n  recorded as ledger entry {}", receipt.position());
    let fields = json!({ "outcome": "done", "receipt": receipt_json(&receipt) });
    Ok(console.say(&Answer::done(said, fields)))
}

fn line(account: &Account) -> String {
    let state = if account.disabled { "  disabled" } else { "" };
    format!("{}  {}  {}{state}", account.id, account.role, account.name)
}

fn told(account: &Account) -> Value {
    json!({
        "id": account.id.to_string(),
        "name": account.name,
        "role": account.role.word(),
        "created": account.created,
        "disabled": account.disabled,
    })
}
