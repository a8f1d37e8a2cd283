//! The known word that somebody probably meant.

/// The nearest of `known` to what was written, if any is near.
pub(crate) fn nearest<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let written: String = written.chars().take(80).collect();
    let scored = known
        .iter()
        .map(|known| (strsim::jaro_winkler(&written, known), *known));
    let (score, best) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.82).then_some(best)
}

/// The message of a reader of files, with the nearest known key added where it names an unknown
/// one: serde lists what it expected in backticks.
pub(crate) fn with_nearest(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let suggestion = match quoted.next() {
        Some(written) if message.starts_with("unknown ") => {
            let known: Vec<&str> = quoted.collect();
            nearest(written, &known)
        }
        _ => None,
    };
    match suggestion {
        // Then the list of all that there is only hides it.
        Some(near) => {
            let named = message.split(", expected").next().unwrap_or(message);
            format!("{named}; did you mean `{near}`?")
        }
        None if message.contains("expected a map") => {
            format!("{message}: write a table, such as `[facts]` with a line `name = value` each")
        }
        None if message.starts_with("missing field") => format!("{message}; add it"),
        None => message.to_owned(),
    }
}
