//! What a manager should know about a certification version before relying on it.
//!
//! A warning stops nothing: the file is whole, but its source leaves something open.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::certification::{Block, Certification, Competency, CompetencyKind, RouteKind};

/// One thing to know, in French, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    pub code: WarningCode,
    /// What it is about: key of a competency, code of a block, kind of a route, or the code of
    /// the certification where it is about the whole.
    pub subject: String,
    pub text: String,
}

/// Kind of a warning; stable, so that a client may sort and filter by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// There is no block, so no jury session can open.
    NoBlock,
    /// A competency that no block assesses, so no jury decides on it.
    CompetencyInNoBlock,
    /// Two competencies of a block have the same printed code.
    RepeatedCode,
    /// Nothing says how a block is assessed.
    BlockWithoutModality,
    /// An open route without a typed rule: the composition of its juries is not checked.
    NoJuryRule,
    /// The registration ended.
    RegistrationExpired,
    /// A remark of the person who wrote the file.
    Remark,
}

/// Everything to know about a certification on a day, what hinders a jury first.
pub fn warnings(certification: &Certification, today: NaiveDate) -> Vec<Warning> {
    let mut found = Vec::new();
    blocks(certification, &mut found);
    routes(certification, &mut found);
    registration(certification, today, &mut found);
    for remark in &certification.remarks {
        found.push(Warning {
            code: WarningCode::Remark,
            subject: certification.code.clone(),
            text: remark.clone(),
        });
    }
    found
}

fn blocks(certification: &Certification, found: &mut Vec<Warning>) {
    if certification.blocks.is_empty() {
        // Every competency is outside then: one warning says it better than one for each.
        found.push(Warning {
            code: WarningCode::NoBlock,
            subject: certification.code.clone(),
            text: "Aucun bloc de compétences n’est décrit : les preuves et les évaluations sont \
                   possibles, mais aucune session de jury ne peut s’ouvrir."
                .to_owned(),
        });
        return;
    }

    let mut outside: Vec<&Competency> = certification
        .competencies
        .iter()
        .filter(|competency| !certification.is_in_a_block(&competency.key))
        .collect();
    outside.sort_by_key(|competency| match competency.kind {
        CompetencyKind::Specific => 0,
        CompetencyKind::Transversal => 1,
        CompetencyKind::Attitude => 2,
    });
    for competency in outside {
        let kind = match competency.kind {
            CompetencyKind::Specific => "La compétence",
            CompetencyKind::Transversal => "La compétence transversale",
            CompetencyKind::Attitude => "L’attitude",
        };
        found.push(Warning {
            code: WarningCode::CompetencyInNoBlock,
            subject: competency.key.clone(),
            text: format!(
                "{kind} « {} » n’est rattachée à aucun bloc : aucun jury ne se prononce sur elle.",
                competency.text
            ),
        });
    }

    for block in &certification.blocks {
        for code in repeated_codes(certification, block) {
            found.push(Warning {
                code: WarningCode::RepeatedCode,
                subject: block.code.clone(),
                text: format!(
                    "Le code « {code} » désigne plusieurs compétences du bloc {}.",
                    block.code
                ),
            });
        }
        if block.modalities.is_empty() {
            found.push(Warning {
                code: WarningCode::BlockWithoutModality,
                subject: block.code.clone(),
                text: format!("Le bloc {} n’a aucune modalité d’évaluation.", block.code),
            });
        }
    }
}

/// Printed codes that several competencies of the block share, each once.
fn repeated_codes<'a>(certification: &'a Certification, block: &Block) -> Vec<&'a str> {
    let mut seen = Vec::new();
    let mut repeated = Vec::new();
    for key in block.assessed() {
        let printed =
            certification.competency(key).and_then(|competency| competency.code.as_deref());
        if let Some(code) = printed {
            if !seen.contains(&code) {
                seen.push(code);
            } else if !repeated.contains(&code) {
                repeated.push(code);
            }
        }
    }
    repeated
}

fn routes(certification: &Certification, found: &mut Vec<Warning>) {
    if certification.routes.is_empty() {
        found.push(Warning {
            code: WarningCode::NoJuryRule,
            subject: certification.code.clone(),
            text: "Aucune voie d’accès n’est décrite : toutes sont permises à l’inscription et \
                   la composition des jurys n’est pas vérifiée."
                .to_owned(),
        });
    }
    for route in &certification.routes {
        if route.open && route.jury.is_none() {
            found.push(Warning {
                code: WarningCode::NoJuryRule,
                subject: route_key(route.kind).to_owned(),
                text: format!(
                    "La voie d’accès « {} » est ouverte sans règle de jury : la composition de \
                     ses jurys n’est pas vérifiée.",
                    route_label(route.kind)
                ),
            });
        }
    }
}

fn registration(certification: &Certification, today: NaiveDate, found: &mut Vec<Warning>) {
    let Some(end) = certification.dates.registration_ends_on else {
        return;
    };
    if end < today {
        let last_issue = certification.dates.last_issue_on.filter(|last| *last >= today).map_or(
            String::new(),
            |last| {
                format!(
                    " La certification peut être délivrée jusqu’au {}.",
                    last.format("%d/%m/%Y")
                )
            },
        );
        found.push(Warning {
            code: WarningCode::RegistrationExpired,
            subject: certification.code.clone(),
            text: format!(
                "L’enregistrement a pris fin le {} : aucune entrée en formation n’est plus \
                 possible.{last_issue}",
                end.format("%d/%m/%Y")
            ),
        });
    }
}

/// The route's name on the wire, as serde writes it.
fn route_key(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Student => "student",
        RouteKind::Apprenticeship => "apprenticeship",
        RouteKind::Continuing => "continuing",
        RouteKind::Professionalisation => "professionalisation",
        RouteKind::Individual => "individual",
        RouteKind::Experience => "experience",
    }
}

/// The route in the words of a *fiche RNCP*.
fn route_label(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Student => "sous statut d’élève ou d’étudiant",
        RouteKind::Apprenticeship => "en contrat d’apprentissage",
        RouteKind::Continuing => "après un parcours de formation continue",
        RouteKind::Professionalisation => "en contrat de professionnalisation",
        RouteKind::Individual => "par candidature individuelle",
        RouteKind::Experience => "par expérience",
    }
}
