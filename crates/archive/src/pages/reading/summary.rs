//! Requirements, and each block in a few lines: what stands where, what was missing at the deposit.

use std::collections::BTreeMap;

use domain::{
    certification::Block,
    dossier::{frozen::FrozenDossier, gate::Subject},
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
                ul { @for gap in gaps { li { (gap) } } }
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

/// Each gap once, with how often it was seen; each requirement by its name.
fn gaps(dossier: &FrozenDossier, block: &Block) -> Vec<String> {
    let mut counts: BTreeMap<Gap, usize> = BTreeMap::new();
    let mut named = Vec::new();
    let gate = dossier.gates.iter().find(|gate| gate.block == block.code);
    for item in gate.into_iter().flat_map(|gate| &gate.items) {
        if let Subject::Requirement { requirement } = &item.subject {
            let requirements = &dossier.certification.requirements;
            let found = requirements.iter().find(|one| one.key == *requirement);
            let label = found.map_or(requirement, |one| &one.label);
            named.push(format!("Prérequis non rempli\u{a0}: {label}"));
        } else {
            *counts.entry(item.gap).or_default() += 1;
        }
    }
    counts.into_iter().map(|(gap, times)| counted(gap, times)).chain(named).collect()
}

fn counted(gap: Gap, times: usize) -> String {
    let s = many(times as u64);
    let competencies = format!("{times} compétence{s}");
    match gap {
        Gap::NoEvidence => format!("{competencies} sans preuve"),
        Gap::EvidenceNotSubmitted => format!("{competencies} avec une preuve restée en brouillon"),
        Gap::OnlySelfAssessed => format!("{competencies} auto-évaluée{s} seulement"),
        Gap::NeverAssessedByTutor => format!("{competencies} jamais évaluée{s} par un tuteur"),
        Gap::BelowRequiredLevel => format!("{competencies} sous le niveau requis"),
        Gap::DeliverableMissing => format!("{times} livrable{s} manquant{s}"),
        Gap::EvidenceDraft => {
            format!("{times} preuve{s} non envoyée{s}, donc absente{s} du dossier")
        }
        Gap::RequirementUnmet => format!("{times} prérequis non rempli{s}"),
    }
}
