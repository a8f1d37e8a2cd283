//! What every page of the console shares: who looks at it, its frame, and how a problem is shown to
//! a person instead of a program.

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{ACCEPT, CONTENT_TYPE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use faceward::{Account, ConsoleRight, Role, Ward};
use jiff::Timestamp;

use super::fields::Fields;
use crate::door::Door;
use crate::lang::{LANG_COOKIE, Lang};
use crate::problem::GroundSaid;
use crate::session::{CONSOLE_COOKIE, PERSON_COOKIE, SignedIn};
use crate::{Problem, WardName, cookie};

/// Somebody at the console, asking for a page.
pub(super) struct Desk {
    pub(super) ward: Ward,
    pub(super) ward_name: WardName,
    pub(super) account: Account,
    pub(super) csrf: String,
    pub(super) lang: Lang,
    /// The page that was asked for.
    here: String,
    /// Whether there is more than one ward to be in.
    several: bool,
}

/// What stands above a page.
pub(super) struct Frame {
    pub(super) csrf: String,
    /// Where a choice of language leads back to.
    pub(super) here: String,
    pub(super) account: String,
    pub(super) role: &'static str,
    pub(super) ward: Option<String>,
    pub(super) nav: Vec<Item>,
}

/// One way to go.
pub(super) struct Item {
    pub(super) href: &'static str,
    pub(super) text: &'static str,
    pub(super) current: bool,
}

/// The parts of the console, each behind one right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    People,
    Live,
    Ledger,
    Deployment,
    Cases,
    Keys,
    Accounts,
    Settings,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Overview,
        Self::People,
        Self::Live,
        Self::Ledger,
        Self::Deployment,
        Self::Cases,
        Self::Keys,
        Self::Accounts,
        Self::Settings,
    ];

    pub(super) fn right(self) -> ConsoleRight {
        match self {
            Self::Overview | Self::People => ConsoleRight::Records,
            Self::Live => ConsoleRight::Faces,
            Self::Ledger => ConsoleRight::Ledger,
            Self::Deployment => ConsoleRight::Deployments,
            Self::Cases => ConsoleRight::Cases,
            Self::Keys | Self::Accounts | Self::Settings => ConsoleRight::Administration,
        }
    }

    pub(super) fn href(self) -> &'static str {
        match self {
            Self::Overview => "/console",
            Self::People => "/console/people",
            Self::Live => "/console/live",
            Self::Ledger => "/console/ledger",
            Self::Deployment => "/console/deployment",
            Self::Cases => "/console/cases",
            Self::Keys => "/console/keys",
            Self::Accounts => "/console/accounts",
            Self::Settings => "/console/settings",
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Overview => lang.say("Overview", "概览"),
            Self::People => lang.say("People", "人员"),
            Self::Live => lang.say("Live", "实时"),
            Self::Ledger => lang.say("Ledger", "账本"),
            Self::Deployment => lang.say("Deployment", "部署"),
            Self::Cases => lang.say("Cases", "案件"),
            Self::Keys => lang.say("Keys", "密钥"),
            Self::Accounts => lang.say("Accounts", "账户"),
            Self::Settings => lang.say("Settings", "设置"),
        }
    }
}

impl Desk {
    /// The frame of a page in this part of the console, for whoever may be there.
    pub(super) fn frame(&self, section: Section) -> Result<Frame, Problem> {
        self.may(section.right())?;
        let nav = Section::ALL.into_iter();
        let nav = nav.filter(|section| self.account.role.may(section.right()));
        Ok(Frame {
            csrf: self.csrf.clone(),
            here: self.here.clone(),
            account: self.account.name.clone(),
            role: role(self.account.role, self.lang),
            ward: self.several.then(|| self.ward_name.to_string()),
            nav: nav
                .map(|one| Item {
                    href: one.href(),
                    text: one.name(self.lang),
                    current: one == section,
                })
                .collect(),
        })
    }

    /// Whether the account's role reaches that far.
    pub(super) fn may(&self, right: ConsoleRight) -> Result<(), Problem> {
        if self.account.role.may(right) {
            Ok(())
        } else {
            let role = role(self.account.role, self.lang);
            Err(Problem::forbidden(match self.lang {
                Lang::En => format!("an account with the role “{role}” does not reach this page"),
                Lang::Zh => format!("“{role}”角色的账户不能访问此页"),
            }))
        }
    }

    /// Where somebody with this role begins.
    pub(super) fn first(&self) -> &'static str {
        let mut sections = Section::ALL.into_iter();
        let first = sections.find(|section| self.account.role.may(section.right()));
        first.unwrap_or(Section::Ledger).href()
    }
}

