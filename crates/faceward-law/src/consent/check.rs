//! What a consent must say before it is recorded at all.

use crate::{
    Condition, ConsentDraft, Details, Giver, LONGEST_VALIDITY_DAYS, LawError, Notice, Retention,
    Scope, Shown,
};

/// Refuses terms that could never be relied on.
///
/// # Errors
/// [`LawError::Consent`] with what to mend.
pub(super) fn check(draft: &ConsentDraft) -> Result<(), LawError> {
    check_times(draft)?;
    check_notice(&draft.notice)?;
    let blank = |text: &str| text.trim().is_empty();
    refuse_if(
        blank(&draft.method.0),
        "it does not say how the person agreed",
    )?;
    let reason = match &draft.condition {
        Condition::Alternative(text) => Some(text),
        Condition::Required { necessary_because } => necessary_because.as_ref(),
        Condition::Unstated => None,
    };
    refuse_if(
        reason.is_some_and(|text| blank(text)),
        "it names no alternative, or no reason why a face is necessary; say which",
    )?;
    refuse_if(
        matches!(&draft.given_by, Giver::Guardian(name) if blank(name)),
        "the guardian has no name",
    )?;
    check_details(draft)
}

fn check_times(draft: &ConsentDraft) -> Result<(), LawError> {
    let seconds = draft.until.as_second() - draft.from.as_second();
    refuse_if(
        seconds <= 0,
        "it ends before it begins; give an end after its start",
    )?;
    refuse_if(
        seconds > LONGEST_VALIDITY_DAYS * 86_400,
        "it would run for more than ten years; give an earlier end (an unlimited grant is what Art. 11 strikes out)",
    )?;
    refuse_if(
        draft.from < draft.given_at,
        "it would be valid before it was given; let it start when it was given",
    )
}

/// Refuses a notice without a name.
pub(super) fn check_notice(notice: &Notice) -> Result<(), LawError> {
    refuse_if(
        notice.version.trim().is_empty(),
        "the notice has no version; name the text that was shown",
    )
}

fn check_details(draft: &ConsentDraft) -> Result<(), LawError> {
    let Details {
        scope,
        functions,
        retention,
        shown,
        equal_terms,
        relation,
    } = &draft.details;
    check_scope(scope)?;
    refuse_if(
        functions.words().next().is_none(),
        "it allows nothing; say verification, identification or analysis",
    )?;
    match retention {
        Retention::Until(end) => refuse_if(
            *end > draft.until,
            "the templates would be kept longer than the consent holds; let the retention end with it",
        )?,
        Retention::After { event, .. } => refuse_if(
            event.trim().is_empty(),
            "the retention counts from an event without a name; say which",
        )?,
        Retention::WithConsent => {}
    }
    if let Some(shown) = shown {
        check_shown(shown, draft)?;
    }
    refuse_if(
        equal_terms.is_some() && !matches!(draft.condition, Condition::Alternative(_)),
        "it says on which terms the alternative was open, but names none",
    )?;
    refuse_if(
        relation.is_some() && draft.given_by == Giver::Subject,
        "it says what the guardian is to the person, but no guardian agreed",
    )
}

/// Refuses a scope that names nobody, or no country.
pub(super) fn check_scope(scope: &Scope) -> Result<(), LawError> {
    match scope {
        Scope::Recipient { name, contact } => refuse_if(
            name.trim().is_empty() || contact.trim().is_empty(),
            "the recipient has no name or no contact; the person must be told both (PIPL Art. 23)",
        ),
        Scope::Abroad { country } => refuse_if(
            country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()),
            "the country is named by two capital letters, such as DE",
        ),
        Scope::Processing | Scope::Publication | Scope::Egress => Ok(()),
    }
}

fn check_shown(shown: &Shown, draft: &ConsentDraft) -> Result<(), LawError> {
    let tag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    refuse_if(
        shown.language.len() > 35 || !shown.language.split('-').all(tag),
        "the language of the notice is named by a tag such as zh-Hans, en or de",
    )?;
    refuse_if(
        shown.at > draft.given_at,
        "the notice was shown only after the agreement; it must be shown before (PIPL Art. 17)",
    )?;
    refuse_if(
        shown.place.trim().is_empty(),
        "it does not say where the notice was shown",
    )
}

pub(super) fn refuse_if(wrong: bool, why: &str) -> Result<(), LawError> {
    if wrong {
        Err(LawError::Consent(why.to_owned()))
    } else {
        Ok(())
    }
}
