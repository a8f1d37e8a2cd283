//! Pages to PDF/A-3b.

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::TextDirection;

use crate::Lang;
use crate::blocks::Dossier;
use crate::layout::{HEIGHT, Ink, Mark, WIDTH};
use crate::typefaces::{Cut, Typefaces};

/// The finished file.
pub(crate) fn pdf(
    dossier: &Dossier,
    source: Vec<u8>,
    faces: &Typefaces,
    lang: Lang,
    pages: Vec<Vec<Mark>>,
) -> anyhow::Result<Vec<u8>> {
    let archival = ConfigurationBuilder::new().with_archival_validator(Archival::A3_B);
    let configuration = archival.finish().map_err(|error| anyhow!("{error:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let (mut outline, count) = (Outline::new(), pages.len());
    for (at, marks) in pages.into_iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).context("A4 is no page size")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            if let Mark::Section { y, title } = mark {
                let there = XyzDestination::new(at, Point::from_xy(0.0, y));
                outline.push_child(OutlineNode::new(title, there));
            } else {
                draw(&mut surface, faces, mark);
            }
        }
        footer(&mut surface, faces, &dossier.version, at + 1, count);
        surface.finish();
        page.finish();
    }
    document.set_outline(outline);
    let now = now();
    document.set_metadata(metadata(dossier, lang, now));
    let attached = document.embed_file(EmbeddedFile {
        path: "dossier.json".to_owned(),
        mime_type: MimeType::new("application/json"),
        description: Some("The dossier this document was printed from".to_owned()),
        association_kind: AssociationKind::Source,
        data: source.into(),
        modification_date: Some(now),
        compress: Some(true),
        location: None,
    });
    attached.context("dossier.json could not be attached")?;
    document
        .finish()
        .map_err(|error| anyhow!("this is not PDF/A: {error:?}"))
}

fn draw(surface: &mut Surface<'_>, faces: &Typefaces, mark: Mark) {
    match mark {
        Mark::Text {
            x,
            y,
            style,
            cut,
            text,
        } => {
            if let Some(font) = faces.font(cut) {
                surface.set_fill(Some(fill(style.ink)));
                let at = Point::from_xy(x, y);
                surface.draw_text(
                    at,
                    font,
                    style.size,
                    &text,
                    false,
                    TextDirection::LeftToRight,
                );
            }
        }
        Mark::Bar {
            x,
            y,
            width,
            height,
            ink,
        } => {
            let mut path = PathBuilder::new();
            path.move_to(x, y);
            path.line_to(x + width, y);
            path.line_to(x + width, y + height);
            path.line_to(x, y + height);
            path.close();
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(ink)));
                surface.draw_path(&path);
            }
        }
        Mark::Section { .. } => {}
    }
}

fn footer(surface: &mut Surface<'_>, faces: &Typefaces, version: &str, page: usize, of: usize) {
    let Some(font) = faces.font(Cut::Sans) else {
        return;
    };
    surface.set_fill(Some(fill(Ink::Grey)));
    let left = format!("faceward {version} · decision support, not a judgment");
    let right = format!("{page} / {of}");
    for (x, text) in [(54.0, left), (WIDTH - 90.0, right)] {
        let at = Point::from_xy(x, HEIGHT - 36.0);
        surface.draw_text(
            at,
            font.clone(),
            7.0,
            &text,
            false,
            TextDirection::LeftToRight,
        );
    }
}

fn metadata(dossier: &Dossier, lang: Lang, now: DateTime) -> Metadata {
    let language = if lang == Lang::Zh { "zh-CN" } else { "en" };
    Metadata::new()
        .title(dossier.document.title.clone())
        .description("Decision support, not a judgment".to_owned())
        .creator(format!("faceward {}", dossier.version))
        .language(language.to_owned())
        .creation_date(now)
}

fn now() -> DateTime {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let part = |part: i8| u8::try_from(part).unwrap_or(0);
    DateTime::new(u16::try_from(now.year()).unwrap_or(0))
        .month(part(now.month()))
        .day(part(now.day()))
        .hour(part(now.hour()))
        .minute(part(now.minute()))
        .second(part(now.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn fill(ink: Ink) -> Fill {
    let (red, green, blue) = match ink {
        Ink::Black => (0x10, 0x12, 0x14),
        Ink::Grey => (0x55, 0x5b, 0x61),
        Ink::Line => (0xc4, 0xc0, 0xb6),
        Ink::Yes => (0x1f, 0x60, 0x48),
        Ink::Open => (0x8a, 0x4b, 0x00),
    };
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::layout::Layout;

    /// Everything that is hard to set: no font has it, no line holds it, no page holds it.
    #[test]
    fn whatever_the_text_it_is_pdf_a() {
        let long = "x".repeat(5_000);
        let many = "many words ".repeat(3_000);
        let text = format!("a\u{0}b\tc\u{feff} \u{1f600} \u{e000} {long} {many}");
        let cell = serde_json::json!({ "text": text, "tone": "open" });
        let words = serde_json::json!({ "en": "Heading", "zh": "标题" });
        let source = serde_json::json!({
            "format": "faceward-dossier@v1", "lang": "en", "version": "0",
            "document": { "title": "t", "blocks": [
                { "kind": "section", "label": words },
                { "kind": "text", "text": text },
                { "kind": "table", "heads": [words, words], "widths": [20, 80], "rows": [[cell, cell]] },
                { "kind": "code", "text": text },
            ] },
        });
        let bytes = source.to_string().into_bytes();
        let dossier: Dossier = serde_json::from_slice(&bytes).unwrap();
        let faces = Typefaces::load(None).unwrap();
        let mut layout = Layout::new(&faces, Lang::En);
        layout.dossier(&dossier.document);
        let pages = layout.finish();
        assert!(pages.len() > 10);
        let pdf = pdf(&dossier, bytes, &faces, Lang::En, pages).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
    }
}
