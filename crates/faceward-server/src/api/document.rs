//! The API's document (OpenAPI 3.1): the frame around what the operations say of themselves, what
//! holds for all of them, and where it is served.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, SecurityRequirement, Type,
};

use super::docs::{self, Docs};
use super::examples;
use crate::door::Door;
use crate::lang::Lang;
use crate::tagged::tagged;

/// The parts of the API in the order in which they are read: name, and what it is for.
const PARTS: [(&str, &str); 8] = [
    (
        "decide",
        "What decides about a face; every answer is recorded first",
    ),
    (
        "people",
        "People, their references, and links to their own pages",
    ),
    ("consents", "What a person agreed to, and the receipt of it"),
    ("liveness", "Is a living person before the camera, now?"),
    (
        "requests",
        "What people ask about their data, and the answers",
    ),
    ("ledger", "What was recorded, and the proof of it"),
    (
        "law",
        "The law that is applied, and what the controller declared",
    ),
    ("keys", "Who may ask"),
];

/// What a status means wherever an operation does not say more.
const MEANING: [(&str, &str); 15] = [
    (
        "200",
        "done; if anything was decided or changed, it is recorded",
    ),
    ("201", "made and recorded"),
    ("304", "you have the answer with this `ETag` already"),
    ("400", "the request or a value in it cannot be read"),
    ("401", "no key was shown, or none that is known here"),
    ("403", "the key does not reach this"),
    ("404", "there is no such thing, or not for this key"),
    ("408", "the request took too long"),
    (
        "409",
        "in conflict with what is there, or with what is being done under this `Idempotency-Key`",
    ),
    ("412", "it changed meanwhile: read it again, decide again"),
    ("413", "the request is too large"),
    ("415", "this form of body is not read"),
    (
        "422",
        "permitted, but the picture gave no answer; or the `Idempotency-Key` was used for something else",
    ),
    (
        "429",
        "too much at once, or too often; `Retry-After` says when to come back",
    ),
    (
        "451",
        "the law does not permit it; `grounds` names each article",
    ),
];
const EVERYWHERE: [&str; 6] = ["401", "403", "408", "429", "500", "503"];
const WITH_VALUES: [&str; 1] = ["400"];
const UNDER_A_KEY: [&str; 2] = ["409", "422"];
const WITH_A_BODY: [&str; 3] = ["400", "413", "415"];

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
    let parts = PARTS.map(|(name, about)| {
        TagBuilder::new()
            .name(name)
            .description(Some(about))
            .build()
    });
    OpenApiBuilder::new()
        .info(info)
        .tags(Some(parts))
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

pub(super) fn routes(mut document: OpenApi) -> Router<Door> {
    complete(&mut document);
    let docs = Arc::new(Docs::of(&document));
    let document = Arc::new(document);
    let served = move |headers: HeaderMap| async move { tagged(&headers, &*document) };
    let shown = move |State(door): State<Door>, lang: Lang, headers: HeaderMap| async move {
        docs::shown(&docs, lang, &door, &headers)
    };
    Router::new()
        .route("/openapi.json", get(served))
        .route("/docs", get(shown))
}

/// Says of every operation what holds for all, and how it is used.
fn complete(document: &mut OpenApi) {
    let examples = examples::all();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            headers(method, operation);
            problems(method, operation);
            operation.operation_id = Some(id(method, path));
            let name = format!("{method} {path}");
            if let Some(example) = examples.iter().find(|one| one.operation == name) {
                example.put_into(operation);
            }
        }
    }
}

/// A name for an operation that no other has: `get-subjects-subject`.
fn id(method: &str, path: &str) -> String {
    let path = path.trim_start_matches("/v1").replace(['{', '}'], "");
    format!("{}{}", method.to_lowercase(), path.replace('/', "-"))
}

/// The operations of a path, each with its method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("DELETE", &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// An answer with an entity tag takes it back; a change that may come too late takes one; what is
/// to be done once takes a key.
fn headers(method: &str, operation: &mut Operation) {
    let answers = &mut operation.responses.responses;
    let text = || Some(ObjectBuilder::new().schema_type(Type::String).build());
    let taken = [
        (
            answers.contains_key("304"),
            "If-None-Match",
            "The `ETag` of the answer that is there already",
        ),
        (
            answers.contains_key("412"),
            "If-Match",
            "The `ETag` of the state that the change is meant for",
        ),
        (
            method == "POST",
            "Idempotency-Key",
            "1 to 255 visible characters: asked again under the same key, it is not done again",
        ),
    ];
    for (_, name, about) in taken.into_iter().filter(|(taken, ..)| *taken) {
        let header = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .description(Some(about))
            .schema(text());
        let parameters = operation.parameters.get_or_insert_default();
        parameters.push(header.build().into());
    }
    if answers.contains_key("304")
        && let Some(RefOr::T(answer)) = answers.get_mut("200")
    {
        let tag = HeaderBuilder::new().schema(text());
        answer.headers.insert("ETag".to_owned(), tag.build().into());
    }
}

/// What can go wrong with any operation, and the form in which it is told.
fn problems(method: &str, operation: &mut Operation) {
    let valued = operation.parameters.is_some();
    let mut statuses = EVERYWHERE.to_vec();
    statuses.extend(WITH_VALUES.iter().filter(|_| valued));
    statuses.extend(
        WITH_A_BODY
            .iter()
            .filter(|_| operation.request_body.is_some()),
    );
    statuses.extend(UNDER_A_KEY.iter().filter(|_| method == "POST"));
    let answers = &mut operation.responses.responses;
    for status in statuses {
        let answer = ResponseBuilder::new().build();
        answers.entry(status.to_owned()).or_insert(answer.into());
    }
    for (status, answer) in answers {
        let RefOr::T(answer) = answer else { continue };
        if answer.description.is_empty() {
            let known = MEANING.iter().find(|(known, _)| known == status);
            let failed = "the server failed, or cannot decide; nothing was decided";
            answer.description = known.map_or(failed, |(_, meaning)| meaning).to_owned();
        }
        if status.starts_with(['4', '5']) {
            let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
            answer.content.clear();
            let kind = "application/problem+json".to_owned();
            answer.content.insert(kind, problem.build().into());
        }
    }
}
