//! Who asks which service, and with which parameters.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use faceward::{Handle, KeyKind, Purpose, Right, Ward};

use super::fault::Fault;
use super::query::Query;
use crate::caller::{Caller, Unknown};
use crate::door::Door;

/// A request with the key of the service that its path names.
pub(crate) struct Asked {
    caller: Caller,
    pub(crate) query: Query,
}

impl Asked {
    /// The ward, if the key has this right.
    pub(crate) fn ward(&self, right: Right) -> Result<&Ward, Fault> {
        self.caller.may(right, None)?;
        Ok(&self.caller.ward)
    }

    /// The ward and the purpose that the key acts for, if it has this right.
    pub(crate) fn acting(&self, right: Right) -> Result<(&Ward, &Purpose), Fault> {
        let [purpose] = self.caller.key.terms.purposes.as_slice() else {
            let why = "a key for recognition acts for one purpose; ask for one that names it";
            return Err(Fault::forbidden(why));
        };
        self.caller.may(right, Some(purpose))?;
        Ok((&self.caller.ward, purpose))
    }

    /// The statement of who agreed to one-off acts asked for with this key; without one, the law
    /// refuses them.
    pub(crate) fn statement(&self) -> &str {
        let terms = &self.caller.key.terms;
        terms.statement.as_deref().unwrap_or_default()
    }

    /// Whether the key may be told embeddings.
    pub(crate) fn told_embeddings(&self) -> bool {
        self.caller.key.terms.embeddings
    }

    /// Embeddings that others sent can be used to search for whose they are, step by step.
    pub(crate) fn sends_embeddings(&self) -> Result<(), Fault> {
        if self.told_embeddings() {
            Ok(())
        } else {
            let why = "this key may not work with embeddings; ask for one that may";
            Err(Fault::forbidden(why))
        }
    }

    /// Whether the key may delete everybody at once.
    pub(crate) fn deletes_all(&self) -> Result<(), Fault> {
        if self.caller.key.terms.mass_delete {
            Ok(())
        } else {
            let why = "this key may not delete everybody at once; ask for one that may, or name whom to delete";
            Err(Fault::new(StatusCode::FORBIDDEN, 1011, why))
        }
    }

    /// The collection that the key reaches; everybody, where there is none.
    pub(crate) fn within(&self) -> Option<String> {
        let collection = self.caller.key.terms.collection.as_ref();
        collection.map(ToString::to_string)
    }

    /// What somebody is called by whoever holds the key.
    pub(crate) fn own<'h>(&self, handle: &'h Handle) -> Option<&'h str> {
        self.caller.key.own(handle)
    }

    /// The handle of a name nobody has yet.
    pub(crate) fn new_handle(&self, name: &str) -> Result<Handle, Fault> {
        Ok(self.caller.key.handle(name)?)
    }

    /// Who reads like this, whatever the case of the letters.
    pub(crate) async fn find(&self, name: &str) -> Result<Option<Handle>, Fault> {
        let within = self.within();
        let found = self.caller.ward.find_subject(name, within.as_deref());
        Ok(found.await?)
    }
}

impl FromRequestParts<Door> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Fault> {
        let path = parts.uri.path();
        let (kind, name) = if path.starts_with("/api/v1/detection") {
            (KeyKind::Detection, "Detection")
        } else if path.starts_with("/api/v1/verification") {
            (KeyKind::Verification, "Verification")
        } else {
            (KeyKind::Recognition, "Recognition")
        };
        let unknown = || {
            let key = parts.headers.get("x-api-key");
            let key = key.and_then(|key| key.to_str().ok()).unwrap_or_default();
            let why = format!("{name} service with API Key {key} not found");
            Fault::not_found(10, why)
        };
        let caller = match Caller::find(door, parts).await {
            Ok(caller) if caller.key.terms.kind == kind => caller,
            Ok(_) | Err(Unknown::NoSuchKey) => return Err(unknown()),
            Err(Unknown::Missing) => return Err(Fault::bad(20, "Missing header: x-api-key")),
            Err(Unknown::Malformed) => {
                return Err(Fault::bad(26, "Service API key should be UUID"));
            }
            Err(Unknown::Problem(problem)) => return Err(problem.into()),
        };
        Ok(Self {
            caller,
            query: Query::read(parts.uri.query().unwrap_or_default()),
        })
    }
}
