//! The pages of an archive. They need neither network nor script.

use std::collections::BTreeMap;

use domain::{certification::Certification, dossier::frozen::FrozenDossier, portfolio::Portfolio};

use crate::bundle::Part;

mod block;
mod decisions;
mod evidence;
mod levels;
mod overview;
mod page;
mod reading;
mod readme;
mod visits;
mod words;

use levels::Scales;
use page::{Menu, style};

/// Every page of a student's archive; `documents` are the paths of rendered records.
pub fn portfolio(
    portfolio: &Portfolio,
    original: &Certification,
    frozen: &[FrozenDossier],
    documents: &[String],
) -> Vec<Part> {
    let graded: BTreeMap<u32, Certification> = portfolio
        .grids
        .iter()
        .map(|grid| (grid.number, grid.content.apply(original)))
        .chain([(0, original.clone())])
        .collect();
    let (_, certification) = graded.last_key_value().expect("there is the certification's own");
    let scales = Scales::new(certification, graded.iter().map(|(number, one)| (*number, one)));
    let menu = Menu::of(portfolio, certification, frozen);
    let mut parts = vec![
        Part::text("LISEZMOI.txt", readme::portfolio(portfolio)),
        Part::text("style.css", style()),
        menu.page("index.html", overview::page(portfolio, &scales, documents)),
        menu.page("preuves.html", evidence::page(portfolio, certification)),
        menu.page("evaluations.html", evidence::assessments(portfolio, &scales)),
        menu.page("visites.html", visits::page(portfolio)),
        menu.page("decisions.html", decisions::page(portfolio, certification)),
        menu.page("journal.html", decisions::journal(portfolio)),
    ];
    for one in &certification.blocks {
        parts.push(menu.page(&block::path(&one.code), block::page(portfolio, &scales, one)));
    }
    for dossier in frozen {
        let path = reading::path(dossier.number);
        parts.push(menu.page(&path, reading::page(dossier, &portfolio.contents)));
    }
    parts
}
