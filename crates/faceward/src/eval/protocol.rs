use std::path::Path;

use super::EvalError;
use super::csv::{Column, Csv, CsvError, CsvRow};

/// A protocol file, told apart by its header.
pub(super) enum Protocol {
    /// `a,b,same[,fold][,cond]`: one comparison a row.
    Pairs(Vec<Pair>),
    /// `file,subject,role`: an open-set search.
    Identify(Vec<Entry>),
    /// `file,label[,pai]`: bona fide and attack presentations.
    Pad(Vec<Presentation>),
    /// `file,left,top,width,height`: faces marked by hand.
    Boxes(Vec<Marked>),
    /// `file,people`: videos in which so many people are seen.
    Clips(Vec<Clip>),
}

/// One video.
pub(super) struct Clip {
    pub(super) file: String,
    pub(super) people: usize,
}

/// One comparison.
pub(super) struct Pair {
    pub(super) a: String,
    pub(super) b: String,
    pub(super) kind: Kind,
    pub(super) fold: String,
    pub(super) cond: String,
}

/// What a comparison's right answer is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// One person.
    Genuine,
    /// Two people.
    Impostor,
    /// `b` is an attack that shows the person of `a`: the condition is `live-` and the attack's
    /// name.
    Attack,
}

/// One image of a search.
pub(super) struct Entry {
    pub(super) file: String,
    pub(super) subject: String,
    pub(super) role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Enrolled.
    Gallery,
    /// Searched; the person is enrolled.
    Mated,
    /// Searched; the person is not.
    NonMated,
}

/// One presentation to the camera; no species means bona fide.
pub(super) struct Presentation {
    pub(super) file: String,
    pub(super) species: Option<String>,
}

/// One face marked in an image, or none: an image without faces has one row with empty numbers.
pub(super) struct Marked {
    pub(super) file: String,
    /// Left, top, width, height in pixels.
    pub(super) bounds: Option<[f32; 4]>,
}

/// Reads a protocol file.
pub(super) fn read(path: &Path) -> Result<Protocol, EvalError> {
    parse(&text(path)?).map_err(|e| in_file(path, e))
}

/// File and person of every row of a file with the columns `file` and `subject`.
pub(super) fn read_people(path: &Path) -> Result<Vec<(String, String)>, EvalError> {
    let csv = Csv::parse(&text(path)?).map_err(|e| in_file(path, e))?;
    let (Some(file), Some(subject)) = (csv.column("file"), csv.column("subject")) else {
        let what = format!("the header `{}` lacks `file` or `subject`", csv.header());
        return Err(in_file(path, CsvError { line: 1, what }));
    };
    let row = |row: &CsvRow| Ok((needed(row, file, "file")?, needed(row, subject, "subject")?));
    csv.rows()
        .iter()
        .map(row)
        .collect::<Result<_, _>>()
        .map_err(|e| in_file(path, e))
}

fn text(path: &Path) -> Result<String, EvalError> {
    std::fs::read_to_string(path).map_err(|error| EvalError::CannotRead {
        path: path.to_owned(),
        error,
    })
}

fn in_file(path: &Path, CsvError { line, what }: CsvError) -> EvalError {
    EvalError::Protocol {
        path: path.to_owned(),
        line,
        what,
    }
}

fn parse(text: &str) -> Result<Protocol, CsvError> {
    let csv = Csv::parse(text)?;
    let column = |name| csv.column(name);
    let rows = csv.rows().iter();
    if let (Some(a), Some(b), Some(same)) = (column("a"), column("b"), column("same")) {
        let (fold, cond) = (column("fold"), column("cond"));
        return rows
            .map(|r| pair(r, [a, b, same], fold, cond))
            .collect::<Result<_, _>>()
            .map(Protocol::Pairs);
    }
    let file = column("file");
    if let (Some(file), Some(subject), Some(role)) = (file, column("subject"), column("role")) {
        return rows
            .map(|r| entry(r, [file, subject, role]))
            .collect::<Result<_, _>>()
            .map(Protocol::Identify);
    }
    if let (Some(file), Some(label)) = (file, column("label")) {
        let pai = column("pai");
        return rows
            .map(|r| presentation(r, file, label, pai))
            .collect::<Result<_, _>>()
            .map(Protocol::Pad);
    }
    let bounds = ["left", "top", "width", "height"].map(column);
    if let (Some(file), [Some(l), Some(t), Some(w), Some(h)]) = (file, bounds) {
        return rows
            .map(|r| marked(r, file, [l, t, w, h]))
            .collect::<Result<_, _>>()
            .map(Protocol::Boxes);
    }
    if let (Some(file), Some(people)) = (file, column("people")) {
        return rows
            .map(|r| clip(r, file, people))
            .collect::<Result<_, _>>()
            .map(Protocol::Clips);
    }
    let what = format!(
        "the header `{}` is none of `a,b,same[,fold][,cond]`, `file,subject,role`, `file,label[,pai]`, \
         `file,left,top,width,height`, `file,people`",
        csv.header()
    );
    Err(CsvError { line: 1, what })
}

fn pair(
    row: &CsvRow,
    [a, b, same]: [Column; 3],
    fold: Option<Column>,
    cond: Option<Column>,
) -> Result<Pair, CsvError> {
    let optional = |column: Option<Column>| column.map_or("", |c| row.get(c)).to_owned();
    let cond = optional(cond);
    let attack = cond
        .strip_prefix("live-")
        .is_some_and(|other| other != "live");
    let kind = match row.get(same) {
        "1" if attack => Kind::Attack,
        "1" => Kind::Genuine,
        "0" => Kind::Impostor,
        other => return Err(row.error(format!("`same` is `{other}`; write 1 or 0"))),
    };
    Ok(Pair {
        a: needed(row, a, "a")?,
        b: needed(row, b, "b")?,
        kind,
        fold: optional(fold),
        cond,
    })
}

