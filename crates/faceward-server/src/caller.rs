//! Who is asking: an API key, known to one ward and no other.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use faceward::{ApiKey, By, KeyKind, KeyText, Purpose, Right, Ward};

use crate::door::Door;
use crate::limits::now;
use crate::{Problem, WardName};

/// Somebody with a key of a ward.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The ward whose key it is; whatever it does is recorded as asked for by that key.
    pub(crate) ward: Ward,
    pub(crate) ward_name: WardName,
    pub(crate) key: ApiKey,
}

/// Why nobody was recognised.
pub(crate) enum Unknown {
    Missing,
    Malformed,
    NoSuchKey,
    /// Told to wait, or the server failed.
    Problem(Problem),
}

impl Caller {
    /// Whoever shows a key in `authorization: Bearer` or `x-api-key`.
    pub(crate) async fn find(door: &Door, parts: &Parts) -> Result<Self, Unknown> {
        let from = address(door, parts);
        let shown = shown_key(&parts.headers).ok_or(Unknown::Missing)?;
        door.counters().may_try(from).map_err(Unknown::Problem)?;
        let Ok(text) = shown.parse::<KeyText>() else {
            door.counters().failed(from);
            return Err(Unknown::Malformed);
        };
        for (ward_name, ward) in door.house().wards() {
            let key = ward.key(&text).await;
            if let Some(key) = key.map_err(|error| Unknown::Problem(error.into()))? {
                door.counters().count(&key).map_err(Unknown::Problem)?;
                let ward = ward.asked_by(By::Key(key.id));
                return Ok(Self {
                    ward,
                    ward_name,
                    key,
                });
            }
        }
        door.counters().failed(from);
        Err(Unknown::NoSuchKey)
    }

    /// Whether this key is told of what is there for a purpose.
    pub(crate) fn acts_for(&self, purpose: &Purpose) -> bool {
        let purposes = &self.key.terms.purposes;
        purposes.is_empty() || purposes.contains(purpose)
    }

    /// Whether this key reaches that far, now.
    pub(crate) fn may(&self, right: Right, purpose: Option<&Purpose>) -> Result<(), Problem> {
        self.key
            .allows(right, purpose, now())
            .map_err(Problem::forbidden)
    }
}

impl FromRequestParts<Door> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Problem> {
        const HOW: &str =
            "show a key as `Authorization: Bearer KEY`; `faceward key create` makes one";
        // Where somebody looked already, so that a request counts once.
        if let Some(caller) = parts.extensions.remove::<Self>() {
            return Ok(caller);
        }
        let caller = match Self::find(door, parts).await {
            Ok(caller) => caller,
            Err(Unknown::Missing) => return Err(Problem::unauthenticated(HOW)),
            Err(Unknown::Malformed | Unknown::NoSuchKey) => {
                return Err(Problem::unauthenticated("this key is not known here"));
            }
            Err(Unknown::Problem(problem)) => return Err(problem),
        };
        if caller.key.terms.kind != KeyKind::Api {
            let why = "this key is for the CompreFace-compatible API only";
            return Err(Problem::forbidden(why));
        }
        Ok(caller)
    }
}

/// The first key that a request shows.
fn shown_key(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let plain = || {
        headers
            .get("x-api-key")
            .and_then(|value| value.to_str().ok())
    };
    bearer.or_else(plain).map(str::trim)
}

/// Where a request came from: what the connection says, or, behind a proxy, what the proxy says.
pub(crate) fn address(door: &Door, parts: &Parts) -> IpAddr {
    let said = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        // The last one is what our own proxy wrote; those before it anyone can write.
        .and_then(|value| value.rsplit(',').next())
        .and_then(|value| value.trim().parse().ok());
    let connected = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    let connected = connected.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    said.filter(|_| door.behind_proxy()).unwrap_or(connected)
}
