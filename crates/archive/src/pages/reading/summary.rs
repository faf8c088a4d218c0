//! Requirements, and each block in a few lines: what stands where, what was missing at the deposit.

use std::collections::BTreeMap;

use domain::{
    certification::Block,
    dossier::frozen::FrozenDossier,
    progress::{BlockProgress, Gap, Tally},
    requirement::{RequirementProgress, RequirementState, RequirementUnit},
};
use maud::{Markup, html};

use super::{Shown, block_id};
use crate::pages::words::many;

pub fn requirements(dossier: &FrozenDossier, shown: &Shown) -> Markup {
    html! {
        @for one in &dossier.progress.requirements {
            @let asked = one.state != RequirementState::NotApplicable;
            h3 { (one.label) }
            p {
                strong { (state(one.state)) }
                @if asked { " · " (found(one)) }
                @if one.expired > 0 {
                    @let s = many(one.expired.into());
                    " · " (one.expired) " certificat" (s) " expiré" (s)
                }
            }
            @if asked { @for id in &one.evidence { (shown.link(*id)) } }
            @if one.text != one.label { p.quiet { (one.text) } }
        }
    }
}

fn state(state: RequirementState) -> &'static str {
    match state {
        RequirementState::Met => "Rempli",
        RequirementState::Unmet => "À compléter",
        RequirementState::NotApplicable => "Non demandé",
    }
}

fn found(one: &RequirementProgress) -> String {
    let counted = |what: &str, of: &str| {
        let have = one.have.unwrap_or_default();
        let s = many(have.into());
        match one.need {
            Some(need) => format!("{have} {what}{s} sur {need} {of}{}", many(need.into())),
            None => format!("{have} {what}{s}"),
        }
    };
    match one.unit {
        RequirementUnit::Weeks => counted("semaine", "demandée"),
        RequirementUnit::Document => counted("document", "demandé"),
        RequirementUnit::Level => {
            let have = one.have_level.map(|level| format!("Niveau {level:?} attesté"));
            let have = have.unwrap_or_else(|| "Aucun niveau attesté".to_owned());
            one.need_level.map_or_else(|| have.clone(), |need| format!("{have}, {need:?} demandé"))
        }
    }
}

pub fn blocks(dossier: &FrozenDossier, shown: &Shown) -> Markup {
    html! {
        @for block in &dossier.certification.blocks {
            @if let Some(progress) =
                dossier.progress.blocks.iter().find(|one| one.code == block.code)
            {
                (one(dossier, shown, block, progress))
            }
        }
    }
}

fn one(dossier: &FrozenDossier, shown: &Shown, block: &Block, progress: &BlockProgress) -> Markup {
    let presented = dossier.blocks.contains(&block.code);
    let gaps = gaps(dossier, block);
    let label = |key: &str| {
        let modality = block.modalities.iter().find(|one| one.key == key);
        modality.map_or_else(|| key.to_owned(), |one| one.label.clone())
    };
    let BlockProgress { tally, deliverables, missing_deliverables, .. } = progress;
    html! {
        h3 {
            @if presented {
                a href=(format!("#{}", block_id(dossier, block))) { (block.code) " " (block.title) }
            } @else {
                (block.code) " " (block.title)
            }
        }
        p {
            strong { @if presented { "Présenté" } @else { "Non présenté" } }
            " · " (words(tally))
        }
        @if presented {
            @if gaps.is_empty() {
                p.quiet { "Aucun manque relevé au dépôt." }
            } @else {
                p { "Manques relevés au dépôt\u{a0}:" }
                ul { @for (gap, times) in gaps {
                    li { (gap) @if times > 1 { " (" (times) ")" } }
                } }
            }
            @for deliverable in deliverables {
                p { (label(&deliverable.modality)) "\u{a0}:" }
                @if let Some(id) = deliverable.evidence_id { (shown.link(id)) }
            }
            @for missing in missing_deliverables {
                p {
                    (label(&missing.modality)) ", " (missing.label) "\u{a0}: "
                    strong.warn { "manquant" }
                }
            }
        }
    }
}

fn words(tally: &Tally) -> String {
    let not_begun = format!("non commencée{}", many(tally.untouched.into()));
    let mut words = vec![format!("{} sur {} au niveau requis", tally.acquired, tally.total)];
    for (number, what) in [
        (tally.assessed, "à revoir"),
        (tally.evidenced, "à évaluer"),
        (tally.untouched, &not_begun),
        (tally.divergent, "avec avis divergents"),
    ] {
        if number > 0 {
            words.push(format!("{number} {what}"));
        }
    }
    words.join(", ")
}

/// Each gap once, with how often it was seen.
fn gaps(dossier: &FrozenDossier, block: &Block) -> BTreeMap<&'static str, usize> {
    let mut gaps = BTreeMap::new();
    let gate = dossier.gates.iter().find(|gate| gate.block == block.code);
    for item in gate.into_iter().flat_map(|gate| &gate.items) {
        *gaps.entry(gap(item.gap)).or_default() += 1;
    }
    gaps
}

fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::NoEvidence => "Aucune preuve",
        Gap::EvidenceNotSubmitted => "Preuve restée en brouillon",
        Gap::OnlySelfAssessed => "Auto-évaluée seulement",
        Gap::NeverAssessedByTutor => "Jamais évaluée par un tuteur",
        Gap::BelowRequiredLevel => "Sous le niveau requis",
        Gap::DeliverableMissing => "Livrable manquant",
        Gap::EvidenceDraft => "Preuve non envoyée, donc absente du dossier",
        Gap::RequirementUnmet => "Prérequis non rempli",
    }
}
