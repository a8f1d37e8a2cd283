//! Markup whose text cannot become markup.

use std::fmt::{self, Write as _};

/// A piece of a page. Every text in it was escaped on its way in.
#[derive(Clone, Default)]
pub struct Html(String);

/// Text.
pub fn text(text: impl AsRef<str>) -> Html {
    let mut html = Html::default();
    html.escape(text.as_ref());
    html
}

/// Text in which `this` is set as code.
pub fn prose(words: &str) -> Html {
    let parts = words.split('`').enumerate();
    all(parts.map(|(place, part)| match place % 2 {
        0 => text(part),
        _ => element("code", [], [text(part)]),
    }))
}

/// An element with attributes and children.
pub fn element<const N: usize>(
    name: &'static str,
    attributes: [(&'static str, &str); N],
    children: impl IntoIterator<Item = Html>,
) -> Html {
    let mut html = open(name, attributes);
    for child in children {
        html.0 += &child.0;
    }
    let _ = write!(html.0, "</{name}>");
    html
}

/// An element that never has children, such as `meta`.
pub fn void<const N: usize>(name: &'static str, attributes: [(&'static str, &str); N]) -> Html {
    open(name, attributes)
}

/// An element with a class and a text.
pub fn said(name: &'static str, class: &str, words: impl AsRef<str>) -> Html {
    element(name, [("class", class)], [text(words)])
}

/// A style sheet of our own.
pub fn style(sheet: &'static str) -> Html {
    Html(format!("<style>{sheet}</style>"))
}

/// The head of a page that loads nothing but what `pictures` allows, runs nothing and sends nothing.
pub fn head(title: impl AsRef<str>, pictures: Pictures, sheet: &'static str) -> Html {
    let from = match pictures {
        Pictures::None => "",
        Pictures::OnThePage => "img-src data:; ",
    };
    let policy = format!(
        "default-src 'none'; {from}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    );
    let meta = |name, content| void("meta", [("name", name), ("content", content)]);
    element(
        "head",
        [],
        [
            void("meta", [("charset", "utf-8")]),
            void(
                "meta",
                [
                    ("http-equiv", "Content-Security-Policy"),
                    ("content", &policy),
                ],
            ),
            meta("viewport", "width=device-width, initial-scale=1"),
            meta("color-scheme", "light dark"),
            meta("referrer", "no-referrer"),
            element("title", [], [text(title)]),
            style(sheet),
        ],
    )
}

/// Which pictures a page may show.
#[derive(Clone, Copy)]
pub enum Pictures {
    /// None at all.
    None,
    /// Those that are written into it.
    OnThePage,
}

/// Pieces one after the other.
pub fn all(pieces: impl IntoIterator<Item = Html>) -> Html {
    Html(pieces.into_iter().map(|piece| piece.0).collect())
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Html {
    /// The finished document.
    pub fn document(self) -> String {
        format!("<!doctype html>\n{}\n", self.0)
    }

    /// For text and for attributes, which are always set in double quotes.
    fn escape(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0 += "&amp;",
                '<' => self.0 += "&lt;",
                '>' => self.0 += "&gt;",
                '"' => self.0 += "&quot;",
                other => self.0.push(other),
            }
        }
    }
}

fn open<const N: usize>(name: &'static str, attributes: [(&'static str, &str); N]) -> Html {
    let mut html = Html(format!("<{name}"));
    for (attribute, value) in attributes {
        let _ = write!(html.0, " {attribute}=\"");
        html.escape(value);
        html.0.push('"');
    }
    html.0.push('>');
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let nasty = r#"</p><script>alert("x" & 'y')</script>"#;
        let page = element("p", [("title", nasty)], [text(nasty)]).document();
        assert_eq!(page.matches('<').count(), 3, "{page}");
        assert_eq!(page.matches('"').count(), 2, "{page}");
        assert!(page.contains("&quot;x&quot; &amp; 'y'"), "{page}");
    }
}
