//! `vectors/vault/request-v1.jsonl`: what was asked, then each event, then each entry about a person.

use faceward_law::{Kin, RequestKind};

use super::*;

const ID: RequestId = RequestId([3; 16]);
const PERSON: SubjectId = SubjectId([1; 16]);

fn at() -> Timestamp {
    "2026-06-01T08:30:00Z".parse().unwrap()
}

fn asked() -> [AskedFor; 4] {
    let own = AskedFor {
        subject: PERSON,
        kind: RequestKind::Access,
        asker: Asker::Subject,
        details: None,
        channel: "at the desk".to_owned(),
        received: at(),
        regime: Regime::Pipl { days: 15 },
    };
    let relative = |nearer_alive, interest: Option<&str>| AskedFor {
        kind: RequestKind::Relative,
        asker: Asker::Relative {
            name: "李娜".to_owned(),
            kin: Kin::Child,
            nearer_alive,
            interest: interest.map(str::to_owned),
        },
        details: Some("a copy of \"everything\"".to_owned()),
        ..own.clone()
    };
    [
        own.clone(),
        AskedFor {
            kind: RequestKind::Deletion,
            asker: Asker::Guardian("王芳".to_owned()),
            regime: Regime::Gdpr,
            ..own.clone()
        },
        relative(Some(false), Some("the estate")),
        AskedFor {
            asker: Asker::Authorised("a lawyer".to_owned()),
            ..own
        },
    ]
}

fn events() -> [RequestEvent; 5] {
    let said = || "it takes longer".to_owned();
    [
        RequestHappened::Received,
        RequestHappened::Extended { reason: said() },
        RequestHappened::Answered { note: Some(said()) },
        RequestHappened::Refused { reason: said() },
        RequestHappened::Withdrawn,
    ]
    .map(|what| RequestEvent { at: at(), what })
}

fn circumstances() -> [Circumstance; 3] {
    [
        Fate::Died {
            on: "2026-05-01".parse().unwrap(),
            evidence: "a certificate".to_owned(),
        },
        Fate::Lives {
            reason: "another of this name".to_owned(),
        },
        Fate::Arranged {
            text: "nobody shall see it".to_owned(),
            bars_relatives: true,
        },
    ]
    .map(|what| Circumstance { at: at(), what })
}

#[test]
fn requests_and_entries_of_version_1_are_these_lines() {
    let mut lines = include_str!("../../../../../vectors/vault/request-v1.jsonl").lines();
    let mut same = |written: &[u8]| -> String {
        let line = lines.next().unwrap_or_default();
        assert_eq!(std::str::from_utf8(written).unwrap(), line);
        line.to_owned()
    };
    for asked in asked() {
        let line = same(&write_request(&asked).unwrap());
        assert_eq!(read_request(PERSON, line.as_bytes()).unwrap(), asked);
        for other in others(&line) {
            assert!(read_request(PERSON, other.as_bytes()).is_err(), "{other}");
        }
    }
    for event in events() {
        let line = same(&write_request_event(ID, &event).unwrap());
        assert_eq!(read_request_event(ID, line.as_bytes()).unwrap(), event);
        let elsewhere = read_request_event(RequestId([4; 16]), line.as_bytes());
        assert!(elsewhere.is_err());
        for other in others(&line) {
            assert!(read_request_event(ID, other.as_bytes()).is_err(), "{other}");
        }
    }
    for entry in circumstances() {
        let line = same(&write_circumstance(&entry).unwrap());
        assert_eq!(read_circumstance(line.as_bytes()).unwrap(), entry);
        for other in others(&line) {
            assert!(read_circumstance(other.as_bytes()).is_err(), "{other}");
        }
    }
    assert_eq!(lines.next(), None);
}

fn others(line: &str) -> [String; 2] {
    [
        line.replacen("\"v\":1", "\"v\":2", 1),
        line.replacen('{', "{\"w\":1,", 1),
    ]
}
