//! The annexes: evidence and its checks, the ledger, how to verify it all, versions.

use faceward_law::Law;

use super::document::{Block, Tone, cell, label, part, quiet, section, term, text};
use crate::case::{LEDGER_CANNOT_PROVE, Worked, words};

pub(super) fn ledger(worked: &Worked, blocks: &mut Vec<Block>) {
    let Some(told) = &worked.ledger else {
        return;
    };
    blocks.push(section(
        "What the processor's ledger shows",
        "处理者账本所示",
    ));
    let audited = &told.handed.story.audited;
    blocks.push(text(format!(
        "The ledger {} has {} entries. Each was checked against the signed checkpoint: none was changed. {} of them were shown to be the claimant's, by what the claimant holds.",
        audited.origin,
        audited.entries,
        told.handed.story.own.len()
    )));
    let rows = told.filled.iter().map(|filled| {
        let standing = match filled.taken {
            true => "taken into the facts",
            false => "not taken: the file has its own",
        };
        vec![
            cell(filled.fact),
            cell(filled.value.clone()).below(standing),
            cell(words::numbers(&filled.entries)),
            cell(filled.why.clone()),
        ]
    });
    blocks.push(Block::Table {
        heads: vec![
            label("Fact", "事实"),
            label("Shown as", "所示"),
            label("Entries", "记录"),
            label("How", "理由"),
        ],
        widths: vec![27, 20, 15, 38],
        rows: rows.collect(),
    });
    blocks.push(part("What no ledger proves", "账本不能证明的事项"));
    blocks.push(Block::List {
        items: LEDGER_CANNOT_PROVE.map(str::to_owned).to_vec(),
    });
}

pub(super) fn evidence(worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("Annex A: evidence", "附件一：证据"));
    let case = &worked.case;
    if case.evidence.is_empty() {
        blocks.push(text("The case file names no evidence."));
        return;
    }
    let mut rows = Vec::new();
    for evidence in &case.evidence {
        let checked = worked.evidence.iter().find(|c| c.id == evidence.id);
        let wrong = checked.is_some_and(|checked| checked.result.is_wrong());
        let sha256 = checked
            .and_then(|c| c.sha256.clone())
            .or(evidence.sha256.clone());
        rows.push(vec![
            cell(evidence.id.clone()).below(evidence.kind.word()),
            cell(evidence.title.clone()).below(evidence.note.clone().unwrap_or_default()),
            cell(evidence.file.clone().unwrap_or_default()).below(
                sha256
                    .map(|hex| format!("SHA-256 {hex}"))
                    .unwrap_or_default(),
            ),
            cell(
                checked
                    .map_or("not checked", |c| c.result.word())
                    .replace('_', " "),
            )
            .below(checked.map(|c| c.detail.clone()).unwrap_or_default())
            .tone(if wrong { Tone::Open } else { Tone::Plain }),
        ]);
    }
    blocks.push(Block::Table {
        heads: vec![
            label("Name", "编号"),
            label("What it is", "内容"),
            label("File", "文件"),
            label("Check", "核验"),
        ],
        widths: vec![12, 30, 32, 26],
        rows,
    });
}

pub(super) fn verify(worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("Annex B: how to verify this", "附件二：核验方法"));
    blocks.push(text(
        "Nothing here has to be believed. Each step runs offline, on a machine of your own.",
    ));
    blocks.push(part("The assessment", "评估"));
    blocks.push(text(
        "The same case file and the same program give the same assessment:",
    ));
    blocks.push(Block::Code {
        text: format!(
            "faceward case assess {} --as-of {}",
            worked.file.display(),
            worked.assessment.as_of
        ),
    });
    if worked.case.evidence.iter().any(|e| e.file.is_some()) {
        blocks.push(part("Documents", "书证"));
        blocks.push(text(
            "Any tool that computes SHA-256 will do; compare with Annex A character by character:",
        ));
        blocks.push(Block::Code {
            text: "sha256sum FILE".to_owned(),
        });
    }
    let Some(told) = &worked.ledger else {
        return;
    };
    blocks.push(part("The whole ledger", "完整账本"));
    blocks.push(text(
        "The key must come from the processor's own publication, not from this dossier. The check rebuilds the tree from every entry and holds it against the signed checkpoint:",
    ));
    let folder = match &told.handed.folder {
        Some(folder) => folder.display().to_string(),
        None => {
            blocks.push(text(
                "For this dossier the ledger was read where it is kept. The processor hands it over as a folder, here called LEDGER, with `faceward audit export LEDGER`.",
            ));
            "LEDGER".to_owned()
        }
    };
    blocks.push(Block::Code {
        text: format!(
            "faceward audit check --log {folder} --key '{}'",
            told.handed.key
        ),
    });
    blocks.push(part("Single entries", "单条记录"));
    blocks.push(text(
        "Each entry that is named above lies beside this dossier as a receipt: its hash, the signed checkpoint, and the path of hashes between them (RFC 6962).",
    ));
    let commands: Vec<String> = told
        .handed
        .story
        .own
        .iter()
        .map(|own| {
            format!(
                "faceward audit check --proof ledger/entry-{}.json --key '{}'",
                own.position, told.handed.key
            )
        })
        .collect();
    blocks.push(Block::Code {
        text: commands.join("\n"),
    });
    blocks.push(part("With other people's tools", "使用第三方工具"));
    blocks.push(text(
        "The ledger follows public formats: C2SP tlog-tiles (the folder), tlog-checkpoint and signed-note (the checkpoint, Ed25519), RFC 6962 (leaf and node hashes, SHA-256). Any verifier of these reads it, such as the Go packages golang.org/x/mod/sumdb/note and tlog.",
    ));
    blocks.push(part("Whose entry it is", "记录归属"));
    blocks.push(text(
        "An entry names nobody. Its mark is SHA-256 over `faceward-mark-v1`, the salt, the claimant's identifier and, for a consent, the record. The claimant holds the salts; hashing these gives the `value` in the entry.",
    ));
    blocks.push(part("The checkpoint", "签名检查点"));
    blocks.push(Block::Code {
        text: told.handed.story.audited.checkpoint.clone(),
    });
}

pub(super) fn open_points(law: &Law, worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section(
        "Annex C: readings and open points",
        "附件三：解释选择与未决问题",
    ));
    let readings: Vec<String> = worked
        .case
        .readings()
        .map(|(name, value)| format!("{name} is read as {value}"))
        .collect();
    if !readings.is_empty() {
        blocks.push(Block::List { items: readings });
    }
    for pack in &worked.case.packs {
        let Ok(pack) = law.pack(pack) else { continue };
        if !pack.notes.is_empty() {
            blocks.push(Block::Name {
                text: pack.short.clone(),
            });
            blocks.push(Block::List {
                items: pack.notes.clone(),
            });
        }
    }
}

pub(super) fn versions(worked: &Worked, blocks: &mut Vec<Block>) {
    blocks.push(section("Annex D: versions", "附件四：版本"));
    let mut rows = vec![
        term(
            "Program",
            "程序",
            concat!("faceward ", env!("CARGO_PKG_VERSION")),
        ),
        term(
            "Case file",
            "案件文件",
            format!("{}, SHA-256 {}", worked.file.display(), worked.sha256),
        ),
    ];
    for (id, sha256) in &worked.packs {
        rows.push(term("Rules", "规则", format!("{id}, SHA-256 {sha256}")));
    }
    blocks.push(Block::Terms { rows });
    blocks.push(quiet(
        "The rules are our own words for the provisions, written as data that can be read and corrected. Each carries the mark of how surely it was read.",
    ));
}
