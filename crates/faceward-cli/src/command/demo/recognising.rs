//! Recognising: within what was agreed, and with nothing kept of strangers.

use faceward::{Decision, Identified, Verified, Ward};

use super::asking::Kept;
use super::cast::Cast;
use super::exhibit::{Comparison, Exhibit, Picture};
use super::photo::{BIDEN, COLLINS, OBAMA_SPEAKING, OBAMA_STANDING, Photo};
use super::step::{Chapter, Step};

pub(super) async fn same_person(ward: &Ward, cast: &Cast, kept: &Kept) -> anyhow::Result<Step> {
    let verdict = ward
        .verify(&cast.obama, &cast.door, OBAMA_SPEAKING.bytes)
        .await?;
    Ok(Step::new(Chapter::Recognising, "same-person", "The same person, another day")
        .tell("A photograph taken three years earlier, speaking, the head turned: is this the person who was enrolled?")
        .expect("match")
        .answer(&verdict, |verified| compared(kept, &OBAMA_SPEAKING, verified)))
}

pub(super) async fn other_person(ward: &Ward, cast: &Cast, kept: &Kept) -> anyhow::Result<Step> {
    let verdict = ward.verify(&cast.obama, &cast.door, BIDEN.bytes).await?;
    Ok(Step::new(
        Chapter::Recognising,
        "other-person",
        "Another person, the same claim",
    )
    .tell("Somebody else claims to be the person who was enrolled.")
    .expect("no match")
    .answer(&verdict, |verified| compared(kept, &BIDEN, verified)))
}

pub(super) async fn other_purpose(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let verdict = ward
        .verify(&cast.obama, &cast.advertising, OBAMA_SPEAKING.bytes)
        .await?;
    Ok(Step::new(Chapter::Recognising, "other-purpose", "Another purpose, refused")
        .tell("The photograph that matched a moment ago, now to recognise somebody for advertising. The consent is for the door.")
        .expect("refused under Fa Shi [2021] No. 15, Art. 2(4)")
        .show(unread(&OBAMA_SPEAKING))
        .answer(&verdict, |verified| (words(verified.decision).to_owned(), Vec::new())))
}

pub(super) async fn search(ward: &Ward, cast: &Cast, kept: &Kept) -> anyhow::Result<Step> {
    let verdict = ward.identify(&cast.door, OBAMA_STANDING.bytes).await?;
    Ok(Step::new(Chapter::Recognising, "search", "Who is this?")
        .tell("A third photograph, with no claim: it is searched among the people who agreed to be recognised at the door.")
        .expect(format!("found {}", cast.obama))
        .answer(&verdict, |identified| {
            let (outcome, mut exhibits) = searched(&OBAMA_STANDING, identified);
            if let Some(Exhibit::Pictures(pictures)) = exhibits.first_mut() {
                pictures.insert(0, kept.picture.clone());
            }
            (outcome, exhibits)
        }))
}

pub(super) async fn stranger(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let before = ward.health().await?;
    let verdict = ward.identify(&cast.door, COLLINS.bytes).await?;
    let after = ward.health().await?;
    let holds = |h: &faceward::Health| (h.subjects, h.templates, h.consents);
    let kept = if holds(&before) == holds(&after) {
        "nothing kept"
    } else {
        "something was kept"
    };
    Ok(Step::new(Chapter::Recognising, "stranger", "A stranger stays a stranger")
        .tell("Someone who never agreed to anything walks up to the door. The ledger gains an entry that says a search found nobody; the vault gains nothing.")
        .expect("unknown, nothing kept")
        .answer(&verdict, |identified| {
            let (outcome, exhibits) = searched(&COLLINS, identified);
            (format!("{outcome}, {kept}"), exhibits)
        })
        .show(Exhibit::Held { before, after }))
}

fn words(decision: Decision) -> &'static str {
    match decision {
        Decision::Match => "match",
        Decision::Uncertain => "uncertain",
        Decision::NoMatch => "no match",
    }
}

/// A photograph that a refusal kept from being looked at.
pub(super) fn unread(photo: &'static Photo) -> Exhibit {
    Exhibit::Pictures(vec![Picture {
        photo,
        face: None,
        role: "not looked at",
    }])
}

/// What a search came to, and what there is to see of it.
pub(super) fn searched(photo: &'static Photo, identified: &Identified) -> (String, Vec<Exhibit>) {
    let mut exhibits = vec![Exhibit::Pictures(vec![Picture {
        photo,
        face: Some(identified.reading.face),
        role: "searched",
    }])];
    let people = format!("{} whose consent is live", identified.people);
    let mut particulars = vec![("people searched", people)];
    let outcome = match identified.candidates.first() {
        Some(best) => {
            exhibits.push(Exhibit::Comparison(Comparison {
                score: best.score,
                match_at: identified.match_at,
                uncertain_at: identified.uncertain_at,
            }));
            match best.decision {
                Decision::Match => format!("found {}", best.handle),
                _ => format!("uncertain: perhaps {}", best.handle),
            }
        }
        None => {
            let floor = format!(
                "none reached {}, where doubt begins",
                identified.uncertain_at.score
            );
            particulars.push(("candidates", floor));
            "unknown".to_owned()
        }
    };
    exhibits.push(Exhibit::Particulars(particulars));
    (outcome, exhibits)
}

fn compared(kept: &Kept, photo: &'static Photo, verified: &Verified) -> (String, Vec<Exhibit>) {
    let pictures = vec![
        kept.picture.clone(),
        Picture {
            photo,
            face: Some(verified.reading.face),
            role: "presented",
        },
    ];
    let comparison = Comparison {
        score: verified.score,
        match_at: verified.match_at,
        uncertain_at: verified.uncertain_at,
    };
    (
        words(verified.decision).to_owned(),
        vec![Exhibit::Pictures(pictures), Exhibit::Comparison(comparison)],
    )
}
