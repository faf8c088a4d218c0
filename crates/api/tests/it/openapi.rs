//! The description of the interface, from which the web client's types are made.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use crate::support::files_in;

/// `(method, path, operation)` of everything that the interface offers.
pub fn operations() -> Vec<(String, String, Value)> {
    let document = api::openapi().0;
    let paths = document["paths"].as_object().expect("a document has paths");
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("a path has methods");
            methods.iter().map(move |(method, operation)| {
                (method.to_uppercase(), path.clone(), operation.clone())
            })
        })
        .collect()
}

#[test]
fn the_kept_description_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let served = api::openapi();
    if std::env::var_os("ACQUIS_UPDATE").is_some() {
        let text = served.to_pretty_json().expect("a description is JSON");
        std::fs::write(&path, text + "\n").expect("the description can be written");
    }
    let kept = std::fs::read_to_string(&path).expect("the description can be read");
    let kept: Value = serde_json::from_str(&kept).expect("the kept description is JSON");
    assert!(
        kept == served.0,
        "the interface changed: run this test with ACQUIS_UPDATE=1, then read the difference"
    );
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty(), "{method} {path} has no name");
        assert!(seen.insert(id.clone()), "{method} {path} shares the name {id}");
    }
}

/// Of two types of one name the description would silently keep one.
#[test]
fn every_described_type_has_a_name_of_its_own() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = ["api/src", "domain/src"].map(|folder| files_in(&crates.join(folder)));
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for path in sources.into_iter().flatten() {
        let text = std::fs::read_to_string(&path).expect("a source");
        for (_, after) in text.match_indices("ToSchema)").map(|(at, _)| text.split_at(at)) {
            let words =
                after.split([' ', '\n', '<', '(', ';', '{']).filter(|word| !word.is_empty());
            let mut words = words.skip_while(|word| !["struct", "enum"].contains(word)).skip(1);
            let name = words.next().expect("a name").to_owned();
            let place = path.display().to_string();
            if let Some(other) = seen.insert(name.clone(), place.clone()) {
                panic!("{name} is described in {place} and in {other}");
            }
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}
