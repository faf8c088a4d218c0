//! The archive of one student.

use std::{collections::BTreeMap, path::PathBuf};

use domain::{
    certification::Certification,
    dossier::frozen::FrozenDossier,
    portfolio::{FrozenText, Portfolio},
};

use crate::{
    bundle::{Content, Part},
    pages,
};

/// Where the portfolio stands.
pub const PORTFOLIO_PATH: &str = "portfolio.json";

/// A portfolio that leaves.
#[derive(Debug)]
pub struct Leaving<'a> {
    pub portfolio: &'a Portfolio,
    /// The certification version, without any grid.
    pub certification: &'a Certification,
    /// Where the contents lie that the portfolio names, with their sizes, by SHA-256.
    pub contents: BTreeMap<String, (PathBuf, u64)>,
    /// Records, already rendered, and signed badges.
    pub documents: Vec<Part>,
}

/// The parts of the archive of one student.
pub fn portfolio(leaving: Leaving) -> Vec<Part> {
    let Leaving { portfolio, certification, mut contents, documents } = leaving;
    let frozen = frozen(portfolio);
    let names: Vec<String> = documents.iter().map(|part| part.path.clone()).collect();
    let mut parts = pages::portfolio(portfolio, certification, &frozen, &names);
    parts.extend(documents);
    let json = serde_json::to_string_pretty(portfolio)
        .expect("the values of `domain` have string keys only");
    parts.push(Part::text(PORTFOLIO_PATH, json));
    parts.push(Part::text("certification.toml", portfolio.certification_source.clone()));
    for dossier in &portfolio.dossiers {
        let folder = format!("dossiers/{}", dossier.number);
        if let Some(FrozenText { content, manifest, .. }) = &dossier.frozen {
            parts.push(Part::text(format!("{folder}/manifest.txt"), manifest.clone()));
            parts.push(Part::text(format!("{folder}/dossier.json"), content.clone()));
        }
    }
    for (sha256, path) in &portfolio.contents {
        if let Some((from, size)) = contents.remove(sha256) {
            let content = Content::File { from, size, sha256: sha256.clone() };
            parts.push(Part { path: path.clone(), content });
        }
    }
    parts
}

/// The dossiers that read as what they were frozen as; one of a newer form is only passed on.
fn frozen(portfolio: &Portfolio) -> Vec<FrozenDossier> {
    let frozen = portfolio.dossiers.iter().filter_map(|dossier| dossier.frozen.as_ref());
    frozen.filter_map(|text| serde_json::from_str(&text.content).ok()).collect()
}