fn entry(row: &CsvRow, [file, subject, role]: [Column; 3]) -> Result<Entry, CsvError> {
    let role = match row.get(role) {
        "gallery" => Role::Gallery,
        "mated" => Role::Mated,
        "nonmated" => Role::NonMated,
        other => {
            return Err(row.error(format!(
                "`role` is `{other}`; write gallery, mated or nonmated"
            )));
        }
    };
    Ok(Entry {
        file: needed(row, file, "file")?,
        subject: needed(row, subject, "subject")?,
        role,
    })
}

fn presentation(
    row: &CsvRow,
    file: Column,
    label: Column,
    pai: Option<Column>,
) -> Result<Presentation, CsvError> {
    let named = pai.map_or("", |c| row.get(c));
    let species = match row.get(label) {
        "live" => None,
        "attack" if named.is_empty() => Some("unnamed".to_owned()),
        "attack" => Some(named.to_owned()),
        other => return Err(row.error(format!("`label` is `{other}`; write live or attack"))),
    };
    Ok(Presentation {
        file: needed(row, file, "file")?,
        species,
    })
}

fn marked(row: &CsvRow, file: Column, bounds: [Column; 4]) -> Result<Marked, CsvError> {
    let file = needed(row, file, "file")?;
    let texts = bounds.map(|c| row.get(c));
    if texts.iter().all(|text| text.is_empty()) {
        return Ok(Marked { file, bounds: None });
    }
    let mut numbers = [0.0; 4];
    for (number, text) in numbers.iter_mut().zip(texts) {
        *number = text
            .parse()
            .map_err(|_| row.error(format!("`{text}` is not a number of pixels")))?;
    }
    let [.., width, height] = numbers;
    if !numbers.iter().all(|n: &f32| n.is_finite()) || width <= 0.0 || height <= 0.0 {
        return Err(
            row.error("a box needs finite numbers and a width and height above 0".to_owned())
        );
    }
    Ok(Marked {
        file,
        bounds: Some(numbers),
    })
}

fn clip(row: &CsvRow, file: Column, people: Column) -> Result<Clip, CsvError> {
    let number = row.get(people);
    Ok(Clip {
        file: needed(row, file, "file")?,
        people: number
            .parse()
            .map_err(|_| row.error(format!("`{number}` is no number of people")))?,
    })
}

fn needed(row: &CsvRow, column: Column, name: &str) -> Result<String, CsvError> {
    match row.get(column) {
        "" => Err(row.error(format!("`{name}` is empty"))),
        text => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> CsvError {
        parse(text).err().unwrap()
    }

    #[test]
    fn the_header_tells_the_protocol_whatever_else_it_holds() {
        let pairs = parse("a,b,same,fold,cond\nx,y,1,3,UM\nx,z,0,3,\n").unwrap();
        let Protocol::Pairs(pairs) = pairs else {
            panic!("pairs")
        };
        assert_eq!(
            (pairs[0].kind, pairs[1].kind),
            (Kind::Genuine, Kind::Impostor)
        );
        assert_eq!(
            (pairs[0].fold.as_str(), pairs[0].cond.as_str()),
            ("3", "UM")
        );
        let Protocol::Identify(entries) =
            parse("file,subject,role,gender\nx,X,nonmated,F\n").unwrap()
        else {
            panic!("identify")
        };
        assert_eq!(entries[0].role, Role::NonMated);
        let Protocol::Pad(pad) = parse("file,label,pai\nx,live,none\ny,attack,print\n").unwrap()
        else {
            panic!("pad")
        };
        assert_eq!(
            (&pad[0].species, pad[1].species.as_deref()),
            (&None, Some("print"))
        );
        let Protocol::Boxes(boxes) =
            parse("file,left,top,width,height,part\nx,1,2,3,4,t\ny,,,,,t\n").unwrap()
        else {
            panic!("boxes")
        };
        assert_eq!(
            (boxes[0].bounds, boxes[1].bounds),
            (Some([1.0, 2.0, 3.0, 4.0]), None)
        );
    }

    #[test]
    fn only_a_genuine_row_against_something_else_than_live_is_an_attack() {
        let text =
            "a,b,same,cond\nx,y,1,live-print\nx,y,1,live-live\nx,y,0,live-print\nx,y,1,print\n";
        let Protocol::Pairs(pairs) = parse(text).unwrap() else {
            panic!("pairs")
        };
        let kinds: Vec<Kind> = pairs.iter().map(|p| p.kind).collect();
        assert_eq!(
            kinds,
            [Kind::Attack, Kind::Genuine, Kind::Impostor, Kind::Genuine]
        );
    }

    #[test]
    fn wrong_cells_are_named_with_their_line() {
        for (text, line, says) in [
            ("a,b,same\nx,y,1\nx,y,yes\n", 3, "`same` is `yes`"),
            ("a,b,same\n,y,1\n", 2, "`a` is empty"),
            ("file,subject,role\nx,X,probe\n", 2, "`role` is `probe`"),
            ("file,label\nx,spoof\n", 2, "`label` is `spoof`"),
            ("file,left,top,width,height\nx,1,2,three,4\n", 2, "`three`"),
            ("file,left,top,width,height\nx,1,2,0,4\n", 2, "above 0"),
            ("file,people\nx.gif,some\n", 2, "`some`"),
            ("x,y\n1,2\n", 1, "`x,y` is none of"),
            ("", 1, "none of"),
        ] {
            let error = failure(text);
            assert_eq!(error.line, line, "{text}");
            assert!(error.what.contains(says), "{}", error.what);
        }
    }
}
