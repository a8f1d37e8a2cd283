/// A CSV file in memory: a header line, then rows that remember their line numbers.
pub(super) struct Csv {
    header: Vec<String>,
    rows: Vec<CsvRow>,
}

/// One row, as many fields as the header has.
pub(super) struct CsvRow {
    /// Line of the file the row starts on, from 1.
    pub(super) line: usize,
    fields: Vec<String>,
}

/// What is wrong with the text, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CsvError {
    pub(super) line: usize,
    pub(super) what: String,
}

/// A column found in the header.
#[derive(Clone, Copy)]
pub(super) struct Column(usize);

impl Csv {
    /// Reads comma-separated text as in RFC 4180: fields may be quoted, a doubled quote stands for
    /// one, a quoted field may span lines. Blank lines are skipped.
    pub(super) fn parse(text: &str) -> Result<Csv, CsvError> {
        let mut records = records(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
        let header = records.next().map(|r| r.fields).unwrap_or_default();
        let rows: Vec<CsvRow> = records.collect();
        match rows.iter().find(|row| row.fields.len() != header.len()) {
            Some(CsvRow { line, fields }) => Err(CsvError {
                line: *line,
                what: format!(
                    "{} fields where the header has {}",
                    fields.len(),
                    header.len()
                ),
            }),
            None => Ok(Csv { header, rows }),
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<Column> {
        self.header
            .iter()
            .position(|h| h.trim() == name)
            .map(Column)
    }

    pub(super) fn header(&self) -> String {
        self.header.join(",")
    }

    pub(super) fn rows(&self) -> &[CsvRow] {
        &self.rows
    }
}

impl CsvRow {
    /// The field, without surrounding blanks.
    pub(super) fn get(&self, Column(index): Column) -> &str {
        self.fields.get(index).map_or("", |f| f.trim())
    }

    pub(super) fn error(&self, what: String) -> CsvError {
        CsvError {
            line: self.line,
            what,
        }
    }
}

fn records(text: &str) -> Result<Vec<CsvRow>, CsvError> {
    let mut records = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while !rest.is_empty() {
        let start = line;
        let (fields, after) = record(rest, &mut line)?;
        rest = after;
        if fields.iter().any(|field| !field.is_empty()) {
            records.push(CsvRow {
                line: start,
                fields,
            });
        }
    }
    Ok(records)
}

/// Fields up to the end of the line, and the text after it.
fn record<'a>(text: &'a str, line: &mut usize) -> Result<(Vec<String>, &'a str), CsvError> {
    let start = *line;
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_quote = chars.peek().is_some_and(|(_, next)| *next == '"');
        let Some(field) = fields.last_mut() else {
            break;
        };
        *line += usize::from(c == '\n');
        match c {
            '"' if quoted && next_is_quote => field.extend(chars.next().map(|(_, c)| c)),
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            '\n' if !quoted => return Ok((fields, text.get(at + 1..).unwrap_or(""))),
            '\r' if !quoted => {}
            c => field.push(c),
        }
    }
    if quoted {
        return Err(CsvError {
            line: start,
            what: "a quote is opened and never closed".to_owned(),
        });
    }
    *line += 1;
    Ok((fields, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(csv: &Csv) -> Vec<Vec<&str>> {
        csv.rows()
            .iter()
            .map(|r| r.fields.iter().map(String::as_str).collect())
            .collect()
    }

    #[test]
    fn quotes_blank_lines_and_line_ends_are_understood() {
        let csv = Csv::parse("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n,2").unwrap();
        assert_eq!(csv.header(), "a,b");
        assert_eq!(fields(&csv), [["1", "x, \"y\"\nz"], ["", "2"]]);
        assert_eq!(
            csv.rows().iter().map(|r| r.line).collect::<Vec<_>>(),
            [2, 5]
        );
    }

    #[test]
    fn errors_name_the_line() {
        let ragged = Csv::parse("a,b\n1,2\n3\n").err().unwrap();
        assert_eq!(
            ragged,
            CsvError {
                line: 3,
                what: "1 fields where the header has 2".to_owned()
            }
        );
        assert_eq!(Csv::parse("a,b\n1,2\n\"3,4\n").err().unwrap().line, 3);
    }
}
