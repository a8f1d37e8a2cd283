//! What a request carries, kept in memory that is wiped, and JSON in it.

use axum::body::Body;
use http_body_util::BodyExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::fault::Fault;

/// Bytes of one request, as CompreFace bounds it.
pub(crate) const LARGEST_REQUEST: usize = 10 * 1024 * 1024;

/// An embedding that a client sends; wiped when dropped.
pub(crate) struct Embedding(pub(crate) Zeroizing<Vec<f32>>);

/// All of a body.
pub(crate) async fn collect(mut body: Body) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let mut all = Zeroizing::new(Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::unexplained())?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        if all.len() + data.len() > LARGEST_REQUEST {
            return Err(Fault::unexplained());
        }
        make_room(&mut all, data.len());
        all.extend_from_slice(data);
    }
    Ok(all)
}

/// JSON, of whatever kind the request says it is.
pub(crate) async fn json<T: DeserializeOwned>(body: Body) -> Result<T, Fault> {
    let bytes = collect(body).await?;
    serde_json::from_slice(&bytes).map_err(|_| Fault::unexplained())
}

/// A vector that grows by itself leaves its old memory behind unwiped.
fn make_room(all: &mut Zeroizing<Vec<u8>>, more: usize) {
    if all.capacity() - all.len() < more {
        let mut larger = Vec::with_capacity((2 * all.len()).max(all.len() + more));
        larger.extend_from_slice(all);
        *all = Zeroizing::new(larger);
    }
}

impl<'de> Deserialize<'de> for Embedding {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(Zeroizing::new(Vec::deserialize(from)?)))
    }
}
