//! The contract: collected from the handlers' own annotations, committed as `openapi.json`.
//!
//! What every operation has in common (who may, how refusals look) is added here from the list of routes.

use crate::http::error::Problem;
use crate::http::health;
use crate::http::route::{Access, Route};
use crate::{
    billing, customers, events, monitoring, presence, routers, services, static_check, tenants, usage, work,
};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{OpenApi as _, PartialSchema, ToSchema};

mod page;

/// The routes that show the contract.
pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get("/openapi.json", Access::Public, json), Route::get("/docs", Access::Public, docs)]
}

#[derive(utoipa::OpenApi)]
#[openapi(
    paths(json, docs),
    info(
        title = "IMSys",
        description = "The back office of an Internet provider on MikroTik routers.",
        license(name = "MIT OR Apache-2.0"),
        contact()
    )
)]
struct Doc;

/// This contract.
#[utoipa::path(get, path = "/openapi.json", tag = "operation",
    responses((status = 200, content_type = "application/json", body = serde_json::Value)))]
async fn json() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text())
}

/// This contract, to be read by people.
#[utoipa::path(get, path = "/docs", tag = "operation", responses((status = 200, content_type = "text/html", body = String)))]
async fn docs() -> impl IntoResponse {
    let (policy, page) = page::render(&serde_json::to_value(document()).unwrap_or_default());
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page))
}

/// The whole contract as committed.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("a contract is maps with text keys");
    text.push('\n');
    text
}

/// The whole contract.
pub fn document() -> OpenApi {
    let mut document = Doc::openapi();
    let slices = [
        health::Doc::openapi(),
        events::http::Doc::openapi(),
        tenants::http::document(),
        presence::http::document(),
        routers::http::document(),
        static_check::http::Doc::openapi(),
        monitoring::http::document(),
        usage::http::Doc::openapi(),
        monitoring::snmp::http::Doc::openapi(),
        work::http::Doc::openapi(),
        services::http::document(),
        customers::http::Doc::openapi(),
        billing::http::Doc::openapi(),
    ];
    for part in slices {
        document.merge(part);
    }
    describe_problem(&mut document);
    for route in crate::routes::routes() {
        let operation =
            document.paths.paths.get_mut(route.path).and_then(|item| operation(item, route.method.as_str()));
        if let Some(operation) = operation {
            complete(operation, route.access);
            name(operation);
        }
    }
    document
}

/// The operation of a path that has this method.
fn operation<'a>(item: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

fn describe_problem(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::http::cookie::NAME)));
    let key = SecurityScheme::Http(
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("imsys_…").build(),
    );
    components.add_security_scheme("session", cookie);
    components.add_security_scheme("key", key);
}

/// Adds who may, and the refusals that the check before every handler can answer.
fn complete(operation: &mut Operation, access: Access) {
    let schemes: &[&str] = match access {
        Access::Public | Access::Router => &[],
        Access::SignedIn | Access::Platform => &["session"],
        Access::Tenant(_) => &["session", "key"],
    };
    if !schemes.is_empty() {
        let required = schemes.iter().map(|name| SecurityRequirement::new(*name, Vec::<String>::new()));
        operation.security = Some(required.collect());
        add(operation, "401", "Not signed in");
        add(operation, "403", "Not allowed");
    }
    add(operation, "default", "A refusal");
}

/// Names the operation after its tag and its handler: handlers of two slices may be called the same.
fn name(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next().map_or("", String::as_str);
    let handler = operation.operation_id.as_deref().unwrap_or_default();
    operation.operation_id = Some(format!("{}_{handler}", tag.replace('-', "_")));
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    let response = || RefOr::T(problem(description));
    operation.responses.responses.entry(status.into()).or_insert_with(response);
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn the_routes_and_the_contract_name_the_same_operations() {
        let routes: BTreeSet<_> = crate::routes::routes()
            .iter()
            .map(|r| (r.path.to_owned(), r.method.as_str().to_lowercase()))
            .collect();
        let document = serde_json::to_value(document()).unwrap();
        let described: BTreeSet<_> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().unwrap().keys().map(|method| (path.clone(), method.clone()))
            })
            .collect();
        assert_eq!(routes, described);
    }

    #[test]
    fn the_committed_contract_is_the_generated_one() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
        let committed = std::fs::read_to_string(file).unwrap_or_default();
        assert!(committed == text(), "run `cargo run -- openapi > openapi.json` and look at the difference");
    }

    /// Every enumeration that can be written or read, by its name in the contract.
    fn words() -> BTreeMap<String, Vec<Value>> {
        let mut words = BTreeMap::from_iter(crate::http::words::written());
        let roles = imsys_domain::access::Role::ALL;
        words.insert("Role".into(), roles.map(|role| json!(role)).into());
        words.extend([routers::http::customers_choices(), services::http::bulk_actions()]);
        words.extend(monitoring::snmp::http::words());
        words
    }

    #[test]
    fn every_enumeration_is_listed_as_it_is_written() {
        let document = serde_json::to_value(document()).unwrap();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let listed = schemas.iter().filter_map(|(name, schema)| {
            schema.get("enum").map(|words| (name.clone(), words.as_array().unwrap().clone()))
        });
        assert_eq!(BTreeMap::from_iter(listed), words());
    }

    #[test]
    fn whatever_the_contract_refers_to_is_in_it() {
        fn walk<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
            match value {
                Value::Array(values) => values.iter().for_each(|value| walk(value, found)),
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| walk(value, found));
                }
                _ => {}
            }
        }
        let document = serde_json::to_value(document()).unwrap();
        let mut found = BTreeSet::new();
        walk(&document, &mut found);
        for reference in found {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = serde_json::to_value(document()).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let names: Vec<_> = paths
            .flat_map(|path| path.as_object().unwrap().values())
            .map(|o| o["operationId"].as_str())
            .collect();
        assert!(names.iter().all(Option::is_some));
        assert_eq!(BTreeSet::from_iter(&names).len(), names.len(), "{names:?}");
    }

    #[test]
    fn the_page_names_every_operation_and_runs_no_script() {
        let (policy, page) = page::render(&serde_json::to_value(document()).unwrap());
        for route in crate::routes::routes() {
            assert!(page.contains(&format!("<code>{}</code>", route.path)), "{}", route.path);
        }
        assert!(policy.contains("default-src 'none'") && !page.contains("<script"));
    }
}
