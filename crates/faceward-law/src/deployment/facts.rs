//! What a deployment says, as facts: what stands in its file, what Faceward itself does, and
//! nothing else.

use super::terms::*;
use super::{Deployment, PurposeTerms};
use crate::live::Live;
use crate::{Age, Operation};

/// What is taken to be so where a controller declared no deployment and keeps to the consents.
pub(crate) fn undeclared(live: &mut Live<'_>) {
    for fact in [
        "rules_published",
        "purpose_disclosed",
        "method_disclosed",
        "scope_disclosed",
        "handled_reasonably",
        "consent_informed",
        "consent_voluntary",
        "consent_given_freely",
    ] {
        live.yes(fact);
    }
    for fact in [
        "place_is_business_or_public",
        "venue_use_violates_law_or_regulation",
        "provided_to_third_party",
        "face_is_sole_access_method",
        "clause_unlimited_duration",
        "written_consent_required_by_law",
        "service_refused_without_consent",
    ] {
        live.no(fact);
    }
    live.words("place_type", &["other"]);
    live.words("processing_basis", &["consent"]);
    harmless(live);
}

/// What stands against no consent in particular, unless its record says otherwise. An operator who
/// misled or forced somebody does not say so in a file; these facts are for the assessor.
fn harmless(live: &mut Live<'_>) {
    for fact in [
        "consent_bundled",
        "consent_forced_otherwise",
        "inducement_by_misleading_fraud_coercion",
        "consent_withdrawn",
        "subject_is_minor",
        "subject_under_14",
    ] {
        live.no(fact);
    }
    live.number("subject_age", 18);
    live.yes("consent_distinguishable");
    live.yes("reconsent_after_change");
}

/// What the deployment says about an operation for one of its purposes.
pub(crate) fn declared(
    live: &mut Live<'_>,
    deployment: &Deployment,
    purpose: &PurposeTerms,
    operation: Operation,
) {
    harmless(live);
    in_scope(live);
    if operation == Operation::Enroll {
        let functions: Vec<&str> = purpose.functions.iter().map(|f| f.word()).collect();
        live.words("frt_function", &functions);
    }
    ours(live, operation);
    controller(live, deployment);
    place(live, deployment, purpose);
    storage(live, &deployment.storage);
    notice(live, deployment, purpose);
    protection(live, &deployment.protection);
    assessment(live, deployment);
    filing(live, deployment);
    rights(live, deployment);
    basis(live, purpose);
    necessity(live, purpose);
    other_way(live, deployment, purpose);
    keeping(live, purpose);
    security(live, purpose);
    inference(live, purpose, operation);
}

/// Whoever names a pack says that it applies.
fn in_scope(live: &mut Live<'_>) {
    for fact in ["civil_dispute_between_equals", "fr_activity_in_prc"] {
        live.yes(fact);
    }
    for fact in [
        "personal_or_household_use",
        "rnd_or_training_only",
        "subject_deceased",
        "glba_institution",
        "government_contractor",
    ] {
        live.no(fact);
    }
    live.words("claimant_type", &["data_subject"]);
}

/// What Faceward itself does or never does, whoever runs it.
fn ours(live: &mut Live<'_>, operation: Operation) {
    for fact in [
        // Templates are sealed, one key per person and purpose.
        "encryption",
        // Every decision is an entry of a ledger that is never shortened.
        "security_audit",
        "processing_log_kept_3y",
        // No picture is kept, and a template serves one purpose.
        "minimum_collection",
        // A purpose is a sentence in the deployment's file.
        "specific_purpose",
    ] {
        live.yes(fact);
    }
    for fact in [
        // References are enrolled from people who agreed, one by one.
        "untargeted_scraping",
        // Excuses from notice, and emergencies, are not declared in advance.
        "notice_exempt_by_law",
        "emergency_prevented_notice",
        "notice_given_after_emergency",
        "public_health_emergency_response",
        "emergency_protecting_persons",
        "processing_necessary_for_emergency",
        // Excuses of the AI Act that are not for whoever declares a deployment to claim.
        "strictly_necessary",
        "medical_or_safety",
        "lawful_dataset_labelling",
    ] {
        live.no(fact);
    }
    live.words("objective", &["none"]);
    live.words("biometric", &["face"]);
    let template = operation != Operation::Detect;
    for fact in [
        "face_geometry_scan",
        "specific_technical_processing",
        "allows_unique_identification",
        "purpose_unique_identification",
    ] {
        live.told(fact, Some(template));
    }
}

