//! A dump of CompreFace's database: the plain text that `pg_dump` writes, of which the tables
//! `subject`, `embedding` and `img` are read.

use std::collections::HashMap;
use std::io::BufRead;

use zeroize::Zeroizing;

use super::Known;
use crate::WardError;

/// The people of one service, with their examples and pictures.
pub(super) struct Dump {
    people: Vec<Known>,
    /// Picture by example.
    pictures: HashMap<String, Zeroizing<Vec<u8>>>,
}

/// Columns of the tables that matter, by name; the order in a dump is the dump's own.
struct Table {
    columns: Vec<String>,
}

impl Table {
    fn field<'l>(&self, row: &[&'l str], name: &str) -> Option<&'l str> {
        let place = self.columns.iter().position(|column| column == name)?;
        row.get(place).copied().filter(|value| *value != "\\N")
    }
}

impl Dump {
    pub(super) fn parse(text: impl BufRead, key: &str) -> Result<Self, WardError> {
        let mut names: Vec<(String, String)> = Vec::new();
        let mut examples: Vec<(String, String, Option<String>)> = Vec::new();
        let mut images: HashMap<String, Zeroizing<Vec<u8>>> = HashMap::new();
        let mut table: Option<(String, Table)> = None;
        let mut seen = false;
        for line in text.lines() {
            let line =
                line.map_err(|_| wrong("the dump is not text; write it with pg_dump -Fp"))?;
            let line = Zeroizing::new(line);
            let Some((name, columns)) = &table else {
                table = copied(&line);
                seen |= table.is_some();
                continue;
            };
            if line.as_str() == "\\." {
                table = None;
                continue;
            }
            let row: Vec<&str> = line.split('\t').collect();
            let field = |name| columns.field(&row, name);
            match name.as_str() {
                "subject" if field("api_key") == Some(key) => {
                    if let (Some(id), Some(name)) = (field("id"), field("subject_name")) {
                        names.push((id.to_owned(), plain(name)));
                    }
                }
                "embedding" => {
                    if let (Some(id), Some(subject)) = (field("id"), field("subject_id")) {
                        let image = field("img_id").map(str::to_owned);
                        examples.push((id.to_owned(), subject.to_owned(), image));
                    }
                }
                "img" => {
                    if let (Some(id), Some(content)) = (field("id"), field("content")) {
                        let bytes = unhex(content);
                        let bytes =
                            bytes.ok_or_else(|| wrong("a picture is not in hexadecimal"))?;
                        images.insert(id.to_owned(), bytes);
                    }
                }
                _ => {}
            }
        }
        if !seen {
            return Err(wrong(
                "this is no dump of CompreFace's database; write one with pg_dump -Fp",
            ));
        }
        if table.is_some() {
            return Err(wrong(
                "the dump ends in the middle of a table; write it again",
            ));
        }
        if names.is_empty() {
            return Err(wrong(
                "nobody belongs to this key; it is the key of the recognition service",
            ));
        }
        Ok(Self::of(names, examples, images))
    }

    fn of(
        names: Vec<(String, String)>,
        examples: Vec<(String, String, Option<String>)>,
        mut images: HashMap<String, Zeroizing<Vec<u8>>>,
    ) -> Self {
        let mut pictures = HashMap::new();
        let mut people = Vec::new();
        for (id, name) in names {
            let own: Vec<_> = examples.iter().filter(|(_, of, _)| *of == id).collect();
            for (example, _, image) in &own {
                if let Some(picture) = image.as_ref().and_then(|image| images.remove(image)) {
                    pictures.insert(example.clone(), picture);
                }
            }
            let examples = own
                .into_iter()
                .map(|(example, ..)| example.clone())
                .collect();
            people.push(Known { name, examples });
        }
        Self { people, pictures }
    }

    pub(super) fn people(&self) -> &[Known] {
        &self.people
    }

    pub(super) fn picture(&self, example: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.pictures.get(example).cloned()
    }
}

fn wrong(why: &str) -> WardError {
    WardError::Import(why.to_owned())
}

/// The table that `COPY public.subject (id, api_key, subject_name) FROM stdin;` begins.
fn copied(line: &str) -> Option<(String, Table)> {
    let rest = line.strip_prefix("COPY ")?;
    let (name, rest) = rest.split_once(" (")?;
    let columns = rest.strip_suffix(") FROM stdin;")?;
    let name = name.rsplit('.').next()?.trim_matches('"');
    let columns = columns.split(", ").map(|c| c.trim_matches('"').to_owned());
    let columns = columns.collect();
    Some((name.to_owned(), Table { columns }))
}

/// A text as COPY writes it, with its escapes undone.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('t') => out.push('\t'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            (other, false) => out.push(other),
        }
    }
    out
}

/// `\\x` and hexadecimal digits, as COPY writes a bytea.
fn unhex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.strip_prefix("\\\\x")?.as_bytes();
    let (pairs, odd) = digits.as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    odd.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "--\n-- PostgreSQL database dump\n--\n\
        COPY public.embedding (id, subject_id, embedding, calculator, img_id) FROM stdin;\n\
        e1\ts1\t{0.1,0.2}\tfacenet.Calculator\ti1\n\
        e2\ts1\t{0.1,0.2}\tfacenet.Calculator\t\\N\n\
        e3\ts9\t{0.1,0.2}\tfacenet.Calculator\t\\N\n\\.\n\n\
        COPY public.img (id, content) FROM stdin;\ni1\t\\\\xffd8ff\n\\.\n\
        COPY public.subject (id, api_key, subject_name) FROM stdin;\n\
        s1\tkey-1\tAnn\\tLee\ns9\tkey-2\tStranger\n\\.\n";

    #[test]
    fn the_people_of_one_key_are_read_with_their_pictures() {
        let dump = Dump::parse(DUMP.as_bytes(), "key-1").unwrap();
        let people = dump.people();
        assert_eq!(people.len(), 1);
        assert_eq!(people[0].name, "Ann\tLee");
        assert_eq!(people[0].examples, ["e1", "e2"]);
        assert_eq!(dump.picture("e1").unwrap().as_slice(), [0xff, 0xd8, 0xff]);
        assert!(dump.picture("e2").is_none());
    }

    #[test]
    fn what_is_no_whole_dump_is_refused_with_a_reason() {
        for (text, key, why) in [
            ("hello\n", "key-1", "no dump"),
            (DUMP, "key-3", "nobody belongs"),
            (
                DUMP.trim_end_matches("\\.\n"),
                "key-1",
                "ends in the middle",
            ),
            (&DUMP.replace("ffd8ff", "ffd8f"), "key-1", "hexadecimal"),
        ] {
            let error = Dump::parse(text.as_bytes(), key).err().unwrap();
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}
