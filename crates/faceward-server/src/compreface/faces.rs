//! The examples of a face collection: references of those who agreed.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use faceward::{Handle, Page, Purpose, ReferenceId, Right, Ward, WardError};
use serde_json::{Value, json};

use super::asked::Asked;
use super::body::json as read_json;
use super::fault::{Fault, answer};
use super::picture::{FILE, pictures};
use super::side;

const ALL: Page = Page {
    skip: 0,
    at_most: usize::MAX,
};

/// Keeps an example of somebody who agreed. Its picture is not kept.
pub(crate) async fn add(
    asked: Asked,
    request: Request,
) -> Result<(StatusCode, Json<Value>), Fault> {
    let (ward, purpose) = asked.acting(Right::Enroll)?;
    let name = asked.query.subject()?;
    let sight = asked.query.options()?.sight(asked.within(), false);
    let [picture] = pictures(request, [FILE]).await?;
    let handle = match asked.find(name).await? {
        Some(handle) => handle,
        None => asked.new_handle(name)?,
    };
    let kept = ward.enroll_surely(&handle, purpose, &picture, sight.at_least);
    let kept = answer(kept.await?)?;
    let said = json!({ "image_id": kept.reference.uuid(), "subject": name });
    Ok((StatusCode::CREATED, Json(said)))
}

/// A page of the examples, in the order in which they were kept.
pub(crate) async fn list(asked: Asked) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Enroll)?;
    let (page, size) = asked.query.page();
    let wanted = Page {
        skip: page.saturating_mul(size),
        at_most: size,
    };
    let subject = asked.query.get("subject").filter(|name| !name.is_empty());
    let nobody = || Ok::<_, Fault>((Vec::new(), 0));
    let (references, total) = match subject.map(|name| asked.new_handle(name)) {
        // What cannot be a name is nobody's.
        Some(Err(_)) => nobody()?,
        Some(Ok(handle)) => listed(ward, purpose, Some(&handle), &asked, wanted).await?,
        None => listed(ward, purpose, None, &asked, wanted).await?,
    };
    let faces: Vec<Value> = references
        .iter()
        .map(|(id, handle)| json!({ "image_id": id.uuid(), "subject": asked.own(handle) }))
        .collect();
    Ok(Json(json!({
        "faces": faces,
        "page_number": page,
        "page_size": size,
        "total_pages": total.div_ceil(size),
        "total_elements": total,
    })))
}

/// Destroys every example of somebody; or of everybody, if the key allows that. Who agreed stays
/// known, and can be given examples again.
pub(crate) async fn delete_of(asked: Asked) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Enroll)?;
    let named = asked
        .query
        .get("subject")
        .filter(|name| !name.trim().is_empty());
    let whose: BTreeSet<Handle> = match named {
        Some(name) => asked.find(name).await?.into_iter().collect(),
        None => {
            asked.deletes_all()?;
            let (all, _) = listed(ward, purpose, None, &asked, ALL).await?;
            all.into_iter().map(|(_, handle)| handle).collect()
        }
    };
    let mut deleted = 0;
    for handle in whose {
        match ward.remove_references(&handle, purpose).await {
            Ok(removed) => deleted += removed.references,
            Err(WardError::Unknown(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(json!({ "deleted": deleted })))
}

/// Destroys one example.
pub(crate) async fn delete(asked: Asked, Path(id): Path<String>) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Enroll)?;
    let read: ReferenceId = image_id(&id)?;
    let removed = remove(ward, purpose, &asked, read).await?;
    let missing = || Fault::not_found(44, format!("Image {id} not found"));
    Ok(Json(removed.ok_or_else(missing)?))
}

/// Destroys the examples that there are of those named.
pub(crate) async fn delete_several(asked: Asked, body: Body) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Enroll)?;
    let ids: Vec<String> = read_json(body).await?;
    let ids = ids.iter().map(|id| image_id(id));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let mut removed = Vec::new();
    for id in ids {
        removed.extend(remove(ward, purpose, &asked, id).await?);
    }
    Ok(Json(Value::Array(removed)))
}

/// The picture of an example, which there is not.
pub(crate) async fn picture(asked: Asked) -> Result<Response, Fault> {
    asked.acting(Right::Enroll)?;
    Ok(side::picture().await)
}

/// An identifier as it stands in an address.
pub(crate) fn image_id(text: &str) -> Result<ReferenceId, Fault> {
    text.parse().map_err(|_| Fault::unexplained())
}

async fn listed(
    ward: &Ward,
    purpose: &Purpose,
    handle: Option<&Handle>,
    asked: &Asked,
    page: Page,
) -> Result<(Vec<(ReferenceId, Handle)>, usize), WardError> {
    let within = asked.within();
    let found = ward
        .references(Some(purpose), handle, within.as_deref(), page)
        .await?;
    let references = found.references.into_iter();
    let pairs = references.map(|listed| (listed.reference.id, listed.handle));
    Ok((pairs.collect(), found.total))
}

/// What was removed, if the key reaches it.
async fn remove(
    ward: &Ward,
    purpose: &Purpose,
    asked: &Asked,
    id: ReferenceId,
) -> Result<Option<Value>, WardError> {
    let found = match ward.reference(id).await {
        Ok(found) => found,
        Err(WardError::UnknownReference(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    if found.reference.purpose != *purpose || asked.own(&found.handle).is_none() {
        return Ok(None);
    }
    match ward.remove_reference(id).await {
        Ok(removed) => Ok(Some(json!({
            "image_id": id.uuid(),
            "subject": asked.own(&removed.handle),
        }))),
        Err(WardError::UnknownReference(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
