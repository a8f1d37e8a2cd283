//! The law that is applied, and what the controller declared.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use faceward::{Law, Weight, check};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::caller::Caller;
use crate::tagged::tagged;

/// A rule pack.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LawSaid {
    id: String,
    /// How it is cited.
    short: String,
    title: String,
    issuer: String,
    jurisdiction: String,
}

/// Every rule pack there is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LawsSaid {
    laws: Vec<LawSaid>,
}

/// A rule pack with its rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LawWhole {
    law: LawSaid,
    rules: Vec<RuleSaid>,
}

/// One rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleSaid {
    id: String,
    citation: String,
    /// What it says, in our own words.
    gist: String,
    /// How surely it was read.
    mark: String,
}

/// What the key's ward declared, and what a check finds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeploymentSaid {
    /// Name of the ward on this server.
    ward: String,
    /// Whether a deployment is declared; without one the ward is judged under Fa Shi alone.
    declared: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    purposes: Vec<String>,
    findings: Vec<FindingSaid>,
}

/// What a provision finds missing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingSaid {
    rule: String,
    citation: String,
    /// Whether the gate refuses because of it; advice otherwise.
    refuses: bool,
    found: Vec<String>,
    /// The keys of the file that would mend it.
    mend: Vec<String>,
}

/// The laws that are applied
#[utoipa::path(
    get, path = "/v1/laws", tag = "law",
    responses((status = 200, body = LawsSaid), (status = 304)),
)]
pub(crate) async fn laws(_: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let law = Law::built_in().map_err(|_| Problem::failed())?;
    let laws = law.packs().iter().map(said).collect();
    tagged(&headers, &LawsSaid { laws })
}

/// One law with its rules
#[utoipa::path(
    get, path = "/v1/laws/{law}", tag = "law", params(("law" = String, Path, description = "Identifier of the law, as `/v1/laws` has it")),
    responses((status = 200, body = LawWhole), (status = 304), (status = 404, body = Problem)),
)]
pub(crate) async fn law(
    _: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let law = Law::built_in().map_err(|_| Problem::failed())?;
    let pack = law.pack(&id).map_err(Problem::not_found)?;
    let rule = |rule: &faceward::Rule| RuleSaid {
        id: rule.id.clone(),
        citation: rule.citation.clone(),
        gist: rule.gist.clone(),
        mark: rule.mark.word().to_owned(),
    };
    let whole = LawWhole {
        law: said(pack),
        rules: pack.rules().map(rule).collect(),
    };
    tagged(&headers, &whole)
}

/// What this key's ward declared, and what a check finds missing
#[utoipa::path(
    get, path = "/v1/deployment", tag = "law",
    responses((status = 200, body = DeploymentSaid), (status = 304)),
)]
pub(crate) async fn deployment(caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let mut said = DeploymentSaid {
        ward: caller.ward_name.to_string(),
        declared: false,
        name: None,
        purposes: Vec::new(),
        findings: Vec::new(),
    };
    if let Some(declared) = caller.ward.deployment()? {
        said.declared = true;
        said.name = Some(declared.name.clone());
        let purposes = declared.purposes.iter();
        said.purposes = purposes.map(|terms| terms.name.to_string()).collect();
        let law = caller.ward.law()?;
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let checked = check(&declared, &law, today).map_err(|_| Problem::failed())?;
        for pack in &checked.packs {
            said.findings.extend(pack.findings.iter().map(finding));
        }
    }
    tagged(&headers, &said)
}

fn finding(finding: &faceward::DeploymentFinding) -> FindingSaid {
    FindingSaid {
        rule: finding.rule.id.clone(),
        citation: finding.rule.citation.clone(),
        refuses: finding.weight != Weight::Advice,
        found: finding.found.clone(),
        mend: finding.mend.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn said(pack: &faceward::Pack) -> LawSaid {
    LawSaid {
        id: pack.id.clone(),
        short: pack.short.clone(),
        title: pack.title.clone(),
        issuer: pack.issuer.clone(),
        jurisdiction: pack.jurisdiction.clone(),
    }
}
