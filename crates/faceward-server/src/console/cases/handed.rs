//! What was handed in: a case file, its evidence, and what the claimant holds on the ledger.

use std::path::Path;
use std::sync::Arc;

use faceward::case::{Assessor, CaseFile, EvidenceFiles, HandedLedger, Openings, Worked};
use faceward::{Law, LawError, WardError};

use super::super::Desk;
use super::super::fields::Fields;
use crate::Problem;
use crate::lang::Lang;

/// The longest case file, in bytes; the worked one of the documents has three thousand.
const LONGEST: usize = 256 * 1024;
/// The most cases in a file, and variants of one, that are worked through in one request.
const MOST: usize = 20;

/// Why a case that was handed in has no answer.
pub(super) enum Failed {
    /// Something in what was handed in.
    Said(Wrong),
    Broke(Problem),
}

impl Wrong {
    fn said(why: impl ToString) -> Failed {
        Failed::Said(Self {
            why: why.to_string(),
            line: None,
        })
    }
}

/// Why nothing was assessed.
pub(super) struct Wrong {
    pub(super) why: String,
    /// The line of the file that it speaks of.
    pub(super) line: Option<(usize, String)>,
}

/// Name and text of the case file: the one chosen, or else what was written.
pub(super) fn handed(fields: &Fields, lang: Lang) -> Result<(String, String), Failed> {
    let (name, text) = match fields.files_of("case").next() {
        Some((name, bytes)) => {
            let no_text = lang.say("the case file is no text", "案件文件不是文本");
            let text = std::str::from_utf8(bytes).map_err(|_| Wrong::said(no_text))?;
            (last(name).to_owned(), text.to_owned())
        }
        None => {
            // A browser sends the lines of a field with their own ends.
            let text = fields.raw("text").replace("\r\n", "\n");
            let json = text.trim_start().starts_with('{');
            let name = if json { "case.json" } else { "case.toml" };
            (name.to_owned(), text)
        }
    };
    if text.trim().is_empty() {
        let why = lang.say(
            "choose a case file, or write one below",
            "请选择案件文件，或在下方填写",
        );
        return Err(Wrong::said(why));
    }
    if text.len() > LONGEST {
        let why = lang.say(
            "a case file may have 256 KiB here; assess a longer one with `faceward case assess`",
            "此处案件文件不得超过 256 KiB；更长的请使用 faceward case assess",
        );
        return Err(Wrong::said(why));
    }
    Ok((name, text))
}

/// A file's own name, without the folders that some browsers put before it.
fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

type Done = (Arc<Law>, Vec<Worked>);

/// Works the case through, and gives the law it was judged under.
pub(super) async fn work(
    desk: &Desk,
    fields: &Fields,
    name: &str,
    text: String,
) -> Result<Done, Failed> {
    let mut assessor = Assessor::new(&[]).map_err(|error| Failed::Broke(error.into()))?;
    let mut file = assessor
        .read(Path::new(name), &text)
        .map_err(|error| misread(&error, &text))?;
    pick(&mut file, fields.said("only"), desk.lang)?;
    if let Some(day) = fields.said("as_of") {
        let why = desk.lang.say(
            "write the day of the assessment as 2026-01-31",
            "评估日期的写法如 2026-01-31",
        );
        assessor.as_of = Some(day.parse().map_err(|_| Wrong::said(why))?);
    }
    let tried = fields.raw("what_if").lines().map(str::trim);
    let tried = tried.filter(|line| !line.is_empty());
    assessor.what_if = tried.map(str::to_owned).collect();
    if fields.ticked("own_ledger") {
        let story = desk.ward.ledger_story(&openings(fields)?).await;
        let key = desk.ward.ledger_key();
        assessor.ledger = Some(HandedLedger {
            story: story.map_err(|error| Failed::Broke(error.into()))?,
            folder: None,
            key: key.to_string(),
        });
        assessor.key = Some(key);
    }
    let evidence = fields.files_of("evidence");
    let evidence = evidence.map(|(name, bytes)| (last(name).to_owned(), bytes.to_vec().into()));
    let files = EvidenceFiles::Handed(evidence.collect());
    // Trying every single fact otherwise is work; others are served meanwhile.
    let worked = tokio::task::spawn_blocking(move || {
        let worked = assessor.work(&file, &files)?;
        Ok::<_, WardError>((assessor.law().clone(), worked))
    });
    let worked = worked.await.map_err(|_| Failed::Broke(Problem::failed()))?;
    worked.map_err(Wrong::said)
}

/// What is wrong with a file, and the line it is about.
fn misread(error: &WardError, text: &str) -> Failed {
    let line = match error {
        WardError::Law(LawError::Pack(at)) => {
            let said = text.lines().nth(at.line.saturating_sub(1));
            said.map(|said| (at.line, said.chars().take(200).collect()))
        }
        _ => None,
    };
    Failed::Said(Wrong {
        why: error.to_string(),
        line,
    })
}

/// The one case that was named, or all if they are not too many.
fn pick(file: &mut CaseFile, only: Option<&str>, lang: Lang) -> Result<(), Failed> {
    if let Some(only) = only {
        file.cases.retain(|case| case.id == only);
        if file.cases.is_empty() {
            let why = match lang {
                Lang::En => format!("the file has no case `{only}`"),
                Lang::Zh => format!("文件中没有案件“{only}”"),
            };
            return Err(Wrong::said(why));
        }
    }
    let variants = |cases: &CaseFile| cases.cases.iter().map(|case| case.variants.len()).max();
    if file.cases.len() > MOST || variants(file) > Some(MOST) {
        let why = lang.say(
            "at most 20 cases of a file, and 20 variants of a case, are assessed here; name one case, or use `faceward case assess`",
            "此处每个文件最多评估 20 个案件、每案 20 个变体；请指定一个案件，或使用 faceward case assess",
        );
        return Err(Wrong::said(why));
    }
    Ok(())
}

/// What the claimant holds on entries of the ledger.
fn openings(fields: &Fields) -> Result<Vec<Openings>, Failed> {
    let mut openings = Vec::new();
    for (name, bytes) in fields.files_of("about") {
        let text = String::from_utf8_lossy(bytes);
        let read = Openings::of_text(Path::new(last(name)), &text);
        openings.push(read.map_err(Wrong::said)?);
    }
    Ok(openings)
}
