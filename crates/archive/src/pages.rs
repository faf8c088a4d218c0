//! The pages of an archive. They need neither network nor script.

use std::collections::BTreeMap;

use domain::{
    certification::Certification, dossier::frozen::FrozenDossier, jury::note::Note,
    portfolio::Portfolio,
};

use crate::{bundle::Part, session::Session};

mod block;
mod decisions;
mod evidence;
mod levels;
mod overview;
mod page;
mod reading;
mod readme;
mod session;
mod visits;
mod words;

use levels::Scales;
use page::{Menu, style};
use reading::Reading;

/// Every page of a student's archive; `documents` are the paths of rendered records and signed badges.
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
        let kept = portfolio.dossiers.iter().find(|kept| kept.id == dossier.id);
        let reading = Reading {
            dossier,
            sum: kept.map_or("", |kept| &kept.manifest_sha256),
            hidden: 0,
            contents: &portfolio.contents,
            notes: &[],
        };
        parts.push(menu.page(&reading::path(dossier.number), reading::page(&reading)));
    }
    parts
}

/// What every archive of a session begins with.
pub fn session(session: &Session) -> Vec<Part> {
    vec![
        Part::text("LISEZMOI.txt", readme::session(session)),
        Part::text("style.css", style()),
        Menu::of_session(session, None).page("index.html", session::page(session)),
    ]
}

/// The dossier of the candidate at this place of the list.
pub fn candidate(
    session: &Session,
    place: usize,
    dossier: &FrozenDossier,
    notes: &[Note],
    contents: &BTreeMap<String, String>,
) -> Option<Part> {
    let candidate = session.candidates.get(place)?;
    let carried = candidate.dossier.as_ref()?;
    let reading =
        Reading { dossier, sum: &carried.manifest_sha256, hidden: carried.hidden, contents, notes };
    let page = session::candidate(candidate, &reading);
    Some(Menu::of_session(session, Some(place)).page(&carried.page, page))
}
