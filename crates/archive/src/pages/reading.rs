//! A dossier as it was frozen, in one line of reading: divergences first, then block by block.

use std::collections::BTreeMap;

use domain::dossier::frozen::{FrozenDossier, FrozenEvidence};
use maud::{Markup, html};

use super::{
    evidence::content,
    levels::{Scales, side_by_side},
    page::{Body, day, href, prose, sum},
    words,
};
use crate::name::stem;

/// Where the page of a dossier stands.
pub fn path(number: u32) -> String {
    format!("dossier-{number}.html")
}

/// `contents` says where each content stands, by its SHA-256.
pub fn page(dossier: &FrozenDossier, contents: &BTreeMap<String, String>) -> Body {
    let FrozenDossier { enrolment, certification, .. } = dossier;
    let others = dossier.older_grids.iter().map(|grid| (grid.number, &grid.certification));
    let scales = Scales::new(certification, others.chain([(dossier.grid, certification)]));
    let divergent: Vec<(&str, &str)> = dossier
        .progress
        .divergent()
        .filter(|(block, _)| dossier.blocks.iter().any(|code| code == block))
        .map(|(block, one)| (block, one.competency.as_str()))
        .collect();
    let blocks: Vec<_> =
        dossier.blocks.iter().filter_map(|code| certification.block(code)).collect();
    let main = html! {
        dl {
            dt { "Déposé le" } dd { (words::moment(dossier.deposited_at)) }
            dt { "Certification" } dd { (certification.code) " " (certification.title) }
            dt { "Voie d’accès" } dd { (words::route(enrolment.route)) }
            dt { "Blocs présentés" } dd { (dossier.blocks.join(", ")) }
            @for tutor in &dossier.tutors {
                dt { (words::tutor(tutor.kind)) } dd { (words::name(&tutor.user)) }
            }
        }
        (prose(&dossier.presentation))
        h2 { "Divergences" }
        @if divergent.is_empty() {
            p.quiet { "Aucune divergence entre les évaluations." }
        } @else {
            p.warn { "Les évaluations divergent sur\u{a0}:" }
            ul {
                @for (block, key) in &divergent {
                    @let (code, text) = words::competency(certification, key);
                    li { a href=(format!("#{}", place(block, key))) { (block) " · " (code) " " (text) } }
                }
            }
        }
        @for block in blocks {
            h2 { (block.code) " " (block.title) }
            @for key in block.assessed() {
                @let (code, text) = words::competency(certification, key);
                article {
                    h3 id=(place(&block.code, key)) { (code) " " (text) }
                    @if divergent.contains(&(block.code.as_str(), key)) {
                        p.warn { "Divergence" }
                    }
                    (side_by_side(
                        &scales,
                        &dossier.assessments,
                        block,
                        key,
                        enrolment.profile.as_deref(),
                    ))
                    (shown_by(dossier, key))
                }
            }
        }
        h2 { "Preuves" }
        @for evidence in &dossier.evidence {
            (article(dossier, evidence, contents))
        }
    };
    let title = format!("Dossier {} de {}", dossier.number, words::name(&enrolment.student));
    Body { title, main }
}

fn place(block: &str, key: &str) -> String {
    format!("c-{}-{}", stem(block), stem(key))
}

fn shown_by(dossier: &FrozenDossier, key: &str) -> Markup {
    let shown: Vec<_> = dossier
        .evidence
        .iter()
        .filter_map(|one| {
            let link = one.content.competencies.iter().find(|link| link.competency == key)?;
            Some((one, link))
        })
        .collect();
    html! {
        @if shown.is_empty() {
            p.quiet { "Aucune preuve." }
        }
        @for (one, link) in shown {
            p { "Preuve\u{a0}: " a href=(format!("#e-{}", one.id)) { (one.content.title) } }
            (prose(&link.justification))
        }
    }
}

fn article(
    dossier: &FrozenDossier,
    one: &FrozenEvidence,
    contents: &BTreeMap<String, String>,
) -> Markup {
    html! {
        article {
            h3 id=(format!("e-{}", one.id)) { (one.content.title) }
            p {
                "Envoi " (one.revision) " du " (day(one.submitted_at.date_naive()))
                " · " (words::status(one.status))
                @if let Some(confidential) = words::visibility(one.content.visibility) {
                    " · " strong { (confidential) }
                }
            }
            (content(&dossier.certification, &one.content))
            @if !one.files.is_empty() {
                ul.files {
                    @for frozen in &one.files {
                        li {
                            @match contents.get(&frozen.file.sha256) {
                                Some(path) => a href=(href(path)) { (frozen.file.name) },
                                None => (frozen.file.name),
                            }
                            " (" (words::size(frozen.file.size)) ")"
                            br;
                            span.quiet { "SHA-256 " (sum(&frozen.file.sha256)) }
                        }
                    }
                }
            }
        }
    }
}
