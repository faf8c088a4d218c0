//! The first page.

use domain::portfolio::Portfolio;
use maud::html;

use super::{
    block,
    levels::Scales,
    page::{Body, day, href, sum, table},
    reading, words,
};

pub fn page(portfolio: &Portfolio, scales: &Scales, documents: &[String]) -> Body {
    let Portfolio { enrolment, organisation, evidence, assessments, .. } = portfolio;
    let certification = scales.certification;
    let rows = certification.blocks.iter().map(|one| {
        let keys: Vec<&str> = one.assessed().collect();
        let shown = keys.iter().filter(|key| {
            let mut links = evidence.iter().flat_map(|kept| &kept.evidence.content.competencies);
            links.any(|link| link.competency == **key)
        });
        let assessed = keys.iter().filter(|key| {
            let said = scales.said(assessments, &one.code, key);
            said.iter().flatten().any(|said| said.assessment.kind.is_tutor())
        });
        // Oldest first: the newest one counts.
        let validated = portfolio.validated.iter().rev().find(|it| it.block.block == one.code);
        html! {
            th scope="row" { a href=(block::path(&one.code)) { (one.code) " " (one.title) } }
            td { (keys.len()) }
            td { (shown.count()) }
            td { (assessed.count()) }
            td {
                @match validated {
                    Some(validated) => { "Validé le " (day(validated.block.validated_on)) }
                    None => "Pas encore validé",
                }
            }
        }
    });
    let main = html! {
        @if let Some(left_out) = words::left_out(portfolio.left_out as usize) {
            p.note {
                strong { "Archive incomplète. " } (left_out) "\u{a0}: celle de l’apprenant a tout."
            }
        }
        dl {
            dt { "Certification" }
            dd { (certification.code) " " (certification.title) " (version " (certification.version) ")" }
            dt { "Établissement" } dd { (organisation.name) }
            @if let Some(cohort) = &portfolio.cohort { dt { "Promotion" } dd { (cohort.name) } }
            dt { "Voie d’accès" } dd { (words::route(enrolment.route)) }
            dt { "Statut" } dd { (words::learner(enrolment.status)) }
            dt { "Début" } dd { (day(enrolment.starts_on)) }
            @if let Some(end) = enrolment.ends_on { dt { "Fin" } dd { (day(end)) } }
            @for tutor in &portfolio.tutors {
                dt { (words::tutor(tutor.kind)) } dd { (words::name(&tutor.user)) }
            }
            @for origin in &portfolio.origins {
                dt { "Repris de" }
                dd { (origin.organisation) ", le " (words::moment(origin.imported_at)) }
            }
            @if let Some(obtained) = &portfolio.obtained {
                dt { "Certification obtenue" } dd { "le " (day(obtained.obtained_on)) }
            }
        }
        h2 { "Blocs" }
        (table(
            "Blocs de compétences",
            &["Bloc", "Compétences", "Avec une preuve", "Évaluées par un tuteur", "Jury"],
            rows.collect(),
        ))
        @if !portfolio.dossiers.is_empty() {
            h2 { "Dossiers déposés" }
            ul {
                @for dossier in &portfolio.dossiers {
                    li {
                        @if dossier.frozen.is_some() {
                            a href=(reading::path(dossier.number)) { "Dossier " (dossier.number) }
                        } @else {
                            "Dossier " (dossier.number) " (confidentiel)"
                        }
                        ", " (words::dossier(dossier.status)) ", " (dossier.blocks.join(", "))
                        ", le " (words::moment(dossier.deposited_at))
                        br;
                        span.quiet { "SHA-256 " (sum(&dossier.manifest_sha256)) }
                    }
                }
            }
        }
        @if !documents.is_empty() {
            h2 { "Documents" }
            ul.files {
                @for path in documents {
                    li { a href=(href(path)) { (path.trim_start_matches("documents/")) } }
                }
            }
        }
        h2 { "Ce que contient l’archive" }
        p {
            "Ces pages se lisent sans connexion. Les mêmes données sont dans "
            a href="portfolio.json" { "portfolio.json" }
            ", la certification dans " a href="certification.toml" { "certification.toml" }
            ", et la somme SHA-256 de chaque fichier dans " a href="manifest.txt" { "manifest.txt" }
            ". Le fichier " a href="LISEZMOI.txt" { "LISEZMOI.txt" } " dit comment tout vérifier."
        }
    };
    Body { title: format!("Portfolio de {}", words::name(&enrolment.student)), main }
}
