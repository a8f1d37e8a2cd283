use faceward::{Home, check, read_deployment};
use serde_json::json;

use crate::answer::{Answer, Code, Console, counted, error_json};
use crate::command::deployment::today;
use crate::session::Session;

/// Check this installation: processor features, models and digests, health of the vault
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let home = session.home()?;
    let mut lines = vec![format!("faceward {}", env!("CARGO_PKG_VERSION"))];
    let nets = faceward::cpu_features();
    let search = faceward::kernel_in_use();
    lines.push(format!(
        "processor  {nets} for the nets, {search} for the search"
    ));
    let models = faceward::built_in();
    for model in &models {
        let state = if model.intact {
            "as in the manifest"
        } else {
            "CHANGED: reinstall"
        };
        lines.push(format!(
            "model      {}  sha256 {}  {state}",
            model.file, model.sha256
        ));
    }
    let mut fields = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "nets_kernel": nets.to_string(),
        "search_kernel": search.to_string(),
        "models": models.iter().map(|m| json!({
            "file": m.file, "sha256": m.sha256, "intact": m.intact,
        })).collect::<Vec<_>>(),
        "home": home.folder().display().to_string(),
    });
    let mut sound = models.iter().all(|model| model.intact);
    if home.exists() {
        let vault = match vault(session, &mut lines, &mut sound).await {
            Ok(vault) => vault,
            Err(error) => {
                sound = false;
                lines.push(format!("vault      UNSOUND: {error:#}"));
                error_json(&error)
            }
        };
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("vault".to_owned(), vault);
        }
    } else {
        lines.push(format!(
            "vault      none yet in {}",
            home.folder().display()
        ));
    }
    let deployment = deployment(&home, &mut lines, &mut sound);
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("deployment".to_owned(), deployment);
    }
    let outcome = if sound { "done" } else { "unsound" };
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("outcome".to_owned(), json!(outcome));
    }
    Ok(console.say(&Answer {
        text: lines.join("\n"),
        json: fields,
        code: if sound { Code::Yes } else { Code::Error },
    }))
}

async fn vault(
    session: &Session,
    lines: &mut Vec<String>,
    sound: &mut bool,
) -> anyhow::Result<serde_json::Value> {
    let ward = session.open().await?;
    let health = ward.health().await?;
    let audited = ward.audit().await?;
    lines.push(format!(
        "vault      {} (sound)",
        ward.home().vault().display()
    ));
    lines.push(format!(
        "           {} held, {}, {}; epoch {}, root key in {}",
        counted(health.subjects, "person"),
        counted(health.templates, "reference"),
        counted(health.consents, "consent record"),
        health.epoch,
        if health.passphrase {
            "a file with a passphrase"
        } else {
            "a file"
        },
    ));
    lines.push(format!(
        "ledger     {} entries, each as recorded; key {}",
        audited.entries,
        ward.ledger_key()
    ));
    let receipts = ward.receipt_key()?;
    lines.push(format!("receipts   key {receipts}"));
    lines.push(format!("embedder   {}", ward.model()?));
    for path in &health.exposed {
        *sound = false;
        lines.push(format!(
            "EXPOSED    {} can be read by others; run: chmod go-rwx '{}'",
            path.display(),
            path.display()
        ));
    }
    Ok(json!({
        "subjects": health.subjects,
        "references": health.templates,
        "consents": health.consents,
        "ledger_entries": audited.entries,
        "ledger_key": ward.ledger_key().to_string(),
        "receipt_key": receipts.to_string(),
        "epoch": health.epoch,
        "passphrase": health.passphrase,
        "embedder": ward.model()?.to_string(),
        "exposed": health.exposed.iter().map(|p| p.display().to_string()).collect::<Vec<_>>(),
    }))
}

/// What the ward judges by. A deployment with something missing is sound: its gate refuses.
fn deployment(home: &Home, lines: &mut Vec<String>, sound: &mut bool) -> serde_json::Value {
    let path = home.deployment();
    if !path.exists() {
        lines.push(format!(
            "deployment none declared: acts are judged under Fa Shi [2021] No. 15 alone, on the consents; \
             to declare one: faceward deployment new {}",
            path.display()
        ));
        return serde_json::Value::Null;
    }
    let checked = read_deployment(&path).and_then(|(deployment, law)| {
        let check = check(&deployment, &law, today())?;
        Ok((deployment.name, check.is_in_order()))
    });
    match checked {
        Ok((name, in_order)) => {
            let said = if in_order {
                "in order"
            } else {
                "NOT IN ORDER, so that acts are refused; see: faceward deployment check"
            };
            lines.push(format!("deployment {name} ({said})"));
            json!({ "name": name, "in_order": in_order })
        }
        Err(error) => {
            *sound = false;
            lines.push(format!("deployment UNREADABLE: {error}"));
            error_json(&error.into())
        }
    }
}
