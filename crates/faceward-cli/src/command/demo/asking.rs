//! Asking: nothing happens to a face before somebody agreed.

use faceward::hex;
use faceward::{Condition, ConsentGiven, Enrolled, Outcome, ReferenceId, Verdict, Ward};
use jiff::Timestamp;

use super::cast::Cast;
use super::exhibit::{Exhibit, Picture};
use super::photo::{BIDEN, OBAMA};
use super::step::{Chapter, Step};

/// What enrolment left: the reference, and the picture it was made from.
pub(super) struct Kept {
    pub(super) reference: ReferenceId,
    pub(super) picture: Picture,
}

pub(super) async fn without_consent(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let verdict = ward.enroll(&cast.obama, &cast.door, OBAMA.bytes).await?;
    let step = Step::new(Chapter::Asking, "no-consent", "Without consent, refused")
        .tell("Somebody wants to enrol this photograph so that a door recognises the face. Nobody has agreed to that. The law is asked before the picture is looked at, so no face is searched for in it.")
        .expect("refused under Fa Shi [2021] No. 15, Art. 2(3)")
        .show(Exhibit::Pictures(vec![Picture {
            photo: &OBAMA,
            face: None,
            role: "never looked at",
        }]));
    Ok(step.answer(&verdict, |_| ("enrolled".to_owned(), Vec::new())))
}

pub(super) async fn consent(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let given = cast.invent_consent(ward, &cast.obama).await?;
    Ok(Step::new(Chapter::Asking, "consent", "Consent, for one purpose")
        .tell("A consent is recorded: separate, for one purpose, after a notice, with an end and with another way open. It is invented; a real one is given by the person.")
        .expect("recorded")
        .came_to("recorded")
        .entered(&given.receipt)
        .show(Exhibit::Particulars(terms(&given))))
}

pub(super) async fn enrolment(ward: &Ward, cast: &Cast) -> anyhow::Result<(Step, Option<Kept>)> {
    let verdict = ward.enroll(&cast.obama, &cast.door, OBAMA.bytes).await?;
    let kept = kept(&verdict);
    let step = Step::new(Chapter::Asking, "enrolled", "Now the same request is granted")
        .tell("Handling a face within what the person agreed to is permitted (Art. 5(4)). The face is found, measured and turned into a template of 512 numbers, which is kept sealed under a key of this person and this purpose. The photograph itself is not kept.")
        .expect("enrolled")
        .answer(&verdict, |enrolled| ("enrolled".to_owned(), enrolment_exhibits(&OBAMA, enrolled)));
    Ok((step, kept))
}

pub(super) async fn second_person(ward: &Ward, cast: &Cast) -> anyhow::Result<Step> {
    let given = cast.invent_consent(ward, &cast.biden).await?;
    let verdict = ward.enroll(&cast.biden, &cast.door, BIDEN.bytes).await?;
    Ok(Step::new(Chapter::Recognising, "second-person", "A second person joins")
        .tell(format!(
            "So that a search has someone to choose between, a second person is enrolled for the same purpose, on a consent of their own (ledger entry {}, invented like the first).",
            given.receipt.position()
        ))
        .expect("enrolled")
        .answer(&verdict, |enrolled| ("enrolled".to_owned(), enrolment_exhibits(&BIDEN, enrolled))))
}

fn terms(given: &ConsentGiven) -> Vec<(&'static str, String)> {
    let terms = given.consent.terms();
    let alternative = match &terms.condition {
        Condition::Alternative(other) => other.clone(),
        Condition::Unstated | Condition::Required { .. } => "none stated".to_owned(),
    };
    let [a, b, c, d, ..] = terms.notice.sha256;
    vec![
        ("purpose", terms.purpose.to_string()),
        (
            "given",
            format!("{} ({})", moment(terms.given_at), terms.method.0),
        ),
        ("valid until", moment(terms.until)),
        ("instead of a face", alternative),
        (
            "notice",
            format!("{}, SHA-256 {}…", terms.notice.version, hex(&[a, b, c, d])),
        ),
    ]
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn kept(verdict: &Verdict<Enrolled>) -> Option<Kept> {
    let Outcome::Done(enrolled) = &verdict.outcome else {
        return None;
    };
    Some(Kept {
        reference: enrolled.reference,
        picture: Picture {
            photo: &OBAMA,
            face: Some(enrolled.reading.face),
            role: "enrolled",
        },
    })
}

fn enrolment_exhibits(photo: &'static super::photo::Photo, enrolled: &Enrolled) -> Vec<Exhibit> {
    let reading = &enrolled.reading;
    let quality = format!(
        "{} of 100, over {} components of ISO/IEC 29794-5",
        reading.quality.unified,
        reading.quality.components.len()
    );
    vec![
        Exhibit::Pictures(vec![Picture {
            photo,
            face: Some(reading.face),
            role: "enrolled",
        }]),
        Exhibit::Particulars(vec![
            ("reference", enrolled.reference.to_string()),
            ("quality", quality),
        ]),
    ]
}
