//! A dossier as it was frozen, read from top to bottom as a jury reads it online: the person, the
//! requirements, each block in a few lines, divergences, then competency by competency.

use std::collections::BTreeMap;

use domain::{
    assessment::Assessment,
    certification::Block,
    dossier::frozen::FrozenDossier,
    jury::note::Note,
    progress::{CompetencyProgress, CompetencyStatus},
};
use maud::{Markup, html};

use super::{
    levels::{Scales, side_by_side},
    page::{Body, day, prose, sum},
    words,
};

mod evidence;
mod notes;
mod summary;

use evidence::Shown;

/// What is read.
pub struct Reading<'a> {
    pub dossier: &'a FrozenDossier,
    /// SHA-256 of its manifest.
    pub sum: &'a str,
    /// How many confidential evidences are left out.
    pub hidden: usize,
    /// Where each content stands, by its SHA-256.
    pub contents: &'a BTreeMap<String, String>,
    /// The reader's own.
    pub notes: &'a [Note],
}

/// A competency of a presented block.
struct Assessed<'a> {
    /// Names its place on the page.
    id: String,
    block: &'a Block,
    key: &'a str,
    progress: &'a CompetencyProgress,
}

/// Where the page of a dossier stands.
pub fn path(number: u32) -> String {
    format!("dossier-{number}.html")
}

pub fn page(reading: &Reading) -> Body {
    let dossier = reading.dossier;
    let certification = &dossier.certification;
    let others = dossier.older_grids.iter().map(|grid| (grid.number, &grid.certification));
    let scales = Scales::new(certification, others.chain([(dossier.grid, certification)]));
    let assessed = assessed(dossier);
    let shown = Shown::new(reading, &assessed);
    let divergent: Vec<&Assessed> = assessed.iter().filter(|one| one.progress.divergent).collect();
    let main = html! {
        (identity(reading))
        h2 id="presentation" { "Présentation par le candidat" }
        @if dossier.presentation.trim().is_empty() {
            p.quiet { "Le candidat n’a pas écrit de présentation." }
        } @else {
            (prose(&dossier.presentation))
        }
        (notes::on(reading.notes, None, None))
        @if !dossier.progress.requirements.is_empty() {
            h2 id="prerequis" { "Prérequis à la validation" }
            (summary::requirements(dossier, &shown))
        }
        h2 id="synthese" { "Synthèse par bloc" }
        (summary::blocks(dossier, &shown))
        h2 id="divergences" { "Avis divergents (" (divergent.len()) ")" }
        @if divergent.is_empty() {
            p.quiet { "Aucune divergence entre l’entreprise et l’école sur les blocs présentés." }
        } @else {
            p { "L’entreprise et l’école ne sont pas du même côté du niveau requis\u{a0}:" }
            ul.files {
                @for one in &divergent {
                    @let (code, text) = words::competency(certification, one.key);
                    li { a href=(format!("#{}", one.id)) { (one.block.code) " · " (code) " " (text) } }
                }
            }
        }
        @for block in certification.blocks.iter().filter(|one| dossier.blocks.contains(&one.code)) {
            h2 id=(block_id(dossier, block)) { (block.code) " " (block.title) }
            (block_facts(dossier, block))
            (notes::on(reading.notes, Some(&block.code), None))
            @for one in assessed.iter().filter(|one| one.block.code == block.code) {
                (competency(reading, &scales, &shown, one))
            }
        }
        (shown.rest())
        (shown.list())
    };
    let title =
        format!("Dossier {} de {}", dossier.number, words::name(&dossier.enrolment.student));
    Body { title, main }
}

/// What is assessed in the presented blocks, in their order; of each, first what the company and the
/// school do not agree on.
fn assessed(dossier: &FrozenDossier) -> Vec<Assessed<'_>> {
    let presented =
        dossier.certification.blocks.iter().filter(|one| dossier.blocks.contains(&one.code));
    let competencies = presented.flat_map(|block| {
        let progress = dossier.progress.blocks.iter().find(|one| one.code == block.code);
        let states =
            progress.into_iter().flat_map(|it| it.competencies.iter().chain(&it.transversal));
        let states: Vec<&CompetencyProgress> = states.collect();
        let found = (1..).zip(block.assessed()).filter_map(|(place, key)| {
            let progress = *states.iter().find(|one| one.competency == key)?;
            let id = format!("{}-{place}", block_id(dossier, block));
            Some(Assessed { id, block, key, progress })
        });
        let (mut divergent, others): (Vec<_>, Vec<_>) =
            found.partition(|one| one.progress.divergent);
        divergent.extend(others);
        divergent
    });
    competencies.collect()
}

