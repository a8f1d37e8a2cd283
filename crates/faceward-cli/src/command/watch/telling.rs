//! Events of a video, in words and as JSON.

use std::time::Duration;

use faceward::told::receipt_json;
use faceward::{Decision, FollowEvent, Identified, Live, Outcome, TrackId, Verdict, Who};
use serde_json::{Value, json};

use crate::answer::{Answer, refused};
use crate::command::verify::{code, word};

pub(super) fn answer(event: &FollowEvent) -> Answer {
    match event {
        FollowEvent::Began(track, time) => Answer::done(
            format!("{}  track {} begins", at(*time), number(*track)),
            json!({ "event": "begins", "track": number(*track), "time": time.as_secs_f64() }),
        ),
        FollowEvent::Decided(track, time, verdict) => decided(*track, *time, verdict),
        FollowEvent::Withdrawn(track, time) => Answer::done(
            format!(
                "{}  track {} may not be recognised any more",
                at(*time),
                number(*track)
            ),
            json!({ "event": "withdrawn", "track": number(*track), "time": time.as_secs_f64() }),
        ),
        FollowEvent::Ended {
            track,
            who,
            seen: [first, last],
            frames,
            best,
            live,
        } => {
            let mut text = format!(
                "{}  track {}{} ends: seen from {:.2} s in {frames} frames",
                at(*last),
                number(*track),
                named(who),
                first.as_secs_f64()
            );
            if let Some(best) = best {
                text.push_str(&format!(", best at {:.2} s", best.as_secs_f64()));
            }
            if live.count > 0 {
                text.push_str(&format!(
                    ", liveness {:.2} (least {:.2} of {})",
                    live.median, live.least, live.count
                ));
            }
            let fields = json!({
                "event": "ends", "track": number(*track), "who": handle(who), "from": first.as_secs_f64(),
                "time": last.as_secs_f64(), "frames": frames, "best": best.map(|best| best.as_secs_f64()),
                "liveness": live_json(live),
            });
            Answer::done(text, fields)
        }
    }
}

fn decided(track: TrackId, time: Duration, verdict: &Verdict<Identified>) -> Answer {
    let entry = verdict.receipt.position();
    let head = format!("{}  track {}", at(time), number(track));
    let mut answer = match &verdict.outcome {
        Outcome::Done(found) => {
            let text = match (found.decision, found.candidates.first()) {
                (Decision::Match, Some(best)) => format!("is {} ({})", best.handle, best.score),
                (_, Some(_)) => "is not surely anybody who agreed; nothing is kept".to_owned(),
                (_, None) => "is nobody who agreed; nothing is kept".to_owned(),
            };
            let who = found
                .candidates
                .first()
                .filter(|_| found.decision == Decision::Match);
            let fields = json!({
                "event": "decided", "outcome": word(found.decision), "who": who.map(|who| who.handle.as_str()),
                "score": who.map(|who| who.score.value()), "people": found.people,
            });
            Answer {
                text: format!("{head} {text}"),
                json: fields,
                code: code(found.decision),
            }
        }
        Outcome::Refused(refusal) => refused(refusal, ""),
        Outcome::Unusable(why) => Answer::done(
            format!("{head}: no answer: {why}"),
            json!({ "event": "decided", "outcome": "unusable", "reason": why.to_string() }),
        ),
    };
    answer.text.push_str(&format!("  [ledger entry {entry}]"));
    if let Value::Object(fields) = &mut answer.json {
        fields.insert("track".to_owned(), number(track).into());
        fields.insert("time".to_owned(), time.as_secs_f64().into());
        fields.insert("receipt".to_owned(), receipt_json(&verdict.receipt));
    }
    answer
}

/// People count from one.
fn number(track: TrackId) -> u64 {
    track.0 + 1
}

fn at(time: Duration) -> String {
    format!("{:8.2} s", time.as_secs_f64())
}

fn handle(who: &Who) -> Option<&str> {
    match who {
        Who::Known { handle, .. } => Some(handle.as_str()),
        Who::Undecided | Who::Unknown => None,
    }
}

fn named(who: &Who) -> String {
    match handle(who) {
        Some(handle) => format!(" ({handle})"),
        None => String::new(),
    }
}

fn live_json(live: &Live) -> Value {
    match live.count {
        0 => Value::Null,
        count => json!({ "median": live.median, "least": live.least, "looks": count }),
    }
}
