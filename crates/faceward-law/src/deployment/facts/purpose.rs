//! What a deployment says of one purpose: basis, necessity, the other way, retention, recipients,
//! public security, inferences.

use super::super::terms::*;
use super::super::{Deployment, PurposeTerms};
use super::{depends, stated};
use crate::Operation;
use crate::live::Live;

pub(super) fn basis(live: &mut Live<'_>, purpose: &PurposeTerms) {
    let (chinese, european) = match purpose.basis {
        Ground::Consent => ("consent", "consent"),
        Ground::Contract => ("contract_necessity", "contract"),
        Ground::Exception => ("statutory_exception", "legal_obligation"),
        Ground::Nothing => ("none", "none"),
    };
    live.words("processing_basis", &[chinese]);
    live.words("legal_basis", &[european]);
    live.words("art6_basis", &[european]);
    // Of the gates of GDPR 9(2), Faceward knows consent alone.
    live.words("art9_gate", &["none"]);
    live.told("law_enforcement_purpose", purpose.law_enforcement);
    let demanded = stated(&purpose.written_consent_required_by);
    live.told("written_consent_required_by_law", Some(demanded));
    let written = purpose.written_release.is_some();
    live.told("written_release", Some(written));
    live.told("written_consent_obtained", Some(written));
    let electronic = purpose.written_release == Some(Release::Electronic);
    live.told("release_signed_electronically", Some(electronic));
}

pub(super) fn necessity(live: &mut Live<'_>, purpose: &PurposeTerms) {
    let necessary = stated(&purpose.necessary_because);
    live.shown("sufficient_necessity", necessary);
    live.shown("proportionality_met", necessary);
    let least_intrusive = stated(&purpose.least_intrusive_because);
    live.shown("least_impact_method", least_intrusive);
    live.told(
        "less_intrusive_method_exists",
        least_intrusive.then_some(false),
    );
    let needed = stated(&purpose.service_needs_face_because);
    live.told("face_necessary_for_service", Some(needed));
}

pub(super) fn other_way(live: &mut Live<'_>, deployment: &Deployment, purpose: &PurposeTerms) {
    let offered = stated(&purpose.alternative);
    let none = stated(&purpose.no_other_way_because);
    let fair = purpose.alternative_on_equal_terms;
    live.shown("alternative_offered_on_refusal", offered);
    live.told("alternative_reasonable_and_convenient", fair);
    live.shown(
        "reasonable_alternative_offered",
        offered && fair == Some(true),
    );
    live.told("face_is_sole_access_method", purpose.face_is_only_way);
    live.told("face_is_sole_verification", purpose.face_is_only_way);
    live.told(
        "state_rule_requires_face",
        Some(stated(&purpose.face_required_by)),
    );
    if offered || none {
        live.told("equivalent_non_face_method_exists", Some(offered));
    }
    // Where another way is open nobody is refused the service.
    let free = offered && fair == Some(true);
    let needed = stated(&purpose.service_needs_face_because);
    live.shown("consent_voluntary", free || needed);
    let dependent = depends(deployment.controller.role);
    live.shown("consent_given_freely", (free || needed) && !dependent);
    if offered {
        live.no("service_refused_without_consent");
        live.no("service_refused_after_refusal_or_withdrawal");
    } else if purpose.face_is_only_way == Some(true) {
        live.yes("service_refused_without_consent");
        live.yes("service_refused_after_refusal_or_withdrawal");
    }
}

pub(super) fn keeping(live: &mut Live<'_>, purpose: &PurposeTerms) {
    let ends = purpose.retention.is_some();
    live.told("clause_unlimited_duration", Some(!ends));
    live.told("retention_within_minimum", Some(ends));
    // BIPA 15(a): three years after the last interaction, at the latest.
    let in_time = match &purpose.retention {
        Some(Retention::After { days, .. }) => *days <= 1095,
        Some(Retention::With(_)) | None => false,
    };
    live.told("destroyed_in_time", Some(in_time));
    for fact in ["clause_unlimited_duration", "retention_within_minimum"] {
        live.because(
            fact,
            "nothing says when faces are deleted: they are kept without end",
        );
    }
    live.told("sold_or_profited", purpose.sold);
    let Some(recipients) = &purpose.recipients else {
        return;
    };
    let given = !recipients.is_empty();
    let agreed = recipients.iter().all(|recipient| recipient.own_consent);
    live.told("provided_to_third_party", Some(given));
    live.told("disclosed", Some(given));
    live.told("third_party_provision_permitted", Some(agreed));
    let ground = if given && agreed { "consent" } else { "none" };
    live.words("disclosure_ground", &[ground]);
}

pub(super) fn security(live: &mut Live<'_>, purpose: &PurposeTerms) {
    let security = purpose.security.as_ref();
    let necessary = security.is_some_and(|s| stated(&s.necessary_because));
    live.told("public_security_purpose", Some(security.is_some()));
    live.told("public_security_necessary", Some(necessary));
    let provided = security.is_some_and(|s| stated(&s.provision));
    live.told("state_provision_basis", Some(provided));
    let alone = security.and_then(|s| s.nothing_else).unwrap_or(false);
    live.told("used_only_for_public_security", Some(alone));
}

pub(super) fn inference(live: &mut Live<'_>, purpose: &PurposeTerms, operation: Operation) {
    let analyses = purpose.functions.contains(&Function::Analysis);
    let unless_analysed = |stated: Option<bool>| if analyses { stated } else { Some(false) };
    live.told(
        "emotion_inference",
        unless_analysed(purpose.infers.emotions),
    );
    live.told(
        "biometric_categorisation",
        unless_analysed(purpose.infers.categories),
    );
    let traits: Vec<&str> = purpose.infers.traits.iter().map(|t| t.word()).collect();
    live.words("inferred_trait", &traits);
    let searches = operation == Operation::Identify;
    live.told("real_time", Some(searches));
    let only_verifies = purpose.functions == [Function::Verification];
    live.told("verification_only", Some(only_verifies));
    let remote = if searches {
        purpose.at_a_distance
    } else {
        Some(false)
    };
    live.told("remote", remote);
    live.told("remote_identification", remote);
}
