//! Blocks on pages: where each line of text and each rule goes. All lengths in points.

use crate::Lang;
use crate::blocks::{Block, Cell, Document, Finding, Label, Tone};
use crate::typefaces::{Cut, Typefaces};

/// A4.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
const LEFT: f32 = 54.0;
const RIGHT: f32 = WIDTH - 54.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = HEIGHT - 64.0;

/// Something on a page.
pub(crate) enum Mark {
    /// Text with its baseline at y.
    Text {
        x: f32,
        y: f32,
        style: Style,
        cut: Cut,
        text: String,
    },
    /// A filled rectangle.
    Bar {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    /// A section begins here: an entry of the outline.
    Section { y: f32, title: String },
}

/// What text looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    cut: Cut,
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Grey,
    Line,
    Yes,
    Open,
}

const fn style(cut: Cut, size: f32, ink: Ink) -> Style {
    Style { cut, size, ink }
}

const TITLE: Style = style(Cut::Bold, 18.0, Ink::Black);
const KIND: Style = style(Cut::Sans, 8.5, Ink::Open);
const SECTION: Style = style(Cut::Bold, 12.5, Ink::Black);
const PART: Style = style(Cut::Bold, 10.0, Ink::Black);
const TEXT: Style = style(Cut::Serif, 9.5, Ink::Black);
const QUIET: Style = style(Cut::Sans, 7.6, Ink::Grey);
const HEAD: Style = style(Cut::Sans, 7.2, Ink::Grey);
const CELL: Style = style(Cut::Serif, 8.6, Ink::Black);
const SMALL: Style = style(Cut::Sans, 6.8, Ink::Grey);
const CODE: Style = style(Cut::Mono, 7.0, Ink::Black);

/// Lines of one style.
struct Lines {
    style: Style,
    lines: Vec<String>,
}

/// Pages while they are filled.
pub(crate) struct Layout<'f> {
    faces: &'f Typefaces,
    lang: Lang,
    pages: Vec<Vec<Mark>>,
    y: f32,
    sections: usize,
}

impl<'f> Layout<'f> {
    pub(crate) fn new(faces: &'f Typefaces, lang: Lang) -> Self {
        Self {
            faces,
            lang,
            pages: vec![Vec::new()],
            y: TOP,
            sections: 0,
        }
    }

    /// The pages, done.
    pub(crate) fn finish(self) -> Vec<Vec<Mark>> {
        self.pages
    }