fn block_id(dossier: &FrozenDossier, block: &Block) -> String {
    let place = dossier.certification.blocks.iter().position(|one| one.code == block.code);
    format!("bloc-{}", place.map_or(0, |place| place + 1))
}

fn identity(reading: &Reading) -> Markup {
    let Reading { dossier, hidden, .. } = *reading;
    let FrozenDossier { enrolment, certification, .. } = dossier;
    let profile = enrolment.profile.as_ref();
    let profile = profile.and_then(|key| certification.profiles.iter().find(|it| it.key == *key));
    html! {
        p.quiet { "Ce dossier est figé\u{a0}: rien de ce qui a changé depuis le dépôt n’y figure." }
        @if let Some(hidden) = words::left_out(hidden) {
            p.note {
                strong { "Dossier incomplet. " } (hidden) "\u{a0}: le jury et l’apprenant en lisent plus."
            }
        }
        dl {
            dt { "Certification" } dd { (certification.code) " " (certification.title) }
            dt { "Établissement" } dd { (dossier.organisation) }
            dt { "Voie d’accès" } dd { (words::route(enrolment.route)) }
            dt { "Statut" } dd { (words::learner(enrolment.status)) }
            @if let Some(profile) = profile { dt { "Profil" } dd { (profile.label) } }
            dt { "Parcours" }
            dd {
                @if let Some(cohort) = &enrolment.cohort { (cohort.name) ", " }
                "depuis le " (day(enrolment.starts_on))
            }
            @for tutor in &dossier.tutors {
                dt { (words::tutor(tutor.kind)) } dd { (words::name(&tutor.user)) }
            }
            dt { "Blocs présentés" } dd { (dossier.blocks.join(", ")) }
            dt { "Dépôt" }
            dd {
                "Dossier n°\u{a0}" (dossier.number) ", le " (words::moment(dossier.deposited_at))
                br;
                span.quiet { "Somme SHA-256 du manifeste\u{a0}: " (sum(reading.sum)) }
            }
        }
    }
}

/// How a block is assessed, and what those who assessed it say of the whole.
fn block_facts(dossier: &FrozenDossier, block: &Block) -> Markup {
    let is_said = |one: &&Assessment| {
        one.block == block.code && !one.superseded && !one.content.comment.trim().is_empty()
    };
    html! {
        @if !block.modalities.is_empty() {
            details {
                summary { "Comment ce bloc est évalué" }
                @for modality in &block.modalities {
                    p { strong { (modality.label) } }
                    (prose(&modality.text))
                }
            }
        }
        @for one in dossier.assessments.iter().filter(is_said) {
            p {
                strong { (words::assessor(one.kind)) } ", " (words::name(&one.assessor)) ", le "
                (day(one.content.assessed_on)) "\u{a0}:"
            }
            (prose(&one.content.comment))
        }
    }
}

fn competency(reading: &Reading, scales: &Scales, shown: &Shown, one: &Assessed) -> Markup {
    let dossier = reading.dossier;
    let Assessed { id, block, key, progress } = one;
    let (code, text) = words::competency(scales.certification, key);
    let evidence = shown.of(key);
    html! {
        article aria-labelledby=(id) {
            h3 id=(id) { (code) " " (text) }
            p {
                strong { (status(progress.status)) }
                @if progress.divergent { " · " span.warn { "Avis divergents" } }
            }
            (side_by_side(
                scales,
                &dossier.assessments,
                block,
                key,
                dossier.enrolment.profile.as_deref(),
            ))
            h4 { "Preuves (" (evidence.len()) ")" }
            @if evidence.is_empty() {
                p.quiet { "Aucune preuve ne montre cette compétence." }
            }
            @for (evidence, justification) in evidence {
                (shown.at(evidence, id))
                @if justification.trim().is_empty() {
                    p.quiet { "Le candidat n’a pas écrit de justification." }
                } @else {
                    (prose(justification))
                }
            }
            (notes::on(reading.notes, Some(&block.code), Some(key)))
        }
    }
}

fn status(status: CompetencyStatus) -> &'static str {
    match status {
        CompetencyStatus::Untouched => "Non commencée",
        CompetencyStatus::Evidenced => "À évaluer",
        CompetencyStatus::Assessed => "À revoir",
        CompetencyStatus::Acquired => "Acquise",
    }
}
