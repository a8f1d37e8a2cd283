//! The examples of the document, asked in the order in which the file tells them, of a house that
//! knows nobody yet. What an answer of the file calls by an identifier, later requests of the file
//! call by it too; here they use the identifier that was really given.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use axum::http::Method;
use faceward::{Home, Unlock};
use faceward_server::House;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::client::{Answer, Client, base64, everything, form};
use crate::place::{Place, photo};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/examples.json");

/// One operation with its example, as the document has it.
struct Step<'d> {
    method: Method,
    path: &'d str,
    told: &'d Value,
}

/// What was really given for what the file says.
#[derive(Default)]
struct Known(BTreeMap<String, String>);

#[tokio::test]
async fn the_examples_of_the_document_work_and_both_fit_its_schemas() {
    let (_place, client) = house().await;
    let document = document(&client).await;
    for written in story() {
        let operation = text(&written["operation"]);
        let step = Step::of(&document, operation);
        let (_, answer) = step.answer();
        let bodies = members(&step.told["requestBody"]["content"]).map(|(_, body)| body);
        for shown in bodies.chain([answer]) {
            check(&document, &shown["schema"], &shown["example"], operation);
        }
    }
    played().await;
}

#[tokio::test]
#[ignore = "writes the answers of the examples anew: for when the API changed"]
async fn write_the_examples() {
    let played = serde_json::to_string_pretty(&played().await).unwrap();
    fs::write(FILE, played + "\n").unwrap();
}

#[tokio::test]
async fn no_operation_is_without_an_example() {
    let (_place, client) = house().await;
    let document = document(&client).await;
    let operations = members(&document["paths"]).flat_map(|(path, methods)| {
        members(methods).map(move |(method, _)| format!("{} {path}", method.to_uppercase()))
    });
    let operations: BTreeSet<String> = operations.collect();
    let told: BTreeSet<String> = story()
        .iter()
        .map(|step| text(&step["operation"]).to_owned())
        .collect();
    assert_eq!(told, operations);
    let ids: BTreeSet<&str> = members(&document["paths"])
        .flat_map(|(_, methods)| members(methods))
        .map(|(_, told)| text(&told["operationId"]))
        .collect();
    assert_eq!(ids.len(), operations.len(), "each has a name of its own");
}

/// Asks every example; the file as it would be with these answers.
async fn played() -> Vec<Value> {
    let (_place, client) = house().await;
    let document = document(&client).await;
    let mut known = Known::default();
    let mut played = Vec::new();
    for written in story() {
        let operation = text(&written["operation"]).to_owned();
        let step = Step::of(&document, &operation);
        let (status, shown) = step.answer();
        let bodies = members(&step.told["requestBody"]["content"]);
        let bodies: Vec<(&str, &Value)> =
            bodies.map(|(kind, body)| (kind.as_str(), body)).collect();
        let mut said = None;
        for (kind, body) in or_none(bodies) {
            let answer = step.ask(&client, &known, kind, &body["example"]).await;
            assert_eq!(answer.status, status, "{operation} {kind}: {answer:?}");
            check(&document, &shown["schema"], &answer.said, &operation);
            said.get_or_insert(answer.said);
        }
        let said = said.unwrap();
        let mut real = written.clone();
        for part in ["parameters", "body"] {
            if let Some(part) = real.get_mut(part) {
                *part = known.real(part);
            }
        }
        known.learn(&written["answer"], &said);
        real["answer"] = said;
        played.push(real);
    }
    played
}

impl<'d> Step<'d> {
    fn of(document: &'d Value, operation: &'d str) -> Self {
        let (method, path) = operation.split_once(' ').unwrap();
        let told = &document["paths"][path][method.to_lowercase()];
        assert!(told.is_object(), "there is no operation {operation}");
        Self {
            method: method.parse().unwrap(),
            path,
            told,
        }
    }

    /// The status of success, and its content in the document.
    fn answer(&self) -> (u16, &'d Value) {
        let mut answers = members(&self.told["responses"]);
        let (status, answer) = answers.find(|(status, _)| status.starts_with('2')).unwrap();
        (
            status.parse().unwrap(),
            &answer["content"]["application/json"],
        )
    }

