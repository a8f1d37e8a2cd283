//! One provision: what it says, in our own words, and how surely we read it.

/// A provision that can decide a ruling.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name used in records, such as `cn-spc-2021-15/2.3`.
    pub id: &'static str,
    /// How it is cited to a reader.
    pub citation: &'static str,
    /// What it says, in our own words.
    pub gist: &'static str,
    /// How surely it was read.
    pub mark: Mark,
}

/// The certainty under which a provision is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read in the primary text.
    Text,
    /// Read in a secondary source.
    Secondary,
    /// Our reading; the text does not say it in terms.
    Inference,
}

impl Mark {
    /// The word for it in records and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secondary => "secondary",
            Self::Inference => "inference",
        }
    }
}

macro_rules! rules {
    ($($name:ident: $id:literal, $citation:literal, $mark:ident, $gist:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: concat!("cn-spc-2021-15/", $id),
            citation: concat!("Fa Shi [2021] No. 15, ", $citation),
            gist: $gist,
            mark: Mark::$mark,
        };)*
        /// Every provision this engine can cite.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    ART_2_3: "2.3", "Art. 2(3)", Text,
        "processing that rests on consent without the separate consent of the person, or of the guardian, infringes";
    ART_2_3_MINOR: "2.3-minor", "Art. 2(3), as explained by the court's officials", Secondary,
        "for a minor it is the guardian's separate consent that counts; the age line comes from other laws";
    ART_2_4: "2.4", "Art. 2(4)", Text,
        "going beyond the purpose, manner or scope that was stated or agreed infringes";
    ART_4_1: "4.1", "Art. 4(1)", Text,
        "consent demanded as the price of a service does not count, unless the service needs the face";
    ART_4_2: "4.2", "Art. 4(2)", Text,
        "consent tied to other authorisations does not count";
    ART_5_4: "5.4", "Art. 5(4)", Text,
        "reasonable handling within what the person or guardian agreed to carries no civil liability";
    ART_6_2: "6.2", "Art. 6(2)", Text,
        "whoever processes the face must prove consent and conformity";
    ART_11: "11", "Art. 11", Inference,
        "a grant unlimited in time can be struck out, so a consent ends on its day";
}
