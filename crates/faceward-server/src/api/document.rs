//! The API's document (OpenAPI 3.1), and a page that shows it: made here, loaded from nowhere.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement,
};

use crate::Problem;
use crate::door::Door;
use crate::lang::Lang;

/// The document before any operation is in it.
pub(super) fn frame() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Faceward")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Face recognition that works only with permission. Every answer that decides carries the \
             receipt of its entry in the ledger; a refusal by law is 451 and names the article.",
        ))
        .build();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("key", bearer)
                .build(),
        ))
        .security(Some([SecurityRequirement::new(
            "key",
            Vec::<String>::new(),
        )]))
        .build()
}

pub(super) fn routes(document: OpenApi) -> Router<Door> {
    let text: Arc<str> = document.to_json().unwrap_or_default().into();
    let page = text.clone();
    Router::new()
        .route(
            "/openapi.json",
            get(move || async move {
                (
                    [(header::CONTENT_TYPE, "application/json")],
                    text.to_string(),
                )
            }),
        )
        .route(
            "/docs",
            get(move |lang: Lang| async move { shown(lang, &page) }),
        )
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    lang: Lang,
    title: String,
    about: String,
    operations: Vec<Operation>,
}

struct Operation {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Parameter>,
    /// Media type of the body, if it has one.
    takes: Option<String>,
    fields: Vec<Field>,
    answers: Vec<Answered>,
}

struct Parameter {
    name: String,
    place: String,
    about: String,
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

fn shown(lang: Lang, document: &str) -> Response {
    let Ok(document) = serde_json::from_str::<Value>(document) else {
        return Problem::failed().into_response();
    };
    let text = |pointer| said(&document, pointer);
    let page = Page {
        lang,
        title: format!("{} {}", text("/info/title"), text("/info/version")),
        about: text("/info/description"),
        operations: operations(&document),
    };
    match page.render() {
        Ok(page) => Html(page).into_response(),
        Err(_) => Problem::failed().into_response(),
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document.get("paths").and_then(Value::as_object);
    let each = paths.into_iter().flatten().flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, told)| (path, method, told))
    });
    each.map(|(path, method, told)| operation(document, path, method, told))
        .collect()
}

fn operation(document: &Value, path: &str, method: &str, told: &Value) -> Operation {
    let listed = |name| told.get(name).and_then(Value::as_array);
    let parameter = |one: &Value| Parameter {
        name: said(one, "/name"),
        place: said(one, "/in"),
        about: said(one, "/description"),
    };
    let content = told
        .pointer("/requestBody/content")
        .and_then(Value::as_object);
    let body = content.and_then(|content| content.iter().next());
    let answers = told.get("responses").and_then(Value::as_object);
    let answered = |(status, answer): (&String, &Value)| Answered {
        status: status.clone(),
        shape: shape(answer),
        about: said(answer, "/description"),
    };
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: [said(told, "/summary"), said(told, "/description")].join(" "),
        parameters: listed("parameters")
            .into_iter()
            .flatten()
            .map(parameter)
            .collect(),
        takes: body.map(|(kind, _)| kind.clone()),
        fields: body.map_or_else(Vec::new, |(_, body)| fields(document, body)),
        answers: answers.into_iter().flatten().map(answered).collect(),
    }
}

/// The members of a body, looked up where its schema is referred to.
fn fields(document: &Value, body: &Value) -> Vec<Field> {
    let reference = said(body, "/schema/$ref");
    let Some(schema) = document.pointer(reference.trim_start_matches('#')) else {
        return Vec::new();
    };
    let needed = schema.get("required").and_then(Value::as_array);
    let needed: Vec<&str> = needed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let members = schema.get("properties").and_then(Value::as_object);
    let field = |(name, told): (&String, &Value)| Field {
        name: name.clone(),
        kind: match told.get("type") {
            Some(Value::String(kind)) => kind.clone(),
            Some(Value::Array(kinds)) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                kinds.join(" or ")
            }
            _ => String::new(),
        },
        needed: needed.contains(&name.as_str()),
        about: said(told, "/description"),
    };
    members.into_iter().flatten().map(field).collect()
}

/// The name of an answer's schema.
fn shape(answer: &Value) -> String {
    let content = answer.get("content").and_then(Value::as_object);
    let reference = content
        .and_then(|content| content.values().next())
        .map(|content| said(content, "/schema/$ref"));
    let reference = reference.unwrap_or_default();
    reference.rsplit('/').next().unwrap_or_default().to_owned()
}

fn said(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
