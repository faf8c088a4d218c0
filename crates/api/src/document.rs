//! The description of the interface (OpenAPI 3.1): generated from the handlers, then completed with
//! what their types cannot say.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Acquis",
        description = "Competency portfolios for French professional certifications.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem)),
    modifiers(&Security),
    security(("bearer" = []), ("cookie" = []))
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("acquis_access"));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// What stands before any endpoint is known.
pub fn start() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Completes the description once every endpoint is in it.
pub fn finish(document: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).expect("a description is JSON");
    let schemas = document["components"]["schemas"].take();
    let Value::Object(mut schemas) = schemas else { unreachable!("the problem is a schema") };
    let mut paths = document["paths"].take();
    name_what_is_inlined(&mut schemas, &mut paths);
    tell_answers_from_requests(&mut schemas, &mut paths);
    name_the_statuses(&mut paths);
    document["paths"] = paths;
    document["components"]["schemas"] = schemas.into();
    document
}

type Schemas = Map<String, Value>;

const PREFIX: &str = "#/components/schemas/";

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{PREFIX}{name}") })
}

/// Calls back with every value below, the outermost first.
fn visit(value: &mut Value, callback: &mut impl FnMut(&mut Value)) {
    callback(value);
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|value| visit(value, callback)),
        Value::Array(items) => items.iter_mut().for_each(|value| visit(value, callback)),
        _ => {}
    }
}

/// A generic list holds a copy of what it lists; a reference to it reads better.
fn name_what_is_inlined(schemas: &mut Schemas, paths: &mut Value) {
    let names: BTreeMap<String, String> =
        schemas.iter().map(|(name, schema)| (schema.to_string(), name.clone())).collect();
    let mut replace = |value: &mut Value| {
        if value.is_object()
            && let Some(name) = names.get(&value.to_string())
        {
            *value = reference(name);
        }
    };
    visit(paths, &mut replace);
    for schema in schemas.values_mut() {
        if let Value::Object(fields) = schema {
            fields.values_mut().for_each(|value| visit(value, &mut replace));
        }
    }
}

/// An answer always holds all its fields, null where there is nothing to say, while a request may
/// leave out those that have a default, and a change leaves out whatever stays.
///
/// So every answer's fields are required, and a schema that also stands in requests is there twice:
/// `X` as it is answered, `XInput` as it is sent; `XPatch` is a change of it.
fn tell_answers_from_requests(schemas: &mut Schemas, paths: &mut Value) {
    let generated = schemas.clone();
    let mut answered = BTreeSet::new();
    let mut sent = BTreeSet::new();
    for_each_operation(paths, |_, operation| {
        reach(&operation["responses"], &generated, &mut answered);
        reach(&operation["requestBody"], &generated, &mut sent);
    });
    for name in &answered {
        visit(&mut schemas[name], &mut require_all);
    }
    let twofold = differing(&generated, schemas, answered.intersection(&sent).cloned().collect());
    let as_sent = |value: &mut Value| {
        if let Some(name) = referred(value).filter(|name| twofold.contains(*name)) {
            *value = reference(&format!("{name}Input"));
        }
    };
    for name in &sent {
        let mut schema = generated[name].clone();
        visit(&mut schema, &mut { as_sent });
        let name = if twofold.contains(name) { format!("{name}Input") } else { name.clone() };
        schemas.insert(name, schema);
    }
    for_each_operation(paths, |method, operation| {
        let Some(request) = operation.get_mut("requestBody") else { return };
        if method != "patch" {
            visit(request, &mut { as_sent });
            return;
        }
        for content in request["content"].as_object_mut().into_iter().flat_map(Map::values_mut) {
            let Some(name) = referred(&content["schema"]).map(str::to_owned) else { continue };
            let mut schema = generated[&name].clone();
            visit(&mut schema, &mut { as_sent });
            schema.as_object_mut().and_then(|schema| schema.remove("required"));
            content["schema"] = reference(&format!("{name}Patch"));
            schemas.insert(format!("{name}Patch"), schema);
        }
    });
    drop_unused(schemas, paths);
}

fn for_each_operation(paths: &mut Value, mut callback: impl FnMut(&str, &mut Value)) {
    let paths = paths.as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for (method, operation) in paths.filter_map(Value::as_object_mut).flatten() {
        callback(method, operation);
    }
}

fn referred(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

/// Gathers the names of the schemas that a value leads to.
fn reach(value: &Value, schemas: &Schemas, names: &mut BTreeSet<String>) {
    if let Some(name) = referred(value)
        && names.insert(name.to_owned())
    {
        reach(&schemas[name], schemas, names);
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| reach(value, schemas, names)),
        Value::Array(items) => items.iter().for_each(|value| reach(value, schemas, names)),
        _ => {}
    }
}

fn require_all(schema: &mut Value) {
    let properties = schema.get("properties").and_then(Value::as_object);
    if let Some(names) = properties.map(|properties| properties.keys().cloned().collect()) {
        let names: Vec<String> = names;
        schema["required"] = names.into();
    }
}

/// Of these names, the ones whose two forms differ, by themselves or by what they refer to.
fn differing(one: &Schemas, other: &Schemas, names: BTreeSet<String>) -> BTreeSet<String> {
    let fields = |schema: &Value| {
        let mut found = Vec::new();
        visit(&mut schema.clone(), &mut |value| {
            if let Some(required) = value.get("required").and_then(Value::as_array) {
                found.push(required.iter().map(ToString::to_string).collect::<BTreeSet<_>>());
            }
        });
        found
    };
    let itself: BTreeSet<String> =
        names.iter().filter(|name| fields(&one[*name]) != fields(&other[*name])).cloned().collect();
    names
        .into_iter()
        .filter(|name| {
            let mut reached = BTreeSet::from([name.clone()]);
            reach(&one[name], one, &mut reached);
            !reached.is_disjoint(&itself)
        })
        .collect()
}

fn drop_unused(schemas: &mut Schemas, paths: &Value) {
    let mut used = BTreeSet::new();
    reach(paths, schemas, &mut used);
    schemas.retain(|name, _| used.contains(name));
}

/// OpenAPI 3.1 asks each answer for a description.
fn name_the_statuses(paths: &mut Value) {
    for_each_operation(paths, |_, operation| {
        let answers = operation["responses"].as_object_mut();
        for (status, answer) in answers.into_iter().flatten() {
            let name = status.parse::<StatusCode>().ok().and_then(|code| code.canonical_reason());
            if let (None, Some(name)) = (answer.get("description"), name) {
                answer["description"] = name.into();
            }
        }
    });
}
