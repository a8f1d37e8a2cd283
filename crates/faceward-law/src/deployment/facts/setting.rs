//! What a deployment says of itself, whatever the purpose: place, storage, notice, protection,
//! assessment, filing, rights.

use super::super::terms::*;
use super::super::{Deployment, PurposeTerms};
use super::stated;
use crate::live::Live;

pub(super) fn place(live: &mut Live<'_>, deployment: &Deployment, purpose: &PurposeTerms) {
    let place = &deployment.place;
    live.words("place_type", &[place.kind.word()]);
    let named = !matches!(
        place.kind,
        PlaceKind::Residential | PlaceKind::Workplace | PlaceKind::Online | PlaceKind::Other
    );
    let business_or_public = if named { Some(true) } else { place.public };
    live.told("place_is_business_or_public", business_or_public);
    live.told("device_in_public_place", place.public);
    live.told("used_in_public_place", place.public);
    live.told("publicly_accessible_space", place.publicly_accessible);
    live.told("device_inside_private_space", place.private_space);
    live.shown("prominent_sign", stated(&place.sign));
    live.shown("capture_area_reasonably_set", stated(&place.capture_area));
    let violates = breaks_law_of_venues(place, purpose);
    live.told("venue_use_violates_law_or_regulation", violates);
    live.because(
        "venue_use_violates_law_or_regulation",
        "such a camera is unlawful in this place (PIPL Art. 26: public security, State provision and sign; Civil Code Art. 1033: private spaces)",
    );
}

/// Whether the use breaks the law of venues: PIPL 26 in a public place, Civil Code 1033 in a private
/// space. Our reading of what Fa Shi [2021] No. 15, Art. 2(1) refers to.
fn breaks_law_of_venues(place: &Place, purpose: &PurposeTerms) -> Option<bool> {
    let secured = purpose.security.as_ref().is_some_and(|security| {
        stated(&security.necessary_because) && stated(&security.provision) && stated(&place.sign)
    });
    Some((place.public? && !secured) || place.private_space?)
}

pub(super) fn storage(live: &mut Live<'_>, storage: &Storage) {
    live.told("on_device_storage", storage.on_device);
    live.told("internet_transfer_out", storage.sent_over_internet);
    let allowed = stated(&storage.sent_under);
    live.told("internet_transfer_allowed_by_law", Some(allowed));
    let own = storage.sending_has_own_consent;
    live.told("separate_consent_for_transfer", own);
    if let Some(abroad) = storage.abroad {
        live.told("cross_border_transfer", Some(abroad != Abroad::No));
        let gate = if abroad == Abroad::No {
            "none"
        } else {
            abroad.word()
        };
        live.words("cross_border_gate", &[gate]);
    }
}

pub(super) fn notice(live: &mut Live<'_>, deployment: &Deployment, purpose: &PurposeTerms) {
    let Some(notice) = &deployment.notice else {
        return;
    };
    for (fact, items) in TOLD {
        live.shown(fact, items.iter().all(|item| notice.covers.contains(item)));
    }
    let recipients = purpose.recipients.as_ref().is_some_and(|r| !r.is_empty());
    let leaves = deployment.storage.sent_over_internet != Some(false)
        || deployment.storage.abroad != Some(Abroad::No);
    let complete = NEEDED.iter().all(|item| notice.covers.contains(item))
        && (!recipients || notice.covers.contains(&Item::Recipients))
        && (!leaves || notice.covers.contains(&Item::Storage))
        && (!purpose.declares_map() || notice.covers.contains(&Item::FaceMap));
    // That it is true as well is what an operator states by naming it here.
    live.shown("notice_truthful_accurate_complete", complete);
    live.yes("notice_given");
    live.told("notice_before_processing", notice.shown_before);
    live.told("consent_informed", notice.shown_before);
    live.told("notice_conspicuous_and_plain", notice.plain);
    live.shown("accessibility_rules_met", stated(&notice.accessible));
    let published = stated(&notice.published);
    live.shown("rules_published", published);
    live.shown("transparency", published && notice.plain == Some(true));
    let schedule =
        notice.covers.contains(&Item::Retention) && notice.covers.contains(&Item::AfterRetention);
    live.shown("public_retention_policy", published && schedule);
}

