//! Frozen evidence, opened where it is read: its content lies at the first place that it shows
//! something of, and every other place leads there.

use std::collections::HashMap;

use domain::dossier::frozen::{FrozenDossier, FrozenEvidence, FrozenFile};
use maud::{Markup, html};
use uuid::Uuid;

use super::{Assessed, Reading};
use crate::pages::{
    evidence::{facts, history},
    page::{href, sum},
    words,
};

/// Every evidence of a dossier, and where it lies.
pub struct Shown<'a> {
    reading: &'a Reading<'a>,
    /// Number of each, 1 for the first that was handed in, and the id of the place where it lies.
    places: HashMap<Uuid, (usize, Option<String>)>,
    /// Where each competency of the presented blocks is read first, by its key.
    competencies: Vec<(&'a str, String)>,
}

impl<'a> Shown<'a> {
    pub fn new(reading: &'a Reading<'a>, assessed: &[Assessed<'a>]) -> Self {
        let evidence = &reading.dossier.evidence;
        let places = (1..).zip(evidence).map(|(number, one)| {
            let first = assessed.iter().find(|place| justification(one, place.key).is_some());
            (one.id, (number, first.map(|place| place.id.clone())))
        });
        let mut competencies: Vec<(&str, String)> = Vec::new();
        for one in assessed {
            if competencies.iter().all(|(key, _)| *key != one.key) {
                competencies.push((one.key, one.id.clone()));
            }
        }
        Self { reading, places: places.collect(), competencies }
    }

    fn dossier(&self) -> &'a FrozenDossier {
        self.reading.dossier
    }

    /// What shows a competency, with the student's reasons.
    pub fn of(&self, key: &str) -> Vec<(&'a FrozenEvidence, &'a str)> {
        let all = self.dossier().evidence.iter();
        all.filter_map(|one| Some((one, justification(one, key)?))).collect()
    }

    /// The evidence at this place: whole, or where it lies.
    pub fn at(&self, one: &FrozenEvidence, place: &str) -> Markup {
        match self.places.get(&one.id) {
            Some((number, Some(first))) if first == place => self.whole(one, *number),
            _ => self.link(one.id),
        }
    }

    /// Leads to an evidence; to nothing where the reader may not open it.
    pub fn link(&self, id: Uuid) -> Markup {
        let found = self.dossier().evidence.iter().find(|one| one.id == id);
        html! {
            @if let (Some(one), Some((number, _))) = (found, self.places.get(&id)) {
                p.files { a href=(format!("#preuve-{number}")) { "Preuve " (number) "\u{a0}: " (one.content.title) } }
            }
        }
    }

    fn whole(&self, one: &FrozenEvidence, number: usize) -> Markup {
        let content = &one.content;
        let also = content.competencies.iter().filter_map(|link| {
            let place = self.competencies.iter().find(|(key, _)| *key == link.competency)?;
            Some(place)
        });
        html! {
            details.evidence id=(format!("preuve-{number}")) {
                summary {
                    "Preuve " (number) "\u{a0}: " strong { (content.title) }
                    span.quiet {
                        " · " (words::kind(content.kind))
                        @if let Some(organisation) = &content.organisation { " · " (organisation) }
                    }
                }
                p {
                    (words::status(one.status)) ", envoi " (one.revision) " du "
                    (words::moment(one.submitted_at))
                    @if let Some(confidential) = words::visibility(content.visibility) {
                        " · " strong { (confidential) }
                    }
                }
                (facts(content))
                @for file in &one.files { (self.file(file)) }
                p { "Montre\u{a0}:" }
                ul.files {
                    @for (key, place) in also {
                        @let (code, text) = words::competency(&self.dossier().certification, key);
                        li { a href=(format!("#{place}")) { (code) " " (text) } }
                    }
                }
                (history(&one.history))
            }
        }
    }

    /// A picture is seen in its place, anything else is opened.
    fn file(&self, frozen: &FrozenFile) -> Markup {
        let file = &frozen.file;
        let is_picture = matches!(
            file.media_type.as_str(),
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif"
        );
        html! {
            @match self.reading.contents.get(&file.sha256) {
                Some(path) if is_picture => figure {
                    img src=(href(path)) alt=(file.name) loading="lazy";
                    figcaption.files {
                        a href=(href(path)) { (file.name) } " (" (words::size(file.size)) ")"
                    }
                },
                Some(path) => p.files {
                    a href=(href(path)) { (file.name) } " (" (words::size(file.size)) ")"
                },
                None => p { (file.name) " (" (words::size(file.size)) ")" },
            }
        }
    }

    /// What shows no competency of the presented blocks, but a requirement or nothing.
    pub fn rest(&self) -> Markup {
        let rest: Vec<(&FrozenEvidence, usize)> = self
            .dossier()
            .evidence
            .iter()
            .filter_map(|one| match self.places.get(&one.id) {
                Some((number, None)) => Some((one, *number)),
                _ => None,
            })
            .collect();
        html! {
            @if !rest.is_empty() {
                h2 id="autres-preuves" { "Autres preuves (" (rest.len()) ")" }
                @for (one, number) in rest { (self.whole(one, number)) }
            }
        }
    }

    /// Every evidence with the sums of its files.
    pub fn list(&self) -> Markup {
        let evidence = &self.dossier().evidence;
        html! {
            h2 id="preuves" { "Liste des preuves (" (evidence.len()) "), avec leurs sommes" }
            ol {
                @for one in evidence {
                    li {
                        (one.content.title)
                        @for frozen in &one.files {
                            br;
                            span.quiet { (frozen.file.name) " · SHA-256 " (sum(&frozen.file.sha256)) }
                        }
                    }
                }
            }
        }
    }
}

fn justification<'a>(one: &'a FrozenEvidence, key: &str) -> Option<&'a str> {
    let link = one.content.competencies.iter().find(|link| link.competency == key)?;
    Some(&link.justification)
}
