//! The document as a page for people: by part, each operation with its example as one line for a
//! shell. Made here, loaded from nowhere.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::{curl, examples};
use crate::Problem;
use crate::console;
use crate::door::Door;
use crate::lang::Lang;

/// What is on the page, read out of the document once.
pub(super) struct Docs {
    title: String,
    version: String,
    parts: Vec<Part>,
}

struct Part {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Field>,
    /// Media types of the body.
    takes: Vec<String>,
    fields: Vec<Field>,
    curl: String,
    answers: Vec<Answered>,
    /// The example of an answer, written out.
    answer: String,
}

struct Field {
    name: String,
    kind: String,
    needed: bool,
    about: String,
}

struct Answered {
    status: String,
    shape: String,
    about: String,
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Page<'a> {
    lang: Lang,
    csrf: String,
    docs: &'a Docs,
}

/// The page in a language.
pub(super) fn shown(
    docs: &Docs,
    lang: Lang,
    door: &Door,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let csrf = console::token(door, headers);
    console::show(&Page { lang, csrf, docs })
}

/// What the parts are called in Chinese; the document itself is in English.
fn title<'a>(part: &'a Part, lang: &Lang) -> &'a str {
    let (en, zh) = match part.name.as_str() {
        "decide" => ("Decide", "判定"),
        "people" => ("People", "人员"),
        "consents" => ("Consents", "同意"),
        "liveness" => ("Liveness", "活体检测"),
        "requests" => ("Requests", "个人请求"),
        "ledger" => ("Ledger", "账本"),
        "law" => ("Law", "法律"),
        "keys" => ("Keys", "密钥"),
        other => (other, other),
    };
    lang.say(en, zh)
}

/// What a part is for.
fn about<'a>(part: &'a Part, lang: &Lang) -> &'a str {
    let zh = match part.name.as_str() {
        "decide" => "对人脸作出判定；每个答复都先行入账",
        "people" => "人员、其参考，以及通往本人页面的链接",
        "consents" => "个人同意了什么，以及同意收据",
        "liveness" => "此刻镜头前是否为真人",
        "requests" => "个人就其数据提出的请求与答复",
        "ledger" => "记录了什么，以及证明",
        "law" => "所适用的法律，以及控制者的声明",
        "keys" => "谁可以提出请求",
        _ => part.about.as_str(),
    };
    lang.say(&part.about, zh)
}

impl Docs {
    pub(super) fn of(document: &OpenApi) -> Self {
        let document = serde_json::to_value(document).unwrap_or_default();
        let mut operations = operations(&document);
        let order: Vec<String> = examples::all()
            .into_iter()
            .map(|one| one.operation)
            .collect();
        operations.sort_by_key(|(_, one)| {
            let name = format!("{} {}", one.method, one.path);
            order.iter().position(|other| *other == name)
        });
        let mut parts: Vec<Part> = list(&document, "tags")
            .map(|tag| Part {
                name: said(tag, "/name"),
                about: said(tag, "/description"),
                operations: Vec::new(),
            })
            .collect();
        for (part, operation) in operations {
            if let Some(part) = parts.iter_mut().find(|one| one.name == part) {
                part.operations.push(operation);
            }
        }
        Self {
            title: said(&document, "/info/title"),
            version: said(&document, "/info/version"),
            parts,
        }
    }
}

/// Every operation with the name of its part.
fn operations(document: &Value) -> Vec<(String, Operation)> {
    let each = members(document.get("paths")).flat_map(|(path, methods)| {
        members(Some(methods)).map(move |(method, told)| (path, method, told))
    });
    each.map(|(path, method, told)| {
        let part = said(told, "/tags/0");
        (part, operation(document, path, method, told))
    })
    .collect()
}

fn operation(document: &Value, path: &str, method: &str, told: &Value) -> Operation {
    let parameter = |one: &Value| Field {
        name: said(one, "/name"),
        kind: said(one, "/in"),
        needed: one.get("required") == Some(&Value::Bool(true)),
        about: said(one, "/description"),
    };
    let bodies = told.pointer("/requestBody/content");
    let body = members(bodies).next().map(|(_, body)| body);
    let answered = |(status, answer): (&String, &Value)| Answered {
        status: status.clone(),
        shape: shape(answer),
        about: said(answer, "/description"),
    };
    let answers = || members(told.get("responses"));
    let done = answers().find(|(status, _)| status.starts_with('2'));
    let example = done.and_then(|(_, done)| done.pointer("/content/application~1json/example"));
    let method = method.to_uppercase();
    Operation {
        id: said(told, "/operationId"),
        curl: curl::line(document, &method, path, told),
        method,
        path: path.to_owned(),
        summary: said(told, "/summary"),
        parameters: list(told, "parameters").map(parameter).collect(),
        takes: members(bodies)
            .map(|(kind, _)| kind.clone())
            .rev()
            .collect(),
        fields: body.map_or_else(Vec::new, |body| fields(document, body)),
        answers: answers().map(answered).collect(),
        answer: example
            .and_then(|example| serde_json::to_string_pretty(example).ok())
            .unwrap_or_default(),
    }
}

/// The members of a body, those that have to be there first.
fn fields(document: &Value, body: &Value) -> Vec<Field> {
    let schema = schema(document, body);
    let needed = |name: &str| list(schema, "required").any(|one| one == name);
    let field = |(name, told): (&String, &Value)| Field {
        name: name.clone(),
        kind: match told.get("type") {
            Some(Value::Array(kinds)) => {
                let mut kinds = kinds.iter().filter_map(Value::as_str);
                kinds.find(|kind| *kind != "null").unwrap_or("").to_owned()
            }
            _ => said(told, "/type"),
        },
        needed: needed(name),
        about: said(told, "/description"),
    };
    let mut fields: Vec<Field> = members(schema.get("properties")).map(field).collect();
    fields.sort_by_key(|field| !field.needed);
    fields
}

/// The schema of a body or an answer, looked up where it is referred to.
pub(super) fn schema<'d>(document: &'d Value, content: &Value) -> &'d Value {
    let reference = said(content, "/schema/$ref");
    let found = document.pointer(reference.trim_start_matches('#'));
    found.unwrap_or(&Value::Null)
}

/// The name of an answer's schema.
fn shape(answer: &Value) -> String {
    let content = members(answer.get("content")).next();
    let reference = content.map(|(_, content)| said(content, "/schema/$ref"));
    let reference = reference.unwrap_or_default();
    reference.rsplit('/').next().unwrap_or_default().to_owned()
}

pub(super) fn members(value: Option<&Value>) -> impl DoubleEndedIterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

pub(super) fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    let list = value.get(name).and_then(Value::as_array);
    list.into_iter().flatten()
}

pub(super) fn said(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
