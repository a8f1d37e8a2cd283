//! A ward that declares a deployment judges by it, and lets people leave whatever its file says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use faceward::*;
use tempfile::TempDir;

const NOTICE: &[u8] = b"We compare your face at the turnstile.";

fn repository(name: &str) -> Vec<u8> {
    fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(name),
    )
    .unwrap()
}

fn gym() -> Purpose {
    "gym-access".parse().unwrap()
}

fn who(name: &str) -> Handle {
    name.parse().unwrap()
}

/// The gym of the worked examples, its notice in a file.
fn declare(folder: &Path, change: impl Fn(String) -> String) {
    let text = String::from_utf8(repository("examples/deployments/gym.toml")).unwrap();
    let text = text.replace("languages = [", "files = [\"notice.txt\"]\nlanguages = [");
    let (before, after) = text.split_once("text = \"\"\"").unwrap();
    let (_, after) = after.split_once("\"\"\"\n").unwrap();
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("deployment.toml"),
        change(format!("{before}{after}")),
    )
    .unwrap();
    fs::write(folder.join("notice.txt"), NOTICE).unwrap();
}

async fn open(folder: &Path) -> Ward {
    Ward::open_or_create(&Home::at(folder), &Unlock::File)
        .await
        .unwrap()
}

async fn agree(ward: &Ward, name: &str, notice: &[u8]) {
    let ask = ConsentAsk {
        details: Default::default(),
        handle: who(name),
        purpose: gym(),
        notice: NoticeText {
            version: "as on the desk".to_owned(),
            bytes: notice.to_vec(),
        },
        given_by: Giver::Subject,
        method: "signed on paper".to_owned(),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card".to_owned()),
        from: None,
        until: None,
    };
    ward.give_consent(ask).await.unwrap();
}

fn done<T>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(found) => found,
        Outcome::Refused(refusal) => panic!("refused: {refusal}"),
        Outcome::Unusable(why) => panic!("unusable: {why}"),
    }
}

fn refused<T>(outcome: Outcome<T>) -> String {
    match outcome {
        Outcome::Refused(refusal) => refusal.to_string(),
        _ => panic!("not refused"),
    }
}

#[tokio::test]
async fn a_declared_gym_enrols_searches_and_asks_again_once_its_notice_changes() {
    let folder = TempDir::new().unwrap();
    declare(folder.path(), |text| text);
    let ward = open(folder.path()).await;
    assert!(ward.deployment().unwrap().is_some());
    let photo = repository("demo/obama.jpg");
    agree(&ward, "barack", NOTICE).await;
    done(
        ward.enroll(&who("barack"), &gym(), &photo)
            .await
            .unwrap()
            .outcome,
    );
    let probe = repository("demo/obama2.jpg");
    let found = done(ward.identify(&gym(), &probe).await.unwrap().outcome);
    assert_eq!(found.decision, Decision::Match);

    let verified = ward.verify(&who("barack"), &gym(), &probe).await.unwrap();
    let text = refused(verified.outcome);
    assert!(text.contains("for identification only"), "{text}");
    let marketing = "marketing".parse().unwrap();
    let searched = ward.identify(&marketing, &probe).await.unwrap();
    let text = refused(searched.outcome);
    assert!(text.contains("declares no purpose `marketing`"), "{text}");
    assert!(text.contains("Art. 2(4)"), "{text}");
    ward.close().await;

    fs::write(
        folder.path().join("notice.txt"),
        "We now keep pictures too.",
    )
    .unwrap();
    let ward = open(folder.path()).await;
    let again = ward.enroll(&who("barack"), &gym(), &photo).await.unwrap();
    let text = refused(again.outcome);
    assert!(text.contains("ask again"), "{text}");
    refused(ward.identify(&gym(), &probe).await.unwrap().outcome);
    agree(&ward, "barack", b"We now keep pictures too.").await;
    done(ward.identify(&gym(), &probe).await.unwrap().outcome);
}

#[tokio::test]
async fn a_file_that_is_not_understood_stops_every_act_and_no_one_from_leaving() {
    let folder = TempDir::new().unwrap();
    declare(folder.path(), |text| text);
    let ward = open(folder.path()).await;
    agree(&ward, "barack", NOTICE).await;
    ward.close().await;
    declare(folder.path(), |text| text.replace("role = ", "roll = "));
    let ward = open(folder.path()).await;
    let photo = repository("demo/obama.jpg");
    let stopped = ward.enroll(&who("barack"), &gym(), &photo).await;
    let error = stopped.err().unwrap().to_string();
    assert!(error.contains("did you mean `role`?"), "{error}");
    assert!(ward.compare([&photo, &photo], "both asked").await.is_err());
    ward.withdraw(&who("barack"), &gym()).await.unwrap();
    ward.forget(&who("barack")).await.unwrap();
    ward.close().await;
    declare(folder.path(), |text| {
        text.replace("\"notice.txt\"", "\"no.txt\"")
    });
    let ward = open(folder.path()).await;
    assert!(
        ward.deployment()
            .unwrap_err()
            .to_string()
            .contains("no.txt")
    );
}

#[tokio::test]
async fn a_pack_of_ones_own_binds_the_gate() {
    let folder = TempDir::new().unwrap();
    let pack = r#"
format = 1
[pack]
id = "house-rules"
short = "House rules"
title = "What we promised the members' assembly"
issuer = "Riverside Gym"
jurisdiction = "here"
[[articles]]
number = "1"
title = "No search"
[conclusions.promise_broken]
effect = "breach"
favours = "claimant"
meaning = "a promise to the members is broken"
[conclusions.permitted]
effect = "permits"
favours = "processor"
meaning = "the member agreed"
[[rules]]
id = "1"
article = "1"
cite = "1"
gist = "nobody is searched for among others"
concludes = "promise_broken"
modality = "mandatory"
mark = "text"
live = true
elements = ["frt_function = identification"]
[[rules]]
id = "1.permit"
article = "1"
cite = "1"
gist = "what a member agreed to is done"
concludes = "permitted"
modality = "mandatory"
mark = "text"
live = true
elements = ["separate_consent_obtained"]
"#;
    declare(folder.path(), |text| {
        text.replace(
            "packs = [",
            "pack_files = [\"house.toml\"]\npacks = [\"house-rules\", ",
        )
    });
    fs::write(folder.path().join("house.toml"), pack).unwrap();
    let ward = open(folder.path()).await;
    agree(&ward, "barack", NOTICE).await;
    let photo = repository("demo/obama.jpg");
    let text = refused(ward.identify(&gym(), &photo).await.unwrap().outcome);
    assert!(text.contains("House rules, 1"), "{text}");
}
