//! Fonts: DejaVu for Latin, and one with Chinese characters if there is one.

use std::cell::Cell;
use std::path::Path;

use anyhow::{Context, bail};
use krilla::text::Font;
use ttf_parser::Face;

/// Which of the fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Serif,
    Bold,
    Sans,
    Mono,
    Chinese,
}

/// Every font, to measure and to print with.
pub(crate) struct Typefaces {
    latin: Vec<(Cut, Typeface)>,
    chinese: Option<Typeface>,
    missing: Cell<usize>,
}

struct Typeface {
    font: Font,
    face: Face<'static>,
}

/// Where systems keep a font with Chinese characters, and which face of a collection is the
/// simplified one.
const USUAL: [(&str, u32); 9] = [
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    (
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        2,
    ),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    (
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
        0,
    ),
    ("/System/Library/Fonts/Supplemental/Songti.ttc", 6),
    ("/System/Library/Fonts/STHeiti Light.ttc", 1),
    ("C:\\Windows\\Fonts\\simsun.ttc", 0),
];

impl Typefaces {
    /// Loads the fonts; `chinese` names one, or the usual places are tried.
    pub(crate) fn load(chinese: Option<&Path>) -> anyhow::Result<Self> {
        let latin = [
            (Cut::Serif, dejavu::serif::regular()),
            (Cut::Bold, dejavu::serif::bold()),
            (Cut::Sans, dejavu::sans::regular()),
            (Cut::Mono, dejavu::sans_mono::regular()),
        ];
        let mut loaded = Vec::new();
        for (cut, bytes) in latin {
            let face = typeface(bytes, 0).context("a built-in font cannot be read")?;
            loaded.push((cut, face));
        }
        Ok(Self {
            latin: loaded,
            chinese: find_chinese(chinese)?,
            missing: Cell::new(0),
        })
    }

    /// Whether Chinese can be printed.
    pub(crate) fn chinese(&self) -> Option<()> {
        self.chinese.as_ref().map(|_| ())
    }

    /// How many characters were in no font.
    pub(crate) fn missing(&self) -> usize {
        self.missing.get()
    }

    /// The font of a cut.
    pub(crate) fn font(&self, cut: Cut) -> Option<Font> {
        self.face(cut).map(|face| face.font.clone())
    }

    /// The cut that has a character, and the character, or one that stands for it.
    pub(crate) fn fit(&self, cut: Cut, character: char) -> (Cut, char) {
        let character = if character.is_control() {
            ' '
        } else {
            character
        };
        for cut in [cut, Cut::Chinese, Cut::Sans] {
            let has = |face: &Typeface| face.face.glyph_index(character).is_some();
            if self.face(cut).is_some_and(has) {
                return (cut, character);
            }
        }
        self.missing.set(self.missing.get() + 1);
        (cut, '?')
    }

    /// How far a character carries, at size 1.
    pub(crate) fn advance(&self, cut: Cut, character: char) -> f32 {
        let advance = |face: &Typeface| {
            let glyph = face.face.glyph_index(character)?;
            let units = f32::from(face.face.units_per_em());
            Some(f32::from(face.face.glyph_hor_advance(glyph)?) / units)
        };
        self.face(cut).and_then(advance).unwrap_or(0.5)
    }

    fn face(&self, cut: Cut) -> Option<&Typeface> {
        match cut {
            Cut::Chinese => self.chinese.as_ref(),
            cut => self
                .latin
                .iter()
                .find(|(of, _)| *of == cut)
                .map(|(_, face)| face),
        }
    }
}

fn find_chinese(named: Option<&Path>) -> anyhow::Result<Option<Typeface>> {
    if let Some(path) = named {
        let name = path.display();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        let face = typeface(keep(bytes), 0).with_context(|| format!("{name} is no font"))?;
        if face.face.glyph_index('法').is_none() {
            bail!("{name} has no Chinese characters");
        }
        return Ok(Some(face));
    }
    let found = USUAL.iter().find_map(|(path, index)| {
        let bytes = std::fs::read(path).ok()?;
        typeface(keep(bytes), *index)
    });
    Ok(found)
}

fn typeface(bytes: &'static [u8], index: u32) -> Option<Typeface> {
    Some(Typeface {
        font: Font::new(bytes.into(), index)?,
        face: Face::parse(bytes, index).ok()?,
    })
}

/// One font, needed until the program ends.
fn keep(bytes: Vec<u8>) -> &'static [u8] {
    Box::leak(bytes.into_boxed_slice())
}