/// Which items of the notice tell what the law asks for.
const TOLD: &[(&str, &[Item])] = &[
    ("handler_identity_disclosed", &[Item::Controller]),
    ("contact_disclosed", &[Item::Contact]),
    ("purpose_disclosed", &[Item::Purpose]),
    ("method_disclosed", &[Item::Manner]),
    ("scope_disclosed", &[Item::Scope]),
    ("pi_types_disclosed", &[Item::Data]),
    ("retention_period_disclosed", &[Item::Retention]),
    (
        "rights_procedure_disclosed",
        &[Item::Rights, Item::Withdrawal],
    ),
    ("necessity_disclosed", &[Item::Necessity]),
    ("impact_on_rights_disclosed", &[Item::EffectOnRights]),
    ("written_notice_fact", &[Item::Data]),
    (
        "written_notice_purpose_term",
        &[Item::Purpose, Item::Retention],
    ),
    ("subject_informed", &[Item::HighRiskSystem]),
    ("exposed_persons_informed", &[Item::Inference]),
];

/// Without these a notice is not complete.
const NEEDED: &[Item] = &[
    Item::Controller,
    Item::Contact,
    Item::Purpose,
    Item::Manner,
    Item::Scope,
    Item::Data,
    Item::Retention,
    Item::Necessity,
    Item::EffectOnRights,
    Item::Rights,
    Item::Withdrawal,
];

pub(super) fn protection(live: &mut Live<'_>, protection: &Protection) {
    let has = |measure| protection.measures.contains(&measure);
    live.shown("access_control", has(Measure::AccessControl));
    live.shown("authorisation_management", has(Measure::Authorisation));
    live.shown(
        "intrusion_detection_and_defence",
        has(Measure::IntrusionDetection),
    );
    let all = Measure::ALL.iter().all(|measure| has(*measure));
    for fact in [
        "strict_protection_measures",
        "security_measures_adequate",
        "handled_reasonably",
        "standard_of_care_met",
    ] {
        live.shown(fact, all);
    }
}

pub(super) fn assessment(live: &mut Live<'_>, deployment: &Deployment) {
    let years = deployment.records.years;
    live.told("pia_report_kept_3y", years.map(|years| years >= 3));
    live.shown("ropa_entry", stated(&deployment.records.register));
    let Some(assessment) = &deployment.assessment else {
        return;
    };
    let before = assessment.date <= deployment.in_use_from;
    live.told("pia_done_before", Some(before));
    live.told("dpia_done_before", Some(before));
    let covers = |part| assessment.covers.contains(&part);
    let three = covers(Assessed::Lawfulness)
        && covers(Assessed::Rights)
        && covers(Assessed::Risks)
        && covers(Assessed::Measures);
    live.shown("pia_covers_three_items", three);
    live.shown("pia_items.1", covers(Assessed::Lawfulness));
    live.shown("pia_items.2", covers(Assessed::Rights));
    live.shown("pia_items.3", covers(Assessed::Risks));
    live.shown("pia_items.4", covers(Assessed::Measures));
}

pub(super) fn filing(live: &mut Live<'_>, deployment: &Deployment) {
    if let Some(reached) = deployment.persons.reached_100000 {
        live.date("threshold_date", reached.0);
    }
    if let Some(filing) = &deployment.filing {
        live.date("filing_date", filing.date.0);
        live.told("filing_complete", filing.complete);
    }
}

pub(super) fn rights(live: &mut Live<'_>, deployment: &Deployment) {
    let requests = &deployment.requests;
    live.shown("request_channel_exists", stated(&requests.channel));
    live.shown("withdrawal_available", stated(&requests.withdrawal));
    let easy = requests.withdrawal_as_easy;
    live.told("withdrawal_convenient", easy);
    live.told("withdrawal_as_easy", easy);
    live.shown("under14_rules_exist", stated(&deployment.children.rules));
    let decisions = &deployment.decisions;
    live.told("automated_decision_major_effect", decisions.major_effect);
    live.told("solely_automated", decisions.automatic_alone);
    live.told("human_review_offered", decisions.human_review);
    // A face that opens a gate, or does not, decides about a person.
    live.yes("decides_about_persons");
}
