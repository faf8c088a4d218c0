//! The frame of every page, and its style.

use std::fmt::Write;

use chrono::NaiveDate;
use domain::{
    ambient::day_in_french, certification::Certification, dossier::frozen::FrozenDossier,
    portfolio::Portfolio,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{block, reading, words};
use crate::{
    bundle::Part,
    session::{Candidate, Session},
};

/// What a page says.
pub struct Body {
    pub title: String,
    pub main: Markup,
}

/// What every page leads to.
pub struct Menu {
    whose: String,
    foot: String,
    links: Vec<(String, String)>,
}

impl Menu {
    pub fn of(
        portfolio: &Portfolio,
        certification: &Certification,
        frozen: &[FrozenDossier],
    ) -> Self {
        let mut links = vec![("index.html".to_owned(), "Sommaire".to_owned())];
        let blocks = certification.blocks.iter();
        links.extend(blocks.map(|one| (block::path(&one.code), one.code.clone())));
        for (path, label) in [
            ("preuves.html", "Preuves"),
            ("evaluations.html", "Évaluations"),
            ("visites.html", "Visites"),
        ] {
            links.push((path.to_owned(), label.to_owned()));
        }
        for dossier in frozen {
            links.push((reading::path(dossier.number), format!("Dossier {}", dossier.number)));
        }
        for (path, label) in [("decisions.html", "Décisions"), ("journal.html", "Journal")] {
            links.push((path.to_owned(), label.to_owned()));
        }
        Self {
            whose: words::name(&portfolio.enrolment.student),
            foot: format!("Archive d’Acquis du {}.", words::moment(portfolio.exported_at)),
            links,
        }
    }

    /// From one candidate to the next.
    pub fn of_session(session: &Session, place: Option<usize>) -> Self {
        let mut links = vec![("index.html".to_owned(), "Candidats".to_owned())];
        if let Some(place) = place {
            let page = |one: &Candidate| one.dossier.as_ref().map(|dossier| dossier.page.clone());
            let (before, after) = session.candidates.split_at(place);
            let previous = before.iter().rev().find_map(|one| Some((page(one)?, &one.name)));
            let next = after.iter().skip(1).find_map(|one| Some((page(one)?, &one.name)));
            links.extend(previous.map(|(page, name)| (page, format!("Précédent\u{a0}: {name}"))));
            links.extend(next.map(|(page, name)| (page, format!("Suivant\u{a0}: {name}"))));
        }
        Self {
            whose: session.session.title.clone(),
            foot: format!("Archive d’Acquis du {}.", words::moment(session.exported_at)),
            links,
        }
    }

    /// A page at this path, with the menu.
    pub fn page(&self, path: &str, body: Body) -> Part {
        let Body { title, main } = body;
        let markup = html! {
            (DOCTYPE)
            html lang="fr" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " – " (self.whose) }
                    link rel="stylesheet" href="style.css";
                }
                body {
                    a.skip href="#contenu" { "Aller au contenu" }
                    header {
                        p.whose { (self.whose) }
                        (self.nav(path, "Pages de l’archive"))
                    }
                    main id="contenu" {
                        h1 { (title) }
                        (main)
                    }
                    footer {
                        // Who has read to the end goes on from there.
                        (self.nav(path, "Pages de l’archive, en bas de page"))
                        p { (self.foot) }
                    }
                }
            }
        };
        Part::text(path, markup.into_string())
    }

    fn nav(&self, path: &str, label: &str) -> Markup {
        html! {
            nav aria-label=(label) {
                ul {
                    @for (link, label) in &self.links {
                        li {
                            @if link == path {
                                a href=(href(link)) aria-current="page" { (label) }
                            } @else {
                                a href=(href(link)) { (label) }
                            }
                        }
                    }
                }
            }
        }
    }
}

const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// A path of the archive as an address relative to a page at its root.
pub fn href(path: &str) -> String {
    utf8_percent_encode(path, KEPT).to_string()
}

/// What people wrote, with its paragraphs and lines.
pub fn prose(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()) {
            p.prose { (paragraph) }
        }
    }
}

pub fn day(day: NaiveDate) -> Markup {
    html! { time datetime=(day.to_string()) { (day_in_french(day)) } }
}

/// A table that a narrow screen scrolls by itself, reached by keyboard.
pub fn table(caption: &str, head: &[&str], rows: Vec<Markup>) -> Markup {
    html! {
        div.sideways tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                tbody { @for row in rows { tr { (row) } } }
            }
        }
    }
}

/// A table whose lines a narrow screen stacks, each cell under what its column says; the first cell
/// names the line.
pub fn stacked(
    caption: &str,
    head: &[&str],
    rows: impl Iterator<Item = (Markup, Vec<Markup>)>,
) -> Markup {
    html! {
        table.stacked {
            caption { (caption) }
            thead { tr { @for cell in head { th scope="col" { (cell) } } } }
            tbody {
                @for (name, cells) in rows {
                    tr {
                        th scope="row" { (name) }
                        @for (cell, column) in cells.into_iter().zip(head.iter().skip(1)) {
                            td data-side=(column) { (cell) }
                        }
                    }
                }
            }
        }
    }
}

/// An address that people wrote, as a link only where it leads to the Web.
pub fn outside(url: &str, label: &str) -> Markup {
    let shown = if label.trim().is_empty() { url } else { label };
    html! {
        @if url.starts_with("https://") || url.starts_with("http://") {
            a href=(url) rel="noreferrer" { (shown) }
        } @else {
            (shown) " (" (url) ")"
        }
    }
}

/// A sum in groups that can be read aloud and that a narrow screen can break.
pub fn sum(sha256: &str) -> Markup {
    let mut text = String::new();
    for (index, c) in sha256.chars().enumerate() {
        if index > 0 && index % 8 == 0 {
            let _ = write!(text, "<wbr>");
        }
        match c {
            '0'..='9' | 'a'..='f' => text.push(c),
            _ => {}
        }
    }
    PreEscaped(format!("<code>{text}</code>"))
}

/// The style sheet.
pub fn style() -> &'static str {
    include_str!("style.css")
}
