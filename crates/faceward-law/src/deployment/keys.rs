//! Which key of the deployment's file supplies a fact, so that a finding can say what would mend it.

/// The key for a fact, and how to state it.
pub(super) fn mends(fact: &str) -> Option<&'static str> {
    let found = KEYS.iter().find(|(facts, _)| facts.contains(&fact));
    found.map(|(_, key)| *key)
}

const KEYS: &[(&[&str], &str)] = &[
    (
        &["handler_identity_disclosed"],
        "[notice] covers: \"controller\"",
    ),
    (&["contact_disclosed"], "[notice] covers: \"contact\""),
    (
        &["purpose_disclosed", "written_notice_purpose_term"],
        "[notice] covers: \"purpose\", \"retention\"",
    ),
    (&["method_disclosed"], "[notice] covers: \"manner\""),
    (&["scope_disclosed"], "[notice] covers: \"scope\""),
    (
        &["pi_types_disclosed", "written_notice_fact"],
        "[notice] covers: \"data\"",
    ),
    (
        &["retention_period_disclosed"],
        "[notice] covers: \"retention\"",
    ),
    (
        &["rights_procedure_disclosed"],
        "[notice] covers: \"rights\", \"withdrawal\"",
    ),
    (&["necessity_disclosed"], "[notice] covers: \"necessity\""),
    (
        &["impact_on_rights_disclosed"],
        "[notice] covers: \"effect-on-rights\"",
    ),
    (
        &["subject_informed"],
        "[notice] covers: \"high-risk-system\"",
    ),
    (
        &["exposed_persons_informed"],
        "[notice] covers: \"inference\"",
    ),
    (
        &["notice_truthful_accurate_complete"],
        "[notice] covers: every item that applies",
    ),
    (
        &["notice_before_processing", "consent_informed"],
        "[notice] shown_before = true",
    ),
    (&["notice_conspicuous_and_plain"], "[notice] plain = true"),
    (
        &["notice_given"],
        "[notice]: there is none; write one and name it",
    ),
    (&["accessibility_rules_met"], "[notice] accessible"),
    (&["rules_published", "transparency"], "[notice] published"),
    (
        &["public_retention_policy"],
        "[notice] published, and covers: \"retention\", \"after-retention\"",
    ),
    (
        &["prominent_sign"],
        "[place] sign: where the sign to the device hangs",
    ),
    (&["capture_area_reasonably_set"], "[place] capture_area"),
    (
        &["device_inside_private_space"],
        "[place] private_space: take the device out of there",
    ),
    (
        &["publicly_accessible_space"],
        "[place] publicly_accessible",
    ),
    (&["on_device_storage"], "[storage] on_device"),
    (
        &["internet_transfer_out"],
        "[storage] sent_over_internet, or sending_has_own_consent, or sent_under",
    ),
    (
        &["cross_border_transfer", "cross_border_gate"],
        "[storage] abroad",
    ),
    (
        &[
            "access_control",
            "authorisation_management",
            "intrusion_detection_and_defence",
            "strict_protection_measures",
            "security_measures_adequate",
            "standard_of_care_met",
            "handled_reasonably",
        ],
        "[protection] measures: \"access-control\", \"authorisation\", \"intrusion-detection\"",
    ),
    (
        &["pia_done_before", "dpia_done_before"],
        "[assessment]: reference and date, before in_use_from",
    ),
    (
        &[
            "pia_covers_three_items",
            "pia_items.1",
            "pia_items.2",
            "pia_items.3",
            "pia_items.4",
        ],
        "[assessment] covers: \"lawfulness\", \"rights\", \"risks\", \"measures\"",
    ),
    (&["pia_report_kept_3y"], "[records] years: at least 3"),
    (&["ropa_entry"], "[records] register"),
    (
        &["threshold_date"],
        "[persons] reached_100000: the day on which it was",
    ),
    (&["filing_date"], "[filing]: reference and date"),
    (&["filing_complete"], "[filing] complete = true"),
    (&["request_channel_exists"], "[requests] channel"),
    (
        &[
            "withdrawal_available",
            "withdrawal_convenient",
            "withdrawal_as_easy",
        ],
        "[requests] withdrawal, and withdrawal_as_easy = true",
    ),
    (
        &[
            "automated_decision_major_effect",
            "solely_automated",
            "human_review_offered",
        ],
        "[decisions] major_effect, automatic_alone, human_review",
    ),
    (&["under14_rules_exist"], "[children] rules"),
    (&["national_channel_used"], "national_channel"),
    (
        &[
            "subject_is_minor",
            "subject_under_14",
            "guardian_consent_obtained",
            "subject_age",
        ],
        "[[purposes]] minors = \"guardian\", or \"none\"",
    ),
    (
        &["processing_basis", "legal_basis", "art6_basis"],
        "[[purposes]] basis",
    ),
    (
        &["sufficient_necessity", "proportionality_met"],
        "[[purposes]] necessary_because",
    ),
    (
        &["least_impact_method", "less_intrusive_method_exists"],
        "[[purposes]] least_intrusive_because",
    ),
    (
        &[
            "alternative_offered_on_refusal",
            "reasonable_alternative_offered",
            "consent_voluntary",
            "service_refused_without_consent",
            "service_refused_after_refusal_or_withdrawal",
            "equivalent_non_face_method_exists",
        ],
        "[[purposes]] alternative, and alternative_on_equal_terms = true",
    ),
    (
        &["consent_given_freely"],
        "[[purposes]] alternative, alternative_on_equal_terms = true; of pupils, employees and people before an authority no consent counts as free",
    ),
    (
        &["alternative_reasonable_and_convenient"],
        "[[purposes]] alternative_on_equal_terms = true",
    ),
    (
        &["face_is_sole_access_method", "face_is_sole_verification"],
        "[[purposes]] face_is_only_way = false, with an alternative",
    ),
    (
        &[
            "retention_within_minimum",
            "clause_unlimited_duration",
            "destroyed_in_time",
        ],
        "[[purposes]] retention = { after = \"…\", days = … }",
    ),
    (
        &[
            "provided_to_third_party",
            "third_party_provision_permitted",
            "disclosed",
        ],
        "[[purposes]] recipients: none, or each with its own consent",
    ),
    (&["sold_or_profited"], "[[purposes]] sold = false"),
    (
        &["written_release", "written_consent_obtained"],
        "[[purposes]] written_release",
    ),
    (
        &["public_security_necessary", "public_security_purpose"],
        "[purposes.security] necessary_because; without such a need, take the device out of the public place",
    ),
    (&["state_provision_basis"], "[purposes.security] provision"),
    (
        &["used_only_for_public_security"],
        "[purposes.security] nothing_else",
    ),
    (&["emotion_inference"], "[purposes.infers] emotions = false"),
    (
        &["biometric_categorisation", "inferred_trait"],
        "[purposes.infers] categories = false",
    ),
    (
        &["remote", "remote_identification", "verification_only"],
        "[[purposes]] at_a_distance",
    ),
    (&["law_enforcement_purpose"], "[[purposes]] law_enforcement"),
];
