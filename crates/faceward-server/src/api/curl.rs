//! The example of an operation as a line for a shell, in which `$FACEWARD` is the server and `$KEY`
//! the key.

use serde_json::Value;

use super::docs::{list, members, said, schema};

/// One request, over several lines where it is long.
pub(super) fn line(document: &Value, method: &str, path: &str, told: &Value) -> String {
    let mut parts = vec!["curl -H \"Authorization: Bearer $KEY\"".to_owned()];
    let bodies = told.pointer("/requestBody/content");
    let body = members(bodies).next_back();
    match (method, body) {
        ("GET", _) | ("POST", Some(_)) => {}
        _ => parts.push(format!("-X {method}")),
    }
    if let Some((kind, body)) = body {
        let example = body.get("example");
        if kind == "multipart/form-data" {
            let form = members(example).map(|(name, value)| field(document, body, name, value));
            let mut form: Vec<String> = form.collect();
            form.sort_by_key(|field| field.contains("=@"));
            parts.push(form.join(" "));
        } else {
            parts.push(format!("-H 'Content-Type: {kind}'"));
            let text = example.map(Value::to_string).unwrap_or_default();
            parts.push(format!("-d {}", quoted(&text)));
        }
    }
    parts.push(format!("\"$FACEWARD{}\"", address(path, told)));
    parts.join(" \\\n  ")
}

/// A part of a form: a picture is a file beside whoever asks.
fn field(document: &Value, body: &Value, name: &str, value: &Value) -> String {
    let told = schema(document, body).pointer(&format!("/properties/{name}/format"));
    if told.is_some_and(|format| format == "binary") {
        format!("-F {name}=@{name}.jpg")
    } else {
        format!("-F {}", quoted(&format!("{name}={}", plain(value))))
    }
}

/// The path with its parts, and the query, as in the example.
fn address(path: &str, told: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in list(told, "parameters") {
        let (name, Some(value)) = (said(parameter, "/name"), parameter.get("example")) else {
            continue;
        };
        match said(parameter, "/in").as_str() {
            "path" => path = path.replace(&format!("{{{name}}}"), &plain(value)),
            "query" => query.push(format!("{name}={}", plain(value))),
            _ => {}
        }
    }
    if query.is_empty() {
        path
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A word as a shell takes it for what it is.
fn quoted(word: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_=./:@".contains(c);
    if word.chars().all(safe) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shell_takes_every_word_for_what_it_is() {
        let told = json!({
            "parameters": [
                { "name": "subject", "in": "path", "example": "alice" },
                { "name": "limit", "in": "query", "example": 2 },
            ],
            "requestBody": { "content": { "application/json": {
                "example": { "notice": "it's $HOME; `id`" },
            } } },
        });
        let line = line(&json!({}), "PUT", "/v1/x/{subject}", &told);
        let expected = [
            r#"curl -H "Authorization: Bearer $KEY""#,
            "-X PUT",
            "-H 'Content-Type: application/json'",
            r#"-d '{"notice":"it'\''s $HOME; `id`"}'"#,
            r#""$FACEWARD/v1/x/alice?limit=2""#,
        ];
        assert_eq!(line, expected.join(" \\\n  "));
    }
}