    async fn ask(&self, client: &Client, known: &Known, kind: &str, body: &Value) -> Answer {
        let path = self.address(known);
        let method = self.method.clone();
        let mut body = known.real(body);
        for (name, picture) in self.pictures() {
            if let Some(member) = body.get_mut(name) {
                *member = base64(&photo(picture)).into();
            }
        }
        if kind == "multipart/form-data" {
            let kind = [("content-type", "multipart/form-data; boundary=x")];
            let parts = members(&body).map(|(name, value)| {
                let picture = self.pictures().into_iter().find(|(other, _)| name == other);
                let part = picture.map_or_else(|| text(value).into(), |(_, file)| photo(file));
                (name.as_str(), part)
            });
            let parts: Vec<(&str, Vec<u8>)> = parts.collect();
            let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, p)| (*n, p.as_slice())).collect();
            return client.send(method, &path, &kind, form(&parts)).await;
        }
        if kind.is_empty() {
            return client.send(method, &path, &[], "").await;
        }
        client.json(method, &path, &[], body).await
    }

    /// The path and the query with the examples of their parameters.
    fn address(&self, known: &Known) -> String {
        let mut path = self.path.to_owned();
        let mut query = Vec::new();
        for parameter in self.told["parameters"].as_array().into_iter().flatten() {
            let (name, value) = (text(&parameter["name"]), known.real(&parameter["example"]));
            let value = value.as_str().map_or(value.to_string(), str::to_owned);
            match (text(&parameter["in"]), parameter.get("example")) {
                ("path", example) => {
                    assert!(example.is_some(), "{} has no {name}", self.path);
                    path = path.replace(&format!("{{{name}}}"), &value);
                }
                ("query", Some(_)) => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        format!("{path}?{}", query.join("&"))
    }

    /// What is sent where the document shows a picture cut short.
    fn pictures(&self) -> [(&'static str, &'static str); 3] {
        let picture = match self.path {
            "/v1/enroll" => "obama.jpg",
            _ => "obama2.jpg",
        };
        [
            ("picture", picture),
            ("first", "obama.jpg"),
            ("second", "obama2.jpg"),
        ]
    }
}

impl Known {
    /// A value of the file with what was really given in it.
    fn real(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.0.get(text).unwrap_or(text).as_str().into(),
            Value::Array(all) => all.iter().map(|one| self.real(one)).collect(),
            Value::Object(all) => {
                let all = all.iter().map(|(name, one)| (name.clone(), self.real(one)));
                Value::Object(all.collect())
            }
            other => other.clone(),
        }
    }

    fn learn(&mut self, written: &Value, said: &Value) {
        match (written, said) {
            (Value::String(written), Value::String(said)) => {
                self.0.insert(written.clone(), said.clone());
            }
            (Value::Array(written), Value::Array(said)) => {
                let pairs = written.iter().zip(said);
                pairs.for_each(|(written, said)| self.learn(written, said));
            }
            (Value::Object(written), Value::Object(said)) => {
                for (name, written) in written {
                    self.learn(written, said.get(name).unwrap_or(&Value::Null));
                }
            }
            _ => {}
        }
    }
}

/// A house whose controller is named, as receipts need it, and a key that may do everything.
async fn house() -> (Place, Client) {
    let folder = TempDir::new().unwrap();
    let settings = "[controller]\nname = \"Example\"\naddress = \"1 High Street\"\ncontact = \"privacy@example.org\"\n";
    fs::write(folder.path().join("faceward.toml"), settings).unwrap();
    let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
    let house = house.unwrap();
    let (_, ward) = house.wards().remove(0);
    let place = Place {
        folder,
        house,
        ward,
    };
    let client = Client::of(&place, everything()).await;
    (place, client)
}

/// The document as it is served. Answers have no member that it does not name.
async fn document(client: &Client) -> Value {
    let mut document = client.get("/openapi.json").await.done();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    for schema in schemas
        .values_mut()
        .filter(|one| one["properties"].is_object())
    {
        schema["additionalProperties"] = false.into();
    }
    document
}

fn check(document: &Value, schema: &Value, value: &Value, what: &str) {
    assert!(!value.is_null(), "{what} has no example");
    let whole = json!({ "allOf": [schema], "components": document["components"] });
    let validator = jsonschema::validator_for(&whole).unwrap();
    if let Err(error) = validator.validate(value) {
        panic!("{what}: {error} at {}", error.instance_path());
    }
}

fn story() -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(FILE).unwrap()).unwrap()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// A request without a body is asked once, too.
fn or_none<'v>(bodies: Vec<(&'v str, &'v Value)>) -> Vec<(&'v str, &'v Value)> {
    if bodies.is_empty() {
        vec![("", &Value::Null)]
    } else {
        bodies
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
