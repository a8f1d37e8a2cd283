//! A console to visit: accounts, sessions, forms and their answers.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use faceward::{Account, Home, Role, Unlock, Ward};
use faceward_server::{Front, House, Limits, WardName};
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "a long password of ours";

pub(crate) struct Place {
    pub(crate) _folder: TempDir,
    pub(crate) ward: Ward,
    pub(crate) router: Router,
    pub(crate) setup: Vec<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) to: String,
    pub(crate) cookie: String,
    pub(crate) policy: bool,
    pub(crate) body: String,
}

/// Somebody signed in: the cookie, and the token of the forms.
pub(crate) struct Visitor {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
        Self::of(folder, house.unwrap(), false).await
    }

    pub(crate) async fn of(folder: TempDir, house: House, behind_proxy: bool) -> Self {
        let ward = house.ward(&WardName::main()).unwrap();
        let front = Front::of(house, Limits::default(), behind_proxy).await;
        let front = front.unwrap();
        Self {
            _folder: folder,
            ward,
            setup: front.setup().iter().map(|(_, path)| path.clone()).collect(),
            router: front.router(),
        }
    }

    pub(crate) async fn account(&self, name: &str, role: Role) -> Account {
        let made = self.ward.create_account(name, role, PASSWORD).await;
        made.unwrap().0
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let text = |name| {
            let value = answer.headers().get(name);
            value
                .map(|v| v.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let policy = text(header::CONTENT_SECURITY_POLICY);
        let (to, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 22).await;
        Answer {
            status,
            to,
            cookie,
            policy: policy.contains("script-src 'self'") && !policy.contains("unsafe"),
            body: String::from_utf8(body.unwrap().to_vec()).unwrap(),
        }
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Visitor {
        let form = [("name", name), ("password", PASSWORD)];
        let answer = self.ask(posted("/login", "", &form)).await;
        assert_eq!((answer.status, answer.to.as_str()), (303, "/console"));
        let cookie = answer.cookie.split(';').next().unwrap().to_owned();
        let page = self.ask(got("/console/ledger", &cookie)).await;
        let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap().to_owned();
        Visitor { cookie, csrf }
    }

    pub(crate) async fn status(&self, visitor: &Visitor, path: &str) -> u16 {
        self.ask(got(path, &visitor.cookie)).await.status
    }

    pub(crate) async fn send(
        &self,
        visitor: &Visitor,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &visitor.csrf));
        self.ask(posted(path, &visitor.cookie, &fields)).await
    }
}

pub(crate) fn got(path: &str, cookie: &str) -> Request<Body> {
    let request = Request::get(path).header(header::COOKIE, cookie);
    let request = request.header(header::ACCEPT, "text/html");
    request.body(Body::empty()).unwrap()
}

pub(crate) fn posted(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(serde_urlencoded::to_string(fields).unwrap()))
        .unwrap()
}

/// A form with files, each of them a field, a name and what it holds.
pub(crate) fn handed(
    path: &str,
    visitor: &Visitor,
    texts: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Request<Body> {
    let mut body = Vec::new();
    let csrf = ("csrf", visitor.csrf.as_str());
    for (name, text) in texts.iter().chain([&csrf]) {
        let part =
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend(part.into_bytes());
    }
    for (field, name, content) in files {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let mut request = posted(path, &visitor.cookie, &[]);
    let kind = "multipart/form-data; boundary=x".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    *request.body_mut() = Body::from(body);
    request
}
