//! A server with people on it, and the hand with which one of them uses their pages.

use std::fs;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use faceward::{Home, Purpose, Unlock, Ward};
use faceward_server::{Front, House, Limits, WardName};
use jiff::SignedDuration;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const CONTROLLER: &str = "[controller]\nname = \"Riverside Gym\"\naddress = \"12 River Road\"\ncontact = \"privacy@gym.example\"\n";

pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) ward: Ward,
    pub(crate) router: Router,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(prepare: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("faceward.toml"), CONTROLLER).unwrap();
        prepare(folder.path());
        let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
        let house = house.unwrap();
        let ward = house.ward(&WardName::main()).unwrap();
        let front = Front::of(house, Limits::default(), false).await.unwrap();
        Self {
            folder,
            ward,
            router: front.router(),
        }
    }

    pub(crate) async fn link(&self, handle: &str, purposes: &[&str]) -> String {
        let purposes: Vec<Purpose> = purposes.iter().map(|p| p.parse().unwrap()).collect();
        let made = self
            .ward
            .make_link(
                &handle.parse().unwrap(),
                &purposes,
                SignedDuration::from_hours(1),
            )
            .await;
        format!("/me/{}", *made.unwrap().1.reveal())
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let text = |name| {
            let value = answer.headers().get(name);
            value.map(|v| v.to_str().unwrap().to_owned())
        };
        let (to, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 22).await;
        Answer {
            status,
            to: to.unwrap_or_default(),
            cookie: cookie.unwrap_or_default(),
            body: String::from_utf8(body.unwrap().to_vec()).unwrap(),
        }
    }

    /// Opens a link, as pressing its button does.
    pub(crate) async fn arrive(&self, link: &str) -> Answer {
        self.ask(posted(link, "", "")).await
    }

    /// Somebody on their own pages.
    pub(crate) async fn person(&self, handle: &str, purposes: &[&str]) -> Person<'_> {
        let answer = self.arrive(&self.link(handle, purposes).await).await;
        assert_eq!((answer.status, answer.to.as_str()), (303, "/me"));
        let cookie = answer.cookie.split(';').next().unwrap().to_owned();
        Person {
            place: self,
            cookie,
            lang: "en",
        }
    }
}

pub(crate) struct Person<'a> {
    pub(crate) place: &'a Place,
    pub(crate) cookie: String,
    pub(crate) lang: &'static str,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) to: String,
    pub(crate) cookie: String,
    pub(crate) body: String,
}

pub(crate) fn posted(path: &str, cookie: &str, form: &str) -> Request<Body> {
    Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

impl Person<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_LANGUAGE, self.lang);
        self.place.ask(request.body(Body::empty()).unwrap()).await
    }

    /// Sends the form of a page, with one more field.
    pub(crate) async fn send(&self, page: &str, field: &str) -> Answer {
        let shown = self.get(page).await.body;
        let mut form = field.to_owned();
        for name in ["csrf", "shown", "age"] {
            if let Some(value) = hidden(&shown, name) {
                form.push_str(&format!("&{name}={value}"));
            }
        }
        let path = page.split('?').next().unwrap();
        self.place.ask(posted(path, &self.cookie, &form)).await
    }
}

/// The hidden field of this name in the last form of a page.
pub(crate) fn hidden(page: &str, name: &str) -> Option<String> {
    let after = format!("name=\"{name}\" value=\"");
    let rest = page
        .rsplit(&after)
        .next()
        .filter(|rest| rest.len() < page.len())?;
    Some(rest.split('"').next()?.to_owned())
}

pub(crate) const ASK: &str = "/me/ask/door-access?age=adult";

pub(crate) fn signed(page: &str) -> Option<&str> {
    let rest = page.split("data:application/jose,").nth(1)?;
    rest.split('"').next()
}
