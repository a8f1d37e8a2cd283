use anyhow::Context;
use faceward::told::receipt_json;
use faceward::{Actor, Ending, Handle, Purpose, Scope, Ward, WithdrawReceipt};
use serde_json::json;

use crate::answer::{Answer, Code, Console, counted};
use crate::certificate::kept_in;
use crate::session::{Session, Whom, handle};

/// Withdraw: from now on nothing matches, and the references are destroyed
///
/// Needs no reason and no permit.
#[derive(clap::Args)]
pub(super) struct Withdraw {
    #[command(flatten)]
    whom: Whom,
    /// Withdraw only what was agreed to beside processing, such as recipient:NAME or publication;
    /// everything for the purpose if left out
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
}

/// End a consent on behalf of somebody other than the person, with a reason
///
/// Takes effect at once like a withdrawal, and the references are destroyed. What the person takes
/// back is withdrawn instead.
#[derive(clap::Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    whom: Whom,
    /// Who ends it, such as 'the district court'; yourself if left out
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// It never counted, such as a consent that was extorted
    #[arg(long)]
    invalid: bool,
}

pub(super) async fn withdraw(
    args: &Withdraw,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let handle = handle(&args.whom.handle)?;
    let scope = match &args.scope {
        Some(text) => Some(scope_of(&ward, &handle, &purpose, text).await?),
        None => None,
    };
    let withdrawn = ward
        .withdraw_scope(&handle, &purpose, scope.as_ref())
        .await?;
    ward.close().await;
    let done = match scope.filter(|scope| *scope != Scope::Processing) {
        Some(scope) => format!("withdrawn: {scope} for {purpose} is not agreed to any more"),
        None => format!(
            "withdrawn: {} is no longer matched for {purpose}",
            args.whom.handle
        ),
    };
    Ok(console.say(&ended(&withdrawn, &done)))
}

pub(super) async fn revoke(
    args: &Revoke,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let by = args.by.clone().map_or(Actor::Controller, Actor::Other);
    let (ending, word) = if args.invalid {
        (Ending::Invalidated, "invalidated")
    } else {
        (Ending::Revoked, "revoked")
    };
    let handle = handle(&args.whom.handle)?;
    let revoked = ward
        .revoke(&handle, &purpose, &by, &args.reason, ending)
        .await?;
    ward.close().await;
    let done = format!(
        "{word}: {} is no longer matched for {purpose}",
        args.whom.handle
    );
    Ok(console.say(&ended(&revoked, &done)))
}

/// The scope that this person agreed to under this name.
async fn scope_of(
    ward: &Ward,
    handle: &Handle,
    purpose: &Purpose,
    text: &str,
) -> anyhow::Result<Scope> {
    let consents = ward.consents(handle).await?;
    let terms = consents.iter().map(|consent| consent.terms());
    terms
        .filter(|terms| terms.purpose == *purpose)
        .map(|terms| &terms.details.scope)
        .find(|scope| scope.to_string() == text)
        .cloned()
        .with_context(|| {
            format!("nothing was agreed to as `{text}` for {purpose}; see `faceward consent show`")
        })
}

pub(crate) fn ended(withdrawn: &WithdrawReceipt, done: &str) -> Answer {
    let mut text = format!(
        "{done}\n  {} destroyed with their key\n  recorded as ledger entry {}",
        counted(withdrawn.references, "reference"),
        withdrawn.receipt.position(),
    );
    let erasure = withdrawn.erasure.as_ref();
    let kept = erasure.map(|erasure| kept_in(None, erasure));
    text.push_str(&match &kept {
        Some(Ok(file)) => format!("\n  certificate {file}"),
        Some(Err(why)) => format!("\n  WARNING: the certificate is not kept: {why}"),
        None => String::new(),
    });
    let fields = json!({
        "outcome": "done",
        "certificate": withdrawn.erasure.as_ref().map(|erasure| &erasure.signed),
        "certificate_file": kept.and_then(Result::ok),
        "consents": withdrawn.consents.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "references_destroyed": withdrawn.references,
        "undestroyed": withdrawn.undestroyed,
        "receipt": receipt_json(&withdrawn.receipt),
    });
    Answer::done(text, fields).left_over(withdrawn.undestroyed.as_deref())
}
