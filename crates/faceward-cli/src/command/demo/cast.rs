//! Who appears in the story, and for what they are said to have agreed.

use faceward::{
    Age, Condition, ConsentAsk, ConsentGiven, Details, Giver, Handle, NoticeText, Purpose, Ward,
};

/// Two people on record and two purposes.
pub(super) struct Cast {
    pub(super) obama: Handle,
    pub(super) biden: Handle,
    /// What they agree to.
    pub(super) door: Purpose,
    /// What nobody agreed to.
    pub(super) advertising: Purpose,
}

impl Cast {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            obama: "barack-obama".parse()?,
            biden: "joe-biden".parse()?,
            door: "door-access".parse()?,
            advertising: "advertising".parse()?,
        })
    }

    /// Records a consent to `door-access` that nobody ever gave.
    pub(super) async fn invent_consent(
        &self,
        ward: &Ward,
        handle: &Handle,
    ) -> anyhow::Result<ConsentGiven> {
        let ask = ConsentAsk {
            handle: handle.as_str().parse()?,
            purpose: self.door.clone(),
            notice: NoticeText {
                version: "demo-1".to_owned(),
                bytes: NOTICE.as_bytes().to_vec(),
            },
            given_by: Giver::Subject,
            method: "invented for this demo".to_owned(),
            age: Age::Adult,
            bundled_with: None,
            condition: Condition::Alternative("a key card".to_owned()),
            from: None,
            until: None,
            details: Details::default(),
        };
        Ok(ward.give_consent(ask).await?)
    }
}

/// The notice whose hash goes into the record.
const NOTICE: &str = "\
Your face would be used to open a door, and for nothing else. A key card opens it just as well.
You may withdraw at any time. (Invented for the demo of Faceward: nobody was shown this notice.)
";
