//! What a deployment says, as facts: what stands in its file, what Faceward itself does, and
//! nothing else.

mod purpose;
mod setting;

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
    setting::place(live, deployment, purpose);
    setting::storage(live, &deployment.storage);
    setting::notice(live, deployment, purpose);
    setting::protection(live, &deployment.protection);
    setting::assessment(live, deployment);
    setting::filing(live, deployment);
    setting::rights(live, deployment);
    purpose::basis(live, purpose);
    purpose::necessity(live, purpose);
    purpose::other_way(live, deployment, purpose);
    purpose::keeping(live, purpose);
    purpose::security(live, purpose);
    purpose::inference(live, purpose, operation);
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

    /// The facts that are known of a deployment which states every key.
    fn everything_said(law: &Law) -> std::collections::BTreeSet<String> {
        const EVERYTHING: &str = include_str!("everything.toml");
        let text = crate::PackText {
            name: "everything.toml",
            text: EVERYTHING,
        };
        let deployment = crate::Deployment::read(text).unwrap_or_else(|error| panic!("{error}"));
        let day = deployment.in_use_from.0;
        let acts = super::super::check::acts_of(&deployment, law, day);
        let known = |(at, fact): (usize, &crate::Fact)| {
            let state = |act: &super::super::check::Act<'_>| act.live.facts.known.facts[at].clone();
            let known =
                |act: &super::super::check::Act<'_>| matches!(state(act), crate::State::Known(_));
            acts.iter().any(known).then(|| fact.name.clone())
        };
        law.facts.iter().enumerate().filter_map(known).collect()
    }
}
