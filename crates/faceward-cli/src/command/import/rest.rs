//! A running CompreFace, asked through its own API.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::Person;

/// One recognition service.
pub(super) struct Service {
    base: String,
    key: String,
    agent: ureq::Agent,
}

#[derive(Deserialize)]
struct Subjects {
    subjects: Vec<String>,
}

#[derive(Deserialize)]
struct Faces {
    faces: Vec<Face>,
    total_pages: u64,
}

#[derive(Deserialize)]
struct Face {
    image_id: String,
    subject: String,
}

const PAGE: u32 = 1000;
const LARGEST: u64 = 20 * 1024 * 1024;

impl Service {
    pub(super) fn at(url: &str, key: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false);
        Self {
            base: format!("{}/api/v1/recognition", url.trim_end_matches('/')),
            key: key.to_owned(),
            agent: config.build().into(),
        }
    }

    pub(super) fn people(&self) -> anyhow::Result<Vec<Person>> {
        let subjects: Subjects = self.json("/subjects")?;
        let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in subjects.subjects {
            people.entry(name).or_default();
        }
        let mut page = 0;
        loop {
            let faces: Faces = self.json(&format!("/faces?page={page}&size={PAGE}"))?;
            for face in faces.faces {
                people.entry(face.subject).or_default().push(face.image_id);
            }
            page += 1;
            if page >= faces.total_pages {
                break;
            }
        }
        let person = |(name, examples)| Person { name, examples };
        Ok(people.into_iter().map(person).collect())
    }

    pub(super) fn picture(&self, example: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>> {
        if !example
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            bail!("the service named an example in a form that is no identifier");
        }
        let bytes = self.get(&format!("/faces/{example}/img"))?;
        // A missing picture is answered with nothing.
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    fn json<T: for<'a> Deserialize<'a>>(&self, path: &str) -> anyhow::Result<T> {
        let bytes = self.get(path)?;
        serde_json::from_slice(&bytes).with_context(|| {
            format!(
                "{}{path} answers in another form than CompreFace",
                self.base
            )
        })
    }

    fn get(&self, path: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let url = format!("{}{path}", self.base);
        let asked = self.agent.get(&url).header("x-api-key", &self.key).call();
        let mut answer = asked.with_context(|| format!("cannot ask {url}"))?;
        let status = answer.status();
        let mut bytes = Zeroizing::new(Vec::new());
        let reader = answer.body_mut().as_reader();
        reader.take(LARGEST).read_to_end(&mut bytes)?;
        if !status.is_success() {
            let said: String = String::from_utf8_lossy(&bytes).chars().take(200).collect();
            bail!("{url} answers {status}: {said}");
        }
        Ok(bytes)
    }
}