    pub(crate) fn dossier(&mut self, document: &Document) {
        let kind = Label {
            en: "Case dossier · decision support, not a judgment".to_owned(),
            zh: "案件材料 · 辅助决策，非裁判文书".to_owned(),
        };
        let kind = self.label(&kind, " · ");
        self.paragraph(LEFT, RIGHT, KIND, &kind, 2.0);
        self.paragraph(LEFT, RIGHT, TITLE, &document.title, 8.0);
        for block in &document.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Section { label } => self.section(label),
            Block::Part { label } => {
                let words = self.label(label, "  ");
                self.part(&words);
            }
            Block::Name { text } => self.part(text),
            Block::Notice { label } => self.notice(label),
            Block::Text { text } => self.paragraph(LEFT, RIGHT, TEXT, text, 5.0),
            Block::Quiet { text } => self.paragraph(LEFT, RIGHT, QUIET, text, 5.0),
            Block::Terms { rows } => {
                for row in rows {
                    let label = self.label(&row.label, "  ");
                    let cells = vec![self.lines(HEAD, &label, 120.0)];
                    let text = vec![self.lines(CELL, &row.text, RIGHT - LEFT - 130.0)];
                    self.row(&[(LEFT, cells), (LEFT + 130.0, text)]);
                }
                self.y += 6.0;
            }
            Block::Table {
                heads,
                widths,
                rows,
            } => self.table(heads, widths, rows),
            Block::Finding(finding) => self.finding(finding),
            Block::List { items } => {
                for item in items {
                    self.item(LEFT, "•", TEXT, item);
                }
                self.y += 4.0;
            }
            Block::Code { text } => {
                for line in text.lines() {
                    self.paragraph(LEFT + 8.0, RIGHT, CODE, line, 0.5);
                }
                self.y += 6.0;
            }
        }
    }

    fn section(&mut self, label: &Label) {
        self.y += 12.0;
        self.room(70.0);
        self.sections += 1;
        let title = format!("{}. {}", self.sections, self.label(label, "  "));
        let y = self.y;
        self.mark(Mark::Section {
            y,
            title: title.clone(),
        });
        self.paragraph(LEFT, RIGHT, SECTION, &title, 3.0);
        self.bar(LEFT, RIGHT - LEFT, 1.0, Ink::Black);
        self.y += 8.0;
    }

    fn part(&mut self, words: &str) {
        self.y += 6.0;
        self.room(44.0);
        self.paragraph(LEFT, RIGHT, PART, words, 3.0);
    }

    fn notice(&mut self, label: &Label) {
        let texts = match self.lang {
            Lang::En => vec![&label.en],
            Lang::Zh => vec![&label.zh],
            Lang::Both => vec![&label.en, &label.zh],
        };
        let top = self.y;
        self.y += 8.0;
        for text in texts {
            self.paragraph(LEFT + 12.0, RIGHT - 8.0, TEXT, text, 4.0);
        }
        self.y += 3.0;
        let height = self.y - top - 8.0;
        self.mark(Mark::Bar {
            x: LEFT,
            y: top,
            width: 3.0,
            height,
            ink: Ink::Open,
        });
        self.y += 2.0;
    }

    fn finding(&mut self, finding: &Finding) {
        let outcome = self.label(&finding.outcome, " ");
        let head = format!("{outcome}   {}   {}", finding.citation, finding.rule);
        let (top, page) = {
            self.room(54.0);
            (self.y, self.pages.len())
        };
        let x = LEFT + 10.0;
        let ink = ink(finding.tone);
        self.paragraph(x, RIGHT, Style { ink, ..PART }, &head, 1.0);
        self.paragraph(x, RIGHT, TEXT, &finding.gist, 1.5);
        for reason in &finding.reasons {
            self.item(
                x,
                "–",
                Style {
                    ink: Ink::Grey,
                    ..CELL
                },
                reason,
            );
        }
        for consequence in &finding.consequences {
            self.item(x, "→", CELL, consequence);
        }
        // A finding that runs over keeps its line on the page where it began.
        if self.pages.len() == page {
            let height = self.y - top - 2.0;
            self.mark(Mark::Bar {
                x: LEFT,
                y: top + 2.0,
                width: 2.0,
                height,
                ink,
            });
        }
        self.y += 8.0;
    }

    fn item(&mut self, x: f32, sign: &str, style: Style, text: &str) {
        let lines = self.lines(style, text, RIGHT - x - 14.0);
        let sign = Lines {
            style,
            lines: vec![sign.to_owned()],
        };
        self.lay(&[(x, vec![sign]), (x + 14.0, vec![lines])]);
        self.y += 1.5;
    }

    fn table(&mut self, heads: &[Label], widths: &[u8], rows: &[Vec<Cell>]) {
        let whole = RIGHT - LEFT;
        let mut columns = Vec::new();
        let mut x = LEFT;
        for width in widths {
            let width = whole * f32::from(*width) / 100.0;
            columns.push((x, width - 9.0));
            x += width;
        }
        let heads: Vec<(f32, Vec<Lines>)> = columns
            .iter()
            .zip(heads)
            .map(|((x, width), head)| {
                let words = self.label(head, " ");
                (*x, vec![self.lines(HEAD, &words, *width)])
            })
            .collect();
        self.room(40.0);
        self.row(&heads);
        for row in rows {
            let cells: Vec<(f32, Vec<Lines>)> = columns
                .iter()
                .zip(row)
                .map(|((x, width), cell)| (*x, self.cell(cell, *width)))
                .collect();
            self.row(&cells);
        }
        self.y += 6.0;
    }

    fn cell(&self, cell: &Cell, width: f32) -> Vec<Lines> {
        let text = match &cell.label {
            Some(label) => self.label(label, " "),
            None => cell.text.clone(),
        };
        let style = match cell.tone {
            Tone::Plain => CELL,
            tone => Style {
                ink: ink(tone),
                cut: Cut::Bold,
                ..CELL
            },
        };
        let mut lines = vec![self.lines(style, &text, width)];
        if !cell.below.is_empty() {
            lines.push(self.lines(SMALL, &cell.below, width));
        }
        lines
    }

    /// Cells side by side, and a rule under them.
    fn row(&mut self, cells: &[(f32, Vec<Lines>)]) {
        let height = cells
            .iter()
            .map(|(_, lines)| height(lines))
            .fold(0.0, f32::max);
        if height < BOTTOM - TOP {
            self.room(height + 6.0);
        }
        self.y += 3.0;
        self.lay(cells);
        self.y += 2.0;
        self.bar(LEFT, RIGHT - LEFT, 0.4, Ink::Line);
        self.y += 1.0;
    }

    /// Columns of lines from the same height; a column that does not fit goes on overleaf.
    fn lay(&mut self, columns: &[(f32, Vec<Lines>)]) {
        let mut flat: Vec<(f32, std::vec::IntoIter<(Style, &String)>)> = columns
            .iter()
            .map(|(x, parts)| {
                let lines = parts
                    .iter()
                    .flat_map(|part| part.lines.iter().map(|l| (part.style, l)));
                (*x, lines.collect::<Vec<_>>().into_iter())
            })
            .collect();
        let mut heights = vec![0.0_f32; flat.len()];
        let mut origin = self.y;
        loop {
            // A line of each column, so that all of them go over the page together.
            let next: Vec<_> = flat
                .iter_mut()
                .map(|(x, lines)| (*x, lines.next()))
                .collect();
            let low = heights.iter().zip(&next).filter_map(|(down, (_, line))| {
                line.as_ref()
                    .map(|(style, _)| origin + down + leading(*style))
            });
            let lowest = low.fold(None, |lowest: Option<f32>, y| {
                Some(lowest.map_or(y, |lowest| lowest.max(y)))
            });
            let Some(lowest) = lowest else { break };
            if lowest > BOTTOM {
                self.pages.push(Vec::new());
                origin = TOP;
                heights.fill(0.0);
            }
            for ((x, line), down) in next.into_iter().zip(heights.iter_mut()) {
                if let Some((style, line)) = line {
                    *down += leading(style);
                    self.line(x, origin + *down - 0.28 * leading(style), style, line);
                }
            }
        }
        self.y = origin + heights.iter().copied().fold(0.0, f32::max);
    }

    fn paragraph(&mut self, from: f32, to: f32, style: Style, text: &str, after: f32) {
        let lines = self.lines(style, text, to - from);
        self.lay(&[(from, vec![lines])]);
        self.y += after;
    }

    /// A line of text: a mark for each run of one font.
    fn line(&mut self, x: f32, y: f32, style: Style, line: &str) {
        let (mut x, mut run, mut cut) = (x, String::new(), style.cut);
        let mut start = x;
        for character in line.chars() {
            let (fits, character) = self.faces.fit(style.cut, character);
            if fits != cut && !run.is_empty() {
                let text = std::mem::take(&mut run);
                self.mark(Mark::Text {
                    x: start,
                    y,
                    style,
                    cut,
                    text,
                });
                start = x;
            }
            cut = fits;
            run.push(character);
            x += self.faces.advance(fits, character) * style.size;
        }
        if !run.is_empty() {
            self.mark(Mark::Text {
                x: start,
                y,
                style,
                cut,
                text: run,
            });
        }
    }

    /// Breaks text into lines: at blanks, around Chinese characters, and anywhere in what is
    /// longer than a line.
    fn lines(&self, style: Style, text: &str, width: f32) -> Lines {
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for word in words(text) {
            let long = self.measure(style, word);
            if used + self.measure(style, word.trim_end()) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if long <= width {
                line.push_str(word);
                used += long;
                continue;
            }
            for character in word.chars() {
                let (cut, shown) = self.faces.fit(style.cut, character);
                let advance = self.faces.advance(cut, shown) * style.size;
                if used + advance > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += advance;
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        Lines { style, lines }
    }

    fn measure(&self, style: Style, text: &str) -> f32 {
        let advances = text.chars().map(|character| {
            let (cut, shown) = self.faces.fit(style.cut, character);
            self.faces.advance(cut, shown)
        });
        advances.sum::<f32>() * style.size
    }

    fn label(&self, label: &Label, between: &str) -> String {
        match self.lang {
            Lang::En => label.en.clone(),
            Lang::Zh => label.zh.clone(),
            Lang::Both => format!("{}{between}{}", label.en, label.zh),
        }
    }

    /// Begins a new page if so much does not fit on this one.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    fn bar(&mut self, x: f32, width: f32, height: f32, ink: Ink) {
        let y = self.y;
        self.mark(Mark::Bar {
            x,
            y,
            width,
            height,
            ink,
        });
        self.y += height;
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}

fn ink(tone: Tone) -> Ink {
    match tone {
        Tone::Plain => Ink::Black,
        Tone::Yes => Ink::Yes,
        Tone::No => Ink::Grey,
        Tone::Open => Ink::Open,
    }
}

fn leading(style: Style) -> f32 {
    style.size * 1.36
}

fn height(lines: &[Lines]) -> f32 {
    let of = |part: &Lines| part.lines.len() as f32 * leading(part.style);
    lines.iter().map(of).sum()
}

/// Pieces between which a line may be broken, each with the blanks behind it.
fn words(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let breaks = match before {
            Some(before) if before.is_whitespace() => !character.is_whitespace(),
            Some(before) => {
                is_chinese(before) && !is_closing(character)
                    || is_chinese(character) && !is_closing(character)
            }
            None => false,
        };
        if breaks && let Some(piece) = text.get(from..at).filter(|piece| !piece.is_empty()) {
            pieces.push(piece);
            from = at;
        }
        before = Some(character);
    }
    pieces.extend(text.get(from..).filter(|piece| !piece.is_empty()));
    pieces
}

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// Marks that never begin a line.
fn is_closing(character: char) -> bool {
    "，。；：、！？）》」』”’,.;:!?)".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_around_chinese_but_not_before_its_marks() {
        assert_eq!(words("a bc  d"), ["a ", "bc  ", "d"]);
        assert_eq!(words("法院，应当"), ["法", "院，", "应", "当"]);
        assert_eq!(words("Art. 2 第二条"), ["Art. ", "2 ", "第", "二", "条"]);
        assert!(words("").is_empty());
    }
}
