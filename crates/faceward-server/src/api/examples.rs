//! One morning at a door, told in requests and answers: the examples of the document, in an order in
//! which they can be asked. `tests/api/examples.rs` asks them, and writes the answers anew.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterBuilder};

/// A request and its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    /// Method and path, as the document has them.
    pub(super) operation: String,
    /// What stands in the path and the query.
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    /// What is sent; pictures are cut short.
    body: Option<Value>,
    answer: Value,
}

/// Every example, in order. None of a file that cannot be read, which a test would notice.
pub(super) fn all() -> Vec<Example> {
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}

impl Example {
    /// Shows with an operation how it is used.
    pub(super) fn put_into(&self, operation: &mut Operation) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(told) = parameter
                && let Some(value) = self.parameters.get(&told.name)
            {
                let told = ParameterBuilder::from(told.clone()).example(Some(value.clone()));
                *parameter = told.build().into();
            }
        }
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            for content in body.content.values_mut() {
                if let RefOr::T(content) = content {
                    content.example = self.body.clone();
                }
            }
        }
        for (status, answer) in &mut operation.responses.responses {
            if status.starts_with('2')
                && let RefOr::T(answer) = answer
                && let Some(RefOr::T(content)) = answer.content.values_mut().next()
            {
                content.example = Some(self.answer.clone());
            }
        }
    }
}
