//! Forms with files in them (RFC 7578), read from memory. The JavaScript SDK leaves out the
//! boundary in the header for some pictures; the first line of the body says it then.

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    pub(crate) name: String,
    pub(crate) filename: Option<String>,
    pub(crate) content: &'b [u8],
}

/// The parts of a form; `None` where it is none.
pub(crate) fn parts<'b>(kind: &str, body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let said = boundary(kind).map(|said| format!("--{said}").into_bytes());
    let delimiter = match said {
        Some(said) => said,
        None => first_line(body)?,
    };
    let mut parts = Vec::new();
    let (_, mut rest) = split(body, &delimiter)?;
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        let (head, after) = split(after, b"\r\n\r\n")?;
        let (content, after) = split(after, &[b"\r\n", delimiter.as_slice()].concat())?;
        rest = after;
        parts.extend(part(head, content));
    }
    rest.starts_with(b"--").then_some(parts)
}

fn part<'b>(head: &[u8], content: &'b [u8]) -> Option<Part<'b>> {
    let head = String::from_utf8_lossy(head);
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let asked = name.trim().eq_ignore_ascii_case("content-disposition");
        asked.then_some(value)
    })?;
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename"),
        content,
    })
}

fn boundary(kind: &str) -> Option<String> {
    parameter(kind, "boundary").filter(|said| !said.is_empty())
}

fn first_line(body: &[u8]) -> Option<Vec<u8>> {
    let (line, _) = split(body, b"\r\n")?;
    let usable = line.starts_with(b"--") && (3..=200).contains(&line.len());
    usable.then(|| line.to_vec())
}

/// The value of `; name=value` or `; name="value"`.
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted)?,
            None => {
                let (value, after) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), after)
            }
        };
        if name
            .trim()
            .trim_start_matches(';')
            .trim()
            .eq_ignore_ascii_case(wanted)
        {
            return Some(value);
        }
        rest = after;
    }
}

fn quoted_value(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

/// What stands before and after the first occurrence.
fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let first = *at.first()?;
    let mut from = 0;
    loop {
        let found = bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        let place = from + found;
        let rest = bytes.get(place..)?;
        if let Some(after) = rest.strip_prefix(at) {
            return Some((bytes.get(..place)?, after));
        }
        from = place + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--x y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".jpg\"\r\n\r\nabc\r\n--x\r\n\r\n--x y\r\ncontent-disposition:form-data;name=note\r\nContent-Type: text/plain\r\n\r\n\r\n--x y--\r\n";

    #[test]
    fn parts_are_told_apart_with_the_boundary_in_the_header_or_without() {
        for kind in [
            "multipart/form-data; boundary=\"x y\"",
            "multipart/form-data; charset=utf-8; boundary=x y",
            "multipart/form-data",
        ] {
            let parts = parts(kind, BODY).unwrap();
            assert_eq!(parts.len(), 2, "{kind}");
            assert_eq!(parts[0].name, "file");
            assert_eq!(parts[0].filename.as_deref(), Some("a \"b\".jpg"));
            assert_eq!(parts[0].content, b"abc\r\n--x\r\n");
            assert_eq!(parts[1].name, "note");
            assert_eq!(parts[1].filename, None);
            assert_eq!(parts[1].content, b"");
        }
    }

    #[test]
    fn no_beginning_of_a_form_is_one() {
        for cut in 0..BODY.len() - 4 {
            let cut = &BODY[..cut];
            assert_eq!(parts("multipart/form-data; boundary=x y", cut), None);
            assert_eq!(parts("multipart/form-data", cut), None);
        }
        assert_eq!(parts("multipart/form-data; boundary=z", BODY), None);
        assert_eq!(
            parts("multipart/form-data; boundary=\"x", BODY).map(|p| p.len()),
            Some(2)
        );
    }
}