fn controller(live: &mut Live<'_>, deployment: &Deployment) {
    let role = deployment.controller.role;
    live.words("respondent_role", &[role.word()]);
    live.told("power_imbalance", Some(depends(role)));
    let setting = match (role, deployment.place.kind) {
        (Role::School, _) => "education",
        (Role::Employer, _) | (_, PlaceKind::Workplace) => "workplace",
        _ => "other",
    };
    live.words("setting", &[setting]);
    let channel = stated(&deployment.national_channel);
    live.told("national_channel_used", Some(channel));
}

/// Whom people depend on, they hardly refuse (GDPR recital 43).
fn depends(role: Role) -> bool {
    matches!(role, Role::School | Role::Employer | Role::PublicBody)
}

fn place(live: &mut Live<'_>, deployment: &Deployment, purpose: &PurposeTerms) {
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

fn storage(live: &mut Live<'_>, storage: &Storage) {
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

fn notice(live: &mut Live<'_>, deployment: &Deployment, purpose: &PurposeTerms) {
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
        && (!leaves || notice.covers.contains(&Item::Storage));
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

fn protection(live: &mut Live<'_>, protection: &Protection) {
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

fn assessment(live: &mut Live<'_>, deployment: &Deployment) {
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

fn filing(live: &mut Live<'_>, deployment: &Deployment) {
    if let Some(reached) = deployment.persons.reached_100000 {
        live.date("threshold_date", reached.0);
    }
    if let Some(filing) = &deployment.filing {
        live.date("filing_date", filing.date.0);
        live.told("filing_complete", filing.complete);
    }
}

fn rights(live: &mut Live<'_>, deployment: &Deployment) {
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

fn basis(live: &mut Live<'_>, purpose: &PurposeTerms) {
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

fn necessity(live: &mut Live<'_>, purpose: &PurposeTerms) {
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

fn other_way(live: &mut Live<'_>, deployment: &Deployment, purpose: &PurposeTerms) {
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

fn keeping(live: &mut Live<'_>, purpose: &PurposeTerms) {
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

fn security(live: &mut Live<'_>, purpose: &PurposeTerms) {
    let security = purpose.security.as_ref();
    let necessary = security.is_some_and(|s| stated(&s.necessary_because));
    live.told("public_security_purpose", Some(security.is_some()));
    live.told("public_security_necessary", Some(necessary));
    let provided = security.is_some_and(|s| stated(&s.provision));
    live.told("state_provision_basis", Some(provided));
    let alone = security.and_then(|s| s.nothing_else).unwrap_or(false);
    live.told("used_only_for_public_security", Some(alone));
}

fn inference(live: &mut Live<'_>, purpose: &PurposeTerms, operation: Operation) {
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

/// Whether people of this age take part in a purpose.
pub(crate) fn takes_part(purpose: &PurposeTerms, age: Age) -> bool {
    age == Age::Adult || purpose.minors != Minors::Nobody
}

/// Whether something was said.
pub(crate) fn stated(text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::check::everything_said;
    use crate::law::{FactId, Law};

    /// Who may sue for whom is a question of disputes; the gate asks for the person themselves.
    const OF_DISPUTES: [&str; 6] = [
        "face_info_generated_by_frt",
        "processing_operation",
        "public_interest_suit_condition_met",
        "relation_to_deceased",
        "spouse_child_or_parent_alive",
        "provisions_apply",
    ];

    #[test]
    fn no_live_rule_reads_a_fact_that_nobody_supplies() {
        let law = Law::built_in().unwrap();
        let mut missing = Vec::new();
        for pack in law.packs() {
            for rule in pack.live_order.iter().map(|at| &pack.rules[*at]) {
                let mut read: Vec<FactId> = Vec::new();
                for clause in rule.clauses() {
                    clause.expr.leaves(&mut |leaf| read.extend(leaf.facts()));
                }
                for name in read.iter().map(|fact| law.fact_at(*fact).name.as_str()) {
                    let said = everything_said(&law).contains(name) || OF_DISPUTES.contains(&name);
                    if !said {
                        missing.push(format!("{}: {name}", rule.id));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
