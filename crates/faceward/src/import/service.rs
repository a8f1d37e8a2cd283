//! A running CompreFace, asked through its own API.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Read;
use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::Known;
use crate::WardError;

/// One recognition service.
pub(super) struct Service {
    base: String,
    key: Zeroizing<String>,
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

/// What CompreFace says of what it refuses.
#[derive(Deserialize)]
struct Fault {
    message: String,
}

const PAGE: u32 = 1000;
/// Bytes of one answer.
const LARGEST: u64 = 20 * 1024 * 1024;
/// Pages of examples; a service that has more is not asked on.
const MOST_PAGES: u64 = 1000;

impl Service {
    pub(super) fn at(url: &str, key: &str) -> Result<Self, WardError> {
        let url = url.trim_end_matches('/');
        let host = ["http://", "https://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme));
        let printable = url.bytes().all(|byte| byte.is_ascii_graphic());
        if host.is_none_or(str::is_empty) || !printable || url.contains(['?', '#', '@']) {
            return Err(wrong(
                "write the address as http://host:port or https://host",
            ));
        }
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong(
                "the key is that of a recognition service, as CompreFace shows it",
            ));
        }
        // The key goes to nobody but the server that was named.
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .max_redirects(0)
            .http_status_as_error(false);
        Ok(Self {
            base: format!("{url}/api/v1/recognition"),
            key: Zeroizing::new(key.to_owned()),
            agent: config.build().into(),
        })
    }

    pub(super) fn people(&self) -> Result<Vec<Known>, WardError> {
        let subjects: Subjects = self.json("/subjects")?;
        let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in subjects.subjects {
            people.entry(name).or_default();
        }
        for page in 0..MOST_PAGES {
            let faces: Faces = self.json(&format!("/faces?page={page}&size={PAGE}"))?;
            for face in faces.faces {
                people.entry(face.subject).or_default().push(face.image_id);
            }
            if page + 1 >= faces.total_pages {
                let known = |(name, examples)| Known { name, examples };
                return Ok(people.into_iter().map(known).collect());
            }
        }
        Err(wrong(
            "the service has more than a million examples; import a dump",
        ))
    }

    pub(super) fn picture(&self, example: &str) -> Result<Option<Zeroizing<Vec<u8>>>, WardError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !example.bytes().all(plain) {
            return Err(wrong(
                "the service named an example in a form that is no identifier",
            ));
        }
        let bytes = self.get(&format!("/faces/{example}/img"))?;
        // A missing picture is answered with nothing.
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    fn json<T: for<'a> Deserialize<'a>>(&self, path: &str) -> Result<T, WardError> {
        let bytes = self.get(path)?;
        serde_json::from_slice(&bytes).map_err(|_| {
            let url = &self.base;
            WardError::Import(format!(
                "{url}{path} answers in another form than CompreFace"
            ))
        })
    }

    fn get(&self, path: &str) -> Result<Zeroizing<Vec<u8>>, WardError> {
        let url = format!("{}{path}", self.base);
        let cannot = |why: &dyn Display| WardError::Import(format!("cannot ask {url}: {why}"));
        let asked = self.agent.get(&url).header("x-api-key", self.key.as_str());
        let mut answer = asked.call().map_err(|error| cannot(&error))?;
        let status = answer.status();
        let mut bytes = Zeroizing::new(Vec::new());
        let reader = answer.body_mut().as_reader();
        let read = reader.take(LARGEST).read_to_end(&mut bytes);
        read.map_err(|error| cannot(&error))?;
        if status.is_success() {
            return Ok(bytes);
        }
        // Of another server's answer nothing is passed on but what CompreFace would say.
        let fault = serde_json::from_slice::<Fault>(&bytes);
        let said = fault.map_or(String::new(), |fault| format!(": {}", fault.message));
        let said: String = said.chars().take(200).collect();
        Err(WardError::Import(format!("{url} answers {status}{said}")))
    }
}

fn wrong(why: &str) -> WardError {
    WardError::Import(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_server_is_asked() {
        for url in ["http://localhost:8000", "https://faces.example/"] {
            assert!(Service::at(url, "key-1").is_ok(), "{url}");
        }
        for url in [
            "",
            "http://",
            "file:///etc/passwd",
            "ftp://faces.example",
            "faces.example",
            "http://a b",
            "http://localhost/?x=",
            "http://me:secret@faces.example",
        ] {
            assert!(Service::at(url, "key-1").is_err(), "{url}");
        }
        for key in ["", "a\r\nb"] {
            assert!(
                Service::at("http://localhost:8000", key).is_err(),
                "{key:?}"
            );
        }
    }
}
