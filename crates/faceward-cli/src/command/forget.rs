use faceward::hex;
use faceward::told::receipt_json;
use std::path::PathBuf;

use faceward::{ForgetReceipt, Purpose, Ward, WardError};
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console, counted};
use crate::certificate::kept_in;
use crate::command::consent::ended;
use crate::session::{Session, handle};

/// Forget a person: everything removed, their keys destroyed, and looked for afterwards
///
/// Needs no permit. Copies of the database made earlier can no longer be read either, because the
/// key above everyone's keys is replaced: make a new backup of both vault.db and epochs at once, in
/// place of the old ones. The ledger keeps only commitments that nobody can open any more, except
/// the person, with the salt printed here. Then every table, the bytes of the files and the keys of
/// past epochs are searched for what might be left; if nothing is, that is signed in a certificate,
/// and if something is, that is an error (exit code 2) which names it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// Only for this purpose: a withdrawal, after which the references are looked for; the consent
    /// records stay, as evidence of what was processed
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Another folder for the certificate, beside `erasures` in the ward
    #[arg(long, value_name = "DIR", conflicts_with = "purpose")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    if let Some(purpose) = &args.purpose {
        let answer = forget_purpose(&ward, &args.handle, &purpose.parse()?).await?;
        ward.close().await;
        return Ok(console.say(&answer));
    }
    let (done, found) = match ward.forget(&handle(&args.handle)?).await {
        Ok(done) => (done, Vec::new()),
        Err(WardError::Remains { found, forgotten }) => (*forgotten, found),
        Err(error) => return Err(error.into()),
    };
    ward.close().await;
    let unsigned = || Err("none could be signed; see `faceward receipt key`".to_owned());
    let kept = done.erasure.as_ref();
    let kept = kept.map_or_else(unsigned, |erasure| kept_in(args.out.as_deref(), erasure));
    let answer = answer(&args.handle, &done, &kept, &found);
    Ok(console.say(&answer.left_over(done.undestroyed.as_deref())))
}

fn answer(
    who: &str,
    done: &ForgetReceipt,
    kept: &Result<String, String>,
    found: &[String],
) -> Answer {
    let salt = hex(&done.salt);
    let mut text = format!(
        "forgotten: {who}\n  {}, {}, {} and {} destroyed",
        counted(done.forgotten.templates, "reference"),
        counted(done.forgotten.consents, "consent record"),
        counted(done.forgotten.requests, "request"),
        counted(done.forgotten.keys, "key"),
    );
    for derived in &done.derived {
        text.push_str(&format!("\n  {}: {}", derived.kind, derived.fate));
    }
    for (id, kind) in &done.open {
        text.push_str(&format!(
            "\n  the open request for {kind} ({id}) went with it"
        ));
    }
    text.push_str(&match (found, kept) {
        ([], Ok(file)) => format!(
            "\n  nothing is left: {}\n  certificate {file}",
            done.verified
        ),
        ([], Err(why)) => format!(
            "\n  nothing is left: {}\n  WARNING: the certificate is not kept: {why}",
            done.verified
        ),
        _ => format!(
            "\n  ERROR: forgotten, but not gone: {}\n  {}",
            found.join("; "),
            done.verified
        ),
    });
    text.push_str(&format!(
        "\n  recorded as ledger entry {}\n  \
         for the person alone, to show that the entry is theirs: subject {}, salt {salt}",
        done.receipt.position(),
        done.subject,
    ));
    let mut answer = Answer::done(text, fields(done, kept, found));
    if !found.is_empty() {
        answer.code = Code::Error;
    }
    answer
}

fn fields(done: &ForgetReceipt, kept: &Result<String, String>, found: &[String]) -> Value {
    let derived = done.derived.iter();
    let derived = derived.map(|d| json!({ "kind": d.kind, "fate": d.fate }));
    let open = done.open.iter();
    let open = open.map(|(id, kind)| json!({ "id": id.to_string(), "kind": kind.word() }));
    json!({
        "outcome": if found.is_empty() { "done" } else { "error" },
        "undestroyed": done.undestroyed,
        "references": done.forgotten.templates,
        "consents": done.forgotten.consents,
        "requests": done.forgotten.requests,
        "keys": done.forgotten.keys,
        "derived": derived.collect::<Vec<_>>(),
        "open_requests": open.collect::<Vec<_>>(),
        "verified": { "looked_at": done.verified, "found": found },
        "certificate": done.erasure.as_ref().map(|erasure| &erasure.signed),
        "certificate_file": kept.as_ref().ok(),
        "subject": done.subject.to_string(),
        "salt": hex(&done.salt),
        "receipt": receipt_json(&done.receipt),
    })
}

/// Withdraws, looks for what might be left of the references, and says what stays and why.
async fn forget_purpose(ward: &Ward, who: &str, purpose: &Purpose) -> anyhow::Result<Answer> {
    const EVIDENCE: &str = "the consent records stay, as evidence of what was processed, for at least three years (PIPL Art. 56); they go when the person is forgotten as a whole";
    let handle = handle(who)?;
    let withdrawn = ward.withdraw(&handle, purpose).await?;
    let traces = ward.traces(&handle, purpose).await?;
    let done = format!("withdrawn: {who} is no longer matched for {purpose}");
    let mut answer = ended(&withdrawn, &done);
    answer.text.push_str(&format!(
        "\n  looked again: {}, {} and {} left\n  {EVIDENCE}",
        counted(traces.templates, "reference"),
        counted(traces.keys, "key"),
        counted(traces.past_epoch_keys, "past epoch key"),
    ));
    let looked = json!({
        "references": traces.templates,
        "keys": traces.keys,
        "past_epoch_keys": traces.past_epoch_keys,
    });
    if let Some(fields) = answer.json.as_object_mut() {
        fields.insert("verified".to_owned(), looked);
        fields.insert("kept".to_owned(), json!(EVIDENCE));
    }
    if traces.templates + traces.keys + traces.past_epoch_keys > 0 {
        answer.code = Code::Error;
    }
    Ok(answer)
}
