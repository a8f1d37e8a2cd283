//! The parameters in the address, as the clients really write them.

use faceward::Sight;

use super::fault::Fault;

/// What stands after the question mark.
pub(crate) struct Query(Vec<(String, String)>);

/// How faces are to be looked at and what is to be told of them.
pub(crate) struct Options {
    limit: usize,
    nearest: usize,
    surer_than: f32,
    pub(crate) plugins: Plugins,
    /// Times and versions are told.
    pub(crate) status: bool,
    pub(crate) detect_faces: bool,
}

/// What is told of each face. Age, gender and mask, which are not guessed here, and slugs that
/// nobody knows are passed over.
pub(crate) struct Plugins {
    pub(crate) landmarks: bool,
    pub(crate) pose: bool,
    pub(crate) calculator: bool,
}

const KNOWN: [&str; 9] = [
    "limit",
    "prediction_count",
    "det_prob_threshold",
    "face_plugins",
    "status",
    "detect_faces",
    "subject",
    "page",
    "size",
];
const PAGE: usize = 20;
const LARGEST_PAGE: usize = 2000;

impl Query {
    pub(crate) fn read(raw: &str) -> Self {
        let repaired = repair(raw);
        Self(serde_urlencoded::from_str(&repaired).unwrap_or_default())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The name of a person, where one has to be given.
    pub(crate) fn subject(&self) -> Result<&str, Fault> {
        let subject = self
            .get("subject")
            .ok_or_else(|| Fault::bad(33, "Required parameter subject is missing"))?;
        if subject.trim().is_empty() {
            return Err(Fault::bad(26, "Subject name is empty; "));
        }
        Ok(subject)
    }

    /// Which page is wanted, and how many to a page; nonsense means the usual.
    pub(crate) fn page(&self) -> (usize, usize) {
        let number = |name| self.get(name).and_then(|text| text.trim().parse().ok());
        let size = number("size").filter(|size| *size > 0).unwrap_or(PAGE);
        (number("page").unwrap_or(0), size.min(LARGEST_PAGE))
    }

    pub(crate) fn options(&self) -> Result<Options, Fault> {
        let limit = self.whole("limit", 0)?;
        let nearest = self.whole("prediction_count", 1)?;
        let mut wrong = String::new();
        if limit < 0 {
            wrong.push_str("Limit should be equal or greater than 0; ");
        }
        if nearest < 1 {
            wrong.push_str("prediction_count should be equal or greater than 1; ");
        }
        if !wrong.is_empty() {
            return Err(Fault::bad(26, wrong));
        }
        let surer_than = self.filled("det_prob_threshold").map(str::parse::<f32>);
        let surer_than = surer_than.transpose().map_err(|_| Fault::unexplained())?;
        if !surer_than.is_none_or(|value| (0.0..=1.0).contains(&value)) {
            return Err(Fault::no_face());
        }
        Ok(Options {
            limit: usize::try_from(limit).unwrap_or(0),
            nearest: usize::try_from(nearest).unwrap_or(1),
            surer_than: surer_than.unwrap_or(0.0),
            plugins: Plugins::read(self.get("face_plugins").unwrap_or_default()),
            status: self.switch("status", false)?,
            detect_faces: self.switch("detect_faces", true)?,
        })
    }

    fn whole(&self, name: &str, otherwise: i32) -> Result<i32, Fault> {
        match self.filled(name) {
            None => Ok(otherwise),
            Some(text) => text.parse().map_err(|_| Fault::unexplained()),
        }
    }

    fn switch(&self, name: &str, otherwise: bool) -> Result<bool, Fault> {
        let Some(text) = self.filled(name) else {
            return Ok(otherwise);
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" => Ok(true),
            "false" | "off" | "no" | "0" => Ok(false),
            _ => Err(Fault::unexplained()),
        }
    }

    fn filled(&self, name: &str) -> Option<&str> {
        let value = self.get(name).map(str::trim);
        value.filter(|value| !value.is_empty())
    }
}

impl Options {
    /// As the verbs take it. `embeddings`: whether the key may be told them.
    pub(crate) fn sight(&self, within: Option<String>, embeddings: bool) -> Sight {
        Sight {
            at_most: self.limit,
            at_least: self.surer_than,
            nearest: self.nearest,
            whole_picture: !self.detect_faces,
            within,
            embedding: self.plugins.calculator && embeddings,
        }
    }
}

impl Plugins {
    fn read(text: &str) -> Self {
        let asked = |slug: &str| {
            let mut slugs = text.split(|c: char| c == ',' || c.is_whitespace());
            slugs.any(|asked| asked == slug)
        };
        Self {
            landmarks: asked("landmarks"),
            pose: asked("pose"),
            calculator: text.contains("calculator"),
        }
    }
}

/// The JavaScript SDK puts a question mark before every option where no limit is given: one that
/// stands before a parameter known here is taken as `&`.
fn repair(raw: &str) -> String {
    let mut parts = raw.split('?');
    let mut repaired = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split_once('=').map(|(name, _)| name);
        let known = name.is_some_and(|name| KNOWN.contains(&name));
        repaired.push(if known { '&' } else { '?' });
        repaired.push_str(part);
    }
    repaired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_the_clients_write_them() {
        for (raw, name, value) in [
            ("&limit=1&status=False", "limit", Some("1")),
            ("limit=1?status=true", "status", Some("true")),
            (
                "subject=Ann%20Lee?det_prob_threshold=0.9",
                "subject",
                Some("Ann Lee"),
            ),
            ("subject=A+B", "subject", Some("A B")),
            ("subject=why?no", "subject", Some("why?no")),
            ("subject=why?x=1", "subject", Some("why?x=1")),
            ("&&limit=2&&", "limit", Some("2")),
            ("limit=3&limit=4", "limit", Some("3")),
            ("?limit=5", "limit", Some("5")),
            ("", "limit", None),
        ] {
            assert_eq!(Query::read(raw).get(name), value, "{raw}");
        }
    }

    #[test]
    fn switches_are_written_in_many_ways() {
        for (text, told) in [
            ("status=True", true),
            ("status=ON", true),
            ("status=1", true),
            ("status=False", false),
            ("status=no", false),
            ("status=", false),
            ("", false),
        ] {
            assert_eq!(Query::read(text).options().unwrap().status, told, "{text}");
        }
        assert!(Query::read("status=perhaps").options().is_err());
    }

    #[test]
    fn plugins_are_separated_by_commas_or_spaces_and_unknown_ones_are_passed_over() {
        let all = Query::read("face_plugins=landmarks,%20gender%20pose").options();
        let plugins = all.unwrap().plugins;
        assert!(plugins.landmarks && plugins.pose && !plugins.calculator);
        let none = Query::read("face_plugins=undefined").options().unwrap();
        assert!(!none.plugins.landmarks && !none.plugins.pose);
        let wide = Query::read("face_plugins=landmarks2d106")
            .options()
            .unwrap();
        assert!(!wide.plugins.landmarks);
    }

    #[test]
    fn pages_fall_back_to_the_usual() {
        assert_eq!(Query::read("page=1&size=2").page(), (1, 2));
        assert_eq!(Query::read("page=-1&size=x").page(), (0, 20));
        assert_eq!(Query::read("size=9999").page(), (0, 2000));
    }
}
