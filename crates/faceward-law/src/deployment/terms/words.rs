//! The words of a deployment: what each key that is a choice may say.

use serde::Deserialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($variant:ident = $word:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        pub enum $name {
            $(
                #[doc = $word]
                #[serde(rename = $word)]
                $variant,
            )*
        }

        impl $name {
            /// Every word.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it is written.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

words! {
    /// What a controller is.
    Role: Business = "business", PropertyManager = "property_manager",
    BuildingManager = "building_manager", AppOperator = "app_operator",
    NetworkServiceProvider = "network_service_provider", School = "school",
    Employer = "employer", PublicBody = "public_body", Other = "other"
}
words! {
    /// Kinds of places.
    PlaceKind: Hotel = "hotel", Mall = "mall", Bank = "bank", Station = "station",
    Airport = "airport", Stadium = "stadium", Entertainment = "entertainment",
    OtherBusiness = "other_business", OtherPublic = "other_public", Residential = "residential",
    Workplace = "workplace", Online = "online", Other = "other"
}
words! {
    /// Whether faces are provided abroad, and on which condition of PIPL 38.
    Abroad: No = "no", Assessment = "assessment", Certification = "certification",
    StandardContract = "standard_contract", Other = "other", Ungated = "none"
}
words! {
    /// What a notice can tell.
    Item: Controller = "controller", Contact = "contact", Purpose = "purpose", Manner = "manner",
    Scope = "scope", Data = "data", Retention = "retention", AfterRetention = "after-retention",
    Necessity = "necessity", EffectOnRights = "effect-on-rights", Rights = "rights",
    Withdrawal = "withdrawal", Recipients = "recipients", Storage = "storage",
    Alternative = "alternative", Basis = "basis", Complaint = "complaint",
    AutomatedDecisions = "automated-decisions", HighRiskSystem = "high-risk-system",
    Inference = "inference", FaceMap = "face-map"
}
words! {
    /// What can protect faces. Encryption and an audit trail are Faceward's own work.
    Measure: AccessControl = "access-control", Authorisation = "authorisation",
    IntrusionDetection = "intrusion-detection"
}
words! {
    /// What an impact assessment can cover (PIPL 56, CAC 9).
    Assessed: Lawfulness = "lawfulness", Rights = "rights", Risks = "risks", Measures = "measures"
}
words! {
    /// What the technology does.
    Function: Verification = "verification", Identification = "identification",
    Analysis = "analysis"
}
words! {
    /// On what a purpose rests.
    Ground: Consent = "consent", Exception = "exception", Contract = "contract", Nothing = "none"
}
words! {
    /// Whether people under 18 take part.
    Minors: Nobody = "none", WithGuardian = "guardian", Alone = "alone"
}
words! {
    /// How a written release is signed (BIPA 10).
    Release: Paper = "paper", Electronic = "electronic"
}
words! {
    /// Traits that AI Act 5(1)(g) names.
    Trait: Race = "race", PoliticalOpinions = "political_opinions",
    TradeUnion = "trade_union_membership", Religion = "religion_or_belief", SexLife = "sex_life",
    Orientation = "sexual_orientation", Other = "other"
}