impl FromRequestParts<Door> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Response> {
        let signed = SignedIn::from_request_parts(parts, door).await?;
        let Ok(lang) = Lang::from_request_parts(parts, door).await;
        let here = parts.uri.path_and_query();
        Ok(Self {
            ward: signed.ward,
            ward_name: signed.ward_name,
            account: signed.account,
            csrf: signed.csrf,
            lang,
            here: match &parts.method {
                method if method.is_safe() => here.map_or("/console", |here| here.as_str()),
                _ => "/console",
            }
            .to_owned(),
            several: door.house().wards().len() > 1,
        })
    }
}

/// A page, written out.
pub(crate) fn show(page: &impl Template) -> Result<Response, Problem> {
    match page.render() {
        Ok(text) => Ok(Html(text).into_response()),
        Err(error) => {
            tracing::error!(error = %error, "a page could not be written");
            Err(Problem::failed())
        }
    }
}

/// The role in words.
pub(super) fn role(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::Owner => lang.say("owner", "所有者"),
        Role::Operator => lang.say("operator", "操作员"),
        Role::DataProtectionOfficer => lang.say("data protection officer", "数据保护负责人"),
        Role::Auditor => lang.say("auditor", "审计员"),
    }
}

/// A moment, to the minute.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The token of whatever session this browser has, for forms that need none.
pub(crate) fn token(door: &Door, headers: &HeaderMap) -> String {
    let sessions = [CONSOLE_COOKIE, PERSON_COOKIE].into_iter();
    let secrets = sessions.filter_map(|name| cookie::value(headers, name));
    let mut found = secrets.filter_map(|secret| door.sessions().get(secret));
    found.next().map(|s| s.csrf).unwrap_or_default()
}

/// Sets the language, and goes back to the page.
pub(super) async fn choose_language(
    axum::extract::State(door): axum::extract::State<Door>,
    fields: Fields,
) -> Result<Response, Problem> {
    let chosen = fields.raw("lang");
    if Lang::named(chosen).is_none() {
        return Err(Problem::bad_request("a language is `en` or `zh`"));
    }
    let cookie = cookie::set(LANG_COOKIE, chosen, door.secure()).ok_or_else(Problem::failed)?;
    let back = back(fields.raw("back"));
    let headers = AppendHeaders([(SET_COOKIE, cookie)]);
    Ok((headers, Redirect::to(back)).into_response())
}

/// An address of this server and of no other.
fn back(said: &str) -> &str {
    let ours = said.starts_with('/')
        && !said.starts_with("//")
        && said.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if ours { said } else { "/login" }
}

#[derive(Template)]
#[template(path = "console/problem.html")]
struct ProblemPage {
    lang: Lang,
    title: String,
    detail: String,
    grounds: Vec<GroundSaid>,
    wait: Option<u64>,
    /// Where whoever reads it goes on.
    person: bool,
}

/// Shows a problem as a page to whoever asked for one.
pub(crate) async fn problems_as_pages(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(lang) = Lang::from_request_parts(&mut parts, &()).await;
    let accepts = parts.headers.get(ACCEPT).and_then(|v| v.to_str().ok());
    let on_own_page = parts.uri.path().starts_with("/me");
    let person = accepts.is_some_and(|kinds| kinds.contains("text/html"));
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    if !person {
        return response;
    }
    let page = ProblemPage {
        lang,
        title: title(&problem, lang),
        detail: problem.detail,
        grounds: problem.grounds,
        wait: problem.retry_after,
        person: on_own_page,
    };
    if let Ok(text) = page.render() {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, kind);
        headers.remove(axum::http::header::CONTENT_LENGTH);
        *response.body_mut() = text.into();
    }
    response
}

fn title(problem: &Problem, lang: Lang) -> String {
    let zh = match problem.word() {
        "bad-request" => "无法理解该请求",
        "unauthenticated" => "需要登录",
        "forbidden" => "没有权限",
        "not-found" => "未找到",
        "conflict" => "与现有内容冲突",
        "changed-meanwhile" => "内容已被更改",
        "too-large" => "请求过大",
        "too-many" => "请求过于频繁",
        "refused-by-law" => "法律不允许",
        "unusable-picture" => "图片无法给出结果",
        "not-configured" => "系统尚不能作出决定",
        _ => "服务器出错",
    };
    let en = match problem.word() {
        "forbidden" => "Not permitted",
        _ => problem.title.as_str(),
    };
    lang.say(en, zh).to_owned()
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn the_way_back_leads_nowhere_else() {
        assert_eq!(back("/console/people?after=a"), "/console/people?after=a");
        for bad in ["", "//evil", "https://evil", "/\\evil", "/a\nb", "/ä"] {
            assert_eq!(back(bad), "/login", "{bad}");
        }
    }
}
