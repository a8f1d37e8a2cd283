//! Who is signed in: an account of the console, or a person on their own pages. A cookie stands for
//! the session, a token in each form for the intent.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use faceward::{AccountId, By, Handle, Purpose, SubjectId, Ward};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::door::Door;
use crate::me::MadeReceipt;
use crate::tokens::{Secret, Tokens};
use crate::{Problem, WardName, cookie};

/// A session, as it is held between requests.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) ward: WardName,
    pub(crate) who: Who,
    /// Stands in every form of the session's pages; a form without it was not filled in there.
    pub(crate) csrf: String,
}

/// Who a session is of.
#[derive(Clone)]
pub(crate) enum Who {
    Account {
        id: AccountId,
    },
    Person {
        subject: SubjectId,
        /// The purposes they are asked about.
        purposes: Vec<Purpose>,
        /// The receipts that were made out in it.
        receipts: Vec<Arc<MadeReceipt>>,
    },
}

pub(crate) const CONSOLE_COOKIE: &str = "faceward_console";
pub(crate) const PERSON_COOKIE: &str = "faceward_me";

/// Somebody signed in at the console. The account is read anew at each request, so that disabling
/// one counts at once.
pub(crate) struct SignedIn {
    pub(crate) ward: Ward,
    pub(crate) ward_name: WardName,
    pub(crate) account: faceward::Account,
    pub(crate) csrf: String,
}

/// A person on their own pages.
pub(crate) struct Myself {
    pub(crate) ward: Ward,
    pub(crate) ward_name: WardName,
    pub(crate) subject: SubjectId,
    pub(crate) handle: Handle,
    pub(crate) purposes: Vec<Purpose>,
    pub(crate) receipts: Vec<Arc<MadeReceipt>>,
    pub(crate) csrf: String,
}

impl FromRequestParts<Door> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let to_sign_in = || Redirect::to("/login").into_response();
        let secret = cookie::value(&parts.headers, CONSOLE_COOKIE).ok_or_else(to_sign_in)?;
        let session = door.sessions().get(secret).ok_or_else(to_sign_in)?;
        let Who::Account { id } = session.who else {
            return Err(to_sign_in());
        };
        let ward = door.house().ward(&session.ward).map_err(|_| to_sign_in())?;
        let account = ward.account(id).await;
        let account = account.map_err(|error| Problem::from(error).into_response())?;
        let account = account.filter(|account| !account.disabled);
        Ok(Self {
            ward: ward.asked_by(By::Account(id)),
            ward_name: session.ward,
            account: account.ok_or_else(to_sign_in)?,
            csrf: session.csrf,
        })
    }
}

impl FromRequestParts<Door> for Myself {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let over = || Redirect::to("/me/over").into_response();
        let secret = cookie::value(&parts.headers, PERSON_COOKIE).ok_or_else(over)?;
        let session = door.sessions().get(secret).ok_or_else(over)?;
        let Who::Person {
            subject,
            purposes,
            receipts,
        } = session.who
        else {
            return Err(over());
        };
        let ward = door.house().ward(&session.ward).map_err(|_| over())?;
        // Somebody who was forgotten is known by nothing any more, their open page included.
        let handle = ward.handle_of(subject).await;
        let handle = handle.map_err(|error| Problem::from(error).into_response())?;
        Ok(Self {
            ward: ward.asked_by(By::Person),
            ward_name: session.ward,
            subject,
            handle: handle.ok_or_else(over)?,
            purposes,
            receipts,
            csrf: session.csrf,
        })
    }
}

/// Begins a session; the cookie's value.
pub(crate) fn begin(door: &Door, ward: WardName, who: Who) -> Option<Secret> {
    let csrf = Tokens::<()>::secret()?;
    door.sessions().give(Session {
        ward,
        who,
        csrf: csrf.to_string(),
    })
}

/// Lets a change through only if one of our own pages asked for it: the browser says the request
/// came from this site, and where there is a session its token stands in the form or the header.
pub(crate) async fn meant(
    State(door): State<Door>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if request.method().is_safe() {
        return Ok(next.run(request).await);
    }
    if !from_here(request.headers(), request.uri()) {
        return Err(Problem::forbidden(
            "this form was not sent by a page of this server",
        ));
    }
    let token = [CONSOLE_COOKIE, PERSON_COOKIE]
        .iter()
        .filter_map(|name| cookie::value(request.headers(), name))
        .filter_map(|secret| door.sessions().get(secret))
        .map(|session| session.csrf)
        .collect::<Vec<_>>();
    if token.is_empty() {
        return Ok(next.run(request).await);
    }
    let (request, said) = said_token(request, door.limits().body).await?;
    let same = |token: &String| bool::from(token.as_bytes().ct_eq(said.as_bytes()));
    if token.iter().any(same) {
        Ok(next.run(request).await)
    } else {
        Err(Problem::forbidden(
            "this form is too old; load the page again and send it once more",
        ))
    }
}

/// Lets a change through only if the browser says that it came from this site.
pub(crate) async fn from_our_page(request: Request, next: Next) -> Result<Response, Problem> {
    if request.method().is_safe() || from_here(request.headers(), request.uri()) {
        Ok(next.run(request).await)
    } else {
        Err(Problem::forbidden(
            "this form was not sent by a page of this server",
        ))
    }
}

/// Whether the browser says that one of our own pages asked.
fn from_here(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let host = text("host").or(uri.host());
    match (text("origin"), host) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, o)| o == host),
        _ => false,
    }
}

/// The token that a request carries, in its header or as the field `csrf` of its form.
async fn said_token(
    request: Request,
    most: usize,
) -> Result<(Request, Zeroizing<String>), Problem> {
    const FIELD: &str = "csrf";
    if let Some(token) = request.headers().get("x-csrf-token") {
        let token = Zeroizing::new(token.to_str().unwrap_or_default().to_owned());
        return Ok((request, token));
    }
    let kind = request.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind);
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, most).await;
    let body = body.map_err(|_| Problem::too_large(most))?;
    let token = match boundary {
        Ok(boundary) => {
            let copy = body.clone();
            let stream = Body::from(copy).into_data_stream();
            let mut form = multer::Multipart::new(stream, boundary);
            let mut token = None;
            while let Ok(Some(field)) = form.next_field().await {
                if field.name() == Some(FIELD) {
                    token = field.text().await.ok();
                    break;
                }
            }
            token
        }
        Err(_) => {
            let fields: Vec<(String, String)> =
                serde_urlencoded::from_bytes(&body).unwrap_or_default();
            let found = fields.into_iter().find(|(name, _)| name == FIELD);
            found.map(|(_, token)| token)
        }
    };
    let request = Request::from_parts(parts, Body::from(body));
    Ok((request, Zeroizing::new(token.unwrap_or_default())))
}
