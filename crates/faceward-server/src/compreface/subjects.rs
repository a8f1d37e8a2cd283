//! The people of a face collection, by name. Letter case tells nobody apart.

use axum::Json;
use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use faceward::{Handle, Purpose, Right, Ward, WardError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Asked;
use super::body::json as read_json;
use super::fault::Fault;

const LONGEST: usize = 50;

#[derive(Deserialize)]
struct Named {
    subject: Option<String>,
}

/// All names there are.
pub(crate) async fn list(asked: Asked) -> Result<Json<Value>, Fault> {
    let ward = asked.ward(Right::Subjects)?;
    let handles = ward.handles(asked.within().as_deref()).await?;
    let names: Vec<&str> = handles.iter().filter_map(|h| asked.own(h)).collect();
    Ok(Json(json!({ "subjects": names })))
}

/// Makes somebody known, without a face or a consent.
pub(crate) async fn add(asked: Asked, body: Body) -> Result<(StatusCode, Json<Value>), Fault> {
    let ward = asked.ward(Right::Subjects)?;
    let name = named(body).await?;
    if asked.find(&name).await?.is_some() {
        return Err(Fault::bad(43, "Subject already exists"));
    }
    ward.add_subject(&asked.new_handle(&name)?).await?;
    Ok((StatusCode::CREATED, Json(json!({ "subject": name }))))
}

/// Gives somebody another name. Two people are not made one: the faces of one would be searched on
/// the consent of the other.
pub(crate) async fn rename(
    asked: Asked,
    Path(old): Path<String>,
    body: Body,
) -> Result<Json<Value>, Fault> {
    let ward = asked.ward(Right::Subjects)?;
    let new = named(body).await?;
    if old == new {
        return Ok(Json(json!({ "updated": false })));
    }
    let found = asked.find(&old).await?;
    let from = found.ok_or_else(|| Fault::no_subject(&old))?;
    let to = asked.new_handle(&new)?;
    if let Some(other) = asked.find(&new).await?
        && other.as_str() != from.as_str()
    {
        let why = "somebody else has this name, and two people are not made one: faces would move under a consent that was not given for them; add the examples to the name that is to stay, then delete the other";
        return Err(Fault::bad(1003, why));
    }
    // Somebody may be spelled like this already, asked for in other letters.
    let updated = from.as_str() != to.as_str();
    if updated {
        ward.correct_handle(&from, &to).await?;
    }
    Ok(Json(json!({ "updated": updated })))
}

/// Forgets somebody.
pub(crate) async fn delete(asked: Asked, Path(name): Path<String>) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Subjects)?;
    if name.trim().is_empty() {
        return Err(Fault::bad(26, "Subject name is empty; "));
    }
    let found = asked.find(&name).await?;
    let handle = found.ok_or_else(|| Fault::no_subject(&name))?;
    if elsewhere(ward, &handle, purpose).await? {
        let why = "this person is known for other purposes too; delete their examples, or forget them where all purposes are in reach";
        return Err(Fault::forbidden(why));
    }
    ward.forget(&handle).await?;
    Ok(Json(json!({ "subject": asked.own(&handle) })))
}

/// Forgets everybody who is known for no other purpose.
pub(crate) async fn delete_all(asked: Asked) -> Result<Json<Value>, Fault> {
    let (ward, purpose) = asked.acting(Right::Subjects)?;
    asked.deletes_all()?;
    let mut deleted = 0;
    for handle in ward.handles(asked.within().as_deref()).await? {
        if elsewhere(ward, &handle, purpose).await? {
            continue;
        }
        match ward.forget(&handle).await {
            Ok(_) => deleted += 1,
            // Gone since the list was made.
            Err(WardError::Unknown(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(json!({ "deleted": deleted })))
}

/// Whether there is anything of them for another purpose than the key's own.
async fn elsewhere(ward: &Ward, handle: &Handle, purpose: &Purpose) -> Result<bool, WardError> {
    let known = match ward.subject(handle).await {
        Ok(known) => known,
        Err(WardError::Unknown(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(known.purposes.iter().any(|other| other.purpose != *purpose))
}

async fn named(body: Body) -> Result<String, Fault> {
    let Named { subject } = read_json(body).await?;
    let name = subject.unwrap_or_default();
    if name.trim().is_empty() {
        return Err(Fault::bad(26, "Subject name cannot be empty"));
    }
    if name.encode_utf16().count() > LONGEST {
        let why = "Subject name size must be between 1 and 50";
        return Err(Fault::bad(26, why));
    }
    if name.contains([';', '/', '\\']) {
        let why = r"The name cannot contain the following special characters: ';', '/', '\'";
        return Err(Fault::bad(36, why));
    }
    Ok(name)
}
