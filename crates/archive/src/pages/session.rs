//! The candidates of a session, in the order in which they are heard.

use domain::{ambient::clock_in_france, jury::SessionStatus};
use maud::{Markup, html};

use super::{
    page::{Body, href, prose, sum},
    reading::{self, Reading},
    words,
};
use crate::session::{Candidate, MINUTES_DOCUMENT, Session};

pub fn page(archive: &Session) -> Body {
    let Session { session, organisation, candidates, minutes, .. } = archive;
    let main = html! {
        dl {
            dt { "Certification" }
            dd { (session.certification.code) " " (session.certification.title) }
            dt { "Établissement" } dd { (organisation) }
            dt { "Voie d’accès" } dd { (words::route(session.route)) }
            dt { "Date" } dd { (words::moment(session.starts_at)) }
            @if !session.place.is_empty() { dt { "Lieu" } dd { (session.place) } }
            dt { "État" }
            dd {
                @match session.status {
                    SessionStatus::Planned => "En préparation",
                    SessionStatus::Open => "Ouverte",
                    SessionStatus::Closed => "Close",
                }
            }
        }
        h2 { "Ordre de passage" }
        @if candidates.is_empty() {
            p.quiet { "Aucun dossier à lire." }
        } @else {
            ol.plain { @for one in candidates { li { (entry(one)) } } }
        }
        @if let Some(minutes) = minutes {
            h2 { "Procès-verbal" }
            p {
                "Scellé le " (words::moment(minutes.sealed_at)) " par "
                (minutes.sealed_by) "."
            }
            ul.files {
                li { a href=(href(MINUTES_DOCUMENT)) { "Procès-verbal (PDF)" } }
                li {
                    a href=(href(&minutes.path)) { "Texte scellé" } br;
                    span.quiet { "SHA-256 " (sum(&minutes.sha256)) }
                }
            }
            @for amendment in &minutes.amendments {
                h3 {
                    "Additif " (amendment.number)
                    @if let Some(one) = candidates.iter().find(|it| Some(it.id) == amendment.about) {
                        ", sur " (one.name)
                    }
                }
                p { (words::moment(amendment.at)) ", " (amendment.by) }
                (prose(&amendment.text))
                p.quiet { "SHA-256 " (sum(&amendment.sha256)) }
            }
        }
        p.quiet {
            "Ces pages se lisent sans connexion. La somme SHA-256 de chaque fichier est dans "
            a href="manifest.txt" { "manifest.txt" } "\u{a0}; "
            a href="LISEZMOI.txt" { "LISEZMOI.txt" } " dit comment tout vérifier."
        }
    };
    Body { title: "Candidats".to_owned(), main }
}

fn entry(one: &Candidate) -> Markup {
    html! {
        h3 {
            @match &one.dossier {
                Some(dossier) => a href=(href(&dossier.page)) { (one.name) },
                None => (one.name),
            }
        }
        p {
            (words::moment(one.starts_at)) ", " (one.presentation_minutes) " + "
            (one.interview_minutes) " min"
        }
        @match &one.dossier {
            Some(dossier) => {
                p {
                    (dossier.blocks.join(", "))
                    @if let Some(hidden) = words::left_out(dossier.hidden) {
                        " · " strong { (hidden) }
                    }
                }
                p.files { a href=(href(&dossier.document)) { "Dossier " (dossier.number) " (PDF)" } }
            }
            None => p.quiet { "Aucun dossier déposé" },
        }
    }
}

/// A candidate's dossier, under the slot.
pub fn candidate(candidate: &Candidate, reading: &Reading) -> Body {
    let Body { title, main } = reading::page(reading);
    let (_, time) = clock_in_france(candidate.starts_at);
    let main = html! {
        p {
            strong { (time.format("%H:%M").to_string()) } "\u{a0}: présentation "
            (candidate.presentation_minutes) " min, entretien " (candidate.interview_minutes) " min"
        }
        (main)
    };
    Body { title, main }
}
